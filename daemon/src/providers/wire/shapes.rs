//! What single services want changed in a request of the shared shape: one small function each, pure. Each sees the request
//! with all that the user wants in it.

use std::ops::RangeInclusive;

use mmp_shared::phrase;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{openai_models, thinking::dropped};
use crate::providers::{ChatCall, Note};

/// A change of a request.
pub type Shape = fn(&ChatCall, &mut Map<String, Value>, &mut Vec<Note>);

/// No change.
pub const fn as_it_is(_call: &ChatCall, _body: &mut Map<String, Value>, _notes: &mut Vec<Note>) {}

/// What steers the drawing of words, and the value at which it changes nothing.
const SAMPLING: [(&str, f64); 4] = [("temperature", 1.0), ("top_p", 1.0), ("presence_penalty", 0.0), ("frequency_penalty", 0.0)];

/// OpenAI's models that think take nothing that steers the drawing of words, neither do they tell how they drew them
/// (vercel/ai#10932).
pub fn openai(call: &ChatCall, body: &mut Map<String, Value>, notes: &mut Vec<Note>) {
    let effort = body.get("reasoning_effort").and_then(Value::as_str);
    if openai_models::takes_sampling(&call.model, effort) {
        return;
    }
    for (name, _) in SAMPLING.iter().filter(|(name, same)| body.get(*name).is_some_and(|value| value.as_f64() != Some(*same))) {
        notes.push(dropped(call, name));
    }
    for (name, _) in SAMPLING {
        body.remove(name);
    }
    for name in ["logprobs", "top_logprobs", "logit_bias"] {
        notes.extend(body.remove(name).map(|_| dropped(call, name)));
    }
}

/// Kimi from K2.5 on knows one temperature alone and refuses any other (Bike4Mind/bike4mind#1089, lsdefine/GenericAgent#30).
pub fn moonshot(call: &ChatCall, body: &mut Map<String, Value>, notes: &mut Vec<Note>) {
    let is_fixed = ["kimi-k2.5", "kimi-k2.6"].iter().any(|name| call.model.starts_with(name));
    if is_fixed && body.get("temperature").is_some_and(|temperature| temperature.as_f64() != Some(1.0)) {
        body.remove("temperature");
        notes.push(dropped(call, "temperature"));
    }
}

/// Qwen's open models think unless told not to, which DashScope refuses where nothing is streamed
/// (help.aliyun.com/zh/model-studio/error-code). Those whose name says what they do are left alone.
pub fn dashscope(call: &ChatCall, body: &mut Map<String, Value>, _notes: &mut Vec<Note>) {
    let name = call.model.to_ascii_lowercase();
    let size = name.strip_prefix("qwen3-").filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let can_both = size.is_some_and(|rest| !rest.contains("instruct") && !rest.contains("thinking"));
    if can_both && !call.stream && !body.contains_key("enable_thinking") {
        body.insert("enable_thinking".into(), false.into());
    }
}

/// Zhipu's temperatures end at 1 (v03.api.js.langchain.com, `ChatZhipuAIParams`).
pub fn zhipu(call: &ChatCall, body: &mut Map<String, Value>, notes: &mut Vec<Note>) {
    keep_within(call, "temperature", 0.0..=1.0, body, notes);
}

/// Brings a number into the range that a service takes, and tells.
pub fn keep_within(
    call: &ChatCall,
    param: &str,
    range: RangeInclusive<f64>,
    body: &mut Map<String, Value>,
    notes: &mut Vec<Note>,
) {
    let Some(number) = body.get(param).and_then(Value::as_f64) else { return };
    let fit = number.clamp(*range.start(), *range.end());
    if fit != number {
        body.insert(param.to_owned(), fit.into());
        notes.push(adjusted(call, param, fit));
    }
}

/// Mistral takes ids of tool calls of nine letters and digits alone, also of calls that another provider made
/// (langchain-ai/langchain#24668). The same id becomes the same one again.
pub fn mistral(_call: &ChatCall, body: &mut Map<String, Value>, _notes: &mut Vec<Note>) {
    for message in body.get_mut("messages").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(id) = message.get_mut("tool_call_id") {
            shorten(id);
        }
        for call in message.get_mut("tool_calls").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(id) = call.get_mut("id") {
                shorten(id);
            }
        }
    }
}

fn shorten(id: &mut Value) {
    let text = id.as_str().unwrap_or_default();
    if text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return;
    }
    const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    let digest = Sha256::digest(text);
    *id = digest.iter().take(9).map(|byte| char::from(DIGITS[usize::from(byte % 32)])).collect::<String>().into();
}

/// Qwen's and R1's thoughts stand between tags in the text unless they are asked for apart
/// (console.groq.com/docs/reasoning, inference-docs.cerebras.ai/capabilities/reasoning).
pub fn parsed_thoughts(call: &ChatCall, body: &mut Map<String, Value>, _notes: &mut Vec<Note>) {
    let name = call.model.to_ascii_lowercase();
    let thinks_aloud =
        (name.contains("qwen3") || name.contains("qwen-3") || name.contains("deepseek-r1")) && !name.contains("coder");
    if thinks_aloud {
        body.entry("reasoning_format").or_insert_with(|| "parsed".into());
    }
}

/// The note that a number was brought into the range that a service takes.
pub fn adjusted(call: &ChatCall, param: &str, value: impl std::fmt::Display) -> Note {
    let provider = &call.endpoint.provider;
    Note { code: "param_adjusted", phrase: phrase!("notice-param_adjusted", provider = provider, param = param, value = value) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_of_calls_are_shortened_to_the_same_each_time() {
        let mut ids = [json!("call_0fypS1hVX"), json!("call_0fypS1hVX"), json!("abc123XYZ"), json!("")];
        ids.iter_mut().for_each(shorten);
        assert_eq!(ids[0], ids[1]);
        assert_eq!(ids[2], "abc123XYZ");
        for id in ids {
            let id = id.as_str().expect("a string");
            assert!(id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
        }
    }
}
