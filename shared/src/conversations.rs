//! Conversations and messages as a client sees them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ConversationId, MessageId,
    message::{Role, Status},
    usage::Usage,
};

/// A conversation in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Its title; made from the first words.
    pub title: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When a message was last added.
    pub updated_at: Timestamp,
    /// The model that answered last.
    pub model: Option<String>,
    /// How many messages it holds, on all branches.
    pub messages: u64,
}

/// A message of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The message before it on its branch; null for the first.
    pub parent_id: Option<MessageId>,
    /// Who speaks.
    pub role: Role,
    /// The visible text.
    pub text: String,
    /// What the model thought first.
    pub reasoning: Option<String>,
    /// The model that wrote it.
    pub model: Option<String>,
    /// The provider that was asked.
    pub provider: Option<String>,
    /// What became of it.
    pub status: Status,
    /// The tokens; null for a person's message.
    pub usage: Option<Usage>,
    /// Their price in US dollars; null where none is known.
    pub cost_usd: Option<f64>,
    /// When it was written.
    pub created_at: Timestamp,
}

/// A conversation with the messages along its current branch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversationDetail {
    /// The conversation.
    pub conversation: Conversation,
    /// Its messages, the first one first.
    pub messages: Vec<Message>,
}
