//! The daemon's own state, for those who look after it: the store and the room on its disk, the vault, the proxies of its
//! environment, and what the process takes (`process`); whether it can work (`readiness`). What happened is counted in `telemetry`.

mod process;
mod readiness;

use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use mmp_shared::system::{ProcessUsage, ProxyHealth, Room, StoreHealth, SystemHealth, VaultHealth, VaultState};

use self::readiness::LastLook;
pub use self::readiness::Readiness;
use super::keys::Keys;
use crate::{
    providers::{Ask, ReachedProxy},
    store::Store,
    telemetry::metrics::{Metrics, Now},
};

/// How long it is said again whether the daemon can work.
const LOOK_KEPT: Duration = Duration::from_secs(5);

/// The service of the daemon's own state.
pub struct System {
    store: Arc<dyn Store>,
    keys: Arc<Keys>,
    ask: Arc<dyn Ask>,
    engine: String,
    metrics: Arc<Metrics>,
    room: Mutex<Room>,
    last_look: LastLook,
}

impl System {
    /// The service over a store whose URL is this.
    pub fn new(store: Arc<dyn Store>, keys: Arc<Keys>, ask: Arc<dyn Ask>, metrics: Arc<Metrics>, store_url: &str) -> Self {
        let engine = store_url.split(':').next().unwrap_or_default().to_owned();
        Self { store, keys, ask, engine, metrics, room: Mutex::default(), last_look: LastLook::new(LOOK_KEPT) }
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

    /// What this process takes of the machine.
    pub fn process(&self) -> ProcessUsage {
        process::usage()
    }

    /// Everything that is counted, and what holds now, as Prometheus's text.
    pub async fn metrics(&self, live_runs: usize, started_at: Timestamp) -> String {
        let store = self.store().await;
        let (store_bytes, free_bytes) = (store.bytes, store.free_bytes);
        self.metrics.text(&Now { live_runs, started_at, process: self.process(), store_bytes, free_bytes })
    }

    /// Whether the daemon can do its work, as it was found not long ago.
    pub async fn readiness(&self) -> Readiness {
        self.last_look.or_look(self.look()).await
    }

    async fn look(&self) -> Readiness {
        let (store, is_open) = tokio::join!(self.store(), self.keys.is_open());
        match store {
            StoreHealth { error: Some(_), .. } => Readiness::Store,
            StoreHealth { free_bytes: Some(free), .. } if Room::of(free) == Room::None => Readiness::Disk,
            _ if !is_open => Readiness::Vault,
            _ => Readiness::Ready,
        }
    }

    /// Says in the log where the room on the store's disk has become little or none, and where there is enough again.
    pub async fn watch_room(&self) {
        let store = self.store().await;
        let Some(free_bytes) = store.free_bytes else { return };
        let room = Room::of(free_bytes);
        let before = mem::replace(&mut *self.room.lock().unwrap_or_else(PoisonError::into_inner), room);
        let folder = store.folder.unwrap_or_default();
        let folder = folder.display();
        match room {
            _ if room == before => {}
            Room::Enough => tracing::info!(%folder, free_bytes, "the disk of the store has room again"),
            Room::Little => tracing::warn!(%folder, free_bytes, "the disk of the store has little room left"),
            Room::None => tracing::error!(%folder, free_bytes, "the disk of the store is all but full"),
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
