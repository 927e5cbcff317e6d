//! `[daemon.upstream]`: how long and how much of a provider is waited for.

use std::time::Duration;

use mmp_shared::config::Config;

/// How long and how much of a provider is waited for.
#[derive(Debug, Clone, Copy)]
pub struct UpstreamConfig {
    /// The longest wait for a connection.
    pub connect_timeout: Duration,
    /// The longest wait for the first event.
    pub first_event_timeout: Duration,
    /// The longest wait between two events; comments that keep a connection alive are none.
    pub event_timeout: Duration,
    /// The longest that an answer may take.
    pub total_timeout: Duration,
    /// The largest single event, in bytes.
    pub largest_event: u64,
    /// The largest answer, in bytes.
    pub largest_answer: u64,
}

impl From<&Config> for UpstreamConfig {
    fn from(config: &Config) -> Self {
        Self {
            connect_timeout: config.duration("daemon.upstream.connect_timeout"),
            first_event_timeout: config.duration("daemon.upstream.first_event_timeout"),
            event_timeout: config.duration("daemon.upstream.event_timeout"),
            total_timeout: config.duration("daemon.upstream.total_timeout"),
            largest_event: config.number("daemon.upstream.largest_event"),
            largest_answer: config.number("daemon.upstream.largest_answer"),
        }
    }
}
