//! A fake provider that others wrote, `@copilotkit/aimock`, end to end: its faults by fixture and by switch, and its own
//! journal of what it was asked. `MMP_AIMOCK` names its `cli.js`; without it these tests say so and pass.

#![allow(clippy::print_stderr)] // What is skipped is said aloud.

mod support;

use std::{
    ffi::OsString,
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use support::{Home, code, json_error, stderr, stdout, until};

const GOOD_KEY: &str = "sk-for-the-fake";

/// What it does, by a word of the question.
fn fixtures() -> Value {
    let error = |status: u16, kind: &str| json!({"error": {"message": "not now", "type": kind, "code": kind}, "status": status});
    let slow = |ttft: u64| json!({"ttft": ttft, "tps": 500, "jitter": 0});
    let with = |word: &str, more: Value| {
        let mut fixture = json!({"match": {"userMessage": word}, "response": {"content": "words that come in pieces"}});
        fixture.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        fixture
    };
    let mut limited = error(429, "rate_limit_exceeded");
    limited["retryAfter"] = 1.into();
    json!({"fixtures": [
        with("always-limited", json!({"response": {"error": limited["error"], "status": 429, "retryAfter": 3600}})),
        with("limited-once", json!({"match": {"userMessage": "limited-once", "sequenceIndex": 0}, "response": limited})),
        with("limited-once", json!({"match": {"userMessage": "limited-once", "sequenceIndex": 1}})),
        with("flaky-once", json!({"match": {"userMessage": "flaky-once", "sequenceIndex": 0}, "response": error(503, "server_error")})),
        with("flaky-once", json!({"match": {"userMessage": "flaky-once", "sequenceIndex": 1}})),
        with("overloaded", json!({"response": error(529, "overloaded_error")})),
        with("slow-first", json!({"chunkSize": 5, "streamingProfile": slow(900)})),
        with("too-slow", json!({"chunkSize": 5, "streamingProfile": slow(60_000)})),
        with("cut-after-3", json!({"chunkSize": 5, "latency": 50, "truncateAfterChunks": 3})),
        with("cut-at-once", json!({"chunkSize": 5, "truncateAfterChunks": 1})),
        with("malformed", json!({"chaos": {"malformedRate": 1}})),
        with("disconnect", json!({"chaos": {"disconnectRate": 1}})),
        with("filtered", json!({"response": {"content": "", "finishReason": "content_filter"}})),
        with("weather", json!({"response": {"toolCalls": [{"name": "get_weather", "arguments": "{\"city\":\"Paris\"}"}]}})),
        {"match": {}, "response": {"content": "hello from elsewhere"}, "chunkSize": 5},
    ]})
}

/// The server of one test and a home that knows it; both end with the test.
struct Aimock {
    child: Child,
    address: String,
    home: Home,
}

impl Aimock {
    /// Starts it; `None` where there is none.
    fn start(home: Home) -> Option<Self> {
        let Some(program) = std::env::var_os("MMP_AIMOCK") else {
            eprintln!("skipped: MMP_AIMOCK names no cli.js of @copilotkit/aimock");
            return None;
        };
        let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
        let file = home.path().join("fixtures.json");
        fs::write(&file, fixtures().to_string()).expect("the fixtures are written");
        let port = address.port().to_string();
        let arguments: [OsString; 7] =
            [program, "-h".into(), "127.0.0.1".into(), "-p".into(), port.into(), "-f".into(), file.into()];
        let child = Command::new("node")
            .args(arguments)
            .env("AIMOCK_API_KEYS", GOOD_KEY)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let aimock = Self { child, address: address.to_string(), home };
        until("the server to listen", || TcpStream::connect(&aimock.address).ok());
        let url = format!("http://{}/v1", aimock.address);
        aimock.home.text(&["providers", "add", "fake", "--kind", "openai", "--base-url", &url, "--api-key-env", "KEY"]);
        Some(aimock)
    }

    /// One of its own requests.
    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        // Of an older version, so that the answer comes whole and ends with its connection.
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nauthorization: Bearer {GOOD_KEY}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        serde_json::from_str(body).unwrap_or_else(|_| panic!("{path} gave no JSON: {answer}"))
    }

    /// What it was asked, in its own words.
    fn journal(&self) -> Vec<Value> {
        let journal = self.call("GET", "/__aimock/journal", &Value::Null);
        journal.as_array().expect("a list").iter().filter(|entry| entry["method"] == "POST").cloned().collect()
    }

    /// Asks a question; what `--json` printed, the exit code, and the error if there is one.
    fn ask(&self, question: &str, arguments: &[&str]) -> (Value, i32, Value) {
        let output = self.home.run(&[&["chat", "--json", "-m", "fake/some-model", question], arguments].concat());
        let error = if output.stderr.is_empty() { Value::Null } else { json_error(&output) };
        let answer: Value = serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| panic!("no answer: {}", stderr(&output)));
        let shown = self.home.json(&["history", "show", answer["conversation_id"].as_str().expect("an id"), "-o", "json"]);
        let message = &shown["messages"][1];
        assert_eq!((&message["text"], &message["status"]), (&answer["text"], &answer["status"]), "{shown}");
        (answer, code(&output), error["code"].clone())
    }

    /// Asks, and checks how it ended, who failed and what was said.
    #[track_caller]
    fn expect(&self, question: &str, (status, exit): (&str, i32), failed: &[&str], text: &str) -> Value {
        let (answer, found, error) = self.ask(question, &[]);
        assert_eq!((answer["status"].as_str(), found), (Some(status), exit), "{question}: {answer} {error}");
        let attempts = answer["attempts"].as_array().expect("attempts").iter();
        let codes: Vec<_> = attempts.filter_map(|attempt| attempt["error_code"].as_str()).collect();
        assert_eq!((codes.as_slice(), answer["text"].as_str()), (failed, Some(text)), "{question}: {answer}");
        answer
    }
}

impl Drop for Aimock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn home() -> Home {
    Home::new().with("KEY", GOOD_KEY).with("MMPD_ROUTING_ATTEMPTS", "2").with("MMPD_UPSTREAM_FIRST_EVENT_TIMEOUT", "5s")
}

#[test]
fn a_wrong_key_is_refused() {
    let Some(aimock) = Aimock::start(home()) else { return };
    aimock.home.run_with_input(&["providers", "set", "fake", "--api-key-stdin"], b"sk-wrong");
    aimock.expect("hello", ("failed", 4), &["provider_auth"], "");
}

const PIECES: &str = "words that come in pieces";

#[test]
fn what_passes_is_tried_again() {
    let Some(aimock) = Aimock::start(home()) else { return };
    aimock.expect("flaky-once", ("complete", 0), &["provider_overloaded"], PIECES);
    aimock.expect("limited-once", ("complete", 0), &["provider_rate_limited"], PIECES);
    aimock.expect("overloaded", ("failed", 4), &["provider_overloaded"; 2], "");
    aimock.expect("disconnect", ("failed", 4), &["provider_unreachable"; 2], "");
    // A wait of an hour is not begun.
    aimock.expect("always-limited", ("failed", 5), &["provider_rate_limited"], "");
    let journal = aimock.journal();
    let asked = |question| journal.iter().filter(|entry| entry["body"]["messages"][0]["content"] == question).count();
    assert_eq!(["flaky-once", "limited-once", "overloaded", "always-limited"].map(asked), [2, 2, 2, 1]);
}

#[test]
fn what_cannot_be_helped_is_told() {
    let Some(aimock) = Aimock::start(home()) else { return };
    let (answer, exit, error) = aimock.ask("cut-after-3", &[]);
    assert_eq!((answer["status"].as_str(), exit, error.as_str()), (Some("truncated"), 7, Some("stream_truncated")), "{answer}");
    // It throws away what it has not sent yet, so how much comes is a matter of luck.
    assert!(answer["text"].as_str().is_some_and(|text| !text.is_empty() && PIECES.starts_with(text)), "{answer}");
    aimock.expect("cut-at-once", ("failed", 4), &["provider_unreachable"; 2], "");
    aimock.expect("malformed", ("failed", 4), &["provider_protocol"], "");
    aimock.expect("filtered", ("filtered", 7), &[], "");
}

#[test]
fn one_that_is_too_slow_is_waited_for_no_longer_than_said() {
    let hasty = home().with("MMPD_ROUTING_ATTEMPTS", "1").with("MMPD_UPSTREAM_FIRST_EVENT_TIMEOUT", "1s");
    let Some(aimock) = Aimock::start(hasty.with("MMPD_UPSTREAM_EVENT_TIMEOUT", "1s")) else { return };
    aimock.expect("too-slow", ("failed", 4), &["provider_timeout"], "");
}

#[test]
fn a_slow_first_token_is_waited_for_and_measured() {
    let Some(aimock) = Aimock::start(home()) else { return };
    let answer = aimock.expect("slow-first", ("complete", 0), &[], PIECES);
    assert!(answer["timing"]["first_token_ms"].as_u64().is_some_and(|first| first >= 800), "{answer}");
}

#[test]
fn a_tool_is_called() {
    let Some(aimock) = Aimock::start(home()) else { return };
    let answer = aimock.expect("weather", ("complete", 0), &[], "");
    let call = &answer["tool_calls"][0];
    assert_eq!((&call["name"], &call["arguments"]), (&json!("get_weather"), &json!({"city": "Paris"})));
    assert_eq!(answer["finish_reason"], "tool_calls");
}

#[test]
fn faults_that_are_switched_on_and_off_are_met_and_passed() {
    let Some(aimock) = Aimock::start(home()) else { return };
    for (fault, failed, exit) in [
        (json!({"rateLimitRate": 1}), "provider_rate_limited", 5),
        (json!({"dropRate": 1}), "provider_overloaded", 4),
        (json!({"disconnectRate": 1}), "provider_unreachable", 4),
    ] {
        aimock.call("POST", "/__aimock/chaos", &fault);
        aimock.expect("hello", ("failed", exit), &[failed; 2], "");
        aimock.call("DELETE", "/__aimock/chaos", &Value::Null);
        aimock.expect("hello", ("complete", 0), &[], "hello from elsewhere");
    }
    aimock.call("POST", "/__aimock/chaos", &json!({"malformedRate": 1}));
    aimock.expect("hello", ("failed", 4), &["provider_protocol"], "");
}

#[test]
fn the_journal_holds_what_was_asked() {
    let Some(aimock) = Aimock::start(home()) else { return };
    aimock.ask("first", &["--temperature", "0.5", "--max-tokens", "7", "-p", "top_p=0.9"]);
    let output = aimock.home.run(&["chat", "--json", "-c", "second", "--no-stream", "-s", "be brief"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let journal = aimock.journal();
    // It shows no keys, and lets in only those who have the right one.
    let asked: Vec<_> = journal.iter().map(|entry| (entry["path"].as_str(), entry["headers"]["accept"].as_str())).collect();
    let path = Some("/v1/chat/completions");
    assert_eq!(asked, [(path, Some("text/event-stream")), (path, Some("application/json"))]);
    let mut bodies = journal.into_iter().map(|mut entry| {
        // What it notes beside the body.
        entry["body"].as_object_mut().expect("a body").retain(|name, _| !name.starts_with('_'));
        entry["body"].take()
    });
    let user = |text: &str| json!({"role": "user", "content": text});
    let first = json!({"model": "some-model", "stream": true, "stream_options": {"include_usage": true}, "temperature": 0.5,
        "max_tokens": 7, "top_p": 0.9, "messages": [user("first")]});
    assert_eq!(bodies.next(), Some(first));
    let messages = [
        json!({"role": "system", "content": "be brief"}),
        user("first"),
        json!({"role": "assistant", "content": "hello from elsewhere"}),
        user("second"),
    ];
    assert_eq!(bodies.next(), Some(json!({"model": "some-model", "stream": false, "messages": messages})));
}
