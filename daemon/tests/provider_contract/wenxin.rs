//! What Wenxin's older API says in each scenario.

use mmp_shared::{
    ErrorCode,
    message::{FinishReason, ToolCall},
    usage::{Usage, UsageSource},
};
use serde_json::{Value, json};

use super::{
    openai::called,
    outcome::Outcome,
    scenarios::{Scenario, Transcript, said},
};

/// The transcript of one scenario.
pub fn transcript(scenario: Scenario) -> Transcript {
    let partial = || Outcome { text: "good ".into(), ..Outcome::default() };
    let good_day =
        [frame(json!({"result": "good ", "usage": counts(4, 0, 4)})), frame(json!({"result": "day", "usage": counts(4, 0, 4)}))];
    let end = || last(json!({"finish_reason": "normal", "usage": counts(4, 3, 7)}));
    let function = json!({"name": "look", "thoughts": "let me see", "arguments": "{\"at\":\"sky\"}"});
    let look = || ToolCall::new(String::new(), "look".into(), "{\"at\":\"sky\"}".into());
    match scenario {
        // In 2023, each frame had its own tokens and the last one none.
        Scenario::Text => {
            let frames = [
                frame(json!({"result": "good ", "usage": counts(4, 2, 6)})),
                frame(json!({"result": "day", "usage": counts(4, 1, 7)})),
                last(json!({"usage": counts(4, 0, 7)})),
            ];
            Transcript::Body(lines(&frames), counted(said("good day", FinishReason::Stop)))
        }
        Scenario::TextWhole => Transcript::Body(whole("good day", "normal"), counted(said("good day", FinishReason::Stop))),
        Scenario::Unicode => {
            let text = "好 🌍\u{301}é\r\nx";
            let body = lines(&[frame(json!({"result": text})), last(json!({}))]).replace('好', "\\u597d");
            Transcript::Body(body, said(text, FinishReason::Stop))
        }
        Scenario::Reasoning | Scenario::ToolCall => {
            let frame = last(json!({"function_call": function, "finish_reason": "function_call", "usage": counts(4, 3, 7)}));
            let outcome = Outcome { reasoning: "let me see".into(), ..called(&[look()], FinishReason::ToolCalls) };
            Transcript::Body(lines(&[frame]), counted(outcome))
        }
        Scenario::ToolCallWithoutArguments => {
            let frame = last(json!({"function_call": {"name": "ask", "arguments": ""}, "finish_reason": "function_call"}));
            Transcript::Body(
                lines(&[frame]),
                called(&[ToolCall::new(String::new(), "ask".into(), String::new())], FinishReason::ToolCalls),
            )
        }
        Scenario::Length => {
            let frames = [frame(json!({"result": "good "})), last(json!({"is_truncated": true, "finish_reason": "normal"}))];
            Transcript::Body(lines(&frames), said("good ", FinishReason::Length))
        }
        Scenario::LengthInToolCall => {
            let frame = last(json!({"function_call": {"name": "look", "arguments": "{\"at\": \"s"}, "is_truncated": true}));
            let cut = ToolCall::new(String::new(), "look".into(), "{\"at\": \"s".into());
            Transcript::Body(lines(&[frame]), called(&[cut], FinishReason::Length))
        }
        Scenario::Filtered => {
            let frame = last(json!({"need_clear_history": true, "ban_round": -1, "finish_reason": "normal"}));
            Transcript::Body(lines(&[frame]), said("", FinishReason::ContentFilter))
        }
        Scenario::NoUsage | Scenario::EndWithoutReason => {
            Transcript::Body(lines(&[frame(json!({"result": "good"})), last(json!({}))]), said("good", FinishReason::Stop))
        }
        Scenario::EndWithoutTerminator => {
            let [good, day] = good_day;
            Transcript::Body(lines(&[good, day, end()]), counted(said("good day", FinishReason::Stop)))
        }
        Scenario::KeepAlive => {
            let [good, day] = good_day;
            Transcript::Body(format!(": wait\n\n\n{}", lines(&[good, day, end()])), counted(said("good day", FinishReason::Stop)))
        }
        Scenario::OddLines => {
            let body =
                lines(&[frame(json!({"result": "good"})), last(json!({}))]).replace('\n', "\r\n").replace("data: ", "data:");
            Transcript::Body(body.trim_end().to_owned(), said("good", FinishReason::Stop))
        }
        Scenario::UnknownKeys => {
            let frames = [frame(json!({"result": "good", "flag": 0, "search_info": {}})), json!({}), last(json!({"x": null}))];
            Transcript::Body(lines(&frames), said("good", FinishReason::Stop))
        }
        Scenario::LeadingBlanks => {
            Transcript::Body(format!("\n \n{}\n", whole("good", "normal")), counted(said("good", FinishReason::Stop)))
        }
        Scenario::Truncated => {
            let [good, _] = good_day;
            let outcome = with_usage(partial(), 4, 0);
            Transcript::Fails(lines(&[good]), outcome, ErrorCode::StreamTruncated)
        }
        Scenario::ErrorAfterText => {
            let error = json!({"error_code": 336_100, "error_msg": "server high load"});
            Transcript::Fails(lines(&[frame(json!({"result": "good "})), error]), partial(), ErrorCode::ProviderOverloaded)
        }
        Scenario::ErrorInsteadOfStream | Scenario::ErrorInWhole => {
            let error = json!({"error_code": 336_103, "error_msg": "prompt tokens too long", "id": "as-1"});
            Transcript::Fails(error.to_string(), Outcome::default(), ErrorCode::ContextTooLong)
        }
        Scenario::TruncatedWhole => {
            let body = whole("good", "normal");
            Transcript::Fails(body[..body.len() - 2].to_owned(), Outcome::default(), ErrorCode::StreamTruncated)
        }
        Scenario::ParallelToolCalls | Scenario::ParallelToolCallsWhole => Transcript::Absent("it calls one function a turn"),
        Scenario::Refusal => Transcript::Absent("it has no field for a refusal"),
        Scenario::SeveralChoices => Transcript::Absent("it gives one answer"),
        Scenario::GaveUp => Transcript::Absent("it has no word for that"),
        Scenario::WholeBesideDelta | Scenario::DeltaBesideWhole => Transcript::Absent("it sends no deltas"),
    }
}

fn frame(mut rest: Value) -> Value {
    let mut frame = json!({"id": "as-1", "object": "chat.completion", "is_end": false, "is_truncated": false, "result": "",
        "need_clear_history": false});
    if let (Some(frame), Some(rest)) = (frame.as_object_mut(), rest.as_object_mut()) {
        frame.append(rest);
    }
    frame
}

fn last(rest: Value) -> Value {
    let mut frame = frame(rest);
    frame["is_end"] = true.into();
    frame
}

pub fn whole(text: &str, reason: &str) -> String {
    json!({"id": "as-1", "result": text, "is_truncated": false, "need_clear_history": false, "finish_reason": reason,
        "usage": counts(4, 3, 7)})
    .to_string()
}

fn lines(frames: &[Value]) -> String {
    frames.iter().map(|frame| format!("data: {frame}\n\n")).collect()
}

fn counts(prompt: u64, completion: u64, total: u64) -> Value {
    json!({"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total})
}

fn counted(outcome: Outcome) -> Outcome {
    with_usage(outcome, 4, 3)
}

fn with_usage(outcome: Outcome, prompt: u64, completion: u64) -> Outcome {
    let usage = Usage {
        prompt_tokens: Some(prompt),
        completion_tokens: Some(completion),
        cached_tokens: None,
        reasoning_tokens: None,
        source: UsageSource::Provider,
    };
    Outcome { usage: Some(usage), ..outcome }
}
