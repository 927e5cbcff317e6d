//! What `POST /chat` answers where `dry_run` is set, and `mmp chat --dry-run` prints: what would be sent, its tokens and
//! its cost. Nobody was asked, nothing was kept.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    ConversationId,
    events::Notice,
    message::{ContentPart, Role},
    usage::Usage,
};

/// A turn that was not begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DryRun {
    /// The conversation that would go on; null where a new one would begin.
    pub conversation_id: Option<ConversationId>,
    /// Who would be asked.
    pub provider: String,
    /// For what, as the provider calls it.
    pub model: String,
    /// Where; empty where nobody is asked over the network.
    pub base_url: String,
    /// The instructions.
    pub system: Option<String>,
    /// The messages, the question last; those that do not fit into the window are left out.
    pub messages: Vec<DryMessage>,
    /// How to answer, by the provider's own names, as it would be sent.
    pub params: Map<String, Value>,
    /// The tokens: of the prompt, estimated; of the answer, unknown.
    pub usage: Usage,
    /// The most tokens of prompt and answer together; null where that is not known.
    pub context_window: Option<u64>,
    /// What it would cost.
    pub cost: DryCost,
    /// The models that would be asked where this one fails, as `provider/model`.
    pub fallbacks: Vec<String>,
    /// What there is to know: what is left out, what is changed.
    pub notices: Vec<Notice>,
}

/// A message that would be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DryMessage {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: Vec<ContentPart>,
}

/// What a turn would cost, in US dollars. What is not known is null.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DryCost {
    /// The prompt, none of it cached.
    pub input_usd: Option<f64>,
    /// The prompt with the longest answer that is allowed.
    pub most_usd: Option<f64>,
    /// The longest answer that is allowed, in tokens.
    pub most_completion_tokens: Option<u64>,
}
