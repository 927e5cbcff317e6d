//! Looking for messages, as a client asks and is answered.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ConversationId, MessageId, events::Notice, message::Role};

/// The most characters that a query may have.
pub const LONGEST_QUERY: usize = 1_000;

/// Which messages come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchOrder {
    /// Those that fit best.
    #[default]
    Best,
    /// The newest.
    Newest,
}

impl SearchOrder {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Newest => "newest",
        }
    }
}

/// What is looked for, and which page of what is found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchQuery {
    /// Words, "phrases", beginnings*, and filters: `model:`, `role:`, `after:`, `before:`, `in:`.
    pub q: String,
    /// Which messages come first.
    #[serde(default)]
    pub sort: SearchOrder,
    /// How many messages, [`crate::page::LARGEST_PAGE`] at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// Where to begin: a page's `next_cursor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchHit {
    /// Where it stands.
    pub conversation_id: ConversationId,
    /// The message.
    pub message_id: MessageId,
    /// The title of its conversation.
    pub title: String,
    /// Who speaks.
    pub role: Role,
    /// When it was written.
    pub at: Timestamp,
    /// The part of its text that shows why it was found, on one line.
    pub snippet: String,
    /// Where in the snippet the words stand that were looked for: from the first character to behind the last, counted in
    /// Unicode's characters.
    pub highlights: Vec<(usize, usize)>,
    /// How well it fits, the more the better; null where the newest come first.
    pub score: Option<f32>,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchPage {
    /// The messages.
    pub items: Vec<SearchHit>,
    /// Where the next page begins; null on the last one.
    pub next_cursor: Option<String>,
    /// What there is to know of this answer, that it is not complete say; absent where there is nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
}
