//! The daemon about itself: its status, the lock file, the word that it is ready, and the headers of every request.

use std::{net::SocketAddr, path::PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ApiError;

/// This build's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The header that carries the sender's version, in requests and answers.
pub const VERSION_HEADER: &str = "mmp-version";

/// The header of an answer that names the request in the daemon's log.
pub const REQUEST_ID_HEADER: &str = "mmp-request-id";

/// The header of an answer with which an idle older daemon says that it makes way for a newer one.
pub const STEPPING_DOWN_HEADER: &str = "mmp-stepping-down";

/// What the lock file in the data folder holds, as one line of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockInfo {
    /// The daemon's process.
    pub pid: u32,
    /// Its version.
    pub version: String,
    /// Where it listens.
    pub socket: PathBuf,
    /// When it started.
    pub started_at: Timestamp,
    /// Where it listens for TCP, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp: Option<SocketAddr>,
}

/// What a rewriting of the store has brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompactReport {
    /// What its files took before, in bytes.
    pub before_bytes: u64,
    /// What they take now.
    pub after_bytes: u64,
}

/// `GET /admin/system`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemInfo {
    /// The daemon's process.
    pub pid: u32,
    /// Its version.
    pub version: String,
    /// Where it listens.
    pub socket: PathBuf,
    /// When it started.
    pub started_at: Timestamp,
    /// How many runs are live.
    pub runs: u64,
    /// Where it listens for TCP, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp: Option<SocketAddr>,
    /// What it takes of the machine.
    #[serde(default)]
    pub process: ProcessUsage,
}

/// What a process takes of its machine. What the system does not tell is null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProcessUsage {
    /// The memory that it holds, in bytes.
    pub resident_bytes: Option<u64>,
    /// The time that processors have worked for it, in milliseconds.
    pub cpu_ms: Option<u64>,
    /// How many threads it has.
    pub threads: Option<u64>,
    /// How many files and sockets it has open.
    pub open_files: Option<u64>,
}

/// `GET /admin/system/health`: what the daemon finds where it looks after itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SystemHealth {
    /// The store.
    pub store: StoreHealth,
    /// The vault of provider keys.
    pub vault: VaultHealth,
    /// The proxies that the daemon's environment names.
    pub proxies: Vec<ProxyHealth>,
    /// The hosts that are reached without a proxy, as the daemon's environment has them.
    pub no_proxy: Option<String>,
}

/// The store, as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoreHealth {
    /// The engine: `sled`, or `memory`, which forgets everything at the end.
    pub engine: String,
    /// Where it keeps files; null where it keeps none.
    pub folder: Option<PathBuf>,
    /// How many bytes they have.
    pub bytes: Option<u64>,
    /// How much room the disk has for more, in bytes.
    pub free_bytes: Option<u64>,
    /// Whether an acknowledged change survives a loss of power.
    pub survives_power_loss: bool,
    /// Why it cannot be read, if so.
    pub error: Option<ApiError>,
}

/// Whether a disk has room for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Room {
    /// Enough.
    #[default]
    Enough,
    /// So little that it is time to do something.
    Little,
    /// Too little to go on with.
    None,
}

impl Room {
    /// Less than this, in bytes, is little.
    pub const LITTLE: u64 = 1 << 30;
    /// Less than this, in bytes, is none.
    pub const NONE: u64 = 64 << 20;

    /// What so many free bytes are.
    pub const fn of(free_bytes: u64) -> Self {
        match free_bytes {
            0..Self::NONE => Self::None,
            Self::NONE..Self::LITTLE => Self::Little,
            _ => Self::Enough,
        }
    }
}

/// What has become of the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultState {
    /// No key is sealed, and no master key is needed yet.
    Empty,
    /// The master key can be had.
    Open,
    /// It cannot.
    Locked,
}

/// The vault of provider keys, as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VaultHealth {
    /// Whether sealed keys can be opened.
    pub state: VaultState,
    /// The kind of place that the master key lies in, `keyring` or `file`; null where there is none yet.
    pub key_store: Option<String>,
    /// Where in it.
    pub location: Option<String>,
    /// Why it is locked, if it is.
    pub error: Option<ApiError>,
}

/// A proxy that the daemon's environment names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProxyHealth {
    /// The variable.
    pub variable: String,
    /// Where it leads, without a user and a password; null where it cannot be understood.
    pub url: Option<String>,
    /// Why nobody can be reached there, in the system's words; null where somebody can.
    pub failure: Option<String>,
}

/// The one line that a daemon started with `--detached` writes to its standard output before it lets go of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum StartReport {
    /// It listens.
    Ready(LockInfo),
    /// Another daemon holds the data folder.
    AlreadyRunning(LockInfo),
    /// It could not start.
    Failed {
        /// Why.
        error: ApiError,
    },
}

/// The one line that `mmpd compact --json` writes to its standard output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CompactEnd {
    /// The store was rewritten.
    Done(CompactReport),
    /// It is as it was.
    Failed {
        /// Why.
        error: ApiError,
    },
}

/// Whether version `ours` is older than `theirs`, by the numbers before any dash. What is not a version is not older.
pub fn is_older(ours: &str, theirs: &str) -> bool {
    fn numbers(version: &str) -> Option<Vec<u64>> {
        version.split('-').next()?.split('.').map(|part| part.parse().ok()).collect()
    }
    matches!((numbers(ours), numbers(theirs)), (Some(ours), Some(theirs)) if ours < theirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(is_older("0.9.0", "0.10.0"));
        assert!(!is_older("1.0.0", "1.0.0"));
        assert!(!is_older("2.0.0", "1.9.9"));
        assert!(!is_older("1.0.0", "tomorrow"));
    }
}
