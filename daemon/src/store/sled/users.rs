//! Accounts: by id, by lower-cased name, by what the name looks like, by OS user; and their passwords. Names, looks and
//! OS users belong to one account each.

use std::ops::Bound;

use async_trait::async_trait;
use mmp_shared::UserId;

use super::{
    SledStore,
    keys::{Key, Table},
    pages,
    pending::Pending,
    source::Source,
};
use crate::store::{
    Entity, Precondition, Result, StoreError, Users,
    records::{PasswordRecord, UserRecord},
};

fn key(id: UserId) -> Key {
    Key::of(Table::User).id(id.as_bytes())
}

fn name_key(username: &str) -> Key {
    Key::of(Table::UserByName).text(&username.to_lowercase())
}

fn os_user_key(os_user: u32) -> Key {
    Key::of(Table::UserByOsUser).number(u64::from(os_user))
}

fn skeleton_key(skeleton: &str) -> Key {
    Key::of(Table::UserBySkeleton).text(skeleton)
}

fn password_key(user_id: UserId) -> Key {
    Key::of(Table::Password).id(user_id.as_bytes())
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

/// The oldest accounts' names have no look yet.
pub(super) fn find_by_skeleton(source: &impl Source, skeleton: &str) -> Result<Option<UserRecord>> {
    if skeleton.is_empty() { Ok(None) } else { find_behind(source, &skeleton_key(skeleton)) }
}

pub(super) fn find_password(source: &impl Source, user_id: UserId) -> Result<Option<PasswordRecord>> {
    source.record(&password_key(user_id))
}

pub(super) fn put(pending: &mut Pending<'_>, record: &UserRecord) -> Result<()> {
    remove_indexes(pending, record.id)?;
    take_index(pending, &name_key(&record.username), record.id, || Entity::Username(record.username.clone()))?;
    if let Some(os_user) = record.os_user {
        take_index(pending, &os_user_key(os_user), record.id, || Entity::OsUser(os_user))?;
    }
    if !record.skeleton.is_empty() {
        take_index(pending, &skeleton_key(&record.skeleton), record.id, || Entity::Skeleton(record.skeleton.clone()))?;
    }
    pending.put(&key(record.id), record)
}

pub(super) fn delete(pending: &mut Pending<'_>, id: UserId) -> Result<()> {
    remove_indexes(pending, id)?;
    pending.remove(&key(id))
}

fn remove_indexes(pending: &mut Pending<'_>, id: UserId) -> Result<()> {
    let Some(old) = find(pending, id)? else { return Ok(()) };
    pending.remove_value(&name_key(&old.username));
    old.os_user.iter().for_each(|os_user| pending.remove_value(&os_user_key(*os_user)));
    if !old.skeleton.is_empty() {
        pending.remove_value(&skeleton_key(&old.skeleton));
    }
    Ok(())
}

pub(super) fn put_password(pending: &mut Pending<'_>, record: &PasswordRecord) -> Result<()> {
    pending.put(&password_key(record.user_id), record)
}

pub(super) fn delete_password(pending: &mut Pending<'_>, user_id: UserId) -> Result<()> {
    pending.remove(&password_key(user_id))
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

    async fn users_after(&self, after: Option<UserId>, limit: usize) -> Result<Vec<UserRecord>> {
        self.read(move |tree| {
            let all = Key::of(Table::User);
            let start = after.map_or(Bound::Unbounded, |id| Bound::Excluded(key(id).as_ref().to_vec()));
            pages::list_from(tree, &all, start, limit, |key, value| tree.decode(key, value))
        })
        .await
    }

    async fn password(&self, user_id: UserId) -> Result<Option<PasswordRecord>> {
        self.read(move |tree| find_password(tree, user_id)).await
    }
}
