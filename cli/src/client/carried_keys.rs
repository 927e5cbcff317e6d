//! Requests that may need a provider's key that only our environment holds: asked first without it, and with it where the
//! daemon says that it has none; once more for each provider of several. Keys go to a daemon of our own OS user alone.

use std::collections::BTreeMap;

use mmp_shared::{
    ApiError, ErrorCode,
    chat::{ChatRequest, ProviderKey},
    models::ModelTestRequest,
};

use super::Client;
use crate::input::env_keys;

/// A request that can carry keys along.
pub(crate) trait CarriesKeys {
    /// Those that it carries, by provider.
    fn keys(&mut self) -> &mut BTreeMap<String, ProviderKey>;
}

impl CarriesKeys for ChatRequest {
    fn keys(&mut self) -> &mut BTreeMap<String, ProviderKey> {
        &mut self.keys
    }
}

impl CarriesKeys for ModelTestRequest {
    fn keys(&mut self) -> &mut BTreeMap<String, ProviderKey> {
        &mut self.keys
    }
}

impl Client {
    /// Asks; where the daemon lacks a key that our environment holds, and it may have it, once more with it. Each key is
    /// brought once.
    pub(crate) async fn with_keys<'a, R: CarriesKeys, T>(
        &'a self,
        request: &mut R,
        sends_keys: bool,
        ask: impl AsyncFn(&'a Self, &R) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        loop {
            let error = match ask(self, request).await {
                Err(error) if error.code == ErrorCode::NoKey && sends_keys && self.target().is_own_socket() => error,
                other => return other,
            };
            let wanted = error.provider.clone().filter(|provider| !request.keys().contains_key(provider));
            let key = wanted.and_then(|provider| Some((env_keys::key_of(&provider)?, provider)));
            let Some((key, provider)) = key else { return Err(error) };
            request.keys().insert(provider, key);
        }
    }
}
