//! Conversations, and their indexes by time, by shelf, by model, by the end of the id and by title.
//!
//! A shelf is what a list begins from: the archived conversations or the others, all of them or the pinned ones.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use mmp_shared::{ConversationId, UserId};

use super::{
    SledStore,
    keys::{Key, Table, newest_id_at_end, reversed_id_at_end},
    pages::{self, Span},
    pending::Pending,
    source::Source,
};
use crate::store::{
    ConversationFilter, Conversations, Entity, PageRequest, Precondition, RecordPage, Result, StoreError, model_names,
    records::ConversationRecord,
};

fn key(id: ConversationId) -> Key {
    Key::of(Table::Conversation).id(id.as_bytes())
}

fn by_time(user_id: UserId) -> Key {
    Key::of(Table::ConversationByTime).id(user_id.as_bytes())
}

fn by_suffix(user_id: UserId) -> Key {
    Key::of(Table::ConversationBySuffix).id(user_id.as_bytes())
}

// The fingerprint keeps keys short however long a title is; what it finds is compared with the title itself.
fn by_title(user_id: UserId, title: &str) -> Key {
    Key::of(Table::ConversationByTitle).id(user_id.as_bytes()).fingerprint(&title.to_lowercase())
}

/// The shelf of the archived conversations or of the others; of the pinned ones of them alone.
const fn shelf(archived: bool, pinned: bool) -> u8 {
    archived as u8 | (pinned as u8) << 1
}

fn on_shelf(user_id: UserId, shelf: u8) -> Key {
    Key::of(Table::ConversationOnShelf).id(user_id.as_bytes()).bytes(&[shelf])
}

fn by_model(user_id: UserId, shelf: u8, name: &str) -> Key {
    Key::of(Table::ConversationByModel).id(user_id.as_bytes()).bytes(&[shelf]).fingerprint(&name.to_lowercase())
}

fn index_keys(record: &ConversationRecord) -> Vec<Key> {
    let id = record.id.as_bytes();
    let place = |list: Key| list.newest_time(record.updated_at).newest_id(id);
    let mut keys = vec![
        place(by_time(record.user_id)),
        by_suffix(record.user_id).reversed_digits(id),
        by_title(record.user_id, &record.title).newest_id(id),
    ];
    let names = record.model.as_deref().map(model_names).unwrap_or_default();
    let shelves = [Some(shelf(record.archived, false)), record.pinned.then_some(shelf(record.archived, true))];
    for shelf in shelves.into_iter().flatten() {
        keys.push(place(on_shelf(record.user_id, shelf)));
        keys.extend(names.iter().map(|name| place(by_model(record.user_id, shelf, name))));
    }
    keys
}

/// The list that a filter narrows further.
fn list_of(user_id: UserId, filter: &ConversationFilter) -> Key {
    let shelf = shelf(filter.archived, filter.pinned);
    match &filter.model {
        Some(name) => by_model(user_id, shelf, name),
        None => on_shelf(user_id, shelf),
    }
}

/// The part of a list in which the times of a filter lie. Lists run backwards: the later time comes first.
fn within(list: &Key, filter: &ConversationFilter) -> Span {
    let before = filter.before.map(|before| before.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MIN));
    Span {
        first: before.map(|last| list.clone().newest_time(last)),
        last: filter.after.map(|after| list.clone().newest_time(after)),
    }
}

pub(super) fn find(source: &impl Source, id: ConversationId) -> Result<Option<ConversationRecord>> {
    source.record(&key(id))
}

fn listed(source: &impl Source, id: Result<[u8; 16]>) -> Result<ConversationRecord> {
    let id = ConversationId::from_bytes(id?);
    find(source, id)?.ok_or_else(|| StoreError::Damaged(format!("conversation `{id}` is listed and missing")))
}

pub(super) fn put(pending: &mut Pending<'_>, record: &ConversationRecord) -> Result<()> {
    if let Some(old) = find(pending, record.id)? {
        index_keys(&old).iter().for_each(|index| pending.remove_value(index));
    }
    index_keys(record).iter().for_each(|index| pending.put_mark(index));
    pending.put(&key(record.id), record)
}

pub(super) fn delete(pending: &mut Pending<'_>, id: ConversationId) -> Result<()> {
    if let Some(old) = find(pending, id)? {
        index_keys(&old).iter().for_each(|index| pending.remove_value(index));
    }
    pending.remove(&key(id))
}

pub(super) fn advance(pending: &mut Pending<'_>, id: ConversationId, change: impl FnOnce(&mut ConversationRecord)) -> Result<()> {
    let Some(mut record) = find(pending, id)? else {
        return Err(StoreError::Conflict(Precondition::Present(Entity::Conversation(id))));
    };
    change(&mut record);
    put(pending, &record)
}

#[async_trait]
impl Conversations for SledStore {
    async fn conversation(&self, user_id: UserId, id: ConversationId) -> Result<Option<ConversationRecord>> {
        self.read(move |tree| Ok(find(tree, id)?.filter(|record| record.user_id == user_id))).await
    }

    async fn conversations(&self, user_id: UserId, page: PageRequest) -> Result<RecordPage<ConversationRecord>> {
        self.read(move |tree| pages::page(tree, &by_time(user_id), &page, |key, _| listed(tree, newest_id_at_end(key)))).await
    }

    async fn conversations_where(
        &self,
        user_id: UserId,
        filter: ConversationFilter,
        page: PageRequest,
    ) -> Result<RecordPage<ConversationRecord>> {
        self.read(move |tree| {
            let list = list_of(user_id, &filter);
            pages::filtered(tree, &list, &within(&list, &filter), &page, |key, _| {
                let record = listed(tree, newest_id_at_end(key))?;
                Ok(filter.takes(&record).then_some(record))
            })
        })
        .await
    }

    async fn conversations_by_suffix(&self, user_id: UserId, suffix: &str, limit: usize) -> Result<Vec<ConversationRecord>> {
        let reversed: String = suffix.chars().rev().collect();
        self.read(move |tree| {
            let index = by_suffix(user_id).text(&reversed);
            pages::list(tree, &index, limit, |key, _| listed(tree, reversed_id_at_end(key)).map(Some))
        })
        .await
    }

    async fn conversations_by_title(&self, user_id: UserId, title: &str, limit: usize) -> Result<Vec<ConversationRecord>> {
        let title = title.to_lowercase();
        self.read(move |tree| {
            pages::list(tree, &by_title(user_id, &title), limit, |key, _| {
                let record = listed(tree, newest_id_at_end(key))?;
                Ok((record.title.to_lowercase() == title).then_some(record))
            })
        })
        .await
    }
}
