//! Accounts: the table of all of them, the caller's own, and the account that the first contact of the daemon's own OS user makes.
//!
//! `first_contact.rs` and `profile.rs` see to those two, and what admins do to accounts is in `admin.rs`. Passwords, logins and who is calling are the affair of `services/auth`.

mod admin;
pub(super) mod directory;
mod first_contact;
mod profile;
pub(super) mod words;

use std::sync::Arc;

use mmp_shared::{
    ApiError, ErrorCode, LoginId, TokenId, UserId,
    audit::AuditKind,
    phrase,
    tokens::Scope,
    users::{AccountRole, User, Via, WhoAmI},
};

use super::{audit, clock::SharedClock};
use crate::{
    security::username::{Username, skeleton_of},
    store::{Batch, Entity, Operation, Precondition, Store, StoreError, records::UserRecord},
};
use directory::Directory;

/// How many accounts are read at once.
const READ_AT_ONCE: usize = 500;

/// How often a change is tried again on top of somebody else's.
const MOST_TRIES: usize = 20;

/// What a caller is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// The OS user at the other end of the socket.
    Peer(u32),
    /// A login.
    Login(LoginId),
    /// An access token.
    Token(TokenId),
}

impl Credential {
    /// The kind of it.
    pub const fn via(self) -> Via {
        match self {
            Self::Peer(_) => Via::Peer,
            Self::Login(_) => Via::Login,
            Self::Token(_) => Via::Token,
        }
    }
}

/// A caller that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account.
    pub id: UserId,
    /// Its name.
    pub username: String,
    /// What it may do.
    pub role: AccountRole,
    /// What it is known by.
    pub credential: Credential,
    /// What it may do with that; none is all that its role may.
    pub scopes: Option<Arc<[Scope]>>,
    /// Whether the caller is the daemon's own OS user, on this machine.
    pub is_own_os_user: bool,
}

impl Account {
    /// The account as its owner sees it.
    pub fn whoami(&self) -> WhoAmI {
        WhoAmI { id: self.id, username: self.username.clone(), role: self.role, via: self.credential.via() }
    }
}

/// The service of accounts.
pub struct Users {
    store: Arc<dyn Store>,
    own_os_user: u32,
    directory: Directory,
    clock: SharedClock,
}

impl Users {
    /// The service over a store, in a process of this OS user.
    pub fn new(store: Arc<dyn Store>, own_os_user: u32, clock: SharedClock) -> Self {
        Self { store, own_os_user, directory: Directory::default(), clock }
    }

    /// Reads every account. To be called once, before requests are taken.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn load(&self) -> Result<(), ApiError> {
        let mut after = None;
        loop {
            let records = self.store.users_after(after, READ_AT_ONCE).await?;
            let Some(last) = records.last() else { return Ok(()) };
            after = Some(last.id);
            for record in records {
                self.keep(self.with_look(record).await?);
            }
        }
    }

    /// The oldest accounts' names have no look yet. One that looks like another's stays without.
    async fn with_look(&self, record: UserRecord) -> Result<UserRecord, ApiError> {
        if !record.skeleton.is_empty() {
            return Ok(record);
        }
        let seen = Precondition::Version(Entity::User(record.id), record.version);
        let new = UserRecord { version: record.version + 1, skeleton: skeleton_of(&record.username), ..record.clone() };
        match self.store.commit(Batch::new().require(seen).then(Operation::PutUser(new.clone()))).await {
            Ok(()) => Ok(new),
            Err(StoreError::Conflict(_)) => Ok(record),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Whether an OS user is the one that the daemon runs as.
    pub(super) const fn is_own(&self, os_user: u32) -> bool {
        os_user == self.own_os_user
    }

    /// The account with this id.
    pub(super) fn record(&self, id: UserId) -> Option<Arc<UserRecord>> {
        self.directory.by_id(id)
    }

    pub(super) fn keep(&self, record: UserRecord) {
        self.directory.put(record);
    }

    /// The account that a name or an id means.
    ///
    /// # Errors
    ///
    /// `not_found` where there is none.
    pub(super) fn find(&self, reference: &str) -> Result<Arc<UserRecord>, ApiError> {
        let by_id = reference.parse().ok().and_then(|id| self.directory.by_id(id));
        by_id.or_else(|| self.directory.by_name(reference)).ok_or_else(|| {
            let phrase = phrase!("error-no-such-user", reference = reference);
            ApiError::new(ErrorCode::NotFound, phrase).with_hint(phrase!("hint-users-list"))
        })
    }

    /// An account that is to be.
    pub(super) fn fresh(&self, username: &str, role: AccountRole) -> UserRecord {
        UserRecord {
            id: UserId::generate(),
            version: 1,
            username: username.to_owned(),
            role,
            os_user: None,
            created_at: self.clock.now(),
            skeleton: skeleton_of(username),
            display_name: None,
            epoch: 0,
            disabled_at: None,
            deleting_at: None,
        }
    }

    pub(super) fn rename(&self, record: &mut UserRecord, username: &Username, actor: UserId, lines: &mut Vec<Operation>) {
        if record.username != username.as_str() {
            username.as_str().clone_into(&mut record.username);
            username.skeleton().clone_into(&mut record.skeleton);
            lines.push(audit::line(&self.clock, AuditKind::Renamed, Some(actor), Some(record.id), None));
        }
    }

    /// Changes an account, on top of whatever others change at the same time. What is done in the same batch, and what
    /// else must hold, comes from `change`.
    pub(super) async fn change(
        &self,
        id: UserId,
        change: impl Fn(&mut UserRecord, &mut Vec<Operation>) -> Result<Option<Precondition>, ApiError>,
    ) -> Result<UserRecord, ApiError> {
        for _ in 0..MOST_TRIES {
            let Some(before) = self.store.user(id).await? else { break };
            let (mut record, mut operations) = (before.clone(), Vec::new());
            let witness = change(&mut record, &mut operations)?;
            if record == before && operations.is_empty() {
                return Ok(record);
            }
            record.version += 1;
            operations.push(Operation::PutUser(record.clone()));
            let seen = Precondition::Version(Entity::User(id), before.version);
            let preconditions = std::iter::once(seen).chain(witness).collect();
            match self.store.commit(Batch { preconditions, operations }).await {
                Ok(()) => {
                    self.keep(record.clone());
                    return Ok(record);
                }
                Err(StoreError::Conflict(Precondition::Version(..))) => {}
                Err(error) => return Err(words::of_write(error)),
            }
        }
        let phrase = phrase!("error-no-such-user", reference = id);
        Err(ApiError::new(ErrorCode::NotFound, phrase))
    }

    /// An account as admins see it.
    pub(super) async fn view(&self, record: &UserRecord) -> Result<User, ApiError> {
        Ok(User {
            id: record.id,
            username: record.username.clone(),
            display_name: record.display_name.clone(),
            role: record.role,
            os_user: record.os_user,
            has_password: self.store.password(record.id).await?.is_some(),
            disabled_at: record.disabled_at,
            deleting_at: record.deleting_at,
            created_at: record.created_at,
        })
    }

    /// Whether an account can do what its role may, now.
    pub(super) fn is_active(record: &UserRecord) -> bool {
        record.disabled_at.is_none() && record.deleting_at.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{services::clock::tests::SetClock, store::memory::MemoryStore};

    fn users(own: u32) -> Users {
        Users::new(Arc::new(MemoryStore::new()), own, SetClock::new())
    }

    #[tokio::test]
    async fn the_first_contact_makes_an_admin_and_the_second_finds_it() {
        let users = users(0);
        let first = users.by_peer(0).await.expect("it is the daemon's own user");
        assert_eq!((first.username.as_str(), first.role), ("root", AccountRole::Admin));
        assert_eq!(users.by_peer(0).await.expect("it is known"), first);
    }

    #[tokio::test]
    async fn another_os_user_is_unknown() {
        assert_eq!(users(0).by_peer(12345).await.expect_err("no account").code, ErrorCode::Unauthenticated);
    }

    #[tokio::test]
    async fn a_name_that_is_taken_does_not_keep_the_own_os_user_out() {
        let users = users(0);
        let taken = users.fresh("Root", AccountRole::User);
        users.store.commit(Batch::new().then(Operation::PutUser(taken))).await.expect("nobody has it");
        assert_eq!(users.by_peer(0).await.expect("an account").username, "root-0");
    }

    #[tokio::test]
    async fn an_account_of_an_older_version_gets_a_look_at_the_start() {
        let users = users(0);
        let old = UserRecord { skeleton: String::new(), ..users.fresh("ann", AccountRole::User) };
        users.store.commit(Batch::new().then(Operation::PutUser(old.clone()))).await.expect("nobody has it");
        users.load().await.expect("it loads");
        assert_eq!(users.record(old.id).expect("it is known").skeleton, "ann");
        assert_eq!(users.find("ANN").expect("by name").id, old.id);
    }

    #[tokio::test]
    async fn first_contacts_at_once_make_one_account() {
        let users = Arc::new(users(0));
        let callers: Vec<_> = (0..32)
            .map(|_| {
                tokio::spawn({
                    let users = Arc::clone(&users);
                    async move { users.by_peer(0).await }
                })
            })
            .collect();
        let mut ids = Vec::new();
        for caller in callers {
            ids.push(caller.await.expect("no panic").expect("an account").id);
        }
        ids.dedup();
        assert_eq!(ids.len(), 1);
    }
}
