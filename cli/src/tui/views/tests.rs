//! The screen as people see it, under review as plain files, at three sizes and in both languages.
//! `MMP_SNAPSHOTS=write cargo test -p mmp --lib` writes them anew.

use std::time::Duration;

use mmp_shared::{
    Language,
    events::{LoggedEvent, StreamEvent},
};
use serde_json::json;

use super::{testing::screen, *};
use crate::tui::{
    event::Event,
    keymap::{Code, Key},
    update::update,
};

const ANSWER: &str = "# Ports\nBoth *listen*, and **one** wins:\n\n- first `:8080`\n- then 你好，世界 👩‍👩‍👧‍👦\n\n| port | who |\n|--:|---|\n| 80 | web |\n\n\
    ```sh\nss -ltn | grep 8080\n```\n\n> Kill nothing you did not start.\n\nSee [the manual](https://example.org/x).";

fn model(language: Language, size: (u16, u16)) -> Model {
    testing::Stage::new(language, size).model
}

fn at(model: &mut Model, event: Event) {
    update(model, Duration::from_secs(1), event);
}

fn write(model: &mut Model, text: &str) {
    text.chars().for_each(|c| at(model, Event::Key(Key::of(Code::Char(c)))));
}

fn answered(model: &mut Model) {
    write(model, "which port is free? 哪个端口？");
    at(model, Event::Key(Key::of(Code::Enter)));
    let events = [
        (
            "started",
            json!({
                "run_id": "0198c5d2-7b1e-7c61-8f0a-2f7a3f9b1c2d", "conversation_id": "0198c5d2-7b1e-7c61-8f0a-000000000000",
                "message_id": null, "user_message_id": null, "model": "gpt", "provider": "openai", "created_at": "2026-01-02T03:04:05Z",
            }),
        ),
        ("fallback", json!({ "from": "openai/gpt", "to": "deepseek/chat", "error_code": "rate_limited" })),
        ("reasoning", json!({ "text": "They ask for a port." })),
        ("text", json!({ "text": ANSWER })),
        (
            "done",
            json!({
                "status": "truncated", "finish_reason": "length", "refusal": null, "cost_usd": 0.0123, "attempts": [],
                "usage": { "prompt_tokens": 30, "completion_tokens": 512, "cached_tokens": null, "reasoning_tokens": null, "source": "provider" },
                "timing": { "first_token_ms": 420, "total_ms": 5420 },
            }),
        ),
    ];
    let read = |(name, data): &(&str, serde_json::Value)| {
        StreamEvent::from_parts(name, &data.to_string()).expect("an event").expect("a known one")
    };
    let events = (1..).zip(events.iter().map(read)).map(|(id, event)| LoggedEvent { id, event }).collect();
    at(model, Event::Stream { turn: 1, events });
    let titles = ["which port is free? 哪个端口？", "a soup\u{1b}[2J for six", "旅行计划"];
    let items = (0..3).map(|n: usize| {
        serde_json::from_value(json!({
            "id": format!("0198c5d2-7b1e-7c61-8f0a-{n:012}"), "title": titles[n],
            "created_at": "2026-01-02T03:04:05Z", "updated_at": format!("2026-01-0{}T03:04:05Z", 3 - n), "model": null, "messages": 2,
        }))
    });
    let items = items.collect::<Result<Vec<_>, _>>().expect("conversations");
    let asking = model.conversations.asking;
    let clock = "2026-01-03T03:09:05Z".parse().expect("a time");
    at(model, Event::Conversations { asking, page: Ok(mmp_shared::page::Page { items, next_cursor: None }), clock });
}

fn check(name: &str, prepare: impl Fn(&mut Model)) {
    testing::check(name, |stage| prepare(&mut stage.model));
}

#[test]
fn the_first_start() {
    check("first", |_| {});
}

#[test]
fn an_answer() {
    check("answer", |model| {
        answered(model);
        write(model, "/re");
    });
}

#[test]
fn the_list_of_conversations() {
    check("list", |model| {
        answered(model);
        at(model, Event::Key(Key { ctrl: true, ..Key::of(Code::Char('r')) }));
        at(model, Event::Key(Key::of(Code::Down)));
    });
}

#[test]
fn a_chosen_message_and_what_stands_beside_it() {
    check("branches", |model| {
        let id = |number: u8| mmp_shared::MessageId::from_bytes([number; 16]);
        let message = |number: u8, parent: Option<u8>, role: &str, text: &str| {
            json!({
                "id": id(number), "parent_id": parent.map(id), "role": role, "text": text, "reasoning": null, "model": "gpt",
                "provider": "openai", "status": "complete", "usage": null, "cost_usd": null, "created_at": "2026-01-02T03:04:05Z",
            })
        };
        let messages = [
            message(1, None, "user", "which port is free? 哪个端口？"),
            message(2, None, "user", "which port is taken?"),
            message(3, Some(2), "assistant", "8080, I think."),
            message(4, Some(2), "assistant", "It is `8080`:\n```rust\nlet port = 8080; // the usual one\n```"),
        ];
        let conversation = json!({
            "id": "0198c5d2-7b1e-7c61-8f0a-000000000001", "title": "ports", "created_at": "2026-01-02T03:04:05Z",
            "updated_at": "2026-01-02T03:04:05Z", "model": null, "messages": 4, "pinned": false, "archived": false,
        });
        let detail = json!({ "conversation": conversation, "leaf_id": id(4), "messages": messages });
        at(model, Event::Opened(Ok(Box::new((serde_json::from_value(detail).expect("a conversation"), None)))));
        at(model, Event::Key(Key::of(Code::Tab)));
    });
}

#[test]
fn the_help() {
    check("help", |model| at(model, Event::Key(Key::of(Code::Function(1)))));
}

#[test]
fn the_models() {
    check("models", |model| {
        at(model, Event::Key(Key { alt: true, ..Key::of(Code::Char('m')) }));
        let item = |name: &str, is_available: bool| {
            json!({
                "name": name, "provider": "p", "upstream_id": "m", "aliases": ["short"], "context_window": 128_000, "max_output": null,
                "price": { "input": 0.28, "output": 0.42 }, "enabled": true, "available": is_available, "default": is_available,
            })
        };
        let models = [item("zz/nokey", false), item("deepseek/deepseek-chat", true)];
        let models = models.into_iter().map(|item| serde_json::from_value(item).expect("a model")).collect();
        at(model, Event::Models(Ok(models)));
    });
}

#[test]
fn every_size_can_be_drawn() {
    for columns in [0, 1, 2, 3, 7, 20, 39, 91, 400] {
        for rows in [0, 1, 2, 3, 4, 5, 9, 60] {
            for step in 0..4 {
                let mut model = model(Language::Chinese, (columns, rows));
                answered(&mut model);
                match step {
                    0 => write(&mut model, "/"),
                    1 => at(&mut model, Event::Key(Key::of(Code::Function(1)))),
                    2 => at(&mut model, Event::Key(Key::of(Code::Function(2)))),
                    _ => at(&mut model, Event::Key(Key { alt: true, ..Key::of(Code::Char('m')) })),
                }
                screen(&mut model);
            }
        }
    }
}

#[test]
fn nothing_a_model_says_drives_the_terminal() {
    let mut model = model(Language::English, (100, 30));
    answered(&mut model);
    at(&mut model, Event::Key(Key::of(Code::Function(2))));
    let seen = screen(&mut model);
    assert!(seen.contains("a soup␛[2J for") && !seen.contains('\u{1b}'), "{seen}");
}
