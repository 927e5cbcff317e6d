//! The first minute: a fresh home, one command, an answer.

use std::process::Child;

use crate::support::{Home, code, json_error, stderr, stdout};

#[test]
fn the_first_command_starts_a_daemon_makes_an_account_and_answers() {
    let home = Home::new();
    let output = home.run(&["chat", "hello"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("not an AI"), "{}", stdout(&output));
    assert!(stderr(&output).contains("no AI"), "{}", stderr(&output));
    let whoami = home.json(&["whoami", "-o", "json"]);
    assert_eq!((whoami["role"].as_str(), whoami["via"].as_str()), (Some("admin"), Some("peer")));
    let pid = home.daemon_pid();
    home.text(&["chat", "again"]);
    assert_eq!(home.daemon_pid(), pid, "the same daemon answers");
}

#[test]
fn fifty_at_once_on_a_fresh_home_start_one_daemon_and_all_succeed() {
    let home = Home::new();
    let children: Vec<Child> =
        (0..50).map(|n| home.mmp(&["chat", "--json", &format!("hello {n}")]).spawn().expect("mmp starts")).collect();
    for child in children {
        let output = child.wait_with_output().expect("mmp ends");
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    }
    let starts: usize = home
        .files()
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|extension| extension == "log"))
        .map(|(_, bytes)| String::from_utf8_lossy(bytes).matches("listening").count())
        .sum();
    assert_eq!(starts, 1, "exactly one daemon has listened");
    let list = home.json(&["history", "list", "--all", "-o", "json"]);
    assert_eq!(list["items"].as_array().map(Vec::len), Some(50));
}

#[test]
fn an_unknown_model_is_told_its_nearest() {
    let home = Home::new();
    let output = home.run(&["chat", "--json", "-m", "gpt-4oo", "hi"]);
    assert_eq!(code(&output), 4);
    let error = json_error(&output);
    assert_eq!(error["code"], "model_not_found");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("gpt-4o")), "{error}");
}

#[test]
fn a_prompt_of_ten_megabytes_is_refused_with_its_limit() {
    let home = Home::new();
    let output = home.run_with_input(&["chat", "--json"], &vec![b'a'; 10_000_000]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    let error = json_error(&output);
    assert_eq!(error["code"], "too_large");
    assert!(error["message"].as_str().is_some_and(|message| message.contains("4194304")), "{error}");
    assert!(home.json(&["history", "list", "-o", "json"])["items"].as_array().is_some_and(Vec::is_empty), "nothing was kept");
}

#[test]
fn a_conversation_goes_on_where_it_was() {
    let home = Home::new();
    let first = home.json(&["chat", "--json", "one"]);
    let second = home.json(&["chat", "--json", "-c", "two"]);
    assert_eq!(first["conversation_id"], second["conversation_id"]);
    let shown = home.json(&["history", "show", "-o", "json"]);
    let texts: Vec<_> = shown["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .map(|message| message["role"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(texts, ["user", "assistant", "user", "assistant"]);
    assert_eq!(shown["conversation"]["messages"], 4);
    assert_eq!(shown["conversation"]["title"], "one");
}

#[test]
fn what_is_not_to_be_saved_is_nowhere_on_disk() {
    let home = Home::new();
    let answer = home.json(&["chat", "--json", "-n", "the word is zanzibarium"]);
    assert!(answer["conversation_id"].is_null() && answer["message_id"].is_null());
    assert!(answer["text"].as_str().is_some_and(|text| text.contains("zanzibarium")), "the demo repeats it");
    assert!(home.json(&["history", "list", "-o", "json"])["items"].as_array().is_some_and(Vec::is_empty));
    home.text(&["daemon", "stop"]);
    for (path, bytes) in home.files() {
        assert!(!bytes.windows(11).any(|window| window == b"zanzibarium"), "{} holds it", path.display());
    }
}
