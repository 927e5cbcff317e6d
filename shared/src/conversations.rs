//! Conversations and messages as a client sees them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ConversationId, MessageId,
    image::ImageView,
    message::{Role, Status},
    usage::{Timing, Usage},
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
    /// Whether its owner wants to find it easily; left out where not.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pinned: bool,
    /// Whether its owner put it away; left out where not.
    #[serde(default, skip_serializing_if = "is_false")]
    pub archived: bool,
}

// serde's `skip_serializing_if` hands over references.
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_false(value: &bool) -> bool {
    !*value
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
    /// The images beside the text, without their bytes; left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<ImageView>,
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
    /// How long it took; left out for what took no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
    /// When it was written.
    pub created_at: Timestamp,
}

/// A conversation with the messages along its current branch, or with all of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversationDetail {
    /// The conversation.
    pub conversation: Conversation,
    /// The last message of the current branch; left out where the messages are that branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaf_id: Option<MessageId>,
    /// Its messages, the first one first.
    pub messages: Vec<Message>,
}

/// Which conversations of a list are wanted, and which page of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversationQuery {
    /// How many items, [`crate::page::LARGEST_PAGE`] at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// Where to begin: a page's `next_cursor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Only those whose last model is this: `provider/model`, the model's own name or the provider's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Only those that were added to then or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Timestamp>,
    /// Only those that were last added to before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Timestamp>,
    /// Only those whose titles hold this text, whatever its case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Only the pinned ones.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pinned: bool,
    /// The archived ones in place of the others.
    #[serde(default, skip_serializing_if = "is_false")]
    pub archived: bool,
}

/// How much of a conversation is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetailQuery {
    /// Every message, not only those of the current branch.
    #[serde(default, skip_serializing_if = "is_false")]
    pub tree: bool,
}

/// What changes in a conversation; what is left out stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversationChange {
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Whether it is pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned: Option<bool>,
    /// Whether it is archived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// The message at which the current branch is to end: what is said next stands beside what followed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaf_id: Option<MessageId>,
    /// The message whose branch is to be the current one, to its newest end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pick: Option<MessageId>,
}

/// A conversation to begin.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewConversation {
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Instructions that stand before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The message whose branch, from its root on, is copied into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_message_id: Option<MessageId>,
}

/// How many conversations were deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedConversations {
    /// How many.
    pub deleted: u64,
}
