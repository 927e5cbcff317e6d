//! What the store keeps, as plain records. No engine's types, no wire's types but the small words they share.
//!
//! A record that can change carries a `version`: whoever changes it writes the next number and may ask the commit to
//! refuse if another change came first ([`crate::store::Precondition::Version`]).

mod accounts;

use std::collections::BTreeMap;

use jiff::Timestamp;
use mmp_shared::{
    ApiError, ConversationId, MessageId, RunId, UserId,
    chat::Params,
    message::{ContentPart, FinishReason, Role, Status},
    models::{ListedModel, Price},
    usage::{Attempt, Timing, Usage},
    users::AccountRole,
};
use serde::{Deserialize, Serialize};

pub use accounts::{
    AttemptOutcome, AuditRecord, InviteRecord, LoginAttemptRecord, LoginRecord, PasswordRecord, RotationRecord, TokenRecord,
};

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
    /// The name of the role that its first question was asked with.
    #[serde(default)]
    pub role: Option<String>,
    /// Whether its owner wants to find it easily.
    #[serde(default)]
    pub pinned: bool,
    /// Whether its owner put it away.
    #[serde(default)]
    pub archived: bool,
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

/// Runs that were written before there were several at once are alone.
const fn leads() -> bool {
    true
}

impl MessageRecord {
    /// Who gave an answer, as `provider/model`.
    pub fn model_name(&self) -> Option<String> {
        Some(format!("{}/{}", self.provider.as_ref()?, self.model.as_ref()?))
    }

    /// A whole message, the first of its conversation, of which no more is known than who said what, and when.
    pub fn said(
        conversation_id: ConversationId,
        user_id: UserId,
        role: Role,
        content: Vec<ContentPart>,
        created_at: Timestamp,
    ) -> Self {
        Self {
            id: MessageId::generate(),
            conversation_id,
            user_id,
            parent_id: None,
            run_id: None,
            role,
            content,
            refusal: None,
            model: None,
            provider: None,
            status: Status::Complete,
            finish_reason: None,
            usage: None,
            cost_usd: None,
            timing: None,
            created_at,
        }
    }

    /// About how many bytes of text it holds.
    pub fn text_bytes(&self) -> usize {
        self.content.iter().map(ContentPart::text_bytes).sum()
    }
}

/// Something that was done to a message.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageChange {
    /// Its place among all changes: the first is 1, and none is used twice.
    pub position: u64,
    /// Which message.
    pub message_id: MessageId,
    /// What the message is now; none where it was forgotten.
    pub message: Option<MessageRecord>,
}

/// A message that somebody looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundMessage {
    /// The message.
    pub message: MessageRecord,
    /// The title of its conversation.
    pub title: String,
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
    /// Whether the answer becomes the end of the conversation's current branch. Of several that answer one question, one
    /// does.
    #[serde(default = "leads")]
    pub leads: bool,
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
    /// What the provider gave for it, where it gives tokens. A new key begins without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<SealedTokenRecord>,
}

/// A provider's token, sealed beside the key that it was given for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedTokenRecord {
    /// What was drawn for this sealing alone.
    pub nonce: Vec<u8>,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
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

/// What somebody says of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelConfigRecord {
    /// Whose word it is; none is an administrator's, for everyone.
    pub owner: Option<UserId>,
    /// The model's provider.
    pub provider: String,
    /// What the provider calls the model.
    pub model: String,
    /// How often it has changed.
    pub version: u64,
    /// Whether the model may be asked.
    pub enabled: Option<bool>,
    /// Names that stand for it.
    pub aliases: Vec<String>,
    /// The most tokens of prompt and answer together.
    pub context_window: Option<u64>,
    /// The most tokens of an answer.
    pub max_output: Option<u64>,
    /// US dollars for a million tokens.
    pub price: Option<Price>,
    /// How it answers where a request says nothing else.
    pub params: Params,
}

/// The models that a user's provider listed when it was last asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelListRecord {
    /// Whose provider.
    pub user_id: UserId,
    /// The provider.
    pub provider: String,
    /// Its models, in its order.
    pub models: Vec<ListedModel>,
    /// When it was asked.
    pub listed_at: Timestamp,
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

/// Instructions by a name, and how to answer with them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoleRecord {
    /// Whose it is.
    pub user_id: UserId,
    /// Its name, unique for the user.
    pub name: String,
    /// How often it has changed.
    pub version: u64,
    /// The instructions.
    pub system: Option<String>,
    /// The model that answers where neither the request nor the conversation names one.
    pub model: Option<String>,
    /// How to answer where the request says nothing else.
    pub params: Params,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
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
