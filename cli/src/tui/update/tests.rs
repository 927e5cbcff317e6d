//! What follows from keys and events, with no terminal, no daemon and no clock.

use mmp_shared::{ErrorCode, Language, RunId, chat::ChatRequest, conversations::Conversation, events::LoggedEvent, page::Page};
use serde_json::{Value, json};

use super::*;
use crate::tui::{
    keymap::{Code, Key, Keymap},
    model::{Access, Beginning, Focus, Overlay},
    theme::{Palette, Theme},
    transcript::Place,
};

mod branching;
mod commands;
mod connection;
mod lists;

const RUN: &str = "0198c5d2-7b1e-7c61-8f0a-2f7a3f9b1c2d";

fn model() -> Model {
    Model::new(Beginning {
        template: ChatRequest::new(""),
        language: Language::English,
        theme: Theme::new(Palette::Sixteen),
        size: (80, 24),
        draft: String::new(),
        keys: Keymap::default(),
        access: Access::default(),
        mistakes: Vec::new(),
    })
}

/// The program at work: events in, effects out, a second between them.
struct Person {
    model: Model,
    seconds: u64,
}

impl Person {
    fn new() -> Self {
        Self { model: model(), seconds: 0 }
    }

    fn at(&mut self, event: Event) -> Vec<Effect> {
        self.seconds += 1;
        update(&mut self.model, Duration::from_secs(self.seconds), event)
    }

    fn press(&mut self, key: Key) -> Vec<Effect> {
        self.at(Event::Key(key))
    }

    fn ctrl(&mut self, c: char) -> Vec<Effect> {
        self.press(Key { ctrl: true, ..Key::of(Code::Char(c)) })
    }

    fn write(&mut self, text: &str) {
        for c in text.chars() {
            assert_eq!(self.press(Key::of(Code::Char(c))), []);
        }
    }

    fn enter(&mut self) -> Vec<Effect> {
        self.press(Key::of(Code::Enter))
    }

    /// Says something; the number of the turn that listens.
    fn ask(&mut self, text: &str) -> u64 {
        self.write(text);
        let effects = self.enter();
        let Some(Effect::Ask { turn, .. }) = effects.last() else { panic!("{effects:?}") };
        *turn
    }

    fn stream(&mut self, turn: u64, first: u64, events: &[(&str, Value)]) -> Vec<Effect> {
        let read = |(name, data): &(&str, Value)| {
            mmp_shared::events::StreamEvent::from_parts(name, &data.to_string()).expect("an event").expect("a known one")
        };
        let events = (first..).zip(events.iter().map(read)).map(|(id, event)| LoggedEvent { id, event }).collect();
        self.at(Event::Stream { turn, events })
    }

    fn written(&self) -> String {
        self.model.composer.editor.text()
    }

    fn said(&self) -> &str {
        self.model.note.as_ref().map_or("", |note| note.text.as_str())
    }
}

fn started() -> (&'static str, Value) {
    let data = json!({
        "run_id": RUN, "conversation_id": "0198c5d2-7b1e-7c61-8f0a-000000000001", "message_id": null, "user_message_id": null,
        "model": "gpt", "provider": "openai", "created_at": "2026-01-02T03:04:05Z",
    });
    ("started", data)
}

fn text(text: &str) -> (&'static str, Value) {
    ("text", json!({ "text": text }))
}

fn done(status: &str) -> (&'static str, Value) {
    let data = json!({
        "status": status, "finish_reason": "stop", "refusal": null, "cost_usd": 0.5, "attempts": [],
        "usage": { "prompt_tokens": 3, "completion_tokens": 5, "cached_tokens": null, "reasoning_tokens": null, "source": "provider" },
        "timing": { "first_token_ms": 7, "total_ms": 9 },
    });
    ("done", data)
}

fn run() -> RunId {
    RUN.parse().expect("an id")
}

fn unreachable_error() -> Box<ApiError> {
    Box::new(ApiError::new(ErrorCode::DaemonUnreachable, phrase!("error-answer-lost")))
}

#[test]
fn what_is_typed_first_is_the_prompt() {
    let mut person = Person::new();
    person.write("hello 你好");
    let effects = person.enter();
    let [.., Effect::Ask { request, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(request.content, mmp_shared::message::Content::Text("hello 你好".into()));
    assert_eq!(person.written(), "");
    assert_eq!(person.model.transcript.entries.len(), 2);
}

#[test]
fn an_answer_grows_and_the_next_question_goes_to_its_conversation() {
    let mut person = Person::new();
    let turn = person.ask("hi");
    person.stream(turn, 1, &[started(), text("he"), text("llo")]);
    assert!(person.model.live().is_some());
    let effects = person.stream(turn, 4, &[done("complete")]);
    assert!(person.model.live().is_none());
    assert!(matches!(effects.as_slice(), [Effect::ListConversations { .. }]), "the list is fetched anew: {effects:?}");
    assert_eq!(person.model.transcript.last_answer().expect("an answer").source(), "hello");
    person.write("more");
    let effects = person.enter();
    let [.., Effect::Ask { request, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(request.conversation_id.is_some());
}

#[test]
fn a_break_of_the_line_sends_nothing() {
    let mut person = Person::new();
    person.write("a");
    person.press(Key { alt: true, ..Key::of(Code::Enter) });
    person.press(Key { shift: true, ..Key::of(Code::Enter) });
    person.ctrl('j');
    person.write("b");
    assert_eq!(person.written(), "a\n\n\nb");
}

#[test]
fn escape_stops_the_run_once_and_what_came_stays() {
    let mut person = Person::new();
    let turn = person.ask("hi");
    person.stream(turn, 1, &[started(), text("half")]);
    assert_eq!(person.press(Key::of(Code::Esc)), [Effect::Stop(run())]);
    assert_eq!(person.press(Key::of(Code::Esc)), []);
    person.stream(turn, 3, &[done("cancelled")]);
    let answer = person.model.transcript.last_answer().expect("an answer");
    assert_eq!((answer.source(), answer.remarks[0].text.as_str()), ("half", "stopped"));
}

#[test]
fn control_c_stops_then_warns_then_quits() {
    let mut person = Person::new();
    let turn = person.ask("hi");
    person.stream(turn, 1, &[started()]);
    assert_eq!(person.ctrl('c'), [Effect::Stop(run())]);
    person.stream(turn, 2, &[done("cancelled")]);
    person.write("draft");
    assert_eq!(person.ctrl('c'), []);
    assert!(person.said().contains("once more"), "{}", person.said());
    assert_eq!(person.ctrl('c'), [Effect::SaveDraft("draft".into()), Effect::Quit]);
}

#[test]
fn a_second_control_c_that_comes_late_warns_anew() {
    let mut person = Person::new();
    person.ctrl('c');
    person.seconds += 10;
    assert_eq!(person.ctrl('c'), []);
}

#[test]
fn a_question_that_was_never_sent_is_written_again() {
    let mut person = Person::new();
    let turn = person.ask("precious");
    person.write("next");
    person.at(Event::StreamLost { turn, error: unreachable_error() });
    assert_eq!(person.written(), "precious\nnext");
    assert!(person.model.note.as_ref().is_some_and(|note| note.is_error));
    assert!(person.model.transcript.entries.is_empty());
    assert!(!person.model.is_connected);
}

#[test]
fn a_draft_is_kept_soon_after_the_last_change_and_not_twice() {
    let mut person = Person::new();
    person.write("dr");
    assert_eq!(person.at(Event::Tick), [Effect::SaveDraft("dr".into())]);
    assert_eq!(person.at(Event::Tick), []);
    person.write("x");
    person.press(Key::of(Code::Backspace));
    assert_eq!(person.at(Event::Tick), [], "nothing is different");
}

#[test]
fn a_draft_is_there_at_the_next_start() {
    let model = Model::new(Beginning {
        template: ChatRequest::new(""),
        language: Language::English,
        theme: Theme::new(Palette::None),
        size: (80, 24),
        draft: "left over".into(),
        keys: Keymap::default(),
        access: Access::default(),
        mistakes: vec![phrase!("palette-keys-no-action", action = "x")],
    });
    assert_eq!(model.composer.editor.text(), "left over");
    assert!(model.note.is_some_and(|note| note.is_error && note.text.contains("`x`")), "a mistake is named");
}

#[test]
fn up_recalls_what_was_sent_where_nothing_is_written() {
    let mut person = Person::new();
    for question in ["first", "second"] {
        let turn = person.ask(question);
        person.stream(turn, 1, &[started(), done("complete")]);
    }
    person.press(Key::of(Code::Up));
    assert_eq!(person.written(), "second");
    person.press(Key::of(Code::Up));
    assert_eq!(person.written(), "first");
    person.press(Key::of(Code::Down));
    person.press(Key::of(Code::Down));
    assert_eq!(person.written(), "");
    person.write("own");
    person.press(Key::of(Code::Up));
    assert_eq!(person.written(), "own");
}

#[test]
fn commands_are_completed_and_done() {
    let mut person = Person::new();
    person.write("/mo");
    person.press(Key::of(Code::Tab));
    assert_eq!(person.written(), "/model ");
    person.write("deepseek");
    assert_eq!(person.enter(), []);
    assert_eq!(person.model.chosen_model(), Some("deepseek"));
    person.write("/modle");
    person.enter();
    assert!(person.said().contains("/modle") && person.written() == "/modle", "nothing is sent");
    person.ctrl('u');
    person.write("/etc/hosts?");
    assert!(matches!(person.enter().last(), Some(Effect::Ask { .. })), "a path is a question");
}

#[test]
fn the_source_is_copied_and_code_alone() {
    let mut person = Person::new();
    let turn = person.ask("hi");
    person.stream(turn, 1, &[started(), text("**a**\n```sh\nls\n```\n"), done("complete")]);
    person.write("/copy");
    assert_eq!(person.enter(), [Effect::Copy("**a**\n```sh\nls\n```\n".into())]);
    person.write("/copy code");
    assert_eq!(person.enter(), [Effect::Copy("ls\n".into())]);
}

#[test]
fn reading_back_is_not_disturbed_by_what_comes() {
    let mut person = Person::new();
    let turn = person.ask("hi");
    person.stream(turn, 1, &[started(), text(&"line\n\n".repeat(100))]);
    let seen = |person: &mut Person| {
        let look = look(&person.model);
        person.model.transcript.window(10, look).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    person.press(Key::of(Code::PageUp));
    let before = seen(&mut person);
    person.stream(turn, 3, &[text("more\n\n")]);
    assert_eq!(seen(&mut person), before);
    for _ in 0..20 {
        person.at(Event::Wheel(3));
    }
    assert_eq!(person.model.transcript.place, Place::Bottom, "it is at the end again, and stays there");
}

#[test]
fn a_question_mark_alone_asks_for_help_and_any_key_closes_it() {
    let mut person = Person::new();
    person.press(Key::of(Code::Char('?')));
    assert!(matches!(person.model.overlay, Some(Overlay::Help(0))));
    person.press(Key::of(Code::Esc));
    assert!(person.model.overlay.is_none());
    person.write("what");
    person.press(Key::of(Code::Char('?')));
    assert_eq!(person.written(), "what?");
}

#[test]
fn no_terminal_is_too_small() {
    let mut person = Person::new();
    let turn = person.ask("hi");
    for (columns, rows) in [(0, 0), (1, 1), (0, 5), (5, 0), (2, 2), (400, 100)] {
        person.at(Event::Resize(columns, rows));
        person.stream(turn, 1, &[started(), text("你好 👩‍👩‍👧‍👦")]);
        person.press(Key::of(Code::PageUp));
        person.press(Key::of(Code::Up));
        areas(&person.model);
    }
}

/// The pure part asks nobody: no file, no socket, no thread, no clock, no screen.
#[test]
fn the_pure_part_imports_no_input_or_output() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui");
    let pure = [
        "model.rs",
        "event.rs",
        "effect.rs",
        "answer.rs",
        "transcript/mod.rs",
        "transcript/entry.rs",
        "areas.rs",
        "keymap/mod.rs",
        "keymap/read.rs",
        "deeds.rs",
        "figures.rs",
        "slash.rs",
        "clean.rs",
        "theme.rs",
        "update/mod.rs",
        "update/keys/mod.rs",
        "update/keys/composer.rs",
        "update/turn.rs",
        "update/lists.rs",
        "update/commands.rs",
        "update/screens.rs",
        "ask.rs",
        "view.rs",
        "views/search/mod.rs",
        "views/history/mod.rs",
        "views/history/view.rs",
        "views/runs/mod.rs",
        "views/catalogue/mod.rs",
        "views/compare/mod.rs",
        "views/compare/view.rs",
        "views/compare/column.rs",
        "views/compare/choosing.rs",
        "views/palette/mod.rs",
        "views/files/mod.rs",
        "widgets/field.rs",
        "widgets/finder.rs",
        "widgets/editor.rs",
        "widgets/list.rs",
        "markdown/mod.rs",
        "markdown/scan.rs",
        "markdown/render/mod.rs",
        "markdown/render/fence.rs",
        "markdown/wrap.rs",
    ];
    let forbidden = [
        "tokio",
        "crossterm",
        "std::io",
        "std::fs",
        "std::env",
        "std::thread",
        "std::process",
        "Instant",
        "SystemTime",
        "::now()",
        "crate::client",
        "ratatui::backend",
        "super::driver",
        "super::terminal",
        "super::views",
    ];
    for file in pure {
        let source = std::fs::read_to_string(folder.join(file)).expect("a source file");
        let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for word in forbidden {
            assert!(!code.contains(word), "{file} names `{word}`");
        }
    }
}

#[test]
fn the_editor_is_given_what_is_written_and_what_it_gives_back_is_written() {
    let mut person = Person::new();
    person.write("half");
    let effects = person.at(Event::Key(Key { ctrl: true, ..Key::of(Code::Char('o')) }));
    assert_eq!(effects, [Effect::EditOutside("half".into())]);
    person.at(Event::Edited(Ok(Some("whole\nand more".into()))));
    assert_eq!(person.model.composer.editor.text(), "whole\nand more");
    assert!(person.model.composer.changed_at.is_some(), "it is kept as a draft");
    person.at(Event::Edited(Ok(None)));
    assert!(person.model.note.as_ref().is_some_and(|note| !note.is_error));
    let error = ApiError::new(ErrorCode::BadRequest, phrase!("palette-editor-none"));
    person.at(Event::Edited(Err(Box::new(error))));
    assert!(person.model.note.as_ref().is_some_and(|note| note.is_error));
    assert_eq!(person.model.composer.editor.text(), "whole\nand more");
}

#[test]
fn a_key_that_was_set_does_what_it_was_set_to() {
    let mut person = Person::new();
    let set = [("break_line".to_owned(), vec!["enter".to_owned()]), ("send".to_owned(), vec!["f9".to_owned()])];
    person.model.keys = crate::tui::keymap::read(&set).0;
    person.write("a");
    assert_eq!(person.press(Key::of(Code::Enter)), []);
    person.write("b");
    assert!(matches!(&person.press(Key::of(Code::Function(9)))[..], [.., Effect::Ask { .. }]));
}
