//! The palette: opened, narrowed, obeyed.

use super::super::testing::{Stage, check};
use crate::tui::{effect::Effect, keymap::Code};

fn opened() -> Stage {
    let mut stage = Stage::english();
    stage.ctrl('p');
    stage
}

#[test]
fn it_looks_like_this() {
    check("palette", |stage| {
        stage.ctrl('p');
    });
    check("palette-asks", |stage| {
        stage.ctrl('p');
        stage.write("/rename");
        stage.press(Code::Enter);
        stage.write("soup 汤");
    });
    check("palette-nothing", |stage| {
        stage.ctrl('p');
        stage.write("zzz");
    });
}

#[test]
fn a_view_is_opened_by_its_words() {
    let mut stage = opened();
    stage.write("what runs");
    let screen = stage.screen();
    stage.press(Code::Enter);
    assert!(stage.has_view() && stage.screen() != screen, "{}", stage.screen());
}

#[test]
fn an_action_is_done_where_one_was() {
    let mut stage = Stage::english();
    stage.write("half a thought");
    stage.ctrl('p');
    stage.write("delete_to_start");
    assert_eq!(stage.press(Code::Enter), []);
    assert!(!stage.has_view() && stage.model.composer.editor.is_empty(), "{}", stage.screen());
}

#[test]
fn a_command_that_means_nothing_alone_asks_for_the_rest() {
    let mut stage = opened();
    stage.write("/think");
    stage.press(Code::Enter);
    assert!(stage.has_view());
    stage.press(Code::Esc);
    assert!(stage.has_view(), "only what was asked is left");
    stage.press(Code::Enter);
    stage.write("high");
    stage.press(Code::Enter);
    assert!(!stage.has_view() && stage.said().contains("high"), "{}", stage.said());
}

#[test]
fn it_can_end_the_program_and_be_left() {
    let mut stage = opened();
    stage.write("/quit");
    assert_eq!(stage.press(Code::Enter), [Effect::Quit]);
    let mut stage = opened();
    stage.press(Code::Esc);
    assert!(!stage.has_view());
}
