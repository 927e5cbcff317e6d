//! The gate of two: so many passwords are hashed at once and no more, off the async threads, however many wait.
//!
//! Two leave a core to everything else on all but the smallest machines, and take 38 MiB while they last. Those who wait
//! are bounded in number and in time; who comes after them is told to come back.

use std::{sync::Arc, time::Duration};

use mmp_shared::{ApiError, ErrorCode, phrase};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
    time::timeout,
};

use crate::services::users::words::internal;

/// How many passwords are hashed at once.
const TURNS: usize = 2;
/// How many may wait.
const MOST_WAITING: usize = 512;
/// How long one waits at most.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// What who is turned away is told to wait.
const COME_BACK: Duration = Duration::from_secs(5);

/// The gate.
pub(super) struct Gate {
    turns: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

/// The right to hash now.
pub(super) struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Default for Gate {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(TURNS)), waiting: Arc::new(Semaphore::new(MOST_WAITING)) }
    }
}

impl Gate {
    /// Waits for a turn.
    ///
    /// # Errors
    ///
    /// `rate_limited` where too many wait, or for too long.
    pub(super) async fn turn(&self) -> Result<Turn, ApiError> {
        let busy = || ApiError::new(ErrorCode::RateLimited, phrase!("error-too-many-logins")).with_retry_after(COME_BACK);
        let _place = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| busy())?;
        match timeout(LONGEST_WAIT, Arc::clone(&self.turns).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Turn { _permit: permit }),
            Ok(Err(_)) | Err(_) => Err(busy()),
        }
    }
}

impl Turn {
    /// Does the work. It keeps the turn to its end, even when nobody waits for it any more.
    ///
    /// # Errors
    ///
    /// `internal` where the work panicked.
    pub(super) async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
        let work = move || {
            let _turn = self;
            work()
        };
        spawn_blocking(work).await.map_err(|error| internal(&error))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn two_are_hashed_at_once_and_the_others_wait() {
        let gate = Arc::new(Gate::default());
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let all: Vec<_> = (0..64)
            .map(|_| {
                let (gate, now, most) = (Arc::clone(&gate), Arc::clone(&now), Arc::clone(&most));
                tokio::spawn(async move {
                    let work = move || {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::thread::yield_now();
                        now.fetch_sub(1, Ordering::SeqCst);
                    };
                    gate.turn().await.expect("there is room to wait").run(work).await.expect("no panic");
                })
            })
            .collect();
        for one in all {
            one.await.expect("no panic");
        }
        assert!((1..=TURNS).contains(&most.load(Ordering::SeqCst)));
    }

    #[tokio::test]
    async fn who_finds_too_many_waiting_is_told_to_come_back() {
        let gate = Arc::new(Gate::default());
        let taken = (gate.turn().await.expect("free"), gate.turn().await.expect("free"));
        let waiting: Vec<_> = (0..MOST_WAITING)
            .map(|_| {
                tokio::spawn({
                    let gate = Arc::clone(&gate);
                    async move { gate.turn().await.map(drop) }
                })
            })
            .collect();
        while gate.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let error = gate.turn().await.err().expect("no room");
        assert_eq!((error.code, error.retry_after_ms), (ErrorCode::RateLimited, Some(5_000)));
        drop(taken);
        for one in waiting {
            assert!(one.await.expect("no panic").is_ok());
        }
    }
}
