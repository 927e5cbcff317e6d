//! What the views ask of the daemon, and what they are told. Each asking has a number: an answer that came too late is void.

use super::attachment::Attachment;
use jiff::Timestamp;
use mmp_shared::{
    ConversationId, MessageId, RunId,
    auth::Secret,
    conversations::{Conversation, ConversationChange, ConversationDetail, ConversationQuery},
    events::LoggedEvent,
    models::{Model, ProviderInfo},
    page::Page,
    runs::Run,
    search::{SearchOrder, SearchPage},
    usage::Timing,
};

/// Something to ask.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ask {
    /// Messages that say something.
    Search {
        /// What.
        query: String,
        /// Which come first.
        order: SearchOrder,
        /// Where to begin.
        cursor: Option<String>,
    },
    /// A page of the history.
    History(Box<ConversationQuery>),
    /// A change of a conversation.
    Change {
        /// Which.
        id: ConversationId,
        /// What changes.
        change: Box<ConversationChange>,
    },
    /// The end of a conversation, for good.
    Delete(ConversationId),
    /// A conversation written into a file.
    Export {
        /// Which.
        id: ConversationId,
        /// The file.
        path: String,
    },
    /// A conversation of its own that begins with the branch of another.
    Branch(ConversationId),
    /// The files below the current folder.
    Files,
    /// What a file holds.
    ReadFile(String),
    /// The theme of all of a person's terminals.
    SetTheme(String),
    /// A login, or an account and a login.
    LogIn(Box<Credentials>),
    /// The end of the login that is kept here.
    LogOut,
    /// The names of the roles.
    Roles,
    /// Whether there is a role of this name.
    Role(String),
    /// The latest runs.
    Runs,
    /// The end of a run.
    StopRun(RunId),
    /// The catalogue.
    Catalogue,
    /// The catalogue and the providers.
    Models,
    /// The model that answers where none is named.
    SetDefault(String),
    /// A provider's key, to be sealed.
    SetKey {
        /// Whose.
        provider: String,
        /// The key.
        key: Secret,
    },
    /// Something small, asked of a model.
    Test(String),
    /// A run to follow, by its id or the end of it.
    Join(String),
    /// A conversation, at one of its messages, whatever branch that is on.
    Show {
        /// The conversation.
        id: ConversationId,
        /// The message.
        message: MessageId,
    },
}

/// By what somebody is known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Credentials {
    /// The account's name.
    pub(crate) username: String,
    /// Its password.
    pub(crate) password: Secret,
    /// Whether the account is to be made.
    pub(crate) is_new: bool,
    /// The code of an invitation, where making an account wants one.
    pub(crate) invite: Option<Secret>,
}

/// A login that has begun.
#[derive(Debug)]
pub(crate) struct LoggedIn {
    /// The account's name.
    pub(crate) username: String,
    /// The host.
    pub(crate) host: String,
    /// How many attempts have failed since the login before.
    pub(crate) failures: u64,
}

/// What was told.
#[derive(Debug)]
pub(crate) enum Told {
    /// Messages that were found, and the time of day.
    Found(SearchPage, Timestamp),
    /// A page of the history, and the time of day.
    History(Page<Conversation>, Timestamp),
    /// A conversation as it is now.
    Changed(Box<Conversation>),
    /// A conversation that is no more.
    Deleted(ConversationId),
    /// The file that was written.
    Exported(String),
    /// A conversation that has just begun with what another says.
    Branched(Box<Conversation>),
    /// The files below the current folder.
    Files(Vec<String>),
    /// A file that goes along.
    Attached(Box<Attachment>),
    /// The theme is kept.
    ThemeSet,
    /// Who has logged in.
    LoggedIn(Box<LoggedIn>),
    /// Nobody is logged in any more.
    LoggedOut,
    /// The names of the roles.
    Roles(Vec<String>),
    /// A role that there is.
    Role(String),
    /// The latest runs, and the time of day.
    Runs(Vec<Run>, Timestamp),
    /// A run that was stopped.
    RunStopped(Box<Run>),
    /// Events of several runs: the place of each one's model among those that were asked, its id, the event.
    Compared(Vec<(usize, RunId, LoggedEvent)>),
    /// The catalogue.
    Catalogue(Vec<Model>),
    /// The catalogue and the providers.
    Models(Vec<Model>, Vec<ProviderInfo>),
    /// The model that answers now where none is named.
    DefaultSet(String),
    /// The provider whose key was sealed.
    KeySet(String),
    /// How long a model took to answer something small.
    Tested(Timing),
    /// What the chat is to show.
    Shown(Box<Shown>),
}

/// A conversation to show in the chat.
#[derive(Debug)]
pub(crate) struct Shown {
    /// The conversation, along the branch; none where nothing of it is kept.
    pub(crate) detail: Option<ConversationDetail>,
    /// The run that still makes its last answer.
    pub(crate) run: Option<RunId>,
    /// The message to go to; the end where there is none.
    pub(crate) at: Option<MessageId>,
}
