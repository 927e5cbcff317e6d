//! The list of conversations, page by page.

use super::*;

#[test]
fn the_list_is_paged_as_one_goes_down_it() {
    let mut person = Person::new();
    let effects = person.ctrl('r');
    let [Effect::ListConversations { asking, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let item = |n: u32| -> Conversation {
        let id = format!("0198c5d2-7b1e-7c61-8f0a-{n:012}");
        let at = "2026-01-02T03:04:05Z";
        serde_json::from_value(
            json!({ "id": id, "title": n.to_string(), "created_at": at, "updated_at": at, "model": null, "messages": 2 }),
        )
        .expect("a conversation")
    };
    let page = |items: Vec<Conversation>, next: Option<&str>| Ok(Page { items, next_cursor: next.map(str::to_owned) });
    let clock = jiff::Timestamp::UNIX_EPOCH;
    person.at(Event::Conversations { asking: *asking, page: page((0..30).map(item).collect(), Some("c")), clock });
    let mut asked = Vec::new();
    for _ in 0..15 {
        asked.extend(person.press(Key::of(Code::Down)));
    }
    let [Effect::ListConversations { asking, cursor, .. }] = asked.as_slice() else { panic!("once: {asked:?}") };
    assert_eq!(cursor.as_deref(), Some("c"));
    person.at(Event::Conversations { asking: *asking, page: page((30..40).map(item).collect(), None), clock });
    assert_eq!(person.model.conversations.items.len(), 40);
    let effects = person.press(Key::of(Code::Char('x')));
    assert!(matches!(effects.as_slice(), [Effect::ListConversations { title, .. }] if title == "x"), "{effects:?}");
    assert!(person.enter().iter().all(|effect| matches!(effect, Effect::Open(_))));
    assert_eq!(person.model.focus, Focus::Composer);
}

#[test]
fn a_page_of_an_older_filter_is_dropped() {
    let mut person = Person::new();
    person.ctrl('r');
    person.press(Key::of(Code::Char('x')));
    let page = Ok(Page { items: Vec::new(), next_cursor: Some("old".into()) });
    person.at(Event::Conversations { asking: 1, page, clock: jiff::Timestamp::UNIX_EPOCH });
    assert_eq!(person.model.conversations.next, None);
}
