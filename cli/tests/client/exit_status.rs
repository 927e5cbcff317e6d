//! The exit code says what became of the answer, and the last line of stderr why.

use std::process::Stdio;

use serde_json::json;

use crate::{
    fake::{Piece, Reply, answer, ending, events, failed, started, text},
    world::{World, ran},
};

#[test]
fn an_error_before_any_text_exits_by_its_code() {
    for (status, code, exit) in [
        (400, "bad_request", 2),
        (413, "too_large", 2),
        (409, "no_key", 3),
        (404, "not_found", 1),
        (404, "model_not_found", 4),
        (402, "provider_quota", 5),
        (503, "unavailable", 6),
    ] {
        let world = World::new();
        world.fake(move |_, _| Reply::error(status, code, "so it is"));
        let ran = world.run(&["chat", "hi"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (exit, ""), "{code}");
        assert_eq!(ran.stderr, "error: so it is\n");
    }
}

#[test]
fn an_error_after_text_exits_with_seven_and_keeps_the_text() {
    let world = World::new();
    world.fake(|_, _| Reply::stream(events(1, &[started(), text("half"), failed("truncated", "stream_truncated")])));
    let ran = world.run(&["chat", "hi"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (7, "half\n", "error: it broke\n"));
    let ran = world.run(&["chat", "--json", "hi"]);
    assert_eq!((ran.code, ran.error()["code"].as_str()), (7, Some("stream_truncated")));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&ran.stdout).expect("an answer")["status"], "truncated");
}

#[test]
fn a_failed_answer_without_text_exits_by_its_code() {
    let world = World::new();
    world.fake(|_, _| Reply::stream(events(1, &[started(), failed("failed", "provider_timeout")])));
    assert_eq!(world.run(&["chat", "hi"]).code, 4);
}

#[test]
fn a_limit_of_length_exits_with_seven_and_says_so() {
    let world = World::new();
    let mut end = ending("truncated", &serde_json::Value::Null);
    end["finish_reason"] = "length".into();
    world.fake(move |_, _| Reply::stream(events(1, &[started(), text("half"), ("done", end.clone())])));
    let ran = world.run(&["chat", "hi"]);
    assert_eq!(ran.code, 7);
    assert!(ran.stderr.contains("limit of length"), "{}", ran.stderr);
}

#[test]
fn the_error_of_json_has_the_fields_of_the_contract() {
    let world = World::new();
    let problem = json!({
        "type": "about:blank", "title": "x", "status": 502, "detail": "x", "code": "provider_auth", "message": "refused",
        "hint": "set a key", "retryable": false, "provider": "openai", "http_status": 401, "request_id": "r1",
    });
    world.fake(move |_, _| Reply::problem(502, &problem));
    let ran = world.run(&["chat", "--json", "hi"]);
    let expected = json!({
        "code": "provider_auth", "message": "refused", "hint": "set a key", "retryable": false, "provider": "openai",
        "http_status": 401, "request_id": "r1",
    });
    assert_eq!((ran.code, ran.error()), (4, expected));
}

#[test]
fn a_daemon_that_is_named_and_not_there_is_unreachable() {
    let world = World::new();
    let ran = world.run(&["chat", "--host", "unix:///nowhere/mmp.sock", "hi", "--json"]);
    assert_eq!((ran.code, ran.error()["code"].as_str()), (6, Some("daemon_unreachable")));
    let ran = world.run(&["chat", "--host", "nowhere", "hi", "--json"]);
    assert_eq!((ran.code, ran.error()["code"].as_str()), (2, Some("bad_request")));
}

#[test]
fn a_closed_stdout_ends_the_client_quietly() {
    let world = World::new();
    let words = vec!["word "; 20_000];
    let fake = world.fake(move |_, _| {
        let mut pieces = events(1, &[started()]);
        pieces.extend(words.chunks(100).enumerate().map(|(index, words)| {
            let Some(Piece::Bytes(bytes)) = events(2 + index as u64, &[text(&words.concat())]).pop() else { unreachable!() };
            Piece::Bytes(bytes)
        }));
        Reply::stream(pieces)
    });
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let ran = ran(world.command(&["chat", "hi"]).stdout(Stdio::from(writer)).output().expect("the client runs"));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(fake.requests().len(), 1, "the run is not stopped");
}

#[test]
fn an_older_busy_daemon_is_told_once() {
    let world = World::new();
    world.fake(|_, _| answer(&["x"]).header("mmp-version", "0.0.1"));
    let ran = world.run(&["chat", "hi"]);
    assert!(ran.stderr.contains("0.0.1") && ran.stderr.lines().count() == 1, "{}", ran.stderr);
    assert_eq!(world.run(&["chat", "-q", "hi"]).stderr, "");
}
