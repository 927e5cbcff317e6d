//! Wenxin's two APIs: a pair of keys is for the older one, a key alone for the newer, and the later setting wins.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
};

use serde_json::json;

use crate::support::{Home, code, json_error, stderr};

/// The older API: it gives tokens and answers; what it was asked goes into the channel.
fn qianfan() -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it has one"));
    let (sender, heads) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let head = serve(stream);
            if sender.send(head).is_err() {
                return;
            }
        }
    });
    (url, heads)
}

fn serve(mut stream: TcpStream) -> String {
    let mut bytes = vec![0; 65536];
    let length = stream.read(&mut bytes).unwrap_or_default();
    let head = String::from_utf8_lossy(&bytes[..length]).into_owned();
    let body = if head.contains("/oauth/2.0/token") {
        json!({"access_token": "24.scripted", "expires_in": 2_592_000})
    } else {
        json!({"id": "as-1", "result": "你好", "is_truncated": false, "need_clear_history": false, "finish_reason": "normal",
            "usage": {"prompt_tokens": 2, "completion_tokens": 1, "total_tokens": 3}})
    };
    let body = body.to_string();
    let head_of = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    let _ = write!(stream, "{head_of}content-length: {}\r\n\r\n{body}", body.len());
    head
}

#[test]
fn a_pair_is_for_the_older_api_and_the_later_setting_wins() {
    let (url, heads) = qianfan();
    let home = Home::new();
    let set = home
        .mmp(&["providers", "set", "wenxin", "--api-key-env", "FIRST", "--secret-key-env", "SECOND", "--base-url", &url])
        .envs([("FIRST", "the-first-half"), ("SECOND", "the-second-half")])
        .output()
        .expect("mmp starts");
    assert_eq!(code(&set), 0, "{}", stderr(&set));
    let shown = home.json(&["providers", "show", "wenxin", "-o", "json"]);
    assert_eq!((&shown["api"], &shown["key"], &shown["default_model"]), (&json!("v1"), &json!("sealed"), &json!("ernie-4.0-8k")));

    let answer = home.json(&["chat", "--json", "-m", "文心", "hi"]);
    assert_eq!((&answer["text"], &answer["model"]), (&json!("你好"), &json!("ernie-4.0-8k")));
    assert_eq!(answer["usage"]["completion_tokens"], 1);
    let asked: Vec<String> = heads.try_iter().collect();
    assert!(asked[0].starts_with("POST /oauth/2.0/token?grant_type=client_credentials&client_id=the-first-half"), "{asked:?}");
    assert!(asked[1].contains("/wenxinworkshop/chat/completions_pro?access_token=24.scripted "), "{asked:?}");

    let output = home.run_with_input(&["providers", "set", "wenxin", "--api-key-stdin", "-o", "json"], b"bce-v3/a-key");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    home.text(&["providers", "unset", "wenxin", "--base-url"]);
    let shown = home.json(&["providers", "show", "wenxin", "-o", "json"]);
    assert_eq!((&shown["api"], &shown["base_url"]), (&json!("v2"), &json!("https://qianfan.baidubce.com/v2")));

    let pair = &["providers", "set", "wenxin", "--api-key-stdin", "--secret-key-stdin"];
    let output = home.run_with_input(pair, b"the-first-half\nthe-second-half\n");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let shown = home.json(&["providers", "show", "wenxin", "-o", "json"]);
    assert_eq!((&shown["api"], &shown["base_url"]), (&json!("v1"), &json!("https://aip.baidubce.com")));
}

#[test]
fn half_a_pair_and_a_pair_for_another_are_refused() {
    let home = Home::new();
    for (arguments, input) in [
        (&["providers", "set", "wenxin", "--secret-key-stdin", "-o", "json"][..], &b"second"[..]),
        (&["providers", "set", "wenxin", "--api-key-stdin", "--secret-key-stdin", "-o", "json"], b"only-one"),
        (&["providers", "set", "openai", "--api-key-stdin", "--secret-key-stdin", "-o", "json"], b"first\nsecond"),
    ] {
        let output = home.run_with_input(arguments, input);
        assert_eq!((code(&output), &json_error(&output)["code"]), (2, &json!("bad_request")), "{arguments:?}");
    }
    let shown = home.json(&["providers", "show", "wenxin", "-o", "json"]);
    assert_eq!((&shown["api"], &shown["key"]), (&json!(null), &json!("missing")));
}

#[test]
fn a_pair_in_the_environment_works_with_no_configuration() {
    let home = Home::new();
    let output = home
        .mmp(&["chat", "-n", "hi"])
        .envs([("QIANFAN_AK", "the-first-half"), ("QIANFAN_SK", "the-second-half"), ("HTTPS_PROXY", "http://127.0.0.1:1")])
        .output()
        .expect("mmp starts");
    // It asks the real place, by way of a proxy that is not there.
    assert_eq!(code(&output), 4, "{}", stderr(&output));
    assert!(stderr(&output).contains("the proxy does not lead to `wenxin` at `aip.baidubce.com`"), "{}", stderr(&output));
    assert!(stderr(&output).contains("the key of `QIANFAN_AK+QIANFAN_SK` is sealed for `wenxin`"), "{}", stderr(&output));
    assert_eq!(home.json(&["providers", "show", "wenxin", "-o", "json"])["api"], "v1");
}

#[test]
fn a_server_on_this_machine_is_never_chosen_by_itself() {
    let home = Home::new();
    assert_eq!(home.json(&["chat", "--json", "hi"])["provider"], "demo");
    let output = home.run(&["chat", "--json", "-m", "azure/mine", "hi"]);
    assert_eq!((code(&output), &json_error(&output)["code"]), (3, &json!("no_key")), "{}", stderr(&output));
    home.run_with_input(&["providers", "set", "azure", "--api-key-stdin"], b"a-key");
    assert_eq!(home.json(&["chat", "--json", "hi"])["provider"], "demo", "nobody knows where it is");
    let output = home.run(&["chat", "--json", "-m", "azure/mine", "hi"]);
    assert!(stderr(&output).contains("--base-url"), "{}", stderr(&output));
    home.text(&["providers", "set", "llamacpp", "--base-url", "http://127.0.0.1:9/v1"]);
    let output = home.run(&["chat", "--json", "hi"]);
    assert_eq!(json_error(&output)["provider"], "llamacpp", "the user pointed at it");
}
