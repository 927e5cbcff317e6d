//! How long to wait before the same question is put again: exponential, with full jitter, so that many clients that
//! failed together do not come back together.

use std::time::Duration;

/// The longest that the first wait may be.
const FIRST: Duration = Duration::from_millis(400);

/// The longest that any wait may be.
const LONGEST: Duration = Duration::from_secs(8);

/// The wait after the attempt numbered `attempt` (from 1) failed; `chance` is drawn evenly from 0 to 1.
pub(super) fn wait(attempt: u32, chance: f64) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    let most = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    most.mul_f64(chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_longest_wait_doubles_and_then_stays() {
        assert_eq!(wait(1, 1.0), FIRST);
        assert_eq!(wait(2, 1.0), FIRST * 2);
        assert_eq!(wait(40, 1.0), LONGEST);
        assert_eq!(wait(3, 0.0), Duration::ZERO);
    }

    proptest! {
        #[test]
        fn no_wait_is_longer_than_the_longest(attempt in 0u32.., chance in 0.0f64..=1.0) {
            prop_assert!(wait(attempt, chance) <= LONGEST);
        }
    }
}
