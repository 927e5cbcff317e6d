//! Several answers as JSON: an array at the end, or every event a line as it comes.

use std::io::{self, Write as _};

use mmp_shared::{RunId, chat::ComparedAnswer, events::LoggedEvent};

use super::{CompareView, Compared};
use crate::output::json::{event_line, line};

/// All answers at their end, in the order of the models.
pub(crate) struct ArrayView;

impl CompareView for ArrayView {
    fn take(&mut self, _: usize, _: RunId, _: &LoggedEvent) -> io::Result<()> {
        Ok(())
    }

    fn ended(&mut self, _: usize, _: &Compared) -> io::Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, all: &[Compared]) -> io::Result<()> {
        let answers = all
            .iter()
            .filter_map(|Compared { answer, error }| Some(ComparedAnswer { answer: answer.build()?, error: error.clone() }));
        let mut stdout = io::stdout().lock();
        stdout.write_all(line(&answers.collect::<Vec<_>>()).as_bytes())?;
        stdout.flush()
    }

    fn can_begin_anew(&self, _: usize) -> bool {
        true
    }
}

/// Every event of every run, a line each.
#[derive(Default)]
pub(crate) struct LinesView {
    buffer: String,
}

impl CompareView for LinesView {
    fn take(&mut self, _: usize, run_id: RunId, event: &LoggedEvent) -> io::Result<()> {
        self.buffer.push_str(&event_line(event, Some(run_id)));
        Ok(())
    }

    fn ended(&mut self, _: usize, _: &Compared) -> io::Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(self.buffer.as_bytes())?;
        self.buffer.clear();
        stdout.flush()
    }

    fn finish(&mut self, _: &[Compared]) -> io::Result<()> {
        self.flush()
    }

    fn can_begin_anew(&self, _: usize) -> bool {
        true
    }
}
