//! The models: the catalogue with prices, windows, what each can do and whether there is a key; the default is set here, a
//! provider's key, and a model is tested.

mod draw;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use mmp_shared::{
    Phrase,
    models::{KeyState, Model as CatalogueModel, ProviderInfo},
    phrase,
};
use ratatui::{Frame, layout::Rect};

use super::chrome::State;
use crate::{
    output::time,
    tui::{
        ask::{Ask, Told},
        clean::clean_line,
        effect::Effect,
        event::Outcome,
        keymap::{Action, Code, Key, action_of},
        model::Model,
        update::{lists::choose_model, screens::ask, tell},
        view::{Hint, Then, View},
        widgets::{
            field::Field,
            finder::{Finder, Found},
        },
    },
};

/// What a test of a model came to.
#[derive(Debug)]
pub(super) enum Tested {
    /// It is under way.
    Asked(u64),
    /// It answered, in this time.
    Well(String),
    /// It did not, for this reason.
    Badly(String),
}

/// The models.
#[derive(Debug)]
pub(super) struct Catalogue {
    pub(super) finder: Finder,
    pub(super) state: State,
    pub(super) models: Vec<CatalogueModel>,
    providers: Vec<ProviderInfo>,
    /// The provider whose key is being written, and the key.
    pub(super) key: Option<(String, Field)>,
    /// Tests of this session, by the model's name.
    pub(super) tests: BTreeMap<String, Tested>,
    awaited: Option<u64>,
}

impl Catalogue {
    /// The models whose names hold what was written.
    pub(super) fn new(_model: &mut Model, argument: &str) -> Self {
        Self {
            finder: Finder { field: Field::of(argument), ..Finder::default() },
            state: State::Loading,
            models: Vec::new(),
            providers: Vec::new(),
            key: None,
            tests: BTreeMap::new(),
            awaited: None,
        }
    }

    /// The models that the filter leaves, those that could answer now first.
    pub(super) fn shown(&self) -> Vec<&CatalogueModel> {
        let words: Vec<String> = self.finder.field.text().split_whitespace().map(str::to_lowercase).collect();
        let fits = |model: &&CatalogueModel| {
            let names = format!("{} {}", model.name, model.aliases.join(" ")).to_lowercase();
            words.iter().all(|word| names.contains(word))
        };
        let mut shown: Vec<&CatalogueModel> = self.models.iter().filter(fits).collect();
        shown.sort_by_key(|model| (!model.available, !model.default));
        shown
    }

    pub(super) fn chosen(&self) -> Option<&CatalogueModel> {
        self.shown().get(self.finder.choice.index).copied()
    }

    /// Where the key of a model's provider is.
    pub(super) fn key_state(&self, model: &CatalogueModel) -> Option<KeyState> {
        self.providers.iter().find(|provider| provider.name == model.provider).map(|provider| provider.key)
    }

    fn load(&mut self, model: &mut Model) -> Vec<Effect> {
        let (asking, effect) = ask(model, Ask::Models);
        self.awaited = Some(asking);
        vec![effect]
    }

    fn command(&mut self, model: &mut Model, key: Key) -> Vec<Effect> {
        let Some((name, provider)) = self.chosen().map(|chosen| (chosen.name.clone(), chosen.provider.clone())) else {
            return Vec::new();
        };
        match key.code {
            Code::Char('s') => vec![ask(model, Ask::SetDefault(name)).1],
            Code::Char('t') => {
                let (asking, effect) = ask(model, Ask::Test(name.clone()));
                self.tests.insert(name, Tested::Asked(asking));
                vec![effect]
            }
            Code::Char('p') => {
                self.key = Some((provider, Field::hidden()));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// A key of the keyboard for a provider's key.
    fn write_key(&mut self, model: &mut Model, key: Key, provider: String, mut field: Field) -> Vec<Effect> {
        match action_of(key) {
            Some(Action::Interrupt) => return Vec::new(),
            Some(Action::Send) if !field.is_empty() => {
                let key = field.secret();
                field.clear();
                return vec![ask(model, Ask::SetKey { provider, key }).1];
            }
            _ => {
                field.key(key);
            }
        }
        self.key = Some((provider, field));
        Vec::new()
    }

    fn test_of(&mut self, asking: u64) -> Option<&mut Tested> {
        self.tests.values_mut().find(|test| matches!(test, Tested::Asked(asked) if *asked == asking))
    }
}

impl View for Catalogue {
    fn title(&self) -> Phrase {
        phrase!("screen-models-title")
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let letter = |letter: &str, phrase| (letter.to_owned(), phrase);
        if self.key.is_some() {
            return vec![(model.keys.name_of(Action::Send), phrase!("views-models-seals"))];
        }
        vec![
            (model.keys.name_of(Action::Send), phrase!("views-models-takes")),
            letter("s", phrase!("views-models-default")),
            letter("p", phrase!("views-models-key")),
            letter("t", phrase!("views-models-test")),
            letter("/", phrase!("views-filter")),
        ]
    }

    fn begin(&mut self, model: &mut Model) -> Vec<Effect> {
        self.load(model)
    }

    fn key(&mut self, model: &mut Model, key: Key) -> Then {
        if let Some((provider, field)) = self.key.take() {
            return Then::Stay(self.write_key(model, key, provider, field));
        }
        let length = self.shown().len();
        match self.finder.key(key, length) {
            Found::Taken if matches!(self.state, State::Failed(_)) => {
                self.state = State::Loading;
                Then::Stay(self.load(model))
            }
            Found::Taken => match self.chosen().map(|chosen| chosen.name.clone()) {
                Some(name) => {
                    choose_model(model, &name);
                    Then::Back(Vec::new())
                }
                None => Then::NOTHING,
            },
            Found::Back => Then::Back(Vec::new()),
            Found::Other => Then::Stay(self.command(model, key)),
            Found::Narrowed | Found::Moved => Then::NOTHING,
        }
    }

    fn paste(&mut self, _model: &mut Model, text: &str) -> Vec<Effect> {
        match &mut self.key {
            Some((_, field)) => field.insert(text),
            None => self.finder.paste(text),
        }
        Vec::new()
    }

    fn wheel(&mut self, _model: &mut Model, lines: isize) -> Vec<Effect> {
        let length = self.shown().len();
        self.finder.step(lines, length);
        Vec::new()
    }

    fn take(&mut self, model: &mut Model, asking: u64, told: Outcome<Told>) -> Result<Then, Outcome<Told>> {
        let is_awaited = self.awaited == Some(asking);
        match told {
            Ok(Told::Models(models, providers)) if is_awaited => {
                (self.models, self.providers, self.state) = (models, providers, State::Here);
                let length = self.shown().len();
                self.finder.step(0, length);
            }
            Err(error) if is_awaited => {
                self.models.clear();
                self.state = State::Failed(error);
            }
            Ok(Told::DefaultSet(name)) => {
                tell(model, &phrase!("views-models-default-set", model = name));
                return Ok(Then::Stay(self.load(model)));
            }
            Ok(Told::KeySet(provider)) => {
                tell(model, &phrase!("views-models-key-set", provider = provider));
                return Ok(Then::Stay(self.load(model)));
            }
            Ok(Told::Tested(timing)) => {
                let took = timing.total_ms.map(time::duration).unwrap_or_default();
                if let Some(test) = self.test_of(asking) {
                    *test = Tested::Well(took);
                }
            }
            Err(error) => match self.test_of(asking) {
                Some(test) => *test = Tested::Badly(clean_line(&error.message_in(model.language))),
                None => return Err(Err(error)),
            },
            told => return Err(told),
        }
        Ok(Then::NOTHING)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, model: &Model) {
        draw::draw(self, frame, area, model);
    }
}
