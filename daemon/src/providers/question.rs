//! A question to a provider: where and as whom it is asked, what is said, and the request that comes of it.

use std::{sync::Arc, time::Duration};

use mmp_shared::{
    Phrase,
    chat::Params,
    message::{ContentPart, Role},
};
use zeroize::Zeroizing;

use super::{Delta, TokenPlace};

/// Where and as whom to ask.
#[derive(Clone)]
pub struct Endpoint {
    /// The provider's name as its user knows it, for messages.
    pub provider: String,
    /// The base of its URLs, without a slash at its end.
    pub base_url: String,
    /// The key; none sends no authorization.
    pub api_key: Option<Zeroizing<String>>,
    /// The second half of a pair.
    pub secret_key: Option<Zeroizing<String>>,
    /// What was given for the keys, where the provider wants that instead of them. The driver fetches it.
    pub token: Option<Zeroizing<String>>,
    /// Where that is kept for the next start; none keeps it in memory alone.
    pub token_place: Option<Arc<dyn TokenPlace>>,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Endpoint")
            .field("provider", &self.provider)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

/// One message of the conversation to be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatMessage {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub parts: Vec<ContentPart>,
}

/// What a model is told that is to go on with an answer of its own.
pub const GO_ON: &str = "Your last message was cut off. Go on with it from exactly where it ends, as if it had never stopped: \
    repeat nothing of it, and say nothing about the interruption.";

/// One question to one provider.
#[derive(Debug, Clone)]
pub struct ChatCall {
    /// Where and as whom.
    pub endpoint: Endpoint,
    /// The model, as the provider calls it.
    pub model: String,
    /// The conversation, the oldest message first, the question last.
    pub messages: Arc<[ChatMessage]>,
    /// How to answer.
    pub params: Params,
    /// The most tokens that the model can answer with, where that is known.
    pub max_output: Option<u64>,
    /// Whether to ask for a stream.
    pub stream: bool,
    /// Whether a person watches.
    pub watched: bool,
}

/// An HTTP request, ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpCall {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The URL, but for what may not be logged of it.
    pub url: String,
    /// Parameters that follow the URL's `?` and may not be logged.
    pub secret_query: Vec<(&'static str, Zeroizing<String>)>,
    /// Headers that may be logged.
    pub headers: Vec<(&'static str, String)>,
    /// Headers that may not.
    pub secret_headers: Vec<(&'static str, Zeroizing<String>)>,
    /// The body; empty for none.
    pub body: Vec<u8>,
    /// What there is to know of how the question was put.
    pub notes: Vec<Note>,
}

impl std::fmt::Debug for HttpCall {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (method, url, headers) = (self.method, &self.url, &self.headers);
        formatter
            .debug_struct("HttpCall")
            .field("method", &method)
            .field("url", url)
            .field("headers", headers)
            .finish_non_exhaustive()
    }
}

/// Something to know that is no error: what was changed of a question so that the provider takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its kind, the code of a notice.
    pub code: &'static str,
    /// In words.
    pub phrase: Phrase,
}

/// How a question is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Upstream {
    /// Over HTTP; the answer is decoded.
    Http(HttpCall),
    /// Not at all: the answer is known here, each piece after a pause.
    Local(Vec<(Duration, Delta)>),
}
