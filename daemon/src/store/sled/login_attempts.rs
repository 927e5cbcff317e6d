//! Attempts to log in. They stand by the name that was tried, the newest first; an index by time finds the old ones.

use async_trait::async_trait;
use jiff::Timestamp;
use mmp_shared::AttemptId;

use super::{
    SledStore,
    errors::from_sled,
    keys::{Key, Table, id_at_end},
    pages,
    pending::Pending,
    source::Source,
};
use crate::store::{LoginAttempts, PageRequest, RecordPage, Result, StoreError, records::LoginAttemptRecord};

fn of_subject(subject: [u8; 16]) -> Key {
    Key::of(Table::LoginAttempt).id(&subject)
}

fn key(subject: [u8; 16], at: Timestamp, id: AttemptId) -> Key {
    of_subject(subject).newest_time(at).newest_id(id.as_bytes())
}

/// The subject is part of the key too: an id is one attempt's, but no key should rest on that.
fn by_time(subject: [u8; 16], at: Timestamp, id: AttemptId) -> Key {
    Key::of(Table::LoginAttemptByTime).time(at).id(id.as_bytes()).id(&subject)
}

pub(super) fn put(pending: &mut Pending<'_>, record: &LoginAttemptRecord) -> Result<()> {
    let place = key(record.subject, record.at, record.id);
    pending.put_value(&by_time(record.subject, record.at, record.id), place.as_bytes());
    pending.put(&place, record)
}

pub(super) fn delete(pending: &mut Pending<'_>, subject: [u8; 16], at: Timestamp, id: AttemptId) -> Result<()> {
    pending.remove_value(&by_time(subject, at, id));
    pending.remove(&key(subject, at, id))
}

#[async_trait]
impl LoginAttempts for SledStore {
    async fn login_attempts(&self, subject: [u8; 16], page: PageRequest) -> Result<RecordPage<LoginAttemptRecord>> {
        self.read(move |tree| pages::page(tree, &of_subject(subject), &page, |key, value| tree.decode(key, value))).await
    }

    async fn old_login_attempts(&self, before: Timestamp, limit: usize) -> Result<Vec<LoginAttemptRecord>> {
        self.read(move |tree| {
            let (all, end) = (Key::of(Table::LoginAttemptByTime), Key::of(Table::LoginAttemptByTime).time(before));
            let pairs = tree.range(all.as_bytes()..end.as_bytes()).take(limit);
            pairs
                .map(|pair| {
                    let (index, place) = pair.map_err(from_sled)?;
                    let record = tree.record(&Key::from_bytes(place.to_vec()))?;
                    record.ok_or_else(|| match id_at_end(&index) {
                        Ok(subject) => StoreError::Damaged(format!("an attempt at {subject:02x?} is listed and missing")),
                        Err(error) => error,
                    })
                })
                .collect()
        })
        .await
    }
}
