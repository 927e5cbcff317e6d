//! Runs as a client sees them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ApiError, ConversationId, MessageId, RunId,
    message::{FinishReason, Status},
    usage::{Attempt, Timing, Usage},
};

/// The making of one answer, live or finished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The conversation; null where nothing is saved.
    pub conversation_id: Option<ConversationId>,
    /// The answer's message; null where nothing is saved.
    pub message_id: Option<MessageId>,
    /// The message that it answers; null where nothing is saved.
    pub user_message_id: Option<MessageId>,
    /// The model that is asked.
    pub model: String,
    /// The provider that is asked.
    pub provider: String,
    /// What became of it.
    pub status: Status,
    /// Why the model stopped.
    pub finish_reason: Option<FinishReason>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ended; null while it is live.
    pub finished_at: Option<Timestamp>,
    /// The tokens.
    pub usage: Usage,
    /// Their price in US dollars; null where none is known.
    pub cost_usd: Option<f64>,
    /// How long it took.
    pub timing: Timing,
    /// Every attempt, in order.
    pub attempts: Vec<Attempt>,
    /// What went wrong.
    pub error: Option<ApiError>,
}
