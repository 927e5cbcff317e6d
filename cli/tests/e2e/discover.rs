//! `providers discover`: servers of models are found where they listen, named for what they are, and nothing else is.

use serde_json::{Value, json};

use crate::support::{
    Home, code, stderr, stdout,
    upstream::{
        Upstream,
        server::{Step, answer},
    },
};

const JSON: &str = "application/json";

fn listing(owner: &str, models: &[&str]) -> Upstream {
    let data: Vec<Value> = models.iter().map(|id| json!({"id": id, "object": "model", "owned_by": owner})).collect();
    saying(200, JSON, &json!({"object": "list", "data": data}).to_string())
}

fn saying(status: u16, kind: &'static str, body: &str) -> Upstream {
    Upstream::repeating(answer(status, kind, &[], body.as_bytes(), &[]))
}

fn port(server: &Upstream) -> String {
    server.url().trim_end_matches("/v1").rsplit(':').next().expect("a port").to_owned()
}

/// A home whose daemon looks at the ports of these servers.
fn looking_at(servers: &[&Upstream]) -> Home {
    let ports: Vec<String> = servers.iter().map(|server| port(server)).collect();
    Home::new().with("MMPD_DISCOVER_PORTS", ports.join(","))
}

#[test]
fn servers_are_found_and_put_to_use_by_the_command_that_is_said() {
    let (vllm, ollama, other) =
        (listing("vllm", &["Qwen/Qwen3"]), listing("library", &["qwen3:8b", "llama3.2:1b"]), listing("x", &["a"]));
    let home = looking_at(&[&vllm, &ollama, &other]);
    let found = home.json(&["providers", "discover", "-o", "json"]);
    let url = |server: &Upstream| server.url();
    let item = |name: &str, kind: &str, server: &Upstream, models: Value, known: bool, command: String| {
        json!({"name": name, "kind": kind, "base_url": url(server), "models": models, "known": known, "configured": false,
            "command": command})
    };
    let set = format!("mmp providers set vllm --base-url {}", url(&vllm));
    let add = format!("mmp providers add ollama --kind openai --base-url {}", url(&ollama));
    let local = format!("mmp providers add local --kind openai --base-url {}", url(&other));
    let expected = json!({"items": [
        item("vllm", "vllm", &vllm, json!(["Qwen/Qwen3"]), true, set.clone()),
        item("ollama", "openai", &ollama, json!(["qwen3:8b", "llama3.2:1b"]), false, add.clone()),
        item("local", "openai", &other, json!(["a"]), false, local.clone()),
    ], "next_cursor": null});
    assert_eq!(found, expected);
    let said = home.text(&["providers", "discover"]);
    assert!(said.contains(&set) && said.contains(&add) && said.contains("2 models: qwen3:8b, llama3.2:1b"), "{said}");
    let chinese = home.text(&["providers", "discover", "--lang", "zh-CN"]);
    assert!(chinese.contains("2 个模型：qwen3:8b") || chinese.contains("2 个模型: qwen3:8b"), "{chinese}");
    for command in [set, add, local] {
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        home.text(&words);
    }
    let found = home.json(&["providers", "discover", "-o", "json"]);
    let items = found["items"].as_array().expect("items");
    assert!(items.iter().all(|item| item["configured"] == true && item["known"] == true), "{found}");
    assert_eq!(items[1]["command"], "mmp chat -m ollama/qwen3:8b");
    assert_eq!(home.text(&["providers", "discover", "-o", "jsonl"]).lines().count(), 3);
    let csv = home.text(&["providers", "discover", "-o", "csv"]);
    assert_eq!(csv.lines().next(), Some("name,kind,base_url,models,configured,command"), "{csv}");
}

#[test]
fn what_is_no_server_of_models_is_not_taken_for_one() {
    let servers = [
        saying(200, "text/html", "<html><title>Welcome</title></html>"),
        saying(200, JSON, r#"{"data":[{"id":"invoice-1","object":"invoice"}],"object":"list"}"#),
        saying(200, JSON, r#"["a","b"]"#),
        saying(401, JSON, r#"{"error":"Unauthorized"}"#),
        saying(404, JSON, r#"{"detail":"Not Found"}"#),
        Upstream::repeating(answer(302, JSON, &[("location", "/v1/other")], b"", &[])),
        Upstream::repeating(vec![Step::Send(b"220 mail ESMTP\r\n".to_vec()), Step::Close]),
        Upstream::repeating(vec![Step::AwaitClose]),
        Upstream::repeating(vec![Step::Reset]),
    ];
    let home = looking_at(&servers.iter().collect::<Vec<_>>());
    assert_eq!(home.json(&["providers", "discover", "-o", "json"]), json!({"items": [], "next_cursor": null}));
    let output = home.run(&["providers", "discover"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, ""));
    assert!(stderr(&output).contains("no server of models answers"), "{}", stderr(&output));
    for server in &servers {
        let requests = server.requests();
        assert!(requests.iter().all(|request| request.head.starts_with("GET /v1/models HTTP/1.1")), "{requests:?}");
        assert!(requests.iter().all(|request| !request.head.to_lowercase().contains("authorization")), "{requests:?}");
    }
}

#[test]
fn a_server_is_never_looked_for_by_way_of_a_proxy() {
    let server = listing("vllm", &["m"]);
    let home = looking_at(&[&server]).with("HTTP_PROXY", "http://127.0.0.1:1").with("ALL_PROXY", "http://127.0.0.1:1");
    assert_eq!(home.json(&["providers", "discover", "-o", "json"])["items"][0]["name"], "vllm");
}

#[test]
fn ports_that_are_none_are_refused() {
    let home = Home::new();
    let output = home.run(&["config", "set", "daemon.discover.ports", "http"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("8080, 11434"), "{}", stderr(&output));
}
