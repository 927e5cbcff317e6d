//! `[daemon.discover]`: where servers of models are looked for.

use mmp_shared::config::Config;

/// Where servers of models are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiscoverConfig {
    /// The ports of loopback; none means the usual ones.
    pub ports: Vec<u16>,
}

impl From<&Config> for DiscoverConfig {
    fn from(config: &Config) -> Self {
        let ports = config.text("daemon.discover.ports").unwrap_or_default();
        Self { ports: ports.split(',').filter_map(|port| port.trim().parse().ok()).collect() }
    }
}
