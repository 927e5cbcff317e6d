//! What a person at a terminal sees: a real one, from its other side.

use std::{io::Read as _, num::NonZero};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::{fake::answer, world::World};

/// Everything that the client writes to a terminal of 80 columns.
fn on_a_terminal(world: &World, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let pair = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).expect("a terminal");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_mmp"));
    command.args(arguments);
    command.env_clear();
    command.env("MMP_HOME", world.path());
    command.env("TERM", "xterm-256color");
    for (name, value) in variables {
        command.env(name, value);
    }
    let mut child = pair.slave.spawn_command(command).expect("the client runs");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("a reader");
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    // A terminal whose last user has gone answers with an error.
    while let Ok(count @ 1..) = reader.read(&mut chunk) {
        bytes.extend_from_slice(&chunk[..count]);
    }
    child.wait().expect("the client ends");
    String::from_utf8(bytes).expect("text")
}

fn size(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).expect("not zero")
}

fn screen(text: &str) -> String {
    let mut parser = vt100::Parser::new(size(24), size(80), 0);
    parser.process(text.as_bytes());
    parser.screen().contents()
}

#[test]
fn an_answer_is_styled_and_ends_with_a_line_of_numbers() {
    let world = World::new();
    world.fake(|_, _| answer(&["# Ti", "tle\n**bo", "ld**"]));
    let text = on_a_terminal(&world, &["chat", "hi"], &[]);
    assert!(text.contains("\u{1b}[0;1m# Title"), "{text:?}");
    assert_eq!(screen(&text).trim_end(), "# Title\n**bold**\nopenai/gpt · 3 + 5 tokens · $0.50 · 7 ms to the first token");
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
    assert!(screen(&text).starts_with("late\n"), "what is drawn is taken back: {:?}", screen(&text));
}
