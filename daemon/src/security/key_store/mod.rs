//! Where a master key may lie: the system's keyring, or a file for its user alone.
//!
//! Both block; those who call them see to a thread for it. Which one is used is the affair of `services/keys`.

mod file;
mod keyring;

use super::vault::MasterKey;

pub use file::FileKeyStore;
pub use keyring::KeyringKeyStore;

/// Why a key cannot be had or put away.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyStoreError {
    /// There is no such key here.
    #[error("there is no key at {0}")]
    Missing(String),
    /// There is something, and it is no key.
    #[error("what is at {0} is no key")]
    Malformed(String),
    /// Others than its user may read it.
    #[error("others than its owner may read {0}")]
    Exposed(String),
    /// The place does not answer, or refuses.
    #[error("{0}")]
    Unreachable(String),
}

/// A place for a master key.
pub trait KeyStore: Send + Sync {
    /// The kind of place: `keyring` or `file`.
    fn kind(&self) -> &'static str;

    /// The key of that name.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being had.
    fn load(&self, location: &str) -> Result<MasterKey, KeyStoreError>;

    /// Puts a key away under that name. One that is there already is never replaced.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being put away.
    fn save(&self, location: &str, key: &MasterKey) -> Result<(), KeyStoreError>;
}
