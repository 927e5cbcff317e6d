//! What each kind of provider must be asked for the question `hi`: method, path, headers and the whole body.

use serde_json::{Value, json};

use crate::{
    support::upstream::server::Request,
    world::{KEY, QUESTION},
};

/// The token that the scripted older API of Wenxin gives.
pub(crate) const TOKEN: &str = "24.scripted-token";

/// A kind of provider as the tests name it: Wenxin has two APIs.
pub(crate) fn is_v1(kind: &str) -> bool {
    kind == "wenxin-v1"
}

/// The model that a kind is asked for.
pub(crate) fn model(kind: &str) -> &'static str {
    if is_v1(kind) { "ernie-3.5-8k" } else { "m" }
}

/// Whether a request asks for the token that stands for a pair of keys.
pub(crate) fn wants_token(request: &Request) -> bool {
    request.head.contains("/oauth/2.0/token?")
}

/// What is wrong with a request, if anything is.
pub(crate) fn check(kind: &str, request: &Request) -> Result<(), String> {
    if wants_token(request) {
        return equal("the request for a token", line(request), token_line());
    }
    equal("the request line", line(request), chat_line(kind))?;
    let accept = if is_v1(kind) { "*/*" } else { "text/event-stream" };
    for (name, expected) in [("content-type", "application/json"), ("accept", accept)] {
        equal(name, header(request, name), Some(expected))?;
    }
    let bearer = format!("Bearer {KEY}");
    let (authorization, api_key) = match kind {
        "wenxin-v1" => (None, None),
        "azure" => (None, Some(KEY)),
        _ => (Some(bearer.as_str()), None),
    };
    equal("authorization", header(request, "authorization"), authorization)?;
    equal("api-key", header(request, "api-key"), api_key)?;
    let body: Value = serde_json::from_slice(&request.body).map_err(|error| format!("the body is no JSON: {error}"))?;
    equal("the body", body, chat_body(kind))
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what} is {found:?} and should be {expected:?}")) }
}

fn line(request: &Request) -> String {
    request.head.lines().next().unwrap_or_default().to_owned()
}

fn header<'a>(request: &'a Request, wanted: &str) -> Option<&'a str> {
    let mut headers = request.head.lines().skip(1).filter_map(|line| line.split_once(':'));
    headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
}

fn token_line() -> String {
    let query = format!("grant_type=client_credentials&client_id={KEY}&client_secret={KEY}-2");
    format!("POST /oauth/2.0/token?{query} HTTP/1.1")
}

fn chat_line(kind: &str) -> String {
    if is_v1(kind) {
        let path = "/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/completions";
        return format!("POST {path}?access_token={TOKEN} HTTP/1.1");
    }
    "POST /v1/chat/completions HTTP/1.1".to_owned()
}

fn chat_body(kind: &str) -> Value {
    let messages = json!([{"role": "user", "content": QUESTION}]);
    let mut body = json!({"messages": messages, "stream": true});
    if !is_v1(kind) {
        body["model"] = model(kind).into();
    }
    // Mistral counts unasked and refuses to be asked.
    if !matches!(kind, "mistral" | "wenxin-v1") {
        body["stream_options"] = json!({"include_usage": true});
    }
    body
}
