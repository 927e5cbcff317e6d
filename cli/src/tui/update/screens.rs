//! Views: opened, told what happens, and left again.

use std::time::Duration;

use super::{commands, complain, lists, tell, turn};
use crate::tui::{
    ask::{Ask, LoggedIn, Shown, Told},
    clean::clean_line,
    effect::Effect,
    event::Outcome,
    keymap::{Action, Key},
    model::{Focus, Model, Overlay},
    slash::Slash,
    transcript::Place,
    view::{Then, View},
    views::{self, Which},
};
use mmp_shared::{message::Role, phrase};

/// Opens a view with what was written behind its word. The one that is open already is left alone where nothing was.
pub(super) fn open(model: &mut Model, which: Which, argument: &str) -> Vec<Effect> {
    let mut view = views::make(which, model, argument);
    model.overlay = None;
    model.focus = Focus::Composer;
    let effects = view.begin(model);
    model.view = Some(view);
    effects
}

/// Asks something for a view: the number of the asking, and the effect.
pub(in crate::tui) fn ask(model: &mut Model, ask: Ask) -> (u64, Effect) {
    model.asking += 1;
    (model.asking, Effect::Fetch { asking: model.asking, ask: Box::new(ask) })
}

/// Hands something to the view, if one is open.
fn with_view(model: &mut Model, take: impl FnOnce(&mut dyn View, &mut Model) -> Then) -> Option<Vec<Effect>> {
    let mut view = model.view.take()?;
    Some(match take(view.as_mut(), model) {
        Then::Stay(effects) => {
            // It may have opened another in its place.
            model.view.get_or_insert(view);
            effects
        }
        Then::Back(effects) => effects,
    })
}

/// Opens the view that a word behind `/` is of.
pub(super) fn open_by_command(model: &mut Model, command: Slash, argument: &str) -> Vec<Effect> {
    Which::of_command(command).map(|which| open(model, which, argument)).unwrap_or_default()
}

/// A key, where it opens a view or one is open; what lies over all has it first.
pub(super) fn press(model: &mut Model, key: Key, action: Option<Action>) -> Option<Vec<Effect>> {
    if model.overlay.is_some() {
        return None;
    }
    if let Some(which) = action.and_then(Which::of_action) {
        return Some(open(model, which, ""));
    }
    if action == Some(Action::Help) && model.view.is_some() {
        model.overlay = Some(Overlay::Help(0));
        return Some(Vec::new());
    }
    with_view(model, |view, model| view.key(model, key))
}

/// A paste for the view.
pub(super) fn paste(model: &mut Model, text: &str) -> Option<Vec<Effect>> {
    with_view(model, |view, model| Then::Stay(view.paste(model, text)))
}

/// A turn of the wheel for the view.
pub(super) fn wheel(model: &mut Model, lines: isize) -> Option<Vec<Effect>> {
    with_view(model, |view, model| Then::Stay(view.wheel(model, lines)))
}

/// Ctrl+C for the view: none where it has nothing to stop.
pub(super) fn stop(model: &mut Model) -> Option<Vec<Effect>> {
    model.view.as_mut()?.stop()
}

/// Time has passed for the view.
pub(super) fn tick(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    if model.view.as_ref().and_then(|view| view.next_tick(now)).is_none_or(|at: Duration| at > now) {
        return Vec::new();
    }
    with_view(model, |view, model| Then::Stay(view.tick(model))).unwrap_or_default()
}

/// Takes what an asking came to: the view has the first word.
pub(super) fn take(model: &mut Model, asking: u64, told: Outcome<Told>) -> Vec<Effect> {
    if told.is_ok() {
        model.was_answered();
    }
    let mut left = None;
    let mut offered = Some(told);
    let effects = with_view(model, |view, model| {
        let Some(told) = offered.take() else { return Then::NOTHING };
        view.take(model, asking, told).unwrap_or_else(|told| {
            left = Some(told);
            Then::NOTHING
        })
    });
    match left.or(offered) {
        None => effects.unwrap_or_default(),
        Some(Ok(Told::Shown(shown))) => {
            model.view = None;
            show(model, *shown)
        }
        Some(Ok(Told::Branched(begun))) if model.branching.take_if(|awaited| *awaited == asking).is_some() => {
            tell(model, &phrase!("views-history-branched"));
            let mut effects = lists::ask_conversations(model);
            effects.push(Effect::Open(begun.id));
            effects
        }
        Some(Ok(Told::LoggedIn(login))) => be(model, &login),
        Some(Ok(Told::LoggedOut)) => {
            let effects = anew(model);
            tell(model, &phrase!("login-note-out"));
            effects
        }
        // What it was for has been left, or asked for anew.
        Some(Ok(Told::Changed(_) | Told::Deleted(_) | Told::Branched(_))) => lists::ask_conversations(model),
        Some(Ok(told)) => {
            take_said(model, told);
            Vec::new()
        }
        Some(Err(error)) => {
            complain(model, &error);
            Vec::new()
        }
    }
}

/// Somebody has logged in.
pub(in crate::tui) fn be(model: &mut Model, login: &LoggedIn) -> Vec<Effect> {
    let effects = anew(model);
    tell(model, &phrase!("note-logged-in", user = &login.username, host = &login.host));
    if login.failures > 0 {
        let failures = phrase!("note-failures-since", count = login.failures).render(model.language);
        // It is to be read: it stands until a key is pressed.
        if let Some(note) = &mut model.note {
            note.text = clean_line(&format!("{} · {failures}", note.text));
            note.until = None;
        }
    }
    effects
}

/// Whoever is there now has conversations of their own.
fn anew(model: &mut Model) -> Vec<Effect> {
    let mut effects = super::leave_conversation(model);
    model.conversations.items.clear();
    effects.extend(lists::ask_conversations(model));
    effects
}

/// What commands behind `/` came to.
fn take_said(model: &mut Model, told: Told) {
    match told {
        Told::Exported(path) => tell(model, &phrase!("views-history-exported", path = path)),
        Told::ThemeSet => tell(model, &phrase!("palette-note-theme")),
        Told::Roles(names) => commands::take_roles(model, &names),
        Told::Role(name) => commands::take_role(model, name),
        _ => {}
    }
}

/// Shows a conversation, or a run of which nothing is kept, in the chat.
fn show(model: &mut Model, shown: Shown) -> Vec<Effect> {
    let Shown { detail, run, at } = shown;
    let Some(detail) = detail else {
        let mut effects = super::leave_conversation(model);
        if let Some(run_id) = run {
            let turn = turn::begin(model);
            effects.push(Effect::Attach { turn, run_id, after: None, wait: Duration::ZERO });
        }
        return effects;
    };
    let place = at.and_then(|at| {
        let seen = detail.messages.iter().filter(|message| matches!(message.role, Role::User | Role::Assistant));
        seen.enumerate().find(|(_, message)| message.id == at).map(|(index, _)| index)
    });
    let effects = lists::take_opened(model, Ok(Box::new((detail, run))));
    if let Some(index) = place.filter(|_| run.is_none()) {
        model.transcript.place = Place::At(index, 0);
    }
    effects
}
