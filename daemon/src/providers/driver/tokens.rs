//! Tokens that stand for keys: fetched once for all who want one at the same time, kept while they are good, and fetched
//! anew a little before they are not, or when a provider takes one no more.

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
use mmp_shared::{ErrorCode, phrase};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::{DriverSettings, client::Clients, send};
use crate::providers::{Endpoint, HttpCall, Provider, ProviderError};

/// The longest time before its end at which a token is fetched anew (songquanpeng/one-api does so an hour before).
const EARLY: Duration = Duration::from_secs(60 * 60);
/// How many tokens are kept before those that are no good any more are forgotten.
const MANY: usize = 256;

/// A token in use.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) text: Zeroizing<String>,
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
        let fetching = self.current(identity(provider.as_ref(), endpoint), refused, || {
            begin(Arc::clone(clients), settings, Arc::clone(provider), endpoint.clone(), call)
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

fn begin(
    clients: Arc<Clients>,
    settings: DriverSettings,
    provider: Arc<dyn Provider>,
    endpoint: Endpoint,
    call: HttpCall,
) -> Fetching {
    let name = endpoint.provider.clone();
    let task = tokio::spawn(async move {
        let body = send::whole(&clients, settings, &provider, &endpoint, call).await?;
        let token = provider.read_token(&endpoint, &body)?;
        let fresh_until = Instant::now() + token.lifetime.saturating_sub(EARLY.min(token.lifetime / 10));
        Ok(Held { text: token.text, fresh_until })
    });
    let ended = move |error: tokio::task::JoinError| {
        tracing::error!(%error, "a token was not fetched");
        ProviderError::new(ErrorCode::Internal, phrase!("upstream-no-token", provider = name))
    };
    task.map(move |result| result.unwrap_or_else(|error| Err(ended(error)))).boxed().shared()
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
