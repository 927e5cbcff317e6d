//! Several answers at once, against a scripted daemon: on a terminal as columns, over connections that break.

use serde_json::{Value, json};

use crate::{
    fake::{Piece, Reply, Request, ending, failed, text},
    terminal::{screen, sized},
    world::World,
};

const RUNS: [&str; 2] = ["0198c5d2-7b1e-7c61-8f0a-2f7a3f9b1c2a", "0198c5d2-7b1e-7c61-8f0a-2f7a3f9b1c2b"];

/// An event of a run among several, as a piece.
fn of(run: usize, id: u64, (name, mut data): (&str, Value)) -> Piece {
    data["run_id"] = RUNS[run].into();
    Piece::Bytes(format!("id: {id}\nevent: {name}\ndata: {data}\n\n").into_bytes())
}

/// An event of a run in a stream of its own.
fn alone(id: u64, (name, data): (&str, Value)) -> Piece {
    Piece::Bytes(format!("id: {id}\nevent: {name}\ndata: {data}\n\n").into_bytes())
}

fn started(model: &str) -> (&'static str, Value) {
    let data = json!({
        "run_id": "", "conversation_id": null, "message_id": null, "user_message_id": null,
        "model": model, "provider": "p", "created_at": "2026-01-02T03:04:05Z",
    });
    ("started", data)
}

fn done() -> (&'static str, Value) {
    ("done", ending("complete", &Value::Null))
}

fn both(first: &str, second: &str) -> Reply {
    Reply::stream(vec![
        of(0, 1, started("a")),
        of(1, 1, started("b")),
        of(1, 2, text(second)),
        of(0, 2, text(first)),
        of(1, 3, done()),
        of(0, 3, done()),
    ])
}

const ASK: [&str; 6] = ["chat", "-m", "p/a", "-m", "p/b", "hi"];

#[test]
fn a_terminal_shows_columns_with_their_numbers_and_is_as_it_was_afterwards() {
    let world = World::new();
    let fake = world.fake(|_, _| both("**one**", "你好，世界"));
    let (code, text) = sized(&world, &ASK, (24, 80), &[]);
    assert_eq!(code, 0);
    let shown = screen(&text, (24, 80));
    let lines: Vec<_> = shown.trim_end().lines().map(str::trim_end).collect();
    assert_eq!(lines[0], format!("{:38} │ p/b", "p/a"));
    assert_eq!(lines[2], format!("{:38} │ 你好，世界", "**one**"));
    assert_eq!(lines[4], format!("{0:38} │ {0}", "3 + 5 tokens · $0.50"));
    assert!(lines[5].starts_with("7 ms to the first token"), "{shown}");
    assert_eq!(lines.len(), 6, "{shown}");
    assert_eq!(text.matches("\u{1b}[?25h").count().min(1), 1, "the cursor is shown again: {text:?}");
    assert!(text.rfind("\u{1b}[?25h") > text.rfind("\u{1b}[?25l"));
    assert_eq!(fake.requests()[0].json()["models"], json!(["p/a", "p/b"]));
}

#[test]
fn what_is_longer_than_the_terminal_is_all_there_at_the_end() {
    let world = World::new();
    let long: String = (1..=60).map(|number| format!("line {number}\n")).collect();
    world.fake(move |_, _| both(&long, "short"));
    let (_, text) = sized(&world, &ASK, (10, 80), &[]);
    let shown = screen(&text, (100, 80));
    for number in [1, 30, 60] {
        assert!(shown.contains(&format!("line {number} ")), "{number}: {shown}");
    }
}

#[test]
fn a_narrow_terminal_has_one_below_the_other() {
    let world = World::new();
    world.fake(|_, _| both("one", "two"));
    let (code, text) = sized(&world, &ASK, (24, 40), &[("NO_COLOR", "1")]);
    assert_eq!(code, 0);
    assert!(text.starts_with("== p/a ==\r\none\r\n") && text.contains("\r\n\r\n== p/b ==\r\ntwo\r\n"), "{text:?}");
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn a_model_cannot_drive_the_terminal_from_its_column() {
    let world = World::new();
    world.fake(|_, _| both("a\u{1b}[2Jb\u{9b}2J", "x\u{1b}]0;owned\u{7}"));
    let (_, text) = sized(&world, &ASK, (24, 80), &[]);
    assert!(!text.contains("\u{1b}[2J") && !text.contains("\u{1b}]0;") && !text.contains('\u{9b}'), "{text:?}");
    assert!(screen(&text, (24, 80)).contains("a␛[2Jb"));
}

#[test]
fn what_went_wrong_stands_in_its_column() {
    let world = World::new();
    world.fake(|_, _| {
        Reply::stream(vec![
            of(0, 1, started("a")),
            of(1, 1, started("b")),
            of(0, 2, failed("failed", "provider_overloaded")),
            of(1, 2, text("fine")),
            of(1, 3, done()),
        ])
    });
    let (code, text) = sized(&world, &ASK, (24, 80), &[]);
    assert_eq!(code, 7);
    let shown = screen(&text, (24, 80));
    assert!(shown.contains("error: it broke") && shown.contains("│ fine"), "{shown}");
}

#[test]
fn each_run_is_gone_on_with_by_itself_when_the_connection_breaks() {
    let world = World::new();
    let fake = world.fake(|request: &Request, _| match () {
        () if request.is("GET", &format!("/runs/{}/events", RUNS[0])) => {
            Reply::stream(vec![alone(3, text("lo")), alone(4, done())])
        }
        () if request.is("GET", &format!("/runs/{}/events", RUNS[1])) => {
            Reply::stream(vec![alone(2, text("bye")), alone(3, done())])
        }
        () => Reply::stream(vec![of(0, 1, started("a")), of(1, 1, started("b")), of(0, 2, text("Hel")), Piece::Cut]),
    });
    let ran = world.run(&ASK);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "== p/a ==\nHello\n\n== p/b ==\nbye\n", ""));
    let mut asked: Vec<_> =
        fake.requests()[1..].iter().filter_map(|request| request.header("last-event-id").map(str::to_owned)).collect();
    asked.sort_unstable();
    assert_eq!(asked, ["1", "2"]);
}
