//! What the history takes, as a view: keys, pastes, what it is told.

use mmp_shared::{
    Phrase,
    phrase,
};
use ratatui::{Frame, layout::Rect};

use super::super::chrome::State;
use crate::tui::{
    ask::Told,
    effect::Effect,
    event::Outcome,
    keymap::{Action, Key, action_of},
    model::Model,
    update::{lists::ask_conversations, tell},
    view::{Hint, Then, View},
    widgets::finder::Found,
};
use super::{draw, History, Question, Kept};

impl View for History {
    fn title(&self) -> Phrase {
        match self.kept {
            Kept::Current => phrase!("views-history-title"),
            Kept::Pinned => phrase!("views-history-title-pinned"),
            Kept::Archived => phrase!("views-history-title-archived"),
        }
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let letter = |letter: &str, phrase| (letter.to_owned(), phrase);
        let send = model.keys.name_of(Action::Send);
        if let Some(question) = &self.question {
            return match question {
                Question::Title(..) => vec![(send, phrase!("views-history-renames"))],
                Question::File(..) => vec![(send, phrase!("views-history-writes"))],
                Question::Delete(..) => vec![letter("y", phrase!("views-history-deletes"))],
            };
        }
        let chosen = self.chosen();
        let pin = if chosen.is_some_and(|item| item.pinned) { phrase!("views-history-unpin") } else { phrase!("views-history-pin") };
        let is_archived = chosen.is_some_and(|item| item.archived);
        let archive = if is_archived { phrase!("views-history-unarchive") } else { phrase!("views-history-archive") };
        vec![
            (send, phrase!("views-history-open")),
            letter("/", phrase!("views-filter")),
            letter("r", phrase!("views-history-rename")),
            letter("p", pin),
            letter("a", archive),
            letter("x", phrase!("views-history-delete")),
            letter("e", phrase!("views-history-export")),
            letter("b", phrase!("views-history-branch")),
            (model.keys.name_of(Action::Complete), phrase!("views-history-kept")),
        ]
    }

    fn begin(&mut self, model: &mut Model) -> Vec<Effect> {
        self.load(model, None)
    }

    fn key(&mut self, model: &mut Model, key: Key) -> Then {
        if let Some(question) = self.question.take() {
            return Then::Stay(self.answer(model, key, question));
        }
        if action_of(key) == Some(Action::Complete) {
            self.kept = match self.kept {
                Kept::Current => Kept::Pinned,
                Kept::Pinned => Kept::Archived,
                Kept::Archived => Kept::Current,
            };
            self.finder.choice = Default::default();
            self.items.clear();
            return Then::Stay(self.load(model, None));
        }
        match self.finder.key(key, self.items.len()) {
            Found::Narrowed => Then::Stay(self.load(model, None)),
            Found::Moved => Then::Stay(self.more(model)),
            Found::Taken if matches!(self.state, State::Failed(_)) => Then::Stay(self.load(model, None)),
            Found::Taken => match self.chosen() {
                Some(item) => Then::Back(vec![Effect::Open(item.id)]),
                None => Then::NOTHING,
            },
            Found::Back => Then::Back(Vec::new()),
            Found::Other => Then::Stay(self.command(model, key)),
        }
    }

    fn paste(&mut self, model: &mut Model, text: &str) -> Vec<Effect> {
        match &mut self.question {
            Some(Question::Title(_, field) | Question::File(_, field)) => field.insert(text),
            Some(Question::Delete(..)) => {}
            None => {
                self.finder.paste(text);
                return self.load(model, None);
            }
        }
        Vec::new()
    }

    fn wheel(&mut self, model: &mut Model, lines: isize) -> Vec<Effect> {
        self.finder.step(lines, self.items.len());
        self.more(model)
    }

    fn take(&mut self, model: &mut Model, asking: u64, told: Outcome<Told>) -> Result<Then, Outcome<Told>> {
        let awaited = self.awaited.filter(|(awaited, _)| *awaited == asking);
        if awaited.is_some() {
            self.awaited = None;
        }
        Ok(match (told, awaited) {
            (Ok(Told::History(page, clock)), Some((_, goes_on))) => {
                self.take_page(page, clock, goes_on);
                Then::NOTHING
            }
            (Err(error), Some(_)) => {
                (self.state, self.next) = (State::Failed(error), None);
                self.items.clear();
                Then::NOTHING
            }
            (Ok(Told::Changed(changed)), _) => Then::Stay(self.take_changed(model, *changed)),
            (Ok(Told::Deleted(id)), _) => Then::Stay(self.take_deleted(model, id)),
            (Ok(Told::Exported(path)), _) => {
                tell(model, &phrase!("views-history-exported", path = path));
                Then::NOTHING
            }
            (Ok(Told::Branched(begun)), _) => {
                tell(model, &phrase!("views-history-branched"));
                let mut effects = ask_conversations(model);
                effects.push(Effect::Open(begun.id));
                Then::Back(effects)
            }
            (told, _) => return Err(told),
        })
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, model: &Model) {
        draw::draw(self, frame, area, model);
    }
}
