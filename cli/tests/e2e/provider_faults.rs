//! Providers that misbehave, as the user meets them: the code and the exit code for scripts, the words for people, and
//! what was said before it went wrong is kept.

use std::{fs, net::TcpListener, time::Duration};

use serde_json::{Value, json};

use crate::support::{
    Home, code, json_error, stderr, stdout,
    upstream::{
        Upstream,
        server::{Step, answer, chunk, end, head},
    },
};

const SSE: &str = "text/event-stream";
const JSON: &str = "application/json";
const GOOD: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"good\"}}]}\n\n";
const END: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
const WHOLE: &str = r#"{"choices":[{"message":{"role":"assistant","content":"good"},"finish_reason":"stop"}]}"#;

/// A daemon that asks once: what a fault is, is seen at the first attempt. What is tried again is `routing`'s to test.
fn once() -> Home {
    Home::new().with("MMPD_ROUTING_ATTEMPTS", "1")
}

/// A daemon that waits so shortly for the next event that no test does.
fn hasty() -> Home {
    once().with("MMPD_UPSTREAM_FIRST_EVENT_TIMEOUT", "400ms").with("MMPD_UPSTREAM_EVENT_TIMEOUT", "400ms")
}

/// What a user met.
#[derive(Debug)]
struct Met {
    code: i32,
    error: Value,
    answer: Value,
    words: String,
}

impl Met {
    /// Checks what scripts see.
    #[track_caller]
    fn is(&self, code: &str, exit: i32) {
        assert_eq!((self.error["code"].as_str(), self.code), (Some(code), exit), "{self:#?}");
        assert_eq!(self.error["provider"], "rec", "{self:#?}");
    }

    /// Checks how much of an answer there was.
    #[track_caller]
    fn kept(&self, status: &str, text: &str) {
        assert_eq!((self.answer["status"].as_str(), self.answer["text"].as_str()), (Some(status), Some(text)), "{self:#?}");
    }

    /// Checks what people read.
    #[track_caller]
    fn says(&self, parts: &[&str]) {
        assert!(parts.iter().all(|part| self.words.contains(part)), "{parts:?} is not all in: {}", self.words);
    }
}

/// Asks twice: as a script, and as a person, who is told the same in words.
#[track_caller]
fn ask(home: &Home, arguments: &[&str]) -> Met {
    let arguments = [&["chat", "-m", "rec/m", "hi"], arguments].concat();
    let told = home.run(&[&arguments[..], &["--json"]].concat());
    let said = home.run(&arguments);
    let (error, answer) = (json_error(&told), serde_json::from_str(&stdout(&told)).expect("JSON, whatever happened"));
    assert_eq!(code(&said), code(&told), "{}", stderr(&said));
    let hint = error["hint"].as_str().map(|hint| format!("hint: {hint}\n")).unwrap_or_default();
    let words = stderr(&said);
    assert_eq!(words, format!("error: {}\n{hint}", error["message"].as_str().expect("a message")));
    let met = Met { code: code(&told), error, answer, words };
    assert_eq!(stdout(&said).trim_end(), met.answer["text"], "{met:#?}");
    assert_kept(home, &met.answer);
    met
}

/// The history holds what the answer held.
#[track_caller]
fn assert_kept(home: &Home, answer: &Value) {
    let shown = home.json(&["history", "show", answer["conversation_id"].as_str().expect("an id"), "-o", "json"]);
    let message = &shown["messages"][1];
    assert_eq!((&message["text"], &message["status"]), (&answer["text"], &answer["status"]), "{shown}");
}

#[track_caller]
fn meet(home: Home, steps: Vec<Step>) -> Met {
    let upstream = Upstream::repeating(steps);
    ask(&upstream.add_to(home), &[])
}

#[track_caller]
fn refuse(status: u16, headers: &[(&str, &str)], body: &str) -> Met {
    let met = meet(once(), answer(status, "text/plain", headers, body.as_bytes(), &[]));
    assert_eq!(met.error["http_status"], status, "{met:#?}");
    met.kept("failed", "");
    met
}

/// The beginning of an answer, then the same small piece for as long as anybody listens.
fn dripping(first: &str, piece: &str, pause: Duration) -> Vec<Step> {
    let mut steps = vec![head(200, SSE, &[]), chunk(first)];
    steps.extend((0..60).flat_map(|_| [Step::Pause(pause), chunk(piece)]));
    steps
}

#[test]
fn nobody_listens_there() {
    let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let home = once();
    home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", &format!("http://{address}/v1")]);
    let met = ask(&home, &[]);
    met.is("provider_unreachable", 4);
    met.says(&["`rec` cannot be reached", &format!("nothing listens at `{address}`"), "mmp providers show rec"]);
    assert_eq!(met.error["retryable"], true);
}

#[test]
fn a_connection_that_breaks_before_the_answer_is_no_answer() {
    let met = meet(once(), vec![Step::Reset]);
    met.is("provider_unreachable", 4);
    met.says(&["closed the connection before it answered"]);
}

#[test]
fn a_web_page_hints_at_the_base_url() {
    let met = meet(once(), answer(200, "text/html", &[], b"<!doctype html><title>Welcome</title>", &[]));
    met.is("provider_protocol", 4);
    met.says(&["`rec` answered with a web page", "mmp providers set rec --base-url URL"]);
    let met = refuse(404, &[], "<html><head><title>404 Not Found</title></head></html>");
    met.is("provider_bad_request", 4);
    met.says(&["404 Not Found", "mmp providers set rec --base-url URL"]);
}

#[test]
fn an_error_inside_of_a_good_status_is_an_error() {
    let error = r#"{"error":{"message":"no such luck","type":"server_error","code":null}}"#;
    let met = meet(once(), answer(200, JSON, &[], error.as_bytes(), &[]));
    met.is("provider_overloaded", 4);
    met.says(&["no such luck"]);
    met.kept("failed", "");
    let met = meet(once(), answer(200, SSE, &[], format!("event: error\ndata: {error}\n\n").as_bytes(), &[]));
    met.is("provider_overloaded", 4);
    met.says(&["no such luck"]);
}

#[test]
fn an_error_after_text_keeps_the_text_and_exits_with_seven() {
    let late = r#"{"error":{"message":"no such luck","code":502},"choices":[{"delta":{"content":""},"finish_reason":"error"}]}"#;
    let met = meet(once(), answer(200, SSE, &[], format!("{GOOD}data: {late}\n\ndata: [DONE]\n\n").as_bytes(), &[]));
    met.is("provider_overloaded", 7);
    met.kept("failed", "good");
    met.says(&["no such luck"]);
}

#[test]
fn one_byte_a_second_is_no_progress() {
    let second = Duration::from_secs(1);
    let met = meet(hasty(), dripping(GOOD, "x", second));
    met.is("provider_timeout", 7);
    met.kept("failed", "good");
    met.says(&["said nothing new for 400ms", "daemon.upstream.event_timeout"]);
    meet(hasty(), dripping("d", "x", second)).is("provider_timeout", 4);
}

#[test]
fn bytes_that_complete_no_event_are_no_progress_however_fast_they_come() {
    meet(hasty(), dripping("data: ", "x", Duration::from_millis(20))).is("provider_timeout", 4);
}

#[test]
fn keep_alives_are_no_progress() {
    let met = meet(hasty(), dripping(GOOD, ": keep-alive\n\n", Duration::from_millis(20)));
    met.is("provider_timeout", 7);
    met.kept("failed", "good");
}

#[test]
fn silence_from_the_start_is_a_timeout() {
    let met = meet(hasty(), vec![Step::AwaitClose]);
    met.is("provider_timeout", 4);
    met.says(&["said nothing new for 400ms"]);
}

#[test]
fn an_answer_without_its_end_is_cut() {
    let met = meet(once(), answer(200, SSE, &[], GOOD.as_bytes(), &[]));
    met.is("stream_truncated", 7);
    met.kept("truncated", "good");
    met.says(&["ended before its end"]);
    assert_eq!(met.answer["finish_reason"], Value::Null);
    let met = meet(once(), answer(200, SSE, &[], b"", &[]));
    met.is("stream_truncated", 4);
    met.kept("truncated", "");
}

#[test]
fn a_hundred_megabytes_on_one_line_are_refused_and_not_held() {
    for first in ["data: {\"x\": \"", "{\"x\": \""] {
        let Step::Send(megabyte) = chunk(vec![b'x'; 1 << 20]) else { unreachable!("a chunk is sent") };
        let upstream = Upstream::repeating(vec![head(200, SSE, &[]), chunk(first), Step::Repeat(megabyte, 100)]);
        let home = upstream.add_to(once());
        let met = ask(&home, &[]);
        met.is("provider_protocol", 4);
        met.says(&["more than 16777216 bytes", "daemon.upstream.largest_event"]);
        let status = fs::read_to_string(format!("/proc/{}/status", home.daemon_pid())).expect("it runs");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the kernel counts");
        let peak: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
        assert!(peak < 120_000, "the daemon held {peak} kB at its peak");
    }
}

#[test]
fn one_frame_that_is_no_json_ends_the_answer() {
    let met = meet(once(), answer(200, SSE, &[], format!("{GOOD}data: {{\"a\" 1}}\n\n{END}").as_bytes(), &[]));
    met.is("provider_protocol", 7);
    met.kept("failed", "good");
    met.says(&["no valid JSON", "{\"a\" 1}"]);
}

#[test]
fn a_refused_request_is_told_by_its_kind() {
    for (status, body, code, exit) in [
        (400, r#"{"error":{"message":"m","code":"context_length_exceeded"}}"#, "context_too_long", 4),
        (400, r#"{"error":{"message":"m","code":"content_filter"}}"#, "content_blocked", 4),
        (400, r#"{"error":{"message":"m"}}"#, "provider_bad_request", 4),
        (402, r#"{"error":{"message":"m"}}"#, "provider_quota", 5),
        (403, r#"{"error":{"message":"m"}}"#, "provider_auth", 4),
        (404, r#"{"error":{"message":"m","code":"model_not_found"}}"#, "model_not_found", 4),
        (429, r#"{"error":{"message":"m","code":"insufficient_quota"}}"#, "provider_quota", 5),
        (500, r#"{"error":{"message":"m"}}"#, "provider_overloaded", 4),
        (503, "", "provider_overloaded", 4),
        (504, "<html><title>m</title></html>", "provider_timeout", 4),
    ] {
        refuse(status, &[], body).is(code, exit);
    }
}

#[test]
fn a_provider_that_wants_fewer_requests_says_how_long_to_wait() {
    let met = refuse(429, &[("retry-after", "7")], r#"{"error":{"message":"slow down","code":"rate_limit_exceeded"}}"#);
    met.is("provider_rate_limited", 5);
    met.says(&["slow down", "7s"]);
    assert_eq!(met.error["retryable"], true);
    let met = refuse(429, &[], r#"{"error":{"message":"slow down"}}"#);
    met.is("provider_rate_limited", 5);
    met.says(&["wait a little"]);
}

#[test]
fn a_redirect_is_named_and_not_followed() {
    let elsewhere = Upstream::repeating(answer(200, JSON, &[], WHOLE.as_bytes(), &[]));
    let met = refuse(307, &[("location", &format!("{}/chat/completions", elsewhere.url()))], "");
    met.is("provider_protocol", 4);
    met.says(&["sends the request elsewhere", &elsewhere.url(), "mmp providers set rec --base-url URL"]);
    assert_eq!(elsewhere.requests().len(), 0);
}

#[test]
fn a_wrong_key_is_said_and_not_shown() {
    let key = "sk-wrong-0123456789";
    let body = json!({"error": {"message": format!("Incorrect API key provided: {key}."), "code": "invalid_api_key"}});
    let upstream = Upstream::repeating(answer(401, JSON, &[], body.to_string().as_bytes(), &[]));
    let home = once().with("SOME_KEY", key);
    home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", &upstream.url(), "--api-key-env", "SOME_KEY"]);
    let met = ask(&home, &[]);
    met.is("provider_auth", 4);
    met.says(&["does not accept the key", "mmp providers set rec"]);
    assert!(!format!("{met:?}").contains(key), "{met:#?}");
    let head = upstream.requests()[0].head.to_lowercase();
    assert!(head.contains(&format!("authorization: bearer {key}")), "{head}");
}

#[test]
fn the_whole_answer_may_be_given_a_time() {
    let endless = |first: &str| dripping(first, GOOD, Duration::from_millis(20));
    let upstream = Upstream::repeating(vec![Step::AwaitClose]);
    let home = upstream.add_to(once());
    let met = ask(&home, &["--timeout", "300ms"]);
    met.is("provider_timeout", 4);
    met.says(&["took longer than 300ms", "--timeout"]);
    let upstream = Upstream::repeating(endless(GOOD));
    let home = upstream.add_to(once());
    let arguments = ["chat", "--json", "-m", "rec/m", "hi", "--timeout", "300ms"];
    let output = home.run(&arguments);
    assert_eq!((code(&output), json_error(&output)["code"].as_str()), (7, Some("provider_timeout")), "{}", stderr(&output));
    assert!(stdout(&output).contains("goodgood"), "{}", stdout(&output));
}

#[test]
fn an_answer_in_the_other_form_is_understood() {
    let upstream = Upstream::repeating(answer(200, SSE, &[], WHOLE.as_bytes(), &[]));
    let home = upstream.add_to(once());
    assert_eq!(home.json(&["chat", "--json", "-m", "rec/m", "hi"])["text"], "good");
    let asked: Value = serde_json::from_slice(&upstream.requests()[0].body).expect("JSON");
    assert_eq!(asked["stream"], true);
    let upstream = Upstream::repeating(vec![head(200, JSON, &[]), chunk(GOOD), chunk(END), end()]);
    let home = upstream.add_to(once());
    assert_eq!(home.json(&["chat", "--json", "--no-stream", "-m", "rec/m", "hi"])["text"], "good");
    let asked: Value = serde_json::from_slice(&upstream.requests()[0].body).expect("JSON");
    assert_ne!(asked["stream"], true);
}

#[test]
fn one_provider_that_hangs_keeps_nobody_else() {
    let upstream = Upstream::repeating(vec![Step::AwaitClose]);
    let home = upstream.add_to(once());
    let hanging: Vec<_> = (0..20).map(|_| home.mmp(&["chat", "-m", "rec/m", "hi"]).spawn().expect("mmp starts")).collect();
    crate::support::until("all to be asked", || (upstream.requests().len() == 20).then_some(()));
    home.text(&["chat", "-m", "demo", "hello"]);
    for mut child in hanging {
        crate::support::signal_process(child.id(), rustix::process::Signal::INT);
        assert_eq!(child.wait().expect("it ends").code(), Some(130));
    }
}
