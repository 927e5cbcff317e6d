//! Roles. They stand by user and name, so that a user's are one range.

use async_trait::async_trait;
use mmp_shared::UserId;

use super::{
    SledStore,
    keys::{Key, Table},
    pages,
    pending::Pending,
    source::Source,
};
use crate::store::{Result, Roles, records::RoleRecord};

fn of_user(user_id: UserId) -> Key {
    Key::of(Table::Role).id(user_id.as_bytes())
}

pub(super) fn find(source: &impl Source, user_id: UserId, name: &str) -> Result<Option<RoleRecord>> {
    source.record(&of_user(user_id).text(name))
}

pub(super) fn put(pending: &mut Pending<'_>, record: &RoleRecord) -> Result<()> {
    pending.put(&of_user(record.user_id).text(&record.name), record)
}

pub(super) fn delete(pending: &mut Pending<'_>, user_id: UserId, name: &str) -> Result<()> {
    pending.remove(&of_user(user_id).text(name))
}

#[async_trait]
impl Roles for SledStore {
    async fn role(&self, user_id: UserId, name: &str) -> Result<Option<RoleRecord>> {
        let name = name.to_owned();
        self.read(move |tree| find(tree, user_id, &name)).await
    }

    async fn roles(&self, user_id: UserId) -> Result<Vec<RoleRecord>> {
        self.read(move |tree| pages::list(tree, &of_user(user_id), usize::MAX, |key, value| tree.decode(key, value).map(Some)))
            .await
    }
}
