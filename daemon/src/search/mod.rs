//! The full-text index over messages, behind a trait: services know [`SearchIndex`] and nothing of what is below it.
//!
//! An index is derived data. It is told what was done to messages, in the order of the store's positions, and remembers
//! the last one on disk; what it was told since is searched in memory until it is written. Every word in it belongs to
//! one user: a question of another cannot meet it. `query` understands what people type, `snippet` shows what was found.
//! Reading the store, and when to write, is left to the service.

mod fresh;
pub mod query;
pub mod snippet;
pub mod tantivy;
pub mod tokens;
mod words;

use async_trait::async_trait;
use jiff::Timestamp;
use mmp_shared::{ConversationId, MessageId, UserId, message::Role};

use query::Clause;

/// What went wrong in an index.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// It makes no sense. It has been thrown away, and must be told everything anew.
    #[error("the search index is damaged: {0}")]
    Damaged(String),
    /// It cannot be read or written now.
    #[error("the search index failed: {0}")]
    Failed(String),
}

/// What the index's calls return.
pub type Result<T> = std::result::Result<T, SearchError>;

/// A message as the index takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Whose it is.
    pub user_id: UserId,
    /// Where it stands.
    pub conversation_id: ConversationId,
    /// Who speaks.
    pub role: Role,
    /// What wrote it, by every name under which it is looked for.
    pub models: Vec<String>,
    /// When it was written.
    pub at: Timestamp,
    /// Its words.
    pub text: String,
}

/// Something that was done to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The store's position.
    pub position: u64,
    /// Which message.
    pub message_id: MessageId,
    /// What it is now; none where nothing of it is to be found.
    pub document: Option<Document>,
}

/// How far an index has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reached {
    /// The position of the last change that it was told; 0 where there was none.
    pub position: u64,
    /// The message of the last change that is on disk, with its position.
    pub written: Option<(u64, MessageId)>,
}

/// In which order messages are found, and from where on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The best first, without the first few.
    Best {
        /// How many are left out.
        skip: usize,
    },
    /// The newest first, from below this place on, where there is one.
    Newest {
        /// When the last one before was written, and which it was.
        below: Option<(Timestamp, MessageId)>,
    },
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Whose messages.
    pub user_id: UserId,
    /// What each contains.
    pub clauses: Vec<Clause>,
    /// The names of models, each of which must have written it.
    pub models: Vec<String>,
    /// Who speaks.
    pub roles: Vec<Role>,
    /// In which conversation.
    pub conversations: Vec<ConversationId>,
    /// Written at this time or later.
    pub after: Option<Timestamp>,
    /// Written before this time.
    pub before: Option<Timestamp>,
    /// In which order.
    pub start: Start,
    /// The most that are found.
    pub limit: usize,
}

/// A message that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// The message.
    pub message_id: MessageId,
    /// When it was written.
    pub at: Timestamp,
    /// How well it fits; none where the newest come first.
    pub score: Option<f32>,
}

/// An index over messages.
#[async_trait]
pub trait SearchIndex: Send + Sync {
    /// How far it has come.
    async fn reached(&self) -> Result<Reached>;
    /// Is told the changes that follow a position; from now on they are found. Those that it knows already change nothing,
    /// nor do those that follow a position which it has not reached.
    async fn add(&self, after: u64, changes: Vec<Change>) -> Result<()>;
    /// How many changes are only in memory.
    async fn waiting(&self) -> usize;
    /// Writes what is only in memory.
    async fn write(&self) -> Result<()>;
    /// Finds messages.
    async fn find(&self, question: Question) -> Result<Vec<Found>>;
    /// Writes what is only in memory, and makes sure that no word of a message that is no more stands in the index's files.
    async fn purge(&self) -> Result<()>;
    /// Throws everything away: it must be told everything anew.
    async fn clear(&self) -> Result<()>;
    /// Lets go of what only writing and reading need, until somebody does either.
    async fn rest(&self);
}
