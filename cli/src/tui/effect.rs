//! Everything that the program can do to the world. The driver does it; what comes of it is an event.

use std::time::Duration;

use mmp_shared::{ConversationId, MessageId, RunId, chat::ChatRequest};

use super::ask::Ask;

/// Something to do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Effect {
    /// Ask, and listen to the answer.
    Ask {
        /// The turn that listens.
        turn: u64,
        /// What is asked.
        request: Box<ChatRequest>,
    },
    /// Ask what was asked before, with the images of that question, and listen to the answer.
    AskAgain {
        /// The turn that listens.
        turn: u64,
        /// What is asked, its images aside.
        request: Box<ChatRequest>,
        /// The question that has them.
        question: MessageId,
    },
    /// Listen to a run, after a while.
    Attach {
        /// The turn that listens.
        turn: u64,
        /// The run.
        run_id: RunId,
        /// The last event that is known.
        after: Option<u64>,
        /// How long to wait first.
        wait: Duration,
    },
    /// Listen no longer. The run goes on.
    Leave,
    /// Stop a run.
    Stop(RunId),
    /// Fetch a page of conversations.
    ListConversations {
        /// Which asking it is: answers to an earlier one are void.
        asking: u64,
        /// What the titles must hold.
        title: String,
        /// Where to begin.
        cursor: Option<String>,
    },
    /// Fetch a conversation.
    Open(ConversationId),
    /// Make the branch of a message the current one, and fetch it.
    Branch {
        /// The conversation.
        conversation: ConversationId,
        /// The message.
        message: MessageId,
    },
    /// Give a conversation a title.
    Rename(ConversationId, String),
    /// Fetch the catalogue.
    ListModels,
    /// Ask something for a view.
    Fetch {
        /// Which asking it is.
        asking: u64,
        /// What.
        ask: Box<Ask>,
    },
    /// Ask several models at once, and listen to all.
    Compare {
        /// Which asking it is.
        asking: u64,
        /// What is asked, and of whom.
        request: Box<ChatRequest>,
        /// Whether the last question of the conversation is asked again, beside itself.
        again: bool,
    },
    /// Put a text into the clipboard.
    Copy(String),
    /// Keep what is being written.
    SaveDraft(String),
    /// Take the mouse, or leave it to the terminal.
    CaptureMouse(bool),
    /// Draw everything anew.
    Redraw,
    /// Open the person's editor on what is being written.
    EditOutside(String),
    /// Give the terminal back until we are continued.
    Suspend,
    /// End.
    Quit,
}
