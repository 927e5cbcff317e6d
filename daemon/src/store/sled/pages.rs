//! Ranges of keys: pages with their cursors, and lists that end at a limit.
//!
//! A cursor is the key at which its page ended, as hex digits. The next page goes on behind that place, whether the
//! record is still there or not, so that nothing inserted or removed meanwhile moves it.

use std::ops::Bound;

use sled::{IVec, Tree};

use super::{errors::from_sled, keys::Key};
use crate::store::{PageRequest, RecordPage, Result, StoreError};

/// How many bytes follow the prefix in the keys of lists that have pages: a time and an id.
const AFTER_PREFIX: usize = 32;

/// How many pairs a page of a narrowed list looks at.
const MOST_LOOKED_AT: usize = 1_000;

/// The page of the list under `prefix`; `load` turns a pair of it into a record.
pub(super) fn page<T>(
    tree: &Tree,
    prefix: &Key,
    request: &PageRequest,
    load: impl Fn(&[u8], &[u8]) -> Result<T>,
) -> Result<RecordPage<T>> {
    page_until(tree, prefix, None, request, load)
}

/// The same, of the list as far as `end`, a key of it or the beginning of keys.
pub(super) fn page_until<T>(
    tree: &Tree,
    prefix: &Key,
    end: Option<&Key>,
    request: &PageRequest,
    load: impl Fn(&[u8], &[u8]) -> Result<T>,
) -> Result<RecordPage<T>> {
    let start = match &request.cursor {
        Some(cursor) => Bound::Excluded(place_of(cursor, prefix)?),
        None => Bound::Included(prefix.as_ref().to_vec()),
    };
    let is_within = |key: &[u8]| end.is_none_or(|end| key <= end.as_ref() || key.starts_with(end.as_ref()));
    let mut pairs = pairs(tree, prefix, start).take_while(|pair| pair.as_ref().map_or(true, |(key, _)| is_within(key)));
    let (mut items, mut last) = (Vec::new(), None);
    while items.len() < request.limit.max(1) {
        let Some(pair) = pairs.next() else { return Ok(RecordPage { items, next_cursor: None }) };
        let (key, value) = pair?;
        items.push(load(&key, &value)?);
        last = Some(key);
    }
    let has_more = pairs.next().transpose()?.is_some();
    Ok(RecordPage { items, next_cursor: last.filter(|_| has_more).map(|key| cursor_of(&key)) })
}

/// The part of a list that is wanted: from where, as far as what begins like that. None is from its beginning, to its end.
pub(super) struct Span {
    pub(super) first: Option<Key>,
    pub(super) last: Option<Key>,
}

/// The page of what `load` takes of a list, within a span. At most [`MOST_LOOKED_AT`] pairs are looked at: a page that has
/// found little by then is short, and its cursor goes on from there.
pub(super) fn filtered<T>(
    tree: &Tree,
    prefix: &Key,
    span: &Span,
    request: &PageRequest,
    load: impl Fn(&[u8], &[u8]) -> Result<Option<T>>,
) -> Result<RecordPage<T>> {
    let first = span.first.as_ref().unwrap_or(prefix).as_ref().to_vec();
    let start = match &request.cursor {
        Some(cursor) => match place_of(cursor, prefix)? {
            place if place < first => Bound::Included(first),
            place => Bound::Excluded(place),
        },
        None => Bound::Included(first),
    };
    let is_within = |key: &[u8]| span.last.as_ref().is_none_or(|last| key <= last.as_ref() || key.starts_with(last.as_ref()));
    let mut pairs = pairs(tree, prefix, start).take_while(|pair| pair.as_ref().map_or(true, |(key, _)| is_within(key)));
    let (mut items, mut last) = (Vec::new(), None);
    for _ in 0..MOST_LOOKED_AT {
        let Some(pair) = pairs.next() else { return Ok(RecordPage { items, next_cursor: None }) };
        let (key, value) = pair?;
        items.extend(load(&key, &value)?);
        last = Some(key);
        if items.len() >= request.limit.max(1) {
            break;
        }
    }
    let has_more = pairs.next().transpose()?.is_some();
    Ok(RecordPage { items, next_cursor: last.filter(|_| has_more).map(|key| cursor_of(&key)) })
}

/// At most `limit` pairs under `prefix`, as what `load` makes of them; those of which it makes nothing do not count.
pub(super) fn list<T>(
    tree: &Tree,
    prefix: &Key,
    limit: usize,
    load: impl Fn(&[u8], &[u8]) -> Result<Option<T>>,
) -> Result<Vec<T>> {
    let start = Bound::Included(prefix.as_ref().to_vec());
    let loaded = pairs(tree, prefix, start).map(|pair| pair.and_then(|(key, value)| load(&key, &value)));
    loaded.filter_map(Result::transpose).take(limit).collect()
}

/// At most `limit` records under `prefix`, from `start` on.
pub(super) fn list_from<T>(
    tree: &Tree,
    prefix: &Key,
    start: Bound<Vec<u8>>,
    limit: usize,
    load: impl Fn(&[u8], &[u8]) -> Result<T>,
) -> Result<Vec<T>> {
    let start = if start == Bound::Unbounded { Bound::Included(prefix.as_ref().to_vec()) } else { start };
    pairs(tree, prefix, start).take(limit).map(|pair| pair.and_then(|(key, value)| load(&key, &value))).collect()
}

/// The pairs from `start` on whose keys begin with `prefix`.
pub(super) fn pairs<'a>(
    tree: &Tree,
    prefix: &'a Key,
    start: Bound<Vec<u8>>,
) -> impl Iterator<Item = Result<(IVec, IVec)>> + use<'a> {
    tree.range((start, Bound::Unbounded)).map(|pair| pair.map_err(from_sled)).take_while(move |pair| match pair {
        Ok((key, _)) => key.starts_with(prefix.as_ref()),
        Err(_) => true,
    })
}

fn cursor_of(key: &[u8]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn place_of(cursor: &str, prefix: &Key) -> Result<Vec<u8>> {
    let digits = cursor.as_bytes().chunks(2);
    let key: Option<Vec<u8>> = digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    key.filter(|key| key.starts_with(prefix.as_ref()) && key.len() == prefix.as_ref().len() + AFTER_PREFIX)
        .filter(|key| cursor_of(key) == cursor)
        .ok_or(StoreError::BadCursor)
}

#[cfg(test)]
mod tests {
    use super::{super::keys::Table, *};

    #[test]
    fn only_a_cursor_of_the_list_is_taken() {
        let list = Key::of(Table::RunByTime).id(&[1; 16]);
        let key = list.clone().id(&[2; 16]).id(&[3; 16]);
        let cursor = cursor_of(key.as_ref());
        assert_eq!(place_of(&cursor, &list), Ok(key.as_ref().to_vec()));
        let another = Key::of(Table::RunByTime).id(&[9; 16]);
        assert_eq!(place_of(&cursor, &another), Err(StoreError::BadCursor));
        for bad in ["", "x", "zz", &cursor[2..], &cursor[..cursor.len() - 1], &cursor.to_uppercase(), "你好", "+1"] {
            assert_eq!(place_of(bad, &list), Err(StoreError::BadCursor), "{bad}");
        }
    }
}
