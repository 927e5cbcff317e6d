//! The plan of one answer: its candidates in order, and one budget of attempts and time for all of them.

use std::time::Duration;

use mmp_shared::ErrorCode;

use super::backoff;

/// How often one candidate is asked at the most.
const TRIES_OF_ONE: u32 = 3;

/// What one answer may take, over all its candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How many attempts.
    pub attempts: u32,
    /// How long after the beginning an attempt may still be begun.
    pub time: Duration,
}

/// Why an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// What kind of error it was.
    pub code: ErrorCode,
    /// How long the provider asks to wait.
    pub retry_after: Option<Duration>,
    /// Whether any text or tool call was shown: then nothing may take its place.
    pub has_answer: bool,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The same candidate once more, after a wait.
    Retry {
        /// How long to wait first.
        wait: Duration,
    },
    /// The next candidate, at once.
    Fallback,
    /// Nothing: the error is told.
    Stop,
}

/// Where an answer stands in its plan.
#[derive(Debug, Clone)]
pub struct Plan {
    candidates: usize,
    current: usize,
    tries_of_current: u32,
    attempts: u32,
    budget: Budget,
}

impl Plan {
    /// The plan for so many candidates; the first is asked at once.
    pub const fn new(candidates: usize, budget: Budget) -> Self {
        Self { candidates, current: 0, tries_of_current: 1, attempts: 1, budget }
    }

    /// The place of the candidate that is asked now.
    pub const fn current(&self) -> usize {
        self.current
    }

    /// How many attempts were begun, the one that runs included.
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// What comes after a failure, `elapsed` after the beginning; `chance` is drawn evenly from 0 to 1.
    pub fn after(&mut self, failure: Failure, elapsed: Duration, chance: f64) -> Step {
        let is_spent = failure.has_answer || self.attempts >= self.budget.attempts || elapsed >= self.budget.time;
        if is_spent || is_of_the_question(failure.code) {
            return Step::Stop;
        }
        if let Some(wait) = self.wait_for_retry(failure, elapsed, chance) {
            self.attempts += 1;
            self.tries_of_current += 1;
            return Step::Retry { wait };
        }
        if self.current + 1 >= self.candidates {
            return Step::Stop;
        }
        self.attempts += 1;
        self.current += 1;
        self.tries_of_current = 1;
        Step::Fallback
    }

    /// How long to wait for the same candidate; none where that cannot help, or would outlive the budget.
    fn wait_for_retry(&self, failure: Failure, elapsed: Duration, chance: f64) -> Option<Duration> {
        if !failure.code.is_retryable() || self.tries_of_current >= TRIES_OF_ONE {
            return None;
        }
        let wait = failure.retry_after.unwrap_or_else(|| backoff::wait(self.tries_of_current, chance));
        (elapsed.saturating_add(wait) < self.budget.time).then_some(wait)
    }
}

/// Whether the question itself was refused: no other candidate is to be tried with it.
const fn is_of_the_question(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::BadRequest
            | ErrorCode::Unsupported
            | ErrorCode::TooLarge
            | ErrorCode::ProviderBadRequest
            | ErrorCode::ContentBlocked
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BUDGET: Budget = Budget { attempts: 5, time: Duration::from_secs(60) };

    fn failure(code: ErrorCode) -> Failure {
        Failure { code, retry_after: None, has_answer: false }
    }

    fn step(plan: &mut Plan, failure: Failure) -> Step {
        plan.after(failure, Duration::from_secs(1), 0.5)
    }

    #[test]
    fn what_may_pass_is_tried_again_and_then_the_next_is_asked() {
        let mut plan = Plan::new(2, BUDGET);
        assert!(matches!(step(&mut plan, failure(ErrorCode::ProviderOverloaded)), Step::Retry { .. }));
        assert!(matches!(step(&mut plan, failure(ErrorCode::ProviderOverloaded)), Step::Retry { .. }));
        assert_eq!(step(&mut plan, failure(ErrorCode::ProviderOverloaded)), Step::Fallback);
        assert_eq!((plan.current(), plan.attempts()), (1, 4));
    }

    #[test]
    fn what_a_retry_cannot_help_goes_to_the_next_at_once() {
        let mut plan = Plan::new(2, BUDGET);
        assert_eq!(step(&mut plan, failure(ErrorCode::ProviderQuota)), Step::Fallback);
        assert_eq!(step(&mut plan, failure(ErrorCode::ProviderAuth)), Step::Stop);
    }

    #[test]
    fn a_refused_question_and_a_begun_answer_stop() {
        assert_eq!(step(&mut Plan::new(2, BUDGET), failure(ErrorCode::ContentBlocked)), Step::Stop);
        let begun = Failure { has_answer: true, ..failure(ErrorCode::StreamTruncated) };
        assert_eq!(step(&mut Plan::new(2, BUDGET), begun), Step::Stop);
    }

    #[test]
    fn the_providers_wait_is_kept_and_one_that_outlives_the_budget_is_not_begun() {
        let asks =
            |seconds| Failure { retry_after: Some(Duration::from_secs(seconds)), ..failure(ErrorCode::ProviderRateLimited) };
        assert_eq!(step(&mut Plan::new(1, BUDGET), asks(7)), Step::Retry { wait: Duration::from_secs(7) });
        assert_eq!(step(&mut Plan::new(1, BUDGET), asks(3600)), Step::Stop);
        assert_eq!(step(&mut Plan::new(2, BUDGET), asks(3600)), Step::Fallback);
    }

    fn any_failure() -> impl Strategy<Value = Failure> {
        (0..ErrorCode::ALL.len(), proptest::option::of(0u64..100_000), proptest::bool::weighted(0.1)).prop_map(
            |(code, after, has_answer)| Failure {
                code: ErrorCode::ALL[code],
                retry_after: after.map(Duration::from_millis),
                has_answer,
            },
        )
    }

    proptest! {
        #[test]
        fn every_plan_ends_within_its_budget(
            candidates in 1usize..6, attempts in 1u32..10, failures in proptest::collection::vec((any_failure(), 0u64..20_000, 0.0f64..=1.0), 40),
        ) {
            let budget = Budget { attempts, time: Duration::from_secs(60) };
            let (mut plan, mut elapsed, mut seen, mut has_stopped) = (Plan::new(candidates, budget), Duration::ZERO, 0, false);
            for (failure, took, chance) in failures {
                elapsed += Duration::from_millis(took);
                match plan.after(failure, elapsed, chance) {
                    Step::Retry { wait } => {
                        prop_assert!(failure.code.is_retryable() && !failure.has_answer);
                        prop_assert!(elapsed + wait < budget.time);
                        elapsed += wait;
                    }
                    Step::Fallback => {
                        prop_assert!(!failure.has_answer);
                        seen += 1;
                        prop_assert_eq!(plan.current(), seen);
                    }
                    Step::Stop => { has_stopped = true; break; }
                }
                prop_assert!(plan.attempts() <= budget.attempts);
                prop_assert!(plan.current() < candidates);
            }
            prop_assert!(has_stopped);
        }
    }
}
