//! `[daemon.vault]`: where the master key is kept.

use std::time::Duration;

use mmp_shared::config::Config;

/// Where a new master key is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStoreChoice {
    /// A file under `MMP_HOME`; elsewhere the keyring if it answers, else a file.
    Auto,
    /// The system's keyring.
    Keyring,
    /// A file.
    File,
}

/// Where the master key is kept.
#[derive(Debug, Clone, Copy)]
pub struct VaultConfig {
    /// Where a new one is put.
    pub key_store: KeyStoreChoice,
    /// How long the keyring may take to answer.
    pub keyring_timeout: Duration,
}

impl From<&Config> for VaultConfig {
    fn from(config: &Config) -> Self {
        Self {
            key_store: match config.text("daemon.vault.key_store") {
                Some("keyring") => KeyStoreChoice::Keyring,
                Some("file") => KeyStoreChoice::File,
                _ => KeyStoreChoice::Auto,
            },
            keyring_timeout: config.duration("daemon.vault.keyring_timeout"),
        }
    }
}
