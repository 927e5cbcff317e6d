//! Logins: by id, and by user.

use std::ops::Bound;

use async_trait::async_trait;
use mmp_shared::{LoginId, UserId};

use super::{
    SledStore,
    keys::{Key, Table, id_at_end},
    pages,
    pending::Pending,
    source::Source,
};
use crate::store::{Logins, Result, StoreError, records::LoginRecord};

fn key(id: LoginId) -> Key {
    Key::of(Table::Login).id(id.as_bytes())
}

fn of_user(user_id: UserId) -> Key {
    Key::of(Table::LoginByUser).id(user_id.as_bytes())
}

pub(super) fn find(source: &impl Source, id: LoginId) -> Result<Option<LoginRecord>> {
    source.record(&key(id))
}

pub(super) fn put(pending: &mut Pending<'_>, record: &LoginRecord) -> Result<()> {
    delete(pending, record.id)?;
    pending.put_mark(&of_user(record.user_id).id(record.id.as_bytes()));
    pending.put(&key(record.id), record)
}

pub(super) fn delete(pending: &mut Pending<'_>, id: LoginId) -> Result<()> {
    if let Some(old) = find(pending, id)? {
        pending.remove_value(&of_user(old.user_id).id(id.as_bytes()));
    }
    pending.remove(&key(id))
}

#[async_trait]
impl Logins for SledStore {
    async fn login(&self, id: LoginId) -> Result<Option<LoginRecord>> {
        self.read(move |tree| find(tree, id)).await
    }

    async fn logins(&self, user_id: UserId) -> Result<Vec<LoginRecord>> {
        self.read(move |tree| {
            pages::list(tree, &of_user(user_id), usize::MAX, |key, _| {
                let id = LoginId::from_bytes(id_at_end(key)?);
                let record = find(tree, id)?;
                record.map(Some).ok_or_else(|| StoreError::Damaged(format!("login `{id}` is listed and missing")))
            })
        })
        .await
    }

    async fn logins_after(&self, after: Option<LoginId>, limit: usize) -> Result<Vec<LoginRecord>> {
        self.read(move |tree| {
            let all = Key::of(Table::Login);
            let start = after.map_or(Bound::Unbounded, |id| Bound::Excluded(key(id).as_ref().to_vec()));
            pages::list_from(tree, &all, start, limit, |key, value| tree.decode(key, value))
        })
        .await
    }
}
