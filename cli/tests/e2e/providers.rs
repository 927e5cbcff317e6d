//! Providers as their user keeps them: made, changed, tested and taken away; their keys, from the environment too.

use std::{fs, net::TcpListener};

use serde_json::{Value, json};

use crate::support::{
    Home, code, http, json_error, stderr, stdout,
    upstream::{
        Upstream,
        server::{Request, Step, answer},
    },
};

const NOWHERE: &str = "http://127.0.0.1:9/v1";
const KEY: &str = "sk-end-to-end-0123456789";
const ANSWER: &str = r#"{"choices":[{"message":{"role":"assistant","content":"good"},"finish_reason":"stop"}]}"#;

/// A server that lists two models and answers every question.
fn answering() -> Upstream {
    Upstream::start(|request| {
        let body = if request.head.starts_with("GET") { r#"{"data":[{"id":"first"},{"id":"second"}]}"# } else { ANSWER };
        answer(200, "application/json", &[], body.as_bytes(), &[])
    })
}

fn is_authorized(request: &Request) -> bool {
    request.head.to_lowercase().contains("\nauthorization:")
}

#[track_caller]
fn refused(home: &Home, arguments: &[&str], code: &str, words: &[&str]) -> Value {
    let output = home.run(&[&["-o", "json"], arguments].concat());
    let error = json_error(&output);
    assert_eq!(error["code"], code, "{arguments:?}: {error}");
    let exit = i32::from(serde_json::from_value::<mmp_shared::ErrorCode>(error["code"].clone()).expect("a code").exit_code());
    assert_eq!(crate::support::code(&output), exit, "{arguments:?}");
    assert_eq!(stdout(&output), "", "{arguments:?}");
    let told = format!("{}\n{}", error["message"].as_str().unwrap_or_default(), error["hint"].as_str().unwrap_or_default());
    assert!(words.iter().all(|part| told.contains(part)), "{arguments:?}: {words:?} is not all in: {told}");
    error
}

fn names(home: &Home) -> Vec<String> {
    let list = home.json(&["providers", "list", "-o", "json"]);
    assert!(list["next_cursor"].is_null());
    let items = list["items"].as_array().expect("items").iter();
    items.map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn a_provider_is_made_changed_and_taken_away_without_being_called() {
    let home = Home::new();
    let before = names(&home);
    assert!(before.contains(&"openai".to_owned()) && before.contains(&"demo".to_owned()), "{before:?}");
    let made = home.json(&["providers", "add", "mine", "--kind", "openai", "--base-url", NOWHERE, "-o", "json"]);
    let expected = json!({"name": "mine", "kind": "openai", "base_url": NOWHERE, "origin": "added", "key": "not_needed",
        "env": [], "default_model": null, "configured": true});
    assert_eq!(made, expected);
    assert_eq!(home.json(&["providers", "show", "mine", "-o", "json"]), expected);
    assert_eq!(names(&home).len(), before.len() + 1);
    let lines = home.text(&["providers", "list", "-o", "jsonl"]);
    assert_eq!(lines.lines().count(), before.len() + 1);
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok_and(|item| item["name"].is_string())));
    let changed = home.json(&["providers", "set", "mine", "--base-url", "http://127.0.0.1:8/v2/", "-o", "json"]);
    assert_eq!(changed["base_url"], "http://127.0.0.1:8/v2", "a slash at the end says nothing");
    home.text(&["providers", "remove", "mine"]);
    assert_eq!(names(&home), before);
    refused(&home, &["providers", "show", "mine"], "not_found", &["mine", "openai"]);
}

#[test]
fn what_makes_no_sense_is_refused_in_words_and_changes_nothing() {
    let home = Home::new();
    home.text(&["providers", "add", "mine", "--kind", "openai", "--base-url", NOWHERE]);
    let before = home.text(&["providers", "list", "-o", "json"]);
    let add =
        |name: &'static str, kind: &'static str, url: &'static str| ["providers", "add", name, "--kind", kind, "--base-url", url];
    refused(&home, &add("mine", "openai", NOWHERE), "conflict", &["`mine` exists", "mmp providers set mine"]);
    refused(&home, &add("openai", "openai", NOWHERE), "conflict", &["`openai` exists"]);
    refused(&home, &add("two", "nokind", NOWHERE), "bad_request", &["nokind", "openai"]);
    refused(&home, &add("two", "demo", NOWHERE), "bad_request", &["demo", "openai"]);
    for name in ["Two", "a/b", "a b", "-a", "a:b", "é"] {
        refused(&home, &["providers", "add", "--kind", "openai", "--base-url", NOWHERE, "--", name], "bad_request", &["1 to 64"]);
    }
    for url in ["", "127.0.0.1:9", "ftp://a/v1", "http://", "http://a b/v1", "https://h/v1/chat/completions"] {
        refused(&home, &add("two", "openai", url), "bad_request", &["is no base URL", "`http://`"]);
        refused(&home, &["providers", "set", "mine", "--base-url", url], "bad_request", &["is no base URL"]);
    }
    refused(&home, &["providers", "set", "nobody", "--base-url", NOWHERE], "not_found", &["nobody"]);
    refused(&home, &["providers", "unset", "nobody"], "not_found", &["nobody"]);
    refused(&home, &["providers", "remove", "nobody"], "not_found", &["nobody"]);
    refused(&home, &["providers", "test", "nobody"], "not_found", &["nobody"]);
    for arguments in [["providers", "show"], ["providers", "remove"], ["models", "show"], ["history", "show"], ["runs", "stop"]] {
        refused(&home, &[&arguments[..], &[""]].concat(), "bad_request", &["the name is empty"]);
    }
    refused(&home, &["providers", "remove", "openai"], "bad_request", &["mmp providers unset openai"]);
    refused(&home, &["providers", "set", "mine"], "bad_request", &[]);
    assert_eq!(home.text(&["providers", "list", "-o", "json"]), before);
}

#[test]
fn a_password_in_a_base_url_is_refused_and_not_repeated() {
    let home = Home::new().with("MMPD_LOG_LEVEL", "trace");
    let arguments = ["providers", "add", "mine", "--kind", "openai", "--base-url", "https://me:hunter2secret@host/v1"];
    let error = refused(&home, &arguments, "bad_request", &["no user and no password"]);
    assert!(!error.to_string().contains("hunter2secret"), "{error}");
    home.text(&["daemon", "stop"]);
    for (path, bytes) in home.files() {
        assert!(!bytes.windows(13).any(|window| window == b"hunter2secret"), "{} holds it", path.display());
    }
}

#[test]
fn a_provider_that_could_not_be_made_whole_is_not_made() {
    let home = Home::new();
    let arguments = ["providers", "add", "mine", "--kind", "openai", "--base-url", NOWHERE, "--api-key-stdin"];
    for key in [&b"  \n"[..], b"sk-two words\n", "sk-schlüssel\n".as_bytes()] {
        let output = home.run_with_input(&arguments, key);
        assert_eq!(code(&output), 2, "{}", stderr(&output));
        assert!(!stderr(&output).contains("words") && !stderr(&output).contains("schl"), "{}", stderr(&output));
        refused(&home, &["providers", "show", "mine"], "not_found", &["mine"]);
    }
}

#[test]
fn a_key_goes_with_its_provider() {
    let upstream = answering();
    let home = upstream.add_to(Home::new());
    let shown = |home: &Home| home.json(&["providers", "show", "rec", "-o", "json"])["key"].clone();
    let output = home.run_with_input(&["providers", "set", "rec", "--api-key-stdin"], KEY.as_bytes());
    assert_eq!((code(&output), shown(&home)), (0, json!("sealed")), "{}", stderr(&output));
    home.text(&["providers", "test", "rec"]);
    home.text(&["providers", "set", "rec", "--base-url", &upstream.url()]);
    assert_eq!(shown(&home), "sealed", "what is not named stays as it is");
    home.text(&["providers", "unset", "rec", "--api-key"]);
    assert_eq!(shown(&home), "not_needed");
    home.text(&["providers", "test", "rec"]);
    let authorized: Vec<bool> = upstream.requests().iter().map(is_authorized).collect();
    assert_eq!(authorized, [true, false]);
    home.run_with_input(&["providers", "set", "rec", "--api-key-stdin"], KEY.as_bytes());
    home.text(&["providers", "remove", "rec"]);
    let home = upstream.add_to(home);
    assert_eq!(shown(&home), "not_needed", "a new provider of an old name has no key");
}

#[test]
fn a_test_asks_for_the_models_and_says_what_went_wrong() {
    let upstream = answering();
    let home = upstream.add_to(Home::new());
    let found = home.json(&["providers", "test", "rec", "-o", "json"]);
    assert_eq!(found["models"], json!(["first", "second"]));
    assert!(found["latency_ms"].is_u64());
    assert!(upstream.requests()[0].head.starts_with("GET /v1/models HTTP/1.1"));
    let said = home.text(&["providers", "test", "rec"]);
    assert!(said.contains("rec") && said.contains('2'), "{said}");
    home.text(&["providers", "add", "off", "--kind", "openai", "--base-url", NOWHERE]);
    let error = refused(&home, &["providers", "test", "off"], "provider_unreachable", &["nothing listens at `127.0.0.1:9`"]);
    assert_eq!(error["provider"], "off");
    let page = Upstream::repeating(answer(200, "text/html", &[], b"<html>", &[]));
    home.text(&["providers", "set", "off", "--base-url", &page.url()]);
    refused(&home, &["providers", "test", "off"], "provider_protocol", &["--base-url"]);
    let locked = Upstream::repeating(answer(401, "application/json", &[], br#"{"error":{"message":"no"}}"#, &[]));
    home.text(&["providers", "set", "off", "--base-url", &locked.url()]);
    refused(&home, &["providers", "test", "off"], "provider_auth", &["wants a key"]);
    refused(&home, &["providers", "test", "openai"], "no_key", &["OPENAI_API_KEY"]);
}

#[test]
fn where_only_a_keyless_server_is_known_its_first_model_answers() {
    let upstream = answering();
    let home = upstream.add_to(Home::new());
    let answer = home.json(&["chat", "--json", "hello"]);
    assert_eq!((&answer["provider"], &answer["model"], &answer["text"]), (&json!("rec"), &json!("first"), &json!("good")));
    assert_eq!(home.json(&["chat", "--json", "-m", "rec", "hello"])["model"], "first");
    let requests = upstream.requests();
    let lists = requests.iter().filter(|request| request.head.starts_with("GET")).count();
    assert_eq!((lists, requests.len()), (1, 3), "the list is asked for once");
    assert!(!requests.iter().any(is_authorized));
}

#[test]
fn a_server_without_a_list_of_models_asks_for_a_name() {
    let upstream = Upstream::start(|request| match request.head.starts_with("GET") {
        true => answer(404, "application/json", &[], br#"{"error":{"message":"no such path"}}"#, &[]),
        false => answer(200, "application/json", &[], ANSWER.as_bytes(), &[]),
    });
    let home = upstream.add_to(Home::new());
    refused(&home, &["chat", "hello"], "provider_bad_request", &["no such path", "-m rec/MODEL"]);
    assert_eq!(home.json(&["chat", "--json", "-m", "rec/any", "hello"])["text"], "good");
    let empty = Upstream::repeating(answer(200, "application/json", &[], br#"{"data":[]}"#, &[]));
    home.text(&["providers", "set", "rec", "--base-url", &empty.url()]);
    refused(&home, &["chat", "hello"], "model_not_found", &["`rec` lists no models", "rec/MODEL"]);
}

#[test]
fn without_a_key_a_provider_that_wants_one_is_not_asked() {
    let home = Home::new();
    let error = refused(&home, &["chat", "-m", "openai/gpt-4o", "hi"], "no_key", &["`openai` wants a key", "OPENAI_API_KEY"]);
    assert_eq!(error["provider"], "openai");
    let output = home.run(&["chat", "-m", "openai/gpt-4o", "hi"]);
    assert_eq!(code(&output), 3);
    assert!(stderr(&output).starts_with("error: `openai` wants a key") && stderr(&output).contains("\nhint: "));
    assert_eq!(home.json(&["history", "list", "-o", "json"])["items"], json!([]), "nothing was begun");
}

/// A proxy that leads nowhere and remembers where it was asked to lead.
fn proxy() -> Upstream {
    Upstream::repeating(vec![Step::Send(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n".to_vec()), Step::Close])
}

#[test]
fn a_key_of_the_environment_is_sealed_by_the_first_chat_and_said_once() {
    let proxy = proxy();
    let proxy_url = proxy.url().trim_end_matches("/v1").to_owned();
    let home = Home::new().with("OPENAI_API_KEY", KEY).with("HTTPS_PROXY", proxy_url);
    let ask = || home.run(&["chat", "--json", "-m", "openai/gpt-4o", "hi"]);
    let output = ask();
    assert_eq!((code(&output), json_error(&output)["code"].as_str()), (4, Some("provider_unreachable")), "{}", stderr(&output));
    assert!(json_error(&output)["message"].as_str().is_some_and(|words| words.contains("the proxy does not lead to `openai`")));
    let notices = |output: &std::process::Output| {
        let answer: Value = serde_json::from_str(&stdout(output)).expect("JSON, whatever happened");
        let notices = answer["notices"].as_array().expect("notices").clone();
        notices.iter().map(|notice| notice["code"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(notices(&output), ["master_key_made", "env_key_sealed"]);
    assert_eq!(home.json(&["providers", "show", "openai", "-o", "json"])["key"], "sealed");
    assert_eq!(notices(&ask()), Vec::<String>::new());
    let requests = proxy.requests();
    assert!(requests.iter().all(|request| request.head.starts_with("CONNECT api.openai.com:443 HTTP/1.1")), "{requests:?}");
    assert!(requests.len() >= 2 && !requests.iter().any(|request| request.head.contains(KEY)), "{requests:?}");
    // Without the variable the sealed key goes on.
    let output =
        home.mmp(&["chat", "--json", "-m", "openai/gpt-4o", "hi"]).env_remove("OPENAI_API_KEY").output().expect("mmp starts");
    assert_eq!(json_error(&output)["code"], "provider_unreachable", "{}", stderr(&output));
    home.text(&["daemon", "stop"]);
    for (path, bytes) in home.files() {
        assert!(!bytes.windows(KEY.len()).any(|window| window == KEY.as_bytes()), "{} holds the key", path.display());
    }
}

#[test]
fn a_key_of_the_environment_makes_its_provider_the_first_choice() {
    let proxy = proxy();
    let home = Home::new().with("HTTPS_PROXY", proxy.url().trim_end_matches("/v1"));
    assert_eq!(home.json(&["chat", "--json", "hello"])["provider"], "demo");
    let output = home.mmp(&["chat", "--json", "hello"]).env("OPENAI_API_KEY", KEY).output().expect("mmp starts");
    assert_eq!(json_error(&output)["provider"], "openai", "{}", stderr(&output));
    fs::write(home.path().join("config.toml"), "import_env = false\n").expect("written");
    home.text(&["providers", "unset", "openai"]);
    let output = home.mmp(&["chat", "--json", "hello"]).env("OPENAI_API_KEY", KEY).output().expect("mmp starts");
    assert_eq!(code(&output), 0, "the demo answers: {}", stderr(&output));
}

#[test]
fn a_key_comes_along_once_and_a_sealed_one_wins() {
    let upstream = answering();
    let home = upstream.add_to(Home::new());
    let ask = |key: &str| {
        let body = json!({"content": "hi", "models": ["rec/m"], "keys": {"rec": {"api_key": key}}});
        http::json(&home.socket(), "POST", "/api/v1/chat", &body)
    };
    let (status, first) = ask("sk-first");
    assert_eq!(status, 200, "{first}");
    let codes: Vec<_> = first["notices"].as_array().expect("notices").iter().map(|notice| notice["code"].clone()).collect();
    assert_eq!(codes, ["master_key_made", "env_key_sealed"]);
    let (_, second) = ask("sk-second");
    assert_eq!(second["notices"], json!([]));
    let heads: Vec<String> = upstream.requests().iter().map(|request| request.head.clone()).collect();
    assert!(heads.iter().all(|head| head.contains("Bearer sk-first") && !head.contains("sk-second")), "{heads:?}");
}

#[test]
fn an_added_provider_survives_a_restart() {
    let upstream = answering();
    let home = upstream.add_to(Home::new());
    home.run_with_input(&["providers", "set", "rec", "--api-key-stdin"], KEY.as_bytes());
    let before = home.text(&["providers", "list", "-o", "json"]);
    home.kill_daemon();
    assert_eq!(home.text(&["providers", "list", "-o", "json"]), before);
    home.text(&["chat", "-m", "rec/m", "hi"]);
    assert!(upstream.requests().iter().all(is_authorized));
}

#[test]
fn a_server_may_come_later_than_its_provider() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/v1", listener.local_addr().expect("it has one"));
    drop(listener);
    let home = Home::new();
    home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", &url]);
    refused(&home, &["chat", "hello"], "provider_unreachable", &["nothing listens"]);
    let upstream = answering();
    home.text(&["providers", "set", "rec", "--base-url", &upstream.url()]);
    assert_eq!(home.json(&["chat", "--json", "hello"])["text"], "good");
}
