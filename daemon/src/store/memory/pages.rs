//! Pages of lists that run from the newest to the oldest. A cursor names its list, its user and the place at which its
//! page ended; the next one goes on behind that place, whatever was inserted meanwhile.

use std::{cmp::Reverse, collections::BTreeSet, fmt::Display, ops::Bound, str::FromStr};

use jiff::Timestamp;
use mmp_shared::{ConversationId, RunId, UserId};

use super::tables::{Newest, newest};
use crate::store::{PageRequest, RecordPage, Result, StoreError};

/// The lists that have pages.
#[derive(Debug, Clone, Copy)]
pub(super) enum List {
    Conversations,
    Runs,
    Usage,
}

/// An id that stands in such a list.
pub(super) trait ListedId: Copy + Ord + Display + FromStr {
    /// The one that comes first where the newest does.
    const GREATEST: Self;
}

impl ListedId for ConversationId {
    const GREATEST: Self = Self::from_bytes([u8::MAX; 16]);
}

impl ListedId for RunId {
    const GREATEST: Self = Self::from_bytes([u8::MAX; 16]);
}

/// A page of a user's part of an index.
pub(super) fn page<Id: ListedId, T>(
    index: &BTreeSet<(UserId, Newest<Id>)>,
    list: List,
    user_id: UserId,
    request: &PageRequest,
    load: impl Fn(Newest<Id>) -> T,
) -> Result<RecordPage<T>> {
    let start = match &request.cursor {
        Some(cursor) => Bound::Excluded((user_id, place_of(cursor, list, user_id).ok_or(StoreError::BadCursor)?)),
        None => Bound::Included((user_id, newest(Timestamp::MAX, Id::GREATEST))),
    };
    let mut places = index.range((start, Bound::Unbounded)).take_while(|(owner, _)| *owner == user_id);
    let page: Vec<_> = places.by_ref().take(request.limit.max(1)).collect();
    let has_more = places.next().is_some();
    let next_cursor = page.last().filter(|_| has_more).map(|(_, place)| cursor_of(list, user_id, place));
    Ok(RecordPage { items: page.into_iter().map(|(_, place)| load(*place)).collect(), next_cursor })
}

fn cursor_of<Id: ListedId>(list: List, user_id: UserId, (Reverse(time), Reverse(id)): &Newest<Id>) -> String {
    format!("{list:?}_{user_id}_{}_{id}", time.as_nanosecond())
}

fn place_of<Id: ListedId>(cursor: &str, list: List, user_id: UserId) -> Option<Newest<Id>> {
    let (time, id) = cursor.strip_prefix(&format!("{list:?}_{user_id}_"))?.split_once('_')?;
    Some(newest(Timestamp::from_nanosecond(time.parse().ok()?).ok()?, id.parse().ok()?))
}
