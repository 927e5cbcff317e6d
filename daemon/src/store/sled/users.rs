//! Accounts: by id, by lower-cased name, by OS user. Names and OS users belong to one account each.

use async_trait::async_trait;
use mmp_shared::UserId;

use super::{
    SledStore,
    keys::{Key, Table},
    pending::Pending,
    source::Source,
};
use crate::store::{Entity, Precondition, Result, StoreError, Users, records::UserRecord};

fn key(id: UserId) -> Key {
    Key::of(Table::User).id(id.as_bytes())
}

fn name_key(username: &str) -> Key {
    Key::of(Table::UserByName).text(&username.to_lowercase())
}

fn os_user_key(os_user: u32) -> Key {
    Key::of(Table::UserByOsUser).number(u64::from(os_user))
}

pub(super) fn find(source: &impl Source, id: UserId) -> Result<Option<UserRecord>> {
    source.record(&key(id))
}

pub(super) fn find_by_name(source: &impl Source, username: &str) -> Result<Option<UserRecord>> {
    find_behind(source, &name_key(username))
}

pub(super) fn find_by_os_user(source: &impl Source, os_user: u32) -> Result<Option<UserRecord>> {
    find_behind(source, &os_user_key(os_user))
}

fn find_behind(source: &impl Source, index: &Key) -> Result<Option<UserRecord>> {
    source.id(index)?.map_or(Ok(None), |id| find(source, UserId::from_bytes(id)))
}

pub(super) fn put(pending: &mut Pending<'_>, record: &UserRecord) -> Result<()> {
    if let Some(old) = find(pending, record.id)? {
        pending.remove_value(&name_key(&old.username));
        old.os_user.iter().for_each(|os_user| pending.remove_value(&os_user_key(*os_user)));
    }
    take_index(pending, &name_key(&record.username), record.id, || Entity::Username(record.username.clone()))?;
    if let Some(os_user) = record.os_user {
        take_index(pending, &os_user_key(os_user), record.id, || Entity::OsUser(os_user))?;
    }
    pending.put(&key(record.id), record)
}

/// Makes a name this account's own, unless it is another's.
fn take_index(pending: &mut Pending<'_>, index: &Key, id: UserId, entity: impl Fn() -> Entity) -> Result<()> {
    match pending.id(index)? {
        Some(holder) if holder != *id.as_bytes() => Err(StoreError::Conflict(Precondition::Absent(entity()))),
        _ => {
            pending.put_value(index, id.as_bytes());
            Ok(())
        }
    }
}

#[async_trait]
impl Users for SledStore {
    async fn user(&self, id: UserId) -> Result<Option<UserRecord>> {
        self.read(move |tree| find(tree, id)).await
    }

    async fn user_by_name(&self, username: &str) -> Result<Option<UserRecord>> {
        let username = username.to_owned();
        self.read(move |tree| find_by_name(tree, &username)).await
    }

    async fn user_by_os_user(&self, os_user: u32) -> Result<Option<UserRecord>> {
        self.read(move |tree| find_by_os_user(tree, os_user)).await
    }
}
