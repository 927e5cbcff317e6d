//! `llm logs --json`: an array of answers, each with its question and the id of its conversation, the oldest first.
//!
//! The turns of a conversation need not stand together: they are gathered until enough wait, and what comes later goes on
//! from what came before.

use std::collections::HashMap;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use mmp_shared::{
    MessageId, Phrase,
    export::{ExportedConversation, ExportedHead, ExportedMessage, FORMAT, FORMAT_VERSION},
    message::{ContentPart, Role},
    phrase,
    usage::{Timing, Usage, UsageSource},
};
use serde::Deserialize;

use super::{Found, broken, ids};

const PROGRAM: &str = "llm";

/// How many turns wait at the most.
const MOST_WAITING: usize = 2_000;

/// The most characters of a title.
const TITLE_LENGTH: usize = 60;

/// A question and its answer.
#[derive(Debug, Deserialize)]
pub(crate) struct Turn {
    id: String,
    model: Option<String>,
    prompt: Option<String>,
    system: Option<String>,
    response: Option<String>,
    conversation_id: Option<String>,
    conversation_name: Option<String>,
    datetime_utc: Option<String>,
    duration_ms: Option<u64>,
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

/// A turn of a record.
pub(super) fn read(record: &[u8]) -> Result<Found, Phrase> {
    let turn: Turn = serde_json::from_slice(record).map_err(|error| broken(&error))?;
    if time(&turn).is_none() {
        return Err(phrase!("import-no-time", field = "datetime_utc"));
    }
    Ok(Found::Turn(Box::new(turn)))
}

/// Turns that wait for the others of their conversations.
#[derive(Debug, Default)]
pub(crate) struct Logs {
    waiting: Vec<ExportedConversation>,
    turns: usize,
    /// The last message of each conversation so far, by llm's name of it.
    last: HashMap<String, MessageId>,
}

impl Logs {
    /// Takes a turn; gives back conversations where enough wait.
    pub(crate) fn push(&mut self, turn: Turn) -> Vec<ExportedConversation> {
        let at = time(&turn).unwrap_or(Timestamp::UNIX_EPOCH);
        // What was not part of a conversation is one by itself.
        let name = turn.conversation_id.clone().unwrap_or_else(|| turn.id.clone());
        let id = ids::conversation(PROGRAM, &name, None);
        let index = self.waiting.iter().position(|own| own.conversation.id == id).unwrap_or_else(|| {
            self.waiting.push(begun(&turn, id, at));
            self.waiting.len() - 1
        });
        let own = &mut self.waiting[index];
        let messages = messages_of(&turn, own, at, self.last.get(&name).copied());
        if let Some(last) = messages.last() {
            self.last.insert(name, last.id);
            own.conversation.leaf_id = Some(last.id);
        }
        own.conversation.updated_at = at;
        own.conversation.model = turn.model.map(|model| format!("{PROGRAM}/{model}"));
        own.messages.extend(messages);
        self.turns += 1;
        if self.turns < MOST_WAITING { Vec::new() } else { self.rest() }
    }

    /// What waits.
    pub(crate) fn rest(&mut self) -> Vec<ExportedConversation> {
        self.turns = 0;
        std::mem::take(&mut self.waiting)
    }
}

fn begun(turn: &Turn, id: mmp_shared::ConversationId, at: Timestamp) -> ExportedConversation {
    let words = turn.conversation_name.clone().or_else(|| turn.prompt.clone()).unwrap_or_default();
    let head = ExportedHead {
        id,
        title: words.lines().next().unwrap_or_default().chars().take(TITLE_LENGTH).collect(),
        system: turn.system.clone().filter(|system| !system.is_empty()),
        model: None,
        role: None,
        pinned: false,
        archived: false,
        leaf_id: None,
        created_at: at,
        updated_at: at,
    };
    ExportedConversation { format: FORMAT.to_owned(), version: FORMAT_VERSION, conversation: head, messages: Vec::new() }
}

fn messages_of(turn: &Turn, own: &ExportedConversation, at: Timestamp, parent_id: Option<MessageId>) -> [ExportedMessage; 2] {
    let text = |text: &Option<String>| vec![ContentPart::Text { text: text.clone().unwrap_or_default() }];
    let id = |what: &str, number| ids::message(own.conversation.id, &format!("{} {what}", turn.id), Some(at), number);
    let question = ExportedMessage::said(id("prompt", 0), parent_id, Role::User, text(&turn.prompt), at);
    let usage = Usage {
        prompt_tokens: turn.input_tokens,
        completion_tokens: turn.output_tokens,
        source: if turn.output_tokens.is_some() { UsageSource::Provider } else { UsageSource::Unknown },
        ..Usage::default()
    };
    let answer = ExportedMessage {
        model: turn.model.clone(),
        provider: Some(PROGRAM.to_owned()),
        usage: Some(usage),
        timing: turn.duration_ms.map(|total| Timing { first_token_ms: None, total_ms: Some(total) }),
        ..ExportedMessage::said(id("response", 1), Some(question.id), Role::Assistant, text(&turn.response), at)
    };
    [question, answer]
}

/// When it was asked: UTC, whether it says so or not.
fn time(turn: &Turn) -> Option<Timestamp> {
    let text = turn.datetime_utc.as_deref()?;
    text.parse().ok().or_else(|| Some(text.parse::<DateTime>().ok()?.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn turn(id: &str, conversation: &str, second: u32) -> Turn {
        let record = json!({"id": id, "model": "gpt-4o", "prompt": format!("ask {id}"), "system": "s", "response": "say", "prompt_json": null,
            "conversation_id": conversation, "conversation_name": "talk", "duration_ms": 12, "datetime_utc": format!("2025-01-02T03:04:{second:02}.123456"),
            "input_tokens": 3, "output_tokens": 4, "attachments": []});
        match read(record.to_string().as_bytes()) {
            Ok(Found::Turn(turn)) => *turn,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn turns_of_a_conversation_are_gathered_wherever_they_stand() {
        let mut logs = Logs::default();
        for (id, conversation, second) in [("1", "a", 1), ("2", "b", 2), ("3", "a", 3)] {
            assert!(logs.push(turn(id, conversation, second)).is_empty());
        }
        let found = logs.rest();
        assert_eq!(found.iter().map(|own| own.messages.len()).collect::<Vec<_>>(), [4, 2]);
        let branch: Vec<_> = found[0].branch().iter().map(|message| mmp_shared::message::text_of(&message.content)).collect();
        assert_eq!(branch, ["ask 1", "say", "ask 3", "say"]);
        assert_eq!(found[0].conversation.system.as_deref(), Some("s"));
        logs.push(turn("4", "a", 4));
        let later = logs.rest();
        assert_eq!(later[0].messages[0].parent_id, found[0].conversation.leaf_id, "it goes on from what came before");
    }

    #[test]
    fn a_turn_without_a_time_is_refused() {
        let record = json!({"id": "1", "prompt": "a", "response": "b"});
        assert_eq!(read(record.to_string().as_bytes()).expect_err("no time").key, "import-no-time");
    }
}
