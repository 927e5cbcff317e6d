//! The search with no terminal and no daemon.

use std::time::Duration;

use mmp_shared::search::{SearchOrder, SearchPage};
use serde_json::json;

use crate::tui::{
    ask::{Ask, Told},
    effect::Effect,
    event::Event,
    keymap::Code,
    views::testing::{Stage, asked, check, clock, refused, wire},
};

const PAUSE: Duration = Duration::from_millis(120);

fn page(count: usize) -> SearchPage {
    let titles = ["which port is free?", "\u{1b}[2Ja soup\u{202e} for six", "旅行计划：去京都看樱花，还要吃很多好吃的东西"];
    let snippets = [
        ("… then ss -ltn shows the port that is free on this machine …", vec![(25, 29), (38, 42)]),
        ("把汤煮开\u{1b}[31m，再加 port 酒", vec![(13, 17)]),
        ("从 port 出发 👩‍👩‍👧‍👦", vec![(2, 6)]),
    ];
    let items = (0..count).map(|n| {
        json!({
            "conversation_id": format!("0198c5d2-7b1e-7c61-8f0a-{n:012}"), "message_id": format!("0198c5d2-7b1e-7c61-8f0b-{n:012}"),
            "title": titles[n % 3], "role": if n % 2 == 0 { "assistant" } else { "user" }, "at": "2026-01-02T03:04:05Z",
            "snippet": snippets[n % 3].0, "highlights": snippets[n % 3].1, "score": 1.0,
        })
    });
    wire(json!({ "items": items.collect::<Vec<_>>(), "next_cursor": (count > 3).then_some("next") }))
}

fn found(stage: &mut Stage, count: usize) {
    stage.press(Code::Function(3));
    stage.write("port");
    stage.after(PAUSE);
    stage.told(Ok(Told::Found(page(count), clock())));
}

#[test]
fn it_asks_once_the_fingers_rest_and_drops_what_is_stale() {
    let mut stage = Stage::english();
    stage.press(Code::Function(3));
    assert!(stage.write("por").is_empty(), "nothing is asked between two keys");
    let first = stage.after(PAUSE);
    assert_eq!(asked(&first), [&Ask::Search { query: "por".into(), order: SearchOrder::Best, cursor: None }]);
    let stale = stage.model.asking;
    stage.write("t");
    let second = stage.after(PAUSE);
    assert_eq!(asked(&second), [&Ask::Search { query: "port".into(), order: SearchOrder::Best, cursor: None }]);
    stage.at(Event::Told { asking: stale, told: Ok(Told::Found(page(3), clock())) });
    assert!(stage.screen().contains("loading"), "an answer to an earlier question is not shown");
    stage.told(Ok(Told::Found(page(3), clock())));
    assert!(stage.screen().contains("which port is free?"));
    assert!(stage.after(PAUSE).is_empty(), "nothing goes on by itself");
}

#[test]
fn enter_jumps_to_the_message_and_tab_changes_the_order() {
    let mut stage = Stage::english();
    found(&mut stage, 3);
    stage.press(Code::Down);
    let effects = stage.press(Code::Enter);
    let [Ask::Show { id, message }] = asked(&effects)[..] else { panic!("{effects:?}") };
    assert!(id.to_string().ends_with("000000000001") && message.to_string().ends_with("8f0b-000000000001"));
    let effects = stage.press(Code::Tab);
    assert_eq!(asked(&effects), [&Ask::Search { query: "port".into(), order: SearchOrder::Newest, cursor: None }]);
}

#[test]
fn near_the_end_of_what_has_come_more_is_fetched_once() {
    let mut stage = Stage::english();
    found(&mut stage, 50);
    assert!(stage.press(Code::Down).is_empty());
    stage.write("");
    let effects: Vec<Effect> = (0..60).flat_map(|_| stage.press(Code::Down)).collect();
    assert_eq!(asked(&effects), [&Ask::Search { query: "port".into(), order: SearchOrder::Best, cursor: Some("next".into()) }]);
}

#[test]
fn letters_move_in_the_list_and_are_written_in_the_line() {
    let mut stage = Stage::english();
    found(&mut stage, 3);
    stage.press(Code::Down);
    stage.write("j");
    let effects = stage.press(Code::Enter);
    assert!(matches!(asked(&effects)[..], [Ask::Show { id, .. }] if id.to_string().ends_with("2")), "{effects:?}");
    stage.write("/j");
    assert!(stage.screen().contains(" / portj"));
    stage.press(Code::Esc);
    assert!(!stage.has_view());
}

#[test]
fn what_cannot_be_had_says_why_and_is_tried_again() {
    let mut stage = Stage::english();
    stage.command("/search port");
    stage.told(Err(refused()));
    assert!(stage.screen().contains("Enter tries again"), "{}", stage.screen());
    assert_eq!(asked(&stage.press(Code::Enter)).len(), 1);
    stage.told(Ok(Told::Found(page(1), clock())));
    assert!(stage.screen().contains("which port is free?"));
}

#[test]
fn the_screens() {
    check("search", |stage| {
        found(stage, 7);
        stage.press(Code::Down);
    });
    check("search-empty", |stage| drop(stage.press(Code::Function(3))));
    check("search-nothing", |stage| found(stage, 0));
    check("search-failed", |stage| {
        stage.command("/search x");
        stage.told(Err(refused()));
    });
}
