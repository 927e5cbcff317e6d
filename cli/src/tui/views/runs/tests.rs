//! The runs with no terminal and no daemon.

use std::time::Duration;

use mmp_shared::runs::Run;
use serde_json::json;

use crate::tui::{
    ask::{Ask, Shown, Told},
    effect::Effect,
    event::Event,
    keymap::Code,
    views::testing::{Stage, asked, check, clock, refused, wire},
};

fn run(n: usize, status: &str) -> Run {
    let is_live = status == "running";
    wire(json!({
        "id": format!("0198c5d2-7b1e-7c61-8f0a-{n:012}"), "conversation_id": if n == 4 { None } else { Some(format!("0198c5d2-7b1e-7c61-8f0b-{n:012}")) },
        "message_id": null, "user_message_id": null, "model": "gpt\u{1b}[2J", "provider": "openai", "status": status, "finish_reason": null,
        "created_at": "2026-01-03T03:08:23Z", "finished_at": if is_live { None } else { Some("2026-01-03T03:08:43Z") },
        "usage": { "prompt_tokens": 30, "completion_tokens": 512, "cached_tokens": null, "reasoning_tokens": null, "source": "provider" },
        "cost_usd": 0.0123, "timing": { "first_token_ms": 420, "total_ms": 5420 }, "attempts": [], "error": null,
    }))
}

fn all() -> Vec<Run> {
    ["complete", "running", "failed", "cancelled", "running"].iter().enumerate().map(|(n, status)| run(n, status)).collect()
}

fn opened(stage: &mut Stage, runs: Vec<Run>) {
    stage.press(Code::Function(5));
    stage.told(Ok(Told::Runs(runs, clock())));
}

#[test]
fn it_asks_again_every_second_while_it_is_open_and_no_longer() {
    let mut stage = Stage::english();
    opened(&mut stage, all());
    assert!(stage.after(Duration::from_millis(900)).is_empty());
    assert_eq!(asked(&stage.after(Duration::from_millis(100))), [&Ask::Runs]);
    assert!(stage.after(Duration::from_secs(5)).is_empty(), "one asking at a time");
    stage.told(Ok(Told::Runs(all(), clock())));
    stage.press(Code::Esc);
    assert!(!stage.has_view() && stage.after(Duration::from_secs(5)).is_empty());
}

#[test]
fn the_live_ones_stand_first_and_the_chosen_one_stays_chosen() {
    let mut stage = Stage::english();
    opened(&mut stage, all());
    stage.write("j");
    let effects = stage.press(Code::Enter);
    assert_eq!(asked(&effects), [&Ask::Join(run(4, "running").id.to_string())]);
    stage.after(Duration::from_secs(1));
    let mut later = all();
    later.insert(0, run(7, "running"));
    stage.told(Ok(Told::Runs(later, clock())));
    let effects = stage.press(Code::Enter);
    assert_eq!(asked(&effects), [&Ask::Join(run(4, "running").id.to_string())]);
}

#[test]
fn only_what_runs_can_be_stopped() {
    let mut stage = Stage::english();
    opened(&mut stage, all());
    assert_eq!(asked(&stage.write("s")), [&Ask::StopRun(run(1, "running").id)]);
    stage.told(Ok(Told::RunStopped(Box::new(run(1, "cancelled")))));
    assert!(stage.said().contains("00000001"), "{}", stage.said());
    stage.press(Code::Function(5));
    opened(&mut stage, vec![run(0, "complete")]);
    assert!(stage.write("s").is_empty() && stage.said().contains("has ended"));
}

#[test]
fn a_run_that_is_named_is_followed_from_its_start() {
    let mut stage = Stage::english();
    let effects = stage.command("/attach 1b9c");
    assert_eq!(asked(&effects), [&Ask::Runs, &Ask::Join("1b9c".into())]);
    let id = run(4, "running").id;
    let effects = stage.told(Ok(Told::Shown(Box::new(Shown { detail: None, run: Some(id), at: None }))));
    assert!(!stage.has_view());
    assert!(matches!(effects[..], [Effect::Attach { run_id, after: None, .. }] if run_id == id), "{effects:?}");
}

#[test]
fn the_answer_of_the_chat_goes_on_behind_it() {
    let mut stage = Stage::english();
    stage.command("hello");
    opened(&mut stage, all());
    assert!(stage.screen().contains("waiting"), "the line of figures tells of it");
    let piece = mmp_shared::events::StreamEvent::from_parts("text", &json!({ "text": "hi there" }).to_string());
    let event = piece.expect("an event").expect("a known one");
    stage.at(Event::Stream { turn: stage.model.turn_number, events: vec![mmp_shared::events::LoggedEvent { id: 2, event }] });
    stage.press(Code::Esc);
    assert!(stage.screen().contains("hi there"));
}

#[test]
fn the_screens() {
    check("runs", |stage| opened(stage, all()));
    check("runs-empty", |stage| opened(stage, Vec::new()));
    check("runs-failed", |stage| {
        stage.press(Code::Function(5));
        stage.told(Err(refused()));
    });
}
