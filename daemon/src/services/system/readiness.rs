//! Whether the daemon can do its work: its store can be read, the disk has room, sealed keys can be opened. Providers are
//! not asked: that one of them is down is no reason to send callers elsewhere.
//!
//! Whoever can connect may ask as often as they like. So what was found is said again for a while, and then one caller
//! looks anew while the others are told what was found last.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// Whether work can be done, or what is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// It can.
    Ready,
    /// The store cannot be read.
    Store,
    /// There is no room on the store's disk.
    Disk,
    /// What is sealed cannot be opened.
    Vault,
}

/// What was found last.
#[derive(Debug)]
pub(super) struct LastLook {
    kept: Duration,
    found: Mutex<Option<(Instant, Readiness)>>,
    is_looking: AtomicBool,
}

/// The right to look, until it is dropped: also where the caller who had it has gone away.
struct Turn<'a>(&'a AtomicBool);

impl<'a> Turn<'a> {
    fn take(is_looking: &'a AtomicBool) -> Option<Self> {
        (!is_looking.swap(true, Ordering::AcqRel)).then_some(Self(is_looking))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl LastLook {
    /// Nothing was found yet; what is found will be said again for so long.
    pub(super) const fn new(kept: Duration) -> Self {
        Self { kept, found: Mutex::new(None), is_looking: AtomicBool::new(false) }
    }

    /// What was found a moment ago, or what `look` finds.
    pub(super) async fn or_look(&self, look: impl Future<Output = Readiness>) -> Readiness {
        let last = *self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = Turn::take(&self.is_looking);
        match last {
            Some((at, found)) if at.elapsed() < self.kept || turn.is_none() => found,
            // Before anything was found there is nothing else to say.
            _ => {
                let found = look.await;
                *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), found));
                found
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn what_was_found_is_said_again_for_a_while() {
        let last = LastLook::new(Duration::from_secs(3600));
        assert_eq!(last.or_look(async { Readiness::Disk }).await, Readiness::Disk);
        assert_eq!(last.or_look(async { unreachable!("it was found just now") }).await, Readiness::Disk);
        let last = LastLook::new(Duration::ZERO);
        assert_eq!(last.or_look(async { Readiness::Disk }).await, Readiness::Disk);
        assert_eq!(last.or_look(async { Readiness::Ready }).await, Readiness::Ready);
    }

    #[tokio::test]
    async fn one_looks_and_the_others_are_told_what_was_found_last() {
        let last = LastLook::new(Duration::ZERO);
        last.or_look(async { Readiness::Ready }).await;
        let (told, tell) = oneshot::channel();
        let slow = last.or_look(async { tell.await.expect("it is told") });
        let others = async {
            assert_eq!(last.or_look(async { unreachable!("somebody looks already") }).await, Readiness::Ready);
            told.send(Readiness::Store).expect("somebody waits");
        };
        assert_eq!(tokio::join!(slow, others).0, Readiness::Store);
    }

    #[tokio::test]
    async fn one_who_goes_away_leaves_the_turn_to_the_next() {
        let last = LastLook::new(Duration::ZERO);
        last.or_look(async { Readiness::Ready }).await;
        assert!(tokio::time::timeout(Duration::from_millis(1), last.or_look(pending())).await.is_err());
        assert_eq!(last.or_look(async { Readiness::Vault }).await, Readiness::Vault);
    }
}
