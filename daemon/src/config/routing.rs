//! `[daemon.routing]`: what one answer may spend on failures.

use std::time::Duration;

use mmp_shared::config::Config;

/// What one answer may spend on failures.
#[derive(Debug, Clone, Copy)]
pub struct RoutingConfig {
    /// The most attempts, over all its models; 1 never tries again.
    pub attempts: u32,
    /// How long after the beginning an attempt may still be begun.
    pub time: Duration,
}

impl From<&Config> for RoutingConfig {
    fn from(config: &Config) -> Self {
        Self {
            attempts: u32::try_from(config.number("daemon.routing.attempts")).unwrap_or(u32::MAX).max(1),
            time: config.duration("daemon.routing.time"),
        }
    }
}
