//! When to stop waiting: for the first event, for the next one, and in all.

use std::time::Duration;

use mmp_shared::{ErrorCode, Phrase, phrase};
use tokio::time::Instant;

use super::DriverSettings;
use crate::providers::ProviderError;

/// How long an answer that has failed already is read on, for the usage that follows the error.
const SETTLING: Duration = Duration::from_secs(1);

/// The times of one answer.
#[derive(Debug)]
pub(super) struct Clock {
    total: Duration,
    total_at: Instant,
    wait: Duration,
    progress_at: Instant,
    between: Duration,
}

impl Clock {
    pub(super) fn start(settings: &DriverSettings) -> Self {
        let now = Instant::now();
        Self {
            total: settings.total_timeout,
            total_at: now + settings.total_timeout,
            wait: settings.first_event_timeout,
            progress_at: now + settings.first_event_timeout,
            between: settings.event_timeout,
        }
    }

    /// The moment at which waiting is over.
    pub(super) fn until(&self) -> Instant {
        self.progress_at.min(self.total_at)
    }

    /// An event came.
    pub(super) fn progress(&mut self) {
        self.wait = self.between;
        self.progress_at = Instant::now() + self.between;
    }

    /// The answer has failed; what follows is short.
    pub(super) fn settle(&mut self) {
        self.progress_at = Instant::now() + SETTLING.min(self.between);
    }

    /// What to say now that waiting is over.
    pub(super) fn error(&self, provider: &str) -> ProviderError {
        let phrase = if self.total_at <= self.progress_at {
            phrase!("upstream-total-timeout", provider = provider, duration = words(self.total))
        } else {
            phrase!("upstream-event-timeout", provider = provider, duration = words(self.wait))
        };
        let hint = if self.total_at <= self.progress_at { "hint-upstream-total-timeout" } else { "hint-upstream-event-timeout" };
        ProviderError::new(ErrorCode::ProviderTimeout, phrase).with_hint(Phrase::new(hint))
    }
}

/// What to say of a provider whose list or token has not come in all this time.
pub(super) fn silent(provider: &str, waited: Duration) -> ProviderError {
    let phrase = phrase!("upstream-silent", provider = provider, duration = words(waited));
    ProviderError::new(ErrorCode::ProviderTimeout, phrase).with_hint(phrase!("hint-upstream-network", provider = provider))
}

/// A time in the form that settings have.
pub(super) fn words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match duration {
        _ if seconds == 0 => format!("{}ms", duration.as_millis()),
        _ if seconds >= 60 && seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{}s", duration.as_secs_f64()),
    }
}
