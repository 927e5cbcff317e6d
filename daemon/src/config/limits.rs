//! `[daemon.limits]`: what a request may hold, and how often one may ask.

use mmp_shared::config::{Config, Rate};

/// What a request may hold, and how often one may ask.
#[derive(Debug, Clone, Copy)]
pub struct LimitsConfig {
    /// The largest prompt, in bytes.
    pub prompt: u64,
    /// The most that the images of one prompt may be together, in bytes.
    pub images: u64,
    /// How often one may ask.
    pub rates: RatesConfig,
}

/// How often one may ask; none is as often as one likes.
#[derive(Debug, Clone, Copy, Default)]
pub struct RatesConfig {
    /// One account, over all its connections.
    pub account: Option<Rate>,
    /// One access token.
    pub token: Option<Rate>,
    /// One address, whoever calls from there.
    pub source: Option<Rate>,
}

impl From<&Config> for LimitsConfig {
    fn from(config: &Config) -> Self {
        Self {
            prompt: config.number("daemon.limits.prompt"),
            images: config.number("daemon.limits.images"),
            rates: RatesConfig {
                account: config.rate("daemon.limits.account_rate"),
                token: config.rate("daemon.limits.token_rate"),
                source: config.rate("daemon.limits.source_rate"),
            },
        }
    }
}
