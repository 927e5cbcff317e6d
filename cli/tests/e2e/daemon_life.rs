//! The daemon's own life: its lock, its socket, its end, and how it makes way for a newer client.

use std::{fs, os::unix::fs::PermissionsExt};

use rustix::process::Signal;
use serde_json::json;

use crate::support::{Home, code, http, stderr, stdout, until};

#[test]
fn status_tells_whether_it_runs() {
    let home = Home::new();
    let status = home.json(&["daemon", "status", "-o", "json"]);
    assert_eq!(status["running"], false);
    home.text(&["daemon", "start"]);
    let status = home.json(&["daemon", "status", "-o", "json"]);
    assert_eq!((&status["running"], &status["runs"]), (&json!(true), &json!(0)));
    assert_eq!(status["pid"], home.daemon_pid());
    home.text(&["daemon", "stop"]);
    assert_eq!(home.json(&["daemon", "status", "-o", "json"])["running"], false);
    assert!(!home.socket().exists(), "the socket is taken away");
}

#[test]
fn both_signals_end_it_in_order_with_zero() {
    for signal in [Signal::TERM, Signal::INT] {
        let home = Home::new();
        let mut daemon = home.mmpd(&["run"]).spawn().expect("mmpd starts");
        until("the socket", || home.socket().exists().then_some(()));
        until("the lock file", || home.lock());
        crate::support::signal_process(daemon.id(), signal);
        assert_eq!(daemon.wait().expect("it ends").code(), Some(0));
    }
}

#[test]
fn a_second_daemon_on_the_same_folder_is_refused_in_words() {
    let home = Home::new();
    home.text(&["daemon", "start"]);
    let output = home.mmpd(&["run"]).output().expect("mmpd starts");
    assert_eq!(code(&output), 1);
    let said = stderr(&output);
    assert!(said.starts_with("error: ") && said.contains(&home.daemon_pid().to_string()), "{said}");
    assert!(said.contains("hint: "), "{said}");
}

#[test]
fn a_socket_whose_path_is_gone_is_bound_anew() {
    let home = Home::new();
    home.text(&["daemon", "start"]);
    let pid = home.daemon_pid();
    fs::remove_file(home.socket()).expect("it was there");
    until("the socket again", || home.socket().exists().then_some(()));
    home.text(&["chat", "hello"]);
    assert_eq!(home.daemon_pid(), pid);
}

#[test]
fn a_daemon_whose_data_folder_is_gone_ends() {
    let home = Home::new();
    let mut daemon = home.mmpd(&["run"]).spawn().expect("mmpd starts");
    until("the lock file", || home.lock());
    until("the socket", || home.socket().exists().then_some(()));
    fs::remove_dir_all(home.path().join("data")).expect("it was there");
    assert!(daemon.wait().expect("it ends").code().is_some(), "it ended by itself");
}

#[test]
fn a_killed_daemon_is_followed_by_the_next_command() {
    let home = Home::new();
    home.text(&["chat", "one"]);
    home.kill_daemon();
    home.text(&["chat", "-c", "two"]);
    assert_eq!(home.json(&["history", "show", "-o", "json"])["messages"].as_array().map(Vec::len), Some(4));
}

#[test]
fn an_idle_daemon_makes_way_for_a_newer_client() {
    let home = Home::new();
    home.text(&["daemon", "start"]);
    let answer = http::request(&home.socket(), "GET", "/api/v1/users/me", &[("mmp-version", "999.0.0")], b"");
    assert_eq!((answer.status, answer.header("mmp-stepping-down")), (503, Some("1")));
    home.wait_for_end();
    home.text(&["chat", "hello"]);
}

#[test]
fn a_daemon_that_nobody_asked_to_serve_clients_does_not_make_way() {
    let home = Home::new();
    let mut daemon = home.mmpd(&["run"]).spawn().expect("mmpd starts");
    until("the socket", || home.lock().filter(|_| home.socket().exists()));
    let answer = http::request(&home.socket(), "GET", "/api/v1/users/me", &[("mmp-version", "999.0.0")], b"");
    assert_eq!(answer.status, 200);
    crate::support::signal_process(daemon.id(), Signal::TERM);
    daemon.wait().expect("it ends");
}

#[test]
fn a_config_file_with_a_mistake_names_it_and_changes_nothing() {
    let home = Home::new();
    fs::write(home.path().join("config.toml"), "[daemon.store]\ncache = true\n").expect("it can be written");
    let output = home.run(&["chat", "hello"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    let said = stderr(&output);
    for part in ["config.toml", "2", "daemon.store.cache", "32 MiB"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    fs::write(home.path().join("config.toml"), "[daemon.store]\ncahce = \"1 MiB\"\n").expect("it can be written");
    let output = home.run(&["chat", "hello"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("daemon.store.cache"), "{}", stderr(&output));
}

#[test]
fn a_socket_path_that_is_too_long_is_said_with_the_way_out() {
    let home = Home::new();
    let long = home.path().join("x".repeat(100));
    fs::create_dir(&long).expect("it can be made");
    let output = home.mmp(&["chat", "hello"]).env("MMP_HOME", &long).output().expect("mmp starts");
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("107") && stderr(&output).contains("MMP_HOME"), "{}", stderr(&output));
}

#[test]
fn the_socket_and_the_folders_are_their_users_alone() {
    let home = Home::new();
    home.text(&["daemon", "start"]);
    for (path, mode) in [("mmp.sock", 0o600), ("data", 0o700), ("state", 0o700), ("data/mmpd.lock", 0o600)] {
        let found = fs::metadata(home.path().join(path)).expect(path).permissions().mode() & 0o777;
        assert_eq!(found, mode, "{path}: {found:o}");
    }
}

#[test]
fn a_route_that_is_none_is_a_problem_with_a_code() {
    let home = Home::new();
    home.text(&["daemon", "start"]);
    let (status, body) = http::json(&home.socket(), "GET", "/api/v1/nonsense", &json!(null));
    assert_eq!((status, body["code"].as_str(), body["status"].as_u64()), (404, Some("not_found"), Some(404)));
    assert!(body["request_id"].is_string(), "{body}");
    let (status, body) = http::json(&home.socket(), "POST", "/api/v1/chat", &json!({"content": "hi", "modles": []}));
    assert_eq!((status, body["code"].as_str()), (400, Some("bad_request")));
    assert!(body["message"].as_str().is_some_and(|message| message.contains("modles")), "{body}");
    let answer = http::request(&home.socket(), "GET", "/health/ready", &[], b"");
    assert_eq!((answer.status, answer.text().as_str()), (200, "ok"));
}

#[test]
fn logs_say_what_happened_and_no_prompt() {
    let home = Home::new();
    home.text(&["chat", "the secret recipe"]);
    let path = "/api/v1/conversations/the%20secret%20recipe";
    assert_eq!(http::request(&home.socket(), "GET", path, &[("x-request-id", "mine-8")], b"").status, 200);
    home.text(&["daemon", "stop"]);
    let logs: String = home
        .files()
        .into_iter()
        .filter(|(path, _)| path.starts_with(home.path().join("state")))
        .map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    assert!(logs.contains("run ended") && !logs.contains("recipe"), "{logs}");
    // A request is one line: its route, not its path, with its caller's id.
    let asked: Vec<&str> = logs.lines().filter(|line| line.contains("mine-8")).collect();
    assert_eq!(asked.len(), 1, "{logs}");
    for part in ["/conversations/{reference}", "method=GET", "unix:", "status=200", "micros="] {
        assert!(asked[0].contains(part), "{part}: {}", asked[0]);
    }
    let output = home.run(&["daemon", "logs"]);
    assert!(stdout(&output).contains("stopped"), "{}", stdout(&output));
}

#[test]
fn an_idle_daemon_ends_where_it_is_told_so_and_the_next_command_starts_one() {
    let home = Home::new().with("MMPD_IDLE_EXIT", "1s");
    home.text(&["chat", "before"]);
    let first = home.daemon_pid();
    home.wait_for_end();
    assert_eq!(home.json(&["daemon", "status", "-o", "json"])["running"], false);
    assert!(home.text(&["daemon", "logs"]).contains("there was nothing to do"));
    home.text(&["chat", "-c", "after"]);
    assert_ne!(home.daemon_pid(), first);
    assert_eq!(home.json(&["history", "list", "-o", "json"])["items"][0]["messages"], 4);
}
