//! Connections that break while an answer comes, and events that come too late.

use super::*;

#[test]
fn a_lost_stream_is_joined_behind_its_last_event_with_growing_waits() {
    let mut person = Person::new();
    let turn = person.ask("hi");
    person.stream(turn, 1, &[started(), text("a")]);
    let mut waits = Vec::new();
    for _ in 0..7 {
        let effects = person.at(Event::StreamLost { turn, error: unreachable_error() });
        let [Effect::Attach { run_id, after, wait, .. }] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!((*run_id, *after), (run(), Some(2)));
        waits.push(wait.as_millis());
    }
    assert_eq!(waits, [250, 500, 1000, 2000, 4000, 8000, 8000]);
    assert!(!person.model.is_connected);
    person.stream(turn, 3, &[text("b"), done("complete")]);
    assert!(person.model.is_connected);
    assert_eq!(person.model.transcript.last_answer().expect("an answer").source(), "ab");
}

#[test]
fn a_reset_begins_the_answer_anew() {
    let mut person = Person::new();
    let turn = person.ask("hi");
    person.stream(turn, 1, &[started(), text("lost")]);
    let (name, mut data) = started();
    data["reset"] = json!(true);
    person.stream(turn, 1, &[(name, data), text("kept")]);
    assert_eq!(person.model.transcript.last_answer().expect("an answer").source(), "kept");
}

#[test]
fn events_of_an_answer_that_was_left_change_nothing() {
    let mut person = Person::new();
    let turn = person.ask("hi");
    person.stream(turn, 1, &[started()]);
    let effects = person.press(Key { alt: true, ..Key::of(Code::Char('n')) });
    assert_eq!(effects, [Effect::Leave]);
    person.stream(turn, 2, &[text("late")]);
    assert!(person.model.transcript.entries.is_empty());
    assert!(person.said().contains("goes on"));
}

#[test]
fn another_answer_does_not_hide_that_the_one_that_comes_lost_its_connection() {
    let mut person = Person::new();
    let turn = person.ask("hi");
    person.stream(turn, 1, &[started(), text("half")]);
    person.at(Event::Connected(false));
    let list = |person: &mut Person| {
        let asking = person.model.conversations.asking;
        let page = Ok(Page { items: Vec::new(), next_cursor: None });
        person.at(Event::Conversations { asking, page, clock: jiff::Timestamp::UNIX_EPOCH });
    };
    list(&mut person);
    assert!(!person.model.is_connected);
    person.stream(turn, 3, &[text("the rest"), done("complete")]);
    assert!(person.model.is_connected);
    person.at(Event::Connected(false));
    list(&mut person);
    assert!(person.model.is_connected, "where none comes it says that the daemon is there");
}
