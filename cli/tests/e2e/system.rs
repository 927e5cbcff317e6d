//! What those who look after a daemon see of it: `mmp admin system`, and whether it is ready.

use std::fs;

use serde_json::{Value, json};

use crate::support::{
    Home, code, http, stderr, stdout, until,
    upstream::{Upstream, server::answer},
};

const KEY: &str = "sk-system-0123456789";

fn ready(home: &Home) -> (u16, String) {
    let answer = http::request(&home.socket(), "GET", "/health/ready", &[], b"");
    (answer.status, answer.text())
}

#[test]
fn an_admin_sees_the_process_the_store_and_the_vault() {
    let home = Home::new();
    let told = home.json(&["admin", "system", "-o", "json"]);
    assert_eq!(told["pid"], home.daemon_pid());
    assert_eq!(told["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(told["runs"], 0);
    let process = &told["process"];
    assert!(process["resident_bytes"].as_u64().is_some_and(|bytes| (1 << 20..1 << 30).contains(&bytes)), "{process}");
    assert!(process["threads"].as_u64().is_some_and(|threads| (2..1_000).contains(&threads)), "{process}");
    assert!(process["open_files"].as_u64().is_some_and(|files| (3..1_000).contains(&files)), "{process}");
    assert!(process["cpu_ms"].is_u64(), "{process}");
    assert_eq!((told["store"]["engine"].as_str(), told["vault"]["state"].as_str()), (Some("sled"), Some("empty")));
    let text = home.text(&["admin", "system"]);
    for part in [format!("#{}", home.daemon_pid()), "sled at".to_owned(), "no key is sealed yet".to_owned(), "MiB".to_owned()] {
        assert!(text.contains(&part), "{part}: {text}");
    }
    let chinese = home.text(&["admin", "system", "--lang", "zh-CN"]);
    assert!(chinese.contains("还没有封存任何密钥") && chinese.contains("保险库"), "{chinese}");
    let refused = home.run(&["admin", "system", "-o", "csv"]);
    assert_eq!(code(&refused), 2, "{}", stderr(&refused));
}

#[test]
fn a_daemon_whose_vault_is_locked_is_not_ready_and_says_what_to_do() {
    let home = Home::new();
    home.text(&["daemon", "start"]);
    assert_eq!(ready(&home), (200, "ok".to_owned()));
    let sealed = home.run_with_input(&["providers", "set", "openai", "--api-key-stdin"], KEY.as_bytes());
    assert_eq!(code(&sealed), 0, "{}", stderr(&sealed));
    let (key_file, elsewhere) = (home.path().join("vault.key"), home.path().join("elsewhere.key"));
    fs::rename(&key_file, &elsewhere).expect("moved");
    home.text(&["daemon", "restart"]);
    assert_eq!(ready(&home), (503, "vault".to_owned()));
    let live = http::request(&home.socket(), "GET", "/health/live", &[], b"");
    assert_eq!((live.status, live.text().as_str()), (200, "ok"), "it lives all the same");
    let shown = home.run(&["admin", "system"]);
    assert_eq!(code(&shown), 0);
    assert!(stdout(&shown).contains("the vault is locked"), "{}", stdout(&shown));
    assert!(stderr(&shown).contains("put the key file back"), "{}", stderr(&shown));
    let told: Value = home.json(&["admin", "system", "-o", "json"]);
    assert_eq!(
        (told["vault"]["state"].as_str(), told["vault"]["error"]["code"].as_str()),
        (Some("locked"), Some("storage_failed"))
    );
    fs::rename(&elsewhere, &key_file).expect("moved back");
    until("that it is ready again", || (ready(&home) == (200, "ok".to_owned())).then_some(()));
}

#[test]
fn a_unit_is_written_where_systemd_looks_and_nobody_elses_is_replaced() {
    let home = Home::new();
    let file = home.path().join(".config/systemd/user/mmp.service");
    let folder = home.path().join(".config").display().to_string();
    let home = home.with("XDG_CONFIG_HOME", folder);
    let said = home.run(&["daemon", "install"]);
    assert_eq!(code(&said), 0, "{}", stderr(&said));
    assert!(stdout(&said).contains(&file.display().to_string()) && stderr(&said).contains("systemctl --user enable --now mmp"));
    let unit = fs::read_to_string(&file).expect("the unit");
    assert!(
        unit.contains("mmpd\" run\n") && unit.contains(&format!("Environment=\"MMP_HOME={}\"", home.path().display())),
        "{unit}"
    );
    assert_eq!(home.text(&["daemon", "install", "--print"]), unit);
    let again = home.json(&["daemon", "install", "--json"]);
    assert_eq!(again["file"], file.display().to_string());
    fs::write(&file, "[Service]\nExecStart=/bin/true\n").expect("written");
    let refused = home.run(&["daemon", "install", "--json"]);
    assert_eq!(crate::support::json_error(&refused)["code"], "conflict");
    assert_eq!(fs::read_to_string(&file).expect("it stays").lines().count(), 2);
    assert!(!home.socket().exists(), "no daemon is started for it");
}

/// What monitors are told by whoever sends this header.
fn scrape(home: &Home, headers: &[(&str, &str)]) -> (u16, String) {
    let answer = http::request(&home.socket(), "GET", "/metrics", headers, b"");
    let is_prometheus = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/plain; version=0.0.4"));
    assert!(answer.status != 200 || is_prometheus, "{:?}", answer.headers);
    (answer.status, answer.text())
}

#[test]
fn a_monitor_with_a_token_for_it_is_told_numbers_and_no_names_of_people() {
    let upstream = Upstream::start(|_| {
        let choice = json!({ "message": { "content": "hello" }, "finish_reason": "stop" });
        let body = json!({ "choices": [choice], "usage": { "prompt_tokens": 10, "completion_tokens": 5 } });
        answer(200, "application/json", &[], body.to_string().as_bytes(), &[])
    });
    let home = upstream.add_to(Home::new());
    home.text(&["chat", "-m", "rec/a\"b{c=\"d\"}", "the secret recipe"]);
    let token = |scope: &str| home.text(&["tokens", "create", scope, "--scope", scope]).trim().to_owned();
    let (metrics, read) = (format!("Bearer {}", token("metrics")), format!("Bearer {}", token("read")));
    assert_eq!(scrape(&home, &[("authorization", &read)]).0, 403);
    let (status, text) = scrape(&home, &[("authorization", &metrics)]);
    assert_eq!(status, 200);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').expect("a name and a value");
        assert!(name.starts_with(|c: char| c.is_ascii_lowercase()) && value.parse::<f64>().is_ok(), "{line}");
    }
    let call = r#"gen_ai_operation_name="chat",gen_ai_provider_name="rec",gen_ai_request_model="a\"b{c=\"d\"}""#;
    for line in [
        format!(r#"gen_ai_client_token_usage_sum{{{call},gen_ai_token_type="input"}} 10"#),
        format!(r#"gen_ai_client_operation_duration_seconds_count{{error_type="",{call}}} 1"#),
        r#"mmp_runs_total{status="complete"} 1"#.to_owned(),
        "mmp_runs_live 0".to_owned(),
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in {text}");
    }
    for name in ["process_resident_memory_bytes", "process_cpu_seconds_total", "mmp_store_size_bytes", "mmp_store_free_bytes"] {
        assert!(text.contains(&format!("\n{name} ")), "{name}: {text}");
    }
    let me = home.json(&["whoami", "-o", "json"]);
    let name = me["username"].as_str().expect("a name");
    assert!(!text.contains("recipe") && !text.contains(&format!("\"{name}\"")), "{text}");
    assert!(text.contains(r#"http_route="/api/v1/chat""#), "{text}");
}
