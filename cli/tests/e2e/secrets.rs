//! A planted key is found nowhere: not on disk, not in a log, not in an error, not in the daemon's environment.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
};

use crate::support::{Home, code, json_error, stderr, stdout};

const PLANTED: &str = "sk-planted-0123456789-abcdefghij-ZYXWVUT";

/// A server that refuses every request and repeats the key it was sent.
fn refusing_server() -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/v1", listener.local_addr().expect("it has one"));
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("one request");
        let mut bytes = vec![0; 65536];
        let length = stream.read(&mut bytes).expect("its head");
        let head = String::from_utf8_lossy(&bytes[..length]).into_owned();
        let body = format!(
            r#"{{"error":{{"message":"Incorrect API key provided: {PLANTED}","type":"invalid_request_error","code":"invalid_api_key"}}}}"#
        );
        let _ = write!(
            stream,
            "HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        head
    });
    (url, server)
}

fn assert_nowhere(home: &Home) {
    for (path, bytes) in home.files() {
        let is_there = bytes.windows(PLANTED.len()).any(|window| window == PLANTED.as_bytes());
        assert!(!is_there, "{} holds the key", path.display());
    }
}

#[test]
fn a_key_from_the_environment_is_sealed_said_once_and_found_nowhere() {
    let (url, server) = refusing_server();
    let home = Home::new().with("MMPD_LOG_LEVEL", "trace");
    home.text(&["daemon", "start"]);
    // The base URL makes openai keyless, so that the key alone decides; it is taken back before the key is used.
    home.text(&["providers", "set", "openai", "--base-url", &url]);
    let output = home.mmp(&["providers", "import-env"]).env("OPENAI_API_KEY", PLANTED).output().expect("mmp starts");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let shown = home.json(&["providers", "show", "openai", "-o", "json"]);
    assert_eq!(shown["key"], "sealed");
    let output = home.run(&["chat", "--json", "-m", "openai/gpt-4o", "hi"]);
    let head = server.join().expect("it was asked");
    assert!(head.contains(PLANTED), "the provider gets the key");
    assert_eq!(code(&output), 4, "{}", stderr(&output));
    assert_eq!(json_error(&output)["code"], "provider_auth");
    assert!(!stdout(&output).contains(PLANTED) && !stderr(&output).contains(PLANTED), "{}", stderr(&output));
    let environment = fs::read(format!("/proc/{}/environ", home.daemon_pid())).expect("it runs");
    assert!(!environment.windows(PLANTED.len()).any(|window| window == PLANTED.as_bytes()));
    home.text(&["daemon", "stop"]);
    assert_nowhere(&home);
}

#[test]
fn the_daemon_is_given_only_what_it_may_have() {
    let home = Home::new();
    let output = home
        .mmp(&["chat", "hello"])
        .env("OPENAI_API_KEY", "")
        .env("SOMETHING_PRIVATE", "x")
        .env("TZ", "UTC")
        .output()
        .expect("mmp starts");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let environment = fs::read_to_string(format!("/proc/{}/environ", home.daemon_pid())).expect("it runs");
    let names: Vec<_> =
        environment.split('\0').filter_map(|entry| entry.split('=').next()).filter(|name| !name.is_empty()).collect();
    assert!(names.contains(&"TZ") && names.contains(&"MMP_HOME") && !names.contains(&"SOMETHING_PRIVATE"), "{names:?}");
}

#[test]
fn without_the_key_file_the_vault_is_locked_and_no_new_key_is_made() {
    let home = Home::new();
    let output = home.run_with_input(&["providers", "set", "openai", "--api-key-stdin"], PLANTED.as_bytes());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("vault.key"), "where the master key lies is said: {}", stderr(&output));
    home.text(&["daemon", "stop"]);
    fs::rename(home.path().join("vault.key"), home.path().join("elsewhere.key")).expect("it was there");
    let output = home.run(&["chat", "--json", "-m", "openai/gpt-4o", "hi"]);
    assert_eq!(json_error(&output)["code"], "storage_failed", "{}", stderr(&output));
    assert!(!home.path().join("vault.key").exists(), "no other key is made");
    assert_eq!(code(&home.run(&["chat", "-m", "demo", "hi"])), 0, "providers without a key go on");
    fs::rename(home.path().join("elsewhere.key"), home.path().join("vault.key")).expect("it is put back");
    let shown = home.json(&["providers", "show", "openai", "-o", "json"]);
    assert_eq!(shown["key"], "sealed");
}

#[test]
fn a_key_is_no_argument_and_an_empty_one_is_refused() {
    let home = Home::new();
    let output = home.run_with_input(&["providers", "set", "openai", "--api-key-stdin", "-o", "json"], b"  \n");
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    let output = home.run(&["providers", "set", "nobody", "--base-url", "http://127.0.0.1:1/v1"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stderr(&output).contains("nobody"));
}
