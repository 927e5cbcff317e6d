//! What users have set for all their terminals.

use async_trait::async_trait;
use mmp_shared::UserId;

use super::{
    SledStore,
    keys::{Key, Table},
    pending::Pending,
    source::Source,
};
use crate::store::{Result, UserSettings, records::SettingsRecord};

fn key(user_id: UserId) -> Key {
    Key::of(Table::Settings).id(user_id.as_bytes())
}

pub(super) fn find(source: &impl Source, user_id: UserId) -> Result<Option<SettingsRecord>> {
    source.record(&key(user_id))
}

pub(super) fn put(pending: &mut Pending<'_>, record: &SettingsRecord) -> Result<()> {
    pending.put(&key(record.user_id), record)
}

pub(super) fn delete(pending: &mut Pending<'_>, user_id: UserId) -> Result<()> {
    pending.remove(&key(user_id))
}

#[async_trait]
impl UserSettings for SledStore {
    async fn settings(&self, user_id: UserId) -> Result<Option<SettingsRecord>> {
        self.read(move |tree| find(tree, user_id)).await
    }
}
