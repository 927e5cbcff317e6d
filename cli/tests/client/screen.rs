//! The full-screen program in a real terminal, seen through a parser of what it writes. A test waits for what the screen
//! is to show, never for a time.

use std::{
    io::{Read as _, Write},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::{
    fake::{Fake, Piece, Reply, Request, answer, done, events, started, text},
    world::World,
};

mod endings;
mod setup;

/// What every program that fills the screen writes first, and last.
const ENTERS: &str = "\u{1b}[?1049h";
const LEAVES: &str = "\u{1b}[?1049l";
/// How long a screen may take to show what it should before the test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A terminal with the program on it.
struct Screen {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    written: Receiver<Vec<u8>>,
    parser: vt100::Parser,
    raw: Vec<u8>,
}

impl Screen {
    fn open(world: &World, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let pair = native_pty_system().openpty(size(100, 30)).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_mmp"));
        command.args(arguments);
        command.env_clear();
        command.env("MMP_HOME", world.path());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        variables.iter().for_each(|(name, value)| command.env(name, value));
        let child = pair.slave.spawn_command(command).expect("the program runs");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let (sender, written) = channel();
        std::thread::spawn(move || {
            let mut chunk = [0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                if sender.send(chunk[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let parser = vt100::Parser::new(cells(30), cells(100), 0);
        Self { child, master: pair.master, writer, written, parser, raw: Vec::new() }
    }

    /// Opens it and waits until one can type.
    fn ready(world: &World) -> Self {
        let mut screen = Self::open(world, &[], &[]);
        screen.wait_for("type a question");
        screen
    }

    fn wait(&mut self, what: &str, mut holds: impl FnMut(&vt100::Screen) -> bool) {
        while !holds(self.parser.screen()) {
            let Ok(chunk) = self.written.recv_timeout(PATIENCE) else { panic!("{what} never came:\n{}", self.shown()) };
            self.parser.process(&chunk);
            self.raw.extend(chunk);
        }
    }

    fn wait_for(&mut self, words: &str) {
        self.wait(words, |screen| screen.contents().contains(words));
    }

    fn wait_until_gone(&mut self, words: &str) {
        self.wait(words, |screen| !screen.contents().contains(words));
    }

    fn send(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).expect("it takes what is typed");
    }

    fn resize(&mut self, columns: u16, rows: u16) {
        self.parser.screen_mut().set_size(cells(rows), cells(columns));
        self.master.resize(size(columns, rows)).expect("resized");
    }

    fn shown(&self) -> String {
        self.parser.screen().contents()
    }

    /// Waits for the end: the exit code. The terminal is as it was.
    fn finish(&mut self) -> u32 {
        while let Ok(chunk) = self.written.recv_timeout(PATIENCE) {
            self.raw.extend(chunk);
        }
        let text = String::from_utf8_lossy(&self.raw).into_owned();
        assert!(text.contains(ENTERS) && text.trim_end().contains(LEAVES), "{text:?}");
        assert!(text.rfind(LEAVES) > text.rfind(ENTERS), "it gave the screen back");
        self.child.wait().expect("it ends").exit_code()
    }

    fn signal(&self, signal: Signal) {
        let pid = self.child.process_id().and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
        kill_process(pid.expect("a process"), signal).expect("it is there");
    }

    /// Waits until the kernel says that the program is in this state: `T` is stopped.
    fn wait_for_state(&self, state: char) {
        let pid = self.child.process_id().expect("a process");
        let begun = std::time::Instant::now();
        loop {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("a process");
            if stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with(state)) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "it never came to {state}: {stat}");
            std::thread::yield_now();
        }
    }

    /// Whether what was written last about the other screen is this.
    fn wait_for_raw(&mut self, what: &str, since: usize) {
        while !String::from_utf8_lossy(&self.raw[since..]).contains(what) {
            let Ok(chunk) = self.written.recv_timeout(PATIENCE) else { panic!("{what:?} never came:\n{}", self.shown()) };
            self.parser.process(&chunk);
            self.raw.extend(chunk);
        }
    }

    fn quit(mut self) {
        self.send("\u{3}");
        self.wait_for("once more quits");
        self.send("\u{3}");
        assert_eq!(self.finish(), 0);
    }
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn cells(count: u16) -> std::num::NonZero<u16> {
    std::num::NonZero::new(count).expect("not zero")
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
