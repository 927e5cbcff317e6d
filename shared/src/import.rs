//! Taking conversations in: what a client sends, and what became of each.

use serde::{Deserialize, Serialize};

use crate::{ApiError, ConversationId, export::ExportedConversation};

/// The largest body of an import. A conversation beyond it is refused.
pub const LARGEST_IMPORT: usize = 64 << 20;

/// The body of `POST /import`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportRequest {
    /// The conversations; each is taken in whole or not at all.
    pub conversations: Vec<ExportedConversation>,
}

/// What became of each, in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportResponse {
    /// One for each.
    pub results: Vec<ImportResult>,
}

/// What became of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportResult {
    /// Its id here; null where it was refused.
    pub conversation_id: Option<ConversationId>,
    /// What became of it.
    pub outcome: ImportOutcome,
    /// How many messages were added.
    pub messages: u64,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ApiError>,
}

/// What became of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    /// It is new.
    Added,
    /// It was there, and has more messages now.
    Extended,
    /// All of it was there.
    Present,
    /// It was not taken in.
    Refused,
}
