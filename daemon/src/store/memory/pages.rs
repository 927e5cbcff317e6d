//! Pages of lists that run from the newest to the oldest. A cursor names its list, its owner and the place at which its
//! page ended; the next one goes on behind that place, whatever was inserted meanwhile.

use std::{
    cmp::Reverse,
    collections::BTreeSet,
    fmt::{Debug, Display},
    ops::Bound,
    str::FromStr,
};

use jiff::Timestamp;
use mmp_shared::{AttemptId, AuditId, ConversationId, InviteId, RunId};

use super::tables::{Newest, newest};
use crate::store::{PageRequest, RecordPage, Result, StoreError};

/// The lists that have pages.
#[derive(Debug, Clone, Copy)]
pub(super) enum List {
    Conversations,
    Runs,
    Usage,
    LoginAttempts,
    Invites,
    Audit,
}

/// Whose part of an index it is: a user's, mostly.
pub(super) trait Owner: Copy + Ord + Debug {}

impl<T: Copy + Ord + Debug> Owner for T {}

/// An id that stands in such a list.
pub(super) trait ListedId: Copy + Ord + Display + FromStr {
    /// The one that comes first where the newest does.
    const GREATEST: Self;
}

macro_rules! listed {
    ($($id:ident),*) => {
        $(impl ListedId for $id {
            const GREATEST: Self = Self::from_bytes([u8::MAX; 16]);
        })*
    };
}
listed!(ConversationId, RunId, AttemptId, InviteId, AuditId);

/// A page of an owner's part of an index.
pub(super) fn page<Whose: Owner, Id: ListedId, T>(
    index: &BTreeSet<(Whose, Newest<Id>)>,
    list: List,
    owner: Whose,
    request: &PageRequest,
    load: impl Fn(Newest<Id>) -> T,
) -> Result<RecordPage<T>> {
    let start = match &request.cursor {
        Some(cursor) => Bound::Excluded((owner, place_of(cursor, list, owner).ok_or(StoreError::BadCursor)?)),
        None => Bound::Included((owner, newest(Timestamp::MAX, Id::GREATEST))),
    };
    let places = index.range((start, Bound::Unbounded)).take_while(|(found, _)| *found == owner);
    Ok(page_of(places.map(|(_, place)| *place), list, owner, request, load))
}

/// The first places of a list as a page.
pub(super) fn page_of<Whose: Owner, Id: ListedId, T>(
    mut places: impl Iterator<Item = Newest<Id>>,
    list: List,
    owner: Whose,
    request: &PageRequest,
    load: impl Fn(Newest<Id>) -> T,
) -> RecordPage<T> {
    let page: Vec<_> = places.by_ref().take(request.limit.max(1)).collect();
    let has_more = places.next().is_some();
    let next_cursor = page.last().filter(|_| has_more).map(|place| cursor_of(list, owner, place));
    RecordPage { items: page.into_iter().map(load).collect(), next_cursor }
}

fn cursor_of<Id: ListedId>(list: List, owner: impl Owner, (Reverse(time), Reverse(id)): &Newest<Id>) -> String {
    format!("{list:?}_{owner:?}_{}_{id}", time.as_nanosecond())
}

/// The place that a cursor of this list names.
pub(super) fn place_of<Id: ListedId>(cursor: &str, list: List, owner: impl Owner) -> Option<Newest<Id>> {
    let (time, id) = cursor.strip_prefix(&format!("{list:?}_{owner:?}_"))?.split_once('_')?;
    Some(newest(Timestamp::from_nanosecond(time.parse().ok()?).ok()?, id.parse().ok()?))
}
