//! Access tokens: by id, and by user.

use std::ops::Bound;

use async_trait::async_trait;
use jiff::Timestamp;
use mmp_shared::{TokenId, UserId};

use super::{
    SledStore,
    keys::{Key, Table, id_at_end},
    pages,
    pending::Pending,
    source::Source,
};
use crate::store::{Result, StoreError, Tokens, records::TokenRecord};

fn key(id: TokenId) -> Key {
    Key::of(Table::Token).id(id.as_bytes())
}

fn of_user(user_id: UserId) -> Key {
    Key::of(Table::TokenByUser).id(user_id.as_bytes())
}

pub(super) fn find(source: &impl Source, id: TokenId) -> Result<Option<TokenRecord>> {
    source.record(&key(id))
}

pub(super) fn put(pending: &mut Pending<'_>, record: &TokenRecord) -> Result<()> {
    delete(pending, record.id)?;
    pending.put_mark(&of_user(record.user_id).id(record.id.as_bytes()));
    pending.put(&key(record.id), record)
}

pub(super) fn touch(pending: &mut Pending<'_>, id: TokenId, at: Timestamp) -> Result<()> {
    match find(pending, id)? {
        Some(record) => pending.put(&key(id), &TokenRecord { last_used_at: Some(at), ..record }),
        None => Ok(()),
    }
}

pub(super) fn delete(pending: &mut Pending<'_>, id: TokenId) -> Result<()> {
    if let Some(old) = find(pending, id)? {
        pending.remove_value(&of_user(old.user_id).id(id.as_bytes()));
    }
    pending.remove(&key(id))
}

#[async_trait]
impl Tokens for SledStore {
    async fn token(&self, id: TokenId) -> Result<Option<TokenRecord>> {
        self.read(move |tree| find(tree, id)).await
    }

    async fn tokens(&self, user_id: UserId) -> Result<Vec<TokenRecord>> {
        self.read(move |tree| {
            pages::list(tree, &of_user(user_id), usize::MAX, |key, _| {
                let id = TokenId::from_bytes(id_at_end(key)?);
                let record = find(tree, id)?;
                record.map(Some).ok_or_else(|| StoreError::Damaged(format!("access token `{id}` is listed and missing")))
            })
        })
        .await
    }

    async fn tokens_after(&self, after: Option<TokenId>, limit: usize) -> Result<Vec<TokenRecord>> {
        self.read(move |tree| {
            let all = Key::of(Table::Token);
            let start = after.map_or(Bound::Unbounded, |id| Bound::Excluded(key(id).as_ref().to_vec()));
            pages::list_from(tree, &all, start, limit, |key, value| tree.decode(key, value))
        })
        .await
    }
}
