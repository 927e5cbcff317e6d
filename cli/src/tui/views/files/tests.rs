//! A file is chosen, and goes along.

use mmp_shared::message::{Content, ContentPart};

use super::super::testing::{Stage, asked, check, refused};
use crate::tui::{
    ask::{Ask, Told},
    attachment::Attachment,
    effect::Effect,
    keymap::Code,
};

fn names() -> Told {
    Told::Files(["Cargo.toml", "cli/src/main.rs", "docs/汤.md", "a/b/main_loop.rs"].map(str::to_owned).to_vec())
}

fn text(name: &str) -> Told {
    let part = ContentPart::Text { text: format!("{name}:\n```\nx\n```") };
    Told::Attached(Box::new(Attachment { name: name.to_owned(), part }))
}

fn opened() -> Stage {
    let mut stage = Stage::english();
    stage.write("look at ");
    assert_eq!(asked(&stage.write("@")), [&Ask::Files]);
    stage.told(Ok(names()));
    stage
}

#[test]
fn it_looks_like_this() {
    check("files", |stage| {
        stage.write("@");
        stage.told(Ok(names()));
    });
    check("files-attached", |stage| {
        stage.write("@");
        stage.told(Ok(names()));
        stage.press(Code::Enter);
        stage.told(Ok(text("docs/汤.md")));
        stage.write("what is this?");
    });
}

#[test]
fn the_letters_in_order_find_a_file_and_it_is_sent_behind_the_words() {
    let mut stage = opened();
    stage.write("main");
    assert_eq!(asked(&stage.press(Code::Enter)), [&Ask::ReadFile("cli/src/main.rs".into())]);
    stage.told(Ok(text("m.rs")));
    assert_eq!((stage.has_view(), stage.model.composer.editor.text().as_str()), (false, "look at "));
    stage.write("it");
    let effects = stage.press(Code::Enter);
    let request = effects.iter().find_map(|effect| match effect {
        Effect::Ask { request, .. } => Some(request),
        _ => None,
    });
    let expected = Content::Text("look at it\n\nm.rs:\n```\nx\n```".into());
    assert_eq!(request.map(|request| &request.content), Some(&expected));
    stage.press(Code::Esc);
    assert_eq!(stage.model.composer.editor.text(), "look at it", "what never came stands there again");
    assert_eq!(stage.model.composer.attached.len(), 1);
}

#[test]
fn one_that_cannot_be_read_is_said_and_another_can_be_chosen() {
    let mut stage = opened();
    stage.press(Code::Enter);
    stage.told(Err(refused()));
    assert!(stage.has_view() && stage.model.note.as_ref().is_some_and(|note| note.is_error));
}

#[test]
fn what_was_no_file_is_words_again() {
    let mut stage = opened();
    stage.write("zoe ");
    assert_eq!((stage.has_view(), stage.model.composer.editor.text().as_str()), (false, "look at @zoe "));
    let mut stage = opened();
    stage.write("car");
    stage.press(Code::Esc);
    assert_eq!((stage.has_view(), stage.model.composer.editor.text().as_str()), (false, "look at @car"));
    let mut stage = opened();
    stage.press(Code::Backspace);
    assert_eq!((stage.has_view(), stage.model.composer.editor.text().as_str()), (false, "look at "));
    let mut stage = Stage::english();
    stage.write("me@example.org");
    assert!(!stage.has_view(), "an address is no file");
}

#[test]
fn backspace_where_nothing_is_written_leaves_the_last_file_out() {
    let mut stage = Stage::english();
    stage.write("@");
    stage.told(Ok(names()));
    stage.press(Code::Enter);
    stage.told(Ok(text("x")));
    assert_eq!(stage.model.composer.attached.len(), 1);
    stage.press(Code::Backspace);
    assert_eq!(stage.model.composer.attached.len(), 0);
}
