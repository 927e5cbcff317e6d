//! What a key does, by who has the keys: an overlay, the list of conversations, the composer.

use std::time::Duration;

use mmp_shared::phrase;

use super::{commands, complain, leave_conversation, lists, quit, reading, save_draft, screens, scroll, tell, turn};
use crate::{
    error::bad_request,
    tui::{
        areas::{areas, composer_columns, look},
        effect::Effect,
        keymap::{Action, Code, Key, action_of},
        model::{Focus, Model, Overlay},
        slash,
        transcript::Place,
        views::Which,
        widgets::editor::{Editor, Step},
    },
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
        (None, Focus::Composer) => composer_key(model, key, action),
        (None, Focus::Transcript) => match reading::press(model, key, action) {
            Some(effects) => effects,
            None => composer_key(model, key, action),
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

fn composer_key(model: &mut Model, key: Key, action: Option<Action>) -> Vec<Effect> {
    let Some(action) = action else {
        return write(model, key);
    };
    if let Some(effects) = seeing_key(model, action) {
        return effects;
    }
    match action {
        Action::Send => return send(model),
        Action::Interrupt => {
            if let Some(effects) = turn::stop(model) {
                return effects;
            }
            model.transcript.place = Place::Bottom;
            model.composer.beside = None;
        }
        Action::QuitWhenEmpty if model.composer.editor.is_empty() => return quit(model),
        Action::QuitWhenEmpty => edit(model, |editor| editor.delete(Step::Forward)),
        Action::Complete if model.composer.editor.is_empty() => reading::begin(model),
        Action::Complete => complete(model),
        Action::Up => go_row(model, false),
        Action::Down => go_row(model, true),
        Action::DeleteBack if model.composer.editor.is_empty() => drop(model.composer.attached.pop()),
        Action::BreakLine => edit(model, |editor| editor.insert("\n")),
        Action::Yank => edit(model, Editor::yank),
        action => move_or_delete(model, action),
    }
    Vec::new()
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

fn write(model: &mut Model, key: Key) -> Vec<Effect> {
    let Code::Char(c) = key.code else { return Vec::new() };
    if key.ctrl || key.alt || c.is_control() {
        return Vec::new();
    }
    if c == '?' && model.composer.editor.is_empty() {
        model.overlay = Some(Overlay::Help(0));
        return Vec::new();
    }
    let before = model.composer.editor.written()[..model.composer.editor.caret()].chars().next_back();
    edit(model, |editor| editor.insert(c.encode_utf8(&mut [0; 4])));
    if c == '@' && before.is_none_or(char::is_whitespace) {
        return screens::open(model, Which::Files, "@");
    }
    Vec::new()
}

fn edit(model: &mut Model, change: impl FnOnce(&mut Editor)) {
    change(&mut model.composer.editor);
    changed(model);
}

fn move_or_delete(model: &mut Model, action: Action) {
    let (step, deletes) = match action {
        Action::Back => (Step::Back, false),
        Action::Forward => (Step::Forward, false),
        Action::WordBack => (Step::WordBack, false),
        Action::WordForward => (Step::WordForward, false),
        Action::LineStart => (Step::LineStart, false),
        Action::LineEnd => (Step::LineEnd, false),
        Action::DeleteBack => (Step::Back, true),
        Action::DeleteForward => (Step::Forward, true),
        Action::DeleteWordBack => (Step::WordBack, true),
        Action::DeleteWordForward => (Step::WordForward, true),
        Action::DeleteToStart => (Step::LineStart, true),
        Action::DeleteToEnd => (Step::LineEnd, true),
        _ => return,
    };
    if deletes {
        edit(model, |editor| editor.delete(step));
    } else {
        model.composer.editor.go(step);
    }
}

fn send(model: &mut Model) -> Vec<Effect> {
    let offers = slash::offers(model.composer.editor.written(), model.language);
    if let Some(offer) = offers.get(model.composer.choice.index.min(offers.len().saturating_sub(1))) {
        model.composer.editor.set(offer.name);
    }
    let text = model.composer.editor.text();
    if text.trim().is_empty() && model.composer.attached.is_empty() {
        return Vec::new();
    }
    if let Some((command, argument)) = slash::parse(&text) {
        let argument = argument.to_owned();
        model.composer.editor.clear();
        let mut effects = save_draft(model);
        effects.extend(commands::run(model, command, &argument));
        return effects;
    }
    if slash::is_unknown(&text) {
        complain(model, &bad_request(phrase!("screen-unknown-command", command = text.trim())));
        return Vec::new();
    }
    turn::send(model, text)
}

/// Writes the chosen command out.
fn complete(model: &mut Model) {
    let offers = slash::offers(model.composer.editor.written(), model.language);
    let Some(offer) = offers.get(model.composer.choice.index) else { return };
    let text = if offer.argument.is_empty() { offer.name.to_owned() } else { format!("{} ", offer.name) };
    edit(model, |editor| editor.set(&text));
}

/// Up and down: among the commands that are offered, among the rows, among the prompts that were sent.
fn go_row(model: &mut Model, down: bool) {
    let offers = slash::offers(model.composer.editor.written(), model.language).len();
    if offers > 0 {
        return model.composer.choice.step(if down { 1 } else { -1 }, offers);
    }
    let columns = composer_columns(areas(model).composer.width);
    let is_recalling = model.composer.recalled.is_some();
    if !model.composer.editor.is_empty() && !is_recalling && model.composer.editor.go_row(down, columns) {
        return;
    }
    if model.composer.editor.is_empty() || is_recalling {
        recall(model, down);
    }
}

fn recall(model: &mut Model, down: bool) {
    let composer = &mut model.composer;
    let target = match (composer.recalled, down) {
        (None, false) => composer.prompts.len().checked_sub(1),
        (None, true) => None,
        (Some(index), false) => Some(index.saturating_sub(1)),
        (Some(index), true) => Some(index + 1),
    };
    let Some(target) = target else { return };
    match composer.prompts.get(target).cloned() {
        Some(prompt) => {
            composer.editor.set(&prompt);
            composer.recalled = Some(target);
        }
        None => {
            composer.editor.clear();
            composer.recalled = None;
        }
    }
    composer.changed_at.get_or_insert(model.now);
}
