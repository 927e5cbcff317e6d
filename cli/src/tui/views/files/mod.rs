//! The files below the current folder, to choose one that goes along. What was written behind the `@` that opened it is kept
//! where none is chosen.

#[cfg(test)]
mod tests;

use mmp_shared::{Phrase, phrase};
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::chrome::{self, State};
use crate::tui::{
    ask::{Ask, Told},
    clean::clean_line,
    effect::Effect,
    event::Outcome,
    keymap::{Action, Code, Key},
    markdown::wrap::fit,
    model::Model,
    update::{complain, screens::ask},
    view::{Hint, Then, View},
    widgets::{
        editor::Step,
        finder::{Finder, Found},
    },
};

/// The most that are shown.
const MOST: usize = 500;

/// The files.
#[derive(Debug)]
pub(super) struct Files {
    finder: Finder,
    state: State,
    names: Vec<String>,
    /// Those that fit, by their places.
    shown: Vec<usize>,
    /// Whether an `@` stands in what is being written.
    was_written: bool,
    awaited: Option<u64>,
}

impl Files {
    /// The files; behind `@` where it was written.
    pub(super) fn new(_model: &mut Model, argument: &str) -> Self {
        Self {
            finder: Finder::writing(""),
            state: State::Loading,
            names: Vec::new(),
            shown: Vec::new(),
            was_written: argument == "@",
            awaited: None,
        }
    }

    fn narrow(&mut self) {
        let wanted = self.finder.field.text().to_lowercase();
        let found = self.names.iter().enumerate().filter_map(|(index, name)| Some((rank(name, &wanted)?, name.len(), index)));
        let mut found: Vec<_> = found.collect();
        found.sort_unstable();
        self.shown = found.into_iter().take(MOST).map(|(.., index)| index).collect();
        self.finder.step(0, self.shown.len());
    }

    /// Goes back to what is being written, with what was typed here.
    fn give_back(&self, model: &mut Model) -> Then {
        if self.was_written {
            model.composer.editor.insert(self.finder.field.text());
            model.composer.changed_at.get_or_insert(model.now);
        }
        Then::Back(Vec::new())
    }

    fn choose(&mut self, model: &mut Model) -> Vec<Effect> {
        let Some(name) = self.shown.get(self.finder.choice.index).and_then(|index| self.names.get(*index)) else {
            return Vec::new();
        };
        let (asking, effect) = ask(model, Ask::ReadFile(name.clone()));
        self.awaited = Some(asking);
        vec![effect]
    }
}

/// How well a name fits, the best first: its last part begins so, holds it, the path holds it, or its letters in order.
fn rank(name: &str, wanted: &str) -> Option<u8> {
    let name = name.to_lowercase();
    let last = name.rsplit('/').next().unwrap_or_default();
    if last.starts_with(wanted) {
        return Some(0);
    }
    if last.contains(wanted) {
        return Some(1);
    }
    if name.contains(wanted) {
        return Some(2);
    }
    let mut letters = name.chars();
    wanted.chars().all(|wanted| letters.any(|c| c == wanted)).then_some(3)
}

impl View for Files {
    fn title(&self) -> Phrase {
        phrase!("palette-files-title")
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        vec![
            (model.keys.name_of(Action::Send), phrase!("palette-files-takes")),
            ("↑↓".to_owned(), phrase!("views-choose")),
        ]
    }

    fn begin(&mut self, model: &mut Model) -> Vec<Effect> {
        let (asking, effect) = ask(model, Ask::Files);
        self.awaited = Some(asking);
        vec![effect]
    }

    fn key(&mut self, model: &mut Model, key: Key) -> Then {
        let is_left = key == Key::of(Code::Backspace) && self.was_written && self.finder.field.is_empty();
        if is_left {
            model.composer.editor.delete(Step::Back);
            return Then::Back(Vec::new());
        }
        match self.finder.key(key, self.shown.len()) {
            Found::Taken => Then::Stay(self.choose(model)),
            Found::Back => self.give_back(model),
            Found::Narrowed => {
                self.narrow();
                // It was no file that was meant.
                let is_word = self.shown.is_empty() && self.state == State::Here && self.finder.field.text().ends_with(' ');
                if is_word && self.was_written { self.give_back(model) } else { Then::NOTHING }
            }
            Found::Moved | Found::Other => Then::NOTHING,
        }
    }

    fn paste(&mut self, _model: &mut Model, text: &str) -> Vec<Effect> {
        self.finder.paste(text);
        self.narrow();
        Vec::new()
    }

    fn wheel(&mut self, _model: &mut Model, lines: isize) -> Vec<Effect> {
        self.finder.step(lines.signum(), self.shown.len());
        Vec::new()
    }

    fn take(&mut self, model: &mut Model, asking: u64, told: Outcome<Told>) -> Result<Then, Outcome<Told>> {
        if self.awaited != Some(asking) {
            return Err(told);
        }
        self.awaited = None;
        match told {
            Ok(Told::Files(names)) => {
                (self.names, self.state) = (names, State::Here);
                self.narrow();
            }
            Ok(Told::Attached(attachment)) => {
                if self.was_written {
                    model.composer.editor.delete(Step::Back);
                }
                model.composer.attached.push(*attachment);
                return Ok(Then::Back(Vec::new()));
            }
            Err(error) => complain(model, &error),
            Ok(other) => return Err(Ok(other)),
        }
        Ok(Then::NOTHING)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, model: &Model) {
        let list = chrome::finder_line(frame, area, &self.finder, &phrase!("palette-files-hint"), model);
        if list.is_empty() {
            return;
        }
        if self.shown.is_empty() {
            return chrome::say_state(frame, list, &self.state, &phrase!("screen-nothing-fits"), model);
        }
        let Self { finder, names, shown, .. } = self;
        chrome::list(frame, list, finder, (shown.len(), 1), model, |index, room| {
            let name = shown.get(index).and_then(|index| names.get(*index)).map(|name| clean_line(name)).unwrap_or_default();
            let (folder, last) = name.rfind('/').map_or(("", name.as_str()), |slash| name.split_at(slash + 1));
            let last = fit(last, room.saturating_sub(4));
            vec![Line::from(vec![
                Span::raw("   "),
                Span::styled(folder.to_owned(), model.theme.dim()),
                Span::styled(last, model.theme.text()),
            ])]
        });
    }
}
