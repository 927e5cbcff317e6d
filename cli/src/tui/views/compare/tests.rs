//! The comparison with no terminal and no daemon.

use std::time::Duration;

use mmp_shared::{
    RunId,
    events::{LoggedEvent, StreamEvent},
    message::Content,
};
use serde_json::{Value, json};

use crate::tui::{
    ask::{Ask, Told},
    effect::Effect,
    event::Event,
    keymap::Code,
    transcript::Said,
    views::testing::{Stage, asked, check, refused, wire},
};

fn run(place: usize) -> RunId {
    format!("0198c5d2-7b1e-7c61-8f0a-{place:012}").parse().expect("an id")
}

fn event(place: usize, id: u64, name: &str, data: Value) -> (usize, RunId, LoggedEvent) {
    let event = StreamEvent::from_parts(name, &data.to_string()).expect("an event").expect("a known one");
    (place, run(place), LoggedEvent { id, event })
}

fn started(place: usize) -> (usize, RunId, LoggedEvent) {
    let data = json!({
        "run_id": run(place), "conversation_id": "0198c5d2-7b1e-7c61-8f0b-000000000000",
        "message_id": format!("0198c5d2-7b1e-7c61-8f0c-{place:012}"), "user_message_id": null, "model": format!("model-{place}"),
        "provider": "rec", "created_at": "2026-01-02T03:04:05Z",
    });
    event(place, 1, "started", data)
}

fn done(place: usize, status: &str) -> (usize, RunId, LoggedEvent) {
    let data = json!({
        "status": status, "finish_reason": "stop", "refusal": null, "cost_usd": 0.0123, "attempts": [],
        "usage": { "prompt_tokens": 30, "completion_tokens": 512, "cached_tokens": null, "reasoning_tokens": null, "source": "provider" },
        "timing": { "first_token_ms": 420, "total_ms": 5420 },
    });
    event(place, 9, "done", data)
}

fn said(place: usize, text: &str) -> (usize, RunId, LoggedEvent) {
    event(place, 2, "text", json!({ "text": text }))
}

const ANSWER: &str = "# Ports\nBoth **listen**, and one wins: 你好，世界 👩‍👩‍👧‍👦\u{1b}[2J\u{202e}\n\n- first `:8080`\n- then the other\n\n\
    A paragraph that is long enough to be broken into several rows wherever it stands.";

/// `count` models are asked: the first has answered, the others are at it.
fn answering(stage: &mut Stage, count: usize) {
    let names: Vec<String> = (0..count).map(|n| format!("rec/model-{n}")).collect();
    stage.command(&format!("/compare {}\nwhich port is free? 哪个端口？", names.join(" ")));
    stage.told(Ok(Told::Compared((0..count).map(started).collect())));
    stage.told(Ok(Told::Compared((0..count).map(|place| said(place, ANSWER)).collect())));
    stage.now += Duration::from_secs(1);
    stage.told(Ok(Told::Compared(vec![done(0, "complete")])));
}

fn request(effects: &[Effect]) -> (Vec<String>, Content, bool) {
    match effects {
        [Effect::Compare { request, again, .. }] => (request.models.clone(), request.content.clone(), *again),
        _ => panic!("{effects:?}"),
    }
}

#[test]
fn what_is_asked_is_written_below_or_in_the_composer_or_was_asked_last() {
    let names = vec!["a".to_owned(), "b".to_owned()];
    let mut stage = Stage::english();
    let effects = stage.command("/compare a b a\nwhy?");
    assert_eq!(request(&effects), (names.clone(), Content::Text("why?".into()), false), "a name twice is one model");
    let mut stage = Stage::english();
    stage.model.transcript.push(Said::Person("earlier".into()));
    assert_eq!(request(&stage.command("/compare a b")), (names, Content::Text("earlier".into()), true));
    let mut stage = Stage::english();
    stage.command("/compare a b");
    assert!(stage.said().contains("nothing to ask"), "{}", stage.said());
    assert!(stage.has_view());
}

#[test]
fn the_models_are_marked_where_none_were_named() {
    let mut stage = Stage::english();
    stage.write("why?");
    assert_eq!(asked(&stage.press(Code::Function(6))), [&Ask::Catalogue]);
    let item = |name: &str| {
        json!({
            "name": name, "provider": "p", "upstream_id": "m", "aliases": [], "context_window": null, "max_output": null,
            "price": null, "enabled": true, "available": true, "default": false,
        })
    };
    let models = ["a", "b", "c"].map(|name| wire(item(name))).into_iter().collect();
    stage.told(Ok(Told::Catalogue(models)));
    assert!(stage.press(Code::Enter).is_empty() && stage.said().contains("two to four"));
    // The second is marked, then the first, then the second no longer, then the last.
    stage.write("j k j G ");
    let (models, content, again) = request(&stage.press(Code::Enter));
    assert_eq!((models, content, again), (vec!["a".into(), "c".into()], Content::Text("why?".into()), false));
    assert!(stage.model.composer.editor.is_empty());
}

#[test]
fn the_winner_is_gone_on_with_and_the_others_are_stopped() {
    let mut stage = Stage::english();
    answering(&mut stage, 3);
    stage.press(Code::Right);
    assert!(stage.press(Code::Enter).is_empty() && stage.said().contains("still comes"));
    stage.press(Code::Left);
    let effects = stage.press(Code::Enter);
    let stopped: Vec<_> = effects.iter().filter(|effect| matches!(effect, Effect::Stop(_))).collect();
    assert_eq!(stopped, [&Effect::Stop(run(1)), &Effect::Stop(run(2))]);
    assert!(matches!(asked(&effects)[..], [Ask::Show { message, .. }] if message.to_string().ends_with("8f0c-000000000000")));
    assert_eq!(stage.model.template.models, ["rec/model-0"]);
}

#[test]
fn one_that_says_nothing_cannot_win() {
    let mut stage = Stage::english();
    stage.command("/compare a b\nwhy?");
    stage.told(Ok(Told::Compared(vec![started(0), started(1), done(0, "failed"), done(1, "cancelled")])));
    assert!(stage.press(Code::Enter).is_empty() && stage.said().contains("no answer here"));
}

#[test]
fn ctrl_c_stops_all_of_them_once_and_quits_later() {
    let mut stage = Stage::english();
    answering(&mut stage, 2);
    assert_eq!(stage.ctrl('c'), [Effect::Stop(run(1))]);
    assert!(stage.ctrl('c').is_empty() && stage.said().contains("once more quits"));
}

#[test]
fn leaving_shows_the_conversation_and_the_answers_go_on() {
    let mut stage = Stage::english();
    answering(&mut stage, 2);
    let effects = stage.press(Code::Esc);
    assert!(matches!(effects[..], [Effect::Open(_)]) && !stage.has_view());
    assert!(stage.said().contains("goes on without you"));
}

#[test]
fn a_question_that_could_not_be_asked_is_not_lost() {
    let mut stage = Stage::english();
    stage.command("/compare a b\nwhy?");
    stage.told(Err(refused()));
    assert!(stage.screen().contains("ended in the middle"));
    stage.press(Code::Esc);
    assert_eq!(stage.model.composer.editor.text(), "why?");
}

#[test]
fn what_is_lost_on_the_way_is_said_in_its_column() {
    let mut stage = Stage::english();
    answering(&mut stage, 2);
    stage.told(Err(refused()));
    assert!(stage.screen().contains("✗ the connection"), "{}", stage.screen());
    assert!(stage.model.next_tick().is_none_or(|at| at > stage.now + Duration::from_secs(1)), "nothing moves any more");
}

#[test]
fn an_event_of_another_asking_is_not_taken() {
    let mut stage = Stage::english();
    answering(&mut stage, 2);
    stage.at(Event::Told { asking: 77, told: Ok(Told::Compared(vec![said(0, "STRAY")])) });
    assert!(!stage.screen().contains("STRAY"));
}

#[test]
fn the_screens() {
    check("compare-two", |stage| answering(stage, 2));
    check("compare-four", |stage| {
        answering(stage, 4);
        stage.press(Code::Right);
    });
    check("compare-choose", |stage| drop(stage.press(Code::Function(6))));
}
