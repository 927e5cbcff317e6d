//! The models with no terminal and no daemon.

use mmp_shared::usage::Timing;
use serde_json::json;

use crate::tui::{
    ask::{Ask, Told},
    keymap::Code,
    views::testing::{Stage, asked, check, refused, wire},
};

fn opened(stage: &mut Stage) {
    stage.press(Code::Function(7));
    let item = |name: &str, is_available: bool| {
        json!({
            "name": name, "provider": name.split('/').next(), "upstream_id": "m", "aliases": ["short"], "context_window": 128_000,
            "max_output": 8_000, "price": { "input": 0.28, "output": 0.42 }, "capabilities": ["tools", "reasoning"],
            "enabled": true, "available": is_available, "default": is_available,
        })
    };
    let provider = |name: &str, key: &str| {
        json!({ "name": name, "kind": "openai", "base_url": null, "origin": "built_in", "key": key, "env": [], "default_model": null })
    };
    let models = [item("zz/no\u{1b}[2Jkey", false), item("deepseek/deepseek-chat", true)].map(wire).into_iter().collect();
    let providers = [provider("zz", "missing"), provider("deepseek", "sealed")].map(wire).into_iter().collect();
    stage.told(Ok(Told::Models(models, providers)));
}

#[test]
fn a_key_is_written_unseen_and_only_its_provider_gets_it() {
    let mut stage = Stage::english();
    opened(&mut stage);
    stage.write("jp");
    stage.write("sk-hunter2");
    let seen = stage.screen();
    assert!(seen.contains("••••••••••") && !seen.contains("hunter2"), "{seen}");
    assert!(!format!("{:?}", stage.model).contains("hunter2"));
    let effects = stage.press(Code::Enter);
    let [Ask::SetKey { provider, key }] = asked(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!((provider.as_str(), key.reveal()), ("zz", "sk-hunter2"));
    assert!(!format!("{effects:?}").contains("hunter2"));
    assert!(stage.model.composer.editor.is_empty(), "no draft has it");
    assert_eq!(asked(&stage.told(Ok(Told::KeySet("zz".into())))), [&Ask::Models]);
    assert!(stage.said().contains("`zz`"), "{}", stage.said());
}

#[test]
fn a_key_that_was_not_sent_is_forgotten() {
    let mut stage = Stage::english();
    opened(&mut stage);
    stage.write("psecret");
    assert!(stage.press(Code::Esc).is_empty() && stage.has_view());
    stage.write("p");
    assert!(stage.press(Code::Enter).is_empty(), "there is nothing to send");
}

#[test]
fn a_test_says_how_it_went_in_its_place() {
    let mut stage = Stage::english();
    opened(&mut stage);
    assert_eq!(asked(&stage.write("t")), [&Ask::Test("deepseek/deepseek-chat".into())]);
    assert!(stage.screen().contains("testing"));
    stage.told(Ok(Told::Tested(Timing { first_token_ms: None, total_ms: Some(420) })));
    assert!(stage.screen().contains("answered in 420 ms"), "{}", stage.screen());
    stage.write("jt");
    stage.told(Err(refused()));
    assert!(stage.screen().contains("✗ the connection") && stage.said().is_empty());
}

#[test]
fn the_default_is_for_everywhere_and_enter_for_here() {
    let mut stage = Stage::english();
    opened(&mut stage);
    assert_eq!(asked(&stage.write("s")), [&Ask::SetDefault("deepseek/deepseek-chat".into())]);
    stage.press(Code::Enter);
    assert!(!stage.has_view());
    assert_eq!(stage.model.template.models, ["deepseek/deepseek-chat"]);
}

#[test]
fn the_screens() {
    check("catalogue", opened);
    check("catalogue-key", |stage| {
        opened(stage);
        stage.write("p12345");
    });
}
