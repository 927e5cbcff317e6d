//! What a message is made of: role, content parts, tool calls, and how an answer ended.
//!
//! These are the words of the wire and of the store alike. What a provider calls the same things stays in that provider's file.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::image::Image;

/// Who speaks in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Instructions that stand before the conversation.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
    /// The result of a tool that the model called.
    Tool,
}

impl Role {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }
}

/// One piece of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ContentPart {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// An image.
    Image(Image),
    /// What a model thought before it answered.
    Reasoning {
        /// The thoughts.
        text: String,
    },
    /// A call of a tool by the model.
    ToolCall(ToolCall),
    /// What a tool answered.
    ToolResult {
        /// The id of the call that this answers.
        tool_call_id: String,
        /// What the tool said.
        text: String,
    },
}

/// A message as a request gives it: bare text, or parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Content {
    /// Bare text.
    Text(String),
    /// Parts, in order.
    Parts(Vec<ContentPart>),
}

impl Content {
    /// The content as parts.
    pub fn into_parts(self) -> Vec<ContentPart> {
        match self {
            Self::Text(text) => vec![ContentPart::Text { text }],
            Self::Parts(parts) => parts,
        }
    }

    /// How many bytes of text it holds.
    pub fn text_bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Parts(parts) => parts.iter().map(ContentPart::text_bytes).sum(),
        }
    }

    /// Whether it says nothing: no part with anything but white space.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::Parts(parts) => parts.iter().all(ContentPart::is_blank),
        }
    }
}

impl ContentPart {
    /// How many bytes of text it holds.
    pub fn text_bytes(&self) -> usize {
        match self {
            Self::Text { text } | Self::Reasoning { text } | Self::ToolResult { text, .. } => text.len(),
            Self::ToolCall(call) => call.arguments_raw.len(),
            // Images have a limit of their own.
            Self::Image(_) => 0,
        }
    }

    fn is_blank(&self) -> bool {
        match self {
            Self::Text { text } | Self::Reasoning { text } => text.trim().is_empty(),
            Self::Image(_) | Self::ToolCall(_) | Self::ToolResult { .. } => false,
        }
    }
}

/// The images of a list of parts.
pub fn images_of(parts: &[ContentPart]) -> impl Iterator<Item = &Image> {
    parts.iter().filter_map(|part| match part {
        ContentPart::Image(image) => Some(image),
        _ => None,
    })
}

/// The visible text of a list of parts, joined.
pub fn text_of(parts: &[ContentPart]) -> String {
    parts
        .iter()
        .filter_map(|part| match part {
            ContentPart::Text { text } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

/// The reasoning of a list of parts, joined; `None` where there is none.
pub fn reasoning_of(parts: &[ContentPart]) -> Option<String> {
    let text: String = parts
        .iter()
        .filter_map(|part| match part {
            ContentPart::Reasoning { text } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    (!text.is_empty()).then_some(text)
}

/// A call of a tool, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The provider's id of the call; the result names it.
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// The parsed arguments; null where what was sent does not parse.
    pub arguments: Value,
    /// The arguments as they were sent.
    pub arguments_raw: String,
}

impl ToolCall {
    /// Makes a call from the arguments as sent. `""` and `null` are an empty object (Groq sends the four letters
    /// `null` for a tool without parameters, others an empty string); what does not parse is null.
    pub fn new(id: String, name: String, arguments_raw: String) -> Self {
        let arguments = match arguments_raw.trim() {
            "" | "null" => Value::Object(serde_json::Map::new()),
            text => serde_json::from_str(text).unwrap_or(Value::Null),
        };
        Self { id, name, arguments, arguments_raw }
    }
}

/// Why the model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// It had said everything.
    Stop,
    /// A limit of length was reached.
    Length,
    /// It wants tools to be run.
    ToolCalls,
    /// The provider's filter stopped it.
    ContentFilter,
    /// A reason that mmp has no word for.
    Other,
}

impl FinishReason {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
            Self::ContentFilter => "content_filter",
            Self::Other => "other",
        }
    }
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is being made.
    Running,
    /// All of it is there.
    Complete,
    /// A limit of length ended it, or the stream was cut.
    Truncated,
    /// A filter or a refusal took its place.
    Filtered,
    /// The daemon died while it was made.
    Interrupted,
    /// Its user stopped it.
    Cancelled,
    /// There is none: an error came first.
    Failed,
}

impl Status {
    /// Whether the answer stopped before its end; where it says something, it can be gone on with.
    pub const fn is_cut(self) -> bool {
        matches!(self, Self::Truncated | Self::Interrupted | Self::Cancelled | Self::Failed)
    }

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Complete => "complete",
            Self::Truncated => "truncated",
            Self::Filtered => "filtered",
            Self::Interrupted => "interrupted",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    /// Whether nothing more will come.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Running)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_arguments_are_an_empty_object() {
        for raw in ["", "null", " ", "{}"] {
            let call = ToolCall::new("1".into(), "now".into(), raw.into());
            assert_eq!(call.arguments, serde_json::json!({}), "{raw:?}");
            assert_eq!(call.arguments_raw, raw);
        }
    }

    #[test]
    fn arguments_that_do_not_parse_are_null_and_kept_as_sent() {
        let call = ToolCall::new("1".into(), "note".into(), "{\"note\": \"The".into());
        assert_eq!(call.arguments, Value::Null);
        assert_eq!(call.arguments_raw, "{\"note\": \"The");
    }

    #[test]
    fn bare_text_and_parts_are_both_content() {
        let text: Content = serde_json::from_str("\"hi\"").expect("text is content");
        let parts: Content = serde_json::from_str(r#"[{"type":"text","text":"hi"}]"#).expect("parts are content");
        assert_eq!(text.into_parts(), parts.into_parts());
    }
}
