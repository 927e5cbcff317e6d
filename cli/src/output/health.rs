//! The words for how a daemon's store, disk, vault and proxies are.

use mmp_shared::{
    Phrase,
    config::Value,
    phrase,
    system::{ProxyHealth, StoreHealth, VaultHealth, VaultState},
};

/// A store that can be read.
pub(crate) fn store(store: &StoreHealth) -> Phrase {
    let Some(folder) = &store.folder else { return phrase!("doctor-store-memory") };
    let survives = if store.survives_power_loss { "power" } else { "process" };
    let size = Value::Size(store.bytes.unwrap_or_default());
    phrase!("doctor-store", engine = store.engine, folder = folder.display(), size = size, survives = survives)
}

/// The room on its disk.
pub(crate) fn disk(free_bytes: u64) -> Phrase {
    phrase!("doctor-disk", free = Value::Size(free_bytes))
}

/// A vault, whatever keeps it locked.
pub(crate) fn vault(vault: &VaultHealth) -> Phrase {
    match vault.state {
        VaultState::Locked => phrase!("doctor-vault-locked"),
        VaultState::Empty => phrase!("doctor-vault-empty"),
        VaultState::Open => {
            let (key_store, location) = (vault.key_store.as_deref(), vault.location.as_deref());
            phrase!("doctor-vault", key_store = key_store.unwrap_or_default(), location = location.unwrap_or_default())
        }
    }
}

/// A proxy, and the hosts that are reached without it.
pub(crate) fn proxy(proxy: &ProxyHealth, exceptions: Option<&str>) -> Phrase {
    let variable = &proxy.variable;
    match (&proxy.url, &proxy.failure) {
        (None, _) => phrase!("doctor-proxy-unreadable", variable = variable),
        (Some(url), Some(reason)) => phrase!("doctor-proxy-unreachable", variable = variable, url = url, reason = reason),
        (Some(url), None) => {
            phrase!("doctor-proxy", variable = variable, url = url, exceptions = exceptions.unwrap_or("-"))
        }
    }
}
