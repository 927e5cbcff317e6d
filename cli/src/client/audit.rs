//! The audit, for administrators.

use mmp_shared::{
    ApiError,
    audit::{AuditLine, AuditQuery},
    page::Page,
};

use super::{Client, encode};
use crate::wanted::Wanted;

impl Client {
    /// What has happened to accounts and keys, the latest first; of the query only what narrows the list.
    pub(crate) async fn audit(&self, query: &AuditQuery, wanted: &Wanted) -> Result<Page<AuditLine>, ApiError> {
        let named = [
            ("kind", query.kind.map(|kind| kind.to_string())),
            ("user", query.user.clone()),
            ("since", query.since.map(|since| since.to_string())),
        ];
        let named = named.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", encode(&value?))));
        let filter = named.collect::<Vec<_>>().join("&");
        self.filtered_list("/admin/audit", Some(&filter).filter(|filter| !filter.is_empty()).map(String::as_str), wanted).await
    }
}
