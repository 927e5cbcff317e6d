//! What single services want changed in a request of the shared shape: one small function each, pure.

use mmp_shared::phrase;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::thinking::dropped;
use crate::providers::{ChatCall, Note};

/// A change of a request.
pub type Shape = fn(&ChatCall, &mut Map<String, Value>, &mut Vec<Note>);

/// No change.
pub const fn as_it_is(_call: &ChatCall, _body: &mut Map<String, Value>, _notes: &mut Vec<Note>) {}

/// Kimi from K2.5 on knows one temperature alone and refuses any other (Bike4Mind/bike4mind#1089, lsdefine/GenericAgent#30).
pub fn moonshot(call: &ChatCall, body: &mut Map<String, Value>, notes: &mut Vec<Note>) {
    let is_fixed = ["kimi-k2.5", "kimi-k2.6"].iter().any(|name| call.model.starts_with(name));
    if is_fixed && call.params.temperature.is_some_and(|temperature| temperature != 1.0) {
        body.remove("temperature");
        notes.push(dropped(call, "temperature"));
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
        body.insert("reasoning_format".into(), "parsed".into());
    }
}

/// The note that a number was brought into the range that a service takes.
pub fn adjusted(call: &ChatCall, param: &str, value: f64) -> Note {
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
