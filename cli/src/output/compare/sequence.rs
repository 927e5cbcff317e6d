//! Several answers one after another, each under a heading: in a pipe, and on a terminal too narrow for columns.
//!
//! The first one whose turn it is streams; what comes of the others meanwhile is held, and shown when it is their turn.

use std::io;

use mmp_shared::{
    RunId,
    events::{LoggedEvent, StreamEvent},
};

use super::{CompareView, Compared};
use crate::{
    error,
    everywhere::ErrorFormat,
    output::{
        self,
        neutralise::neutralise_line,
        stream::AnswerView as _,
        text::{TextOptions, TextView},
    },
};

/// What is held of one answer.
#[derive(Default)]
struct Held {
    events: Vec<LoggedEvent>,
    /// Its end, once it has come.
    end: Option<Compared>,
}

/// The view.
pub(crate) struct SequenceView {
    options: TextOptions,
    held: Vec<Held>,
    turn: usize,
    view: Option<TextView>,
}

impl SequenceView {
    /// A view of so many answers.
    pub(crate) fn new(options: TextOptions, count: usize) -> Self {
        Self { options, held: std::iter::repeat_with(Held::default).take(count).collect(), turn: 0, view: None }
    }

    /// Shows what is held of those whose turn it is.
    fn advance(&mut self) -> io::Result<()> {
        while let Some(held) = self.held.get_mut(self.turn) {
            for event in std::mem::take(&mut held.events) {
                if let (None, StreamEvent::Started(started)) = (&self.view, &event.event) {
                    self.options.write_heading(self.turn, &format!("{}/{}", started.provider, started.model))?;
                    self.view = Some(TextView::new(self.options));
                }
                if let Some(view) = &mut self.view {
                    view.take(&event)?;
                }
            }
            let Some(end) = held.end.take() else { return Ok(()) };
            self.close(&end)?;
        }
        Ok(())
    }

    fn close(&mut self, end: &Compared) -> io::Result<()> {
        if let Some(mut view) = self.view.take() {
            view.finish(&end.answer)?;
        }
        if let Some(error) = &end.error {
            error::tell(error, self.options.language, ErrorFormat::Text);
        }
        self.turn += 1;
        Ok(())
    }
}

impl TextOptions {
    fn write_heading(&self, place: usize, model: &str) -> io::Result<()> {
        let blank = if place == 0 { "" } else { "\n" };
        let heading = format!("== {} ==", neutralise_line(model));
        let heading = if self.stdout.is_styled { format!("\u{1b}[1m{heading}\u{1b}[0m") } else { heading };
        output::try_print(&format!("{blank}{heading}\n"))
    }
}

impl CompareView for SequenceView {
    fn take(&mut self, place: usize, _: RunId, event: &LoggedEvent) -> io::Result<()> {
        if let Some(held) = self.held.get_mut(place) {
            if matches!(&event.event, StreamEvent::Started(started) if started.reset) && place != self.turn {
                held.events.clear();
            }
            held.events.push(event.clone());
        }
        Ok(())
    }

    fn ended(&mut self, place: usize, compared: &Compared) -> io::Result<()> {
        if let Some(held) = self.held.get_mut(place) {
            held.end = Some(Compared { answer: compared.answer.clone(), error: compared.error.clone() });
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.advance()?;
        self.view.as_mut().map_or(Ok(()), |view| view.flush())
    }

    fn tick(&mut self) -> io::Result<()> {
        if let Some(view) = self.view.as_mut().filter(|view| view.is_waiting()) {
            view.tick();
        }
        Ok(())
    }

    fn finish(&mut self, all: &[Compared]) -> io::Result<()> {
        // What never ended is shown as far as it came.
        for (held, compared) in self.held.iter_mut().zip(all).skip(self.turn) {
            if held.end.is_none() {
                held.end = Some(Compared { answer: compared.answer.clone(), error: compared.error.clone() });
            }
        }
        self.advance()
    }

    fn can_begin_anew(&self, place: usize) -> bool {
        place != self.turn || self.view.as_ref().is_none_or(|view| view.can_begin_anew())
    }
}
