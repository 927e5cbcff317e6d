//! Runs that nobody waits for: begun and left, waited for, and looked at again from as many terminals as wanted.

use std::io::{BufRead as _, BufReader};

use rustix::process::Signal;
use serde_json::{Value, json};

use super::run_life::{Provider, finish, say};
use crate::support::{Home, code, http, json_error, signal_process, stderr, stdout, until, wait};

fn home(provider: &Provider) -> Home {
    let home = Home::new();
    home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", provider.url()]);
    home
}

/// Begins a run and leaves it; returns its id.
fn left(home: &Home, more: &[&str]) -> String {
    home.text(&[&["chat", "-d", "-m", "rec/x", "hi"], more].concat()).trim().to_owned()
}

#[test]
fn a_run_that_is_left_is_played_from_its_start_and_followed() {
    let provider = Provider::start();
    let home = home(&provider);
    let id = left(&home, &[]);
    assert_eq!(id.len(), 36, "the id alone: {id}");
    let mut asked = provider.next();
    say(&mut asked, "one ");
    let terminals: Vec<_> = (0..3).map(|_| home.mmp(&["attach", &id[28..]]).spawn().expect("mmp can be started")).collect();
    let last = home.mmp(&["attach", "-o", "jsonl"]).spawn().expect("mmp can be started");
    say(&mut asked, "two");
    finish(asked);
    for terminal in terminals {
        let output = wait(terminal);
        assert_eq!((code(&output), stdout(&output).as_str()), (0, "one two\n"), "{}", stderr(&output));
    }
    let events: Vec<Value> = stdout(&wait(last)).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(events.first().map(|event| event["event"].clone()), Some(json!("started")));
    assert_eq!(events.last().map(|event| event["event"].clone()), Some(json!("done")));
    assert!(events.iter().all(|event| event["run_id"] == *id));
    // It has ended: it is played, then it ends.
    let answer = home.json(&["attach", &id, "--json"]);
    assert_eq!((answer["text"].clone(), answer["run_id"].clone()), (json!("one two"), json!(id)));
    let rest = home.text(&["attach", &id, "--after", "2", "-o", "jsonl"]);
    assert_eq!(serde_json::from_str::<Value>(rest.lines().next().expect("a line")).expect("JSON")["id"], 3);
}

#[test]
fn leaving_again_stops_nothing() {
    let provider = Provider::start();
    let home = home(&provider);
    let id = left(&home, &["--json"]);
    let begun: Value = serde_json::from_str(&id).expect("JSON");
    let id = begun["run_id"].as_str().expect("an id").to_owned();
    assert!(begun["conversation_id"].is_string());
    let mut asked = provider.next();
    say(&mut asked, "still ");
    let mut looking = home.mmp(&["attach"]).spawn().expect("mmp can be started");
    let mut shown = BufReader::new(looking.stdout.take().expect("it was piped"));
    let mut first = [0; 6];
    std::io::Read::read_exact(&mut shown, &mut first).expect("the text so far");
    signal_process(looking.id(), Signal::INT);
    let output = wait(looking);
    assert_eq!(code(&output), 130);
    assert!(stderr(&output).contains("mmp runs stop"), "{}", stderr(&output));
    assert_eq!(shown.lines().next().transpose().expect("the end").unwrap_or_default(), "");
    say(&mut asked, "here");
    finish(asked);
    assert_eq!(code(&home.run(&["runs", "wait", &id])), 0);
    assert_eq!(home.json(&["attach", "--json"])["text"], "still here");
}

#[test]
fn waiting_for_a_run_ends_as_the_run_does() {
    let provider = Provider::start();
    let home = home(&provider);
    assert_eq!(json_error(&home.run(&["runs", "wait", "--json"]))["code"], "not_found");
    let whole = left(&home, &[]);
    let asked = provider.next();
    let waiting = home.mmp(&["runs", "wait"]).spawn().expect("mmp can be started");
    finish(asked);
    let output = wait(waiting);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, ""), "{}", stderr(&output));
    let cut = left(&home, &["--no-fallback"]);
    let mut asked = provider.next();
    say(&mut asked, "half");
    until("the text is in the log", || {
        let mut answer = http::request(&home.socket(), "GET", &format!("/api/v1/runs/{cut}/events"), &[], b"");
        std::iter::from_fn(|| answer.next_event()).take(2).any(|(_, name, _)| name == "text").then_some(())
    });
    home.text(&["runs", "stop", &cut]);
    let output = home.run(&["runs", "wait", &whole, &cut, "--json"]);
    assert_eq!(code(&output), 130, "as if it had been stopped here");
    let statuses: Vec<Value> =
        stdout(&output).lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["status"].clone()).collect();
    assert_eq!(statuses, ["complete", "cancelled"]);
}

#[test]
fn a_run_whose_events_were_forgotten_still_has_its_answer() {
    let home = Home::new().with("MMPD_RUNS_KEEP", "0s");
    let answer = home.json(&["chat", "-m", "demo", "--json", "hi"]);
    // The house is kept when the daemon begins.
    home.text(&["daemon", "restart"]);
    let played = home.json(&["attach", answer["run_id"].as_str().expect("an id"), "--json"]);
    for field in ["text", "status", "usage", "run_id", "conversation_id"] {
        assert_eq!(played[field], answer[field], "{field}");
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let home = Home::new();
    for (arguments, expected) in [
        (&["chat", "-d", "-n", "hi"][..], 2),
        (&["attach", "--after", "2", "--json"], 2),
        (&["attach", "-x", "-o", "jsonl"], 2),
        (&["attach", "ffffffff"], 1),
        (&["attach"], 1),
    ] {
        assert_eq!(code(&home.run(arguments)), expected, "{arguments:?}");
    }
}
