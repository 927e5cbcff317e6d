//! `[daemon.store]`: where records are kept.

use mmp_shared::config::Config;

/// Where records are kept.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// Which engine, and where: `sled:`, `memory:`.
    pub url: String,
    /// The most memory for its cache, in bytes.
    pub cache: u64,
    /// Whether an acknowledged change survives a loss of power, and not only the process's end.
    pub survives_power_loss: bool,
}

impl From<&Config> for StoreConfig {
    fn from(config: &Config) -> Self {
        Self {
            url: config.text("daemon.store.url").unwrap_or("sled:").to_owned(),
            cache: config.number("daemon.store.cache"),
            survives_power_loss: config.text("daemon.store.durability") != Some("process"),
        }
    }
}
