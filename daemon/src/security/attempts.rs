//! How often a password may be tried: the attempts at one name, as a window that slides. Pure; time comes in.
//!
//! Three failures cost nothing. From the fourth on another try is refused for a while that doubles each time, and a try
//! that comes sooner counts as well. Ten within a quarter of an hour lock the name for that source for a quarter of an
//! hour, fifty from anywhere lock it for every source. What is refused because of a lock teaches nobody anything and
//! counts for nothing: so a lock ends by itself, and one source alone can never lock the others out.

use std::collections::{HashMap, VecDeque};

use jiff::SignedDuration;

/// How long an attempt counts, and how long a lock lasts.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// How many failures cost nothing.
const FREE: usize = 3;
/// How many from one source lock the name for it.
const MOST_FROM_ONE: usize = 10;
/// How many from all sources lock the name.
const MOST_FROM_ALL: usize = 50;
/// How long the fourth failure is answered for; each one after it for twice as long.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(5);
/// How long to wait where other attempts are being looked at, as many as may fail.
const SHORT_WAIT: SignedDuration = SignedDuration::from_secs(1);

/// What an attempt was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// The password was right.
    Success,
    /// It was not.
    Failure,
    /// It came too soon, and was not looked at.
    TooSoon,
    /// The name was locked.
    Locked,
}

/// For whom a name is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// For the source that failed.
    Source,
    /// For everybody.
    Everywhere,
}

/// Whether a password may be tried now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Try,
    /// It may in this long.
    TooSoon(SignedDuration),
    /// It may in this long, when the lock ends.
    Locked(SignedDuration),
}

/// The attempts at one name.
#[derive(Debug, Default)]
pub struct Window {
    sources: HashMap<String, Source>,
    all: VecDeque<SignedDuration>,
    locked_until: Option<SignedDuration>,
}

#[derive(Debug, Default)]
struct Source {
    failures: VecDeque<SignedDuration>,
    locked_until: Option<SignedDuration>,
    being_tried: usize,
}

impl Window {
    /// Whether a password may be tried from this source now.
    pub fn verdict(&mut self, source: &str, now: SignedDuration) -> Verdict {
        self.forget(now);
        if let Some(until) = self.locked_until {
            return Verdict::Locked(until.saturating_sub(now));
        }
        let tried_everywhere: usize = self.sources.values().map(|source| source.being_tried).sum();
        let Some(from) = self.sources.get(source) else {
            return if self.all.len() + tried_everywhere < MOST_FROM_ALL { Verdict::Try } else { Verdict::TooSoon(SHORT_WAIT) };
        };
        if let Some(until) = from.locked_until {
            return Verdict::Locked(until.saturating_sub(now));
        }
        if let (Some(last), Some(wait)) = (from.failures.back(), wait_after(from.failures.len()))
            && now < last.saturating_add(wait)
        {
            return Verdict::TooSoon(last.saturating_add(wait).saturating_sub(now));
        }
        let is_full =
            from.failures.len() + from.being_tried >= MOST_FROM_ONE || self.all.len() + tried_everywhere >= MOST_FROM_ALL;
        if is_full { Verdict::TooSoon(SHORT_WAIT) } else { Verdict::Try }
    }

    /// Notes that a password is being looked at: until its outcome is noted it may fail.
    pub fn begin(&mut self, source: &str) {
        self.sources.entry(source.to_owned()).or_default().being_tried += 1;
    }

    /// Notes that the look at a password is over, whatever came of it.
    pub fn finish(&mut self, source: &str) {
        if let Some(from) = self.sources.get_mut(source) {
            from.being_tried = from.being_tried.saturating_sub(1);
        }
    }

    /// Notes an attempt; where it locks the name, says for whom.
    pub fn note(&mut self, source: &str, at: SignedDuration, attempt: Attempt) -> Option<Lock> {
        self.forget(at);
        match attempt {
            Attempt::Locked => None,
            Attempt::Success => {
                if let Some(from) = self.sources.get_mut(source) {
                    from.failures.clear();
                }
                None
            }
            Attempt::Failure | Attempt::TooSoon => self.count(source, at),
        }
    }

    /// How long the next attempt from this source is to wait, after one that failed.
    pub fn wait(&mut self, source: &str, now: SignedDuration) -> Option<SignedDuration> {
        match self.verdict(source, now) {
            Verdict::Try => None,
            Verdict::TooSoon(wait) | Verdict::Locked(wait) => Some(wait),
        }
    }

    fn count(&mut self, source: &str, at: SignedDuration) -> Option<Lock> {
        let from = self.sources.entry(source.to_owned()).or_default();
        from.failures.push_back(at);
        self.all.push_back(at);
        if self.all.len() >= MOST_FROM_ALL {
            self.locked_until = Some(at.saturating_add(WINDOW));
            self.all.clear();
            return Some(Lock::Everywhere);
        }
        if from.failures.len() >= MOST_FROM_ONE {
            from.locked_until = Some(at.saturating_add(WINDOW));
            from.failures.clear();
            return Some(Lock::Source);
        }
        None
    }

    /// Lets go of what no longer counts.
    fn forget(&mut self, now: SignedDuration) {
        let is_old = |at: &SignedDuration| at.saturating_add(WINDOW) <= now;
        let is_over = |until: &Option<SignedDuration>| until.is_some_and(|until| until <= now);
        self.all.retain(|at| !is_old(at));
        if is_over(&self.locked_until) {
            self.locked_until = None;
        }
        self.sources.retain(|_, from| {
            from.failures.retain(|at| !is_old(at));
            if is_over(&from.locked_until) {
                from.locked_until = None;
            }
            !from.failures.is_empty() || from.locked_until.is_some() || from.being_tried > 0
        });
    }
}

fn wait_after(failures: usize) -> Option<SignedDuration> {
    let doublings = u32::try_from(failures.checked_sub(FREE + 1)?).ok()?;
    FIRST_WAIT.checked_mul(1_i32.checked_shl(doublings.min(20))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> SignedDuration {
        SignedDuration::from_secs(seconds)
    }

    fn fail(window: &mut Window, source: &str, times: usize, now: i64) -> Option<Lock> {
        (0..times).map(|_| window.note(source, at(now), Attempt::Failure)).last().flatten()
    }

    #[test]
    fn three_failures_are_free_and_each_one_after_them_waits_twice_as_long() {
        let mut window = Window::default();
        fail(&mut window, "a", 3, 0);
        assert_eq!(window.verdict("a", at(0)), Verdict::Try);
        for (failures, wait) in [(4, 5), (5, 10), (6, 20), (7, 40), (8, 80), (9, 160)] {
            fail(&mut window, "a", 1, 0);
            assert_eq!(window.verdict("a", at(0)), Verdict::TooSoon(at(wait)), "{failures}");
            assert_eq!(window.verdict("a", at(wait)), Verdict::Try, "{failures}");
        }
    }

    #[test]
    fn ten_lock_the_name_for_the_source_and_for_no_other() {
        let mut window = Window::default();
        assert_eq!(fail(&mut window, "a", 10, 0), Some(Lock::Source));
        assert_eq!(window.verdict("a", at(1)), Verdict::Locked(at(899)));
        assert_eq!(window.verdict("b", at(1)), Verdict::Try);
        assert_eq!(window.note("a", at(1), Attempt::Locked), None);
        assert_eq!(window.verdict("a", at(900)), Verdict::Try, "it unlocks by itself, and begins anew");
    }

    #[test]
    fn fifty_from_anywhere_lock_it_for_all() {
        let mut window = Window::default();
        for source in 0..24 {
            assert_eq!(fail(&mut window, &source.to_string(), 2, 0), None);
        }
        assert_eq!(fail(&mut window, "x", 2, 0), Some(Lock::Everywhere));
        assert_eq!(window.verdict("y", at(0)), Verdict::Locked(at(900)));
        assert_eq!(window.verdict("y", at(900)), Verdict::Try);
    }

    #[test]
    fn one_source_never_locks_the_others_out() {
        let mut window = Window::default();
        for now in 0..800 {
            let attempt = match window.verdict("a", at(now)) {
                Verdict::Try => Attempt::Failure,
                Verdict::TooSoon(_) => Attempt::TooSoon,
                Verdict::Locked(_) => Attempt::Locked,
            };
            window.note("a", at(now), attempt);
        }
        assert_eq!(window.verdict("b", at(800)), Verdict::Try);
    }

    #[test]
    fn attempts_that_come_too_soon_count() {
        let mut window = Window::default();
        fail(&mut window, "a", 4, 0);
        let locks: Vec<_> = (0..6).map(|_| window.note("a", at(1), Attempt::TooSoon)).collect();
        assert_eq!(locks[5], Some(Lock::Source));
    }

    #[test]
    fn old_failures_and_a_success_are_a_new_beginning() {
        let mut window = Window::default();
        fail(&mut window, "a", 5, 0);
        assert_eq!(window.verdict("a", at(900)), Verdict::Try);
        assert!(window.sources.is_empty(), "nothing is kept for longer than it counts");
        fail(&mut window, "a", 5, 1000);
        window.note("a", at(1010), Attempt::Success);
        fail(&mut window, "a", 3, 1010);
        assert_eq!(window.verdict("a", at(1010)), Verdict::Try);
    }

    #[test]
    fn what_is_being_tried_may_fail() {
        let mut window = Window::default();
        (0..10).for_each(|_| window.begin("a"));
        assert_eq!(window.verdict("a", at(0)), Verdict::TooSoon(SHORT_WAIT));
        window.finish("a");
        assert_eq!(window.verdict("a", at(0)), Verdict::Try);
    }
}
