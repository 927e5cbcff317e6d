//! Tokens, cost and time of an answer.

use serde::{Deserialize, Serialize};

use crate::{ErrorCode, message::Status};

/// Where the numbers of a [`Usage`] come from. They are never invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsageSource {
    /// The provider reported them.
    Provider,
    /// Counted here, near enough to plan with.
    Estimated,
    /// Nobody said.
    #[default]
    Unknown,
}

/// The tokens of one answer, meaning the same whatever the provider. What is not known is null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the request, cached ones included.
    pub prompt_tokens: Option<u64>,
    /// Tokens of the answer, reasoning included.
    pub completion_tokens: Option<u64>,
    /// Of the prompt's tokens, those that the provider had in its cache.
    pub cached_tokens: Option<u64>,
    /// Of the completion's tokens, those that were spent on thinking.
    pub reasoning_tokens: Option<u64>,
    /// Who says so.
    pub source: UsageSource,
}

/// How long an answer took, in milliseconds from the request's arrival at the daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Timing {
    /// Until the first piece of text, reasoning or tool call; null where there was none.
    pub first_token_ms: Option<u64>,
    /// Until the end; null while it is made.
    pub total_ms: Option<u64>,
}

/// One try to get an answer from one provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The model that was asked.
    pub model: String,
    /// The provider that was asked.
    pub provider: String,
    /// What became of it.
    pub status: Status,
    /// Why it failed, if it did.
    pub error_code: Option<ErrorCode>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}
