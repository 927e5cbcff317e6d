//! The audit: what is written down, and how admins read it.
//!
//! A line is an operation of the batch that does what it tells: the one is never kept without the other. It names
//! accounts by their ids alone; their names come from the table of accounts when it is read.

use std::sync::Arc;

use jiff::Timestamp;
use mmp_shared::{
    ApiError, AuditId, UserId,
    audit::{AuditKind, AuditLine, AuditQuery},
    page::{Page, PageQuery},
};

use super::{clock::SharedClock, conversations::page_request, origin, users::Users};
use crate::store::{AuditFilter, Operation, Store, records::AuditRecord};

/// The service of the audit.
pub struct Audit {
    store: Arc<dyn Store>,
    users: Arc<Users>,
}

impl Audit {
    /// The service over a store.
    pub fn new(store: Arc<dyn Store>, users: Arc<Users>) -> Self {
        Self { store, users }
    }

    /// A page of the audit, the newest line first.
    ///
    /// # Errors
    ///
    /// `not_found` for an account that nobody has, `bad_request` for a cursor of another list, and the store's.
    pub async fn list(&self, query: AuditQuery) -> Result<Page<AuditLine>, ApiError> {
        let user_id = match &query.user {
            // What is left of an account that is gone is found by its id.
            Some(reference) => match reference.parse() {
                Ok(id) => Some(id),
                Err(_) => Some(self.users.find(reference)?.id),
            },
            None => None,
        };
        let filter = AuditFilter { kind: query.kind, user_id, since: query.since };
        let page = self.store.audit(filter, page_request(PageQuery { limit: query.limit, cursor: query.cursor })).await?;
        let items = page.items.into_iter().map(|record| self.view(record)).collect();
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    fn view(&self, record: AuditRecord) -> AuditLine {
        let name = |id: Option<UserId>| Some(self.users.record(id?)?.username.clone());
        AuditLine {
            id: record.id,
            at: record.at,
            kind: record.kind,
            actor: record.actor,
            actor_name: name(record.actor),
            target: record.target,
            target_name: name(record.target),
            source: record.source,
            request_id: record.request_id,
            detail: record.detail,
        }
    }
}

/// A line about the request that is being done, for the batch that does it.
pub(super) fn line(
    clock: &SharedClock,
    kind: AuditKind,
    actor: Option<UserId>,
    target: Option<UserId>,
    detail: Option<String>,
) -> Operation {
    line_at(clock.now(), kind, actor, target, detail)
}

/// A line about a user's own key for a provider.
pub(super) fn key_line(kind: AuditKind, user_id: UserId, provider: &str) -> Operation {
    line_at(Timestamp::now(), kind, Some(user_id), Some(user_id), Some(provider.to_owned()))
}

fn line_at(at: Timestamp, kind: AuditKind, actor: Option<UserId>, target: Option<UserId>, detail: Option<String>) -> Operation {
    let origin = origin::current();
    Operation::AppendAudit(AuditRecord {
        id: AuditId::generate(),
        at,
        kind,
        actor,
        target,
        source: origin.source,
        request_id: origin.request_id,
        detail,
    })
}
