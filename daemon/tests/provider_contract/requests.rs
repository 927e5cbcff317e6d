//! What a provider is asked, as the bytes that reach it.

use std::sync::Arc;

use mmp_shared::{ErrorCode, chat::Think, message::FinishReason};
use mmpd::providers::{ChatCall, Delta, Upstream, driver::Driver, registry};
use serde_json::{Value, json};

use super::{
    outcome::{KEY, ask, call, settings},
    server::{Server, answer},
};

fn body_of(call: &ChatCall) -> Value {
    asked("openai", call).0
}

/// The body that a provider is sent, and the codes of what there is to tell about it.
pub fn asked(provider: &str, call: &ChatCall) -> (Value, Vec<&'static str>) {
    match registry::find(provider).expect("a provider").chat(call) {
        Ok(Upstream::Http(request)) => {
            let notes = request.notes.iter().map(|note| note.code).collect();
            (serde_json::from_slice(&request.body).expect("JSON"), notes)
        }
        other => panic!("no request: {other:?}"),
    }
}

#[test]
fn deepseek_is_told_how_much_to_think() {
    let mut call = call("http://x", true);
    for (think, expected) in [
        (None, [Value::Null, Value::Null]),
        (Some(Think::Off), [json!({"type": "disabled"}), Value::Null]),
        (Some(Think::On), [json!({"type": "enabled"}), Value::Null]),
        (Some(Think::Low), [json!({"type": "enabled"}), json!("low")]),
        (Some(Think::Medium), [json!({"type": "enabled"}), json!("high")]),
        (Some(Think::High), [json!({"type": "enabled"}), json!("high")]),
    ] {
        call.params.think = think;
        let (body, notes) = asked("deepseek", &call);
        assert_eq!([&body["thinking"], &body["reasoning_effort"]], [&expected[0], &expected[1]], "{think:?}");
        assert_eq!(notes, Vec::<&str>::new());
    }
    call.params.temperature = Some(0.5);
    assert_eq!(asked("deepseek", &call).1, ["param_ignored"]);
    call.params.think = Some(Think::Off);
    assert_eq!(asked("deepseek", &call).1, Vec::<&str>::new());
}

#[tokio::test]
async fn a_name_that_deepseek_took_back_is_answered_with_a_hint() {
    let refused =
        |words: &str| json!({"error": {"message": words, "type": "invalid_request_error", "code": "invalid_request_error"}});
    let deepseek = registry::find("deepseek").expect("deepseek");
    for (words, hint) in [
        (
            "The supported API model names are deepseek-flash or deepseek-v4-pro, but you passed deepseek-chat.",
            "hint-deepseek-retired",
        ),
        (
            "The supported API model names are deepseek-flash or deepseek-v4-pro, but you passed nothing-such.",
            "hint-upstream-models",
        ),
        ("Model Not Exist", "hint-deepseek-retired"),
    ] {
        let body = refused(words).to_string();
        let server = Server::repeating(answer(400, "application/octet-stream", &[], body.as_bytes(), &[])).await;
        let outcome = ask(&Driver::new(settings()), &deepseek, call(&server.url(), true)).await;
        assert_eq!(outcome.error().code, ErrorCode::ModelNotFound, "{words}");
        assert_eq!(outcome.error().hint.as_ref().map(|hint| hint.key.as_ref()), Some(hint), "{words}");
    }
}

#[tokio::test]
async fn the_key_goes_with_the_request_and_nowhere_else() {
    let body = br#"{"choices":[{"message":{"content":"yes"},"finish_reason":"stop"}]}"#;
    let server = Server::repeating(answer(200, "application/json", &[], body, &[])).await;
    let openai = registry::find("openai").expect("openai");
    let outcome = ask(&Driver::new(settings()), &openai, call(&format!("{}/v1", server.url()), true)).await;
    assert_eq!((outcome.text.as_str(), outcome.finish), ("yes", Some(FinishReason::Stop)));
    let request = &server.requests()[0];
    assert!(request.head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{}", request.head);
    assert!(request.head.contains(&format!("authorization: Bearer {KEY}")), "{}", request.head);
    let sent: Value = serde_json::from_slice(&request.body).expect("JSON");
    assert_eq!(sent["stream_options"], json!({"include_usage": true}));
    assert_eq!(sent["messages"], json!([{"role": "user", "content": "hi"}]));
}

#[tokio::test]
async fn without_a_key_no_authorization_is_sent() {
    let server = Server::repeating(answer(200, "application/json", &[], br#"{"choices":[{}]}"#, &[])).await;
    let mut call = call(&server.url(), false);
    call.endpoint.api_key = None;
    ask(&Driver::new(settings()), &registry::find("openai").expect("openai"), call).await;
    assert!(!server.requests()[0].head.to_lowercase().contains("authorization"));
}

#[test]
fn parameters_have_the_names_that_each_model_takes() {
    let mut call = call("http://x", false);
    call.params.max_tokens = Some(7);
    call.params.think = Some(Think::High);
    call.params.temperature = Some(0.5);
    call.params.extra.insert("top_p".into(), json!(0.9));
    let body = body_of(&call);
    assert_eq!((&body["max_tokens"], &body["temperature"], &body["top_p"]), (&json!(7), &json!(0.5), &json!(0.9)));
    assert!(body.get("reasoning_effort").is_none() && body.get("stream_options").is_none());
    call.model = "gpt-5.5".into();
    let body = body_of(&call);
    assert_eq!((&body["max_completion_tokens"], &body["reasoning_effort"]), (&json!(7), &json!("high")));
    assert!(body.get("max_tokens").is_none());
}

#[test]
fn a_parameter_cannot_take_the_place_of_the_question() {
    let mut call = call("http://x", false);
    call.params.extra.insert("messages".into(), json!([]));
    let error = registry::find("openai").expect("openai").chat(&call).expect_err("refused");
    assert_eq!(error.code, ErrorCode::BadRequest);
}

#[tokio::test]
async fn the_demo_answers_at_once_and_says_what_it_is() {
    let demo = registry::find("demo").expect("demo");
    let outcome = ask(&Driver::new(settings()), &demo, call("", true)).await;
    assert!(outcome.text.starts_with("I am mmp's built-in demo, not an AI"), "{}", outcome.text);
    assert_eq!(outcome.finish, Some(FinishReason::Stop));
    assert_eq!(outcome.usage, Some(Default::default()));
}

#[test]
fn the_demo_is_paced_only_for_those_who_watch() {
    let demo = registry::find("demo").expect("demo");
    let mut call = call("", true);
    let pieces = |call: &ChatCall| match demo.chat(call) {
        Ok(Upstream::Local(pieces)) => pieces,
        other => panic!("not local: {other:?}"),
    };
    assert!(pieces(&call).iter().all(|(pause, _)| pause.is_zero()));
    call.watched = true;
    call.messages = Arc::from(call.messages.to_vec());
    let watched = pieces(&call);
    assert!(watched.iter().filter(|(_, delta)| matches!(delta, Delta::Text(_))).count() > 5);
}
