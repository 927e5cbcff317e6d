//! Time, handed in: the calendar's, which may jump, and a steady one, which only runs.
//!
//! How long ago something was is always asked of the steady clock, so that nobody is locked out or let in because a
//! calendar was set. What has to outlive the process is kept by the calendar, and brought over with [`Clock::steady_of`].

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// Where time comes from.
pub trait Clock: Send + Sync {
    /// The calendar's time.
    fn now(&self) -> Timestamp;

    /// The steady time, since some moment.
    fn steady(&self) -> SignedDuration;

    /// When something was, by the steady clock. What the calendar says is yet to come was just now.
    fn steady_of(&self, at: Timestamp) -> SignedDuration {
        let ago = self.now().duration_since(at).max(SignedDuration::ZERO);
        self.steady().saturating_sub(ago)
    }
}

/// The system's clocks.
#[derive(Debug)]
pub struct SystemClock {
    begun: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { begun: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn steady(&self) -> SignedDuration {
        SignedDuration::try_from(self.begun.elapsed()).unwrap_or(SignedDuration::MAX)
    }
}
