//! The daemon's settings: one section a file, each a plain struct that the part it belongs to is handed.
//!
//! The table of keys, and how flag, environment, file and default are weighed, is `mmp_shared::config`'s. This module
//! reads the file and the environment, once, at the start.

mod auth;
mod backup;
mod discover;
mod limits;
mod listen;
mod log;
mod routing;
mod runs;
mod store;
mod upstream;
mod vault;

use std::{path::Path, time::Duration};

use mmp_shared::{
    ApiError, ErrorCode,
    config::{Config, Side, Sources},
    phrase,
};

pub use auth::{AuthConfig, PeerLogin, Registration};
pub use backup::BackupConfig;
pub use discover::DiscoverConfig;
pub use limits::{LimitsConfig, RatesConfig};
pub use listen::{ListenConfig, TlsFiles, UnixAccess};
pub use log::LogConfig;
pub use routing::RoutingConfig;
pub use runs::RunsConfig;
pub use store::StoreConfig;
pub use upstream::UpstreamConfig;
pub use vault::{KeyStoreChoice, VaultConfig};

/// Every section.
#[derive(Debug, Clone)]
pub struct DaemonConfig {
    /// Who may make an account, and how long logins live.
    pub auth: AuthConfig,
    /// Backups that it makes by itself.
    pub backup: BackupConfig,
    /// How long the daemon goes on with nothing to do; none is for ever.
    pub idle_exit: Option<Duration>,
    /// Where servers of models are looked for.
    pub discover: DiscoverConfig,
    /// What a request may hold.
    pub limits: LimitsConfig,
    /// Where it listens.
    pub listen: ListenConfig,
    /// What is logged.
    pub log: LogConfig,
    /// What one answer may spend on failures.
    pub routing: RoutingConfig,
    /// How runs are kept.
    pub runs: RunsConfig,
    /// Where records are kept.
    pub store: StoreConfig,
    /// How long and how much of a provider is waited for.
    pub upstream: UpstreamConfig,
    /// Where the master key is kept.
    pub vault: VaultConfig,
}

impl DaemonConfig {
    /// Reads the file, if there is one, and the environment.
    ///
    /// # Errors
    ///
    /// `bad_request` for a file that cannot be read or understood, and for a variable with a wrong value.
    pub fn read(file: &Path) -> Result<Self, ApiError> {
        let path = file.display().to_string();
        let text = match std::fs::read_to_string(file) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                let phrase = phrase!("error-config-unreadable", path = path, reason = error);
                return Err(ApiError::new(ErrorCode::BadRequest, phrase));
            }
        };
        let environment = |name: &str| std::env::var(name).ok();
        let sources = Sources {
            environment: Some(&environment),
            file: text.as_deref().map(|text| (path.as_str(), text)),
            ..Sources::default()
        };
        Ok(Self::from(&Config::resolve(&sources, Some(Side::Daemon))?))
    }
}

impl From<&Config> for DaemonConfig {
    fn from(config: &Config) -> Self {
        Self {
            auth: AuthConfig::from(config),
            backup: BackupConfig::from(config),
            idle_exit: Some(config.duration("daemon.idle_exit")).filter(|idle| !idle.is_zero()),
            discover: DiscoverConfig::from(config),
            limits: LimitsConfig::from(config),
            listen: ListenConfig::from(config),
            log: LogConfig::from(config),
            routing: RoutingConfig::from(config),
            runs: RunsConfig::from(config),
            store: StoreConfig::from(config),
            upstream: UpstreamConfig::from(config),
            vault: VaultConfig::from(config),
        }
    }
}
