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
    match registry::find("openai").expect("openai").chat(call) {
        Ok(Upstream::Http(request)) => serde_json::from_slice(&request.body).expect("JSON"),
        other => panic!("no request: {other:?}"),
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
