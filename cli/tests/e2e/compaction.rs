//! What was deleted leaves the disk: by `mmp admin compact`, and at an orderly end where most of the store is garbage.

use serde_json::Value;

use crate::support::{
    Home, code, json_error, stderr,
    upstream::{Upstream, server},
};

const QUESTION: &str = "quetzalcoatlus-in-the-question";
const THOUGHT: &str = "ornithocheirus-in-the-thought";
const ANSWER: &str = "pterodaustro-in-the-answer";

/// Which of these words are in a file of the data folder.
fn found(home: &Home, words: &[&'static str]) -> Vec<&'static str> {
    let data = home.path().join("data");
    let files: Vec<_> = home.files().into_iter().filter(|(path, _)| path.starts_with(&data)).collect();
    let is_in = |word: &str, bytes: &[u8]| bytes.windows(word.len()).any(|window| window == word.as_bytes());
    words.iter().copied().filter(|word| files.iter().any(|(_, bytes)| is_in(word, bytes))).collect()
}

fn answering() -> Upstream {
    let delta =
        |field: &str, text: &str| format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"{field}\":\"{text}\"}}}}]}}\n\n");
    let end = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    let body = [delta("reasoning_content", THOUGHT), delta("content", ANSWER), end.to_owned()].concat();
    Upstream::repeating(server::answer(200, "text/event-stream", &[], body.as_bytes(), &[]))
}

#[test]
fn nothing_of_what_was_deleted_is_left_on_the_disk() {
    let upstream = answering();
    let home = upstream.add_to(Home::new());
    home.text(&["chat", "-m", "rec/m", QUESTION]);
    home.text(&["chat", "-m", "rec/m", "kept, and asked by somebody-who-stays"]);
    let first = &home.json(&["history", "list", "--json", "--title", QUESTION])["items"][0]["id"];
    assert_eq!(found(&home, &[QUESTION, THOUGHT, ANSWER]), [QUESTION, THOUGHT, ANSWER], "the store holds plain records");
    home.text(&["history", "delete", "--yes", first.as_str().expect("an id")]);
    let report = home.json(&["admin", "compact", "--json"]);
    assert!(report["before_bytes"].is_u64() && report["after_bytes"].is_u64(), "{report}");
    assert_eq!(found(&home, &[QUESTION]), [""; 0]);
    assert_eq!(found(&home, &["somebody-who-stays"]), ["somebody-who-stays"]);
    let hits = |word: &str| home.json(&["search", word, "--json"])["items"].as_array().map(Vec::len);
    assert_eq!((hits("somebody"), hits("quetzalcoatlus")), (Some(1), Some(0)), "the index was made anew");
    // The daemon runs again, with all that was kept, and so does everything that the second conversation is found by.
    assert_eq!(home.json(&["daemon", "status", "--json"])["running"], true);
    assert_eq!(home.json(&["history", "show", "--json"])["messages"][1]["text"], ANSWER);
    home.text(&["history", "delete", "--all", "--yes"]);
    home.text(&["admin", "compact"]);
    assert_eq!(found(&home, &[QUESTION, THOUGHT, ANSWER, "somebody-who-stays"]), [""; 0]);
}

#[test]
fn an_orderly_end_leaves_no_store_that_is_mostly_garbage() {
    let home = Home::new();
    let long = "a long question, over and over. ".repeat(12_000);
    for number in 0..16 {
        let output = home.run_with_input(&["chat", "--no-stream", &format!("{number} {QUESTION}")], long.as_bytes());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    }
    home.text(&["history", "delete", "--all", "--yes"]);
    assert_eq!(found(&home, &[QUESTION]), [QUESTION]);
    home.text(&["daemon", "stop"]);
    home.wait_for_end();
    assert_eq!(found(&home, &[QUESTION]), [""; 0]);
    assert_eq!(home.json(&["history", "list", "--json"])["items"], Value::Array(vec![]));
}

#[test]
fn a_store_in_use_or_elsewhere_is_not_touched() {
    let home = Home::new();
    home.text(&["chat", QUESTION]);
    let output = home.mmpd(&["compact"]).output().expect("mmpd starts");
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stderr(&output).contains("holds") && stderr(&output).contains("hint: "), "{}", stderr(&output));
    let output = home.run(&["admin", "compact", "--host", "http://127.0.0.1:1", "--json"]);
    assert_eq!((code(&output), json_error(&output)["code"].as_str()), (2, Some("bad_request")));
    let home = Home::new();
    let report = home.json(&["admin", "compact", "--json"]);
    assert_eq!(report["after_bytes"], 0, "where there is no store, none is made: {report}");
    assert_eq!(home.json(&["daemon", "status", "--json"])["running"], false);
}

#[test]
fn a_store_that_cannot_be_read_is_said_and_stays() {
    let home = Home::new().with("MMPD_STORE_URL", "nonsense:");
    let output = home.run(&["admin", "compact", "--json"]);
    assert_eq!((code(&output), json_error(&output)["code"].as_str()), (1, Some("storage_failed")), "{}", stderr(&output));
}
