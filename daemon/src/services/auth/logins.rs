//! The table of logins: in memory for every request, written through to the store, and how one is refreshed.
//!
//! A refresh token is good once. For a short while after that it gets the same successor again, for the answer may have
//! been lost, or two processes may share a login; later it is somebody else's copy, and the login ends.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use jiff::SignedDuration;
use mmp_shared::{ApiError, ErrorCode, LoginId, UserId, audit::AuditKind, phrase};

use crate::{
    security::token::{RefreshToken, is_same},
    services::{
        audit,
        clock::SharedClock,
        users::{directory::Changes, words::internal},
    },
    store::{
        Batch, Entity, Operation, Precondition, Store, StoreError,
        records::{LoginRecord, RotationRecord, UserRecord},
    },
};

/// How long a refresh token that was used gets the same successor.
const GRACE: SignedDuration = SignedDuration::from_secs(30);
/// How often a login is refreshed within that time.
const MOST_ROTATIONS: usize = 8;
/// How often a refresh is tried again after another one was first.
const MOST_TRIES: usize = 50;
/// How many logins are read at once.
const READ_AT_ONCE: usize = 500;
/// How many bytes are drawn for a successor.
const SALT_LENGTH: usize = 32;

/// A login, and when its last refresh tokens were used, by the steady clock.
pub(super) struct Entry {
    pub(super) record: LoginRecord,
    rotated: Vec<SignedDuration>,
}

/// Every login.
pub(super) struct Logins {
    store: Arc<dyn Store>,
    clock: SharedClock,
    changes: Changes,
    tables: RwLock<Tables>,
}

#[derive(Default)]
struct Tables {
    entries: HashMap<LoginId, Arc<Entry>>,
    of_users: HashMap<UserId, BTreeSet<LoginId>>,
}

/// What a refresh token is, when it comes.
enum Standing {
    /// The one that is good.
    Current,
    /// One that was used a moment ago, and what its successor is made with.
    JustUsed(Vec<u8>),
    /// One of this login's, used long ago.
    Reused,
}

impl Logins {
    pub(super) fn new(store: Arc<dyn Store>, clock: SharedClock, changes: Changes) -> Self {
        Self { store, clock, changes, tables: RwLock::default() }
    }

    /// Reads every login, once.
    pub(super) async fn load(&self) -> Result<(), ApiError> {
        let mut after = None;
        loop {
            let records = self.store.logins_after(after, READ_AT_ONCE).await?;
            let Some(last) = records.last() else { return Ok(()) };
            after = Some(last.id);
            records.into_iter().for_each(|record| self.keep(record));
        }
    }

    /// The login with this id.
    pub(super) fn find(&self, id: LoginId) -> Option<Arc<Entry>> {
        self.tables.read().unwrap_or_else(PoisonError::into_inner).entries.get(&id).cloned()
    }

    /// A user's logins, the oldest first.
    pub(super) fn of_user(&self, user_id: UserId) -> Vec<Arc<Entry>> {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        let ids = tables.of_users.get(&user_id).into_iter().flatten();
        ids.filter_map(|id| tables.entries.get(id).cloned()).collect()
    }

    /// Logins that ended so long ago that no calendar brings them back.
    pub(super) fn long_over(&self, before: jiff::Timestamp, limit: usize) -> Vec<LoginId> {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        let over = tables.entries.values().filter(|entry| entry.record.expires_at < before);
        over.map(|entry| entry.record.id).take(limit).collect()
    }

    /// Keeps a login as it is on disk now.
    pub(super) fn keep(&self, record: LoginRecord) {
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        let known = tables.entries.get(&record.id);
        if known.is_some_and(|known| known.record.version >= record.version) {
            return;
        }
        // What was noted by the steady clock stays so, whatever the calendar says now.
        let noted = |rotation: &RotationRecord| {
            let known = known?;
            let place = known.record.rotations.iter().position(|other| other.hash == rotation.hash)?;
            known.rotated.get(place).copied()
        };
        let rotated = record.rotations.iter().map(|one| noted(one).unwrap_or_else(|| self.clock.steady_of(one.at))).collect();
        tables.of_users.entry(record.user_id).or_default().insert(record.id);
        tables.entries.insert(record.id, Arc::new(Entry { record, rotated }));
    }

    /// Forgets logins that are gone from the store.
    pub(super) fn remove(&self, ids: &[LoginId]) {
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        for id in ids {
            let Some(entry) = tables.entries.remove(id) else { continue };
            let user_id = entry.record.user_id;
            if let Some(of_user) = tables.of_users.get_mut(&user_id) {
                of_user.remove(id);
                if of_user.is_empty() {
                    tables.of_users.remove(&user_id);
                }
            }
        }
        drop(tables);
        self.changes.tell();
    }

    /// Ends a login: in the store, and then for every request.
    pub(super) async fn end(&self, record: &LoginRecord, kind: AuditKind) -> Result<(), ApiError> {
        let line = audit::line(&self.clock, kind, Some(record.user_id), Some(record.user_id), Some(record.id.short()));
        self.store.commit(Batch::new().then(Operation::DeleteLogin(record.id)).then(line)).await?;
        self.remove(&[record.id]);
        Ok(())
    }

    /// Takes a refresh token for its successor. `user` says whose logins still count.
    pub(super) async fn refresh(
        &self,
        token: &RefreshToken,
        lifetime: SignedDuration,
        user: impl Fn(&LoginRecord) -> Result<Arc<UserRecord>, ApiError>,
    ) -> Result<(Arc<Entry>, RefreshToken), ApiError> {
        for _ in 0..MOST_TRIES {
            let entry = self.find(token.login).ok_or_else(not_good)?;
            if !is_same(&entry.record.family_hash, &token.family_hash()) {
                return Err(not_good());
            }
            user(&entry.record)?;
            match self.standing(&entry, token) {
                Standing::JustUsed(salt) => return Ok((entry, token.successor(&salt))),
                Standing::Reused => {
                    tracing::warn!(login = %entry.record.id, "a refresh token came a second time: its login ends");
                    self.end(&entry.record, AuditKind::RefreshReused).await?;
                    return Err(not_good());
                }
                Standing::Current => {
                    if let Some(done) = self.rotate(&entry, token, lifetime).await? {
                        return Ok(done);
                    }
                }
            }
        }
        Err(ApiError::new(ErrorCode::Conflict, phrase!("error-store-conflict")))
    }

    fn standing(&self, entry: &Entry, token: &RefreshToken) -> Standing {
        let own = token.own_hash();
        if is_same(&entry.record.refresh_hash, &own) {
            return Standing::Current;
        }
        let used = entry.record.rotations.iter().zip(&entry.rotated).find(|(rotation, _)| is_same(&rotation.hash, &own));
        match used {
            Some((rotation, at)) if self.is_recent(*at) => Standing::JustUsed(rotation.salt.clone()),
            _ => Standing::Reused,
        }
    }

    fn is_recent(&self, at: SignedDuration) -> bool {
        self.clock.steady().saturating_sub(at) <= GRACE
    }

    /// Makes the successor the good one. None where another request was first: it is known here then.
    async fn rotate(
        &self,
        entry: &Entry,
        token: &RefreshToken,
        lifetime: SignedDuration,
    ) -> Result<Option<(Arc<Entry>, RefreshToken)>, ApiError> {
        let before = &entry.record;
        let recent = before.rotations.iter().zip(&entry.rotated).filter(|(_, at)| self.is_recent(**at));
        let mut rotations: Vec<_> = recent.map(|(rotation, _)| rotation.clone()).collect();
        if rotations.len() >= MOST_ROTATIONS {
            let error = ApiError::new(ErrorCode::RateLimited, phrase!("error-too-many-refreshes"));
            return Err(error.with_retry_after(GRACE.unsigned_abs()));
        }
        let mut salt = vec![0; SALT_LENGTH];
        getrandom::fill(&mut salt).map_err(|error| internal(&error))?;
        let (now, successor) = (self.clock.now(), token.successor(&salt));
        rotations.push(RotationRecord { hash: token.own_hash().to_vec(), salt, at: now });
        let record = LoginRecord {
            version: before.version + 1,
            refresh_hash: successor.own_hash().to_vec(),
            rotations,
            refreshed_at: now,
            expires_at: now.saturating_add(lifetime).unwrap_or(before.expires_at),
            ..before.clone()
        };
        let seen = Precondition::Version(Entity::Login(record.id), before.version);
        match self.store.commit(Batch::new().require(seen).then(Operation::PutLogin(record.clone()))).await {
            Ok(()) => {
                self.keep(record);
                Ok(self.find(token.login).map(|entry| (entry, successor)))
            }
            Err(StoreError::Conflict(_)) => {
                match self.store.login(before.id).await? {
                    Some(newer) => self.keep(newer),
                    None => self.remove(&[before.id]),
                }
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// What is said to whatever is no good login: nothing that tells what is wrong with it.
pub(super) fn not_good() -> ApiError {
    ApiError::new(ErrorCode::Unauthenticated, phrase!("error-login-over")).with_hint(phrase!("hint-log-in"))
}
