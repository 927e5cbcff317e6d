//! Every account, in memory: who is calling is told from here, without the store.
//!
//! It is read once, at the start, and written after each commit. Two writers may come here in another order than to the
//! store: the newer record stays.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use mmp_shared::UserId;
use tokio::sync::watch;

use crate::{security::username::fold, store::records::UserRecord};

/// Accounts by each of their names.
#[derive(Default)]
pub(in crate::services) struct Directory {
    tables: RwLock<Tables>,
    changes: Changes,
}

#[derive(Default)]
struct Tables {
    users: HashMap<UserId, Arc<UserRecord>>,
    by_name: HashMap<String, UserId>,
    by_os_user: HashMap<u32, UserId>,
}

/// Tells those who wait that a credential may no longer be good: an account, a login or a token has changed.
#[derive(Clone)]
pub(in crate::services) struct Changes(watch::Sender<u64>);

impl Default for Changes {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Changes {
    /// Something has changed.
    pub(in crate::services) fn tell(&self) {
        self.0.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Whoever wants to be told.
    pub(in crate::services) fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}

impl Directory {
    /// Those who wait for changes, also for what others change.
    pub(in crate::services) fn changes(&self) -> &Changes {
        &self.changes
    }

    /// The account with this id.
    pub(in crate::services) fn by_id(&self, id: UserId) -> Option<Arc<UserRecord>> {
        self.read(|tables| tables.users.get(&id).cloned())
    }

    /// The account with this name, however it is written.
    pub(in crate::services) fn by_name(&self, name: &str) -> Option<Arc<UserRecord>> {
        let name = fold(name);
        self.read(|tables| tables.users.get(tables.by_name.get(&name)?).cloned())
    }

    /// The account of this OS user.
    pub(in crate::services) fn by_os_user(&self, os_user: u32) -> Option<Arc<UserRecord>> {
        self.read(|tables| tables.users.get(tables.by_os_user.get(&os_user)?).cloned())
    }

    /// The accounts that pass.
    pub(in crate::services) fn filter(&self, passes: impl Fn(&UserRecord) -> bool) -> Vec<Arc<UserRecord>> {
        self.read(|tables| tables.users.values().filter(|user| passes(user)).cloned().collect())
    }

    /// Keeps an account as it is now.
    pub(in crate::services) fn put(&self, record: UserRecord) {
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        if tables.users.get(&record.id).is_some_and(|known| known.version >= record.version) {
            return;
        }
        tables.forget(record.id);
        tables.by_name.insert(fold(&record.username), record.id);
        record.os_user.map(|os_user| tables.by_os_user.insert(os_user, record.id));
        tables.users.insert(record.id, Arc::new(record));
        drop(tables);
        self.changes.tell();
    }

    /// Forgets an account.
    pub(in crate::services) fn remove(&self, id: UserId) {
        self.tables.write().unwrap_or_else(PoisonError::into_inner).forget(id);
        self.changes.tell();
    }

    fn read<T>(&self, read: impl FnOnce(&Tables) -> T) -> T {
        read(&self.tables.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Tables {
    fn forget(&mut self, id: UserId) {
        if let Some(old) = self.users.remove(&id) {
            self.by_name.retain_one(&fold(&old.username), id);
            old.os_user.into_iter().for_each(|os_user| self.by_os_user.retain_one(&os_user, id));
        }
    }
}

/// Removes a key only while it still leads to this account: a name that was given up may be another's already.
trait RetainOne<K> {
    fn retain_one(&mut self, key: &K, id: UserId);
}

impl<K: std::hash::Hash + Eq> RetainOne<K> for HashMap<K, UserId> {
    fn retain_one(&mut self, key: &K, id: UserId) {
        if self.get(key) == Some(&id) {
            self.remove(key);
        }
    }
}
