//! What a key does, by who has the keys: an overlay, the list of conversations, the composer.

mod composer;

use std::time::Duration;

use mmp_shared::phrase;

use super::{commands, leave_conversation, lists, quit, reading, save_draft, screens, scroll, tell, turn};
use crate::tui::{
    areas::{areas, look},
    effect::Effect,
    keymap::{Action, Code, Key, action_of},
    model::{Focus, Model, Overlay},
    transcript::Place,
};

/// Within what time a second Ctrl+C ends the program.
const QUIT_TIME: Duration = Duration::from_secs(2);

/// Takes a key.
pub(super) fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    if model.note.as_ref().is_some_and(|note| note.until.is_none()) {
        model.note = None;
    }
    let Some(key) = model.keys.translate(key) else { return Vec::new() };
    take(model, key)
}

/// Does what an action's key does.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    action.key().map(|key| take(model, key)).unwrap_or_default()
}

/// Takes a key of the table.
fn take(model: &mut Model, key: Key) -> Vec<Effect> {
    let action = action_of(key);
    match action {
        Some(Action::StopOrQuit) => return stop_or_quit(model),
        Some(Action::Redraw) => return vec![Effect::Redraw],
        Some(Action::Suspend) => {
            let mut effects = save_draft(model);
            effects.push(Effect::Suspend);
            return effects;
        }
        _ => {}
    }
    if let Some(effects) = screens::press(model, key, action) {
        return effects;
    }
    match (&model.overlay, model.focus) {
        (Some(Overlay::Help(_)), _) => help_key(model, key, action),
        (Some(Overlay::Models(_)), _) => models_key(model, key, action),
        (None, Focus::Conversations) => list_key(model, key, action),
        (None, Focus::Composer) => composer::press(model, key, action),
        (None, Focus::Transcript) => match reading::press(model, key, action) {
            Some(effects) => effects,
            None => composer::press(model, key, action),
        },
    }
}

/// Takes what was pasted.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if model.overlay.is_none()
        && let Some(effects) = screens::paste(model, text)
    {
        return effects;
    }
    if model.focus == Focus::Transcript {
        reading::leave(model);
    }
    if model.overlay.is_some() || model.focus != Focus::Composer {
        let line = text.lines().next().unwrap_or_default().to_owned();
        return line.chars().flat_map(|c| take(model, Key::of(Code::Char(c)))).collect();
    }
    model.composer.editor.paste(text);
    changed(model);
    Vec::new()
}

fn changed(model: &mut Model) {
    model.composer.changed_at.get_or_insert(model.now);
    model.composer.choice = Default::default();
    model.composer.recalled = None;
}

fn stop_or_quit(model: &mut Model) -> Vec<Effect> {
    if let Some(effects) = screens::stop(model).or_else(|| turn::stop(model)) {
        return effects;
    }
    if model.may_quit_until.is_some_and(|until| model.now <= until) {
        return quit(model);
    }
    model.may_quit_until = Some(model.now + QUIT_TIME);
    tell(model, &phrase!("screen-note-quit"));
    Vec::new()
}

fn help_key(model: &mut Model, key: Key, action: Option<Action>) -> Vec<Effect> {
    let Some(Overlay::Help(line)) = &mut model.overlay else { return Vec::new() };
    let page = usize::from(model.size.1 / 2).max(1);
    match (action, key.code) {
        (Some(Action::Up), _) => *line = line.saturating_sub(1),
        (Some(Action::Down), _) => *line += 1,
        (Some(Action::PageUp), _) => *line = line.saturating_sub(page),
        (Some(Action::PageDown), _) => *line += page,
        _ => model.overlay = None,
    }
    Vec::new()
}

/// What a key makes of a filter; none where it is not about one.
fn edit_filter(filter: &str, key: Key, action: Option<Action>) -> Option<String> {
    let mut filter = filter.to_owned();
    match (action, key.code) {
        (Some(Action::DeleteBack), _) => drop(filter.pop()?),
        (Some(Action::DeleteToStart | Action::DeleteWordBack), _) => filter.clear(),
        (None, Code::Char(c)) if !key.ctrl && !key.alt => filter.push(c),
        _ => return None,
    }
    Some(filter)
}

fn models_key(model: &mut Model, key: Key, action: Option<Action>) -> Vec<Effect> {
    let Some(Overlay::Models(picker)) = &mut model.overlay else { return Vec::new() };
    let length = picker.shown().len();
    match action {
        Some(Action::Interrupt) => model.overlay = None,
        Some(Action::Up) => picker.choice.step(-1, length),
        Some(Action::Down) => picker.choice.step(1, length),
        Some(Action::PageUp) => picker.choice.step(-10, length),
        Some(Action::PageDown) => picker.choice.step(10, length),
        Some(Action::Send) => {
            let chosen = picker.shown().get(picker.choice.index).map(|chosen| chosen.name.clone());
            if let Some(name) = chosen {
                model.overlay = None;
                lists::choose_model(model, &name);
            }
        }
        _ => {
            if let Some(filter) = edit_filter(&picker.filter, key, action) {
                (picker.filter, picker.choice) = (filter, Default::default());
            }
        }
    }
    Vec::new()
}

fn list_key(model: &mut Model, key: Key, action: Option<Action>) -> Vec<Effect> {
    match action {
        Some(Action::Interrupt) if !model.conversations.filter.is_empty() => lists::filter(model, String::new()),
        Some(Action::Interrupt | Action::Complete) => {
            model.focus = Focus::Composer;
            Vec::new()
        }
        Some(Action::Conversations) => {
            model.focus = Focus::Composer;
            model.conversations.is_open = Some(false);
            Vec::new()
        }
        Some(Action::Send) => lists::open_chosen(model),
        Some(Action::Up) => lists::step(model, -1),
        Some(Action::Down) => lists::step(model, 1),
        Some(Action::PageUp) => lists::step(model, -10),
        Some(Action::PageDown) => lists::step(model, 10),
        Some(Action::Help) => {
            model.overlay = Some(Overlay::Help(0));
            Vec::new()
        }
        _ => match edit_filter(&model.conversations.filter, key, action) {
            Some(filter) => lists::filter(model, filter),
            None => Vec::new(),
        },
    }
}

/// Keys that have to do with what is seen.
fn seeing_key(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let height = usize::from(areas(model).transcript.height);
    let page = isize::try_from(height.saturating_sub(2).max(1)).unwrap_or(1);
    let effects = match action {
        Action::PageUp => scroll(model, -page),
        Action::PageDown => scroll(model, page),
        Action::LineUp => scroll(model, -1),
        Action::LineDown => scroll(model, 1),
        Action::Top => {
            let look = look(model);
            model.transcript.go_to_top(height, look);
            Vec::new()
        }
        Action::Bottom => {
            model.transcript.place = Place::Bottom;
            Vec::new()
        }
        Action::Help => {
            model.overlay = Some(Overlay::Help(0));
            Vec::new()
        }
        Action::PickModel => lists::pick_model(model),
        Action::Conversations => lists::go_to_list(model),
        Action::NewConversation => leave_conversation(model),
        Action::ToggleThinking => {
            model.shows_thinking = !model.shows_thinking;
            Vec::new()
        }
        Action::Read => {
            reading::begin(model);
            Vec::new()
        }
        Action::CopyAnswer => commands::copy(model, false),
        Action::EditOutside => vec![Effect::EditOutside(model.composer.editor.text())],
        _ => return None,
    };
    Some(effects)
}
