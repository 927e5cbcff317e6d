//! An answer that was cut is gone on with: the old part and the rest are one answer beside the cut one.

use mmp_shared::{
    events::{LoggedEvent, StreamEvent},
    order_law::check_all,
};
use serde_json::{Value, json};

use crate::{
    run_life::{Provider, finish, say},
    support::{Home, code, http, json_error, screen::Screen, stderr, stdout, until, wait},
};

/// A home whose daemon died in the middle of an answer that has got as far as this.
fn crashed(provider: &Provider, part: &str) -> Home {
    let home = provider.home();
    let client = home.mmp(&["chat", "-m", "rec/m", "--temperature", "0", "a question"]).spawn().expect("mmp starts");
    let mut stream = provider.next();
    say(&mut stream, part);
    let run = until("the run", || home.json(&["runs", "list", "-o", "json"])["items"][0]["id"].as_str().map(str::to_owned));
    let mut events = http::request(&home.socket(), "GET", &format!("/api/v1/runs/{run}/events"), &[], b"");
    while events.next_event().is_some_and(|(_, name, _)| name != "text") {}
    // What was said is on disk 250 ms later at the most.
    std::thread::sleep(std::time::Duration::from_millis(600));
    home.kill_daemon();
    wait(client);
    home
}

fn logged(line: &Value) -> LoggedEvent {
    let event = StreamEvent::from_parts(line["event"].as_str().expect("a name"), &line["data"].to_string());
    LoggedEvent { id: line["id"].as_u64().expect("a number"), event: event.expect("it is as it should be").expect("it is known") }
}

fn tree(home: &Home) -> Value {
    home.json(&["history", "show", "--tree", "-o", "json"])
}

#[test]
fn the_rest_is_asked_for_and_the_whole_stands_beside_the_part() {
    let provider = Provider::start();
    let home = crashed(&provider, "One, two, ");
    let dry = home.json(&["chat", "--resume", "--dry-run", "-o", "json"]);
    let roles: Vec<_> = dry["messages"].as_array().expect("messages").iter().map(|message| message["role"].clone()).collect();
    assert_eq!(roles, ["user", "assistant", "user"]);
    assert_eq!(dry["messages"][1]["content"][0]["text"], "One, two, ");
    assert_eq!(dry["model"], "m", "it is asked of the model that began: {dry}");

    let client = home.mmp(&["chat", "--resume", "-o", "jsonl"]).spawn().expect("mmp starts");
    let mut stream = provider.next();
    say(&mut stream, "three.");
    finish(stream);
    let output = wait(client);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let events: Vec<Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    check_all(&events.iter().map(logged).collect::<Vec<_>>()).expect("the log keeps the law");
    let names: Vec<_> = events.iter().map(|event| event["event"].clone()).collect();
    assert_eq!(names[..3], ["started", "notice", "text"].map(Value::from));

    let tree = tree(&home);
    let texts: Vec<_> = tree["messages"].as_array().expect("messages").iter().map(|message| message["text"].as_str()).collect();
    assert_eq!(texts, [Some("a question"), Some("One, two, "), Some("One, two, three.")]);
    assert_eq!(tree["messages"][1]["parent_id"], tree["messages"][2]["parent_id"]);
    assert_eq!(
        (tree["messages"][1]["status"].as_str(), tree["messages"][2]["status"].as_str()),
        (Some("interrupted"), Some("complete"))
    );
    assert_eq!(home.json(&["history", "show", "-o", "json"])["messages"][1]["text"], "One, two, three.");
    // The conversation counts what it holds.
    assert_eq!(
        tree["messages"].as_array().map(Vec::len),
        tree["conversation"]["messages"].as_u64().and_then(|count| usize::try_from(count).ok())
    );
}

#[test]
fn what_was_not_cut_is_not_gone_on_with() {
    let home = Home::new();
    home.text(&["chat", "hello"]);
    let error = json_error(&home.run(&["chat", "--resume", "--json"]));
    assert_eq!(error["code"], "bad_request");
    assert!(error["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{error}");
    let shown = home.json(&["history", "show", "-o", "json"]);
    let (conversation, question, answer) =
        (&shown["conversation"]["id"], &shown["messages"][0]["id"], &shown["messages"][1]["id"]);
    for (body, field) in [
        (json!({"resume_id": answer}), "conversation_id"),
        (json!({"resume_id": answer, "conversation_id": conversation, "content": "more"}), "content"),
        (json!({"resume_id": answer, "conversation_id": conversation, "parent_id": question}), "parent_id"),
        (json!({"resume_id": answer, "conversation_id": conversation, "models": ["demo", "gpt"]}), "one model"),
        (json!({"resume_id": answer, "conversation_id": conversation, "save": false}), "save"),
        (json!({"resume_id": answer, "conversation_id": conversation}), "cut"),
        (json!({"resume_id": question, "conversation_id": conversation}), "cut"),
        (json!({}), "empty"),
    ] {
        let (status, problem) = http::json(&home.socket(), "POST", "/api/v1/chat", &body);
        assert_eq!(status, 400, "{body}: {problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(field)), "{body}: {problem}");
    }
    let strange = json!({"resume_id": "01890000-0000-7000-8000-000000000000", "conversation_id": conversation});
    assert_eq!(http::json(&home.socket(), "POST", "/api/v1/chat", &strange).0, 404);
}

#[test]
fn a_failure_before_anything_new_leaves_the_part_where_it_was() {
    let provider = Provider::start();
    let home = crashed(&provider, "One, ");
    let client = home.mmp(&["chat", "--resume", "--no-fallback", "--timeout", "2s"]).spawn().expect("mmp starts");
    // Nothing comes any more.
    drop(provider);
    let output = wait(client);
    assert_ne!(code(&output), 0);
    let again = home.json(&["chat", "--resume", "--dry-run", "-o", "json"]);
    assert_eq!(again["messages"][1]["content"][0]["text"], "One, ");
}

#[test]
fn the_demo_goes_on_where_it_was() {
    let home = Home::new();
    home.text(&["daemon", "start"]);
    let whole = home.text(&["chat", "-m", "demo", "hello"]);
    let mut cut = home.json(&["history", "export", "--format", "json"]);
    let part: String = whole.chars().take(80).collect();
    cut["messages"][1]["content"] = json!([{"type": "text", "text": part}]);
    cut["messages"][1]["status"] = "interrupted".into();
    home.text(&["history", "delete", "--all", "--yes"]);
    let file = home.path().join("cut.json");
    std::fs::write(&file, json!([cut]).to_string()).expect("written");
    home.text(&["history", "import", &file.to_string_lossy()]);
    assert_eq!(home.text(&["chat", "--resume"]).trim_end(), whole.trim_end());
}

#[test]
fn the_terminal_program_says_that_the_daemon_died_and_goes_on_with_its_answer() {
    let provider = Provider::start();
    let home = provider.home();
    let mut screen = Screen::ready(&home, &["-m", "rec/m"]);
    screen.send("a question");
    screen.send("\r");
    let mut stream = provider.next();
    say(&mut stream, "One, two, ");
    screen.wait_for("One, two,");
    // What was said is on disk 250 ms later at the most.
    std::thread::sleep(std::time::Duration::from_millis(600));
    home.kill_daemon();
    screen.wait_for("the daemon ended while the answer was made");
    screen.wait_for("/continue goes on with it");
    screen.send("/continue");
    screen.send("\r");
    let mut stream = provider.next();
    say(&mut stream, "three.");
    finish(stream);
    screen.wait_for("One, two, three.");
    screen.wait_for("2/2");
    // It has ended: there is nothing to stop.
    screen.wait_for("F1 help");
    screen.quit();
}
