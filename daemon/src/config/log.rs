//! `[daemon.log]`: what is logged, and for how long it is kept.

use mmp_shared::config::Config;

/// What is logged.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// The least urgent level that is written.
    pub level: String,
    /// For how many days a log is kept.
    pub days: usize,
}

impl From<&Config> for LogConfig {
    fn from(config: &Config) -> Self {
        Self {
            level: config.text("daemon.log.level").unwrap_or("info").to_owned(),
            days: usize::try_from(config.number("daemon.log.days")).unwrap_or(usize::MAX).max(1),
        }
    }
}
