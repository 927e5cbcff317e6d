//! A program in a real terminal, seen through a parser of what it writes. A test waits for what the screen is to show, never
//! for a time. Which program it is and in what home is said by those who open one.
#![allow(dead_code, unreachable_pub)] // Each test binary uses its own part.

use std::{
    io::{Read as _, Write},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// What every program that fills the screen writes first, and last.
pub const ENTERS: &str = "\u{1b}[?1049h";
pub const LEAVES: &str = "\u{1b}[?1049l";
/// How long a screen may take to show what it should before the test fails.
const PATIENCE: Duration = Duration::from_secs(60);
const COLUMNS: u16 = 100;
const ROWS: u16 = 30;

/// A terminal with a program on it.
pub struct Screen {
    pub child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    written: Receiver<Vec<u8>>,
    pub parser: vt100::Parser,
    /// Everything that was written.
    pub raw: Vec<u8>,
}

impl Screen {
    /// A terminal with this program on it.
    pub fn of(command: CommandBuilder) -> Self {
        let pair = native_pty_system().openpty(size(COLUMNS, ROWS)).expect("a terminal");
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
        let parser = vt100::Parser::new(cells(ROWS), cells(COLUMNS), 0);
        Self { child, master: pair.master, writer, written, parser, raw: Vec::new() }
    }

    /// Waits until the screen is so.
    pub fn wait(&mut self, what: &str, mut holds: impl FnMut(&vt100::Screen) -> bool) {
        // A screen that goes on changing gets no longer than one that stands still.
        let until = Instant::now() + PATIENCE;
        while !holds(self.parser.screen()) {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(chunk) = self.written.recv_timeout(left) else { panic!("{what}: it never came:\n{}", self.shown()) };
            self.parser.process(&chunk);
            self.raw.extend(chunk);
        }
    }

    /// Waits until the screen shows this.
    pub fn wait_for(&mut self, words: &str) {
        self.wait(words, |screen| screen.contents().contains(words));
    }

    /// Waits until the screen shows this no longer.
    pub fn wait_until_gone(&mut self, words: &str) {
        self.wait(words, |screen| !screen.contents().contains(words));
    }

    /// Types at it.
    pub fn send(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).expect("it takes what is typed");
    }

    /// Gives the terminal another size; one of nothing leaves the parser as it is.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        if columns > 0 && rows > 0 {
            self.parser.screen_mut().set_size(cells(rows), cells(columns));
        }
        self.master.resize(size(columns, rows)).expect("resized");
    }

    /// What it shows.
    pub fn shown(&self) -> String {
        self.parser.screen().contents()
    }

    /// Waits for the end: the exit code. The terminal is as it was.
    pub fn finish(&mut self) -> u32 {
        while let Ok(chunk) = self.written.recv_timeout(PATIENCE) {
            self.raw.extend(chunk);
        }
        let text = String::from_utf8_lossy(&self.raw).into_owned();
        assert!(text.contains(ENTERS) && text.trim_end().contains(LEAVES), "{text:?}");
        assert!(text.rfind(LEAVES) > text.rfind(ENTERS), "it gave the screen back");
        self.child.wait().expect("it ends").exit_code()
    }

    /// Sends the program a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = self.child.process_id().and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
        kill_process(pid.expect("a process"), signal).expect("it is there");
    }

    /// Waits until the kernel says that the program is in this state: `T` is stopped.
    pub fn wait_for_state(&self, state: char) {
        let pid = self.child.process_id().expect("a process");
        let begun = Instant::now();
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
    pub fn wait_for_raw(&mut self, what: &str, since: usize) {
        while !String::from_utf8_lossy(&self.raw[since..]).contains(what) {
            let Ok(chunk) = self.written.recv_timeout(PATIENCE) else { panic!("{what:?} never came:\n{}", self.shown()) };
            self.parser.process(&chunk);
            self.raw.extend(chunk);
        }
    }

    /// Leaves it as people do.
    pub fn quit(mut self) {
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
