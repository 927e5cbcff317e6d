//! Accounts: who is calling, and the account that the first contact of the daemon's own OS user makes.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use jiff::Timestamp;
use mmp_shared::{
    ApiError, ErrorCode, UserId, phrase,
    users::{AccountRole, Via, WhoAmI},
};

use crate::{
    security::os_user,
    store::{Batch, Entity, Operation, Precondition, Store, StoreError, records::UserRecord},
};

/// A caller that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account.
    pub id: UserId,
    /// Its name.
    pub username: String,
    /// What it may do.
    pub role: AccountRole,
    /// How the caller is known.
    pub via: Via,
    /// Whether the caller is the daemon's own OS user, on this machine.
    pub is_own_os_user: bool,
}

impl Account {
    /// The account as its owner sees it.
    pub fn whoami(&self) -> WhoAmI {
        WhoAmI { id: self.id, username: self.username.clone(), role: self.role, via: self.via }
    }
}

/// The service of accounts.
pub struct Users {
    store: Arc<dyn Store>,
    own_os_user: u32,
    known: RwLock<HashMap<u32, Account>>,
}

impl Users {
    /// The service over a store, in a process of this OS user.
    pub fn new(store: Arc<dyn Store>, own_os_user: u32) -> Self {
        Self { store, own_os_user, known: RwLock::new(HashMap::new()) }
    }

    /// The account of the OS user at the other end of a Unix socket. The daemon's own user gets one at the first contact.
    ///
    /// # Errors
    ///
    /// `unauthenticated` for an OS user without an account.
    pub async fn by_peer(&self, os_user: u32) -> Result<Account, ApiError> {
        if let Some(account) = self.known.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&os_user) {
            return Ok(account.clone());
        }
        let record = match self.store.user_by_os_user(os_user).await? {
            Some(record) => record,
            None if os_user == self.own_os_user => self.make_own().await?,
            None => {
                let phrase = phrase!("error-unknown-os-user", user = os_user::name_of(os_user));
                return Err(ApiError::new(ErrorCode::Unauthenticated, phrase));
            }
        };
        let account = self.account(record, os_user);
        self.known.write().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(os_user, account.clone());
        Ok(account)
    }

    fn account(&self, record: UserRecord, os_user: u32) -> Account {
        Account {
            id: record.id,
            username: record.username,
            role: record.role,
            via: Via::Peer,
            is_own_os_user: os_user == self.own_os_user,
        }
    }

    async fn make_own(&self) -> Result<UserRecord, ApiError> {
        let record = UserRecord {
            id: UserId::generate(),
            version: 1,
            username: os_user::name_of(self.own_os_user),
            role: AccountRole::Admin,
            os_user: Some(self.own_os_user),
            created_at: Timestamp::now(),
            skeleton: String::new(),
            display_name: None,
            epoch: 0,
            disabled_at: None,
            deleting_at: None,
        };
        let batch = Batch::new()
            .require(Precondition::Absent(Entity::OsUser(self.own_os_user)))
            .require(Precondition::Absent(Entity::Username(record.username.clone())))
            .then(Operation::PutUser(record.clone()));
        match self.store.commit(batch).await {
            Ok(()) => {
                tracing::info!(user = %record.id, "the first contact of this OS user made its account");
                Ok(record)
            }
            // Another request of the same user was first.
            Err(StoreError::Conflict(_)) => {
                self.store.user_by_os_user(self.own_os_user).await?.ok_or_else(|| {
                    ApiError::new(ErrorCode::Conflict, phrase!("error-username-taken", username = record.username))
                })
            }
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::memory::MemoryStore;

    #[tokio::test]
    async fn the_first_contact_makes_an_admin_and_the_second_finds_it() {
        let users = Users::new(Arc::new(MemoryStore::new()), 0);
        let first = users.by_peer(0).await.expect("it is the daemon's own user");
        assert_eq!((first.username.as_str(), first.role, first.via), ("root", AccountRole::Admin, Via::Peer));
        assert_eq!(users.by_peer(0).await.expect("it is known"), first);
    }

    #[tokio::test]
    async fn another_os_user_is_unknown() {
        let users = Users::new(Arc::new(MemoryStore::new()), 0);
        assert_eq!(users.by_peer(12345).await.expect_err("no account").code, ErrorCode::Unauthenticated);
    }

    #[tokio::test]
    async fn first_contacts_at_once_make_one_account() {
        let users = Arc::new(Users::new(Arc::new(MemoryStore::new()), 0));
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
