//! The answers about what belongs to logging in: logins, attempts, access tokens, invitations and the audit.

use std::ops::Bound;

use async_trait::async_trait;
use jiff::Timestamp;
use mmp_shared::{AuditId, InviteId, LoginId, TokenId, UserId};

use super::{
    MemoryStore,
    pages::{self, List},
    tables::{Newest, newest},
};
use crate::store::{
    Audit, AuditFilter, Invites, LoginAttempts, Logins, PageRequest, RecordPage, Result, StoreError, Tokens,
    records::{AuditRecord, InviteRecord, LoginAttemptRecord, LoginRecord, TokenRecord},
};

/// Where a list by id begins.
pub(super) fn behind<Id>(after: Option<Id>) -> (Bound<Id>, Bound<Id>) {
    (after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded)
}

#[async_trait]
impl Logins for MemoryStore {
    async fn login(&self, id: LoginId) -> Result<Option<LoginRecord>> {
        self.read(|tables| tables.logins.get(&id).cloned())
    }

    async fn logins(&self, user_id: UserId) -> Result<Vec<LoginRecord>> {
        self.read(|tables| tables.logins.values().filter(|login| login.user_id == user_id).cloned().collect())
    }

    async fn logins_after(&self, after: Option<LoginId>, limit: usize) -> Result<Vec<LoginRecord>> {
        self.read(|tables| tables.logins.range(behind(after)).map(|(_, login)| login.clone()).take(limit).collect())
    }
}

#[async_trait]
impl LoginAttempts for MemoryStore {
    async fn login_attempts(&self, subject: [u8; 16], page: PageRequest) -> Result<RecordPage<LoginAttemptRecord>> {
        self.read(|tables| {
            pages::page(&tables.attempts_by_subject, List::LoginAttempts, subject, &page, |place| {
                tables.attempts[&(subject, place)].clone()
            })
        })?
    }

    async fn old_login_attempts(&self, before: Timestamp, limit: usize) -> Result<Vec<LoginAttemptRecord>> {
        self.read(|tables| {
            let mut old: Vec<_> = tables.attempts.values().filter(|attempt| attempt.at < before).cloned().collect();
            old.sort_by_key(|attempt| (attempt.at, attempt.id, attempt.subject));
            old.truncate(limit);
            old
        })
    }
}

#[async_trait]
impl Tokens for MemoryStore {
    async fn token(&self, id: TokenId) -> Result<Option<TokenRecord>> {
        self.read(|tables| tables.tokens.get(&id).cloned())
    }

    async fn tokens(&self, user_id: UserId) -> Result<Vec<TokenRecord>> {
        self.read(|tables| tables.tokens.values().filter(|token| token.user_id == user_id).cloned().collect())
    }

    async fn tokens_after(&self, after: Option<TokenId>, limit: usize) -> Result<Vec<TokenRecord>> {
        self.read(|tables| tables.tokens.range(behind(after)).map(|(_, token)| token.clone()).take(limit).collect())
    }
}

#[async_trait]
impl Invites for MemoryStore {
    async fn invite(&self, id: InviteId) -> Result<Option<InviteRecord>> {
        self.read(|tables| tables.invites.get(&id).cloned())
    }

    async fn invite_by_hash(&self, hash: &[u8]) -> Result<Option<InviteRecord>> {
        self.read(|tables| tables.invites.values().find(|invite| invite.hash == hash).cloned())
    }

    async fn invites(&self, page: PageRequest) -> Result<RecordPage<InviteRecord>> {
        self.read(|tables| {
            pages::page(&tables.invites_by_time, List::Invites, (), &page, |(_, id): Newest<InviteId>| {
                tables.invites[&id.0].clone()
            })
        })?
    }
}

#[async_trait]
impl Audit for MemoryStore {
    /// Looks at every line: where this engine is used there are few.
    async fn audit(&self, filter: AuditFilter, page: PageRequest) -> Result<RecordPage<AuditRecord>> {
        let owner = (filter.user_id, filter.kind);
        let start = match &page.cursor {
            Some(cursor) => Bound::Excluded(pages::place_of(cursor, List::Audit, owner).ok_or(StoreError::BadCursor)?),
            None => Bound::Included(newest(Timestamp::MAX, AuditId::from_bytes([u8::MAX; 16]))),
        };
        let is_wanted = |record: &AuditRecord| {
            filter.kind.is_none_or(|kind| record.kind == kind)
                && filter.user_id.is_none_or(|id| [record.actor, record.target].contains(&Some(id)))
                && filter.since.is_none_or(|since| record.at >= since)
        };
        self.read(|tables| {
            let lines = tables.audit.range((start, Bound::Unbounded)).filter(|(_, record)| is_wanted(record));
            pages::page_of(lines.map(|(place, _)| *place), List::Audit, owner, &page, |place| tables.audit[&place].clone())
        })
    }
}
