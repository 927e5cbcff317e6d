//! `[daemon.limits]`: what a request may hold.

use mmp_shared::config::Config;

/// What a request may hold.
#[derive(Debug, Clone, Copy)]
pub struct LimitsConfig {
    /// The largest prompt, in bytes.
    pub prompt: u64,
}

impl From<&Config> for LimitsConfig {
    fn from(config: &Config) -> Self {
        Self { prompt: config.number("daemon.limits.prompt") }
    }
}
