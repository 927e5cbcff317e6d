//! One turn of a chat: what a client asks, and the whole answer as `mmp chat --json` prints it.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    ApiError, ConversationId, MessageId, RunId,
    events::{Ending, Notice, Started, StreamEvent},
    message::{Content, FinishReason, Status, ToolCall},
    usage::{Attempt, Timing, Usage},
};

/// The body of `POST /chat` and of `POST /conversations/{id}/messages`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChatRequest {
    /// What the person says; nothing where an answer is gone on with.
    #[serde(default = "nothing")]
    pub content: Content,
    /// The models that are to answer, each by itself; none is the default model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// The model of the client's own file, for when neither the conversation nor the user's settings name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_model: Option<String>,
    /// The conversation to go on with, by its whole id; none makes a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
    /// The message to answer to; none is the conversation's current leaf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<MessageId>,
    /// The message that the question stands beside: it follows what that one follows, or nothing where that is the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside_id: Option<MessageId>,
    /// The answer that was cut and is to be gone on with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume_id: Option<MessageId>,
    /// Instructions that stand before the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The role to answer in, by its name; empty is none, whatever the user's default is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// How to answer.
    #[serde(default, skip_serializing_if = "Params::is_empty")]
    pub params: Params,
    /// Whether anything of it is kept.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub save: bool,
    /// Whether other models may answer when the first one cannot.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub fallback: bool,
    /// Whether to answer at once with the run's id.
    #[serde(default, skip_serializing_if = "is_false")]
    pub detach: bool,
    /// Whether only to say what would be sent: nobody is asked, nothing is kept.
    #[serde(default, skip_serializing_if = "is_false")]
    pub dry_run: bool,
    /// Whether the provider is asked for a stream.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub stream_upstream: bool,
    /// The longest that the whole answer may take, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// Whether a person watches: the built-in `demo` then writes at a pace that can be followed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub watched: bool,
    /// The providers for which the client's environment holds a key. Names, no values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env_keys: Vec<String>,
    /// The keys that the daemon asked for with `no_key`, by provider. Only over a Unix socket, from the daemon's own OS user.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, ProviderKey>,
}

impl ChatRequest {
    /// A request that says `text` and leaves the rest as it is by default.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            content: Content::Text(text.into()),
            models: Vec::new(),
            default_model: None,
            conversation_id: None,
            parent_id: None,
            beside_id: None,
            resume_id: None,
            system: None,
            role: None,
            params: Params::default(),
            save: true,
            fallback: true,
            detach: false,
            dry_run: false,
            stream_upstream: true,
            timeout_ms: None,
            watched: false,
            env_keys: Vec::new(),
            keys: BTreeMap::new(),
        }
    }
}

const fn nothing() -> Content {
    Content::Text(String::new())
}

const fn yes() -> bool {
    true
}

// serde's `skip_serializing_if` hands over references.
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_true(value: &bool) -> bool {
    *value
}

#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// A provider's key on its way to the vault. `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderKey {
    /// The key, or the first half of a pair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    /// The second half of a pair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_key: Option<String>,
}

impl fmt::Debug for ProviderKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ProviderKey(hidden)")
    }
}

/// How much a model is to think before it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Think {
    /// Not at all.
    Off,
    /// As the provider likes.
    On,
    /// A little.
    Low,
    /// Some.
    Medium,
    /// A lot.
    High,
}

/// How to answer. What mmp has no name for goes to the provider as it stands.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Params {
    /// The randomness of sampling; providers take 0 to 2, some 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// The most tokens the answer may have, reasoning included where the provider counts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    /// How much to think first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub think: Option<Think>,
    /// Everything else, by the provider's own names.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Params {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The body of a 202: runs that were begun and not waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetachedResponse {
    /// The run; of several the first.
    pub run_id: RunId,
    /// All of them, in the order of the models; left out where there is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub run_ids: Vec<RunId>,
    /// The conversation.
    pub conversation_id: Option<ConversationId>,
}

impl DetachedResponse {
    /// Every run that was begun.
    pub fn runs(&self) -> &[RunId] {
        if self.run_ids.is_empty() { std::slice::from_ref(&self.run_id) } else { &self.run_ids }
    }
}

/// One of several answers to a question: the answer, and why it is not whole where something went wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparedAnswer {
    /// What there is of it.
    #[serde(flatten)]
    pub answer: ChatAnswer,
    /// What went wrong; left out where nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "as_public")]
    pub error: Option<ApiError>,
}

fn as_public<S: serde::Serializer>(error: &Option<ApiError>, serializer: S) -> Result<S::Ok, S::Error> {
    error.as_ref().map(ApiError::to_public_json).serialize(serializer)
}

/// A whole answer, the same whatever the provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatAnswer {
    /// The conversation; null where nothing was saved.
    pub conversation_id: Option<ConversationId>,
    /// The answer's message; null where nothing was saved.
    pub message_id: Option<MessageId>,
    /// The run that made it.
    pub run_id: RunId,
    /// The model that answered.
    pub model: String,
    /// The provider that answered.
    pub provider: String,
    /// The visible text; empty where there is none.
    pub text: String,
    /// The thinking of the attempt that answered.
    pub reasoning: Option<String>,
    /// What the model said when it refused.
    pub refusal: Option<String>,
    /// The tools that it wants to be run.
    pub tool_calls: Vec<ToolCall>,
    /// Why it stopped.
    pub finish_reason: Option<FinishReason>,
    /// What became of the answer.
    pub status: Status,
    /// The tokens.
    pub usage: Usage,
    /// Their price in US dollars; null where none is known.
    pub cost_usd: Option<f64>,
    /// How long it took.
    pub timing: Timing,
    /// Every attempt, in order.
    pub attempts: Vec<Attempt>,
    /// What there is to know about it.
    pub notices: Vec<NoticeView>,
}

/// A notice in a whole answer: its kind and its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeView {
    /// Its kind.
    pub code: String,
    /// Its words, in English.
    pub message: String,
}

/// Puts a whole answer together from a run's events.
#[derive(Debug, Clone, Default)]
pub struct AnswerBuilder {
    started: Option<Started>,
    model: Option<(String, String)>,
    text: String,
    reasoning: String,
    tool_calls: Vec<ToolCall>,
    notices: Vec<NoticeView>,
    ending: Option<Ending>,
}

impl AnswerBuilder {
    /// A builder that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next event.
    pub fn push(&mut self, event: &StreamEvent) {
        match event {
            StreamEvent::Started(started) => {
                *self = Self::new();
                self.started = Some(started.clone());
            }
            StreamEvent::Reasoning(piece) => self.reasoning.push_str(&piece.text),
            StreamEvent::Text(piece) => self.text.push_str(&piece.text),
            StreamEvent::ToolCall(call) => self.tool_calls.push(call.clone()),
            // Thinking shown before another attempt is void.
            StreamEvent::Retry(_) => self.reasoning.clear(),
            StreamEvent::Fallback(fallback) => {
                self.reasoning.clear();
                self.model = fallback.to.split_once('/').map(|(provider, model)| (provider.to_owned(), model.to_owned()));
            }
            StreamEvent::Notice(Notice { code, message, .. }) => {
                self.notices.push(NoticeView { code: code.clone(), message: message.clone() });
            }
            StreamEvent::Usage(_) => {}
            StreamEvent::Done(ending) | StreamEvent::Failed(ending) => self.ending = Some(ending.clone()),
        }
    }

    /// Whether any text, tool call or refusal has come.
    pub fn has_answer(&self) -> bool {
        !self.text.is_empty()
            || !self.tool_calls.is_empty()
            || self.ending.as_ref().is_some_and(|ending| ending.refusal.is_some())
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the run ended, if it did.
    pub const fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    /// The first event, if it has come.
    pub const fn started(&self) -> Option<&Started> {
        self.started.as_ref()
    }

    /// The answer as one of several; `None` before the start.
    pub fn build_compared(&self) -> Option<ComparedAnswer> {
        let error = self.ending.as_ref().and_then(|ending| ending.error.clone());
        self.build().map(|answer| ComparedAnswer { answer, error })
    }

    /// The answer; `None` before the start. One without its end is `interrupted`.
    pub fn build(&self) -> Option<ChatAnswer> {
        let started = self.started.as_ref()?;
        let (provider, model) = self.model.clone().unwrap_or_else(|| (started.provider.clone(), started.model.clone()));
        let ending = self.ending.clone().unwrap_or(Ending {
            status: Status::Interrupted,
            finish_reason: None,
            refusal: None,
            usage: Usage::default(),
            cost_usd: None,
            timing: Timing::default(),
            attempts: Vec::new(),
            error: None,
        });
        Some(ChatAnswer {
            conversation_id: started.conversation_id,
            message_id: started.message_id,
            run_id: started.run_id,
            model,
            provider,
            text: self.text.clone(),
            reasoning: (!self.reasoning.is_empty()).then(|| self.reasoning.clone()),
            refusal: ending.refusal,
            tool_calls: self.tool_calls.clone(),
            finish_reason: ending.finish_reason,
            status: ending.status,
            usage: ending.usage,
            cost_usd: ending.cost_usd,
            timing: ending.timing,
            attempts: ending.attempts,
            notices: self.notices.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_of_one_field_has_the_defaults() {
        let request: ChatRequest = serde_json::from_str(r#"{"content":"hi"}"#).expect("content is enough");
        assert_eq!(request, ChatRequest::new("hi"));
        assert!(request.save && request.fallback && request.stream_upstream && !request.detach);
    }

    #[test]
    fn an_unknown_field_is_named() {
        let error = serde_json::from_str::<ChatRequest>(r#"{"content":"hi","modles":["a"]}"#).expect_err("a typo");
        assert!(error.to_string().contains("modles"), "{error}");
    }

    #[test]
    fn what_has_no_name_goes_on_as_it_stands() {
        let params: Params = serde_json::from_str(r#"{"temperature":0.5,"top_p":0.9}"#).expect("params");
        assert_eq!(params.temperature, Some(0.5));
        assert_eq!(params.extra["top_p"], 0.9);
    }

    #[test]
    fn a_key_is_not_shown() {
        let key = ProviderKey { api_key: Some("sk-secret".into()), secret_key: None };
        assert!(!format!("{key:?}").contains("secret"));
    }
}
