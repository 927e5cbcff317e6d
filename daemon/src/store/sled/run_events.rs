//! The logs of runs. What was appended together stands behind one key, which names its last event: the range from an
//! event on begins with the record that holds it.

use std::ops::Bound;

use mmp_shared::RunId;

use super::{
    keys::{Key, Table},
    pages,
    pending::Pending,
    runs,
    source::Source,
};
use crate::store::{Result, StoreError, records::EventRecord};

fn of_run(id: RunId) -> Key {
    Key::of(Table::RunEvents).id(id.as_bytes())
}

fn end_key(id: RunId) -> Key {
    Key::of(Table::RunEventsEnd).id(id.as_bytes())
}

/// The id of a run's last event; none where it has no events.
pub(super) fn last_id(source: &impl Source, id: RunId) -> Result<Option<u64>> {
    let bytes = source.value(end_key(id).as_ref())?.map(|value| value.as_ref().try_into().map(u64::from_be_bytes));
    bytes.transpose().map_err(|_| StoreError::Damaged(format!("the end of the log of run `{id}` has another length")))
}

/// A run's events above `after`, whole records at a time until there are `limit`.
pub(super) fn after(tree: &sled::Tree, id: RunId, after: u64, limit: usize) -> Result<Vec<EventRecord>> {
    let Some(first) = after.checked_add(1) else { return Ok(Vec::new()) };
    let mut events = Vec::new();
    let prefix = of_run(id);
    for pair in pages::pairs(tree, &prefix, Bound::Included(of_run(id).number(first).as_ref().to_vec())) {
        let (key, value) = pair?;
        let record: Vec<EventRecord> = tree.decode(&key, &value)?;
        events.extend(record.into_iter().filter(|event| event.id > after));
        if events.len() >= limit.max(1) {
            break;
        }
    }
    Ok(events)
}

pub(super) fn append_events(pending: &mut Pending<'_>, id: RunId, events: &[EventRecord]) -> Result<()> {
    let last = last_id(pending, id)?;
    let end = check_order(last, events)
        .ok_or_else(|| StoreError::Failed(format!("the events of run `{id}` do not follow those that are there")))?;
    if last.is_none()
        && let Some(finished_at) = runs::find(pending, id)?.and_then(|run| run.finished_at)
    {
        pending.put_mark(&runs::to_forget(finished_at, id));
    }
    pending.put_value(&end_key(id), &end.to_be_bytes());
    pending.put(&of_run(id).number(end), &events)
}

/// The last event's id, if the events count up from the last one there is.
fn check_order(last: Option<u64>, events: &[EventRecord]) -> Option<u64> {
    let mut end = last.unwrap_or(0);
    for event in events {
        if event.id <= end {
            return None;
        }
        end = event.id;
    }
    (!events.is_empty()).then_some(end)
}

pub(super) fn delete_events(pending: &mut Pending<'_>, id: RunId) -> Result<()> {
    for key in pending.keys_under(&of_run(id))? {
        pending.remove(&key)?;
    }
    pending.remove_value(&end_key(id));
    if let Some(finished_at) = runs::find(pending, id)?.and_then(|run| run.finished_at) {
        pending.remove_value(&runs::to_forget(finished_at, id));
    }
    Ok(())
}
