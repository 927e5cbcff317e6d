//! JSON: whole answers, events a line each, and any other data. Never translated, never styled.

use std::io::{self, Write as _};

use mmp_shared::{
    RunId,
    chat::AnswerBuilder,
    events::{LoggedEvent, StreamEvent},
};
use serde::Serialize;

use super::stream::AnswerView;
use crate::error::CliError;

/// Prints a value on one line.
pub(crate) fn print(value: &impl Serialize) -> Result<(), CliError> {
    super::print(&line(value))
}

/// A value as one line.
pub(crate) fn line(value: &impl Serialize) -> String {
    // Our own types have text keys and no other that JSON cannot say.
    let mut line = serde_json::to_string(value).unwrap_or_default();
    line.push('\n');
    line
}

/// The whole answer at its end.
pub(crate) struct JsonView;

impl AnswerView for JsonView {
    fn take(&mut self, _: &LoggedEvent) -> io::Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, answer: &AnswerBuilder) -> io::Result<()> {
        let Some(answer) = answer.build() else { return Ok(()) };
        let mut stdout = io::stdout().lock();
        stdout.write_all(line(&answer).as_bytes())?;
        stdout.flush()
    }

    fn can_begin_anew(&self) -> bool {
        true
    }
}

/// Every event, a line each, as they come.
#[derive(Default)]
pub(crate) struct JsonlView {
    run_id: Option<RunId>,
    buffer: String,
}

impl AnswerView for JsonlView {
    fn take(&mut self, logged: &LoggedEvent) -> io::Result<()> {
        if let StreamEvent::Started(started) = &logged.event {
            self.run_id = Some(started.run_id);
        }
        self.buffer.push_str(&event_line(logged, self.run_id));
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(self.buffer.as_bytes())?;
        self.buffer.clear();
        stdout.flush()
    }

    fn finish(&mut self, _: &AnswerBuilder) -> io::Result<()> {
        Ok(())
    }

    fn can_begin_anew(&self) -> bool {
        true
    }
}

/// An event of a run as one line.
pub(crate) fn event_line(logged: &LoggedEvent, run_id: Option<RunId>) -> String {
    line(&EventLine { id: logged.id, event: logged.event.name(), run_id, data: &logged.event })
}

#[derive(Serialize)]
struct EventLine<'a> {
    id: u64,
    event: &'a str,
    run_id: Option<RunId>,
    data: &'a StreamEvent,
}
