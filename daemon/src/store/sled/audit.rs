//! The audit: every line once, in the order of time, with an index for each filter, so that any page of any of them is a
//! range.

use async_trait::async_trait;
use mmp_shared::audit::AuditKind;

use super::{
    SledStore,
    keys::{Key, Table},
    pages,
    pending::Pending,
    source::Source,
};
use crate::store::{Audit, AuditFilter, PageRequest, RecordPage, Result, StoreError, records::AuditRecord};

/// The list that a filter reads.
fn list(filter: AuditFilter) -> Key {
    let kind = |key: Key, kind: AuditKind| key.fingerprint(kind.as_str());
    match (filter.user_id, filter.kind) {
        (None, None) => Key::of(Table::Audit),
        (None, Some(of)) => kind(Key::of(Table::AuditByKind), of),
        (Some(user), None) => Key::of(Table::AuditByUser).id(user.as_bytes()),
        (Some(user), Some(of)) => kind(Key::of(Table::AuditByUserAndKind).id(user.as_bytes()), of),
    }
}

/// The place of a line in a list.
fn place(list: Key, record: &AuditRecord) -> Key {
    list.newest_time(record.at).newest_id(record.id.as_bytes())
}

/// The places of a line in every list but the first.
fn index_keys(record: &AuditRecord) -> Vec<Key> {
    let all = AuditFilter { since: None, ..AuditFilter::default() };
    let mut filters = vec![AuditFilter { kind: Some(record.kind), ..all }];
    let other = record.target.filter(|target| record.actor != Some(*target));
    for user in record.actor.into_iter().chain(other) {
        filters.push(AuditFilter { user_id: Some(user), ..all });
        filters.push(AuditFilter { user_id: Some(user), kind: Some(record.kind), ..all });
    }
    filters.into_iter().map(|filter| place(list(filter), record)).collect()
}

pub(super) fn append(pending: &mut Pending<'_>, record: &AuditRecord) -> Result<()> {
    let key = place(list(AuditFilter::default()), record);
    if let Some(old) = pending.record::<AuditRecord>(&key)? {
        index_keys(&old).iter().for_each(|index| pending.remove_value(index));
    }
    index_keys(record).iter().for_each(|index| pending.put_value(index, key.as_bytes()));
    pending.put(&key, record)
}

#[async_trait]
impl Audit for SledStore {
    async fn audit(&self, filter: AuditFilter, page: PageRequest) -> Result<RecordPage<AuditRecord>> {
        let list = list(filter);
        let end = filter.since.map(|since| list.clone().newest_time(since));
        let is_index = filter.kind.is_some() || filter.user_id.is_some();
        self.read(move |tree| {
            pages::page_until(tree, &list, end.as_ref(), &page, |key, value| {
                if !is_index {
                    return tree.decode(key, value);
                }
                let record = tree.record(&Key::from_bytes(value.to_vec()))?;
                record.ok_or_else(|| StoreError::Damaged("a line of the audit is listed and missing".into()))
            })
        })
        .await
    }
}
