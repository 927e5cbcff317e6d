//! The keys that this process's environment holds for providers. Only names leave here unasked.

use mmp_shared::{
    chat::ProviderKey,
    env_keys::{ENV_KEYS, EnvKey},
};

use crate::config::variable;

/// The providers for which there is a key.
pub(crate) fn providers() -> Vec<String> {
    let mut names: Vec<String> = ENV_KEYS.iter().filter(|key| read(key).is_some()).map(|key| key.provider.to_owned()).collect();
    names.dedup();
    names
}

/// The key for a provider.
pub(crate) fn key_of(provider: &str) -> Option<ProviderKey> {
    ENV_KEYS.iter().filter(|key| key.provider == provider).find_map(read)
}

/// The variables that hold the key for a provider.
pub(crate) fn variables_of(provider: &str) -> Option<String> {
    let key = ENV_KEYS.iter().find(|key| key.provider == provider && read(key).is_some())?;
    Some(key.secret_key.map_or_else(|| key.api_key.to_owned(), |secret_key| format!("{}+{secret_key}", key.api_key)))
}

fn read(key: &EnvKey) -> Option<ProviderKey> {
    let api_key = Some(variable(key.api_key)?);
    let secret_key = match key.secret_key {
        Some(name) => Some(variable(name)?),
        None => None,
    };
    Some(ProviderKey { api_key, secret_key })
}
