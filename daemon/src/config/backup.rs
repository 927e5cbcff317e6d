//! `[daemon.backup]`: backups that the daemon makes by itself.

use std::{path::PathBuf, time::Duration};

use mmp_shared::config::Config;

/// Backups that the daemon makes by itself.
#[derive(Debug, Clone)]
pub struct BackupConfig {
    /// How long after the last one the next is made; none where none is.
    pub every: Option<Duration>,
    /// How many are kept, at least one.
    pub keep: usize,
    /// Where; none is the usual folder.
    pub folder: Option<PathBuf>,
}

impl From<&Config> for BackupConfig {
    fn from(config: &Config) -> Self {
        Self {
            every: Some(config.duration("daemon.backup.every")).filter(|every| !every.is_zero()),
            keep: usize::try_from(config.number("daemon.backup.keep")).unwrap_or(usize::MAX).max(1),
            folder: config.text("daemon.backup.folder").filter(|folder| !folder.is_empty()).map(PathBuf::from),
        }
    }
}
