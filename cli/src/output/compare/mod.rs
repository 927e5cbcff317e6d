//! Several answers to one question, while they come: what every way to show them has in common.
//!
//! `columns` draws them side by side on a terminal, `sequence` prints them one after another, `data` as JSON.

pub(crate) mod columns;
pub(crate) mod data;
mod estimate;
mod flow;
mod screen;
pub(crate) mod sequence;

use std::io;

use mmp_shared::{ApiError, RunId, chat::AnswerBuilder, events::LoggedEvent};

/// One of several answers, as far as it has come.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    /// What has come.
    pub(crate) answer: AnswerBuilder,
    /// What went wrong with it.
    pub(crate) error: Option<ApiError>,
}

/// A way to show several answers.
pub(crate) trait CompareView {
    /// Takes the next event of the answer at a place.
    fn take(&mut self, place: usize, run_id: RunId, event: &LoggedEvent) -> io::Result<()>;

    /// Takes the end of the answer at a place, which has had its last event.
    fn ended(&mut self, place: usize, compared: &Compared) -> io::Result<()>;

    /// Writes what the batch has brought.
    fn flush(&mut self) -> io::Result<()>;

    /// A moment has passed.
    fn tick(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Takes the end of all; some may have none of their own.
    fn finish(&mut self, all: &[Compared]) -> io::Result<()>;

    /// Whether the answer at a place can be shown anew.
    fn can_begin_anew(&self, place: usize) -> bool;
}
