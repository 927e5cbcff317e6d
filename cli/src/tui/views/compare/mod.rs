//! The comparison: one question to two to four models, side by side while they answer. One of them is taken, and the
//! conversation goes on with it.

mod choosing;
mod column;
mod draw;
#[cfg(test)]
mod tests;
mod view;


use mmp_shared::{ApiError, message::Content, phrase};

use self::{choosing::Choosing, column::Column};
use super::chrome::State;
use crate::tui::{
    ask::Ask,
    effect::Effect,
    keymap::{Action, Code, Key, action_of},
    model::Model,
    transcript::Said,
    update::{lists::choose_model, screens::ask, tell},
    view::Then,
    widgets::finder::Found,
};

/// How many models are compared.
const LEAST: usize = 2;
const MOST: usize = 4;

/// What is asked, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    /// It was written for this.
    Written(String),
    /// It is the last question of the open conversation.
    Again(String),
    /// There is nothing to ask.
    Nothing,
}

/// The comparison.
#[derive(Debug)]
pub(super) struct Compare {
    asked: Asked,
    /// The choice of the models, until they are asked.
    choosing: Option<Choosing>,
    columns: Vec<Column>,
    /// The one that has the keys.
    focus: usize,
    asking: Option<u64>,
    /// The page that a column has, as it was last drawn.
    page: usize,
    is_stopping: bool,
    failure: Option<Box<ApiError>>,
}

impl Compare {
    /// A comparison of the models named in the first line; what follows it is the question, else what stands in the
    /// composer, else what was asked last.
    pub(super) fn new(model: &mut Model, argument: &str) -> Self {
        let (names, question) = argument.split_once('\n').unwrap_or((argument, ""));
        let mut picked: Vec<String> = Vec::new();
        for name in names.split_whitespace().map(str::to_owned) {
            if !picked.contains(&name) {
                picked.push(name);
            }
        }
        Self {
            asked: question_of(model, question),
            choosing: Some(Choosing::new(picked)),
            columns: Vec::new(),
            focus: 0,
            asking: None,
            page: 1,
            is_stopping: false,
            failure: None,
        }
    }

    /// Asks the chosen models, where it is clear whom and what.
    fn start(&mut self, model: &mut Model) -> Vec<Effect> {
        let Some(choosing) = &self.choosing else { return Vec::new() };
        let names = choosing.picked.clone();
        if !(LEAST..=MOST).contains(&names.len()) {
            tell(model, &phrase!("views-compare-how-many"));
            return Vec::new();
        }
        if model.live().is_some() {
            tell(model, &phrase!("screen-note-still-answering"));
            return Vec::new();
        }
        let (text, again) = match &self.asked {
            Asked::Written(text) => (text.clone(), false),
            Asked::Again(text) => (text.clone(), true),
            Asked::Nothing => {
                tell(model, &phrase!("views-compare-no-question"));
                return Vec::new();
            }
        };
        let mut request = model.template.clone();
        request.models.clone_from(&names);
        request.content = Content::Text(text);
        request.conversation_id = model.conversation.as_ref().map(|open| open.id);
        if request.conversation_id.is_some() {
            (request.system, request.role) = (None, None);
        }
        if !again {
            model.composer.editor.clear();
        }
        self.choosing = None;
        self.columns = names.iter().map(|name| Column::new(name, model.now)).collect();
        model.asking += 1;
        self.asking = Some(model.asking);
        vec![Effect::Compare { asking: model.asking, request: Box::new(request), again }]
    }

    fn is_live(&self) -> bool {
        self.asking.is_some() && self.columns.iter().any(Column::is_live)
    }

    fn live_runs(&self) -> Vec<Effect> {
        let live = self.columns.iter().filter(|column| column.is_live());
        live.filter_map(|column| column.run).map(Effect::Stop).collect()
    }

    /// Takes the answer that has the keys: the conversation goes on with it.
    fn pick(&self, model: &mut Model) -> Vec<Effect> {
        let Some(column) = self.columns.get(self.focus) else { return Vec::new() };
        let (Some(id), Some(message), true) = (column.conversation, column.message, column.can_win()) else {
            let words = if column.is_live() { phrase!("views-compare-still-comes") } else { phrase!("views-compare-says-nothing") };
            tell(model, &words);
            return Vec::new();
        };
        let mut effects = self.live_runs();
        choose_model(model, &column.name);
        effects.push(ask(model, Ask::Show { id, message }).1);
        effects
    }

    /// Back to the chat, which then shows the question where it was asked. What was not asked stays in the composer.
    fn leave(&self, model: &mut Model) -> Vec<Effect> {
        if self.is_live() && !self.is_stopping {
            tell(model, &phrase!("screen-note-goes-on"));
        }
        self.columns.iter().find_map(|column| column.conversation).map(Effect::Open).into_iter().collect()
    }

    fn choose_key(&mut self, model: &mut Model, key: Key) -> Then {
        let Some(choosing) = &mut self.choosing else { return Then::NOTHING };
        let has_mark_key = key == Key::of(Code::Char(' ')) && !choosing.finder.is_writing;
        if has_mark_key || action_of(key) == Some(Action::Complete) {
            choosing.toggle(MOST);
            return Then::NOTHING;
        }
        let length = choosing.shown().len();
        match choosing.finder.key(key, length) {
            Found::Taken if matches!(choosing.state, State::Failed(_)) => Then::Stay(vec![ask(model, Ask::Catalogue).1]),
            Found::Taken => Then::Stay(self.start(model)),
            Found::Back => Then::Back(Vec::new()),
            _ => Then::NOTHING,
        }
    }

    fn scroll(&mut self, up: isize) {
        if let Some(column) = self.columns.get_mut(self.focus) {
            column.below = column.below.saturating_add_signed(up);
        }
    }

    fn step(&mut self, by: isize) {
        let count = isize::try_from(self.columns.len()).unwrap_or(1).max(1);
        let focus = isize::try_from(self.focus).unwrap_or(0);
        self.focus = usize::try_from((focus + by).rem_euclid(count)).unwrap_or(0);
    }

    /// What was asked cannot be answered at all: it stands in the composer again.
    fn fail(&mut self, model: &mut Model, error: Box<ApiError>) {
        self.asking = None;
        if self.columns.iter().all(|column| column.run.is_none())
            && let Asked::Written(text) = &self.asked
            && model.composer.editor.is_empty()
        {
            model.composer.editor.set(text);
        }
        let words = error.message_in(model.language);
        for column in self.columns.iter_mut().filter(|column| column.is_live() && column.run.is_some()) {
            column.answer.give_up(&words);
        }
        if self.columns.iter().all(|column| column.run.is_none()) {
            self.columns.clear();
        }
        self.failure = Some(error);
    }
}

/// The question, by where it may stand.
fn question_of(model: &Model, given: &str) -> Asked {
    let given = given.trim();
    if !given.is_empty() {
        return Asked::Written(given.to_owned());
    }
    let written = model.composer.editor.text();
    if !written.trim().is_empty() {
        return Asked::Written(written);
    }
    let last = model.transcript.entries.iter().rev().find_map(|entry| match &entry.said {
        Said::Person(text) => Some(text.clone()),
        Said::Answer(_) => None,
    });
    last.map_or(Asked::Nothing, Asked::Again)
}
