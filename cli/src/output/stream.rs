//! An answer while it comes: what every way to show it has in common.
//!
//! A view is told of events and writes at the end of each batch, so that one read of the network is at most one write.
//! The ways themselves are in `text` and `json`.

use std::io;

use mmp_shared::{chat::AnswerBuilder, events::LoggedEvent};

/// A way to show an answer.
pub(crate) trait AnswerView {
    /// Takes the next event.
    fn take(&mut self, event: &LoggedEvent) -> io::Result<()>;

    /// Writes what the batch has brought.
    fn flush(&mut self) -> io::Result<()>;

    /// Nothing has come for a while. Only called while [`Self::is_waiting`].
    fn tick(&mut self) {}

    /// Whether a sign of life is wanted.
    fn is_waiting(&self) -> bool {
        false
    }

    /// Takes the end; `answer` has seen every event.
    fn finish(&mut self, answer: &AnswerBuilder) -> io::Result<()>;

    /// Whether an answer that begins anew can be shown; a pipe cannot take back what it has been given.
    fn can_begin_anew(&self) -> bool;
}
