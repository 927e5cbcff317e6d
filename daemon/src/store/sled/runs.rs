//! Runs, and their indexes by time, by the end of the id, of those without an end and of those to forget.
//!
//! Their events are in `run_events.rs`.

use async_trait::async_trait;
use jiff::Timestamp;
use mmp_shared::{RunId, UserId};

use super::{
    SledStore,
    keys::{Key, Table, id_at_end, newest_id_at_end, reversed_id_at_end},
    pages,
    pending::Pending,
    run_events,
    source::Source,
};
use crate::store::{
    PageRequest, RecordPage, Result, Runs, StoreError,
    records::{EventRecord, RunRecord},
};

pub(super) use super::run_events::{append_events, delete_events};

fn key(id: RunId) -> Key {
    Key::of(Table::Run).id(id.as_bytes())
}

fn by_time(user_id: UserId) -> Key {
    Key::of(Table::RunByTime).id(user_id.as_bytes())
}

fn by_suffix(user_id: UserId) -> Key {
    Key::of(Table::RunBySuffix).id(user_id.as_bytes())
}

/// The key under which a run that ended at this time waits to be forgotten.
pub(super) fn to_forget(finished_at: Timestamp, id: RunId) -> Key {
    Key::of(Table::RunToForget).time(finished_at).id(id.as_bytes())
}

fn index_keys(record: &RunRecord, events: Events) -> Vec<Key> {
    let id = record.id.as_bytes();
    let mut keys =
        vec![by_time(record.user_id).newest_time(record.created_at).newest_id(id), by_suffix(record.user_id).reversed_digits(id)];
    match (record.finished_at, events) {
        (None, _) => keys.push(Key::of(Table::RunUnfinished).id(id)),
        (Some(finished_at), Events::Some) => keys.push(to_forget(finished_at, record.id)),
        (Some(_), Events::None) => {}
    }
    keys
}

/// Whether a run has events.
#[derive(Clone, Copy)]
enum Events {
    Some,
    None,
}

pub(super) fn find(source: &impl Source, id: RunId) -> Result<Option<RunRecord>> {
    source.record(&key(id))
}

fn listed(source: &impl Source, id: Result<[u8; 16]>) -> Result<RunRecord> {
    let id = RunId::from_bytes(id?);
    find(source, id)?.ok_or_else(|| StoreError::Damaged(format!("run `{id}` is listed and missing")))
}

pub(super) fn put(pending: &mut Pending<'_>, record: &RunRecord) -> Result<()> {
    let events = if run_events::last_id(pending, record.id)?.is_some() { Events::Some } else { Events::None };
    if let Some(old) = find(pending, record.id)? {
        index_keys(&old, events).iter().for_each(|index| pending.remove_value(index));
    }
    index_keys(record, events).iter().for_each(|index| pending.put_mark(index));
    pending.put(&key(record.id), record)
}

pub(super) fn delete(pending: &mut Pending<'_>, id: RunId) -> Result<()> {
    run_events::delete_events(pending, id)?;
    if let Some(old) = find(pending, id)? {
        index_keys(&old, Events::None).iter().for_each(|index| pending.remove_value(index));
    }
    pending.remove(&key(id))
}

#[async_trait]
impl Runs for SledStore {
    async fn run(&self, user_id: UserId, id: RunId) -> Result<Option<RunRecord>> {
        self.read(move |tree| Ok(find(tree, id)?.filter(|record| record.user_id == user_id))).await
    }

    async fn runs(&self, user_id: UserId, page: PageRequest) -> Result<RecordPage<RunRecord>> {
        self.read(move |tree| pages::page(tree, &by_time(user_id), &page, |key, _| listed(tree, newest_id_at_end(key)))).await
    }

    async fn runs_by_suffix(&self, user_id: UserId, suffix: &str, limit: usize) -> Result<Vec<RunRecord>> {
        let reversed: String = suffix.chars().rev().collect();
        self.read(move |tree| {
            let index = by_suffix(user_id).text(&reversed);
            pages::list(tree, &index, limit, |key, _| listed(tree, reversed_id_at_end(key)).map(Some))
        })
        .await
    }

    async fn unfinished_runs(&self) -> Result<Vec<RunRecord>> {
        self.read(|tree| {
            pages::list(tree, &Key::of(Table::RunUnfinished), usize::MAX, |key, _| listed(tree, id_at_end(key)).map(Some))
        })
        .await
    }

    async fn runs_to_forget(&self, before: Timestamp, limit: usize) -> Result<Vec<RunId>> {
        self.read(move |tree| {
            let end = Key::of(Table::RunToForget).time(before);
            let keys = tree.range(Key::of(Table::RunToForget).as_bytes()..end.as_bytes()).keys().take(limit);
            keys.map(|key| id_at_end(&key.map_err(super::errors::from_sled)?).map(RunId::from_bytes)).collect()
        })
        .await
    }

    async fn run_events(&self, id: RunId, after: u64, limit: usize) -> Result<Vec<EventRecord>> {
        self.read(move |tree| run_events::after(tree, id, after, limit)).await
    }
}
