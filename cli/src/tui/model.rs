//! Everything that the program knows. `update` changes it, the views show it.

use std::{collections::VecDeque, time::Duration};

use jiff::Timestamp;
use mmp_shared::{
    ConversationId, Language, MessageId, Phrase, RunId, chat::ChatRequest, conversations::Conversation,
    models::Model as CatalogueModel,
};

use super::{
    attachment::Attachment,
    branches::Node,
    clean::clean_line,
    keymap::Keymap,
    theme::Theme,
    transcript::Transcript,
    view::View,
    widgets::{editor::Editor, list::Choice},
};

/// How many prompts are recalled.
pub(crate) const MOST_PROMPTS: usize = 200;

/// What the program begins with.
#[derive(Debug)]
pub(crate) struct Beginning {
    /// What every request has in common.
    pub(crate) template: ChatRequest,
    /// The language.
    pub(crate) language: Language,
    /// The styles.
    pub(crate) theme: Theme,
    /// The terminal's columns and rows.
    pub(crate) size: (u16, u16),
    /// What was being written when the program ended last.
    pub(crate) draft: String,
    /// The keys.
    pub(crate) keys: Keymap,
    /// Where the daemon is, and by what we are known there.
    pub(crate) access: Access,
    /// What was wrong with what a person set; what is built in holds for it.
    pub(crate) mistakes: Vec<Phrase>,
}

/// Where the daemon is, and by what we are known there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Access {
    /// The daemon's address.
    pub(crate) host: String,
    /// Whether an access token of the environment counts before every login.
    pub(crate) has_token: bool,
}

/// Who has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Focus {
    /// What is being written.
    Composer,
    /// The list of conversations.
    Conversations,
    /// A message of the transcript.
    Transcript,
}

/// The question that the next one is to stand beside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Beside {
    /// Its place in the transcript.
    pub(crate) place: usize,
    /// What it is.
    pub(crate) node: Node,
}

/// What lies over the rest.
#[derive(Debug)]
pub(crate) enum Overlay {
    /// The keys and commands, from this line on.
    Help(usize),
    /// The choice of a model.
    Models(ModelPicker),
}

/// The choice of a model.
#[derive(Debug, Default)]
pub(crate) struct ModelPicker {
    /// What the names must hold.
    pub(crate) filter: String,
    /// The catalogue; none until it has come.
    pub(crate) models: Option<Vec<CatalogueModel>>,
    /// The chosen one of those that are shown.
    pub(crate) choice: Choice,
}

impl ModelPicker {
    /// The models that the filter leaves, those that could answer now first.
    pub(crate) fn shown(&self) -> Vec<&CatalogueModel> {
        let words: Vec<String> = self.filter.split_whitespace().map(str::to_lowercase).collect();
        let holds = |model: &CatalogueModel| {
            let names = format!("{} {}", model.name, model.aliases.join(" ")).to_lowercase();
            words.iter().all(|word| names.contains(word))
        };
        let mut shown: Vec<_> = self.models.iter().flatten().filter(|model| model.enabled && holds(model)).collect();
        shown.sort_by_key(|model| !model.available);
        shown
    }
}

/// The list of conversations.
#[derive(Debug, Default)]
pub(crate) struct Conversations {
    /// Whether it is shown where there is room; none until the person has said.
    pub(crate) is_open: Option<bool>,
    /// Those that have come, the latest first.
    pub(crate) items: Vec<Conversation>,
    /// Where the next page begins.
    pub(crate) next: Option<String>,
    /// What the titles must hold.
    pub(crate) filter: String,
    /// The chosen one.
    pub(crate) choice: Choice,
    /// The number of the last asking.
    pub(crate) asking: u64,
    /// Whether an answer to it is awaited.
    pub(crate) is_loading: bool,
    /// Whether that answer follows what has come already.
    pub(crate) goes_on: bool,
}

/// What is being written.
#[derive(Debug, Default)]
pub(crate) struct Composer {
    /// The text.
    pub(crate) editor: Editor,
    /// What was sent before, the latest last.
    pub(crate) prompts: VecDeque<String>,
    /// Which of them is shown.
    pub(crate) recalled: Option<usize>,
    /// The chosen one of the commands that could be meant.
    pub(crate) choice: Choice,
    /// The question that what is sent stands beside; none where it follows what was said last.
    pub(crate) beside: Option<Beside>,
    /// The files that go along.
    pub(crate) attached: Vec<Attachment>,
    /// What was sent last and is not known to have come: the words, and the files.
    pub(crate) sent: Option<(String, Vec<Attachment>)>,
    /// The text that was last kept as a draft.
    pub(crate) saved: String,
    /// When it was last changed, if it has not been kept since.
    pub(crate) changed_at: Option<Duration>,
}

/// Whether an answer is being made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Turn {
    /// None is.
    #[default]
    Idle,
    /// One is.
    Live(Live),
}

/// An answer that is being made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Live {
    /// When it was asked for.
    pub(crate) since: Duration,
    /// When the first piece came.
    pub(crate) first_at: Option<Duration>,
    /// The run, once it is known.
    pub(crate) run_id: Option<RunId>,
    /// The last event that came.
    pub(crate) last_event: Option<u64>,
    /// How often in a row the connection could not be made.
    pub(crate) failures: u32,
    /// Whether it was asked to stop.
    pub(crate) is_stopping: bool,
    /// What stands beside the question.
    pub(crate) beside: Vec<MessageId>,
    /// The answers that stand beside this one already, where one of them is gone on with.
    pub(crate) rivals: Vec<MessageId>,
    /// Roughly how many tokens have come, in quarters.
    pub(crate) quarter_tokens: u64,
}

/// Something that is said for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    /// What.
    pub(crate) text: String,
    /// Whether something went wrong.
    pub(crate) is_error: bool,
    /// Until when; none is until the next key.
    pub(crate) until: Option<Duration>,
}

/// The open conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenConversation {
    /// Its id.
    pub(crate) id: ConversationId,
    /// Its title; empty until it is known.
    pub(crate) title: String,
}

/// Everything.
#[derive(Debug)]
pub(crate) struct Model {
    /// The time, from the program's beginning.
    pub(crate) now: Duration,
    /// The terminal's columns and rows.
    pub(crate) size: (u16, u16),
    /// The language.
    pub(crate) language: Language,
    /// The styles.
    pub(crate) theme: Theme,
    /// The keys in force.
    pub(crate) keys: Keymap,
    /// Where the daemon is, and by what we are known there.
    pub(crate) access: Access,
    /// What every request has in common: the model that was chosen, and how it is to answer.
    pub(crate) template: ChatRequest,
    /// The open conversation; none where the next prompt begins one.
    pub(crate) conversation: Option<OpenConversation>,
    /// What was said in it.
    pub(crate) transcript: Transcript,
    /// Whether thinking is shown.
    pub(crate) shows_thinking: bool,
    /// What is being written.
    pub(crate) composer: Composer,
    /// The list of conversations.
    pub(crate) conversations: Conversations,
    /// Who has the keys.
    pub(crate) focus: Focus,
    /// What lies over the rest.
    pub(crate) overlay: Option<Overlay>,
    /// What stands in the place of the chat.
    pub(crate) view: Option<Box<dyn View>>,
    /// The number of the last asking of a view.
    pub(crate) asking: u64,
    /// The asking whose copy of the conversation is to be opened.
    pub(crate) branching: Option<u64>,
    /// Whether an answer is being made.
    pub(crate) turn: Turn,
    /// The number of the turn that is listened to.
    pub(crate) turn_number: u64,
    /// Whether the daemon is there, as far as we know.
    pub(crate) is_connected: bool,
    /// Something that is said for a while.
    pub(crate) note: Option<Note>,
    /// Until when a second Ctrl+C ends the program.
    pub(crate) may_quit_until: Option<Duration>,
    /// Whether the mouse is ours.
    pub(crate) has_mouse: bool,
    /// The time of day when the list of conversations came last.
    pub(crate) clock: Option<Timestamp>,
}

impl Model {
    /// The program before anything has happened.
    pub(crate) fn new(beginning: Beginning) -> Self {
        let mut composer = Composer { saved: beginning.draft.clone(), ..Composer::default() };
        composer.editor.set(&beginning.draft);
        let said: Vec<_> = beginning.mistakes.iter().map(|mistake| mistake.render(beginning.language)).collect();
        let note = (!said.is_empty()).then(|| Note { text: clean_line(&said.join(" · ")), is_error: true, until: None });
        Self {
            now: Duration::ZERO,
            size: beginning.size,
            language: beginning.language,
            theme: beginning.theme,
            keys: beginning.keys,
            access: beginning.access,
            template: beginning.template,
            conversation: None,
            transcript: Transcript::default(),
            shows_thinking: false,
            composer,
            conversations: Conversations::default(),
            focus: Focus::Composer,
            overlay: None,
            view: None,
            asking: 0,
            branching: None,
            turn: Turn::Idle,
            turn_number: 0,
            is_connected: true,
            note,
            may_quit_until: None,
            has_mouse: true,
            clock: None,
        }
    }

    /// The answer that is being made.
    pub(crate) const fn live(&self) -> Option<&Live> {
        match &self.turn {
            Turn::Live(live) => Some(live),
            Turn::Idle => None,
        }
    }

    /// A request was answered: the daemon is there. Of an answer that is coming only that itself knows.
    pub(crate) const fn was_answered(&mut self) {
        if self.live().is_none() {
            self.is_connected = true;
        }
    }

    /// The model that answers next, where one was chosen.
    pub(crate) fn chosen_model(&self) -> Option<&str> {
        self.template.models.first().map(String::as_str)
    }

    /// The sign of life at this time.
    pub(crate) fn sign(&self) -> char {
        const SIGNS: [char; 8] = ['⣾', '⣽', '⣻', '⢿', '⡿', '⣟', '⣯', '⣷'];
        let step = usize::try_from(self.now.as_millis() / 125).unwrap_or(0);
        SIGNS[step % SIGNS.len()]
    }

    /// When something will change by time alone, if anything will.
    pub(crate) fn next_tick(&self) -> Option<Duration> {
        let note = self.note.as_ref().and_then(|note| note.until);
        let draft = self.composer.changed_at.map(|at| at + super::update::DRAFT_DELAY);
        let sign = self.live().map(|_| self.now + Duration::from_millis(125));
        let view = self.view.as_ref().and_then(|view| view.next_tick(self.now));
        [note, draft, sign, view].into_iter().flatten().min()
    }
}
