//! The full-screen program in a real terminal, seen through a parser of what it writes. A test waits for what the screen
//! is to show, never for a time.

use portable_pty::CommandBuilder;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    fake::{Fake, Piece, Reply, Request, answer, done, events, started, text},
    world::World,
};

mod endings;
mod setup;

#[path = "../support/pty.rs"]
pub(crate) mod pty;

use self::pty::{ENTERS, LEAVES, Screen};

impl Screen {
    fn open(world: &World, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_mmp"));
        command.args(arguments);
        command.env_clear();
        command.env("MMP_HOME", world.path());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        variables.iter().for_each(|(name, value)| command.env(name, value));
        Self::of(command)
    }

    /// Opens it and waits until one can type.
    fn ready(world: &World) -> Self {
        let mut screen = Self::open(world, &[], &[]);
        screen.wait_for("type a question");
        screen
    }
}

/// A daemon that knows no conversation yet and answers a chat so.
fn daemon(world: &World, chat: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Fake {
    world.fake(move |request, _| {
        if request.method == "GET" && request.path.starts_with("/api/v1/conversations") {
            return Reply::json(&json!({ "items": [], "next_cursor": null }));
        }
        chat(request)
    })
}

fn prompts(fake: &Fake) -> Vec<Value> {
    fake.requests()
        .iter()
        .filter(|request| request.is("POST", "/chat"))
        .map(|request| request.json()["content"].clone())
        .collect()
}

#[test]
fn the_first_thing_typed_is_the_question_and_the_answer_is_shown() {
    let world = World::new();
    let fake = daemon(&world, |_| answer(&["# Ti", "tle\n\nsome **bo", "ld** words"]));
    let mut screen = Screen::ready(&world);
    screen.send("hello\r");
    screen.wait_for("3 + 5 tokens");
    let shown = screen.shown();
    assert!(shown.contains("▌ hello") && shown.contains("● openai/gpt") && shown.contains("  some bold words"), "{shown}");
    assert_eq!(prompts(&fake), ["hello"]);
    screen.quit();
}

#[test]
fn chinese_is_typed_and_the_cursor_stands_behind_it() {
    let world = World::new();
    let fake = daemon(&world, |_| answer(&["好的，世界"]));
    let mut screen = Screen::ready(&world);
    screen.send("你好👩‍👧");
    screen.wait("the cursor behind six columns and the prompt's two", |screen| screen.cursor_position().1 == 2 + 6);
    screen.send("\u{7f}\r");
    screen.wait_for("好的，世界");
    assert_eq!(prompts(&fake), ["你好"]);
    screen.quit();
}

#[test]
fn escape_stops_the_answer_and_keeps_what_came() {
    let world = World::new();
    let asked_to_stop = std::sync::Barrier::new(2);
    let fake = daemon(&world, move |request| {
        if request.path.ends_with("/stop") {
            asked_to_stop.wait();
            return Reply::error(404, "not_found", "it has ended");
        }
        if request.path.contains("/events") {
            asked_to_stop.wait();
            let ending = crate::fake::ending("cancelled", &Value::Null);
            return Reply::stream(events(3, &[("done", ending)]));
        }
        let mut pieces = events(1, &[started(), text("half an answer")]);
        pieces.push(Piece::Cut);
        Reply::stream(pieces)
    });
    let mut screen = Screen::ready(&world);
    screen.send("hi\r");
    screen.wait_for("half an answer");
    screen.send("\u{1b}");
    screen.wait_for("! stopped");
    assert_eq!(fake.requests().iter().filter(|request| request.path.ends_with("/stop")).count(), 1);
    assert!(screen.shown().contains("half an answer"));
    screen.quit();
}

#[test]
fn a_connection_that_breaks_is_said_and_the_answer_goes_on_where_it_was() {
    let world = World::new();
    let gate = std::sync::Arc::new(std::sync::Barrier::new(2));
    let waiting = gate.clone();
    let fake = daemon(&world, move |request| {
        if request.path.contains("/events") {
            waiting.wait();
            return Reply::stream(events(3, &[text("second half"), done()]));
        }
        let mut pieces = events(1, &[started(), text("first and ")]);
        pieces.push(Piece::Cut);
        Reply::stream(pieces)
    });
    let mut screen = Screen::ready(&world);
    screen.send("hi\r");
    screen.wait_for("connection to the daemon lost");
    screen.send("typed meanwhile");
    screen.wait_for("typed meanwhile");
    gate.wait();
    screen.wait_for("first and second half");
    screen.wait_until_gone("connection to the daemon lost");
    assert!(screen.shown().contains("typed meanwhile"), "nothing typed is lost");
    let resumed = fake.requests().into_iter().find(|request| request.path.contains("/events")).expect("it asked for the rest");
    assert_eq!(resumed.header("last-event-id"), Some("2"));
    screen.quit();
}

#[test]
fn a_paste_of_a_megabyte_is_kept_whole() {
    let world = World::new();
    let fake = daemon(&world, |_| answer(&["long"]));
    let mut screen = Screen::ready(&world);
    let line = "0123456789 paste me 你好\r";
    let pasted = line.repeat((1 << 20) / line.len() + 1);
    screen.send("see: ");
    screen.send(&format!("\u{1b}[200~{pasted}\u{1b}[201~"));
    screen.wait_for("see: [⎘ 1 MB");
    screen.send("\r");
    screen.wait_for("● openai/gpt");
    assert_eq!(prompts(&fake), [format!("see: {}", pasted.replace('\r', "\n"))]);
    screen.quit();
}

#[test]
fn a_resize_while_it_streams_draws_the_same_anew() {
    let world = World::new();
    let gate = std::sync::Arc::new(std::sync::Barrier::new(2));
    let waiting = gate.clone();
    daemon(&world, move |request| {
        if request.path.contains("/events") {
            waiting.wait();
            return Reply::stream(events(3, &[text(" and the end of it"), done()]));
        }
        let mut pieces = events(1, &[started(), text("a line that is long enough to be broken in a narrow terminal")]);
        pieces.push(Piece::Cut);
        Reply::stream(pieces)
    });
    let mut screen = Screen::ready(&world);
    screen.send("hi\r");
    screen.wait_for("broken in a narrow terminal");
    screen.resize(40, 15);
    screen.wait_for("a line that is long enough to be\n");
    gate.wait();
    screen.wait_for("end of it");
    screen.resize(1, 1);
    screen.resize(100, 30);
    screen.wait_for("a line that is long enough to be broken in a narrow terminal and the end of it");
    screen.quit();
}

#[test]
fn a_draft_survives_a_kill() {
    let world = World::new();
    daemon(&world, |_| answer(&["x"]));
    let mut screen = Screen::ready(&world);
    screen.send("half a thought");
    let draft = world.path().join("state/draft.txt");
    while std::fs::read_to_string(&draft).unwrap_or_default() != "half a thought" {
        std::thread::yield_now();
    }
    screen.child.kill().expect("it is there");
    let mut screen = Screen::open(&world, &[], &[]);
    screen.wait_for("› half a thought");
    screen.quit();
    assert_eq!(std::fs::read_to_string(&draft).expect("the draft"), "half a thought");
}

#[test]
fn it_speaks_chinese_and_does_without_colors() {
    let world = World::new();
    daemon(&world, |_| answer(&["# x\n`y`"]));
    let mut screen = Screen::open(&world, &["-m", "gpt"], &[("MMP_LANG", "zh-CN"), ("NO_COLOR", "1")]);
    screen.wait_for("按 Enter 发送");
    screen.send("hi\r");
    screen.wait_for("3 + 5");
    let text = String::from_utf8_lossy(&screen.raw).into_owned();
    let colored = ["\u{1b}[31m", "\u{1b}[36m", "\u{1b}[38;5;"].into_iter().find(|code| text.contains(code));
    assert_eq!(colored, None, "{text:?}");
    screen.send("\u{4}");
    assert_eq!(screen.finish(), 0);
}

#[test]
fn a_terminal_that_asks_us_to_end_gets_its_screen_back() {
    let world = World::new();
    daemon(&world, |_| answer(&["x"]));
    let mut screen = Screen::ready(&world);
    screen.signal(Signal::TERM);
    assert_eq!(screen.finish(), 143);
}

#[test]
fn where_nothing_can_be_drawn_it_says_what_to_do_instead() {
    let world = World::new();
    let ran = world.run(&["-m", "gpt"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("needs a terminal") && ran.stderr.contains("hint: `mmp chat"), "{}", ran.stderr);
    let ran = world.run(&["-m", "gpt", "whoami"]);
    assert!(ran.code == 2 && ran.stderr.contains("`--model` stands before the command"), "{}", ran.stderr);
    let mut dumb = crate::terminal::Terminal::open_with(&world, &["chat"], &[("TERM", "dumb")]);
    dumb.wait_for("cannot show a full-screen program");
    assert_eq!(dumb.finish().0, 2);
}

#[test]
fn a_terminal_of_one_cell_or_none_loses_nothing_that_is_typed() {
    let world = World::new();
    let fake = daemon(&world, |_| answer(&["x"]));
    let mut screen = Screen::ready(&world);
    screen.send("one");
    screen.wait_for("› one");
    screen.resize(1, 1);
    screen.send(" two");
    screen.resize(0, 0);
    screen.send(" 三");
    screen.resize(100, 30);
    screen.wait_for("› one two 三");
    screen.send("\r");
    screen.wait_for("3 + 5 tokens");
    assert_eq!(prompts(&fake), ["one two 三"]);
    screen.quit();
}
