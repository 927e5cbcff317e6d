//! What is kept of passwords, logins, attempts, access tokens, invitations, and of what happened.

use std::fmt;

use jiff::Timestamp;
use mmp_shared::{AttemptId, AuditId, InviteId, LoginId, TokenId, UserId, audit::AuditKind, tokens::Scope, users::AccountRole};
use serde::{Deserialize, Serialize};

/// What a password is checked against. `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordRecord {
    /// Whose it is.
    pub user_id: UserId,
    /// How often it has changed, its hash alone included.
    pub version: u64,
    /// Argon2id's memory, in KiB.
    pub memory_kib: u32,
    /// Argon2id's passes.
    pub passes: u32,
    /// Argon2id's lanes.
    pub lanes: u32,
    /// What was drawn for this hash alone.
    pub salt: Vec<u8>,
    /// The hash.
    pub hash: Vec<u8>,
    /// When the password was set.
    pub changed_at: Timestamp,
}

impl fmt::Debug for PasswordRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("PasswordRecord");
        shown.field("user_id", &self.user_id).field("version", &self.version).finish_non_exhaustive()
    }
}

/// A login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginRecord {
    /// Its id.
    pub id: LoginId,
    /// Whose it is.
    pub user_id: UserId,
    /// How often it has changed.
    pub version: u64,
    /// The epoch of the account that it belongs to.
    pub epoch: u64,
    /// What it calls itself.
    pub client: Option<String>,
    /// Where it came from when it began.
    pub source: String,
    /// The hash of the part that all its refresh tokens share.
    pub family_hash: Vec<u8>,
    /// The hash of the other part, of the token that is good now.
    pub refresh_hash: Vec<u8>,
    /// The tokens before it that have only just been used, the oldest first.
    pub rotations: Vec<RotationRecord>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub refreshed_at: Timestamp,
    /// When it ends unless it is refreshed before.
    pub expires_at: Timestamp,
}

/// A refresh token that was used, and what its successor was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotationRecord {
    /// The hash of the token's own part.
    pub hash: Vec<u8>,
    /// What was drawn for its successor.
    pub salt: Vec<u8>,
    /// When it was used.
    pub at: Timestamp,
}

/// How an attempt to log in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// The password was right.
    Success,
    /// It was not, or there is no such account.
    Failure,
    /// It came too soon after others and was not looked at.
    TooSoon,
    /// The account was locked.
    Locked,
}

/// One attempt to log in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginAttemptRecord {
    /// Its id.
    pub id: AttemptId,
    /// The fingerprint of the name that was tried: of an account or of none.
    pub subject: [u8; 16],
    /// The account, where there is one.
    pub user_id: Option<UserId>,
    /// Where it came from.
    pub source: String,
    /// When.
    pub at: Timestamp,
    /// How it ended.
    pub outcome: AttemptOutcome,
}

/// An access token. The token itself is nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRecord {
    /// Its id.
    pub id: TokenId,
    /// Whose it is.
    pub user_id: UserId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// What the token hashes to.
    pub hash: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// An invitation to register. It goes when it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteRecord {
    /// Its id.
    pub id: InviteId,
    /// What its code hashes to, unique.
    pub hash: Vec<u8>,
    /// What the account will be allowed.
    pub role: AccountRole,
    /// Who invited.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// One line of the audit. It is written once, and stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Its id.
    pub id: AuditId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: AuditKind,
    /// Who did it.
    pub actor: Option<UserId>,
    /// To whom.
    pub target: Option<UserId>,
    /// From where.
    pub source: String,
    /// The request.
    pub request_id: Option<String>,
    /// What there is to say beside that. Never a secret.
    pub detail: Option<String>,
}
