//! Attempts to log in: the windows of the names that are tried, and what is kept of every attempt.
//!
//! The store holds the truth; a window in memory is made from it, and may be let go of at any time. The rule itself is
//! `security/attempts`, and its times are the steady clock's.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use mmp_shared::{ApiError, AttemptId, ErrorCode, UserId, audit::AuditKind, phrase};
use sha2::{Digest, Sha256};

use crate::{
    security::{
        attempts::{Attempt, Lock, Verdict, WINDOW, Window},
        username::fold,
    },
    services::{audit, clock::SharedClock},
    store::{
        Batch, Operation, PageRequest, Store,
        records::{AttemptOutcome, LoginAttemptRecord},
    },
};

/// The most windows that are in memory at once.
const MOST_WINDOWS: usize = 10_000;
/// How far back a window is made from the store: a lock, and what led to it.
const LOOK_BACK: SignedDuration = SignedDuration::from_mins(30);
/// How many attempts are read for a window at most.
const MOST_READ: usize = 1_000;
const READ_AT_ONCE: usize = 200;
/// How many attempts at a locked name are kept.
const MOST_KEPT_OF_A_LOCK: u32 = 100;
/// How long an attempt is kept.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24 * 90);

/// The name that is tried, and from where.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    fingerprint: [u8; 16],
    user_id: Option<UserId>,
    source: String,
}

impl Subject {
    /// Somebody tries this name. Nothing of a name that is no account's is kept but a fingerprint: people type their
    /// passwords there.
    pub(super) fn new(username: &str, user_id: Option<UserId>, source: String) -> Self {
        Self { fingerprint: fingerprint(username), user_id, source }
    }
}

/// What stands for a name among the attempts.
pub(in crate::services) fn fingerprint(username: &str) -> [u8; 16] {
    let hash: [u8; 32] = Sha256::digest(fold(username).as_bytes()).into();
    let mut fingerprint = [0; 16];
    fingerprint.copy_from_slice(&hash[..16]);
    fingerprint
}

/// The windows, and those who keep them.
pub(super) struct Attempts {
    store: Arc<dyn Store>,
    clock: SharedClock,
    windows: Mutex<HashMap<[u8; 16], Known>>,
}

struct Known {
    window: Window,
    used: SignedDuration,
    kept_while_locked: u32,
}

/// A try at a password that is under way. Dropped, it is over.
pub(super) struct Try<'a> {
    attempts: &'a Attempts,
    subject: Subject,
}

impl Drop for Try<'_> {
    fn drop(&mut self) {
        if let Some(known) = self.attempts.windows().get_mut(&self.subject.fingerprint) {
            known.window.finish(&self.subject.source);
        }
    }
}

/// What is to be kept of an attempt, and what it led to.
pub(super) struct Noted {
    /// What is to be kept; where it locked the name, the audit's line too.
    pub(super) operations: Vec<Operation>,
    /// How long the next attempt is to wait.
    pub(super) wait: Option<SignedDuration>,
}

impl Attempts {
    pub(super) fn new(store: Arc<dyn Store>, clock: SharedClock) -> Self {
        Self { store, clock, windows: Mutex::default() }
    }

    /// Makes the window of a name, if it is not there.
    pub(super) async fn look_up(&self, subject: &Subject) -> Result<(), ApiError> {
        if self.windows().contains_key(&subject.fingerprint) {
            return Ok(());
        }
        let mut window = Window::default();
        for record in self.recent(subject.fingerprint, LOOK_BACK).await?.iter().rev() {
            window.note(&record.source, self.clock.steady_of(record.at), attempt_of(record.outcome));
        }
        let now = self.clock.steady();
        let mut windows = self.windows();
        if windows.len() >= MOST_WINDOWS {
            let oldest = windows.iter().min_by_key(|(_, known)| known.used).map(|(subject, _)| *subject);
            oldest.map(|oldest| windows.remove(&oldest));
        }
        windows.entry(subject.fingerprint).or_insert(Known { window, used: now, kept_while_locked: 0 });
        Ok(())
    }

    async fn recent(&self, subject: [u8; 16], ago: SignedDuration) -> Result<Vec<LoginAttemptRecord>, ApiError> {
        let since = self.clock.now().saturating_sub(ago).unwrap_or(Timestamp::MIN);
        let (mut records, mut cursor) = (Vec::new(), None);
        loop {
            let page = self.store.login_attempts(subject, PageRequest { limit: READ_AT_ONCE, cursor }).await?;
            let is_old = page.items.last().is_none_or(|last| last.at < since);
            records.extend(page.items.into_iter().filter(|record| record.at >= since));
            cursor = page.next_cursor;
            if is_old || cursor.is_none() || records.len() >= MOST_READ {
                return Ok(records);
            }
        }
    }

    /// Whether a password may be tried now; where it may not, the attempt is noted and refused. The window must be there.
    pub(super) async fn admit(&self, subject: &Subject) -> Result<(), ApiError> {
        let attempt = {
            let now = self.clock.steady();
            match self.with(subject, |known| known.window.verdict(&subject.source, now)) {
                Verdict::Try => return Ok(()),
                Verdict::TooSoon(_) => Attempt::TooSoon,
                Verdict::Locked(_) => Attempt::Locked,
            }
        };
        let Noted { operations, wait } = self.note(subject, attempt);
        if !operations.is_empty() {
            self.store.commit(Batch { preconditions: Vec::new(), operations }).await?;
        }
        Err(refusal(wait))
    }

    /// A try at a password begins.
    pub(super) fn begin(&self, subject: &Subject) -> Try<'_> {
        self.with(subject, |known| known.window.begin(&subject.source));
        Try { attempts: self, subject: subject.clone() }
    }

    /// Notes how an attempt ended.
    pub(super) fn note(&self, subject: &Subject, attempt: Attempt) -> Noted {
        let now = self.clock.steady();
        let (lock, wait, kept) = self.with(subject, |known| {
            let lock = known.window.note(&subject.source, now, attempt);
            known.kept_while_locked = if attempt == Attempt::Locked { known.kept_while_locked.saturating_add(1) } else { 0 };
            (lock, known.window.wait(&subject.source, now), known.kept_while_locked)
        });
        let mut operations = Vec::new();
        if kept <= MOST_KEPT_OF_A_LOCK {
            operations.push(Operation::PutLoginAttempt(LoginAttemptRecord {
                id: AttemptId::generate(),
                subject: subject.fingerprint,
                user_id: subject.user_id,
                source: subject.source.clone(),
                at: self.clock.now(),
                outcome: outcome_of(attempt),
            }));
        }
        if let Some(lock) = lock {
            tracing::warn!(source = subject.source, lock = word(lock), "too many attempts: passwords of an account are refused");
            let detail = Some(word(lock).to_owned());
            operations.push(audit::line(&self.clock, AuditKind::LoginLocked, None, subject.user_id, detail));
        }
        Noted { operations, wait }
    }

    /// When a name last logged in, and how many attempts have failed since.
    pub(super) async fn history(&self, subject: &Subject) -> Result<(Option<Timestamp>, u64), ApiError> {
        let mut failures = 0;
        let mut cursor = None;
        loop {
            let page = self.store.login_attempts(subject.fingerprint, PageRequest { limit: READ_AT_ONCE, cursor }).await?;
            for record in page.items {
                if record.outcome == AttemptOutcome::Success {
                    return Ok((Some(record.at), failures));
                }
                failures += 1;
            }
            cursor = page.next_cursor;
            // Whoever is attacked that much is told a number that says so.
            if cursor.is_none() || failures >= MOST_READ as u64 {
                return Ok((None, failures));
            }
        }
    }

    /// Forgets attempts that are too old to tell anybody. Returns how many that were.
    pub(super) async fn forget_old(&self) -> Result<usize, ApiError> {
        let before = self.clock.now().saturating_sub(KEPT_FOR).unwrap_or(Timestamp::MIN);
        let mut forgotten = 0;
        loop {
            let old = self.store.old_login_attempts(before, READ_AT_ONCE).await?;
            if old.is_empty() {
                return Ok(forgotten);
            }
            forgotten += old.len();
            let operations = old.into_iter().map(|gone| Operation::DeleteLoginAttempt(gone.subject, gone.at, gone.id)).collect();
            self.store.commit(Batch { preconditions: Vec::new(), operations }).await?;
        }
    }

    /// A window that was let go of meanwhile begins anew: that takes ten thousand other names within one login.
    fn with<T>(&self, subject: &Subject, work: impl FnOnce(&mut Known) -> T) -> T {
        let used = self.clock.steady();
        let mut windows = self.windows();
        let fresh = || Known { window: Window::default(), used, kept_while_locked: 0 };
        let known = windows.entry(subject.fingerprint).or_insert_with(fresh);
        known.used = used;
        work(known)
    }

    fn windows(&self) -> MutexGuard<'_, HashMap<[u8; 16], Known>> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is said to an attempt that is refused or that failed too often: the same whatever the reason.
pub(super) fn refusal(wait: Option<SignedDuration>) -> ApiError {
    let wait = wait.unwrap_or(WINDOW).max(SignedDuration::from_secs(1));
    let seconds = u64::try_from(wait.as_secs()).unwrap_or(1) + u64::from(wait.subsec_nanos() > 0);
    let error = ApiError::new(ErrorCode::RateLimited, phrase!("error-too-many-attempts", seconds = seconds));
    error.with_hint(phrase!("hint-too-many-attempts")).with_retry_after(Duration::from_secs(seconds))
}

const fn attempt_of(outcome: AttemptOutcome) -> Attempt {
    match outcome {
        AttemptOutcome::Success => Attempt::Success,
        AttemptOutcome::Failure => Attempt::Failure,
        AttemptOutcome::TooSoon => Attempt::TooSoon,
        AttemptOutcome::Locked => Attempt::Locked,
    }
}

const fn outcome_of(attempt: Attempt) -> AttemptOutcome {
    match attempt {
        Attempt::Success => AttemptOutcome::Success,
        Attempt::Failure => AttemptOutcome::Failure,
        Attempt::TooSoon => AttemptOutcome::TooSoon,
        Attempt::Locked => AttemptOutcome::Locked,
    }
}

/// The word for whom a name is locked.
const fn word(lock: Lock) -> &'static str {
    match lock {
        Lock::Source => "source",
        Lock::Everywhere => "everywhere",
    }
}
