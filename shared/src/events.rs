//! The events of a run: the one grammar of streams, from the provider's decoder to the screen.
//!
//! What order they may come in is the affair of [`crate::order_law`]; how they are framed, of [`crate::sse`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    ApiError, ConversationId, ErrorCode, MessageId, RunId,
    message::{FinishReason, Status, ToolCall},
    usage::{Attempt, Timing, Usage},
};

/// The first event of every run, and of every reading of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Started {
    /// The run.
    pub run_id: RunId,
    /// The conversation; null where nothing is saved.
    pub conversation_id: Option<ConversationId>,
    /// The answer that is being made; null where nothing is saved.
    pub message_id: Option<MessageId>,
    /// The message that is answered; null where nothing is saved.
    pub user_message_id: Option<MessageId>,
    /// The model that was asked first.
    pub model: String,
    /// The provider that was asked first.
    pub provider: String,
    /// When the run began.
    pub created_at: Timestamp,
    /// The log behind an earlier `Last-Event-ID` is gone: drop what you hold, the whole log follows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reset: bool,
}

/// A piece of text or of reasoning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The piece.
    pub text: String,
}

/// The same candidate is asked once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// Which attempt comes now, counted from 1.
    pub attempt: u32,
    /// Who is asked.
    pub provider: String,
    /// For what.
    pub model: String,
    /// Why the attempt before failed.
    pub error_code: ErrorCode,
    /// How long is waited first, in milliseconds.
    pub wait_ms: u64,
}

/// The next candidate is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fallback {
    /// The model that failed, as `provider/model`.
    pub from: String,
    /// The model that is asked now, as `provider/model`.
    pub to: String,
    /// Why.
    pub error_code: ErrorCode,
}

/// Something to know about the answer that changes nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its kind: `env_key_sealed`, `context_trimmed`, `seam`, …
    pub code: String,
    /// The same in English.
    pub message: String,
    /// More about it, by kind.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// What the answer has cost so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsageReport {
    /// The tokens.
    #[serde(flatten)]
    pub usage: Usage,
    /// Their price in US dollars; null where none is known.
    pub cost_usd: Option<f64>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// What became of the answer.
    pub status: Status,
    /// Why the model stopped; null where it did not say.
    pub finish_reason: Option<FinishReason>,
    /// What the model said when it refused.
    pub refusal: Option<String>,
    /// The tokens.
    pub usage: Usage,
    /// Their price in US dollars; null where none is known.
    pub cost_usd: Option<f64>,
    /// How long it took.
    pub timing: Timing,
    /// Every attempt, in order.
    pub attempts: Vec<Attempt>,
    /// What went wrong; only `failed` has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ApiError>,
}

/// One event of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum StreamEvent {
    /// The run has begun.
    Started(Started),
    /// A piece of thinking.
    Reasoning(Piece),
    /// A piece of the answer.
    Text(Piece),
    /// A call of a tool, whole.
    ToolCall(ToolCall),
    /// The same candidate is asked once more.
    Retry(Retry),
    /// The next candidate is asked.
    Fallback(Fallback),
    /// Something to know.
    Notice(Notice),
    /// What it cost.
    Usage(UsageReport),
    /// The end, with an answer.
    Done(Ending),
    /// The end, with an error.
    Failed(Ending),
}

impl StreamEvent {
    /// Its name on the wire.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Started(_) => "started",
            Self::Reasoning(_) => "reasoning",
            Self::Text(_) => "text",
            Self::ToolCall(_) => "tool_call",
            Self::Retry(_) => "retry",
            Self::Fallback(_) => "fallback",
            Self::Notice(_) => "notice",
            Self::Usage(_) => "usage",
            Self::Done(_) => "done",
            Self::Failed(_) => "failed",
        }
    }

    /// Whether nothing comes after it.
    pub const fn is_last(&self) -> bool {
        matches!(self, Self::Done(_) | Self::Failed(_))
    }

    /// Its data as JSON.
    pub fn data_json(&self) -> String {
        // Maps with text keys, numbers and text: there is nothing in an event that JSON cannot say.
        serde_json::to_string(self).unwrap_or_else(|error| format!("{{\"unwritable\":\"{error}\"}}"))
    }

    /// Reads an event from its name and data. `Ok(None)` is a name that this version does not know and passes over.
    ///
    /// # Errors
    ///
    /// When the data is not what the name promises.
    pub fn from_parts(name: &str, data: &str) -> Result<Option<Self>, serde_json::Error> {
        fn read<T: DeserializeOwned>(data: &str, make: fn(T) -> StreamEvent) -> Result<Option<StreamEvent>, serde_json::Error> {
            serde_json::from_str(data).map(|value| Some(make(value)))
        }
        match name {
            "started" => read(data, Self::Started),
            "reasoning" => read(data, Self::Reasoning),
            "text" => read(data, Self::Text),
            "tool_call" => read(data, Self::ToolCall),
            "retry" => read(data, Self::Retry),
            "fallback" => read(data, Self::Fallback),
            "notice" => read(data, Self::Notice),
            "usage" => read(data, Self::Usage),
            "done" => read(data, Self::Done),
            "failed" => read(data, Self::Failed),
            _ => Ok(None),
        }
    }
}

/// An event with its place in its run's log.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedEvent {
    /// Its number, counted up by one from 1 within the run.
    pub id: u64,
    /// The event.
    pub event: StreamEvent,
}
