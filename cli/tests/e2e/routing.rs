//! Retry and fallback through the whole path: what is asked again, what goes to the next model, and what is told.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use mmp_shared::{
    events::{LoggedEvent, StreamEvent},
    order_law::check_all,
};
use serde_json::{Value, json};

use crate::support::{Home, code, json_error, stderr, stdout};

/// What the provider answers to one request.
#[derive(Clone)]
struct Reply {
    status: &'static str,
    headers: String,
    body: String,
}

fn fails(status: &'static str, headers: &str) -> Reply {
    let body = json!({"error": {"message": "not now", "type": "server_error", "code": null}}).to_string();
    Reply { status, headers: headers.to_owned(), body }
}

fn answers(text: &str) -> Reply {
    let piece = json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]});
    let end = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    Reply { status: "200 OK", headers: String::new(), body: format!("data: {piece}\n\ndata: {end}\n\ndata: [DONE]\n\n") }
}

fn thinks_and_breaks() -> Reply {
    let piece = json!({"choices": [{"index": 0, "delta": {"reasoning_content": "void thought"}, "finish_reason": null}]});
    Reply { status: "200 OK", headers: String::new(), body: format!("data: {piece}\n\n") }
}

/// A provider that gives these replies in order, the last one for ever, and counts.
struct Provider {
    url: String,
    asked: Arc<AtomicUsize>,
}

impl Provider {
    fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/v1", listener.local_addr().expect("it has one"));
        let (asked, replies) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(replies)));
        let counted = Arc::clone(&asked);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let (replies, counted) = (Arc::clone(&replies), Arc::clone(&counted));
                std::thread::spawn(move || {
                    let mut buffer = [0; 65536];
                    if stream.read(&mut buffer).is_ok_and(|length| length > 0) {
                        counted.fetch_add(1, Ordering::SeqCst);
                        let mut replies = replies.lock().expect("no panic");
                        let reply = if replies.len() > 1 { replies.remove(0) } else { replies[0].clone() };
                        let head = format!("HTTP/1.1 {}\r\n{}connection: close\r\n\r\n", reply.status, reply.headers);
                        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(reply.body.as_bytes()));
                    }
                });
            }
        });
        Self { url, asked }
    }

    fn times_asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn home(providers: &[(&str, &Provider)], chain: &str) -> Home {
    let home = Home::new();
    for (name, provider) in providers {
        home.text(&["providers", "add", name, "--kind", "openai", "--base-url", &provider.url]);
    }
    if !chain.is_empty() {
        home.text(&["settings", "set", "fallback", chain]);
    }
    home
}

fn attempts(answer: &Value) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    answer["attempts"]
        .as_array()
        .expect("attempts")
        .iter()
        .map(|attempt| (word(&attempt["provider"]), word(&attempt["error_code"])))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(provider, code)| ((*provider).to_owned(), (*code).to_owned())).collect()
}

#[test]
fn what_passes_is_tried_again_and_each_attempt_is_told() {
    let provider = Provider::start(vec![
        fails("429 Too Many Requests", "retry-after: 0\r\n"),
        fails("503 Service Unavailable", ""),
        answers("here"),
    ]);
    let home = home(&[("a", &provider)], "");
    let answer = home.json(&["chat", "--json", "-m", "a/m", "hi"]);
    assert_eq!(answer["text"], "here");
    assert_eq!(attempts(&answer), pairs(&[("a", "provider_rate_limited"), ("a", "provider_overloaded"), ("a", "-")]));
    assert_eq!(provider.times_asked(), 3);
    let run = home.json(&["runs", "show", answer["run_id"].as_str().expect("an id"), "-o", "json"]);
    assert_eq!(run["attempts"].as_array().map(Vec::len), Some(3));
}

#[test]
fn the_next_model_answers_when_the_first_cannot() {
    let (broken, working) =
        (Provider::start(vec![fails("500 Internal Server Error", "")]), Provider::start(vec![answers("from b")]));
    let home = home(&[("a", &broken), ("b", &working)], "a/m, b/n");
    let output = home.run(&["chat", "-o", "jsonl", "-m", "a/m", "hi"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let events: Vec<LoggedEvent> = stdout(&output)
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).expect("a line of JSON");
            let event = StreamEvent::from_parts(value["event"].as_str().expect("a name"), &value["data"].to_string());
            LoggedEvent { id: value["id"].as_u64().expect("an id"), event: event.expect("good data").expect("known") }
        })
        .collect();
    check_all(&events).expect("the law is kept");
    let names: Vec<_> = events.iter().map(|logged| logged.event.name()).collect();
    assert_eq!(names, ["started", "retry", "retry", "fallback", "text", "usage", "done"]);
    let shown = home.json(&["history", "show", "-o", "json"]);
    assert_eq!((shown["messages"][1]["provider"].as_str(), shown["messages"][1]["text"].as_str()), (Some("b"), Some("from b")));
    let text = home.run(&["chat", "-m", "a/m", "hi"]);
    assert!(stderr(&text).contains("b/n"), "who answered is said: {}", stderr(&text));
}

#[test]
fn no_fallback_asks_nobody_else() {
    let (broken, working) = (Provider::start(vec![fails("402 Payment Required", "")]), Provider::start(vec![answers("from b")]));
    let home = home(&[("a", &broken), ("b", &working)], "b/n");
    let output = home.run(&["chat", "--json", "--no-fallback", "-m", "a/m", "hi"]);
    assert_eq!((code(&output), json_error(&output)["code"].as_str()), (5, Some("provider_quota")));
    assert_eq!((broken.times_asked(), working.times_asked()), (1, 0), "a retry cannot help without credit");
    assert_eq!(home.json(&["chat", "--json", "-m", "a/m", "hi"])["text"], "from b");
}

#[test]
fn a_wait_that_would_outlive_the_budget_is_not_begun() {
    for wait in ["3600", "Fri, 31 Dec 2100 23:59:59 GMT"] {
        let provider = Provider::start(vec![fails("429 Too Many Requests", &format!("retry-after: {wait}\r\n"))]);
        let home = home(&[("a", &provider)], "");
        let begun = Instant::now();
        let output = home.run(&["chat", "--json", "-m", "a/m", "hi"]);
        assert_eq!((code(&output), json_error(&output)["code"].as_str()), (5, Some("provider_rate_limited")));
        assert!(begun.elapsed().as_secs() < 30, "the error is told at once");
        assert_eq!(provider.times_asked(), 1);
    }
}

#[test]
fn thinking_of_a_failed_attempt_is_void() {
    let provider = Provider::start(vec![thinks_and_breaks(), answers("sound")]);
    let home = home(&[("a", &provider)], "");
    let answer = home.json(&["chat", "--json", "-m", "a/m", "hi"]);
    assert_eq!((answer["text"].as_str(), answer["reasoning"].as_str()), (Some("sound"), None));
    assert_eq!(attempts(&answer), pairs(&[("a", "stream_truncated"), ("a", "-")]));
}

#[test]
fn a_refused_question_is_asked_of_nobody_else() {
    let (refusing, working) = (Provider::start(vec![fails("400 Bad Request", "")]), Provider::start(vec![answers("from b")]));
    let home = home(&[("a", &refusing), ("b", &working)], "b/n");
    let output = home.run(&["chat", "--json", "-m", "a/m", "hi"]);
    assert_eq!((code(&output), json_error(&output)["code"].as_str()), (4, Some("provider_bad_request")));
    assert_eq!((refusing.times_asked(), working.times_asked()), (1, 0));
}

#[test]
fn a_chain_with_a_mistake_is_refused_and_changes_nothing() {
    let provider = Provider::start(vec![answers("x")]);
    let home = home(&[("a", &provider)], "a/m");
    for (chain, expected, exit) in
        [("a/m,nobody", "model_not_found", 4), ("a/m,gpt,a/m", "bad_request", 2), ("demo", "bad_request", 2)]
    {
        let output = home.run(&["settings", "set", "fallback", chain, "-o", "json"]);
        assert_eq!((code(&output), json_error(&output)["code"].as_str()), (exit, Some(expected)), "{chain}");
    }
    assert_eq!(home.json(&["settings", "get", "fallback", "-o", "json"])["value"], "a/m");
    home.text(&["settings", "unset", "fallback"]);
    assert!(home.json(&["settings", "list", "-o", "json"])["items"].as_array().is_some_and(Vec::is_empty));
}
