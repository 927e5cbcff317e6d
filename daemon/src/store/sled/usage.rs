//! The ledger. A line is named by its user, its time and its run, and stands in the order in which it is listed.

use async_trait::async_trait;
use jiff::Timestamp;
use mmp_shared::{RunId, UserId};

use super::{
    SledStore,
    keys::{Key, Table},
    pages,
    pending::Pending,
    source::Source,
};
use crate::store::{PageRequest, RecordPage, Result, UsageLedger, records::UsageRecord};

fn of_user(user_id: UserId) -> Key {
    Key::of(Table::Usage).id(user_id.as_bytes())
}

fn key(user_id: UserId, at: Timestamp, run_id: RunId) -> Key {
    of_user(user_id).newest_time(at).newest_id(run_id.as_bytes())
}

pub(super) fn put(pending: &mut Pending<'_>, record: &UsageRecord) -> Result<()> {
    pending.put(&key(record.user_id, record.at, record.run_id), record)
}

pub(super) fn delete(pending: &mut Pending<'_>, user_id: UserId, at: Timestamp, run_id: RunId) -> Result<()> {
    pending.remove(&key(user_id, at, run_id))
}

#[async_trait]
impl UsageLedger for SledStore {
    async fn usage(&self, user_id: UserId, page: PageRequest) -> Result<RecordPage<UsageRecord>> {
        self.read(move |tree| pages::page(tree, &of_user(user_id), &page, |key, value| tree.decode(key, value))).await
    }
}
