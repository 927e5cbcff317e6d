//! The read traits of what belongs to logging in.

use async_trait::async_trait;
use jiff::Timestamp;
use mmp_shared::{InviteId, LoginId, TokenId, UserId, audit::AuditKind};

use super::{
    PageRequest, RecordPage, Result,
    records::{AuditRecord, InviteRecord, LoginAttemptRecord, LoginRecord, TokenRecord},
};

/// Logins.
#[async_trait]
pub trait Logins: Send + Sync {
    /// The login with this id.
    async fn login(&self, id: LoginId) -> Result<Option<LoginRecord>>;
    /// A user's logins, the oldest first.
    async fn logins(&self, user_id: UserId) -> Result<Vec<LoginRecord>>;
    /// At most `limit` logins of every user whose ids come after this one, by id.
    async fn logins_after(&self, after: Option<LoginId>, limit: usize) -> Result<Vec<LoginRecord>>;
}

/// Attempts to log in.
#[async_trait]
pub trait LoginAttempts: Send + Sync {
    /// The attempts at one name, the newest first.
    async fn login_attempts(&self, subject: [u8; 16], page: PageRequest) -> Result<RecordPage<LoginAttemptRecord>>;
    /// At most `limit` attempts, at all names, from before this time, the oldest first.
    async fn old_login_attempts(&self, before: Timestamp, limit: usize) -> Result<Vec<LoginAttemptRecord>>;
}

/// Access tokens.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// The access token with this id.
    async fn token(&self, id: TokenId) -> Result<Option<TokenRecord>>;
    /// A user's access tokens, the oldest first.
    async fn tokens(&self, user_id: UserId) -> Result<Vec<TokenRecord>>;
    /// At most `limit` access tokens of every user whose ids come after this one, by id.
    async fn tokens_after(&self, after: Option<TokenId>, limit: usize) -> Result<Vec<TokenRecord>>;
}

/// Invitations.
#[async_trait]
pub trait Invites: Send + Sync {
    /// The invitation with this id.
    async fn invite(&self, id: InviteId) -> Result<Option<InviteRecord>>;
    /// The invitation whose code hashes to this.
    async fn invite_by_hash(&self, hash: &[u8]) -> Result<Option<InviteRecord>>;
    /// Every invitation that waits to be used, the newest first.
    async fn invites(&self, page: PageRequest) -> Result<RecordPage<InviteRecord>>;
}

/// Which lines of the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// Only this kind.
    pub kind: Option<AuditKind>,
    /// Only what this account did, or what was done to it.
    pub user_id: Option<UserId>,
    /// Nothing older.
    pub since: Option<Timestamp>,
}

/// The audit.
#[async_trait]
pub trait Audit: Send + Sync {
    /// The lines that a filter lets through, the newest first.
    async fn audit(&self, filter: AuditFilter, page: PageRequest) -> Result<RecordPage<AuditRecord>>;
}
