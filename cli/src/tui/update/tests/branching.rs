//! Messages that are chosen, their branches, and what is asked beside them.

use mmp_shared::{MessageId, message::Content};

use super::*;
use crate::tui::event::Opened;

const CONVERSATION: &str = "0198c5d2-7b1e-7c61-8f0a-000000000001";

fn id(number: u8) -> MessageId {
    MessageId::from_bytes([number; 16])
}

/// Two questions and their answers; the second answer has another one beside it.
fn opened(leaf: u8) -> Opened {
    opened_with(leaf, "complete")
}

/// The same, where the answer at the end came to this.
fn opened_with(leaf: u8, status: &str) -> Opened {
    let message = |number: u8, parent: Option<u8>, role: &str, text: &str| {
        json!({
            "id": id(number), "parent_id": parent.map(id), "role": role, "text": text, "reasoning": null, "model": "gpt",
            "provider": "openai", "status": "complete", "usage": null, "cost_usd": null, "created_at": "2026-01-02T03:04:05Z",
        })
    };
    let messages = [
        message(1, None, "user", "first"),
        message(2, Some(1), "assistant", "one\n```\na\n```\n```\nb\n```"),
        message(3, Some(2), "user", "second"),
        message(4, Some(3), "assistant", "two"),
        {
            let mut last = message(5, Some(3), "assistant", "two otherwise");
            last["status"] = status.into();
            last
        },
    ];
    let conversation = json!({
        "id": CONVERSATION, "title": "t", "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z",
        "model": null, "messages": 5, "pinned": false, "archived": false,
    });
    let detail = json!({ "conversation": conversation, "leaf_id": id(leaf), "messages": messages });
    Box::new((serde_json::from_value(detail).expect("a conversation"), None))
}

fn reader() -> Person {
    let mut person = Person::new();
    assert_eq!(person.at(Event::Opened(Ok(opened(5)))), []);
    person
}

fn letter(person: &mut Person, c: char) -> Vec<Effect> {
    person.press(Key::of(Code::Char(c)))
}

fn texts(person: &Person) -> Vec<String> {
    let text = |entry: &crate::tui::transcript::Entry| match &entry.said {
        crate::tui::transcript::Said::Person(text) => text.clone(),
        crate::tui::transcript::Said::Answer(answer) => answer.source().to_owned(),
    };
    person.model.transcript.entries.iter().map(text).collect()
}

#[test]
fn a_branch_is_looked_at_in_place() {
    let mut person = reader();
    assert_eq!(texts(&person).last().map(String::as_str), Some("two otherwise"));
    assert_eq!(person.press(Key::of(Code::Tab)), []);
    assert_eq!(person.model.focus, Focus::Transcript);
    assert_eq!(person.press(Key::of(Code::Right)), [], "there is none behind it");
    let conversation = CONVERSATION.parse().expect("an id");
    assert_eq!(person.press(Key::of(Code::Left)), [Effect::Branch { conversation, message: id(4) }]);
    person.at(Event::Branched(Ok(opened(4))));
    assert_eq!(texts(&person).last().map(String::as_str), Some("two"));
    assert_eq!((person.model.focus, person.model.transcript.chosen), (Focus::Transcript, Some(3)), "it stays chosen");
    letter(&mut person, 'k');
    assert_eq!(letter(&mut person, 'h'), []);
    assert!(person.said().contains("nothing stands beside"), "{}", person.said());
}

#[test]
fn a_branch_that_comes_after_one_has_gone_elsewhere_is_dropped() {
    let mut person = reader();
    person.press(Key { alt: true, ..Key::of(Code::Char('n')) });
    person.at(Event::Branched(Ok(opened(4))));
    assert_eq!(texts(&person), [""; 0]);
}

#[test]
fn an_edited_question_stands_beside_the_old_one() {
    let mut person = reader();
    person.press(Key { alt: true, ..Key::of(Code::Up) });
    letter(&mut person, 'k');
    letter(&mut person, 'e');
    assert_eq!((person.written().as_str(), person.model.focus), ("second", Focus::Composer));
    person.write(" thought");
    let effects = person.enter();
    let Some(Effect::Ask { turn, request }) = effects.last() else { panic!("{effects:?}") };
    assert_eq!((request.beside_id, &request.content), (Some(id(3)), &Content::Text("second thought".into())));
    assert_eq!(texts(&person)[2..], ["second thought", ""]);
    let started = json!({
        "run_id": RUN, "conversation_id": CONVERSATION, "message_id": id(8), "user_message_id": id(7),
        "model": "gpt", "provider": "openai", "created_at": "2026-01-02T03:04:05Z",
    });
    person.stream(*turn, 1, &[("started", started), text("anew"), done("complete")]);
    let node = person.model.transcript.entries[2].node.clone().expect("it is kept");
    assert_eq!((node.id, node.place()), (id(7), Some((2, 2))));
    assert!(matches!(&person.enter()[..], []), "what is asked next follows the new one");
    assert_eq!(person.model.composer.beside, None);
}

#[test]
fn asking_again_that_never_began_leaves_what_was_there() {
    let mut person = reader();
    person.press(Key::of(Code::Tab));
    let effects = letter(&mut person, 'r');
    let Some(Effect::Ask { turn, request }) = effects.last() else { panic!("{effects:?}") };
    assert_eq!((request.beside_id, &request.content), (Some(id(3)), &Content::Text("second".into())));
    assert_eq!(texts(&person).len(), 4);
    let turn = *turn;
    person.at(Event::StreamLost { turn, error: unreachable_error() });
    assert_eq!(texts(&person)[2..], ["second", "two otherwise"]);
    assert_eq!(person.written(), "second");
    let effects = person.enter();
    let Some(Effect::Ask { request, .. }) = effects.last() else { panic!("{effects:?}") };
    assert_eq!(request.beside_id, Some(id(3)), "it still goes where it was meant to");
}

#[test]
fn escape_forgets_where_an_edited_question_was_meant_to_go() {
    let mut person = reader();
    person.press(Key::of(Code::Tab));
    letter(&mut person, 'e');
    person.press(Key::of(Code::Esc));
    let effects = person.enter();
    let Some(Effect::Ask { request, .. }) = effects.last() else { panic!("{effects:?}") };
    assert_eq!((request.beside_id, texts(&person).len()), (None, 6));
}

#[test]
fn code_blocks_are_copied_one_after_another() {
    let mut person = reader();
    person.press(Key::of(Code::Tab));
    letter(&mut person, 'g');
    letter(&mut person, 'j');
    assert_eq!(letter(&mut person, 'b'), [Effect::Copy("a\n".into())]);
    assert_eq!(letter(&mut person, 'b'), [Effect::Copy("b\n".into())]);
    assert_eq!(letter(&mut person, 'b'), [Effect::Copy("a\n".into())]);
    assert_eq!(letter(&mut person, 'c'), [Effect::Copy("one\n```\na\n```\n```\nb\n```".into())]);
}

#[test]
fn what_is_typed_or_pasted_while_one_is_chosen_is_written() {
    let mut person = reader();
    person.press(Key::of(Code::Tab));
    letter(&mut person, 'x');
    assert_eq!((person.written().as_str(), person.model.focus), ("x", Focus::Composer));
    person.press(Key { alt: true, ..Key::of(Code::Up) });
    assert_eq!(person.at(Event::Paste("rec".into())), []);
    assert_eq!(person.written(), "xrec");
}

#[test]
fn a_chosen_message_is_in_sight() {
    let mut person = reader();
    person.model.size = (40, 9);
    person.press(Key::of(Code::Tab));
    letter(&mut person, 'g');
    assert_eq!(person.model.transcript.place, Place::At(0, 0));
    letter(&mut person, 'G');
    assert_eq!(person.model.transcript.place, Place::Bottom);
}

#[test]
fn nothing_is_chosen_where_nothing_was_said() {
    let mut person = Person::new();
    person.press(Key::of(Code::Tab));
    assert_eq!((person.model.focus, person.model.transcript.chosen), (Focus::Composer, None));
}

#[test]
fn a_cut_answer_is_offered_and_gone_on_with_in_its_place() {
    let mut person = Person::new();
    person.at(Event::Opened(Ok(opened_with(5, "interrupted"))));
    assert!(person.model.note.as_ref().is_some_and(|note| note.text.contains("/continue")));
    person.write("/continue");
    let effects = person.enter();
    let Some(Effect::Ask { request, .. }) = effects.iter().find(|effect| matches!(effect, Effect::Ask { .. })) else {
        panic!("nothing is asked: {effects:?}")
    };
    assert_eq!((request.resume_id, request.content.clone()), (Some(id(5)), Content::Text(String::new())));
    assert_eq!(texts(&person), ["first", "one\n```\na\n```\n```\nb\n```", "second", ""]);
    // Where it cannot even be asked, the part is there as before, and so is what was written.
    let error = Box::new(ApiError::new(ErrorCode::Forbidden, phrase!("error-internal")));
    let turn = person.model.turn_number;
    person.at(Event::StreamLost { turn, error });
    assert_eq!(texts(&person).last().map(String::as_str), Some("two otherwise"));
    assert_eq!(person.model.composer.editor.text(), "");
}

#[test]
fn a_whole_answer_is_not_gone_on_with() {
    let mut person = reader();
    assert_eq!(person.model.note.as_ref().map(|note| note.text.as_str()), None);
    person.write("/continue");
    let effects = person.enter();
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Ask { .. })), "{effects:?}");
    assert!(person.model.note.is_some());
}
