//! ChatGPT's `conversations.json`: an array of conversations, each a tree of nodes by name (`mapping`) with a current one.
//!
//! The form is nowhere documented; what stands here is what exports hold: nodes without a message, system messages that
//! nobody was shown, parts that are text or name an image (`content_type`, `parts`), thoughts, code and its output.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use mmp_shared::{
    MessageId, Phrase,
    export::{ExportedConversation, ExportedHead, ExportedMessage, FORMAT, FORMAT_VERSION},
    message::{ContentPart, Role},
};
use serde::Deserialize;
use serde_json::Value;

use super::{Found, broken, ids};

const PROGRAM: &str = "chatgpt";
const PROVIDER: &str = "openai";

#[derive(Deserialize)]
struct Conversation {
    title: Option<String>,
    create_time: Option<f64>,
    update_time: Option<f64>,
    mapping: HashMap<String, Node>,
    current_node: Option<String>,
    #[serde(alias = "conversation_id")]
    id: Option<String>,
    #[serde(default)]
    is_archived: Option<bool>,
}

#[derive(Deserialize)]
struct Node {
    message: Option<Message>,
    parent: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    author: Author,
    create_time: Option<f64>,
    content: Value,
    #[serde(default)]
    metadata: Value,
}

#[derive(Deserialize)]
struct Author {
    role: String,
}

/// A conversation of ChatGPT's.
pub(super) fn read(record: &[u8]) -> Result<Found, Phrase> {
    // Both names of the id stand in some exports.
    let value: Value = serde_json::from_slice(record).map_err(|error| broken(&error))?;
    let value = match value {
        Value::Object(mut fields) if fields.contains_key("id") => {
            fields.remove("conversation_id");
            Value::Object(fields)
        }
        other => other,
    };
    let source: Conversation = serde_json::from_value(value).map_err(|error| broken(&error))?;
    Ok(convert(&source).map_or(Found::Empty, |own| Found::Conversation(Box::new(own))))
}

fn convert(source: &Conversation) -> Option<ExportedConversation> {
    let begun = source.create_time.and_then(time);
    let fallback_name = || {
        let mut names: Vec<_> = source.mapping.keys().map(String::as_str).collect();
        names.sort_unstable();
        names.join(" ")
    };
    let name = source.id.clone().unwrap_or_else(fallback_name);
    let conversation_id = ids::conversation(PROGRAM, &name, begun);
    let kept: HashMap<&str, (&Message, Role, Vec<ContentPart>)> =
        source.mapping.iter().filter_map(|(name, node)| kept(node).map(|kept| (name.as_str(), kept))).collect();
    let begun = begun.or_else(|| kept.values().filter_map(|(message, ..)| message.create_time.and_then(time)).min());
    let id_of = |name: &str| -> Option<MessageId> {
        let (message, ..) = kept.get(name)?;
        Some(ids::message(conversation_id, name, message.create_time.and_then(time).or(begun), 0))
    };
    let nearest = |from: Option<&str>| nearest(source, from, |name| kept.contains_key(name)).and_then(id_of);
    let mut messages: Vec<_> = kept
        .iter()
        .filter_map(|(name, (message, role, content))| {
            let model = message.metadata.get("model_slug").and_then(Value::as_str).map(str::to_owned);
            let parent_id = nearest(source.mapping[*name].parent.as_deref());
            let created_at = message.create_time.and_then(time).or(begun).unwrap_or(Timestamp::UNIX_EPOCH);
            Some(ExportedMessage {
                provider: (*role == Role::Assistant).then(|| PROVIDER.to_owned()),
                model: model.filter(|_| *role == Role::Assistant),
                ..ExportedMessage::said(id_of(name)?, parent_id, *role, content.clone(), created_at)
            })
        })
        .collect();
    messages.sort_by_key(|message| (message.created_at, message.id));
    let last = messages.last()?;
    let leaf_id = nearest(source.current_node.as_deref()).unwrap_or(last.id);
    let model = messages.iter().rev().find_map(|message| message.model.as_ref()).map(|model| format!("{PROVIDER}/{model}"));
    let created_at = begun.unwrap_or(last.created_at);
    let head = ExportedHead {
        id: conversation_id,
        title: source.title.clone().unwrap_or_default(),
        system: None,
        model,
        role: None,
        pinned: false,
        archived: source.is_archived.unwrap_or(false),
        leaf_id: Some(leaf_id),
        created_at,
        updated_at: source.update_time.and_then(time).unwrap_or(last.created_at),
    };
    Some(ExportedConversation { format: FORMAT.to_owned(), version: FORMAT_VERSION, conversation: head, messages })
}

/// The nearest node at or above this one that is kept.
fn nearest<'a>(source: &'a Conversation, from: Option<&'a str>, is_kept: impl Fn(&str) -> bool) -> Option<&'a str> {
    let (mut next, mut seen) = (from, HashSet::new());
    while let Some(name) = next.filter(|name| seen.insert(*name)) {
        if is_kept(name) {
            return Some(name);
        }
        next = source.mapping.get(name)?.parent.as_deref();
    }
    None
}

/// A node that says something that a person was shown.
fn kept(node: &Node) -> Option<(&Message, Role, Vec<ContentPart>)> {
    let message = node.message.as_ref()?;
    let role = match message.author.role.as_str() {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "tool" => Role::Tool,
        "system" => Role::System,
        _ => return None,
    };
    if message.metadata.get("is_visually_hidden_from_conversation").and_then(Value::as_bool) == Some(true) {
        return None;
    }
    let parts = parts(&message.content);
    (!parts.is_empty()).then_some((message, role, parts))
}

fn parts(content: &Value) -> Vec<ContentPart> {
    let text = |key: &str| content.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let texts: Vec<ContentPart> = match content.get("content_type").and_then(Value::as_str).unwrap_or_default() {
        "code" => vec![ContentPart::Text { text: format!("```\n{}\n```", text("text")) }],
        "execution_output" => vec![ContentPart::Text { text: text("text") }],
        "thoughts" => {
            let thoughts = content.get("thoughts").and_then(Value::as_array).into_iter().flatten();
            let thoughts: Vec<_> = thoughts.filter_map(|thought| thought.get("content")?.as_str()).collect();
            vec![ContentPart::Reasoning { text: thoughts.join("\n\n") }]
        }
        "reasoning_recap" | "user_editable_context" | "model_editable_context" => Vec::new(),
        _ => {
            let parts = content.get("parts").and_then(Value::as_array).into_iter().flatten();
            let parts: Vec<_> = parts.map(part).chain([text("text")]).filter(|text| !text.trim().is_empty()).collect();
            vec![ContentPart::Text { text: parts.join("\n\n") }]
        }
    };
    let says = |part: &ContentPart| match part {
        ContentPart::Text { text } | ContentPart::Reasoning { text } => !text.trim().is_empty(),
        _ => true,
    };
    texts.into_iter().filter(says).collect()
}

/// A part's text; of what is no text, that it was there: the file holds a pointer and not the thing.
fn part(part: &Value) -> String {
    match part {
        Value::String(text) => text.clone(),
        Value::Object(fields) => match fields.get("text").and_then(Value::as_str) {
            Some(text) => text.to_owned(),
            None => format!("[{}]", fields.get("content_type").and_then(Value::as_str).unwrap_or("?")),
        },
        _ => String::new(),
    }
}

/// Seconds since 1970, with a fraction.
fn time(seconds: f64) -> Option<Timestamp> {
    let milliseconds = (seconds * 1000.0).round();
    #[allow(clippy::cast_possible_truncation, reason = "what is out of range is no timestamp")]
    (milliseconds.is_finite() && milliseconds > 0.0).then(|| Timestamp::from_millisecond(milliseconds as i64).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn node(role: &str, text: &str, at: f64, parent: &str) -> Value {
        let content = json!({"content_type": "text", "parts": [text]});
        json!({"message": {"author": {"role": role}, "create_time": at, "content": content, "metadata": {"model_slug": "gpt-4o"}}, "parent": parent, "children": []})
    }

    fn sample() -> Value {
        json!({"title": "Soup", "create_time": 1_700_000_000.5, "update_time": 1_700_000_100.0, "conversation_id": "c1", "id": "c1",
        "current_node": "a2", "mapping": {
            "root": {"id": "root", "message": null, "parent": null, "children": ["s"]},
            "s": node("system", "", 1_700_000_000.0, "root"),
            "q": node("user", "how?", 1_700_000_001.0, "s"),
            "a1": node("assistant", "boil", 1_700_000_002.0, "q"),
            "a2": node("assistant", "fry", 1_700_000_003.0, "q"),
            "i": {"message": {"author": {"role": "user"}, "create_time": null, "content": {"content_type": "multimodal_text",
                "parts": [{"content_type": "image_asset_pointer", "asset_pointer": "file://x"}, "see"]}}, "parent": "a2"},
        }})
    }

    fn read_value(value: &Value) -> ExportedConversation {
        match read(value.to_string().as_bytes()) {
            Ok(Found::Conversation(own)) => *own,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_tree_its_times_and_its_current_branch_are_kept() {
        let own = read_value(&sample());
        assert_eq!((own.conversation.title.as_str(), own.messages.len()), ("Soup", 4));
        assert_eq!(own.conversation.created_at.to_string(), "2023-11-14T22:13:20.5Z");
        let branch: Vec<_> = own.branch().iter().map(|message| mmp_shared::message::text_of(&message.content)).collect();
        assert_eq!(branch, ["how?", "fry"]);
        assert_eq!(own.branch()[0].parent_id, None, "what nobody was shown is passed over");
        assert_eq!(own.conversation.model.as_deref(), Some("openai/gpt-4o"));
        assert!(
            own.messages.iter().any(|message| mmp_shared::message::text_of(&message.content) == "[image_asset_pointer]\n\nsee")
        );
        assert_eq!(read_value(&sample()), own, "the same each time");
    }

    #[test]
    fn a_conversation_in_which_nothing_is_said_is_empty() {
        let nothing = json!({"title": "x", "mapping": {"root": {"message": null, "parent": null}}, "current_node": "root"});
        assert!(matches!(read(nothing.to_string().as_bytes()), Ok(Found::Empty)));
    }

    #[test]
    fn parents_in_a_circle_end() {
        let circle = json!({"mapping": {"a": {"message": null, "parent": "b"}, "b": {"message": null, "parent": "a"},
            "q": node("user", "hi", 1.0, "a")}, "current_node": "a"});
        assert_eq!(read_value(&circle).messages.len(), 1);
    }
}
