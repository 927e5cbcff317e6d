//! What the views ask of the daemon, and what they are told. Each asking has a number: an answer that came too late is void.

use jiff::Timestamp;
use mmp_shared::{
    ConversationId, MessageId, RunId,
    conversations::ConversationDetail,
    search::{SearchOrder, SearchPage},
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
    /// A conversation, at one of its messages, whatever branch that is on.
    Show {
        /// The conversation.
        id: ConversationId,
        /// The message.
        message: MessageId,
    },
}

/// What was told.
#[derive(Debug)]
pub(crate) enum Told {
    /// Messages that were found, and the time of day.
    Found(SearchPage, Timestamp),
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
