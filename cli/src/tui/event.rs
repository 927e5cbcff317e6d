//! Everything that can happen to the program. What time it is comes with each event; nothing else here knows it.

use jiff::Timestamp;
use mmp_shared::{
    ApiError, Phrase, RunId,
    conversations::{Conversation, ConversationDetail},
    events::LoggedEvent,
    models::Model as CatalogueModel,
    page::Page,
};

use super::{ask::Told, keymap::Key};

/// A conversation that was asked for, and its run that still goes on.
pub(crate) type Opened = Box<(ConversationDetail, Option<RunId>)>;

/// What an effect came to. An error is large and rare.
pub(crate) type Outcome<T> = Result<T, Box<ApiError>>;

/// Something that happened.
#[derive(Debug)]
pub(crate) enum Event {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted, whole.
    Paste(String),
    /// The wheel was turned, so many lines; up is negative.
    Wheel(isize),
    /// The terminal has so many columns and rows.
    Resize(u16, u16),
    /// Time has passed.
    Tick,
    /// Events of the run that the turn of this number listens to.
    Stream {
        /// The turn.
        turn: u64,
        /// What has come.
        events: Vec<LoggedEvent>,
    },
    /// The turn's stream is gone, before its last event where there is an error.
    StreamLost {
        /// The turn.
        turn: u64,
        /// Why.
        error: Box<ApiError>,
    },
    /// The connection broke while an answer came, or came back.
    Connected(bool),
    /// A page of the list of conversations.
    Conversations {
        /// Which asking it answers.
        asking: u64,
        /// The page.
        page: Outcome<Page<Conversation>>,
        /// The time of day.
        clock: Timestamp,
    },
    /// A conversation that was asked for, and its run that still goes on.
    Opened(Outcome<Opened>),
    /// Another branch of the open conversation.
    Branched(Outcome<Opened>),
    /// A conversation has a new title.
    Renamed(Outcome<Box<Conversation>>),
    /// The catalogue.
    Models(Outcome<Vec<CatalogueModel>>),
    /// What an asking of a view came to.
    Told {
        /// Which asking.
        asking: u64,
        /// What it came to.
        told: Outcome<Told>,
    },
    /// A run that was asked to stop could not be told.
    NotStopped(Box<ApiError>),
    /// A text could not be copied.
    NotCopied(Box<ApiError>),
    /// The draft is back from the editor; none where it was not changed.
    Edited(Outcome<Option<String>>),
    /// The client has something to note.
    Noted(Phrase),
    /// The draft could not be kept.
    DraftNotSaved(Box<ApiError>),
}
