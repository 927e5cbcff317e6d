//! What a key does to what is being written.

use mmp_shared::phrase;

use super::super::{commands, complain, quit, reading, save_draft, screens, turn};
use crate::{
    error::bad_request,
    tui::{
        areas::{areas, composer_columns},
        effect::Effect,
        keymap::{Action, Code, Key},
        model::{Model, Overlay},
        slash,
        transcript::Place,
        views::Which,
        widgets::editor::{Editor, Step},
    },
};

use super::{changed, seeing_key};

/// Takes a key.
pub(super) fn press(model: &mut Model, key: Key, action: Option<Action>) -> Vec<Effect> {
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
