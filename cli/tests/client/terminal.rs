//! What a person at a terminal sees: a real one, from its other side.

use std::{
    io::{Read, Write},
    num::NonZero,
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::{fake::answer, world::World};

/// The rows and columns of a terminal.
const SIZE: (u16, u16) = (24, 80);

/// A terminal with the client on it.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    reader: Box<dyn Read + Send>,
    writer: Box<dyn Write + Send>,
    seen: Vec<u8>,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts the client.
    pub(crate) fn open(world: &World, arguments: &[&str]) -> Self {
        Self::open_with(world, arguments, &[])
    }

    pub(crate) fn open_with(world: &World, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::open_sized(world, arguments, SIZE, variables)
    }

    fn open_sized(world: &World, arguments: &[&str], (rows, cols): (u16, u16), variables: &[(&str, &str)]) -> Self {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_mmp"));
        command.args(arguments);
        command.env_clear();
        command.env("MMP_HOME", world.path());
        command.env("TERM", "xterm-256color");
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("the client runs");
        let reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        Self { child, reader, writer, seen: Vec::new(), _master: pair.master }
    }

    /// Reads until the client has written this.
    pub(crate) fn wait_for(&mut self, words: &str) {
        while !String::from_utf8_lossy(&self.seen).contains(words) {
            assert!(self.read(), "`{words}` never came: {}", String::from_utf8_lossy(&self.seen));
        }
    }

    /// Types at it.
    pub(crate) fn type_in(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).expect("it takes what is typed");
    }

    /// Waits for the client's end: its exit code, and everything that it wrote.
    pub(crate) fn finish(mut self) -> (u32, String) {
        while self.read() {}
        let code = self.child.wait().expect("the client ends").exit_code();
        (code, String::from_utf8(self.seen).expect("text"))
    }

    /// A terminal whose last user has gone answers with an error.
    fn read(&mut self) -> bool {
        let mut chunk = [0; 4096];
        match self.reader.read(&mut chunk) {
            Ok(count @ 1..) => self.seen.extend_from_slice(&chunk[..count]),
            _ => return false,
        }
        true
    }
}

/// Everything that the client writes to a terminal.
fn on_a_terminal(world: &World, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    Terminal::open_with(world, arguments, variables).finish().1
}

/// The exit code of a client on a terminal of so many rows and columns, and everything that it writes.
pub(crate) fn sized(world: &World, arguments: &[&str], size: (u16, u16), variables: &[(&str, &str)]) -> (u32, String) {
    Terminal::open_sized(world, arguments, size, variables).finish()
}

fn size(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).expect("not zero")
}

/// What stands on a terminal of so many rows and columns after this was written to it.
pub(crate) fn screen(text: &str, (rows, columns): (u16, u16)) -> String {
    let mut parser = vt100::Parser::new(size(rows), size(columns), 0);
    parser.process(text.as_bytes());
    parser.screen().contents()
}

#[test]
fn an_answer_is_styled_and_ends_with_a_line_of_numbers() {
    let world = World::new();
    world.fake(|_, _| answer(&["# Ti", "tle\n**bo", "ld**"]));
    let text = on_a_terminal(&world, &["chat", "hi"], &[]);
    assert!(text.contains("\u{1b}[0;1m# Title"), "{text:?}");
    assert_eq!(screen(&text, SIZE).trim_end(), "# Title\n**bold**\nopenai/gpt · 3 + 5 tokens · $0.50 · 7 ms to the first token");
}

#[test]
fn a_model_cannot_drive_the_terminal() {
    let world = World::new();
    world.fake(|_, _| answer(&["a\u{1b}]0;owned\u{7}\u{1b}[2Jb\u{9b}2Jc"]));
    let text = on_a_terminal(&world, &["chat", "-q", "hi"], &[("NO_COLOR", "1")]);
    assert_eq!(text, "a␛]0;owned␇␛[2Jb\u{fffd}2Jc\r\n");
}

#[test]
fn the_daemon_learns_that_somebody_watches() {
    let world = World::new();
    let fake = world.fake(|_, _| answer(&["x"]));
    on_a_terminal(&world, &["chat", "hi"], &[]);
    assert_eq!(fake.requests()[0].json()["watched"], true);
}

#[test]
fn a_wait_for_the_first_token_has_a_sign_of_life() {
    let world = World::new();
    world.fake(|_, _| {
        let mut pieces = crate::fake::events(1, &[crate::fake::started()]);
        pieces.push(crate::fake::Piece::Pause(std::time::Duration::from_millis(500)));
        pieces.extend(crate::fake::events(2, &[crate::fake::text("late"), crate::fake::done()]));
        crate::fake::Reply::stream(pieces)
    });
    let text = on_a_terminal(&world, &["chat", "hi"], &[]);
    assert!(text.contains('⠋'), "{text:?}");
    assert!(screen(&text, SIZE).starts_with("late\n"), "what is drawn is taken back: {:?}", screen(&text, SIZE));
}
