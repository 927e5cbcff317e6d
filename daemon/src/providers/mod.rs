//! Providers: pure functions from a chat to an upstream request, and from upstream frames to [`Delta`]s.
//!
//! A provider's file holds everything that is known of its wire and nothing that moves a byte: the one [`driver`] does
//! the I/O, holds the timeouts and the limits. `wire/` has the dialects that several providers share. Only [`registry`]
//! names the concrete ones. Which provider is asked, and whether another follows, is left to `routing` and the services.

pub mod deepseek;
pub mod demo;
pub mod driver;
pub mod openai;
pub mod presets;
mod question;
pub mod registry;
pub mod servers;
pub mod wenxin;
pub mod wire;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use mmp_shared::{
    ErrorCode, Phrase,
    message::{FinishReason, ToolCall},
    models::ListedModel,
    sse,
    usage::Usage,
};
use zeroize::Zeroizing;

pub use self::question::{ChatCall, ChatMessage, Endpoint, GO_ON, HttpCall, Note, Upstream};

/// What is known of a provider before it is asked anything.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Its name: of the API, and of the built-in provider that speaks it.
    pub name: &'static str,
    /// The base of its URLs; none where it has no fixed one.
    pub base_url: Option<&'static str>,
    /// The variables that may hold its key, in a client's environment.
    pub env: &'static [&'static str],
    /// Whether its built-in base URL wants a key.
    pub needs_key: bool,
    /// The model that answers where only the provider is named.
    pub flagship: Option<&'static str>,
    /// What is different for those who have a pair of keys; none where it takes no pairs.
    pub pair: Option<Pair>,
}

/// What is different for those who have a pair of keys.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// The base of the URLs.
    pub base_url: &'static str,
    /// The model that answers where only the provider is named.
    pub flagship: &'static str,
}

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Delta {
    /// A piece of thinking.
    Reasoning(String),
    /// A piece of the visible text.
    Text(String),
    /// A piece of a refusal.
    Refusal(String),
    /// A call of a tool, whole.
    ToolCall(ToolCall),
    /// The tokens, as far as they are known; a later one takes the place of an earlier one.
    Usage(Usage),
    /// Why the model stopped; a later one takes the place of an earlier one.
    Finish(FinishReason),
    /// Something to know; it is no part of the answer.
    Note(Note),
}

/// What a provider gives for a pair of keys, to be shown in their place for a while.
#[derive(Clone)]
pub struct Token {
    /// The token.
    pub text: Zeroizing<String>,
    /// How long it is good for, from now.
    pub lifetime: Duration,
}

/// A token as it is kept: what it was given for, and until when it is taken for good.
#[derive(Clone)]
pub struct KeptToken {
    /// A digest of the provider, the place and the keys.
    pub given_for: [u8; 32],
    /// The token.
    pub text: Zeroizing<String>,
    /// When it is to be fetched anew.
    pub fresh_until: Timestamp,
}

/// Where the token of one key is kept from one start to the next. The driver knows no store and no vault.
#[async_trait]
pub trait TokenPlace: Send + Sync {
    /// The token that was kept; none where there is none, or where it cannot be read.
    async fn load(&self) -> Option<KeptToken>;

    /// Keeps a token. Where that fails it is fetched again at the next start.
    async fn save(&self, token: KeptToken);
}

/// What a provider did instead of answering.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{code}: {}", phrase.render(mmp_shared::Language::English))]
pub struct ProviderError {
    /// What kind of error it is.
    pub code: ErrorCode,
    /// What happened, in words; the provider's own words stand in it, without keys.
    pub phrase: Phrase,
    /// What to do about it.
    pub hint: Option<Phrase>,
    /// The HTTP status of the answer, if there was one.
    pub http_status: Option<u16>,
    /// How long the provider asks to wait.
    pub retry_after: Option<Duration>,
    /// Whether a fresh token may be all that is missing.
    pub is_stale_token: bool,
}

impl ProviderError {
    /// An error with its words.
    pub const fn new(code: ErrorCode, phrase: Phrase) -> Self {
        Self { code, phrase, hint: None, http_status: None, retry_after: None, is_stale_token: false }
    }

    /// The same error with advice.
    #[must_use]
    pub fn with_hint(mut self, hint: Phrase) -> Self {
        self.hint = Some(hint);
        self
    }
}

/// An answer with an HTTP status of 400 or more.
#[derive(Debug, Clone, Copy)]
pub struct Refusal<'a> {
    /// The provider's name as its user knows it.
    pub provider: &'a str,
    /// The status.
    pub status: u16,
    /// The body, as far as it was read. Its content type is not to be trusted.
    pub body: &'a [u8],
}

/// One provider's wire, as pure functions.
pub trait Provider: Send + Sync {
    /// What is known of it.
    fn facts(&self) -> &Facts;

    /// How to ask.
    ///
    /// # Errors
    ///
    /// `unsupported` or `bad_request` where the question cannot be put to this provider.
    fn chat(&self, call: &ChatCall) -> Result<Upstream, ProviderError>;

    /// What reads the answer to one question.
    fn decoder(&self, call: &ChatCall) -> Box<dyn Decoder>;

    /// What an answer with an error's status means.
    fn refused(&self, refusal: Refusal<'_>) -> ProviderError;

    /// How to ask for the list of models; none where there is no such list.
    fn list_models(&self, endpoint: &Endpoint) -> Option<HttpCall>;

    /// The models of such a list, as the provider calls them; where there is none but a token, those that are known.
    ///
    /// # Errors
    ///
    /// `provider_protocol` where the body is no such list.
    fn read_models(&self, endpoint: &Endpoint, body: &[u8]) -> Result<Vec<ListedModel>, ProviderError>;

    /// How to ask for the token that stands for the keys in every other request; none where the keys do so themselves.
    fn token_call(&self, _endpoint: &Endpoint) -> Option<HttpCall> {
        None
    }

    /// The token of such an answer.
    ///
    /// # Errors
    ///
    /// What the provider says went wrong, or `provider_protocol` where the body holds no token.
    fn read_token(&self, endpoint: &Endpoint, _body: &[u8]) -> Result<Token, ProviderError> {
        let phrase = mmp_shared::phrase!("upstream-no-token", provider = endpoint.provider);
        Err(ProviderError::new(ErrorCode::ProviderProtocol, phrase))
    }
}

/// Reads one answer, whichever way it was framed.
pub trait Decoder: Send {
    /// Takes an event of a stream.
    ///
    /// # Errors
    ///
    /// What the provider says inside the stream went wrong, or `provider_protocol` where the event makes no sense.
    /// What was added to `deltas` before the error counts.
    fn event(&mut self, event: &sse::Event, deltas: &mut Vec<Delta>) -> Result<(), ProviderError>;

    /// Takes a plain JSON body: the whole answer at once.
    ///
    /// # Errors
    ///
    /// As [`Decoder::event`].
    fn body(&mut self, body: &[u8], deltas: &mut Vec<Delta>) -> Result<(), ProviderError>;

    /// Whether the answer is whole, so that nothing more need be read.
    fn is_complete(&self) -> bool;

    /// Takes the end of the input and adds what was held back.
    ///
    /// # Errors
    ///
    /// `stream_truncated` where the answer is not whole.
    fn finish(&mut self, deltas: &mut Vec<Delta>) -> Result<(), ProviderError>;
}

/// The one that asks, as the services know it.
#[async_trait]
pub trait Ask: Send + Sync {
    /// Puts a question; the answer comes piece by piece. `deadline` is the longest that all of it may take, if it is
    /// shorter than the driver's own. Dropping what is returned ends the question.
    async fn chat(&self, provider: Arc<dyn Provider>, call: ChatCall, deadline: Option<Duration>) -> Box<dyn Answering>;

    /// Asks for the list of models.
    ///
    /// # Errors
    ///
    /// Whatever keeps the list from coming.
    async fn models(&self, provider: Arc<dyn Provider>, endpoint: Endpoint) -> Result<Vec<ListedModel>, ProviderError>;

    /// Looks whether a server at this base URL lists models in OpenAI's dialect, without a key; none where it does not,
    /// or not soon enough. What only looks like a list is none.
    async fn look(&self, base_url: &str, patience: Duration) -> Option<ModelServer>;

    /// The proxies that the environment names, and whether each can be reached now.
    async fn proxies(&self) -> Proxies;
}

/// A server that lists models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelServer {
    /// Its models.
    pub models: Vec<String>,
    /// Whom it names as their owners: many servers name themselves.
    pub owners: Vec<String>,
}

/// The proxies that the environment names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxies {
    /// Each with its variable.
    pub reached: Vec<ReachedProxy>,
    /// The hosts that are reached without one.
    pub exceptions: Option<String>,
}

/// A proxy that the environment names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachedProxy {
    /// The variable.
    pub variable: String,
    /// Where it leads, without a user and a password; none where it cannot be understood.
    pub url: Option<String>,
    /// Why it cannot be reached; none where it can.
    pub failure: Option<String>,
}

/// An answer on its way.
#[async_trait]
pub trait Answering: Send {
    /// The next pieces, one or more: as many as came at once. `None` is the end of a whole answer; nothing comes after
    /// an error. Safe to drop at any wait and to call again.
    async fn next(&mut self) -> Option<Result<Vec<Delta>, ProviderError>>;
}
