//! The history with no terminal and no daemon.

use mmp_shared::{
    conversations::{Conversation, ConversationChange, ConversationQuery},
    page::Page,
};
use serde_json::{Value, json};

use super::file_name;
use crate::tui::{
    ask::{Ask, Told},
    effect::Effect,
    keymap::Code,
    views::testing::{Stage, asked, check, clock, refused, wire},
};

fn conversation(n: usize, more: Value) -> Conversation {
    let titles = ["which port is free?", "\u{1b}[2Ja soup\u{202e} for six", "旅行计划：去京都看樱花，还要吃很多好吃的东西"];
    let mut value = json!({
        "id": format!("0198c5d2-7b1e-7c61-8f0a-{n:012}"), "title": titles[n % 3], "created_at": "2026-01-01T03:04:05Z",
        "updated_at": format!("2026-01-02T{:02}:04:05Z", 23 - n % 24), "model": "deepseek/deepseek-chat", "messages": n + 1,
    });
    value.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    wire(value)
}

fn page(count: usize) -> Page<Conversation> {
    let items = (0..count).map(|n| conversation(n, if n == 1 { json!({ "pinned": true }) } else { json!({}) })).collect();
    Page { items, next_cursor: None }
}

fn opened(stage: &mut Stage, count: usize) {
    stage.press(Code::Function(4));
    stage.told(Ok(Told::History(page(count), clock())));
}

fn change_of(effects: &[Effect]) -> ConversationChange {
    match asked(effects)[..] {
        [Ask::Change { id, change }] if id.to_string().ends_with("000000000001") => (**change).clone(),
        _ => panic!("{effects:?}"),
    }
}

#[test]
fn pin_and_archive_turn_what_is() {
    let mut stage = Stage::english();
    opened(&mut stage, 3);
    stage.write("j");
    assert_eq!(change_of(&stage.write("p")).pinned, Some(false));
    stage.told(Ok(Told::Changed(Box::new(conversation(1, json!({}))))));
    assert!(stage.said().contains("no longer pinned"), "{}", stage.said());
    assert_eq!(change_of(&stage.write("a")).archived, Some(true));
    stage.told(Ok(Told::Changed(Box::new(conversation(1, json!({ "archived": true }))))));
    assert!(!stage.screen().contains("a soup� for six  "), "what is archived is no longer here");
}

#[test]
fn a_title_is_changed_in_place() {
    let mut stage = Stage::english();
    opened(&mut stage, 3);
    stage.write("jr");
    stage.ctrl('u');
    assert_eq!(asked(&stage.press(Code::Enter)).len(), 0, "no title is none");
    stage.write("new 题");
    assert_eq!(change_of(&stage.press(Code::Enter)).title.as_deref(), Some("new 题"));
    stage.told(Ok(Told::Changed(Box::new(conversation(1, json!({ "title": "new 题", "pinned": true }))))));
    assert!(stage.screen().contains("◆ new 题"), "{}", stage.screen());
}

#[test]
fn nothing_is_deleted_but_by_a_yes() {
    let mut stage = Stage::english();
    opened(&mut stage, 3);
    for keeps in ['n', 'x', ' ', 'Y'] {
        stage.write("x");
        assert!(stage.screen().contains("this is final"));
        assert!(stage.write(&keeps.to_string()).is_empty() && !stage.screen().contains("this is final"), "{keeps}");
    }
    stage.write("x");
    stage.press(Code::Esc);
    assert!(stage.has_view());
    stage.write("x");
    let effects = stage.write("y");
    let [Ask::Delete(id)] = asked(&effects)[..] else { panic!("{effects:?}") };
    stage.told(Ok(Told::Deleted(*id)));
    assert!(!stage.screen().contains("which port is free?") && stage.said().contains("deleted"));
}

#[test]
fn a_conversation_that_is_deleted_is_no_longer_open() {
    let mut stage = Stage::english();
    opened(&mut stage, 1);
    let id = conversation(0, json!({})).id;
    stage.model.conversation = Some(crate::tui::model::OpenConversation { id, title: "x".into() });
    stage.write("x");
    stage.write("y");
    stage.told(Ok(Told::Deleted(id)));
    assert!(stage.model.conversation.is_none());
}

#[test]
fn tab_and_the_filter_ask_for_other_conversations() {
    let mut stage = Stage::english();
    opened(&mut stage, 3);
    let pinned = ConversationQuery { pinned: true, ..ConversationQuery::default() };
    assert_eq!(asked(&stage.press(Code::Tab)), [&Ask::History(Box::new(pinned))]);
    assert!(stage.screen().contains("history · pinned") && stage.screen().contains("loading"));
    let archived = ConversationQuery { archived: true, ..ConversationQuery::default() };
    assert_eq!(asked(&stage.press(Code::Tab)), [&Ask::History(Box::new(archived))]);
    stage.press(Code::Tab);
    let effects = stage.write("/汤");
    let titled = ConversationQuery { title: Some("汤".into()), ..ConversationQuery::default() };
    assert_eq!(asked(&effects), [&Ask::History(Box::new(titled))]);
}

#[test]
fn an_export_is_named_after_the_title() {
    let mut stage = Stage::english();
    opened(&mut stage, 3);
    stage.write("e");
    let effects = stage.press(Code::Enter);
    assert!(matches!(asked(&effects)[..], [Ask::Export { path, .. }] if path == "which-port-is-free.md"), "{effects:?}");
    stage.told(Ok(Told::Exported("which-port-is-free.md".into())));
    assert!(stage.said().contains("written to `which-port-is-free.md`"));
    assert_eq!(file_name("../../etc/\u{1b}[2J"), "etc-2J.md");
    assert_eq!(file_name("…"), "conversation.md");
}

#[test]
fn enter_opens_and_a_branch_is_opened_too() {
    let mut stage = Stage::english();
    opened(&mut stage, 3);
    let effects = stage.write("b");
    assert!(matches!(asked(&effects)[..], [Ask::Branch(_)]));
    let effects = stage.told(Ok(Told::Branched(Box::new(conversation(9, json!({}))))));
    assert!(effects.contains(&Effect::Open(conversation(9, json!({})).id)) && !stage.has_view());
    opened(&mut stage, 3);
    assert_eq!(stage.press(Code::Enter), [Effect::Open(conversation(0, json!({})).id)]);
    assert!(!stage.has_view());
}

#[test]
fn what_a_change_fails_of_is_said_and_the_list_stays() {
    let mut stage = Stage::english();
    opened(&mut stage, 3);
    stage.write("p");
    stage.told(Err(refused()));
    assert!(stage.said().contains("ended in the middle") && stage.screen().contains("which port is free?"));
}

#[test]
fn the_screens() {
    check("history", |stage| {
        opened(stage, 12);
        stage.write("j");
    });
    check("history-delete", |stage| {
        opened(stage, 3);
        stage.write("jx");
    });
    check("history-rename", |stage| {
        opened(stage, 3);
        stage.write("r");
    });
    check("history-empty", |stage| opened(stage, 0));
}
