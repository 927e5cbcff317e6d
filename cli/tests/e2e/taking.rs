//! Conversations taken along and taken in: exactly, once, and with a word about what could not be.

use std::{fs, io::Write};

use serde_json::{Value, json};

use crate::support::{Home, code, http, json_error, stderr, stdout};

/// How many records a large file has: as many as are quickly written, and far more than the client may hold.
const RECORDS: usize = 400;

/// Writes a file into a home and gives back its path.
fn file(home: &Home, name: &str, text: &str) -> String {
    let path = home.path().join(name);
    fs::write(&path, text).expect("written");
    path.to_str().expect("a path").to_owned()
}

/// A home with two conversations, one of them forked, pinned and archived.
fn full() -> Home {
    let home = Home::new();
    let first = home.json(&["chat", "--json", "-s", "be brief", "one <script>alert(1)</script>"]);
    home.text(&["chat", "-c", "two"]);
    home.text(&["history", "branch", first["message_id"].as_str().expect("an id")]);
    home.text(&["chat", "-c", "three"]);
    let id = first["conversation_id"].as_str().expect("an id");
    home.text(&["history", "rename", id, "菜谱 <b>"]);
    home.text(&["history", "pin", id]);
    home.text(&["history", "archive", id]);
    home.text(&["chat", "another talk"]);
    home
}

#[test]
fn a_round_trip_is_exact_and_a_second_import_adds_nothing() {
    let home = full();
    for (format, name) in [("json", "all.json"), ("jsonl", "all.jsonl")] {
        let exported = home.text(&["history", "export", "--all", "--format", format]);
        let other = Home::new();
        let path = file(&other, name, &exported);
        let report = other.json(&["history", "import", &path, "--json"]);
        assert_eq!((&report["added"], &report["messages"], &report["skipped"]), (&json!(2), &json!(8), &json!([])), "{format}");
        assert_eq!(other.text(&["history", "export", "--all", "--format", format]), exported, "{format}: tree, ids and times");
        let again = other.json(&["history", "import", &path, "--json"]);
        assert_eq!((&again["added"], &again["present"], &again["messages"]), (&json!(0), &json!(2), &json!(0)));
        assert_eq!(other.text(&["history", "export", "--all", "--format", format]), exported);
        other.text(&["chat", "-C", "another talk", "more"]);
        assert_eq!(other.json(&["history", "import", &path, "--json"])["present"], 2, "what was added here stays");
        assert_eq!(other.json(&["history", "show", "another talk", "--json"])["messages"].as_array().map(Vec::len), Some(4));
        let through_pipe = Home::new();
        let output = through_pipe.run_with_input(&["history", "import", "-"], exported.as_bytes());
        assert_eq!((code(&output), stdout(&output).as_str()), (0, ""), "{}", stderr(&output));
        assert_eq!(through_pipe.text(&["history", "export", "--all", "--format", format]), exported);
    }
}

#[test]
fn people_get_the_current_branch_and_no_script() {
    let home = full();
    let text = home.text(&["history", "export", "菜谱 <b>"]);
    assert!(
        text.starts_with("# 菜谱 <b>\n") && text.contains("be brief") && text.contains("three") && !text.contains("two"),
        "{text}"
    );
    let page = home.text(&["history", "export", "--all", "--format", "html"]);
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(page.contains("&lt;script&gt;alert(1)") && page.contains("another talk"), "{page}");
    for forbidden in ["<script", "<b>", "<link", "<img", "src=", "http-equiv=\"refresh"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert_eq!(page.matches("<html>").count(), 1, "one page");
}

#[test]
fn what_others_wrote_is_taken_in() {
    let home = Home::new();
    let message = |role: &str, text: &str, at: f64| json!({"author": {"role": role}, "create_time": at, "content": {"content_type": "text", "parts": [text]}, "metadata": {"model_slug": "gpt-4o"}});
    let chatgpt = json!([{"id": "c", "title": "Soup", "create_time": 1_700_000_000.0, "update_time": 1_700_000_009.0, "current_node": "b", "mapping": {
        "r": {"message": null, "parent": null}, "q": {"message": message("user", "how?", 1_700_000_001.0), "parent": "r"},
        "a": {"message": message("assistant", "boil", 1_700_000_002.0), "parent": "q"}, "b": {"message": message("assistant", "fry", 1_700_000_003.0), "parent": "q"}}}]);
    let turn = |id: &str, second: u32| json!({"id": id, "model": "gpt-4o", "prompt": format!("ask {id}"), "response": "say", "conversation_id": "x", "conversation_name": "a log", "datetime_utc": format!("2025-01-02T03:04:{second:02}")});
    let llm = json!([turn("1", 1), turn("2", 2)]);
    let aichat = "model: openai:gpt-4o\nmessages:\n- role: user\n  content: hi\n- role: assistant\n  content: hello\n";
    let files = [
        file(&home, "conversations.json", &chatgpt.to_string()),
        file(&home, "logs.json", &llm.to_string()),
        file(&home, "kitchen.yaml", aichat),
    ];
    let arguments = [&["history", "import", "--json"], &files.each_ref().map(String::as_str)[..]].concat();
    let report = home.json(&arguments);
    assert_eq!((&report["added"], &report["messages"]), (&json!(3), &json!(9)), "{report}");
    let again = home.json(&arguments);
    assert_eq!((&again["present"], &again["messages"]), (&json!(3), &json!(0)), "{again}");
    let soup = home.json(&["history", "show", "soup", "--json"]);
    assert_eq!(soup["messages"][1]["text"], "fry", "the current branch is the one that was current there");
    assert_eq!(soup["conversation"]["updated_at"], "2023-11-14T22:13:29Z");
    assert_eq!(home.json(&["history", "show", "a log", "--json"])["messages"].as_array().map(Vec::len), Some(4));
    assert_eq!(home.json(&["history", "show", "kitchen", "--json"])["messages"].as_array().map(Vec::len), Some(2));
    assert_eq!(home.json(&["history", "list", "--model", "gpt-4o", "--json"])["items"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_damaged_file_names_the_record_and_the_rest_is_taken_in() {
    let home = full();
    let lines = home.text(&["history", "export", "--all", "--format", "jsonl"]);
    let [first, second] = lines.lines().collect::<Vec<_>>()[..] else { panic!("two conversations") };
    let mut orphan: Value = serde_json::from_str(second).expect("JSON");
    orphan["messages"].as_array_mut().expect("messages").remove(0);
    let text = format!(
        "{first}\n{orphan}\n{{\"format\":\"mmp.conversation\",\"version\":1}}\n{{\"x\":1}}\n{}",
        &second[..second.len() / 2]
    );
    let other = Home::new();
    let output = other.run(&["history", "import", &file(&other, "damaged.jsonl", &text), "--json"]);
    assert_eq!(code(&output), 1);
    let report: Value = serde_json::from_str(&stdout(&output)).expect("a report");
    assert_eq!(report["added"], 1);
    let skipped: Vec<_> =
        report["skipped"].as_array().expect("a list").iter().map(|one| one["record"].as_u64().expect("a number")).collect();
    assert_eq!(skipped.iter().copied().collect::<std::collections::BTreeSet<_>>(), [2, 3, 4, 5].into(), "{report}");
    assert!(report["skipped"].to_string().contains("the file ends within it"), "{report}");
    assert_eq!(
        other.json(&["history", "list", "--all", "--json"])["items"].as_array().map_or(0, Vec::len)
            + other.json(&["history", "list", "--archived", "--json"])["items"].as_array().map_or(0, Vec::len),
        1,
        "whole or not at all"
    );
    for (name, text, words) in [("empty", "", "holds nothing"), ("notes.txt", "just words", "imported")] {
        let refused = other.run(&["history", "import", &file(&other, name, text), "--json"]);
        assert_eq!(code(&refused), 2, "{name}");
        assert!(
            json_error(&refused)["message"].as_str().is_some_and(|message| message.contains(words)),
            "{}",
            json_error(&refused)
        );
    }
    assert_eq!(code(&other.run(&["history", "import", "/nowhere/at/all"])), 2);
}

#[test]
fn a_large_file_is_streamed() {
    let home = Home::new();
    home.text(&["chat", "seed"]);
    let seed = home.json(&["history", "export", "--format", "json"]);
    let (id, words) = (seed["conversation"]["id"].as_str().expect("an id"), "x".repeat(100_000));
    let mut child =
        home.mmp(&["history", "import", "-", "--json"]).stdin(std::process::Stdio::piped()).spawn().expect("mmp starts");
    let mut stdin = child.stdin.take().expect("it was piped");
    let pid = child.id();
    let one = seed.to_string().replace("seed", &words);
    for number in 0..RECORDS {
        let mut text = one.clone();
        let ids: Vec<_> =
            seed["messages"].as_array().expect("messages").iter().map(|message| message["id"].as_str().expect("an id")).collect();
        for (index, old) in ids.iter().chain([&id]).enumerate() {
            text = text.replace(old, &format!("0198c5d2-7b1e-7c61-8f0a-{:012x}", number * 16 + index));
        }
        // All but the first are read and refused: the disk is spared.
        let text = if number == 0 { text } else { text.replacen("\"messages\":[", "\"massages\":[", 1) };
        writeln!(stdin, "{text}").expect("the client reads");
    }
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    drop(stdin);
    let output = child.wait_with_output().expect("mmp ends");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    assert_eq!(report["added"], 1, "{}", stderr(&output));
    assert_eq!(report["skipped"].as_array().map(Vec::len), Some(RECORDS - 1));
    if cfg!(target_os = "linux") {
        assert!(peak.expect("Linux says so") < 80 << 10, "{peak:?} KiB of {} MiB", (one.len() * RECORDS) >> 20);
    }
}

#[test]
fn an_import_over_http_says_what_became_of_each() {
    let home = full();
    let exported = home.json(&["history", "export", "another talk", "--format", "json"]);
    let mut newer = exported.clone();
    newer["version"] = json!(99);
    let other = Home::new();
    other.text(&["history", "list"]);
    let body = json!({"conversations": [exported, newer, exported]});
    let (status, answer) = http::json(&other.socket(), "POST", "/api/v1/import", &body);
    assert_eq!(status, 200, "{answer}");
    let outcomes: Vec<_> =
        answer["results"].as_array().expect("results").iter().map(|one| one["outcome"].as_str().expect("a word")).collect();
    assert!(outcomes.contains(&"added") && outcomes[1] == "refused", "{answer}");
    assert_eq!(answer["results"][1]["error"]["code"], "unsupported");
    assert_eq!(
        other.json(&["history", "list", "--json"])["items"].as_array().map(Vec::len),
        Some(1),
        "twice in one request is once"
    );
    assert_eq!(http::json(&other.socket(), "POST", "/api/v1/import", &json!({"conversations": [{}]})).0, 400);
}
