//! What is asked, and what is printed of the answer.

use serde_json::{Value, json};

use crate::{
    fake::{Piece, RUN, Reply, answer, done, events, started, text},
    world::World,
};

#[test]
fn the_answer_and_nothing_else_is_on_stdout() {
    let world = World::new();
    let fake = world.fake(|_, _| answer(&["Hel", "lo **you**"]));
    let ran = world.run(&["chat", "say", "hello"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "Hello **you**\n", ""));
    let requests = fake.requests();
    assert_eq!(requests.len(), 1, "a one-shot is one request");
    assert!(requests[0].is("POST", "/chat"));
    assert_eq!(requests[0].header("accept"), Some("text/event-stream"));
    assert_eq!(requests[0].header("mmp-version"), Some(env!("CARGO_PKG_VERSION")));
    assert_eq!(requests[0].json(), json!({ "content": "say hello" }));
}

#[test]
fn a_pipe_gets_the_bytes_as_they_came() {
    let world = World::new();
    world.fake(|_, _| answer(&["a\u{1b}[31mb\u{7}\n"]));
    assert_eq!(world.run(&["chat", "x"]).stdout, "a\u{1b}[31mb\u{7}\n");
}

#[test]
fn every_flag_is_in_the_request() {
    let world = World::new();
    let fake = world.fake(|_, _| answer(&["x"]));
    let ran = world.run(&[
        "chat",
        "hi",
        "-m",
        "openai/gpt-5",
        "-s",
        "be kind",
        "-n",
        "--no-stream",
        "--think",
        "low",
        "-p",
        "top_p=0.5",
        "-p",
        "stop=END",
        "--temperature",
        "0.25",
        "--max-tokens",
        "9",
        "--no-fallback",
        "--timeout",
        "1m 30s",
        "-C",
        RUN,
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let expected = json!({
        "content": "hi", "models": ["openai/gpt-5"], "system": "be kind", "save": false, "stream_upstream": false,
        "params": { "think": "low", "top_p": 0.5, "stop": "END", "temperature": 0.25, "max_tokens": 9 },
        "fallback": false, "timeout_ms": 90000, "conversation_id": RUN,
    });
    assert_eq!(fake.requests()[0].json(), expected);
}

#[test]
fn a_dry_run_asks_the_daemon_what_would_be_sent_and_sends_no_key() {
    let world = World::new().with("OPENAI_API_KEY", "sk-secret");
    let usage = json!({ "prompt_tokens": 6, "completion_tokens": null, "cached_tokens": null, "reasoning_tokens": null, "source": "estimated" });
    let dry = json!({
        "conversation_id": null, "provider": "openai", "model": "gpt-5", "base_url": "https://api", "system": null,
        "messages": [{ "role": "user", "content": [{ "type": "text", "text": "hi\u{1b}[2J" }] }], "params": { "top_p": 1 }, "usage": usage,
        "context_window": 400000, "cost": { "input_usd": 0.25, "most_usd": null, "most_completion_tokens": null },
        "fallbacks": ["a/b"], "notices": [{ "code": "context_trimmed", "message": "m", "dropped_messages": 2, "model": "a/b", "window": 9 }],
    });
    let answered = dry.clone();
    let fake = world.fake(move |_, _| Reply::json(&answered));
    let ran = world.run(&["chat", "--dry-run", "hi"]);
    assert_eq!(fake.requests()[0].json(), json!({ "content": "hi", "env_keys": ["openai"], "dry_run": true }));
    let expected = "openai/gpt-5\nhttps://api · top_p 1\n\n── you\nhi\u{1b}[2J\n\n~6 of 400000 tokens · ~$0.25 for the prompt · if it fails: a/b\n";
    assert_eq!((ran.code, ran.stdout.as_str()), (0, expected));
    assert_eq!(ran.stderr, "note: the oldest 2 messages were not sent: `a/b` takes 9 tokens\n");
    let ran = world.run(&["chat", "--dry-run", "--json", "hi"]);
    assert_eq!(serde_json::from_str::<Value>(&ran.stdout).expect("JSON"), dry);
}

#[test]
fn words_come_first_then_input_then_files() {
    let world = World::new();
    std::fs::write(world.path().join("notes.md"), "- one\n").expect("written");
    let fake = world.fake(|_, _| answer(&["x"]));
    world.run_with_input(&["chat", "sum", "up", "-f", "notes.md"], b"piped\n");
    assert_eq!(fake.requests()[0].json()["content"], "sum up\n\npiped\n\nnotes.md:\n```\n- one\n```");
    world.run_with_input(&["chat", "sum", "--no-stdin"], b"piped\n");
    assert_eq!(fake.requests()[1].json()["content"], "sum");
    world.run_with_input(&["chat", "-"], b"piped\n");
    assert_eq!(fake.requests()[2].json()["content"], "piped\n");
}

#[test]
fn a_continued_conversation_is_the_last_one() {
    let world = World::new();
    let fake = world.fake(|request, _| match request.path.as_str() {
        "/api/v1/conversations?limit=1" => Reply::json(&json!({ "items": [conversation()], "next_cursor": null })),
        _ => answer(&["x"]),
    });
    assert_eq!(world.run(&["chat", "-c", "more"]).code, 0);
    assert_eq!(fake.requests()[1].json()["conversation_id"], RUN);
}

fn conversation() -> Value {
    json!({ "id": RUN, "title": "t", "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z", "model": null, "messages": 2 })
}

#[test]
fn json_is_the_whole_answer() {
    let world = World::new();
    world.fake(|_, _| answer(&["Hel", "lo"]));
    let ran = world.run(&["chat", "--json", "hi"]);
    let answer: Value = serde_json::from_str(&ran.stdout).expect("one JSON value");
    assert_eq!(answer["text"], "Hello");
    assert_eq!(answer["status"], "complete");
    assert_eq!(answer["usage"]["prompt_tokens"], 3);
    assert_eq!(answer["reasoning"], Value::Null);
    assert_eq!(answer["notices"], json!([]));
    assert_eq!(ran.stdout.lines().count(), 1);
}

#[test]
fn jsonl_is_an_event_a_line() {
    let world = World::new();
    world.fake(|_, _| answer(&["a"]));
    let ran = world.run(&["chat", "-o", "jsonl", "hi"]);
    let lines: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let names: Vec<_> = lines.iter().map(|line| line["event"].as_str().expect("a name")).collect();
    assert_eq!(names, ["started", "text", "done"]);
    assert_eq!(lines[1], json!({ "id": 2, "event": "text", "run_id": RUN, "data": { "text": "a" } }));
}

#[test]
fn code_is_the_first_block_bare() {
    let world = World::new();
    world.fake(|_, before| answer(if before == 0 { &["Try:\n```sh\nls", "\n```\nok"] } else { &["no code"] }));
    let ran = world.run(&["chat", "-x", "list files"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "ls\n"));
    let ran = world.run(&["chat", "-x", "list files"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
}

#[test]
fn thinking_and_notices_are_on_stderr() {
    let world = World::new();
    let notice = ("notice", json!({ "code": "env_key_sealed", "message": "the key is sealed", "provider": "openai" }));
    let thinking = ("reasoning", json!({ "text": "hm" }));
    world.fake(move |_, _| Reply::stream(events(1, &[started(), notice.clone(), thinking.clone(), text("x"), done()])));
    let ran = world.run(&["chat", "hi"]);
    assert_eq!(ran.stdout, "x\n");
    assert!(ran.stderr.starts_with("note: ") && !ran.stderr.contains("hm"), "{}", ran.stderr);
    assert!(world.run(&["chat", "hi", "--show-thinking"]).stderr.contains("hm"));
    assert_eq!(world.run(&["chat", "hi", "-q"]).stderr, "");
}

#[test]
fn the_demo_says_even_when_quiet_that_no_ai_answered() {
    let world = World::new();
    let (name, mut data) = started();
    data["provider"] = "demo".into();
    world.fake(move |_, _| Reply::stream(events(1, &[(name, data.clone()), text("x"), done()])));
    for arguments in [&["chat", "-q", "hi"][..], &["chat", "-q", "--json", "hi"], &["chat", "-o", "jsonl", "hi"]] {
        assert!(world.run(arguments).stderr.contains("no AI"), "{arguments:?}");
    }
}

#[test]
fn an_event_may_be_cut_anywhere() {
    let world = World::new();
    world.fake(|_, _| {
        let bytes: Vec<u8> = events(1, &[started(), text("héllo 世界"), done()])
            .into_iter()
            .flat_map(|piece| if let Piece::Bytes(bytes) = piece { bytes } else { Vec::new() })
            .collect();
        Reply::stream(bytes.into_iter().map(|byte| Piece::Bytes(vec![byte])).collect())
    });
    assert_eq!(world.run(&["chat", "hi"]).stdout, "héllo 世界\n");
}

#[test]
fn a_model_of_the_file_goes_along_as_what_ranks_below_the_users_settings() {
    let world = World::new();
    std::fs::write(world.path().join("config.toml"), "model = \"file/model\"\n").expect("written");
    let fake = world.fake(|_, _| answer(&["x"]));
    world.run(&["chat", "hi"]);
    let sent = fake.requests()[0].json();
    assert_eq!((sent.get("models"), &sent["default_model"]), (None, &json!("file/model")));
}
