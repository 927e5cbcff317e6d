//! Backups: what is asked of `POST /admin/backup`, and what `mmpd restore --json` says.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ApiError, Phrase, phrase, secret::Secret};

/// What a backup is to hold beside the store.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupRequest {
    /// The words under which the master key is carried along; without them it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passphrase: Option<Secret>,
}

/// Where the key is that opens what is sealed in a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupKey {
    /// Nothing is sealed.
    None,
    /// It lies on this machine.
    Here,
    /// It is in the backup, under a passphrase.
    Carried,
    /// It is not to be had here.
    Missing,
}

/// A provider's key that a restored store has no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostKey {
    /// Whose it was, by name.
    pub user: String,
    /// The provider.
    pub provider: String,
}

/// What was found in a backup, and what restoring it has brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreReport {
    /// When the backup was begun.
    pub made_at: Timestamp,
    /// The version of mmp that made it.
    pub version: String,
    /// Where its key is.
    pub key: BackupKey,
    /// Where the store is kept that was replaced; null where there was none, or nothing was replaced.
    pub kept_at: Option<PathBuf>,
    /// The providers' keys that must be entered again.
    pub lost_keys: Vec<LostKey>,
}

impl RestoreReport {
    /// What restoring it has brought, a line each; the time as it is to be read.
    pub fn in_words(&self, made_at: &str) -> Vec<Phrase> {
        let restored = phrase!("admin-restored", at = made_at, version = self.version);
        let kept = self.kept_at.iter().map(|path| phrase!("admin-restore-kept", path = path.display()));
        let lost = self.lost_keys.iter();
        let lost = lost.map(|key| phrase!("admin-restore-lost-key", user = key.user, provider = key.provider));
        [restored].into_iter().chain(kept).chain(lost).collect()
    }
}

/// The one line that `mmpd restore --json` writes to its standard output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RestoreEnd {
    /// It was done.
    Done(RestoreReport),
    /// The store is as it was.
    Failed {
        /// Why.
        error: ApiError,
    },
}
