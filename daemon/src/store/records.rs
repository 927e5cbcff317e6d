//! What the store keeps, as plain records. No engine's types, no wire's types but the small words they share.
//!
//! A record that can change carries a `version`: whoever changes it writes the next number and may ask the commit to
//! refuse if another change came first ([`super::Precondition::Version`]).

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use mmp_shared::{
    ApiError, AttemptId, AuditId, ConversationId, InviteId, LoginId, MessageId, RunId, TokenId, UserId,
    audit::AuditKind,
    message::{ContentPart, FinishReason, Role, Status},
    tokens::Scope,
    usage::{Attempt, Timing, Usage},
    users::AccountRole,
};
use serde::{Deserialize, Serialize};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRecord {
    /// Its id.
    pub id: UserId,
    /// How often it has changed.
    pub version: u64,
    /// Its name, unique whatever its case.
    pub username: String,
    /// What it may do.
    pub role: AccountRole,
    /// The OS user whose processes are this account, unique.
    pub os_user: Option<u32>,
    /// When it was made.
    pub created_at: Timestamp,
    /// What its name looks like, unique: names that look alike look like the same. Empty in the oldest records.
    #[serde(default)]
    pub skeleton: String,
    /// What it wants to be called.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Counts up when every login but one is to end: a login of another epoch is none.
    #[serde(default)]
    pub epoch: u64,
    /// When it was disabled.
    #[serde(default)]
    pub disabled_at: Option<Timestamp>,
    /// When its deletion began. It is done in many batches, and goes on after a crash.
    #[serde(default)]
    pub deleting_at: Option<Timestamp>,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationRecord {
    /// Its id.
    pub id: ConversationId,
    /// Whose it is.
    pub user_id: UserId,
    /// How often it has changed.
    pub version: u64,
    /// Its title.
    pub title: String,
    /// Instructions that stand before it.
    pub system: Option<String>,
    /// The model that was asked last, as `provider/model`.
    pub model: Option<String>,
    /// The last message of the current branch.
    pub leaf_id: Option<MessageId>,
    /// How many messages it holds, on all branches.
    pub messages: u64,
    /// When it began.
    pub created_at: Timestamp,
    /// When a message was last added.
    pub updated_at: Timestamp,
}

/// One message. It is written once its words are final, and does not change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageRecord {
    /// Its id.
    pub id: MessageId,
    /// Where it stands.
    pub conversation_id: ConversationId,
    /// Whose it is.
    pub user_id: UserId,
    /// The message before it on its branch.
    pub parent_id: Option<MessageId>,
    /// The run that made it.
    pub run_id: Option<RunId>,
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: Vec<ContentPart>,
    /// What the model said when it refused.
    pub refusal: Option<String>,
    /// The model that wrote it.
    pub model: Option<String>,
    /// The provider that was asked.
    pub provider: Option<String>,
    /// What became of it.
    pub status: Status,
    /// Why the model stopped.
    pub finish_reason: Option<FinishReason>,
    /// The tokens.
    pub usage: Option<Usage>,
    /// Their price in US dollars.
    pub cost_usd: Option<f64>,
    /// How long it took.
    pub timing: Option<Timing>,
    /// When it was written.
    pub created_at: Timestamp,
}

/// The making of one answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Its id.
    pub id: RunId,
    /// Whose it is.
    pub user_id: UserId,
    /// How often it has changed.
    pub version: u64,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The message that it answers.
    pub user_message_id: MessageId,
    /// The answer's message; it is stored when the run ends.
    pub message_id: MessageId,
    /// The model that is asked.
    pub model: String,
    /// The provider that is asked.
    pub provider: String,
    /// What became of it.
    pub status: Status,
    /// Why the model stopped.
    pub finish_reason: Option<FinishReason>,
    /// The tokens.
    pub usage: Usage,
    /// Their price in US dollars.
    pub cost_usd: Option<f64>,
    /// How long it took.
    pub timing: Timing,
    /// Every attempt, in order.
    pub attempts: Vec<Attempt>,
    /// What went wrong.
    pub error: Option<ApiError>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ended; none while it is live.
    pub finished_at: Option<Timestamp>,
}

/// One event of a run's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRecord {
    /// Its number within the run, counted from 1.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Its data, as JSON.
    pub data: String,
}

/// What a user has said about a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderConfigRecord {
    /// Whose it is.
    pub user_id: UserId,
    /// The provider's name, unique for the user.
    pub name: String,
    /// How often it has changed.
    pub version: u64,
    /// Whose API it speaks; none for a provider that comes with mmp.
    pub kind: Option<String>,
    /// The base of its URLs, where it is not the built-in one.
    pub base_url: Option<String>,
}

/// A provider's key, sealed. What opens it is the affair of `security/vault`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedKeyRecord {
    /// Whose it is.
    pub user_id: UserId,
    /// The provider that it opens.
    pub provider: String,
    /// What was drawn for this sealing alone.
    pub nonce: Vec<u8>,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
    /// Whether it is a pair of keys: a provider may have another API for those.
    #[serde(default)]
    pub is_pair: bool,
    /// When it was sealed.
    pub created_at: Timestamp,
}

/// Where the vault's master key lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultRecord {
    /// The kind of place: `keyring` or `file`.
    pub key_store: String,
    /// The name of the key there: an entry's, or a file's path.
    pub location: String,
    /// What a key must hash to, to be the master key.
    pub fingerprint: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What a user has set for all their terminals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsRecord {
    /// Whose they are.
    pub user_id: UserId,
    /// How often they have changed.
    pub version: u64,
    /// The settings by name.
    pub values: BTreeMap<String, String>,
}

/// One line of the ledger: the numbers of a finished run, and no words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsageRecord {
    /// The run.
    pub run_id: RunId,
    /// Whose it is.
    pub user_id: UserId,
    /// When the run ended.
    pub at: Timestamp,
    /// The model that answered.
    pub model: String,
    /// The provider that was asked.
    pub provider: String,
    /// What became of the answer.
    pub status: Status,
    /// The tokens.
    pub usage: Usage,
    /// Their price in US dollars.
    pub cost_usd: Option<f64>,
    /// How long it took.
    pub timing: Timing,
}

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
