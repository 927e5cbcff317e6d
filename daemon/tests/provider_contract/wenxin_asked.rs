//! How Wenxin's older API is asked: one token for all, and turns that alternate.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use mmp_shared::{
    ErrorCode, Language,
    message::{ContentPart, Role, ToolCall},
};
use mmpd::providers::{Ask, ChatCall, ChatMessage, Provider, driver::Driver, registry};
use proptest::prelude::*;
use serde_json::json;
use zeroize::Zeroizing;

use super::{
    outcome::{ask, call, settings},
    requests::asked,
    samples,
    server::{Request, Server, Step, answer},
    wenxin::whole,
};

const SECRET: &str = "the-secret-half-0123456789";

fn wenxin() -> Arc<dyn Provider> {
    registry::find("wenxin").expect("wenxin")
}

/// A question by a pair of keys.
pub fn pair(base_url: &str, stream: bool) -> ChatCall {
    let mut call = call(base_url, stream);
    call.model = "ernie-3.5-8k".into();
    call.endpoint.secret_key = Some(Zeroizing::new(SECRET.to_owned()));
    call
}

fn wants_token(request: &Request) -> bool {
    request.head.starts_with("POST /oauth/2.0/token?")
}

fn token(text: &str, lifetime: u64) -> Vec<Step> {
    let body = json!({"access_token": text, "expires_in": lifetime, "refresh_token": "r", "scope": "public"}).to_string();
    answer(200, "application/json", &[], body.as_bytes(), &[])
}

/// A server that gives tokens, and says the same to everything else.
pub async fn with_tokens(steps: Vec<Step>) -> Server {
    Server::start(move |request| if wants_token(request) { samples::token() } else { steps.clone() }).await
}

fn tokens_asked(server: &Server) -> usize {
    server.requests().iter().filter(|request| wants_token(request)).count()
}

#[tokio::test]
async fn all_who_ask_at_once_share_one_token() {
    let good = answer(200, "application/json", &[], whole("good", "normal").as_bytes(), &[]);
    let server = Server::start(move |request| {
        if !wants_token(request) {
            return good.clone();
        }
        [vec![Step::Pause(std::time::Duration::from_millis(100))], token("24.token-1", 2_592_000)].concat()
    })
    .await;
    let driver = Driver::new(settings());
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let (driver, call) = (driver.clone(), pair(&server.url(), true));
            tokio::spawn(async move { ask(&driver, &wenxin(), call).await })
        })
        .collect();
    for task in asking {
        let outcome = task.await.expect("no panic");
        assert_eq!((outcome.text.as_str(), outcome.error), ("good", None));
    }
    assert_eq!(tokens_asked(&server), 1);
    let requests = server.requests();
    let first = &requests.iter().find(|request| wants_token(request)).expect("a token was asked for").head;
    assert!(
        first.contains("grant_type=client_credentials&client_id=sk-scripted-0123456789&client_secret=the-secret-half"),
        "{first}"
    );
    let chat = &requests.iter().find(|request| !wants_token(request)).expect("a chat").head;
    assert!(chat.starts_with("POST /rpc/2.0/ai_custom/v1/wenxinworkshop/chat/completions?access_token=24.token-1 "), "{chat}");
    assert!(!chat.to_lowercase().contains("authorization"), "{chat}");
    // Another pair has a token of its own.
    let mut other = pair(&server.url(), true);
    other.endpoint.secret_key = Some(Zeroizing::new("another".into()));
    ask(&driver, &wenxin(), other).await;
    assert_eq!(tokens_asked(&server), 2);
}

#[tokio::test]
async fn one_who_goes_away_takes_no_token_from_the_others() {
    let good = answer(200, "application/json", &[], whole("good", "normal").as_bytes(), &[]);
    let server = Server::start(move |request| {
        if !wants_token(request) {
            return good.clone();
        }
        [vec![Step::Pause(std::time::Duration::from_millis(200))], token("24.token-1", 2_592_000)].concat()
    })
    .await;
    let driver = Driver::new(settings());
    let mut first = driver.chat(wenxin(), pair(&server.url(), true), None).await;
    assert!(tokio::time::timeout(std::time::Duration::from_millis(50), first.next()).await.is_err());
    drop(first);
    assert_eq!(ask(&driver, &wenxin(), pair(&server.url(), true)).await.text, "good");
    assert_eq!(tokens_asked(&server), 1);
}

/// A server whose tokens count up, and that refuses those before `good`, in this way.
async fn refusing(good: usize, refusal: Vec<Step>) -> Server {
    let given = AtomicUsize::new(0);
    let whole = answer(200, "application/json", &[], whole("good", "normal").as_bytes(), &[]);
    Server::start(move |request| {
        if wants_token(request) {
            return token(&format!("24.token-{}", given.fetch_add(1, Ordering::Relaxed)), 2_592_000);
        }
        let shown = request.head.split("24.token-").nth(1).and_then(|rest| rest.split(' ').next()?.parse::<usize>().ok());
        if shown.is_some_and(|shown| shown >= good) { whole.clone() } else { refusal.clone() }
    })
    .await
}

#[tokio::test]
async fn a_token_that_is_refused_is_fetched_anew_once() {
    for code in [110, 111] {
        let body = json!({"error_code": code, "error_msg": "Access token expired", "id": "as-1"}).to_string();
        let framed = format!("data: {body}\n\n");
        for (status, body) in [(200, body.as_str()), (200, framed.as_str()), (401, body.as_str())] {
            let refusal = answer(status, "application/json", &[], body.as_bytes(), &[]);
            let server = refusing(1, refusal.clone()).await;
            let driver = Driver::new(settings());
            for _ in 0..2 {
                let outcome = ask(&driver, &wenxin(), pair(&server.url(), true)).await;
                assert_eq!((outcome.text.as_str(), outcome.error), ("good", None), "{status} {body}");
            }
            assert_eq!((tokens_asked(&server), server.requests().len()), (2, 5), "the fresh one is kept");
            // Where it does not help, it is not tried for ever.
            let server = refusing(9, refusal).await;
            let outcome = ask(&Driver::new(settings()), &wenxin(), pair(&server.url(), true)).await;
            assert_eq!(outcome.error().code, ErrorCode::ProviderAuth);
            assert_eq!((tokens_asked(&server), server.requests().len()), (2, 4));
        }
    }
}

#[tokio::test]
async fn a_token_about_to_end_is_not_used_again() {
    let good = answer(200, "application/json", &[], whole("good", "normal").as_bytes(), &[]);
    let server = Server::start(move |request| if wants_token(request) { token("24.token-1", 0) } else { good.clone() }).await;
    let driver = Driver::new(settings());
    for _ in 0..2 {
        assert_eq!(ask(&driver, &wenxin(), pair(&server.url(), false)).await.text, "good");
    }
    assert_eq!(tokens_asked(&server), 2);
}

#[tokio::test]
async fn a_pair_that_is_wrong_is_said_and_not_shown() {
    for (status, reason, half) in [(401, "unknown client id", "API key"), (200, "Client authentication failed", "secret key")] {
        let body = json!({"error": "invalid_client", "error_description": format!("{reason} {SECRET}")}).to_string();
        let server = Server::repeating(answer(status, "application/json", &[], body.as_bytes(), &[])).await;
        let outcome = ask(&Driver::new(settings()), &wenxin(), pair(&server.url(), true)).await;
        let words = outcome.error().phrase.render(Language::English);
        assert_eq!(outcome.error().code, ErrorCode::ProviderAuth);
        assert!(words.contains(half) && words.contains(reason) && !words.contains(SECRET), "{words}");
    }
    // The token itself stands in no error either.
    let echo = json!({"error_code": 6, "error_msg": "no permission for 24.recorded"}).to_string();
    let server = with_tokens(answer(200, "application/json", &[], echo.as_bytes(), &[])).await;
    let outcome = ask(&Driver::new(settings()), &wenxin(), pair(&server.url(), true)).await;
    assert!(!format!("{:?}", outcome.error()).contains("24.recorded"), "{:?}", outcome.error());
}

#[tokio::test]
async fn a_pair_is_tested_by_its_token() {
    let server = with_tokens(vec![Step::Reset]).await;
    let models = Driver::new(settings()).models(wenxin(), pair(&server.url(), true).endpoint).await.expect("the known ones");
    assert!(models.iter().any(|model| model.id == "ernie-4.0-8k"));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn what_was_joined_is_told_once_the_question_is_taken() {
    let server = with_tokens(answer(200, "application/json", &[], whole("good", "normal").as_bytes(), &[])).await;
    let mut call = pair(&server.url(), true);
    call.messages = Arc::new([message(Role::User, "a"), message(Role::User, "b")]);
    let outcome = ask(&Driver::new(settings()), &wenxin(), call).await;
    assert_eq!((outcome.notes, outcome.text.as_str()), (vec!["history_merged"], "good"));
}

fn message(role: Role, text: &str) -> ChatMessage {
    ChatMessage { role, parts: vec![ContentPart::Text { text: text.into() }] }
}

#[test]
fn a_question_has_the_shape_that_the_older_api_takes() {
    let mut call = pair("http://x", true);
    let called = ContentPart::ToolCall(ToolCall::new(String::new(), "now".into(), String::new()));
    let result = ContentPart::ToolResult { tool_call_id: String::new(), text: "noon".into() };
    call.messages = Arc::new([
        message(Role::System, "be brief"),
        message(Role::User, "what time is it?"),
        ChatMessage { role: Role::Assistant, parts: vec![ContentPart::Reasoning { text: "hm".into() }, called] },
        ChatMessage { role: Role::Tool, parts: vec![result] },
    ]);
    call.params.max_tokens = Some(7);
    call.params.temperature = Some(1.5);
    call.params.extra.insert("disable_search".into(), json!(true));
    let (body, notes) = asked("wenxin", &call);
    let expected = json!({
        "messages": [
            {"role": "user", "content": "what time is it?"},
            {"role": "assistant", "function_call": {"name": "now", "arguments": "{}", "thoughts": "hm"}},
            {"role": "function", "name": "now", "content": "noon"},
        ],
        "system": "be brief", "stream": true, "max_output_tokens": 7, "temperature": 1.0, "disable_search": true,
    });
    assert_eq!((body, notes), (expected, vec!["param_adjusted"]));
}

fn any_message() -> impl Strategy<Value = ChatMessage> {
    let words = || prop_oneof![Just(String::new()), Just("  ".to_owned()), "[a-z]{1,6}"];
    let part = prop_oneof![
        4 => words().prop_map(|text| ContentPart::Text { text }),
        1 => words().prop_map(|text| ContentPart::Reasoning { text }),
        1 => ("[ab]", "[fg]").prop_map(|(id, name)| ContentPart::ToolCall(ToolCall::new(id, name, "{}".into()))),
        1 => ("[ab]", words()).prop_map(|(tool_call_id, text)| ContentPart::ToolResult { tool_call_id, text }),
    ];
    let role = prop_oneof![Just(Role::System), Just(Role::User), Just(Role::Assistant), Just(Role::Tool)];
    (role, prop::collection::vec(part, 0..4)).prop_map(|(role, parts)| ChatMessage { role, parts })
}

proptest! {
    /// Whatever a conversation looks like: an odd number of messages, in turns, none empty, the question last; and every
    /// word of it is still there, in order.
    #[test]
    fn every_conversation_is_brought_into_shape(conversation in prop::collection::vec(any_message(), 0..12)) {
        let mut call = pair("http://x", true);
        call.messages = conversation.iter().cloned().collect();
        let (body, _) = asked("wenxin", &call);
        let messages = body["messages"].as_array().expect("messages");
        prop_assert_eq!(messages.len() % 2, 1);
        for (at, message) in messages.iter().enumerate() {
            let role = message["role"].as_str().expect("a role");
            prop_assert!(if at % 2 == 0 { role == "user" || (role == "function" && at > 0) } else { role == "assistant" }, "{} at {}", role, at);
            let says = message["content"].as_str().is_some_and(|text| !text.trim().is_empty());
            prop_assert!(says || message.get("function_call").is_some(), "{} says nothing", message);
            if role == "function" {
                prop_assert_eq!(&messages[at - 1]["function_call"]["name"], &message["name"]);
            }
        }
        let told: String = messages.iter().filter_map(|message| message["content"].as_str()).collect();
        let mut rest = told.as_str();
        for message in conversation.iter().filter(|message| !matches!(message.role, Role::System)) {
            let text = mmp_shared::message::text_of(&message.parts);
            let Some(at) = rest.find(text.trim()) else { return Err(TestCaseError::fail(format!("{text:?} is lost in {told:?}"))) };
            // Results come before the words beside them, so only the order of words is looked at.
            rest = &rest[at + text.trim().len()..];
        }
    }
}
