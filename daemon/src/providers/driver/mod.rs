//! The one that does the I/O for every provider: connections, framing, time, limits, and what went wrong on the way.
//!
//! What the bytes mean is the provider's; whether to ask again, or another, is the caller's. An answer is read in place,
//! by whoever calls [`Answering::next`]: no task stands between, and dropping the answer closes its connection.

mod answer;
mod asking;
mod client;
mod clock;
mod failure;
mod framing;
mod local;
mod look;
mod proxy;
mod quote;
mod send;
mod tls;
mod tokens;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use mmp_shared::{ErrorCode, models::ListedModel, phrase};

use self::{answer::HttpAnswer, asking::Asking, client::Clients, local::LocalAnswer, quote::Secrets, tokens::Tokens};
use super::{Answering, Ask, ChatCall, Endpoint, ModelServer, Provider, ProviderError, Proxies, Upstream};

/// How long to wait and how much to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DriverSettings {
    /// The longest wait for a connection.
    pub connect_timeout: Duration,
    /// The longest wait for the first event, from the moment of asking.
    pub first_event_timeout: Duration,
    /// The longest wait between two events. What completes no event is no progress.
    pub event_timeout: Duration,
    /// The longest that an answer may take.
    pub total_timeout: Duration,
    /// The largest event, and the largest body that is not a stream, in bytes.
    pub largest_event: usize,
    /// The largest answer, in bytes as they come.
    pub largest_answer: usize,
}

impl Default for DriverSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            first_event_timeout: Duration::from_secs(5 * 60),
            event_timeout: Duration::from_secs(60),
            total_timeout: Duration::from_secs(30 * 60),
            largest_event: 16 << 20,
            largest_answer: 64 << 20,
        }
    }
}

/// Asks providers. Its connections are pooled and made when they are first needed.
#[derive(Debug, Clone)]
pub struct Driver {
    settings: DriverSettings,
    clients: Arc<Clients>,
    tokens: Arc<Tokens>,
}

impl Driver {
    /// A driver that has connected to nothing.
    pub fn new(settings: DriverSettings) -> Self {
        Self { settings, clients: Arc::new(Clients::new(settings.connect_timeout)), tokens: Arc::default() }
    }
}

#[async_trait]
impl Ask for Driver {
    async fn chat(&self, provider: Arc<dyn Provider>, call: ChatCall, deadline: Option<Duration>) -> Box<dyn Answering> {
        let mut settings = self.settings;
        settings.total_timeout = deadline.map_or(settings.total_timeout, |deadline| deadline.min(settings.total_timeout));
        match provider.chat(&call) {
            Ok(Upstream::Http(request)) => {
                let (clients, tokens) = (Arc::clone(&self.clients), Arc::clone(&self.tokens));
                Box::new(HttpAnswer::new(Asking { clients, tokens, settings, provider, call }, request))
            }
            Ok(Upstream::Local(pieces)) => Box::new(LocalAnswer::new(pieces)),
            Err(error) => Box::new(LocalAnswer::failed(error)),
        }
    }

    async fn models(&self, provider: Arc<dyn Provider>, endpoint: Endpoint) -> Result<Vec<ListedModel>, ProviderError> {
        let signed = self.tokens.sign(&self.clients, self.settings, &provider, &endpoint, None).await;
        let endpoint = signed.map_err(|error| Secrets::of(&endpoint).clean(error))?;
        let Some(request) = provider.list_models(&endpoint) else {
            if endpoint.token.is_some() {
                // The keys are good; there is no more to ask.
                return provider.read_models(&endpoint, b"");
            }
            let phrase = phrase!("upstream-no-models", provider = endpoint.provider);
            return Err(ProviderError::new(ErrorCode::Unsupported, phrase));
        };
        let body = send::whole(&self.clients, self.settings, &provider, &endpoint, request).await;
        body.map_err(|error| failure::of_list(&endpoint.provider, error))
            .and_then(|body| provider.read_models(&endpoint, &body))
            .map_err(|error| Secrets::of(&endpoint).clean(error))
    }

    async fn look(&self, base_url: &str, patience: Duration) -> Option<ModelServer> {
        tokio::time::timeout(patience, look::at(&self.clients, base_url)).await.ok().flatten()
    }

    async fn proxies(&self) -> Proxies {
        Proxies { reached: proxy::reached(self.settings.connect_timeout).await, exceptions: proxy::exceptions() }
    }
}
