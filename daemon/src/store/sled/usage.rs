//! The ledger. A line is named by its user, its time and its run, and stands in the order in which it is listed.

use async_trait::async_trait;
use mmp_shared::UserId;

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

pub(super) fn put(pending: &mut Pending<'_>, record: &UsageRecord) -> Result<()> {
    let key = of_user(record.user_id).newest_time(record.at).newest_id(record.run_id.as_bytes());
    pending.put(&key, record)
}

#[async_trait]
impl UsageLedger for SledStore {
    async fn usage(&self, user_id: UserId, page: PageRequest) -> Result<RecordPage<UsageRecord>> {
        self.read(move |tree| pages::page(tree, &of_user(user_id), &page, |key, value| tree.decode(key, value))).await
    }
}
