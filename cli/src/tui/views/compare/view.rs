//! What the comparison takes, as a view: keys, pastes, what it is told.

use std::time::Duration;

use mmp_shared::{Phrase, phrase};
use ratatui::{Frame, layout::Rect};

use super::super::chrome::State;
use crate::tui::{
    ask::{Ask, Told},
    effect::Effect,
    event::Outcome,
    keymap::{Action, Code, Key, action_of},
    model::Model,
    update::{complain, screens::ask},
    view::{Hint, Then, View},
};
use super::{draw, Compare};

impl View for Compare {
    fn title(&self) -> Phrase {
        if self.choosing.is_some() { phrase!("views-compare-choose") } else { phrase!("views-compare-title") }
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let send = model.keys.name_of(Action::Send);
        if let Some(choosing) = &self.choosing {
            let marks = if choosing.finder.is_writing { model.keys.name_of(Action::Complete) } else { phrase!("views-space").render(model.language) };
            return vec![(marks, phrase!("views-compare-marks")), (send, phrase!("views-compare-asks")), ("/".to_owned(), phrase!("views-filter"))];
        }
        let mut hints = vec![(send, phrase!("views-compare-takes")), ("←→".to_owned(), phrase!("views-choose"))];
        if self.is_live() {
            hints.insert(1, (model.keys.name_of(Action::StopOrQuit), phrase!("screen-stops")));
        }
        hints.push(("↑↓".to_owned(), phrase!("views-scroll")));
        hints
    }

    fn begin(&mut self, model: &mut Model) -> Vec<Effect> {
        if self.choosing.as_ref().is_some_and(|choosing| !choosing.picked.is_empty()) {
            let effects = self.start(model);
            if !effects.is_empty() {
                return effects;
            }
        }
        vec![ask(model, Ask::Catalogue).1]
    }

    fn key(&mut self, model: &mut Model, key: Key) -> Then {
        if self.choosing.is_some() {
            return self.choose_key(model, key);
        }
        let page = isize::try_from(self.page).unwrap_or(1).max(1);
        match (action_of(key), key.code) {
            (Some(Action::Interrupt), _) => return Then::Back(self.leave(model)),
            (Some(Action::Send), _) => return Then::Stay(self.pick(model)),
            (Some(Action::Forward | Action::Complete), _) | (None, Code::Char('l')) => self.step(1),
            (Some(Action::Back), _) | (None, Code::Char('h') | Code::BackTab) => self.step(-1),
            (Some(Action::Up | Action::LineUp), _) | (None, Code::Char('k')) => self.scroll(1),
            (Some(Action::Down | Action::LineDown), _) | (None, Code::Char('j')) => self.scroll(-1),
            (Some(Action::PageUp), _) | (None, Code::Char('u')) => self.scroll(page),
            (Some(Action::PageDown), _) | (None, Code::Char('d')) => self.scroll(-page),
            (Some(Action::Top), _) | (None, Code::Char('g')) => self.scroll(isize::MAX),
            (Some(Action::Bottom), _) | (None, Code::Char('G')) => self.scroll(isize::MIN),
            (None, Code::Char(digit @ '1'..='4')) => {
                let place = usize::try_from(u32::from(digit) - u32::from('1')).unwrap_or(0);
                self.focus = place.min(self.columns.len().saturating_sub(1));
            }
            _ => {}
        }
        Then::NOTHING
    }

    fn paste(&mut self, _model: &mut Model, text: &str) -> Vec<Effect> {
        if let Some(choosing) = &mut self.choosing {
            choosing.finder.paste(text);
        }
        Vec::new()
    }

    fn wheel(&mut self, _model: &mut Model, lines: isize) -> Vec<Effect> {
        match &mut self.choosing {
            Some(choosing) => {
                let length = choosing.shown().len();
                choosing.finder.step(lines, length);
            }
            None => self.scroll(-lines),
        }
        Vec::new()
    }

    fn take(&mut self, model: &mut Model, asking: u64, told: Outcome<Told>) -> Result<Then, Outcome<Told>> {
        match (told, &mut self.choosing) {
            (Ok(Told::Catalogue(models)), Some(choosing)) => (choosing.models, choosing.state) = (models, State::Here),
            (Err(error), Some(choosing)) => choosing.state = State::Failed(error),
            (Ok(Told::Compared(events)), _) if self.asking == Some(asking) => {
                for (place, run, logged) in &events {
                    if let Some(column) = self.columns.get_mut(*place) {
                        column.take(*run, logged, model.now, model.language);
                    }
                }
            }
            (Err(error), _) if self.asking == Some(asking) => {
                complain(model, &error);
                self.fail(model, error);
            }
            (told, _) => return Err(told),
        }
        Ok(Then::NOTHING)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, model: &Model) {
        draw::draw(self, frame, area, model);
    }

    fn stop(&mut self) -> Option<Vec<Effect>> {
        if !self.is_live() || std::mem::replace(&mut self.is_stopping, true) {
            return None;
        }
        Some(self.live_runs())
    }

    fn next_tick(&self, now: Duration) -> Option<Duration> {
        self.is_live().then(|| now + Duration::from_millis(125))
    }
}
