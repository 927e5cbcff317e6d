//! What DeepSeek says differently; the rest it says as every server of OpenAI's shape.

use mmp_shared::{
    ErrorCode,
    message::FinishReason,
    usage::{Usage, UsageSource},
};
use serde_json::{Value, json};

use super::{
    openai::{self, call, called, delta, stream, whole, with_usage},
    outcome::Outcome,
    scenarios::{Scenario, Transcript, said},
};

/// The transcript of one scenario.
pub fn transcript(scenario: Scenario) -> Transcript {
    let thoughts = [
        delta(json!({"role": "assistant", "content": null, "reasoning_content": ""})),
        delta(json!({"content": null, "reasoning_content": "let me "})),
        delta(json!({"content": null, "reasoning_content": "see"})),
    ];
    match scenario {
        Scenario::Text => {
            let events =
                [delta(json!({"role": "assistant", "content": ""})), delta(json!({"content": "good day"})), last("stop")];
            Transcript::Body(stream(&events), counted(said("good day", FinishReason::Stop)))
        }
        Scenario::Reasoning => {
            let words = [delta(json!({"content": "good", "reasoning_content": null})), last("stop")];
            let outcome = Outcome { reasoning: "let me see".into(), ..said("good", FinishReason::Stop) };
            Transcript::Body(stream(&[thoughts.to_vec(), words.to_vec()].concat()), counted(outcome))
        }
        Scenario::ToolCall => {
            let piece = |function: Value| {
                delta(json!({"tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": function}]}))
            };
            let calls = [piece(json!({"name": "look", "arguments": ""})), piece(json!({"arguments": "{}"})), last("tool_calls")];
            let outcome = called(&[call("c1", "look", "{}")], FinishReason::ToolCalls);
            let outcome = Outcome { reasoning: "let me see".into(), ..outcome };
            Transcript::Body(stream(&[thoughts.to_vec(), calls.to_vec()].concat()), counted(outcome))
        }
        Scenario::KeepAlive => {
            let body = stream(&[delta(json!({"content": "good"})), last("stop")]);
            Transcript::Body(format!(": keep-alive\n\n: keep-alive\n\n{body}"), counted(said("good", FinishReason::Stop)))
        }
        Scenario::LeadingBlanks => {
            let body = whole(json!({"content": "good"}), "stop");
            Transcript::Body(format!("\n\n\n\n{body}"), with_usage(said("good", FinishReason::Stop)))
        }
        Scenario::GaveUp => {
            let body = stream(&[delta(json!({"content": "good"})), last("insufficient_system_resource")]);
            let partial = Outcome { text: "good".into(), ..Outcome::default() };
            Transcript::Fails(body, counted(partial), ErrorCode::StreamTruncated)
        }
        _ => openai::transcript(scenario),
    }
}

/// The end and the usage, which come together.
fn last(reason: &str) -> Value {
    json!({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": reason}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13, "prompt_cache_hit_tokens": 8,
            "prompt_cache_miss_tokens": 1, "completion_tokens_details": {"reasoning_tokens": 3}}})
}

fn counted(outcome: Outcome) -> Outcome {
    let usage = Usage {
        prompt_tokens: Some(9),
        completion_tokens: Some(4),
        cached_tokens: Some(8),
        reasoning_tokens: Some(3),
        source: UsageSource::Provider,
    };
    Outcome { usage: Some(usage), ..outcome }
}
