//! Reads the pieces of a message or of a delta: text, thinking, refusal. Each may be a string, null, absent, or (the
//! text) an array of parts, and one stream may change between these from one delta to the next.

use mmp_shared::message::FinishReason;
use serde_json::Value;

use crate::providers::Delta;

/// Adds what a message or a delta says.
pub fn read(message: &Value, deltas: &mut Vec<Delta>) {
    if let Some(text) = text(message, "reasoning_content").or_else(|| text(message, "reasoning")) {
        deltas.push(Delta::Reasoning(text.to_owned()));
    }
    match message.get("content") {
        Some(Value::String(text)) if !text.is_empty() => deltas.push(Delta::Text(text.clone())),
        Some(Value::Array(parts)) => parts.iter().for_each(|part| read_part(part, deltas)),
        _ => {}
    }
    if let Some(refusal) = text(message, "refusal") {
        deltas.push(Delta::Refusal(refusal.to_owned()));
    }
}

fn read_part(part: &Value, deltas: &mut Vec<Delta>) {
    if let Value::String(text) = part {
        return push(deltas, Delta::Text, text.clone());
    }
    match part.get("type").and_then(Value::as_str) {
        Some("thinking") => push(deltas, Delta::Reasoning, joined(part.get("thinking"))),
        Some("reasoning") => push(deltas, Delta::Reasoning, joined(part.get("text").or_else(|| part.get("reasoning")))),
        Some("refusal") => push(deltas, Delta::Refusal, joined(part.get("refusal"))),
        _ => push(deltas, Delta::Text, joined(part.get("text"))),
    }
}

/// A string, or an array of strings and of objects with a `text`, as one.
fn joined(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts.iter().filter_map(|part| part.as_str().or_else(|| text(part, "text"))).collect(),
        _ => String::new(),
    }
}

fn push(deltas: &mut Vec<Delta>, make: fn(String) -> Delta, text: String) {
    if !text.is_empty() {
        deltas.push(make(text));
    }
}

/// A field that says something.
pub fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// What a provider's word for the end says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The model stopped, for this reason.
    Reason(FinishReason),
    /// The provider could not go on: what there is of the answer is not all of it.
    Cut,
}

/// What a provider's word for the end means; `None` where it names none yet (the word `null` is none: DashScope).
///
/// Words of those that cannot go on: `insufficient_system_resource` (docs.rs ds-api 0.10.7, `finish_reason.rs`) and
/// `aborted` (handled by third parties) are DeepSeek's, `network_error` is Zhipu's, `error` is Mistral's and OpenRouter's
/// (openrouter.ai/docs/errors).
pub fn end(word: &str) -> Option<End> {
    Some(End::Reason(match word.to_ascii_lowercase().as_str() {
        "" | "null" => return None,
        "insufficient_system_resource" | "aborted" | "network_error" | "error" => return Some(End::Cut),
        "stop" | "eos" | "end_turn" | "stop_sequence" | "complete" | "done" => FinishReason::Stop,
        "length" | "max_tokens" | "model_length" | "max_output_tokens" | "model_context_window_exceeded" => FinishReason::Length,
        "tool_calls" | "tool_use" | "function_call" => FinishReason::ToolCalls,
        "content_filter" | "sensitive" | "safety" => FinishReason::ContentFilter,
        _ => FinishReason::Other,
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deltas(message: &Value) -> Vec<Delta> {
        let mut deltas = Vec::new();
        read(message, &mut deltas);
        deltas
    }

    #[test]
    fn nothing_said_is_no_delta() {
        for message in [json!({}), json!({"content": null}), json!({"content": "", "refusal": ""}), json!({"content": []})] {
            assert_eq!(deltas(&message), [], "{message}");
        }
    }

    #[test]
    fn parts_are_thinking_and_text() {
        let message = json!({"content": [
            {"type": "thinking", "thinking": [{"type": "text", "text": "let "}, {"type": "text", "text": "me"}], "closed": true},
            {"type": "text", "text": "yes"},
        ]});
        assert_eq!(deltas(&message), [Delta::Reasoning("let me".into()), Delta::Text("yes".into())]);
    }

    #[test]
    fn thinking_said_twice_counts_once() {
        let message = json!({"reasoning_content": "a", "reasoning": "a", "reasoning_details": [{"text": "a"}]});
        assert_eq!(deltas(&message), [Delta::Reasoning("a".into())]);
        assert_eq!(deltas(&json!({"reasoning": "b", "reasoning_content": null})), [Delta::Reasoning("b".into())]);
    }

    #[test]
    fn every_word_for_the_end_has_its_meaning() {
        for (word, reason) in [
            ("eos", FinishReason::Stop),
            ("MAX_TOKENS", FinishReason::Length),
            ("function_call", FinishReason::ToolCalls),
            ("sensitive", FinishReason::ContentFilter),
            ("whim", FinishReason::Other),
        ] {
            assert_eq!(end(word), Some(End::Reason(reason)), "{word}");
        }
        assert_eq!(end("insufficient_system_resource"), Some(End::Cut));
        assert_eq!(end("null"), None);
    }
}
