//! Pages of lists that are narrowed by a filter. This engine looks at every record: where it is used there are few.

use std::{cmp::Reverse, ops::Bound};

use jiff::Timestamp;
use mmp_shared::{ConversationId, UserId};

use super::tables::{Newest, Tables, newest};
use crate::store::{ConversationFilter, PageRequest, RecordPage, Result, StoreError, records::ConversationRecord};

/// A page of the conversations that a filter takes.
pub(super) fn conversations(
    tables: &Tables,
    user_id: UserId,
    filter: &ConversationFilter,
    request: &PageRequest,
) -> Result<RecordPage<ConversationRecord>> {
    let list = list_of(user_id, filter);
    let first = match &request.cursor {
        Some(cursor) => Bound::Excluded((user_id, place_of(cursor, &list).ok_or(StoreError::BadCursor)?)),
        None => Bound::Included((user_id, newest(Timestamp::MAX, ConversationId::from_bytes([u8::MAX; 16])))),
    };
    let places = tables.conversations_by_time.range((first, Bound::Unbounded)).take_while(|(owner, _)| *owner == user_id);
    let mut found = places.map(|(_, (_, id))| &tables.conversations[&id.0]).filter(|record| filter.takes(record));
    let items: Vec<_> = found.by_ref().take(request.limit.max(1)).cloned().collect();
    let has_more = found.next().is_some();
    let next_cursor = items.last().filter(|_| has_more).map(|last| cursor_of(&list, last));
    Ok(RecordPage { items, next_cursor })
}

/// The list that a filter narrows further; its cursors go on in it alone.
fn list_of(user_id: UserId, filter: &ConversationFilter) -> String {
    let model = filter.model.as_ref().map(|model| model.to_lowercase());
    format!("{user_id}_{}_{}_{model:?}_", filter.archived, filter.pinned)
}

fn cursor_of(list: &str, record: &ConversationRecord) -> String {
    format!("{list}{}_{}", record.updated_at.as_nanosecond(), record.id)
}

fn place_of(cursor: &str, list: &str) -> Option<Newest<ConversationId>> {
    let (time, id) = cursor.strip_prefix(list)?.split_once('_')?;
    let time = Timestamp::from_nanosecond(time.parse().ok()?).ok()?;
    Some((Reverse(time), Reverse(id.parse().ok()?)))
}
