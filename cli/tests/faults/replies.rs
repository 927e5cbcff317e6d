//! What an upstream does to one request: answers, good and bad, as steps of the scripted server.

use serde_json::{Value, json};

use crate::support::upstream::server::{Step, answer, chunk, end, head};

pub(crate) const JSON: &str = "application/json";
pub(crate) const SSE: &str = "text/event-stream";

/// An answer after which the connection is closed: what stays open after a test is a leak.
const CLOSING: (&str, &str) = ("connection", "close");

/// What a frame of a stream of OpenAI's shape holds.
pub(crate) fn frame(value: &Value) -> String {
    format!("data: {value}\n\n")
}

/// A frame with a piece of a message.
pub(crate) fn delta(delta: &Value) -> String {
    frame(&json!({"choices": [{"index": 0, "delta": delta, "finish_reason": null}]}))
}

pub(crate) fn text(text: &str) -> String {
    delta(&json!({ "content": text }))
}

pub(crate) fn thought(text: &str) -> String {
    delta(&json!({ "reasoning_content": text }))
}

/// The frame that names the end.
pub(crate) fn finish(reason: &str) -> String {
    frame(&json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}))
}

pub(crate) fn usage(prompt: u64, completion: u64) -> String {
    frame(&json!({"choices": [], "usage": {"prompt_tokens": prompt, "completion_tokens": completion}}))
}

pub(crate) const DONE: &str = "data: [DONE]\n\n";

/// A stream of these frames that ends in order.
pub(crate) fn stream(frames: &[String]) -> Vec<Step> {
    answer(200, SSE, &[CLOSING], frames.concat().as_bytes(), &[])
}

/// The beginning of a stream; what follows is for the test to say.
pub(crate) fn begun(frames: &[String]) -> Vec<Step> {
    vec![head(200, SSE, &[CLOSING]), chunk(frames.concat())]
}

/// The end of a stream that was begun.
pub(crate) fn ended() -> Step {
    end()
}

/// A good answer of OpenAI's shape.
pub(crate) fn good(words: &str) -> Vec<Step> {
    stream(&[text(words), finish("stop"), usage(3, 2), DONE.to_owned()])
}

/// A good answer of the older API of Wenxin.
pub(crate) fn good_v1(words: &str) -> Vec<Step> {
    stream(&[wenxin(&json!({"id": "as-1", "result": words, "is_end": true, "usage": {"prompt_tokens": 3, "total_tokens": 5}}))])
}

/// An answer with a status and a JSON body.
pub(crate) fn says(status: u16, body: &str) -> Vec<Step> {
    says_with(status, &[], body)
}

/// The same with headers.
pub(crate) fn says_with(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<Step> {
    answer(status, JSON, &[headers, &[CLOSING]].concat(), body.as_bytes(), &[])
}

/// A frame of the older API of Wenxin.
pub(crate) fn wenxin(value: &Value) -> String {
    frame(value)
}
