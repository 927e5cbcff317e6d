//! The runs: what is being answered anywhere under this account, live, and what was lately. One of them can be followed in
//! the chat, from its start, or stopped.

mod draw;
#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::Timestamp;
use mmp_shared::{Phrase, message::Status, phrase, runs::Run};
use ratatui::{Frame, layout::Rect};

use super::chrome::State;
use crate::tui::{
    ask::{Ask, Told},
    effect::Effect,
    event::Outcome,
    keymap::{Action, Code, Key, action_of},
    model::Model,
    update::{screens::ask, tell},
    view::{Hint, Then, View},
    widgets::finder::{Finder, Found},
};

/// How long after an answer the list is asked for again.
const PAUSE: Duration = Duration::from_secs(1);

/// The runs.
#[derive(Debug)]
pub(super) struct Runs {
    pub(super) finder: Finder,
    /// Whether those that have ended are left out.
    pub(super) only_live: bool,
    pub(super) state: State,
    pub(super) clock: Option<Timestamp>,
    runs: Vec<Run>,
    /// The run that was named when the view was opened.
    wanted: Option<String>,
    due: Option<Duration>,
    awaited: Option<u64>,
}

impl Runs {
    /// The runs; one that is named is followed at once.
    pub(super) fn new(_model: &mut Model, argument: &str) -> Self {
        Self {
            finder: Finder::default(),
            only_live: false,
            state: State::Loading,
            clock: None,
            runs: Vec::new(),
            wanted: (!argument.is_empty()).then(|| argument.to_owned()),
            due: None,
            awaited: None,
        }
    }

    /// The runs that are shown, the live ones first.
    pub(super) fn shown<'a>(&'a self, model: &Model) -> Vec<&'a Run> {
        let words: Vec<String> = self.finder.field.text().split_whitespace().map(str::to_lowercase).collect();
        let fits = |run: &&Run| {
            let text = format!("{}/{} {} {}", run.provider, run.model, run.status.as_str(), title_of(run, model)).to_lowercase();
            (!self.only_live || run.status == Status::Running) && words.iter().all(|word| text.contains(word))
        };
        let mut shown: Vec<&Run> = self.runs.iter().filter(fits).collect();
        shown.sort_by_key(|run| run.status != Status::Running);
        shown
    }

    /// Whether the filter leaves nothing of what there is.
    pub(super) fn has_runs(&self) -> bool {
        !self.runs.is_empty()
    }

    fn load(&mut self, model: &mut Model) -> Vec<Effect> {
        let (asking, effect) = ask(model, Ask::Runs);
        (self.awaited, self.due) = (Some(asking), None);
        vec![effect]
    }

    fn chosen<'a>(&'a self, model: &Model) -> Option<&'a Run> {
        self.shown(model).get(self.finder.choice.index).copied()
    }

    /// Takes a fresh list; the chosen run stays the chosen one.
    fn take_runs(&mut self, model: &Model, runs: Vec<Run>, clock: Timestamp) {
        let chosen = self.chosen(model).map(|run| run.id);
        (self.runs, self.clock, self.state) = (runs, Some(clock), State::Here);
        let shown = self.shown(model);
        let length = shown.len();
        if let Some(place) = shown.iter().position(|run| Some(run.id) == chosen) {
            self.finder.choice.index = place;
        }
        self.finder.step(0, length);
    }

    fn stop_chosen(&self, model: &mut Model) -> Vec<Effect> {
        match self.chosen(model).map(|run| (run.id, run.status)) {
            Some((id, Status::Running)) => vec![ask(model, Ask::StopRun(id)).1],
            Some(_) => {
                tell(model, &phrase!("views-runs-has-ended"));
                Vec::new()
            }
            None => Vec::new(),
        }
    }
}

/// The title of a run's conversation, as far as it is known here.
pub(super) fn title_of(run: &Run, model: &Model) -> String {
    let Some(id) = run.conversation_id else { return phrase!("views-runs-unsaved").render(model.language) };
    let known = model.conversations.items.iter().find(|item| item.id == id).map(|item| item.title.clone());
    known.unwrap_or_else(|| id.short())
}

impl View for Runs {
    fn title(&self) -> Phrase {
        if self.only_live { phrase!("views-runs-title-live") } else { phrase!("views-runs-title") }
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let which = if self.only_live { phrase!("views-runs-all") } else { phrase!("views-runs-only-live") };
        let mut hints = vec![(model.keys.name_of(Action::Send), phrase!("views-runs-attach"))];
        if self.chosen(model).is_some_and(|run| run.status == Status::Running) {
            hints.push(("s".to_owned(), phrase!("views-runs-stop")));
        }
        hints.push((model.keys.name_of(Action::Complete), which));
        hints.push(("/".to_owned(), phrase!("views-filter")));
        hints
    }

    fn begin(&mut self, model: &mut Model) -> Vec<Effect> {
        let mut effects = self.load(model);
        if let Some(wanted) = self.wanted.take() {
            effects.push(ask(model, Ask::Join(wanted)).1);
        }
        effects
    }

    fn key(&mut self, model: &mut Model, key: Key) -> Then {
        if action_of(key) == Some(Action::Complete) {
            self.only_live = !self.only_live;
            self.finder.choice = Default::default();
            return Then::NOTHING;
        }
        let length = self.shown(model).len();
        Then::Stay(match self.finder.key(key, length) {
            Found::Taken if matches!(self.state, State::Failed(_)) => {
                self.state = State::Loading;
                self.load(model)
            }
            Found::Taken => match self.chosen(model).map(|run| run.id.to_string()) {
                Some(id) => vec![ask(model, Ask::Join(id)).1],
                None => Vec::new(),
            },
            Found::Back => return Then::Back(Vec::new()),
            Found::Other if key == Key::of(Code::Char('s')) => self.stop_chosen(model),
            Found::Narrowed | Found::Moved | Found::Other => Vec::new(),
        })
    }

    fn paste(&mut self, _model: &mut Model, text: &str) -> Vec<Effect> {
        self.finder.paste(text);
        Vec::new()
    }

    fn wheel(&mut self, model: &mut Model, lines: isize) -> Vec<Effect> {
        let length = self.shown(model).len();
        self.finder.step(lines, length);
        Vec::new()
    }

    fn take(&mut self, model: &mut Model, asking: u64, told: Outcome<Told>) -> Result<Then, Outcome<Told>> {
        let is_awaited = self.awaited == Some(asking);
        if is_awaited {
            (self.awaited, self.due) = (None, Some(model.now + PAUSE));
        }
        Ok(match told {
            Ok(Told::Runs(runs, clock)) if is_awaited => {
                self.take_runs(model, runs, clock);
                Then::NOTHING
            }
            Err(error) if is_awaited => {
                self.state = State::Failed(error);
                self.runs.clear();
                Then::NOTHING
            }
            Ok(Told::RunStopped(run)) => {
                tell(model, &phrase!("note-run-stopped", run = run.id.short()));
                Then::Stay(self.load(model))
            }
            told => return Err(told),
        })
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, model: &Model) {
        draw::draw(self, frame, area, model);
    }

    fn tick(&mut self, model: &mut Model) -> Vec<Effect> {
        self.load(model)
    }

    fn next_tick(&self, _now: Duration) -> Option<Duration> {
        self.due
    }
}
