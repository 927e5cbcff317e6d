//! The daemon about itself: its status, the lock file, the word that it is ready, and the headers of every request.

use std::path::PathBuf;

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
