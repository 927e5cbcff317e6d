//! What a view is: a screen in the place of the chat, until Esc. It has what it shows, a pure part that takes what happens,
//! and a picture of itself; whatever it wants done is an effect. The chat's answer goes on behind it.
//!
//! Which views there are is said in `views`, who calls them in `update::screens`; the frame around each is the same for all.

use std::{fmt, time::Duration};

use mmp_shared::Phrase;
use ratatui::{Frame, layout::Rect};

use super::{ask::Told, effect::Effect, event::Outcome, keymap::Key, model::Model};

/// What follows from what a view has taken.
#[derive(Debug)]
pub(crate) enum Then {
    /// It stays, and this is done.
    Stay(Vec<Effect>),
    /// The chat comes back, and this is done.
    Back(Vec<Effect>),
}

impl Then {
    /// It stays, and nothing is done.
    pub(crate) const NOTHING: Self = Self::Stay(Vec::new());
}

/// A key and what it does here, for the line at the foot.
pub(crate) type Hint = (String, Phrase);

/// A screen in the place of the chat. While it takes something the model has no view: it is put back afterwards.
pub(crate) trait View: fmt::Debug {
    /// What it is called.
    fn title(&self) -> Phrase;

    /// The keys that mean something here, the most wanted first.
    fn hints(&self, model: &Model) -> Vec<Hint>;

    /// It has just been opened.
    fn begin(&mut self, model: &mut Model) -> Vec<Effect>;

    /// Takes a key.
    fn key(&mut self, model: &mut Model, key: Key) -> Then;

    /// Takes what was pasted.
    fn paste(&mut self, model: &mut Model, text: &str) -> Vec<Effect>;

    /// Takes a turn of the wheel, so many lines; up is negative.
    fn wheel(&mut self, model: &mut Model, lines: isize) -> Vec<Effect>;

    /// Takes what an asking came to. One that it awaits no longer is given back as it came.
    fn take(&mut self, model: &mut Model, asking: u64, told: Outcome<Told>) -> Result<Then, Outcome<Told>>;

    /// Draws itself.
    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, model: &Model);

    /// Stops what it has going, where Ctrl+C was pressed; none where nothing goes.
    fn stop(&mut self) -> Option<Vec<Effect>> {
        None
    }

    /// Time has passed.
    fn tick(&mut self, _model: &mut Model) -> Vec<Effect> {
        Vec::new()
    }

    /// When something will change by time alone.
    fn next_tick(&self, _now: Duration) -> Option<Duration> {
        None
    }
}
