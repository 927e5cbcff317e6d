//! A run that is being made: who it is, its log, and the ways to end it early.

use jiff::Timestamp;
use mmp_shared::{ConversationId, MessageId, RunId, UserId};
use tokio::{sync::watch, time::Instant};

use super::log::RunLog;

/// Why a run is ended before its answer is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarlyEnd {
    /// Its user stopped it.
    Stopped,
    /// The daemon stops.
    Shutdown,
}

/// Where what a run makes is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SavedIn {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The message that is answered.
    pub user_message_id: MessageId,
    /// The answer's message.
    pub message_id: MessageId,
    /// Whether the answer becomes the end of the conversation's current branch.
    pub leads: bool,
}

/// A run that is being made.
#[derive(Debug)]
pub struct LiveRun {
    /// Its id.
    pub id: RunId,
    /// Whose it is.
    pub user_id: UserId,
    /// Where it is kept; none for one that is not saved.
    pub saved_in: Option<SavedIn>,
    /// The model that is asked.
    pub model: String,
    /// The provider that is asked.
    pub provider: String,
    /// When it began, for people.
    pub created_at: Timestamp,
    /// When it began, for measuring.
    pub begun: Instant,
    /// Its events.
    pub log: RunLog,
    early_end: watch::Sender<Option<EarlyEnd>>,
}

impl LiveRun {
    /// A run that begins now.
    pub fn new(user_id: UserId, saved_in: Option<SavedIn>, model: String, provider: String, begun: Instant) -> Self {
        Self {
            id: RunId::generate(),
            user_id,
            saved_in,
            model,
            provider,
            created_at: Timestamp::now(),
            begun,
            log: RunLog::default(),
            early_end: watch::Sender::new(None),
        }
    }

    /// Asks for an early end. The first wish counts.
    pub fn end_early(&self, why: EarlyEnd) {
        self.early_end.send_if_modified(|wish| {
            let is_first = wish.is_none();
            wish.get_or_insert(why);
            is_first
        });
    }

    /// Waits until an early end is asked for.
    pub async fn early_end(&self) -> EarlyEnd {
        let mut receiver = self.early_end.subscribe();
        match receiver.wait_for(Option::is_some).await {
            Ok(why) => why.unwrap_or(EarlyEnd::Stopped),
            // The sender lives in self, which is borrowed here.
            Err(_) => EarlyEnd::Stopped,
        }
    }

    /// Waits until the last event is in the log.
    pub async fn ended(&self) {
        let mut changed = self.log.subscribe();
        loop {
            changed.borrow_and_update();
            if self.log.read(self.log.next_id() - 1) == super::log::Found::End {
                return;
            }
            if changed.changed().await.is_err() {
                return;
            }
        }
    }
}
