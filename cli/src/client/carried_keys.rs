//! Requests that may need a provider's key that only our environment holds: asked first without it, and with it where the
//! daemon says that it has none. Keys go to a daemon of our own OS user alone.

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
    /// Asks; where the daemon lacks a key that our environment holds, and it may have it, once more with it.
    pub(crate) async fn with_keys<'a, R: CarriesKeys, T>(
        &'a self,
        request: &mut R,
        sends_keys: bool,
        ask: impl AsyncFn(&'a Self, &R) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let error = match ask(self, request).await {
            Err(error) if error.code == ErrorCode::NoKey && sends_keys && self.target().is_own_socket() => error,
            other => return other,
        };
        let key = error.provider.as_deref().and_then(|provider| Some((provider.to_owned(), env_keys::key_of(provider)?)));
        let Some((provider, key)) = key else { return Err(error) };
        request.keys().insert(provider, key);
        ask(self, request).await
    }
}
