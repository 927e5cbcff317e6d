//! Conversations in which something is going on: two clients at once, a deletion and an export in the middle of an answer.

use serde_json::{Value, json};

use crate::{
    run_life::{Provider, finish as end, say},
    support::{Home, code, http, until, wait},
};

fn home(provider: &Provider) -> Home {
    let home = Home::new();
    home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", provider.url()]);
    home
}

/// A conversation with one answer in it, and its id.
fn begun(home: &Home, provider: &Provider) -> Value {
    let child = home.mmp(&["chat", "--json", "-m", "rec/x", "first"]).spawn().expect("mmp starts");
    let mut stream = provider.next();
    say(&mut stream, "one");
    end(stream);
    serde_json::from_slice(&wait(child).stdout).expect("an answer")
}

#[test]
fn two_who_go_on_at_the_same_moment_are_both_kept_as_branches() {
    let provider = Provider::start();
    let home = home(&provider);
    let first = begun(&home, &provider);
    let left = home.mmp(&["chat", "--json", "-c", "left"]).spawn().expect("mmp starts");
    let mut left_stream = provider.next();
    say(&mut left_stream, "to the left");
    // The first question is on disk, and is the conversation's leaf, when the second one comes.
    let right = home.mmp(&["chat", "--json", "-c", "right"]).spawn().expect("mmp starts");
    let mut right_stream = provider.next();
    say(&mut right_stream, "to the right");
    end(left_stream);
    let left: Value = serde_json::from_slice(&wait(left).stdout).expect("an answer");
    end(right_stream);
    let right: Value = serde_json::from_slice(&wait(right).stdout).expect("an answer");
    assert_eq!((&left["status"], &right["status"]), (&json!("complete"), &json!("complete")));
    let tree = home.json(&["history", "show", "--tree", "--json"]);
    let messages = tree["messages"].as_array().expect("messages");
    let questions: Vec<_> = messages.iter().filter(|message| message["parent_id"] == first["message_id"]).collect();
    assert_eq!(questions.iter().map(|question| &question["text"]).collect::<Vec<_>>(), ["left", "right"]);
    for (question, answer) in questions.iter().zip([&left, &right]) {
        let found = messages.iter().find(|message| message["id"] == answer["message_id"]).expect("it is kept");
        assert_eq!(found["parent_id"], question["id"]);
    }
    assert_eq!(tree["conversation"]["messages"], 6);
    let shown = home.json(&["history", "show", "--json"]);
    assert_eq!(shown["messages"].as_array().map(Vec::len), Some(4));
}

#[test]
fn deleting_a_conversation_ends_the_answer_that_is_made_in_it() {
    let provider = Provider::start();
    let home = home(&provider);
    let first = begun(&home, &provider);
    let child = home.mmp(&["chat", "--json", "-c", "more"]).spawn().expect("mmp starts");
    let mut stream = provider.next();
    say(&mut stream, "half an ");
    let live = until("the live run", || {
        let runs = home.json(&["runs", "list", "--json"]);
        runs["items"].as_array()?.iter().find(|run| run["status"] == "running").cloned()
    });
    home.text(&["history", "delete", "--yes", first["conversation_id"].as_str().expect("an id")]);
    assert_ne!(code(&wait(child)), 0, "the answer was cut");
    for path in [format!("/api/v1/runs/{}", live["id"].as_str().expect("an id")), "/api/v1/conversations/first".to_owned()] {
        assert_eq!(http::json(&home.socket(), "GET", &path, &Value::Null).0, 404, "{path}");
    }
    assert_eq!(home.json(&["runs", "list", "--json"])["items"], json!([]));
    home.kill_daemon();
    assert_eq!(home.json(&["history", "list", "--json"])["items"], json!([]), "the next daemon starts, and finds nothing either");
}

#[test]
fn an_export_in_the_middle_of_an_answer_is_whole_in_itself() {
    let provider = Provider::start();
    let home = home(&provider);
    begun(&home, &provider);
    let child = home.mmp(&["chat", "--json", "-c", "more"]).spawn().expect("mmp starts");
    let mut stream = provider.next();
    say(&mut stream, "half an ");
    let exported = home.json(&["history", "export", "--format", "json"]);
    let messages = exported["messages"].as_array().expect("messages");
    assert_eq!(messages.len(), 3, "the question is there, its answer not yet");
    assert!(messages.iter().any(|message| message["id"] == exported["conversation"]["leaf_id"]));
    say(&mut stream, "answer");
    end(stream);
    assert_eq!(code(&wait(child)), 0);
    let other = Home::new();
    let file = other.path().join("half.json");
    std::fs::write(&file, exported.to_string()).expect("written");
    let path = file.to_str().expect("a path");
    assert_eq!(other.json(&["history", "import", path, "--json"])["added"], 1);
    let whole = home.text(&["history", "export", "--format", "json"]);
    std::fs::write(&file, whole).expect("written");
    let report = other.json(&["history", "import", path, "--json"]);
    assert_eq!((&report["extended"], &report["messages"]), (&json!(1), &json!(1)), "the rest is added to what is there");
    assert_eq!(other.json(&["history", "show", "--json"])["messages"].as_array().map(Vec::len), Some(4));
}
