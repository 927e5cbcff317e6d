//! What keeps an answer from beginning or from going on: nobody there, no such host, no TLS, a reset, silence.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
};

use rustix::process::Signal;
use serde_json::json;

use crate::{
    replies::{SSE, begun, good, says_with, text, thought},
    support::{
        code, http, signal_process, until,
        upstream::{
            Upstream,
            server::{Step, chunk, head},
        },
        wait,
    },
    world::World,
};

const UNREACHABLE: &str = "provider_unreachable";
const TIMEOUT: &str = "provider_timeout";

fn free_port() -> String {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").to_string()
}

#[test]
fn nobody_is_there() {
    let world = World::new();
    let closed = free_port();
    let tls = format!("https://{}", plain_server());
    for (place, words) in [
        (format!("http://{closed}"), format!("nothing listens at `{closed}`")),
        ("http://no-such-host.invalid".to_owned(), "there is no host `no-such-host.invalid`".to_owned()),
        (tls, "no secure connection".to_owned()),
    ] {
        let name = world.add("deepseek", &place);
        let met = world.ask(&format!("{name}/m"), &[]);
        met.ends("failed", 4, Some(UNREACHABLE)).words(&[&words]).text("");
        assert_eq!((&met.error["retryable"], &met.error["http_status"]), (&true.into(), &serde_json::Value::Null));
        assert!(!met.waits().is_empty(), "it may be there a moment later: {met:#?}");
    }
    world.ends();
}

/// A server that speaks no TLS and says so to everybody.
fn plain_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it has one").to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // Read before it closes: a reset would hide the answer.
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            let _ = stream.read(&mut [0; 4096]);
        }
    });
    address
}

#[test]
fn a_reset_before_the_answer_is_tried_again() {
    let world = World::new();
    let met = world.meet("openai", vec![vec![Step::Reset], good("here")]);
    met.ends("complete", 0, None).tried(&[UNREACHABLE, "-"]).text("here");
    let met = world.meet("openai", vec![vec![Step::Close], good("here")]);
    met.ends("complete", 0, None).tried(&[UNREACHABLE, "-"]).text("here");
    let met = world.meet("openai", vec![vec![Step::Reset]]);
    met.ends("failed", 4, Some(UNREACHABLE)).words(&["closed the connection before it answered"]);
    world.ends();
}

#[test]
fn a_reset_within_the_answer_is_a_cut() {
    let world = World::new();
    // The piece is shown before the reset comes: what is in flight with a reset may be lost with it.
    let piece_then_reset =
        |piece: String| [begun(&[piece]), vec![Step::Pause(std::time::Duration::from_millis(100)), Step::Reset]].concat();
    let met = world.meet("openai", vec![piece_then_reset(text("half"))]);
    met.ends("truncated", 7, Some("stream_truncated")).tried(&["stream_truncated"]).text("half");
    let met = world.meet("openai", vec![piece_then_reset(thought("void")), good("here")]);
    met.ends("complete", 0, None).tried(&["stream_truncated", "-"]).text("here");
    world.ends();
}

#[test]
fn silence_ends_and_its_connection_is_closed() {
    let world = World::hasty();
    for (steps, silence, exit, kept) in [
        (vec![Step::AwaitClose], "2s", 4, ""),
        (vec![head(200, SSE, &[]), Step::AwaitClose], "2s", 4, ""),
        ([begun(&[thought("hm")]), vec![Step::AwaitClose]].concat(), "500ms", 4, ""),
        ([begun(&[text("half")]), vec![Step::AwaitClose]].concat(), "500ms", 7, "half"),
        ([begun(&[text("half")]), vec![chunk("data: {"), Step::AwaitClose]].concat(), "500ms", 7, "half"),
    ] {
        let met = world.meet("openai", vec![steps]);
        met.ends("failed", exit, Some(TIMEOUT)).text(kept).words(&[&format!("said nothing new for {silence}")]);
    }
    world.ends();
}

#[test]
fn an_error_whose_words_never_come_is_still_that_error() {
    let world = World::hasty();
    let mut steps = vec![head(500, "application/json", &[]), chunk("{"), Step::AwaitClose];
    world.meet("openai", vec![steps.clone()]).ends("failed", 4, Some("provider_overloaded"));
    steps[0] = head(401, "application/json", &[]);
    world.meet("openai", vec![steps]).ends("failed", 4, Some("provider_auth"));
    world.ends();
}

#[test]
fn whoever_stops_leaves_nothing_open() {
    let world = World::new();
    let upstream = Upstream::repeating([begun(&[text("half")]), vec![Step::AwaitClose]].concat());
    let name = world.add("openai", &upstream.root());
    let child = world.home().mmp(&["chat", "--json", "-m", &format!("{name}/m"), "hi"]).spawn().expect("mmp starts");
    until("the question", || (upstream.requests().len() == 1).then_some(()));
    signal_process(child.id(), Signal::INT);
    assert_eq!(code(&wait(child)), 130);
    until("the connection to be closed", || (upstream.open() == 0).then_some(()));
    world.ends();
}

#[test]
fn whoever_stops_during_a_wait_is_not_kept_waiting() {
    let world = World::new();
    let upstream = Upstream::repeating(says_with(429, &[("retry-after", "30")], "{}"));
    let name = world.add("openai", &upstream.root());
    let child = world.home().mmp(&["chat", "--json", "-m", &format!("{name}/m"), "hi"]).spawn().expect("mmp starts");
    let told = || {
        let runs = world.home().json(&["runs", "list", "--limit", "1", "-o", "json"]);
        let is_it = runs["items"][0]["provider"] == name.as_str() && upstream.requests().len() == 1 && upstream.open() == 0;
        is_it.then(|| runs["items"][0]["id"].as_str().expect("an id").to_owned())
    };
    let run = until("the wait", told);
    signal_process(child.id(), Signal::INT);
    assert_eq!(code(&wait(child)), 130);
    let shown = world.home().json(&["runs", "show", &run, "-o", "json"]);
    assert_eq!((&shown["status"], upstream.requests().len()), (&"cancelled".into(), 1), "{shown}");
    world.ends();
}

#[test]
fn many_who_fail_at_once_leave_nothing_open() {
    let world = World::new();
    let endings = [
        vec![Step::Reset],
        vec![Step::Close],
        begun(&[text("half")]).into_iter().chain([Step::Close]).collect(),
        says_with(500, &[("retry-after", "0")], "{}"),
        good("whole"),
    ];
    let upstreams: Vec<_> = endings.into_iter().map(Upstream::repeating).collect();
    let names: Vec<_> = upstreams.iter().map(|upstream| world.add("openai", &upstream.root())).collect();
    let ask =
        |name: &String| world.home().mmp(&["chat", "--json", "-m", &format!("{name}/m"), "hi"]).spawn().expect("mmp starts");
    let children: Vec<_> = (0..6).flat_map(|_| names.iter().map(ask)).collect();
    for (number, child) in children.into_iter().enumerate() {
        assert_eq!(code(&wait(child)), [4, 4, 7, 4, 0][number % 5]);
    }
    until("the connections to be closed", || upstreams.iter().all(|upstream| upstream.open() == 0).then_some(()));
    world.ends();
}

#[test]
fn a_run_that_nobody_reads_ends_all_the_same() {
    let world = World::new();
    for (steps, status, error) in [
        (begun(&[text("half")]).into_iter().chain([Step::Close]).collect(), "truncated", Some("stream_truncated")),
        (says_with(402, &[], "{}"), "failed", Some("provider_quota")),
        (good("whole"), "complete", None),
    ] {
        let upstream = Upstream::repeating(steps);
        let name = world.add("openai", &upstream.root());
        let question = json!({"content": "hi", "models": [format!("{name}/m")], "detach": true});
        let (accepted, run) = http::json(&world.home().socket(), "POST", "/api/v1/chat", &question);
        assert_eq!(accepted, 202, "{run}");
        let id = run["run_id"].as_str().expect("an id");
        let ended = || {
            let run = world.home().json(&["runs", "show", id, "-o", "json"]);
            (!run["finished_at"].is_null()).then_some(run)
        };
        let run = until("the end", ended);
        assert_eq!((run["status"].as_str(), run["error"]["code"].as_str()), (Some(status), error), "{run}");
        until("the connections to be closed", || (upstream.open() == 0).then_some(()));
    }
    world.ends();
}
