//! The clock that services share; tests hand in one of their own.

use std::sync::Arc;

use crate::security::clock::Clock;

/// A clock, shared.
pub type SharedClock = Arc<dyn Clock>;

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Mutex;

    use jiff::{SignedDuration, Timestamp};

    use super::*;

    /// A clock that runs when it is told to.
    pub(crate) struct SetClock(Mutex<(Timestamp, SignedDuration)>);

    impl SetClock {
        /// A clock that stands.
        pub(crate) fn new() -> Arc<Self> {
            Arc::new(Self(Mutex::new((Timestamp::from_second(1_700_000_000).expect("within range"), SignedDuration::ZERO))))
        }

        /// Time passes.
        pub(crate) fn pass(&self, time: SignedDuration) {
            let mut both = self.0.lock().expect("no panic");
            *both = (both.0 + time, both.1 + time);
        }

        /// Somebody sets the calendar.
        pub(crate) fn jump(&self, by: SignedDuration) {
            let mut both = self.0.lock().expect("no panic");
            both.0 += by;
        }
    }

    impl Clock for SetClock {
        fn now(&self) -> Timestamp {
            self.0.lock().expect("no panic").0
        }

        fn steady(&self) -> SignedDuration {
            self.0.lock().expect("no panic").1
        }
    }
}
