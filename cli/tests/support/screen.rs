//! The full-screen program in a real terminal with a real daemon, seen through a parser of what it writes. A test waits for
//! what the screen is to show, never for a time.

use std::{
    io::{Read as _, Write},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::Home;

/// How long a screen may take to show what it should before the test fails.
const PATIENCE: Duration = Duration::from_secs(15);
const ROWS: u16 = 30;
const COLUMNS: u16 = 100;

/// A terminal with the program on it.
pub struct Screen {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    written: Receiver<Vec<u8>>,
    parser: vt100::Parser,
}

impl Screen {
    /// Opens it and waits until one can type.
    pub fn ready(home: &Home, arguments: &[&str]) -> Self {
        let mut screen = Self::open(home, arguments);
        screen.wait_for("type a question");
        screen
    }

    /// Opens it.
    pub fn open(home: &Home, arguments: &[&str]) -> Self {
        let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_mmp"));
        command.args(arguments);
        command.cwd(home.path());
        command.env_clear();
        let of_home = home.mmp(&[]);
        for (name, value) in of_home.get_envs().filter_map(|(name, value)| Some((name, value?))) {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
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
        let cells = |count: u16| std::num::NonZero::new(count).expect("not zero");
        let parser = vt100::Parser::new(cells(ROWS), cells(COLUMNS), 0);
        Self { child, _master: pair.master, writer, written, parser }
    }

    /// Waits until the screen shows this.
    pub fn wait_for(&mut self, words: &str) {
        self.wait(words, |shown| shown.contains(words));
    }

    /// Waits until the screen shows this no longer.
    pub fn wait_until_gone(&mut self, words: &str) {
        self.wait(words, |shown| !shown.contains(words));
    }

    fn wait(&mut self, what: &str, holds: impl Fn(&str) -> bool) {
        // A screen that goes on changing gets no longer than one that stands still.
        let until = Instant::now() + PATIENCE;
        while !holds(&self.shown()) {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(chunk) = self.written.recv_timeout(left) else { panic!("{what}: it never came:\n{}", self.shown()) };
            self.parser.process(&chunk);
        }
    }

    /// Types at it.
    pub fn send(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).expect("it takes what is typed");
    }

    /// What it shows.
    pub fn shown(&self) -> String {
        self.parser.screen().contents()
    }

    /// Leaves it as people do.
    pub fn quit(mut self) {
        self.send("\u{3}");
        self.wait_for("once more quits");
        self.send("\u{3}");
        while self.written.recv_timeout(PATIENCE).is_ok() {}
        assert_eq!(self.child.wait().expect("it ends").exit_code(), 0);
    }
}

/// Function keys as a terminal sends them.
pub const F3: &str = "\u{1b}OR";
pub const F4: &str = "\u{1b}OS";
pub const F5: &str = "\u{1b}[15~";
pub const F6: &str = "\u{1b}[17~";
pub const F7: &str = "\u{1b}[18~";
