//! How a conversation is told to those who want it in a shape of their own.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::{
    asked::wants_token,
    replies::{DONE, delta, finish, says, stream, text, thought},
    support::{
        Home, code, http, stdout,
        upstream::{Upstream, server::Step},
    },
    world::KEY,
};

/// An upstream that gives tokens to those who want one, and these answers in order.
fn answering(replies: Vec<Vec<Step>>) -> Upstream {
    let asked = AtomicUsize::new(0);
    Upstream::start(move |request| match wants_token(request) {
        true => says(200, r#"{"access_token":"24.t","expires_in":2592000}"#),
        false => replies[asked.fetch_add(1, Ordering::SeqCst).min(replies.len() - 1)].clone(),
    })
}

/// A home that asks once and knows the upstream as `p`.
fn home(kind: &str, url: &str, more: &[&str]) -> Home {
    let home = Home::new().with("KEY", KEY).with("SECRET", "the-second-half").with("MMPD_ROUTING_ATTEMPTS", "1");
    home.text(&[&["providers", "add", "p", "--kind", kind, "--base-url", url, "--api-key-env", "KEY"], more].concat());
    home
}

fn last_body(upstream: &Upstream) -> Value {
    serde_json::from_slice(&upstream.requests().pop().expect("a question").body).expect("JSON")
}

fn said(role: &str, content: &str) -> Value {
    json!({ "role": role, "content": content })
}

#[test]
fn wenxins_older_api_gets_two_sides_that_take_turns_and_the_joining_is_told() {
    let answers = |words: &str| says(200, &json!({ "result": words }).to_string());
    let upstream = answering(vec![says(200, r#"{"error_code":336100,"error_msg":"busy"}"#), answers("both"), answers("all")]);
    let home = home("wenxin", &upstream.root(), &["--secret-key-env", "SECRET"]);
    let first = home.run(&["chat", "--json", "-m", "p/ernie-4.0-8k", "-s", "be brief", "first"]);
    assert_eq!(code(&first), 4);
    // The first question has no answer, so the second one stands beside it.
    let second = home.json(&["chat", "--json", "-c", "second"]);
    let sent = last_body(&upstream);
    assert_eq!((&sent["messages"], &sent["system"]), (&json!([said("user", "first\n\nsecond")]), &json!("be brief")));
    assert_eq!((&second["text"], &second["notices"][0]["code"]), (&json!("both"), &json!("history_merged")));
    let message = second["notices"][0]["message"].as_str().expect("words");
    assert!(message.contains("1 message was joined"), "{message}");
    let plain = home.run(&["chat", "-c", "third"]);
    assert_eq!((code(&plain), stdout(&plain).trim_end()), (0, "all"));
    assert!(crate::support::stderr(&plain).contains("joined"), "{}", crate::support::stderr(&plain));
    let messages = json!([said("user", "first\n\nsecond"), said("assistant", "both"), said("user", "third")]);
    assert_eq!(last_body(&upstream)["messages"], messages);
}

#[test]
fn deepseek_is_told_its_thoughts_again_where_they_led_to_a_call_and_nowhere_else() {
    let call = delta(
        &json!({"tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": {"name": "now", "arguments": "{}"}}]}),
    );
    let done = || DONE.to_owned();
    let upstream = answering(vec![
        stream(&[thought("plain thought"), text("hello"), finish("stop"), done()]),
        stream(&[thought("I need the time"), call, finish("tool_calls"), done()]),
        stream(&[text("noon"), finish("stop"), done()]),
    ]);
    let home = home("deepseek", &format!("{}/v1", upstream.root()), &[]);
    let answer = home.json(&["chat", "--json", "-m", "p/deepseek-v4-pro", "hi"]);
    assert_eq!(answer["reasoning"], "plain thought");
    home.json(&["chat", "--json", "-c", "what time is it?"]);
    let turn = [said("user", "hi"), said("assistant", "hello"), said("user", "what time is it?")];
    assert_eq!(last_body(&upstream)["messages"], json!(turn), "where nothing was called, it ignores them");
    let result = json!({"content": [{"type": "tool_result", "tool_call_id": "c1", "text": "12:00"}], "conversation_id": answer["conversation_id"]});
    let (status, last) = http::json(&home.socket(), "POST", "/api/v1/chat", &result);
    assert_eq!((status, &last["text"]), (200, &json!("noon")), "{last}");
    let called = json!({"role": "assistant", "content": null, "reasoning_content": "I need the time",
        "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "now", "arguments": "{}"}}]});
    let result = json!({"role": "tool", "tool_call_id": "c1", "content": "12:00"});
    assert_eq!(last_body(&upstream)["messages"], json!([&turn[..], &[called, result]].concat()));
}
