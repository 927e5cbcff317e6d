//! The store: one small read trait a noun, and one way to change anything, [`Commit::commit`].
//!
//! A [`Batch`] is a list of typed operations over all nouns, with preconditions. It becomes durable as a whole or not at
//! all, and `commit` returns only when it is on disk. Every list is a range over an index: what a page costs does not
//! grow with the store. Engines live in one folder each and are named only in [`registry`]; one contract suite
//! (`daemon/tests/store_contract`) holds for all of them. What the records mean is left to the services.

mod accounts;
mod backup;
mod conversation_filter;
pub mod memory;
pub mod records;
pub mod registry;
pub mod sled;

use std::path::PathBuf;

use async_trait::async_trait;
use jiff::Timestamp;
use mmp_shared::{AttemptId, ConversationId, InviteId, LoginId, MessageId, RunId, TokenId, UserId};
use tokio::sync::watch;

pub use accounts::{Audit, AuditFilter, Invites, LoginAttempts, Logins, Tokens};
pub use backup::{BACKUP_FORMAT, BackupError, BackupHead, BackupReader, BackupWriter, CopySink, CopySource};
pub use conversation_filter::{ConversationFilter, model_names};
use records::{
    AuditRecord, ConversationRecord, EventRecord, FoundMessage, InviteRecord, LoginAttemptRecord, LoginRecord, MessageChange,
    MessageRecord, ModelConfigRecord, ModelListRecord, PasswordRecord, ProviderConfigRecord, RoleRecord, RunRecord,
    SealedKeyRecord, SealedTokenRecord, SettingsRecord, TokenRecord, UsageRecord, UserRecord, VaultRecord,
};

/// What went wrong in a store, and whether another try can help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A precondition does not hold; nothing was changed.
    #[error("{0} does not hold")]
    Conflict(Precondition),
    /// A cursor that no page of this list gave.
    #[error("the cursor belongs to no page of this list")]
    BadCursor,
    /// The disk is full; nothing was changed. Once there is room the same commit succeeds.
    #[error("the disk is full: {0}")]
    Full(String),
    /// Another process holds the store.
    #[error("another process holds the store: {0}")]
    Locked(String),
    /// The folder or the disk cannot be written.
    #[error("the store cannot be written: {0}")]
    ReadOnly(String),
    /// What is on disk makes no sense.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// A newer version wrote it.
    #[error("a newer version of mmp wrote the store: {0}")]
    Newer(String),
    /// The engine failed in some other way.
    #[error("the store failed: {0}")]
    Failed(String),
}

/// What the store's calls return.
pub type Result<T> = std::result::Result<T, StoreError>;

/// The name of one record, for preconditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entity {
    /// The account with this id.
    User(UserId),
    /// The account with this name, whatever its case.
    Username(String),
    /// The account of this OS user.
    OsUser(u32),
    /// The conversation with this id.
    Conversation(ConversationId),
    /// The message with this id.
    Message(MessageId),
    /// The run with this id.
    Run(RunId),
    /// A user's configuration of a provider.
    ProviderConfig(UserId, String),
    /// A user's sealed key for a provider.
    SealedKey(UserId, String),
    /// What a user, or with none an administrator for everyone, says of a provider's model.
    ModelConfig(Option<UserId>, String, String),
    /// A user's settings.
    Settings(UserId),
    /// A user's role of this name.
    Role(UserId, String),
    /// Where the master key lives.
    Vault,
    /// The account whose name looks like this.
    Skeleton(String),
    /// An account's password.
    Password(UserId),
    /// The login with this id.
    Login(LoginId),
    /// The access token with this id.
    Token(TokenId),
    /// The invitation with this id.
    Invite(InviteId),
}

/// What must hold for a batch to be carried out. All are checked against the store as it is before the batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Precondition {
    /// There is no such record.
    Absent(Entity),
    /// There is such a record.
    Present(Entity),
    /// The record exists and has this version. Only for records that have one.
    Version(Entity, u64),
}

impl std::fmt::Display for Precondition {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Absent(entity) => write!(formatter, "the absence of {entity:?}"),
            Self::Present(entity) => write!(formatter, "the presence of {entity:?}"),
            Self::Version(entity, version) => write!(formatter, "version {version} of {entity:?}"),
        }
    }
}

/// One change. A `Put` writes the whole record, new or not; what a `Delete` names may be absent.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// Writes an account.
    PutUser(UserRecord),
    /// Writes a conversation.
    PutConversation(ConversationRecord),
    /// Notes in a conversation, which must exist, that messages were added; its version counts up by one.
    AdvanceConversation {
        /// The conversation.
        id: ConversationId,
        /// The last message of its current branch, now; none where they stand beside that branch.
        leaf_id: Option<MessageId>,
        /// When.
        updated_at: Timestamp,
        /// The model that was asked, as `provider/model`; none leaves it as it is.
        model: Option<String>,
        /// How many messages were added.
        added: u64,
    },
    /// Writes a message.
    PutMessage(MessageRecord),
    /// Writes a run.
    PutRun(RunRecord),
    /// Adds events to a run's log as one record. Their ids follow those that are there.
    AppendRunEvents {
        /// The run.
        run_id: RunId,
        /// The events, in order; not empty.
        events: Vec<EventRecord>,
    },
    /// Forgets a run's events; the run stays.
    DeleteRunEvents(RunId),
    /// Writes a user's configuration of a provider.
    PutProviderConfig(ProviderConfigRecord),
    /// Forgets a user's configuration of a provider.
    DeleteProviderConfig(UserId, String),
    /// Writes a sealed key.
    PutSealedKey(SealedKeyRecord),
    /// Forgets a sealed key, and the token beside it.
    DeleteSealedKey(UserId, String),
    /// Writes the token beside a sealed key, which must be there and be the one with this nonce.
    PutSealedToken {
        /// Whose key.
        user_id: UserId,
        /// For which provider.
        provider: String,
        /// What tells the key that the token was given for from those before and after it.
        key_nonce: Vec<u8>,
        /// The token.
        token: SealedTokenRecord,
    },
    /// Writes what somebody says of a model.
    PutModelConfig(ModelConfigRecord),
    /// Forgets what a user, or with none an administrator, says of a provider's model.
    DeleteModelConfig(Option<UserId>, String, String),
    /// Writes the models that a user's provider lists.
    PutModelList(ModelListRecord),
    /// Forgets the models that a user's provider lists.
    DeleteModelList(UserId, String),
    /// Writes a user's settings.
    PutSettings(SettingsRecord),
    /// Writes a role.
    PutRole(RoleRecord),
    /// Forgets a user's role of this name.
    DeleteRole(UserId, String),
    /// Writes a line of the ledger.
    PutUsage(UsageRecord),
    /// Writes where the master key lives.
    PutVault(VaultRecord),
    /// Forgets an account. What belongs to it is forgotten by operations of its own.
    DeleteUser(UserId),
    /// Writes an account's password.
    PutPassword(PasswordRecord),
    /// Forgets an account's password.
    DeletePassword(UserId),
    /// Writes a login.
    PutLogin(LoginRecord),
    /// Forgets a login.
    DeleteLogin(LoginId),
    /// Writes an attempt to log in.
    PutLoginAttempt(LoginAttemptRecord),
    /// Forgets an attempt to log in, by its subject, its time and its id.
    DeleteLoginAttempt([u8; 16], Timestamp, AttemptId),
    /// Writes an access token.
    PutToken(TokenRecord),
    /// Notes when an access token was last used; one that is gone stays so.
    TouchToken(TokenId, Timestamp),
    /// Forgets an access token.
    DeleteToken(TokenId),
    /// Writes an invitation.
    PutInvite(InviteRecord),
    /// Forgets an invitation.
    DeleteInvite(InviteId),
    /// Adds a line to the audit.
    AppendAudit(AuditRecord),
    /// Forgets a conversation. Its messages are forgotten by operations of their own.
    DeleteConversation(ConversationId),
    /// Forgets a message.
    DeleteMessage(MessageId),
    /// Forgets a run and its events.
    DeleteRun(RunId),
    /// Forgets a user's settings.
    DeleteSettings(UserId),
    /// Forgets a line of the ledger, by its user, its time and its run.
    DeleteUsage(UserId, Timestamp, RunId),
}

/// Changes that become durable together, or not at all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    /// What must hold first.
    pub preconditions: Vec<Precondition>,
    /// The changes, carried out in order.
    pub operations: Vec<Operation>,
}

impl Batch {
    /// A batch that changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same batch with one more precondition.
    #[must_use]
    pub fn require(mut self, precondition: Precondition) -> Self {
        self.preconditions.push(precondition);
        self
    }

    /// The same batch with one more change.
    #[must_use]
    pub fn then(mut self, operation: Operation) -> Self {
        self.operations.push(operation);
        self
    }
}

/// Which page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// The most records to return; at least 1.
    pub limit: usize,
    /// Where to begin: the `next_cursor` of a page of the same list.
    pub cursor: Option<String>,
}

impl PageRequest {
    /// The first page of at most `limit` records.
    pub const fn first(limit: usize) -> Self {
        Self { limit, cursor: None }
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordPage<T> {
    /// The records.
    pub items: Vec<T>,
    /// Where the next page begins; none on the last one.
    pub next_cursor: Option<String>,
}

/// Accounts.
#[async_trait]
pub trait Users: Send + Sync {
    /// The account with this id.
    async fn user(&self, id: UserId) -> Result<Option<UserRecord>>;
    /// The account with this name, whatever its case.
    async fn user_by_name(&self, username: &str) -> Result<Option<UserRecord>>;
    /// The account of this OS user.
    async fn user_by_os_user(&self, os_user: u32) -> Result<Option<UserRecord>>;
    /// At most `limit` accounts whose ids come after this one, by id: the oldest first.
    async fn users_after(&self, after: Option<UserId>, limit: usize) -> Result<Vec<UserRecord>>;
    /// An account's password.
    async fn password(&self, user_id: UserId) -> Result<Option<PasswordRecord>>;
}

/// Conversations. Another user's are as good as absent.
#[async_trait]
pub trait Conversations: Send + Sync {
    /// The conversation with this id.
    async fn conversation(&self, user_id: UserId, id: ConversationId) -> Result<Option<ConversationRecord>>;
    /// A user's conversations, the last changed first.
    async fn conversations(&self, user_id: UserId, page: PageRequest) -> Result<RecordPage<ConversationRecord>>;
    /// Those of a user's conversations that a filter takes, the last changed first. A page looks at a bounded number of
    /// records: it may hold fewer than asked for, even none, and have a next one.
    async fn conversations_where(
        &self,
        user_id: UserId,
        filter: ConversationFilter,
        page: PageRequest,
    ) -> Result<RecordPage<ConversationRecord>>;
    /// At most `limit` conversations whose id ends in these hex digits (lower case, no dashes).
    async fn conversations_by_suffix(&self, user_id: UserId, suffix: &str, limit: usize) -> Result<Vec<ConversationRecord>>;
    /// At most `limit` conversations with exactly this title, whatever its case.
    async fn conversations_by_title(&self, user_id: UserId, title: &str, limit: usize) -> Result<Vec<ConversationRecord>>;
}

/// Messages.
#[async_trait]
pub trait Messages: Send + Sync {
    /// The message with this id.
    async fn message(&self, user_id: UserId, id: MessageId) -> Result<Option<MessageRecord>>;
    /// Every message of a conversation, on all branches, the oldest first.
    async fn messages(&self, user_id: UserId, conversation_id: ConversationId) -> Result<Vec<MessageRecord>>;
    /// The ids of at most `limit` messages of a conversation, the oldest first.
    async fn message_ids(&self, conversation_id: ConversationId, limit: usize) -> Result<Vec<MessageId>>;
}

/// What was done to messages, of every user, in the order in which it became durable. Whatever is derived from messages
/// remembers the position up to which it was told, and goes on from there.
#[async_trait]
pub trait MessageChanges: Send + Sync {
    /// The position of the last change, now and whenever there is a new one; 0 before the first.
    fn message_position(&self) -> watch::Receiver<u64>;
    /// The changes above a position, at most `limit`, fewer where their messages are long. Of a message that was written
    /// or forgotten several times only the last change is kept.
    async fn message_changes(&self, after: u64, limit: usize) -> Result<Vec<MessageChange>>;
    /// Those of a user's messages that have these ids, in the same order, each with its conversation's title.
    async fn found_messages(&self, user_id: UserId, ids: Vec<MessageId>) -> Result<Vec<FoundMessage>>;
}

/// Runs and their events.
#[async_trait]
pub trait Runs: Send + Sync {
    /// The run with this id.
    async fn run(&self, user_id: UserId, id: RunId) -> Result<Option<RunRecord>>;
    /// A user's runs, the newest first.
    async fn runs(&self, user_id: UserId, page: PageRequest) -> Result<RecordPage<RunRecord>>;
    /// At most `limit` runs whose id ends in these hex digits (lower case, no dashes).
    async fn runs_by_suffix(&self, user_id: UserId, suffix: &str, limit: usize) -> Result<Vec<RunRecord>>;
    /// Every run, of every user, that has no end.
    async fn unfinished_runs(&self) -> Result<Vec<RunRecord>>;
    /// At most `limit` finished runs, of every user, that ended before this time and still have events.
    async fn runs_to_forget(&self, before: Timestamp, limit: usize) -> Result<Vec<RunId>>;
    /// The events of a run whose ids are above `after`, at least one if there is any, whole records at a time until
    /// about `limit` of them; empty at the end of what is stored.
    async fn run_events(&self, id: RunId, after: u64, limit: usize) -> Result<Vec<EventRecord>>;
}

/// What users have said about providers, and their sealed keys.
#[async_trait]
pub trait Providers: Send + Sync {
    /// A user's configuration of a provider.
    async fn provider_config(&self, user_id: UserId, name: &str) -> Result<Option<ProviderConfigRecord>>;
    /// Everything a user has configured, by name.
    async fn provider_configs(&self, user_id: UserId) -> Result<Vec<ProviderConfigRecord>>;
    /// A user's sealed key for a provider.
    async fn sealed_key(&self, user_id: UserId, provider: &str) -> Result<Option<SealedKeyRecord>>;
    /// The providers for which a user has a sealed key, by name.
    async fn sealed_key_names(&self, user_id: UserId) -> Result<Vec<String>>;
    /// Whether there is any sealed key, of any user.
    async fn has_sealed_keys(&self) -> Result<bool>;
    /// Where the master key lives.
    async fn vault(&self) -> Result<Option<VaultRecord>>;
}

/// What is said of models, and what their providers list.
#[async_trait]
pub trait Models: Send + Sync {
    /// What a user, or with none an administrator for everyone, says of a provider's model.
    async fn model_config(&self, owner: Option<UserId>, provider: &str, model: &str) -> Result<Option<ModelConfigRecord>>;
    /// Everything that a user, or with none an administrator for everyone, says of models, by provider and name.
    async fn model_configs(&self, owner: Option<UserId>) -> Result<Vec<ModelConfigRecord>>;
    /// The models that a user's providers list, by provider.
    async fn model_lists(&self, user_id: UserId) -> Result<Vec<ModelListRecord>>;
}

/// Settings.
#[async_trait]
pub trait UserSettings: Send + Sync {
    /// What a user has set.
    async fn settings(&self, user_id: UserId) -> Result<Option<SettingsRecord>>;
}

/// Roles.
#[async_trait]
pub trait Roles: Send + Sync {
    /// A user's role of this name.
    async fn role(&self, user_id: UserId, name: &str) -> Result<Option<RoleRecord>>;
    /// A user's roles, by name.
    async fn roles(&self, user_id: UserId) -> Result<Vec<RoleRecord>>;
}

/// The ledger.
#[async_trait]
pub trait UsageLedger: Send + Sync {
    /// A user's lines of the ledger, the newest first.
    async fn usage(&self, user_id: UserId, page: PageRequest) -> Result<RecordPage<UsageRecord>>;
}

/// What whoever looks after a store wants to know.
#[async_trait]
pub trait Upkeep: Send + Sync {
    /// The store as it is now. It is read for it, so that one that cannot be read says so.
    async fn about(&self) -> Result<StoreAbout>;
    /// Which shape the engine's keys and values have: a copy can be made a store by versions that know it.
    fn shape(&self) -> u32;
    /// Copies everything, while it is in use, into lists of changes that are the engine's own: what they make together, in
    /// order, is the store as it was at a moment after the last of them was read.
    async fn copy(&self, sink: CopySink) -> Result<()>;
}

/// A store as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreAbout {
    /// The engine, by the scheme of its URL.
    pub engine: &'static str,
    /// Where it keeps files, if it keeps any.
    pub folder: Option<PathBuf>,
    /// How many bytes they have.
    pub bytes: Option<u64>,
    /// How much room the disk has for more, in bytes, where it says so.
    pub free_bytes: Option<u64>,
    /// Whether an acknowledged change survives a loss of power.
    pub survives_power_loss: bool,
}

/// The one way to change anything.
#[async_trait]
pub trait Commit: Send + Sync {
    /// Carries a batch out, as a whole, and returns once it is durable.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] where a precondition does not hold. After any error nothing of the batch was done.
    async fn commit(&self, batch: Batch) -> Result<()>;
    /// Writes down what an orderly end needs and lets go of the disk. Commits that follow fail.
    async fn close(&self) -> Result<()>;
}

/// A whole store.
pub trait Store:
    Users
    + Logins
    + LoginAttempts
    + Tokens
    + Invites
    + Audit
    + Conversations
    + Messages
    + MessageChanges
    + Runs
    + Providers
    + Models
    + UserSettings
    + Roles
    + UsageLedger
    + Upkeep
    + Commit
{
}

impl<T> Store for T where
    T: Users
        + Logins
        + LoginAttempts
        + Tokens
        + Invites
        + Audit
        + Conversations
        + Messages
        + MessageChanges
        + Runs
        + Providers
        + Models
        + UserSettings
        + Roles
        + UsageLedger
        + Upkeep
        + Commit
{
}
