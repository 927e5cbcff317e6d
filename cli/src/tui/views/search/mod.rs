//! The search: what is typed is looked for in everything that was ever said, a moment after the last key.

mod draw;
#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::Timestamp;
use mmp_shared::{
    ApiError, Phrase, phrase,
    search::{LONGEST_QUERY, SearchHit, SearchOrder},
};
use ratatui::{Frame, layout::Rect};

use super::chrome::State;
use crate::{
    output::text::notice_words,
    tui::{
        ask::{Ask, Told},
        clean::clean_line,
        effect::Effect,
        event::Outcome,
        keymap::{Action, Key, action_of},
        model::{Model, Note},
        update::screens::ask,
        view::{Hint, Then, View},
        widgets::finder::{Finder, Found},
    },
};

/// How long after the last key the search begins.
const PAUSE: Duration = Duration::from_millis(120);
/// How near to the end of what has come the choice may get before more is fetched.
const NEAR: usize = 10;

/// The search.
#[derive(Debug)]
pub(super) struct Search {
    pub(super) finder: Finder,
    pub(super) order: SearchOrder,
    pub(super) hits: Vec<SearchHit>,
    pub(super) state: State,
    pub(super) clock: Option<Timestamp>,
    next: Option<String>,
    /// When the search is to begin, if what is written has changed.
    due: Option<Duration>,
    /// The asking that is awaited, and whether its answer goes on with what has come.
    awaited: Option<(u64, bool)>,
}

impl Search {
    /// A search for what was written behind its word.
    pub(super) fn new(_model: &mut Model, argument: &str) -> Self {
        Self {
            finder: Finder::writing(argument),
            order: SearchOrder::Best,
            hits: Vec::new(),
            state: State::Unasked,
            clock: None,
            next: None,
            due: None,
            awaited: None,
        }
    }

    fn query(&self) -> String {
        self.finder.field.text().trim().chars().take(LONGEST_QUERY).collect()
    }

    /// Looks for what is written now.
    fn look(&mut self, model: &mut Model) -> Vec<Effect> {
        self.due = None;
        let query = self.query();
        if query.is_empty() {
            (self.awaited, self.next, self.state) = (None, None, State::Unasked);
            self.hits.clear();
            return Vec::new();
        }
        if self.hits.is_empty() {
            self.state = State::Loading;
        }
        self.ask(model, None)
    }

    fn ask(&mut self, model: &mut Model, cursor: Option<String>) -> Vec<Effect> {
        let goes_on = cursor.is_some();
        let (asking, effect) = ask(model, Ask::Search { query: self.query(), order: self.order, cursor });
        self.awaited = Some((asking, goes_on));
        vec![effect]
    }

    /// Fetches more where the choice comes near to the end of what has come.
    fn more(&mut self, model: &mut Model) -> Vec<Effect> {
        let is_near = self.finder.choice.index + NEAR >= self.hits.len();
        match self.next.clone().filter(|_| is_near && self.awaited.is_none()) {
            Some(cursor) => self.ask(model, Some(cursor)),
            None => Vec::new(),
        }
    }

    fn open(&self, model: &mut Model) -> Vec<Effect> {
        let Some(hit) = self.hits.get(self.finder.choice.index) else { return Vec::new() };
        vec![ask(model, Ask::Show { id: hit.conversation_id, message: hit.message_id }).1]
    }

    fn toggle(&mut self, model: &mut Model) -> Vec<Effect> {
        self.order = match self.order {
            SearchOrder::Best => SearchOrder::Newest,
            SearchOrder::Newest => SearchOrder::Best,
        };
        self.finder.choice = Default::default();
        self.look(model)
    }

    fn fail(&mut self, error: Box<ApiError>) {
        self.hits.clear();
        self.next = None;
        self.state = State::Failed(error);
    }

    fn changed(&mut self, model: &Model) {
        self.due = Some(model.now + PAUSE);
    }
}

impl View for Search {
    fn title(&self) -> Phrase {
        phrase!("views-search-title")
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let order = match self.order {
            SearchOrder::Best => phrase!("views-search-to-newest"),
            SearchOrder::Newest => phrase!("views-search-to-best"),
        };
        vec![
            (model.keys.name_of(Action::Send), phrase!("views-search-open")),
            (model.keys.name_of(Action::Complete), order),
            ("↑↓".to_owned(), phrase!("views-choose")),
        ]
    }

    fn begin(&mut self, model: &mut Model) -> Vec<Effect> {
        self.look(model)
    }

    fn key(&mut self, model: &mut Model, key: Key) -> Then {
        if action_of(key) == Some(Action::Complete) {
            return Then::Stay(self.toggle(model));
        }
        match self.finder.key(key, self.hits.len()) {
            Found::Narrowed => {
                self.changed(model);
                Then::NOTHING
            }
            Found::Moved => Then::Stay(self.more(model)),
            Found::Taken if matches!(self.state, State::Failed(_)) => Then::Stay(self.look(model)),
            Found::Taken => Then::Stay(self.open(model)),
            Found::Back => Then::Back(Vec::new()),
            Found::Other => Then::NOTHING,
        }
    }

    fn paste(&mut self, model: &mut Model, text: &str) -> Vec<Effect> {
        self.finder.paste(text);
        self.changed(model);
        Vec::new()
    }

    fn wheel(&mut self, model: &mut Model, lines: isize) -> Vec<Effect> {
        self.finder.step(lines.signum(), self.hits.len());
        self.more(model)
    }

    fn take(&mut self, model: &mut Model, asking: u64, told: Outcome<Told>) -> Result<Then, Outcome<Told>> {
        let Some((_, goes_on)) = self.awaited.filter(|(awaited, _)| *awaited == asking) else { return Err(told) };
        self.awaited = None;
        match told {
            Ok(Told::Found(page, clock)) => {
                if !goes_on {
                    self.hits.clear();
                }
                self.hits.extend(page.items);
                (self.next, self.clock, self.state) = (page.next_cursor, Some(clock), State::Here);
                if let Some(notice) = page.notices.first() {
                    let text = clean_line(&notice_words(notice, model.language));
                    model.note = Some(Note { text, is_error: false, until: None });
                }
                self.finder.step(0, self.hits.len());
            }
            Ok(other) => return Err(Ok(other)),
            Err(error) => self.fail(error),
        }
        Ok(Then::NOTHING)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, model: &Model) {
        draw::draw(self, frame, area, model);
    }

    fn tick(&mut self, model: &mut Model) -> Vec<Effect> {
        match self.due.filter(|due| *due <= model.now) {
            Some(_) => self.look(model),
            None => Vec::new(),
        }
    }

    fn next_tick(&self, _now: Duration) -> Option<Duration> {
        self.due
    }
}
