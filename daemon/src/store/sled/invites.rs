//! Invitations: by id, by what their code hashes to, and by time.

use async_trait::async_trait;
use mmp_shared::InviteId;

use super::{
    SledStore,
    keys::{Key, Table, newest_id_at_end},
    pages,
    pending::Pending,
    source::Source,
};
use crate::store::{Invites, PageRequest, RecordPage, Result, StoreError, records::InviteRecord};

fn key(id: InviteId) -> Key {
    Key::of(Table::Invite).id(id.as_bytes())
}

fn by_hash(hash: &[u8]) -> Key {
    Key::of(Table::InviteByHash).bytes(hash)
}

fn by_time(record: &InviteRecord) -> Key {
    Key::of(Table::InviteByTime).newest_time(record.created_at).newest_id(record.id.as_bytes())
}

pub(super) fn find(source: &impl Source, id: InviteId) -> Result<Option<InviteRecord>> {
    source.record(&key(id))
}

pub(super) fn put(pending: &mut Pending<'_>, record: &InviteRecord) -> Result<()> {
    delete(pending, record.id)?;
    pending.put_value(&by_hash(&record.hash), record.id.as_bytes());
    pending.put_mark(&by_time(record));
    pending.put(&key(record.id), record)
}

pub(super) fn delete(pending: &mut Pending<'_>, id: InviteId) -> Result<()> {
    if let Some(old) = find(pending, id)? {
        pending.remove_value(&by_hash(&old.hash));
        pending.remove_value(&by_time(&old));
    }
    pending.remove(&key(id))
}

#[async_trait]
impl Invites for SledStore {
    async fn invite(&self, id: InviteId) -> Result<Option<InviteRecord>> {
        self.read(move |tree| find(tree, id)).await
    }

    async fn invite_by_hash(&self, hash: &[u8]) -> Result<Option<InviteRecord>> {
        let index = by_hash(hash);
        self.read(move |tree| tree.id(&index)?.map_or(Ok(None), |id| find(tree, InviteId::from_bytes(id)))).await
    }

    async fn invites(&self, page: PageRequest) -> Result<RecordPage<InviteRecord>> {
        self.read(move |tree| {
            pages::page(tree, &Key::of(Table::InviteByTime), &page, |key, _| {
                let id = InviteId::from_bytes(newest_id_at_end(key)?);
                find(tree, id)?.ok_or_else(|| StoreError::Damaged(format!("invitation `{id}` is listed and missing")))
            })
        })
        .await
    }
}
