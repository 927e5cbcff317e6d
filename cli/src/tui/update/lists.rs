//! The list of conversations, and the choice of a model.

use mmp_shared::{
    ApiError, ConversationId, ErrorCode,
    conversations::Conversation,
    message::{Role, Status},
    models::Model as CatalogueModel,
    page::Page,
    phrase,
};

use super::{complain, leave_conversation, screens, tell, turn};
use crate::tui::{
    answer::Answer,
    branches,
    clean::clean_line,
    effect::Effect,
    event::{Opened, Outcome},
    model::{Focus, Model, ModelPicker, OpenConversation, Overlay},
    transcript::{Entry, Place, Said},
    views::Which,
    widgets::list::Choice,
};

/// How near to the end of what has come the choice may get before more is fetched.
const NEAR: usize = 20;

/// Fetches the list anew.
pub(in crate::tui) fn ask_conversations(model: &mut Model) -> Vec<Effect> {
    ask(model, None)
}

fn ask(model: &mut Model, cursor: Option<String>) -> Vec<Effect> {
    let list = &mut model.conversations;
    list.asking += 1;
    (list.is_loading, list.goes_on) = (true, cursor.is_some());
    vec![Effect::ListConversations { asking: list.asking, title: list.filter.clone(), cursor }]
}

/// Shows other titles alone.
pub(super) fn filter(model: &mut Model, filter: String) -> Vec<Effect> {
    model.conversations.filter = filter;
    model.conversations.choice = Choice::default();
    ask_conversations(model)
}

/// Gives the list the keys.
pub(super) fn go_to_list(model: &mut Model) -> Vec<Effect> {
    model.focus = Focus::Conversations;
    model.conversations.is_open = Some(true);
    ask_conversations(model)
}

/// Chooses another conversation; near the end of what has come, more is fetched.
pub(super) fn step(model: &mut Model, by: isize) -> Vec<Effect> {
    let list = &mut model.conversations;
    list.choice.step(by, list.items.len());
    let is_near = list.choice.index + NEAR >= list.items.len();
    match list.next.clone().filter(|_| is_near && !list.is_loading) {
        Some(cursor) => ask(model, Some(cursor)),
        None => Vec::new(),
    }
}

/// Opens the chosen conversation.
pub(super) fn open_chosen(model: &mut Model) -> Vec<Effect> {
    let chosen = model.conversations.items.get(model.conversations.choice.index).map(|item| item.id);
    model.focus = Focus::Composer;
    chosen.map(Effect::Open).into_iter().collect()
}

/// Takes a page of the list. The first one stands in place of all that was there.
pub(super) fn take_conversations(model: &mut Model, asking: u64, page: Outcome<Page<Conversation>>) -> Vec<Effect> {
    if asking != model.conversations.asking {
        return Vec::new();
    }
    let is_first = asking == 1 && model.view.is_none() && model.overlay.is_none() && model.composer.editor.is_empty();
    model.conversations.is_loading = false;
    match page {
        Ok(page) => {
            model.was_answered();
            let list = &mut model.conversations;
            if !std::mem::take(&mut list.goes_on) {
                list.items.clear();
            }
            list.items.extend(page.items);
            list.next = page.next_cursor;
            list.choice.step(0, list.items.len());
            name_open(model);
        }
        // Nothing can be done here before somebody has logged in, and nothing has been.
        Err(error) if is_first && may_log_in(model, &error) => return screens::open(model, Which::Login, ""),
        Err(error) => complain(model, &error),
    }
    Vec::new()
}

/// Whether a login is what is missing.
pub(super) fn may_log_in(model: &Model, error: &ApiError) -> bool {
    error.code == ErrorCode::Unauthenticated && !model.access.has_token
}

/// A conversation that was just begun has a title now.
fn name_open(model: &mut Model) {
    let Some(open) = &mut model.conversation else { return };
    if let Some(item) = model.conversations.items.iter().find(|item| item.id == open.id) {
        open.title = clean_line(&item.title);
    }
}

/// Shows a conversation.
pub(super) fn take_opened(model: &mut Model, opened: Outcome<Opened>) -> Vec<Effect> {
    let (detail, live) = match opened {
        Ok(opened) => *opened,
        Err(error) => {
            complain(model, &error);
            return Vec::new();
        }
    };
    let mut effects = leave_conversation(model);
    let title = clean_line(&detail.conversation.title);
    model.conversation = Some(OpenConversation { id: detail.conversation.id, title });
    let mut live_node = None;
    for (message, node) in branches::current(&detail) {
        let said = match message.role {
            Role::User => Said::Person(message.text.clone()),
            // The run that makes it tells it from its beginning.
            Role::Assistant if message.status == Status::Running && live.is_some() => {
                live_node = Some(node);
                continue;
            }
            Role::Assistant => Said::Answer(Box::new(Answer::of_message(message, model.language))),
            Role::System | Role::Tool => continue,
        };
        model.transcript.entries.push(Entry::kept(said, node));
    }
    model.transcript.place = Place::Bottom;
    if let Some(run_id) = live {
        let number = turn::begin(model);
        if let Some(entry) = model.transcript.entries.last_mut() {
            entry.node = live_node;
        }
        effects.push(Effect::Attach { turn: number, run_id, after: None, wait: std::time::Duration::ZERO });
    } else {
        turn::offer_to_go_on(model);
    }
    effects
}

/// A conversation has a new title.
pub(super) fn take_renamed(model: &mut Model, renamed: Outcome<Box<Conversation>>) -> Vec<Effect> {
    match renamed {
        Ok(renamed) => {
            let title = clean_line(&renamed.title);
            if let Some(open) = model.conversation.as_mut().filter(|open| open.id == renamed.id) {
                open.title.clone_from(&title);
            }
            if let Some(item) = model.conversations.items.iter_mut().find(|item| item.id == renamed.id) {
                item.title.clone_from(&renamed.title);
            }
            tell(model, &phrase!("screen-note-renamed", title = title));
        }
        Err(error) => complain(model, &error),
    }
    Vec::new()
}

/// The id of the open conversation.
pub(super) fn open_id(model: &Model) -> Option<ConversationId> {
    model.conversation.as_ref().map(|open| open.id)
}

/// Shows the models to choose from.
pub(super) fn pick_model(model: &mut Model) -> Vec<Effect> {
    model.overlay = Some(Overlay::Models(ModelPicker::default()));
    vec![Effect::ListModels]
}

/// Takes the catalogue.
pub(super) fn take_models(model: &mut Model, models: Outcome<Vec<CatalogueModel>>) -> Vec<Effect> {
    let Some(Overlay::Models(picker)) = &mut model.overlay else { return Vec::new() };
    match models {
        Ok(models) => {
            picker.models = Some(models);
            let chosen = model.template.models.first();
            let place = picker.shown().iter().position(|shown| match chosen {
                Some(name) => shown.name == *name || shown.aliases.contains(name),
                None => shown.default,
            });
            picker.choice = Choice { index: place.unwrap_or(0) };
        }
        Err(error) => {
            model.overlay = None;
            complain(model, &error);
        }
    }
    Vec::new()
}

/// Takes a model for everything that is asked from now on.
pub(in crate::tui) fn choose_model(model: &mut Model, name: &str) {
    model.template.models = vec![name.to_owned()];
    tell(model, &phrase!("screen-note-model", model = name));
}
