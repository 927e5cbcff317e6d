//! A run belongs to the daemon: it goes on without its client, is read again from any event, stopped, and kept.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use mmp_shared::{
    events::{LoggedEvent, StreamEvent},
    order_law::check_all,
};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::{Home, code, http, json_error, stderr, stdout, until, wait};

/// A provider that says what the test tells it to, when the test tells it to.
pub(crate) struct Provider {
    url: String,
    asked: mpsc::Receiver<TcpStream>,
}

impl Provider {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/v1", listener.local_addr().expect("it has one"));
        let (sender, asked) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut stream = stream;
                read_request(&mut stream);
                let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
                if stream.write_all(head.as_bytes()).is_err() || sender.send(stream).is_err() {
                    return;
                }
            }
        });
        Self { url, asked }
    }

    pub(crate) fn home(&self) -> Home {
        let home = Home::new();
        home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", &self.url]);
        home
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn next(&self) -> TcpStream {
        self.asked.recv_timeout(std::time::Duration::from_secs(30)).expect("the provider is asked")
    }
}

fn read_request(stream: &mut TcpStream) {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 65536]);
    while let Ok(length) = stream.read(&mut buffer) {
        bytes.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            line.to_ascii_lowercase().strip_prefix("content-length:").map(|n| n.trim().parse::<usize>().unwrap_or(0))
        });
        if body.len() >= length.unwrap_or(0) {
            return;
        }
    }
}

pub(crate) fn say(stream: &mut TcpStream, text: &str) {
    let chunk = json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]});
    write!(stream, "data: {chunk}\n\n").expect("the daemon listens");
}

pub(crate) fn finish(mut stream: TcpStream) {
    let chunk = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    write!(stream, "data: {chunk}\n\ndata: [DONE]\n\n").expect("the daemon listens");
}

fn logged(events: &[(u64, String, Value)]) -> Vec<LoggedEvent> {
    events
        .iter()
        .map(|(id, name, data)| LoggedEvent {
            id: *id,
            event: StreamEvent::from_parts(name, &data.to_string()).expect("it is as it should be").expect("it is known"),
        })
        .collect()
}

fn text_of(events: &[LoggedEvent]) -> String {
    events
        .iter()
        .filter_map(|logged| match &logged.event {
            StreamEvent::Text(piece) => Some(piece.text.as_str()),
            _ => None,
        })
        .collect()
}

fn read_events(home: &Home, run: &str, after: Option<u64>) -> Vec<(u64, String, Value)> {
    let after = after.map(|id| id.to_string());
    let headers: Vec<(&str, &str)> = after.iter().map(|id| ("last-event-id", id.as_str())).collect();
    let mut answer = http::request(&home.socket(), "GET", &format!("/api/v1/runs/{run}/events"), &headers, b"");
    assert_eq!(answer.status, 200);
    std::iter::from_fn(|| answer.next_event()).collect()
}

fn only_run(home: &Home) -> Value {
    let list = home.json(&["runs", "list", "-o", "json"]);
    let items = list["items"].as_array().expect("items");
    assert_eq!(items.len(), 1, "{list}");
    items[0].clone()
}

fn ended(home: &Home) -> Value {
    until("the run's end", || Some(only_run(home)).filter(|run| run["status"] != "running"))
}

#[test]
fn a_client_that_dies_does_not_end_its_run() {
    let provider = Provider::start();
    let home = provider.home();
    let mut client = home.mmp(&["chat", "-m", "rec/m", "hi"]).spawn().expect("mmp starts");
    let mut stream = provider.next();
    say(&mut stream, "one ");
    let mut first = [0; 4];
    client.stdout.as_mut().expect("piped").read_exact(&mut first).expect("the first piece");
    client.kill().expect("it runs");
    client.wait().expect("it ends");
    say(&mut stream, "two");
    finish(stream);
    let run = ended(&home);
    assert_eq!(run["status"], "complete");
    let shown = home.json(&["history", "show", "-o", "json"]);
    assert_eq!(shown["messages"][1]["text"], "one two");
}

#[test]
fn a_run_is_read_again_from_any_event_live_and_after_its_end() {
    let provider = Provider::start();
    let home = provider.home();
    let client = home.mmp(&["chat", "-m", "rec/m", "hi"]).spawn().expect("mmp starts");
    let mut stream = provider.next();
    say(&mut stream, "one ");
    let id = until("the run", || only_run(&home)["id"].as_str().map(str::to_owned));
    let live = std::thread::scope(|scope| {
        let reader = scope.spawn(|| read_events(&home, &id, None));
        for word in ["two ", "three ", "four"] {
            say(&mut stream, word);
        }
        finish(stream);
        reader.join().expect("the reader ends")
    });
    assert_eq!(stdout(&wait(client)), "one two three four\n");
    let live_events = logged(&live);
    check_all(&live_events).expect("the log keeps the law");
    assert_eq!(text_of(&live_events), "one two three four");
    assert_eq!(read_events(&home, &id, None), live, "after the end it is the same log");
    for after in 1..live.len() {
        let rest = read_events(&home, &id, Some(after as u64));
        assert_eq!(rest, live[after..], "from {after} on");
    }
    assert!(read_events(&home, &id, Some(live.len() as u64)).is_empty());
    home.text(&["daemon", "restart"]);
    assert_eq!(read_events(&home, &id, None), live, "and after a restart");
}

#[test]
fn an_event_id_that_the_log_does_not_reach_gets_a_reset_and_the_whole_log() {
    let home = Home::new();
    let run = home.json(&["chat", "--json", "hello"])["run_id"].as_str().expect("an id").to_owned();
    let events = read_events(&home, &run, Some(999));
    assert_eq!((events[0].1.as_str(), events[0].2["reset"].as_bool()), ("started", Some(true)));
    check_all(&logged(&events)).expect("the log keeps the law");
    let whole = read_events(&home, &run, None);
    assert_eq!(events[1..], whole[1..]);
}

#[test]
fn a_stopped_run_keeps_what_was_said_and_exits_with_130() {
    let provider = Provider::start();
    let home = provider.home();
    let mut client = home.mmp(&["chat", "--json", "-m", "rec/m", "hi"]).spawn().expect("mmp starts");
    let mut stream = provider.next();
    say(&mut stream, "half an ");
    let run = until("the first piece", || Some(only_run(&home)).filter(|run| run["status"] == "running"));
    until("the first event", || client.try_wait().expect("it can be asked").is_none().then_some(()));
    // Whether the piece has arrived is told by the run's own log.
    let mut answer =
        http::request(&home.socket(), "GET", &format!("/api/v1/runs/{}/events", run["id"].as_str().expect("an id")), &[], b"");
    while answer.next_event().is_some_and(|(_, name, _)| name != "text") {}
    crate::support::signal_process(client.id(), Signal::INT);
    let output = wait(client);
    assert_eq!(code(&output), 130, "{}", stderr(&output));
    let printed: Value = serde_json::from_str(&stdout(&output)).expect("JSON all the same");
    assert_eq!((printed["text"].as_str(), printed["status"].as_str()), (Some("half an "), Some("cancelled")));
    assert_eq!(only_run(&home)["status"], "cancelled");
    assert_eq!(home.json(&["history", "show", "-o", "json"])["messages"][1]["text"], "half an ");
    drop(stream);
}

#[test]
fn a_daemon_that_is_killed_keeps_the_answer_but_for_its_last_moment() {
    let provider = Provider::start();
    let home = provider.home();
    let mut client = home.mmp(&["chat", "-m", "rec/m", "hi"]).spawn().expect("mmp starts");
    let mut stream = provider.next();
    say(&mut stream, "kept words");
    let id = until("the run", || only_run(&home)["id"].as_str().map(str::to_owned));
    // A second reader tells when the checkpoint must be there: 250 ms after the words at the latest.
    let mut answer = http::request(&home.socket(), "GET", &format!("/api/v1/runs/{id}/events"), &[], b"");
    while answer.next_event().is_some_and(|(_, name, _)| name != "text") {}
    std::thread::sleep(std::time::Duration::from_millis(600));
    crate::support::signal_process(client.id(), Signal::KILL);
    client.wait().expect("it ends");
    home.kill_daemon();
    let run = only_run(&home);
    assert_eq!((run["status"].as_str(), run["id"].as_str()), (Some("interrupted"), Some(id.as_str())));
    let shown = home.json(&["history", "show", "-o", "json"]);
    assert_eq!(
        (shown["messages"][1]["text"].as_str(), shown["messages"][1]["status"].as_str()),
        (Some("kept words"), Some("interrupted"))
    );
    let events = logged(&read_events(&home, &id, None));
    check_all(&events).expect("the log keeps the law");
    assert_eq!(text_of(&events), "kept words");
}

#[test]
fn a_stopping_daemon_lets_runs_finish() {
    let provider = Provider::start();
    let home = provider.home();
    let client = home.mmp(&["chat", "-m", "rec/m", "hi"]).spawn().expect("mmp starts");
    let mut stream = provider.next();
    say(&mut stream, "one ");
    until("the run", || only_run(&home)["id"].as_str().map(str::to_owned));
    home.signal_daemon(Signal::TERM);
    let refused = until("that it stops", || {
        let answer = http::json(&home.socket(), "POST", "/api/v1/chat", &json!({"content": "more", "models": ["demo"]}));
        Some(answer).filter(|(status, _)| *status == 503)
    });
    assert_eq!(refused.1["code"], "unavailable");
    say(&mut stream, "two");
    finish(stream);
    let output = wait(client);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, "one two\n"), "{}", stderr(&output));
    home.wait_for_end();
}

#[test]
fn a_stopping_daemon_writes_down_what_does_not_finish() {
    let provider = Provider::start();
    let home = Home::new().with("MMPD_RUNS_STOP_TIMEOUT", "100ms");
    home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", &provider.url]);
    let answer = http::request(
        &home.socket(),
        "POST",
        "/api/v1/chat",
        &[("content-type", "application/json")],
        br#"{"content":"hi","models":["rec/m"]}"#,
    );
    let mut stream = provider.next();
    say(&mut stream, "half");
    let mut answer = answer;
    while answer.next_event().is_some_and(|(_, name, _)| name != "text") {}
    home.signal_daemon(Signal::TERM);
    let last = std::iter::from_fn(|| answer.next_event()).last().expect("an end");
    assert_eq!((last.1.as_str(), last.2["status"].as_str()), ("failed", Some("interrupted")));
    home.wait_for_end();
    assert_eq!(home.json(&["history", "show", "-o", "json"])["messages"][1]["text"], "half");
}

#[test]
fn a_run_that_is_not_saved_ends_with_its_client() {
    let provider = Provider::start();
    let home = provider.home();
    let body = br#"{"content":"hi","models":["rec/m"],"save":false}"#;
    let mut answer = http::request(&home.socket(), "POST", "/api/v1/chat", &[("content-type", "application/json")], body);
    let mut stream = provider.next();
    say(&mut stream, "half");
    while answer.next_event().is_some_and(|(_, name, _)| name != "text") {}
    drop(answer);
    // The daemon lets go of the provider: what is written comes to nobody.
    until("the provider to be let go", || (write!(stream, ": ping\n\n").and_then(|()| stream.flush()).is_err()).then_some(()));
    until("no live run", || (home.json(&["daemon", "status", "-o", "json"])["runs"] == 0).then_some(()));
}

#[test]
fn a_cut_stream_is_kept_said_and_exits_with_seven() {
    let provider = Provider::start();
    let home = provider.home();
    let client = home.mmp(&["chat", "--json", "-m", "rec/m", "hi"]).spawn().expect("mmp starts");
    let mut stream = provider.next();
    say(&mut stream, "half");
    drop(stream);
    let output = wait(client);
    assert_eq!(code(&output), 7, "{}", stderr(&output));
    assert_eq!(json_error(&output)["code"], "stream_truncated");
    let printed: Value = serde_json::from_str(&stdout(&output)).expect("the partial answer");
    assert_eq!((printed["text"].as_str(), printed["status"].as_str()), (Some("half"), Some("truncated")));
    let text = home.run(&["history", "show", "-o", "json"]);
    assert!(stdout(&text).contains("\"truncated\""));
}

#[test]
fn a_closed_stdout_ends_the_client_quietly_and_not_the_run() {
    let provider = Provider::start();
    let home = provider.home();
    let mut client = home.mmp(&["chat", "-m", "rec/m", "hi"]).spawn().expect("mmp starts");
    drop(client.stdout.take());
    let mut stream = provider.next();
    say(&mut stream, "one ");
    let output = wait(client);
    assert_eq!(stderr(&output), "", "quietly");
    say(&mut stream, "two");
    finish(stream);
    assert_eq!(ended(&home)["status"], "complete");
}
