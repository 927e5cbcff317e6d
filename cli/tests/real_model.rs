//! A real model behind a real server, end to end. `MMP_REAL_MODEL` names the script that starts the server; without it
//! these tests say so and pass.
//!
//! What such a small model says is not foreseen: tests look at what must hold of any answer.

#![allow(clippy::print_stderr)] // What is skipped is said aloud.

mod support;

use std::{
    ffi::OsString,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    process::{Child, ChildStdout, Command, Output},
};

use mmp_shared::{
    events::{LoggedEvent, StreamEvent},
    order_law::check_all,
};
use rustix::process::Signal;
use serde_json::Value;
use support::{
    Home, code, json_error, signal_process, stderr, stdout,
    upstream::{
        Upstream,
        server::{Step, answer},
    },
    wait,
};

const STORY: &str = "Write a very long story about a dragon, a king and a sea voyage.";

/// The server of one test, stopped at its end however it ends.
struct RealModel {
    script: OsString,
    settings: Vec<(&'static str, String)>,
    url: String,
    pid: u32,
}

impl RealModel {
    /// Starts a server; `None` where there is no model.
    fn start(settings: &[(&'static str, &str)]) -> Option<Self> {
        let Some(script) = std::env::var_os("MMP_REAL_MODEL") else {
            eprintln!("skipped: MMP_REAL_MODEL names no script that starts a real model");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
        let mut settings: Vec<_> = settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        settings.push(("PORT", port.to_string()));
        let mut model = Self { script, settings, url: String::new(), pid: 0 };
        let said = model.call(&[]);
        assert!(said.status.success(), "the model does not start: {}", stderr(&said));
        // ready URL model=NAME pid=PID
        let (ready, mut words) = (stdout(&said), Vec::new());
        words.extend(ready.split_whitespace());
        model.url = words[1].to_owned();
        model.pid = words[3].trim_start_matches("pid=").parse().expect("a process id");
        Some(model)
    }

    /// The script is the machine's own: it has the machine's environment, but for what a test says.
    fn call(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(&self.script);
        for name in ["PARALLEL", "CTX", "API_KEY", "MODEL_NAME"] {
            command.env_remove(name);
        }
        let settings = self.settings.iter().map(|(name, value)| (name, value));
        command.args(arguments).envs(settings).output().expect("the script can be started")
    }

    fn add_to(&self, home: Home) -> Home {
        home.text(&["providers", "add", "real", "--kind", "openai", "--base-url", &self.url]);
        home
    }
}

impl Drop for RealModel {
    fn drop(&mut self) {
        self.call(&["--stop"]);
    }
}

/// A story that is being told, event by event.
struct Telling {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    events: Vec<LoggedEvent>,
}

impl Telling {
    fn begin(home: &Home, arguments: &[&str]) -> Self {
        let arguments = [&["chat", "-o", "jsonl", "-m", "real", STORY], arguments].concat();
        let mut child = home.mmp(&arguments).spawn().expect("mmp starts");
        let lines = BufReader::new(child.stdout.take().expect("it was piped")).lines();
        Self { child, lines, events: Vec::new() }
    }

    /// Reads on until so many pieces of text have come.
    fn hear(&mut self, pieces: usize) {
        while self::pieces(&self.events) < pieces {
            assert!(self.next(), "the story ended early: {:?}", self.events);
        }
    }

    /// Reads to the end.
    fn end(mut self) -> (Output, Vec<LoggedEvent>) {
        while self.next() {}
        check_all(&self.events).expect("the events keep the law");
        (wait(self.child), self.events)
    }

    fn next(&mut self) -> bool {
        let Some(line) = self.lines.next() else { return false };
        let value: Value = serde_json::from_str(&line.expect("text")).expect("a line is JSON");
        let event = StreamEvent::from_parts(value["event"].as_str().expect("a name"), &value["data"].to_string());
        let event = event.expect("it is as it should be").expect("it is known");
        self.events.push(LoggedEvent { id: value["id"].as_u64().expect("an id"), event });
        true
    }
}

fn pieces(events: &[LoggedEvent]) -> usize {
    events.iter().filter(|logged| matches!(logged.event, StreamEvent::Text(_))).count()
}

fn text_of(events: &[LoggedEvent]) -> String {
    let text = |logged: &LoggedEvent| match &logged.event {
        StreamEvent::Text(piece) => piece.text.clone(),
        _ => String::new(),
    };
    events.iter().map(text).collect()
}

/// What went wrong at the end of the events.
fn failure(events: &[LoggedEvent]) -> (String, String, String) {
    let Some(StreamEvent::Failed(ending)) = events.last().map(|logged| &logged.event) else { panic!("no failure: {events:?}") };
    let error = ending.error.clone().expect("an error");
    (ending.status.as_str().to_owned(), error.code.to_string(), error.message)
}

/// The answer of the last conversation, as the history has it.
fn kept(home: &Home) -> (String, String) {
    let shown = home.json(&["history", "show", "-o", "json"]);
    let field = |name: &str| shown["messages"][1][name].as_str().unwrap_or_default().to_owned();
    (field("text"), field("status"))
}

/// Asks, and checks what holds of every answer that was not disturbed.
#[track_caller]
fn ask(home: &Home, arguments: &[&str]) -> Value {
    let output = home.run(&[&["chat", "--json"], arguments].concat());
    let answer: Value = serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| panic!("no answer: {}", stderr(&output)));
    check_whole(&answer, code(&output));
    answer
}

#[track_caller]
fn check_whole(answer: &Value, exit: i32) {
    let ended = (answer["status"].as_str(), answer["finish_reason"].as_str(), exit);
    assert!(matches!(ended, (Some("complete"), Some("stop"), 0) | (Some("truncated"), Some("length"), 7)), "{answer}");
    assert!(answer["text"].as_str().is_some_and(|text| !text.is_empty()), "{answer}");
    assert_eq!(answer["usage"]["source"], "provider", "{answer}");
    for number in ["prompt_tokens", "completion_tokens"] {
        assert!(answer["usage"][number].as_u64().is_some_and(|tokens| tokens > 0), "{answer}");
    }
}

/// The server says that it keeps the connection of a streamed answer, and closes it: nobody may notice.
#[test]
fn a_chat_has_text_usage_and_a_reason_for_its_end_again_and_again() {
    let Some(model) = RealModel::start(&[]) else { return };
    let home = model.add_to(Home::new());
    for round in 0..6 {
        let how: &[&str] = if round % 3 == 2 { &["--no-stream"] } else { &[] };
        let answer = ask(&home, &[&["-m", "real", "--max-tokens", "30", "What is the capital of France?"], how].concat());
        assert_eq!(answer["provider"], "real");
    }
    let answer = ask(&home, &["--max-tokens", "5", "Tell me of the sea."]);
    assert_eq!((answer["status"].as_str(), answer["usage"]["completion_tokens"].as_u64()), (Some("truncated"), Some(5)));
}

#[test]
fn a_long_answer_comes_piece_by_piece() {
    let Some(model) = RealModel::start(&[]) else { return };
    let home = model.add_to(Home::new());
    let (output, events) = Telling::begin(&home, &["--max-tokens", "200"]).end();
    assert!([0, 7].contains(&code(&output)), "{}", stderr(&output));
    assert!(pieces(&events) > 20, "{} pieces", pieces(&events));
    let Some(StreamEvent::Done(ending)) = events.last().map(|logged| &logged.event) else { panic!("no end: {events:?}") };
    assert!(ending.timing.first_token_ms < ending.timing.total_ms, "{ending:?}");
    assert_eq!(kept(&home), (text_of(&events), ending.status.as_str().to_owned()));
}

#[test]
fn eight_at_once_are_all_answered() {
    let Some(model) = RealModel::start(&[]) else { return };
    let home = model.add_to(Home::new());
    let ask = |n: usize| {
        let prompt = format!("Say something about the number {n}.");
        home.mmp(&["chat", "--json", "-m", "real", "--max-tokens", "24", &prompt]).spawn().expect("mmp starts")
    };
    let children: Vec<Child> = (0..8).map(ask).collect();
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        let answer = serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| panic!("no answer: {}", stderr(&output)));
        check_whole(&answer, code(&output));
    }
    assert_eq!(home.json(&["history", "list", "-o", "json"])["items"].as_array().map(Vec::len), Some(8));
}

#[test]
fn a_server_that_is_killed_leaves_a_partial_answer_that_is_kept() {
    let Some(model) = RealModel::start(&[]) else { return };
    let home = model.add_to(Home::new());
    let mut telling = Telling::begin(&home, &[]);
    telling.hear(10);
    signal_process(model.pid, Signal::KILL);
    let (output, events) = telling.end();
    assert_eq!(code(&output), 7, "{}", stderr(&output));
    let (status, code, _) = failure(&events);
    assert_eq!((status.as_str(), code.as_str()), ("truncated", "stream_truncated"));
    assert_eq!(kept(&home), (text_of(&events), "truncated".to_owned()));
    let output = home.run(&["chat", "--json", "-m", "real/m", "hi"]);
    assert_eq!(json_error(&output)["code"], "provider_unreachable", "{}", stderr(&output));
}

#[test]
fn a_server_that_is_stopped_is_waited_for_no_longer_than_said() {
    let Some(model) = RealModel::start(&[]) else { return };
    let home = model.add_to(Home::new().with("MMPD_UPSTREAM_EVENT_TIMEOUT", "3s"));
    let mut telling = Telling::begin(&home, &[]);
    telling.hear(10);
    signal_process(model.pid, Signal::STOP);
    let (output, events) = telling.end();
    signal_process(model.pid, Signal::CONT);
    assert_eq!(code(&output), 7, "{}", stderr(&output));
    let (status, code, message) = failure(&events);
    assert_eq!((status.as_str(), code.as_str()), ("failed", "provider_timeout"));
    assert!(message.contains("`real` said nothing new for 3s"), "{message}");
    assert_eq!(kept(&home), (text_of(&events), "failed".to_owned()));
    ask(&home, &["-m", "real", "--max-tokens", "5", "hi"]);
}

#[test]
fn a_story_that_is_stopped_frees_the_server() {
    let Some(model) = RealModel::start(&[("PARALLEL", "1")]) else { return };
    let home = model.add_to(Home::new());
    let mut telling = Telling::begin(&home, &[]);
    telling.hear(5);
    signal_process(telling.child.id(), Signal::INT);
    let (output, events) = telling.end();
    assert_eq!(code(&output), 130);
    assert_eq!(kept(&home), (text_of(&events), "cancelled".to_owned()));
    // The one slot would be taken for half a minute by a story that goes on.
    ask(&home, &["-m", "real", "--max-tokens", "5", "--timeout", "10s", "hi"]);
}

#[test]
fn a_conversation_that_is_too_long_says_so() {
    let Some(model) = RealModel::start(&[("CTX", "256")]) else { return };
    let home = model.add_to(Home::new());
    for how in [&[][..], &["--no-stream"]] {
        let output = home.run(&[&["chat", "--json", "-m", "real", &"many words ".repeat(400)], how].concat());
        assert_eq!(code(&output), 4, "{}", stderr(&output));
        let error = json_error(&output);
        assert_eq!(error["code"], "context_too_long");
        assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("new conversation")), "{error}");
    }
    // A story that fills the rest of the context is cut by its length.
    let output = home.run(&["chat", "--json", "-m", "real", "-p", "ignore_eos=true", STORY]);
    let answer: Value = serde_json::from_str(&stdout(&output)).expect("an answer");
    assert_eq!((answer["finish_reason"].as_str(), code(&output)), (Some("length"), 7), "{answer}");
}

#[test]
fn a_key_is_wanted_and_only_the_right_one_will_do() {
    let Some(model) = RealModel::start(&[("API_KEY", "sk-right")]) else { return };
    let home = model.add_to(Home::new());
    let refused = |home: &Home| {
        let output = home.run(&["chat", "--json", "-m", "real/m", "--max-tokens", "5", "hi"]);
        assert_eq!((code(&output), json_error(&output)["code"].as_str()), (4, Some("provider_auth")), "{}", stderr(&output));
    };
    refused(&home);
    home.run_with_input(&["providers", "set", "real", "--api-key-stdin"], b"sk-wrong");
    refused(&home);
    home.run_with_input(&["providers", "set", "real", "--api-key-stdin"], b"sk-right");
    ask(&home, &["-m", "real", "--max-tokens", "5", "hi"]);
}

/// The first of a chain never answers; the real model does, whatever the first one did.
#[test]
fn a_real_model_answers_where_the_first_of_the_chain_cannot() {
    let Some(model) = RealModel::start(&[]) else { return };
    let home = model.add_to(Home::new().with("MMPD_UPSTREAM_CONNECT_TIMEOUT", "5s"));
    home.text(&["settings", "set", "fallback", "real"]);
    let thought = "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"void\"}}]}\n\n";
    for (number, (steps, code)) in [
        (answer(402, "application/json", &[], b"{}", &[]), "provider_quota"),
        (answer(401, "application/json", &[], b"{}", &[]), "provider_auth"),
        (answer(429, "application/json", &[("retry-after", "3600")], b"{}", &[]), "provider_rate_limited"),
        (answer(503, "application/json", &[("retry-after", "0")], b"", &[]), "provider_overloaded"),
        (answer(200, "text/event-stream", &[], thought.as_bytes(), &[]), "stream_truncated"),
        (vec![Step::Reset], "provider_unreachable"),
    ]
    .into_iter()
    .enumerate()
    {
        let upstream = Upstream::repeating(steps);
        let name = format!("first{number}");
        home.text(&["providers", "add", &name, "--kind", "openai", "--base-url", &upstream.url()]);
        let answer = ask(&home, &["-m", &format!("{name}/m"), "--max-tokens", "12", "hi"]);
        assert_eq!((&answer["provider"], &answer["reasoning"]), (&"real".into(), &Value::Null), "{answer}");
        let attempts = answer["attempts"].as_array().expect("attempts");
        let (last, failed) = attempts.split_last().expect("attempts");
        assert!(last["provider"] == "real" && last["error_code"].is_null(), "{answer}");
        assert!(!failed.is_empty() && failed.iter().all(|attempt| attempt["error_code"] == code), "{code}: {answer}");
        assert_eq!(upstream.requests().len(), failed.len());
        let run = home.json(&["runs", "show", answer["run_id"].as_str().expect("an id"), "-o", "json"]);
        assert_eq!((&run["provider"], &run["attempts"]), (&"real".into(), &answer["attempts"]));
        assert_eq!(kept(&home).0, answer["text"].as_str().expect("text"));
    }
}

#[test]
fn a_conversation_goes_on_with_what_was_said() {
    let Some(model) = RealModel::start(&[]) else { return };
    let home = model.add_to(Home::new());
    let first = ask(&home, &["-m", "real", "--max-tokens", "20", "My name is Ada."]);
    home.text(&["daemon", "restart"]);
    let second = ask(&home, &["-c", "--max-tokens", "20", "What is my name?"]);
    assert_eq!(first["conversation_id"], second["conversation_id"]);
    assert_eq!(first["model"], second["model"]);
    let prompt = |answer: &Value| answer["usage"]["prompt_tokens"].as_u64().expect("a number");
    assert!(prompt(&second) > prompt(&first) + 10, "the second question holds the first turn");
    assert_eq!(home.json(&["history", "show", "-o", "json"])["messages"].as_array().map(Vec::len), Some(4));
}
