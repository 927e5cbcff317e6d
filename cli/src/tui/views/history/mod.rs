//! The history: every conversation, to be opened, renamed, pinned, put away, deleted, written into a file, branched from.

mod draw;
#[cfg(test)]
mod tests;
mod view;

use jiff::Timestamp;
use mmp_shared::{
    ConversationId,
    conversations::{Conversation, ConversationChange, ConversationQuery},
    page::Page,
    phrase,
};

use super::chrome::State;
use crate::tui::{
    ask::Ask,
    clean::clean_line,
    effect::Effect,
    keymap::{Action, Code, Key, action_of},
    model::Model,
    update::{leave_conversation, lists::ask_conversations, screens::ask, tell},
    widgets::{
        field::Field,
        finder::Finder,
    },
};

/// How near to the end of what has come the choice may get before more is fetched.
const NEAR: usize = 20;
/// The most characters of a title that a file is named after.
const LONGEST_NAME: usize = 60;

/// Which conversations are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// Those that were not put away.
    Current,
    /// The pinned ones.
    Pinned,
    /// Those that were put away.
    Archived,
}

/// What is asked of the person about a conversation.
#[derive(Debug)]
pub(super) enum Question {
    /// Its new title.
    Title(ConversationId, Field),
    /// The file to write.
    File(ConversationId, Field),
    /// Whether it is to be deleted; and its title.
    Delete(ConversationId, String),
}

/// The history.
#[derive(Debug)]
pub(super) struct History {
    pub(super) finder: Finder,
    pub(super) kept: Kept,
    pub(super) items: Vec<Conversation>,
    pub(super) state: State,
    pub(super) clock: Option<Timestamp>,
    pub(super) question: Option<Question>,
    next: Option<String>,
    awaited: Option<(u64, bool)>,
}

impl History {
    /// The history, those conversations whose titles hold what was written.
    pub(super) fn new(_model: &mut Model, argument: &str) -> Self {
        Self {
            finder: Finder { field: Field::of(argument), ..Finder::default() },
            kept: Kept::Current,
            items: Vec::new(),
            state: State::Loading,
            clock: None,
            question: None,
            next: None,
            awaited: None,
        }
    }

    fn load(&mut self, model: &mut Model, cursor: Option<String>) -> Vec<Effect> {
        if self.items.is_empty() {
            self.state = State::Loading;
        }
        let title = self.finder.field.text().trim().to_owned();
        let goes_on = cursor.is_some();
        let query = ConversationQuery {
            title: (!title.is_empty()).then_some(title),
            pinned: self.kept == Kept::Pinned,
            archived: self.kept == Kept::Archived,
            cursor,
            ..ConversationQuery::default()
        };
        let (asking, effect) = ask(model, Ask::History(Box::new(query)));
        self.awaited = Some((asking, goes_on));
        vec![effect]
    }

    fn more(&mut self, model: &mut Model) -> Vec<Effect> {
        let is_near = self.finder.choice.index + NEAR >= self.items.len();
        match self.next.clone().filter(|_| is_near && self.awaited.is_none()) {
            Some(cursor) => self.load(model, Some(cursor)),
            None => Vec::new(),
        }
    }

    fn chosen(&self) -> Option<&Conversation> {
        self.items.get(self.finder.choice.index)
    }

    /// A letter that is a command for the chosen conversation.
    fn command(&mut self, model: &mut Model, key: Key) -> Vec<Effect> {
        let Some(item) = self.chosen() else { return Vec::new() };
        let id = item.id;
        let change = |change| Ask::Change { id, change: Box::new(change) };
        let wanted = match (action_of(key), key.code) {
            (None, Code::Char('p')) => change(ConversationChange { pinned: Some(!item.pinned), ..Default::default() }),
            (None, Code::Char('a')) => change(ConversationChange { archived: Some(!item.archived), ..Default::default() }),
            (None, Code::Char('b')) => Ask::Branch(id),
            (None, Code::Char('r')) => {
                self.question = Some(Question::Title(id, Field::of(&item.title)));
                return Vec::new();
            }
            (None, Code::Char('e')) => {
                self.question = Some(Question::File(id, Field::of(&file_name(&item.title))));
                return Vec::new();
            }
            (None, Code::Char('x')) | (Some(Action::DeleteForward), _) => {
                self.question = Some(Question::Delete(id, clean_line(&item.title)));
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        vec![ask(model, wanted).1]
    }

    /// A key for what is asked of the person.
    fn answer(&mut self, model: &mut Model, key: Key, mut question: Question) -> Vec<Effect> {
        let action = action_of(key);
        if action == Some(Action::Interrupt) {
            return Vec::new();
        }
        let wanted = match &mut question {
            Question::Delete(id, _) if key == Key::of(Code::Char('y')) => Some(Ask::Delete(*id)),
            // Everything else keeps it.
            Question::Delete(..) => return Vec::new(),
            Question::Title(id, field) if action == Some(Action::Send) => {
                let change = ConversationChange { title: Some(field.text().trim().to_owned()), ..Default::default() };
                (!field.text().trim().is_empty()).then(|| Ask::Change { id: *id, change: Box::new(change) })
            }
            Question::File(id, field) if action == Some(Action::Send) => {
                let path = field.text().trim().to_owned();
                (!path.is_empty()).then_some(Ask::Export { id: *id, path })
            }
            Question::Title(_, field) | Question::File(_, field) => {
                field.key(key);
                None
            }
        };
        match wanted {
            Some(wanted) => vec![ask(model, wanted).1],
            None => {
                self.question = Some(question);
                Vec::new()
            }
        }
    }

    fn take_page(&mut self, page: Page<Conversation>, clock: Timestamp, goes_on: bool) {
        if !goes_on {
            self.items.clear();
        }
        self.items.extend(page.items);
        (self.next, self.clock, self.state) = (page.next_cursor, Some(clock), State::Here);
        self.finder.step(0, self.items.len());
    }

    /// A conversation is another now: it stays in the list where it still belongs there.
    fn take_changed(&mut self, model: &mut Model, changed: Conversation) -> Vec<Effect> {
        let title = clean_line(&changed.title);
        let place = self.items.iter().position(|item| item.id == changed.id);
        let words = match place.map(|place| &self.items[place]) {
            Some(before) if before.pinned != changed.pinned && changed.pinned => phrase!("views-history-pinned", title = title),
            Some(before) if before.pinned != changed.pinned => phrase!("views-history-unpinned", title = title),
            Some(before) if before.archived != changed.archived && changed.archived => phrase!("views-history-archived", title = title),
            Some(before) if before.archived != changed.archived => phrase!("views-history-unarchived", title = title),
            _ => phrase!("screen-note-renamed", title = title),
        };
        tell(model, &words);
        if let Some(open) = model.conversation.as_mut().filter(|open| open.id == changed.id) {
            open.title = title;
        }
        let belongs = match self.kept {
            Kept::Current => !changed.archived,
            Kept::Pinned => changed.pinned && !changed.archived,
            Kept::Archived => changed.archived,
        };
        match place {
            Some(place) if belongs => self.items[place] = changed,
            Some(place) => drop(self.items.remove(place)),
            None => {}
        }
        self.finder.step(0, self.items.len());
        ask_conversations(model)
    }

    fn take_deleted(&mut self, model: &mut Model, id: ConversationId) -> Vec<Effect> {
        self.items.retain(|item| item.id != id);
        self.finder.step(0, self.items.len());
        let mut effects = Vec::new();
        if model.conversation.as_ref().is_some_and(|open| open.id == id) {
            effects = leave_conversation(model);
        }
        tell(model, &phrase!("views-history-deleted"));
        effects.extend(ask_conversations(model));
        effects
    }
}

/// A file named after a title.
fn file_name(title: &str) -> String {
    let kept: String = clean_line(title).chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let words: Vec<&str> = kept.split('-').filter(|word| !word.is_empty()).collect();
    let name: String = words.join("-").chars().take(LONGEST_NAME).collect();
    format!("{}.md", if name.is_empty() { "conversation" } else { name.trim_end_matches('-') })
}
