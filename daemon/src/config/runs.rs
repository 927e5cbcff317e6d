//! `[daemon.runs]`: how runs are kept and ended.

use std::time::Duration;

use mmp_shared::config::Config;

/// How runs are kept and ended.
#[derive(Debug, Clone, Copy)]
pub struct RunsConfig {
    /// How long the events of a finished run are kept.
    pub keep: Duration,
    /// How long a reader may take nothing before it is closed.
    pub reader_timeout: Duration,
    /// How long a stopping daemon waits for its runs.
    pub stop_timeout: Duration,
}

impl From<&Config> for RunsConfig {
    fn from(config: &Config) -> Self {
        Self {
            keep: config.duration("daemon.runs.keep"),
            reader_timeout: config.duration("daemon.runs.reader_timeout"),
            stop_timeout: config.duration("daemon.runs.stop_timeout"),
        }
    }
}
