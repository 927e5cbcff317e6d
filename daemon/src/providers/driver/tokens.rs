//! Tokens that stand for keys: fetched once for all who want one at the same time, kept while they are good, and fetched
//! anew a little before they are not, or when a provider takes one no more.
//!
//! What is fetched is handed to the endpoint's place for tokens, and looked for there before the first fetch. How that
//! place keeps it is not known here.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use jiff::Timestamp;
use mmp_shared::{ErrorCode, phrase};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::{DriverSettings, client::Clients, send};
use crate::providers::{Endpoint, HttpCall, KeptToken, Provider, ProviderError};

/// The longest time before its end at which a token is fetched anew (songquanpeng/one-api does so an hour before).
const EARLY: Duration = Duration::from_secs(60 * 60);
/// The longest for which a token is taken for good, whatever it says of itself or the clock of it.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// How many tokens are held before those that are no good any more are forgotten.
const MANY: usize = 256;

/// A token in use.
#[derive(Clone)]
struct Held {
    text: Zeroizing<String>,
    fresh_until: Instant,
}

/// A token on its way or here: a task of its own fetches it, so that nobody's going away keeps it from the others.
type Fetching = Shared<BoxFuture<'static, Result<Held, ProviderError>>>;

/// Whose token: a digest of the provider, the place and the keys.
type Identity = [u8; 32];

/// The tokens of one driver, in memory.
#[derive(Default)]
pub(super) struct Tokens(Mutex<HashMap<Identity, Fetching>>);

impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Tokens(hidden)")
    }
}

impl Tokens {
    /// The endpoint with its token, if it wants one. One that was `refused` is not taken again.
    ///
    /// # Errors
    ///
    /// Whatever keeps the token from coming.
    pub(super) async fn sign(
        &self,
        clients: &Arc<Clients>,
        settings: DriverSettings,
        provider: &Arc<dyn Provider>,
        endpoint: &Endpoint,
        refused: Option<&Zeroizing<String>>,
    ) -> Result<Endpoint, ProviderError> {
        let Some(call) = provider.token_call(endpoint) else { return Ok(endpoint.clone()) };
        let given_for = identity(provider.as_ref(), endpoint);
        let fetching = self.current(given_for, refused, || {
            let fetch = Fetch {
                clients: Arc::clone(clients),
                settings,
                provider: Arc::clone(provider),
                endpoint: endpoint.clone(),
                call,
                given_for,
                refused: refused.cloned(),
            };
            fetch.begin()
        });
        let held = fetching.await?;
        Ok(Endpoint { token: Some(held.text), ..endpoint.clone() })
    }

    fn current(&self, of: Identity, refused: Option<&Zeroizing<String>>, fetch: impl FnOnce() -> Fetching) -> Fetching {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = tokens.get(&of).filter(|held| is_good(held, refused)) {
            return held.clone();
        }
        if tokens.len() >= MANY {
            tokens.retain(|_, held| is_good(held, None));
        }
        let fetching = fetch();
        tokens.insert(of, fetching.clone());
        fetching
    }
}

/// One that is on its way is as good as here.
fn is_good(held: &Fetching, refused: Option<&Zeroizing<String>>) -> bool {
    match held.peek() {
        None => true,
        Some(Ok(held)) => Instant::now() < held.fresh_until && refused != Some(&held.text),
        Some(Err(_)) => false,
    }
}

/// The getting of one token.
struct Fetch {
    clients: Arc<Clients>,
    settings: DriverSettings,
    provider: Arc<dyn Provider>,
    endpoint: Endpoint,
    call: HttpCall,
    given_for: Identity,
    refused: Option<Zeroizing<String>>,
}

impl Fetch {
    fn begin(self) -> Fetching {
        let name = self.endpoint.provider.clone();
        let ended = move |error: tokio::task::JoinError| {
            tracing::error!(%error, "a token was not fetched");
            ProviderError::new(ErrorCode::Internal, phrase!("upstream-no-token", provider = name))
        };
        tokio::spawn(self.run()).map(move |result| result.unwrap_or_else(|error| Err(ended(error)))).boxed().shared()
    }

    async fn run(self) -> Result<Held, ProviderError> {
        if let Some(held) = self.kept().await {
            return Ok(held);
        }
        let body = send::whole(&self.clients, self.settings, &self.provider, &self.endpoint, self.call).await?;
        let token = self.provider.read_token(&self.endpoint, &body)?;
        let fresh_for = token.lifetime.saturating_sub(EARLY.min(token.lifetime / 10)).min(LONGEST);
        let held = Held { text: token.text, fresh_until: Instant::now() + fresh_for };
        if let Some(place) = &self.endpoint.token_place {
            let fresh_until = Timestamp::now().saturating_add(fresh_for).unwrap_or(Timestamp::MAX);
            place.save(KeptToken { given_for: self.given_for, text: held.text.clone(), fresh_until }).await;
        }
        Ok(held)
    }

    /// The token that was kept, if it is the one that is wanted and still good.
    async fn kept(&self) -> Option<Held> {
        let kept = self.endpoint.token_place.as_ref()?.load().await?;
        let fresh_for = Duration::try_from(kept.fresh_until.duration_since(Timestamp::now())).ok()?.min(LONGEST);
        let is_wanted = kept.given_for == self.given_for && self.refused.as_ref() != Some(&kept.text) && !fresh_for.is_zero();
        is_wanted.then(|| Held { text: kept.text, fresh_until: Instant::now() + fresh_for })
    }
}

fn identity(provider: &dyn Provider, endpoint: &Endpoint) -> Identity {
    let mut digest = Sha256::new();
    let keys = [&endpoint.api_key, &endpoint.secret_key].map(|key| key.as_deref().map_or("", |key| key.trim()));
    for part in [provider.facts().name, &endpoint.base_url].into_iter().chain(keys) {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}
