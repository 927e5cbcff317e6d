//! Builds the request of a chat completion in OpenAI's shape.
//!
//! Everything here holds for every server of that shape. Which name the limit of length has, and how a model is told to
//! think, differs from one to the next: a provider's file sets it in the body that it gets from here.

use mmp_shared::{
    ErrorCode,
    message::{ContentPart, Role, ToolCall, images_of, reasoning_of, text_of},
    phrase,
};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::shapes;
use crate::providers::{ChatCall, ChatMessage, Endpoint, HttpCall, Note, ProviderError};

/// Fields that mmp sets itself and no parameter may.
const OWN_FIELDS: [&str; 3] = ["messages", "model", "stream"];

/// Which of its former thoughts a model is told again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thoughts {
    /// None.
    Forgotten,
    /// Those that led to calls of tools; such a turn has the field even where it thought nothing.
    OfToolCalls,
}

/// The body of a request: the model, the conversation, whether to stream, and the parameters that all servers call the
/// same.
pub fn body(call: &ChatCall, thoughts: Thoughts) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("model".into(), call.model.clone().into());
    body.insert("messages".into(), messages(&call.messages, thoughts).into());
    body.insert("stream".into(), call.stream.into());
    if call.stream {
        body.insert("stream_options".into(), json!({ "include_usage": true }));
    }
    if let Some(temperature) = call.params.temperature {
        body.insert("temperature".into(), temperature.into());
    }
    body
}

/// Adds the limit of an answer's length, by the name that the model has for it, and never more than the model can say:
/// that would be refused.
pub fn limit(call: &ChatCall, name: &str, body: &mut Map<String, Value>, notes: &mut Vec<Note>) {
    let Some(wanted) = call.params.max_tokens else { return };
    let fit = call.max_output.map_or(wanted, |most| wanted.min(most));
    if fit != wanted {
        notes.push(shapes::adjusted(call, "max_tokens", fit));
    }
    body.insert(name.to_owned(), fit.into());
}

/// The whole request.
pub fn request(call: &ChatCall, body: Map<String, Value>, notes: Vec<Note>) -> HttpCall {
    let accept = if call.stream { "text/event-stream" } else { "application/json" };
    HttpCall {
        method: "POST",
        url: url(&call.endpoint, "/chat/completions"),
        secret_query: Vec::new(),
        headers: vec![("content-type", "application/json".into()), ("accept", accept.into())],
        secret_headers: key_in("authorization", &call.endpoint),
        body: Value::Object(body).to_string().into_bytes(),
        notes,
    }
}

/// Adds the parameters that mmp has no name for. They overrule everything but the question; an object is added to the one
/// that is there.
///
/// # Errors
///
/// `bad_request` where a parameter has the name of the question itself.
pub fn add_extra(call: &ChatCall, body: &mut Map<String, Value>) -> Result<(), ProviderError> {
    if let Some(name) = call.params.extra.keys().find(|name| OWN_FIELDS.contains(&name.as_str())) {
        return Err(ProviderError::new(ErrorCode::BadRequest, phrase!("upstream-own-field", name = name)));
    }
    merge(body, &call.params.extra);
    Ok(())
}

fn merge(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (name, value) in from {
        match (into.get_mut(name), value) {
            (Some(Value::Object(there)), Value::Object(more)) => merge(there, more),
            _ => _ = into.insert(name.clone(), value.clone()),
        }
    }
}

/// The request for the list of models.
pub fn list_models(endpoint: &Endpoint) -> HttpCall {
    HttpCall {
        method: "GET",
        url: url(endpoint, "/models"),
        secret_query: Vec::new(),
        headers: vec![("accept", "application/json".into())],
        secret_headers: key_in("authorization", endpoint),
        body: Vec::new(),
        notes: Vec::new(),
    }
}

/// A path below the base URL; a query that the base URL has (Azure's version) stays behind it.
fn url(endpoint: &Endpoint, path: &str) -> String {
    match endpoint.base_url.split_once('?') {
        Some((base, query)) => format!("{}{path}?{query}", base.trim_end_matches('/')),
        None => format!("{}{path}", endpoint.base_url),
    }
}

/// The key in a header; only `authorization` names the kind of key.
pub fn key_in(header: &'static str, endpoint: &Endpoint) -> Vec<(&'static str, Zeroizing<String>)> {
    let value = |key: &Zeroizing<String>| match header {
        "authorization" => Zeroizing::new(format!("Bearer {}", key.trim())),
        _ => Zeroizing::new(key.trim().to_owned()),
    };
    endpoint.api_key.iter().map(|key| (header, value(key))).collect()
}

/// The conversation in OpenAI's shape. An answer that says nothing is left out.
fn messages(conversation: &[ChatMessage], thoughts: Thoughts) -> Vec<Value> {
    let mut messages = Vec::with_capacity(conversation.len());
    for message in conversation {
        match message.role {
            Role::Assistant => messages.extend(assistant(&message.parts, thoughts)),
            role => {
                messages.extend(tool_results(&message.parts));
                if let Some(content) = said(&message.parts).filter(|_| role != Role::Tool) {
                    messages.push(json!({ "role": role.as_str(), "content": content }));
                }
            }
        }
    }
    messages
}

/// What somebody says: bare text, for not every server takes parts, or where there are images, parts in their order
/// (platform.openai.com/docs/guides/images-vision; the services that speak its dialect take the same).
fn said(parts: &[ContentPart]) -> Option<Value> {
    let text = text_of(parts);
    if images_of(parts).next().is_none() {
        return (!text.is_empty()).then(|| text.into());
    }
    let content = parts.iter().filter_map(|part| match part {
        ContentPart::Text { text } if !text.is_empty() => Some(json!({ "type": "text", "text": text })),
        ContentPart::Image(image) => Some(json!({ "type": "image_url", "image_url": { "url": image.data_url() } })),
        _ => None,
    });
    Some(content.collect())
}

fn assistant(parts: &[ContentPart], thoughts: Thoughts) -> Option<Value> {
    let text = text_of(parts);
    let calls: Vec<Value> = parts
        .iter()
        .filter_map(|part| match part {
            ContentPart::ToolCall(call) => Some(tool_call(call)),
            _ => None,
        })
        .collect();
    if calls.is_empty() {
        return (!text.is_empty()).then(|| json!({ "role": "assistant", "content": text }));
    }
    let content = if text.is_empty() { Value::Null } else { text.into() };
    let mut message = json!({ "role": "assistant", "content": content, "tool_calls": calls });
    if thoughts == Thoughts::OfToolCalls {
        message["reasoning_content"] = reasoning_of(parts).unwrap_or_default().into();
    }
    Some(message)
}

fn tool_call(call: &ToolCall) -> Value {
    // What was sent as nothing is an empty object; servers that parse it want one.
    let arguments = match call.arguments_raw.trim() {
        "" | "null" => "{}",
        raw => raw,
    };
    json!({ "id": call.id, "type": "function", "function": { "name": call.name, "arguments": arguments } })
}

fn tool_results(parts: &[ContentPart]) -> impl Iterator<Item = Value> + '_ {
    parts.iter().filter_map(|part| match part {
        ContentPart::ToolResult { tool_call_id, text } => {
            Some(json!({ "role": "tool", "tool_call_id": tool_call_id, "content": text }))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(role: Role, parts: Vec<ContentPart>) -> ChatMessage {
        ChatMessage { role, parts }
    }

    fn text(text: &str) -> ContentPart {
        ContentPart::Text { text: text.into() }
    }

    #[test]
    fn an_image_is_a_part_between_words() {
        use mmp_shared::image::{Image, ImageData, ImageKind};
        let image = Image { media_type: ImageKind::Gif, name: None, data: ImageData::new(b"GIF89a".to_vec()) };
        let conversation = [
            message(Role::User, vec![text("what is"), ContentPart::Image(image), text("this?")]),
            message(Role::User, vec![text("so?")]),
        ];
        let expected = json!([
            {"role": "user", "content": [
                {"type": "text", "text": "what is"},
                {"type": "image_url", "image_url": {"url": "data:image/gif;base64,R0lGODlh"}},
                {"type": "text", "text": "this?"},
            ]},
            {"role": "user", "content": "so?"},
        ]);
        assert_eq!(Value::from(messages(&conversation, Thoughts::Forgotten)), expected);
    }

    #[test]
    fn a_conversation_with_tools_has_openais_shape() {
        let call = ToolCall::new("c1".into(), "now".into(), String::new());
        let conversation = [
            message(Role::System, vec![text("be brief")]),
            message(Role::User, vec![text("what time is it?")]),
            message(Role::Assistant, vec![ContentPart::Reasoning { text: "hm".into() }, ContentPart::ToolCall(call)]),
            message(Role::Tool, vec![ContentPart::ToolResult { tool_call_id: "c1".into(), text: "noon".into() }]),
            message(Role::Assistant, vec![ContentPart::Reasoning { text: "only thought".into() }]),
            message(Role::User, vec![text("thanks")]),
        ];
        let expected = json!([
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": "what time is it?"},
            {"role": "assistant", "content": null,
             "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "now", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "c1", "content": "noon"},
            {"role": "user", "content": "thanks"},
        ]);
        assert_eq!(Value::from(messages(&conversation, Thoughts::Forgotten)), expected);
        let told = messages(&conversation, Thoughts::OfToolCalls);
        let thoughts: Vec<_> = told.iter().map(|message| message.get("reasoning_content").and_then(Value::as_str)).collect();
        assert_eq!(thoughts, [None, None, Some("hm"), None, None], "only a turn that made calls has its thoughts");
    }
}
