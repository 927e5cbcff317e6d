//! Commands behind `/` that ask the daemon something and are told.

use super::*;
use crate::tui::ask::{Ask, Told};

fn command(person: &mut Person, text: &str) -> Vec<Effect> {
    person.write(text);
    person.press(Key::of(Code::Enter))
}

fn asked(effects: &[Effect]) -> Option<&Ask> {
    effects.iter().find_map(|effect| match effect {
        Effect::Fetch { ask, .. } => Some(ask.as_ref()),
        _ => None,
    })
}

fn told(person: &mut Person, told: Told) -> Vec<Effect> {
    let asking = person.model.asking;
    person.at(Event::Told { asking, told: Ok(told) })
}

fn said(person: &Person) -> String {
    person.model.note.as_ref().map(|note| note.text.clone()).unwrap_or_default()
}

fn talking() -> Person {
    let mut person = Person::new();
    let id = "0198c5d2-7b1e-7c61-8f0a-000000000001".parse().expect("an id");
    person.model.conversation = Some(crate::tui::model::OpenConversation { id, title: "t".into() });
    person
}

#[test]
fn a_theme_holds_at_once_and_is_kept() {
    let mut person = Person::new();
    let before = person.model.theme;
    let effects = command(&mut person, "/theme light");
    assert_eq!(asked(&effects), Some(&Ask::SetTheme("light".into())));
    assert!(effects.contains(&Effect::Redraw) && person.model.theme != before);
    told(&mut person, Told::ThemeSet);
    assert!(said(&person).contains("all of your terminals"));
    let now = person.model.theme;
    assert_eq!(asked(&command(&mut person, "/theme drak")), None);
    assert!(said(&person).contains("`drak`") && person.model.theme == now, "{}", said(&person));
}

#[test]
fn a_role_is_looked_up_before_it_is_taken() {
    let mut person = Person::new();
    assert_eq!(asked(&command(&mut person, "/role reviewer")), Some(&Ask::Role("reviewer".into())));
    assert_eq!(person.model.template.role, None);
    told(&mut person, Told::Role("reviewer".into()));
    assert_eq!(person.model.template.role.as_deref(), Some("reviewer"));
    assert_eq!(asked(&command(&mut person, "/role")), Some(&Ask::Roles));
    told(&mut person, Told::Roles(vec!["a".into(), "b".into()]));
    assert!(said(&person).contains("a, b"));
    command(&mut person, "/role -");
    assert_eq!(person.model.template.role, None);
}

#[test]
fn a_conversation_is_exported_and_where_is_said() {
    let mut person = talking();
    let id = person.model.conversation.as_ref().map(|open| open.id).expect("one");
    assert_eq!(asked(&command(&mut person, "/export a b.md")), Some(&Ask::Export { id, path: "a b.md".into() }));
    told(&mut person, Told::Exported("a b.md".into()));
    assert!(said(&person).contains("a b.md"));
    let mut person = Person::new();
    assert_eq!(asked(&command(&mut person, "/export a.md")), None);
    assert!(said(&person).contains("no conversation"));
}

#[test]
fn a_copy_of_the_conversation_is_opened_unless_it_was_not_asked_for_here() {
    let mut person = talking();
    let id = person.model.conversation.as_ref().map(|open| open.id).expect("one");
    assert_eq!(asked(&command(&mut person, "/branch")), Some(&Ask::Branch(id)));
    let copy = json!({
        "id": "0198c5d2-7b1e-7c61-8f0a-000000000009", "title": "t", "created_at": "2026-01-02T03:04:05Z",
        "updated_at": "2026-01-02T03:04:05Z", "model": null, "messages": 4, "pinned": false, "archived": false,
    });
    let copy = || Told::Branched(serde_json::from_value(copy.clone()).expect("a conversation"));
    assert!(told(&mut person, copy()).iter().any(|effect| matches!(effect, Effect::Open(other) if *other != id)));
    assert!(!told(&mut person, copy()).iter().any(|effect| matches!(effect, Effect::Open(_))));
}

#[test]
fn nothing_used_costs_nothing_and_nothing_asked_is_not_asked_again() {
    let mut person = Person::new();
    command(&mut person, "/cost");
    assert!(said(&person).contains("nothing was used"));
    assert_eq!(asked(&command(&mut person, "/rerun gpt")), None);
    assert_eq!(person.model.chosen_model(), None);
    assert!(said(&person).contains("no question"), "{}", said(&person));
}
