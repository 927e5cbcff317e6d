//! The palette: everything that one can have done, narrowed as one types. A command that means nothing alone asks for the rest.

mod draw;
#[cfg(test)]
mod tests;

use mmp_shared::{Phrase, phrase};
use ratatui::{Frame, layout::Rect};

use crate::tui::{
    ask::Told,
    deeds::{self, Deed, Listed},
    effect::Effect,
    event::Outcome,
    keymap::{Action, Key, action_of},
    model::Model,
    slash::Slash,
    update::{commands, keys},
    view::{Hint, Then, View},
    widgets::{
        field::Field,
        finder::{Finder, Found},
    },
};

/// The palette.
#[derive(Debug)]
pub(super) struct Palette {
    pub(super) finder: Finder,
    /// The command that was chosen and wants something more, and what was written of that.
    pub(super) asked: Option<(Slash, Field)>,
}

impl Palette {
    /// What holds these words.
    pub(super) fn new(_model: &mut Model, argument: &str) -> Self {
        Self { finder: Finder::writing(argument), asked: None }
    }

    /// What the words leave.
    pub(super) fn shown(&self, model: &Model) -> Vec<Listed> {
        let wanted: Vec<String> = self.finder.field.text().split_whitespace().map(str::to_lowercase).collect();
        deeds::all(&model.keys, model.language).into_iter().filter(|listed| listed.fits(&wanted)).collect()
    }

    fn run(&mut self, model: &mut Model) -> Then {
        match self.shown(model).get(self.finder.choice.index).map(|listed| listed.deed) {
            None => Then::NOTHING,
            Some(Deed::Command(slash)) if slash.wants_argument() => {
                self.asked = Some((slash, Field::default()));
                Then::NOTHING
            }
            Some(Deed::Command(slash)) => Then::Back(commands::run(model, slash, "")),
            Some(Deed::Act(action)) => Then::Back(keys::act(model, action)),
        }
    }

    /// A key for what follows a command.
    fn write(&mut self, model: &mut Model, key: Key, slash: Slash, mut field: Field) -> Then {
        match action_of(key) {
            Some(Action::Interrupt) => return Then::NOTHING,
            Some(Action::Send) => return Then::Back(commands::run(model, slash, field.text().trim())),
            _ => field.key(key),
        };
        self.asked = Some((slash, field));
        Then::NOTHING
    }
}

impl View for Palette {
    fn title(&self) -> Phrase {
        phrase!("palette-title")
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        vec![
            (model.keys.name_of(Action::Send), phrase!("palette-runs")),
            ("↑↓".to_owned(), phrase!("views-choose")),
        ]
    }

    fn begin(&mut self, _model: &mut Model) -> Vec<Effect> {
        Vec::new()
    }

    fn key(&mut self, model: &mut Model, key: Key) -> Then {
        if let Some((slash, field)) = self.asked.take() {
            return self.write(model, key, slash, field);
        }
        let length = self.shown(model).len();
        match self.finder.key(key, length) {
            Found::Taken => self.run(model),
            Found::Back => Then::Back(Vec::new()),
            Found::Narrowed | Found::Moved | Found::Other => Then::NOTHING,
        }
    }

    fn paste(&mut self, _model: &mut Model, text: &str) -> Vec<Effect> {
        match &mut self.asked {
            Some((_, field)) => field.insert(text),
            None => self.finder.paste(text),
        }
        Vec::new()
    }

    fn wheel(&mut self, model: &mut Model, lines: isize) -> Vec<Effect> {
        let length = self.shown(model).len();
        self.finder.step(lines.signum(), length);
        Vec::new()
    }

    fn take(&mut self, _model: &mut Model, _asking: u64, told: Outcome<Told>) -> Result<Then, Outcome<Told>> {
        Err(told)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, model: &Model) {
        draw::draw(self, frame, area, model);
    }
}
