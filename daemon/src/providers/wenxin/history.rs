//! Brings a conversation into the shape that V1 takes: instructions apart; an odd number of messages, the user's (or a
//! function's answer, though not first) in turns with the model's, none of them empty, the question last
//! (ai.baidu.com/ai-doc/WENXINWORKSHOP/Fm3e8i4zy).
//!
//! Nothing that was said is left out. Where two messages of one side follow each other, for the answer between them never
//! came, they become one; a call of several tools at once, which V1 does not know, becomes text. How often that was needed
//! is told.

use mmp_shared::message::{ContentPart, Role, ToolCall, text_of};
use serde_json::{Value, json};

use crate::providers::ChatMessage;

/// What stands where a message must stand and nobody said anything.
const SILENCE: &str = "…";

/// A conversation as V1 takes it.
#[derive(Debug, PartialEq)]
pub(super) struct History {
    /// The instructions.
    pub system: Option<String>,
    /// The messages.
    pub messages: Vec<Value>,
    /// How many messages could not stand as they were.
    pub merged: usize,
}

/// What one message of V1 says.
#[derive(Debug, Clone, PartialEq)]
enum Turn {
    User(String),
    /// What a function answered, and its name.
    Function(String, String),
    Assistant(String),
    /// What was said beside it, the call, and the thoughts that led to it.
    Called(String, ToolCall, Option<String>),
}

impl Turn {
    const fn is_models(&self) -> bool {
        matches!(self, Self::Assistant(_) | Self::Called(..))
    }

    /// The turn in words alone.
    fn words(self) -> String {
        match self {
            Self::User(text) | Self::Assistant(text) => text,
            Self::Function(name, text) => format!("{name}: {text}"),
            Self::Called(text, call, _) => joined(text, &spelled(&call)),
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::User(text) => json!({ "role": "user", "content": text }),
            Self::Function(name, text) => json!({ "role": "function", "name": name, "content": text }),
            Self::Assistant(text) => json!({ "role": "assistant", "content": text }),
            Self::Called(text, call, thoughts) => {
                let arguments = if call.arguments_raw.trim().is_empty() { "{}" } else { &call.arguments_raw };
                let mut function = json!({ "name": call.name, "arguments": arguments });
                if let Some(thoughts) = thoughts {
                    function["thoughts"] = thoughts.as_str().into();
                }
                let mut message = json!({ "role": "assistant", "function_call": function });
                if !text.is_empty() {
                    message["content"] = text.as_str().into();
                }
                message
            }
        }
    }
}

fn spelled(call: &ToolCall) -> String {
    format!("{}({})", call.name, call.arguments_raw)
}

fn joined(first: String, second: &str) -> String {
    match (first.is_empty(), second.is_empty()) {
        (true, _) => second.to_owned(),
        (false, true) => first,
        (false, false) => first + "\n\n" + second,
    }
}

/// The conversation as V1 takes it.
pub(super) fn reshape(conversation: &[ChatMessage]) -> History {
    let mut turns = Vec::with_capacity(conversation.len());
    let (mut system, mut merged) = (String::new(), 0);
    for message in conversation {
        match message.role {
            Role::System => system = joined(system, text_of(&message.parts).trim()),
            Role::Assistant => merged += push_models(&mut turns, &message.parts),
            Role::User | Role::Tool => push_users(&mut turns, &message.parts),
        }
    }
    let (turns, more) = alternating(turns);
    let messages = turns.iter().map(Turn::to_json).collect();
    History { system: (!system.is_empty()).then_some(system), messages, merged: merged + more }
}

/// Adds what the model said; 1 where it called several tools at once.
fn push_models(turns: &mut Vec<Turn>, parts: &[ContentPart]) -> usize {
    let text = text_of(parts);
    let calls: Vec<&ToolCall> =
        parts.iter().filter_map(|part| if let ContentPart::ToolCall(call) = part { Some(call) } else { None }).collect();
    let text = if text.trim().is_empty() { String::new() } else { text };
    match calls[..] {
        [] if text.is_empty() => {}
        [] => turns.push(Turn::Assistant(text)),
        [call] => turns.push(Turn::Called(text, call.clone(), mmp_shared::message::reasoning_of(parts))),
        _ => {
            turns.push(Turn::Assistant(calls.iter().fold(text, |text, call| joined(text, &spelled(call)))));
            return 1;
        }
    }
    0
}

fn push_users(turns: &mut Vec<Turn>, parts: &[ContentPart]) {
    for part in parts {
        if let ContentPart::ToolResult { tool_call_id, text } = part {
            let answered = turns.iter().rev().find_map(|turn| match turn {
                Turn::Called(_, call, _) if call.id == *tool_call_id => Some(call.name.clone()),
                _ => None,
            });
            let said = if text.trim().is_empty() { SILENCE.to_owned() } else { text.clone() };
            turns.push(match answered {
                Some(name) => Turn::Function(name, said),
                None => Turn::User(said),
            });
        }
    }
    let text = text_of(parts);
    if !text.trim().is_empty() {
        turns.push(Turn::User(text));
    }
}

/// The turns with neighbours of one side made one, and how many were.
fn alternating(turns: Vec<Turn>) -> (Vec<Turn>, usize) {
    let (mut result, mut merged) = (Vec::<Turn>::with_capacity(turns.len() + 2), 0);
    for turn in turns {
        match result.last() {
            None if turn.is_models() => result.extend([Turn::User(SILENCE.to_owned()), turn]),
            // A function answers a call: without one before it, it is only words.
            None => result.push(Turn::User(turn.words())),
            Some(last) if last.is_models() == turn.is_models() => {
                let is_models = turn.is_models();
                let words = joined(result.pop().map(Turn::words).unwrap_or_default(), &turn.words());
                result.push(if is_models { Turn::Assistant(words) } else { Turn::User(words) });
                merged += 1;
            }
            Some(Turn::Called(..)) if matches!(turn, Turn::Function(..)) => result.push(turn),
            Some(_) => result.push(if turn.is_models() { turn } else { Turn::User(turn.words()) }),
        }
    }
    if result.last().is_none_or(Turn::is_models) {
        result.push(Turn::User(SILENCE.to_owned()));
    }
    (result, merged)
}
