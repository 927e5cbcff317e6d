//! The daemon's own state, for those who look after it: the store, the vault, the proxies of its environment.

use std::sync::Arc;

use mmp_shared::system::{ProxyHealth, StoreHealth, SystemHealth, VaultHealth, VaultState};

use super::keys::Keys;
use crate::{
    providers::{Ask, ReachedProxy},
    store::Store,
};

/// The service of the daemon's own state.
pub struct System {
    store: Arc<dyn Store>,
    keys: Arc<Keys>,
    ask: Arc<dyn Ask>,
    engine: String,
}

impl System {
    /// The service over a store whose URL is this.
    pub fn new(store: Arc<dyn Store>, keys: Arc<Keys>, ask: Arc<dyn Ask>, store_url: &str) -> Self {
        let engine = store_url.split(':').next().unwrap_or_default().to_owned();
        Self { store, keys, ask, engine }
    }

    /// Looks at everything, now and at once. What is wrong with a part stands in that part.
    pub async fn health(&self) -> SystemHealth {
        let (store, vault, proxies) = tokio::join!(self.store(), self.keys.health(), self.ask.proxies());
        let named = |proxy: ReachedProxy| ProxyHealth { variable: proxy.variable, url: proxy.url, failure: proxy.failure };
        let locked = |error| VaultHealth { state: VaultState::Locked, key_store: None, location: None, error: Some(error) };
        SystemHealth {
            store,
            vault: vault.unwrap_or_else(locked),
            proxies: proxies.reached.into_iter().map(named).collect(),
            no_proxy: proxies.exceptions,
        }
    }

    async fn store(&self) -> StoreHealth {
        match self.store.about().await {
            Ok(about) => StoreHealth {
                engine: about.engine.to_owned(),
                folder: about.folder,
                bytes: about.bytes,
                free_bytes: about.free_bytes,
                survives_power_loss: about.survives_power_loss,
                error: None,
            },
            Err(error) => StoreHealth {
                engine: self.engine.clone(),
                folder: None,
                bytes: None,
                free_bytes: None,
                survives_power_loss: false,
                error: Some(error.into()),
            },
        }
    }
}
