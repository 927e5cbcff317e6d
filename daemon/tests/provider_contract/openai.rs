//! What a server of OpenAI's shape says in each scenario.

use mmp_shared::{
    ErrorCode,
    message::{FinishReason, ToolCall},
    usage::{Usage, UsageSource},
};
use serde_json::{Value, json};

use super::{
    outcome::Outcome,
    scenarios::{Scenario, Transcript, said},
};

/// The transcript of one scenario.
pub fn transcript(scenario: Scenario) -> Transcript {
    match scenario {
        Scenario::Text
        | Scenario::TextWhole
        | Scenario::Unicode
        | Scenario::NoUsage
        | Scenario::EndWithoutReason
        | Scenario::EndWithoutTerminator => plain(scenario),
        Scenario::Reasoning | Scenario::Refusal | Scenario::Length | Scenario::Filtered => special(scenario),
        Scenario::ToolCall
        | Scenario::ParallelToolCalls
        | Scenario::ParallelToolCallsWhole
        | Scenario::ToolCallWithoutArguments
        | Scenario::LengthInToolCall => tools(scenario),
        Scenario::KeepAlive
        | Scenario::OddLines
        | Scenario::UnknownKeys
        | Scenario::SeveralChoices
        | Scenario::WholeBesideDelta
        | Scenario::DeltaBesideWhole
        | Scenario::LeadingBlanks => odd(scenario),
        Scenario::Truncated
        | Scenario::GaveUp
        | Scenario::ErrorAfterText
        | Scenario::ErrorInsteadOfStream
        | Scenario::ErrorInWhole
        | Scenario::TruncatedWhole => failing(scenario),
    }
}

fn plain(scenario: Scenario) -> Transcript {
    let (first, end) = (delta(json!({"role": "assistant", "content": ""})), finish("stop"));
    let words = [delta(json!({"content": "good "})), delta(json!({"content": "day"}))];
    let usage = json!({"choices": [], "usage": usage_object()});
    let outcome = with_usage(said("good day", FinishReason::Stop));
    let unpriced = said("good day", FinishReason::Stop);
    let [good, day] = words;
    match scenario {
        Scenario::TextWhole => Transcript::Body(whole(json!({"role": "assistant", "content": "good day"}), "eos"), outcome),
        Scenario::Unicode => {
            let text = "好 🌍\u{301}é\r\nx";
            Transcript::Body(stream(&[delta(json!({ "content": text })), end]), said(text, FinishReason::Stop))
        }
        Scenario::NoUsage => Transcript::Body(stream(&[first, good, day, end]), unpriced),
        Scenario::EndWithoutReason => Transcript::Body(stream(&[first, good, day]), unpriced),
        Scenario::EndWithoutTerminator => Transcript::Body(lines(&[first, good, day, end, usage]), outcome),
        _ => Transcript::Body(stream(&[first, good, day, end, usage]), outcome),
    }
}

fn special(scenario: Scenario) -> Transcript {
    match scenario {
        Scenario::Reasoning => {
            let events = [
                delta(json!({"role": "assistant", "content": null, "reasoning_content": "let me "})),
                delta(json!({"content": null, "reasoning": "see"})),
                delta(
                    json!({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "!"}]}, {"type": "text", "text": "go"}]}),
                ),
                delta(json!({"content": "od"})),
                finish("end_turn"),
            ];
            let outcome = Outcome { reasoning: "let me see!".into(), ..said("good", FinishReason::Stop) };
            Transcript::Body(stream(&events), outcome)
        }
        Scenario::Refusal => {
            let events = [
                delta(json!({"content": null, "refusal": ""})),
                delta(json!({"refusal": "I can"})),
                delta(json!({"refusal": "not"})),
                finish("stop"),
            ];
            let outcome = Outcome { refusal: "I cannot".into(), ..said("", FinishReason::Stop) };
            Transcript::Body(stream(&events), outcome)
        }
        Scenario::Length => {
            // The reason may come twice, with text and again with the usage.
            let events = [
                json!({"choices": [{"index": 0, "delta": {"content": "good"}, "finish_reason": "length"}]}),
                json!({"choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "length"}], "usage": usage_object()}),
            ];
            Transcript::Body(stream(&events), with_usage(said("good", FinishReason::Length)))
        }
        _ => {
            let choice = json!({"choices": [{"index": 0, "finish_reason": "content_filter"}]});
            Transcript::Body(choice.to_string(), said("", FinishReason::ContentFilter))
        }
    }
}

fn tools(scenario: Scenario) -> Transcript {
    let piece = |index: u64, id: &str, name: &str, arguments: &str| {
        delta(
            json!({"tool_calls": [{"index": index, "id": id, "type": "function", "function": {"name": name, "arguments": arguments}}]}),
        )
    };
    let (look, ask) = (call("c1", "look", "{\"at\": \"sky\"}"), call("c2", "ask", "{}"));
    match scenario {
        Scenario::ToolCall => {
            let events =
                [piece(0, "c1", "look", ""), piece(0, "", "", "{\"at\": "), piece(0, "", "", "\"sky\"}"), finish("stop")];
            Transcript::Body(stream(&events), called(&[look], FinishReason::ToolCalls))
        }
        Scenario::ParallelToolCalls => {
            let events = [
                piece(0, "c1", "look", "{\"at\": \"sky\"}"),
                piece(1, "c2", "ask", ""),
                piece(1, "", "", "{}"),
                finish("tool_calls"),
            ];
            Transcript::Body(stream(&events), called(&[look, ask], FinishReason::ToolCalls))
        }
        Scenario::ParallelToolCallsWhole => {
            // No index, arguments as a string or as an object.
            let message = json!({"role": "assistant", "content": null, "tool_calls": [
                {"id": "c1", "function": {"name": "look", "arguments": "{\"at\": \"sky\"}"}},
                {"id": "c2", "function": {"name": "ask", "arguments": {}}},
            ]});
            Transcript::Body(whole(message, "tool_calls"), with_usage(called(&[look, ask], FinishReason::ToolCalls)))
        }
        Scenario::ToolCallWithoutArguments => {
            let events = [piece(0, "c2", "ask", "null"), finish("function_call")];
            Transcript::Body(stream(&events), called(&[call("c2", "ask", "null")], FinishReason::ToolCalls))
        }
        _ => {
            let events = [piece(0, "c1", "look", "{\"at\": \"s"), finish("length")];
            Transcript::Body(stream(&events), called(&[call("c1", "look", "{\"at\": \"s")], FinishReason::Length))
        }
    }
}

fn odd(scenario: Scenario) -> Transcript {
    let events = [delta(json!({"content": "good"})), finish("stop")];
    let outcome = said("good", FinishReason::Stop);
    match scenario {
        Scenario::KeepAlive => {
            let body =
                format!(": waiting\n\n\n: waiting\n\n{}", stream(&events)).replace("data: [DONE]", ": almost\n\ndata: [DONE]");
            Transcript::Body(body, outcome)
        }
        Scenario::OddLines => {
            let body = stream(&events).replace('\n', "\r\n").replace("data: ", "data:");
            Transcript::Body(body.trim_end().to_owned(), outcome)
        }
        Scenario::UnknownKeys => {
            let padded =
                json!({"id": "", "p": "abc", "obfuscation": "x", "prompt_filter_results": [], "choices": [], "usage": null});
            let timed =
                json!({"choices": [{"index": 0, "delta": {}, "logprobs": null}], "timings": {"a": 1}, "x_groq": {"id": "1"}});
            let [text, end] = events;
            Transcript::Body(stream(&[padded, json!({}), text, timed, end]), outcome)
        }
        Scenario::SeveralChoices => {
            let other = json!({"choices": [{"index": 1, "delta": {"content": "bad"}, "finish_reason": "length"}]});
            let [text, end] = events;
            Transcript::Body(stream(&[other.clone(), text, other.clone(), end, other]), outcome)
        }
        Scenario::WholeBesideDelta => {
            let chunk = |so_far: &str, piece: &str, reason: Option<&str>| json!({"choices": [{"index": 0, "message": {"content": so_far}, "delta": {"content": piece}, "finish_reason": reason}]});
            let events = [chunk("go", "go", None), chunk("good", "od", None), chunk("good", "", Some("stop"))];
            Transcript::Body(stream(&events), outcome)
        }
        Scenario::DeltaBesideWhole => {
            let choice = json!({"index": 0, "message": {"content": "good"}, "delta": {"role": "assistant", "content": ""}, "finish_reason": "stop"});
            Transcript::Body(json!({"choices": [choice]}).to_string(), outcome)
        }
        _ => {
            let body = whole(json!({"content": "good"}), "stop");
            Transcript::Body(format!("\n         \n\n\r\n{body}\n"), with_usage(outcome))
        }
    }
}

fn failing(scenario: Scenario) -> Transcript {
    let text = delta(json!({"content": "good"}));
    let partial = Outcome { text: "good".into(), ..Outcome::default() };
    let nothing = Outcome::default();
    match scenario {
        Scenario::Truncated => Transcript::Fails(lines(&[text]), partial, ErrorCode::StreamTruncated),
        Scenario::GaveUp => {
            let usage = json!({"choices": [], "usage": usage_object()});
            let body = stream(&[text, finish("error"), usage]);
            Transcript::Fails(body, with_usage(partial), ErrorCode::StreamTruncated)
        }
        Scenario::TruncatedWhole => {
            let body = whole(json!({"content": "good"}), "stop");
            Transcript::Fails(body[..body.len() - 2].to_owned(), nothing, ErrorCode::StreamTruncated)
        }
        Scenario::ErrorAfterText => {
            // The error stands beside a choice; what it cost follows.
            let both = json!({"error": {"code": 429, "message": "slow down"},
                "choices": [{"index": 0, "delta": {"content": "!"}, "finish_reason": "error"}]});
            let usage = json!({"choices": [], "usage": usage_object()});
            let outcome = with_usage(Outcome { text: "good!".into(), ..Outcome::default() });
            Transcript::Fails(stream(&[text, both, usage]), outcome, ErrorCode::ProviderRateLimited)
        }
        Scenario::ErrorInsteadOfStream => {
            let error = json!({"error": {"message": "a bad tool", "type": "invalid_request_error", "code": "tool_use_failed", "status_code": 400}});
            Transcript::Fails(format!("event: error\ndata: {error}\n\n"), nothing, ErrorCode::ProviderBadRequest)
        }
        _ => {
            let error = json!({"error": {"message": "too long", "code": "context_length_exceeded"}});
            Transcript::Fails(error.to_string(), nothing, ErrorCode::ContextTooLong)
        }
    }
}

pub fn delta(delta: Value) -> Value {
    json!({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": null}], "usage": null})
}

pub fn finish(reason: &str) -> Value {
    json!({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
}

pub fn whole(message: Value, reason: &str) -> String {
    let choice = json!({"index": 0, "message": message, "finish_reason": reason});
    json!({"object": "chat.completion", "choices": [choice], "usage": usage_object()}).to_string()
}

pub fn lines(events: &[Value]) -> String {
    events.iter().map(|event| format!("data: {event}\n\n")).collect()
}

pub fn stream(events: &[Value]) -> String {
    lines(events) + "data: [DONE]\n\n"
}

pub fn usage_object() -> Value {
    json!({"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13, "prompt_tokens_details": {"cached_tokens": 2}})
}

pub fn with_usage(outcome: Outcome) -> Outcome {
    let usage = Usage {
        prompt_tokens: Some(9),
        completion_tokens: Some(4),
        cached_tokens: Some(2),
        reasoning_tokens: None,
        source: UsageSource::Provider,
    };
    Outcome { usage: Some(usage), ..outcome }
}

pub fn call(id: &str, name: &str, arguments: &str) -> ToolCall {
    ToolCall::new(id.into(), name.into(), arguments.into())
}

pub fn called(calls: &[ToolCall], finish: FinishReason) -> Outcome {
    Outcome { tool_calls: calls.to_vec(), ..said("", finish) }
}
