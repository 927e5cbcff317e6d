//! What begins with `/`.

use mmp_shared::{chat::Think, phrase, settings::THEMES};

use super::{complain, leave_conversation, lists, quit, reading, screens, tell, turn};
use crate::{
    error::bad_request,
    output::code_block,
    tui::{
        ask::Ask,
        effect::Effect,
        figures,
        model::{Model, Overlay},
        slash::Slash,
    },
};

/// The word for no role.
const NO_ROLE: &str = "-";

/// Does a command.
pub(in crate::tui) fn run(model: &mut Model, command: Slash, argument: &str) -> Vec<Effect> {
    match command {
        Slash::New => leave_conversation(model),
        Slash::Model if argument.is_empty() => lists::pick_model(model),
        Slash::Model => {
            lists::choose_model(model, argument);
            Vec::new()
        }
        Slash::Resume => {
            let mut effects = lists::go_to_list(model);
            if !argument.is_empty() || !model.conversations.filter.is_empty() {
                effects = lists::filter(model, argument.to_owned());
            }
            effects
        }
        Slash::Continue => turn::go_on(model),
        Slash::Rename => rename(model, argument),
        Slash::Copy => copy(model, argument == "code"),
        Slash::Role => role(model, argument),
        Slash::Rerun => rerun(model, argument),
        Slash::Branch => branch(model),
        Slash::Export => export(model, argument),
        Slash::Cost => cost(model),
        Slash::Theme => theme(model, argument),
        Slash::Think => think(model, argument),
        Slash::Mouse => {
            model.has_mouse = !model.has_mouse;
            let words = if model.has_mouse { phrase!("screen-note-mouse-ours") } else { phrase!("screen-note-mouse-theirs") };
            tell(model, &words);
            vec![Effect::CaptureMouse(model.has_mouse)]
        }
        Slash::Help => {
            model.overlay = Some(Overlay::Help(0));
            Vec::new()
        }
        Slash::Quit => quit(model),
        Slash::Logout => vec![screens::ask(model, Ask::LogOut).1],
        Slash::Search | Slash::History | Slash::Runs | Slash::Attach | Slash::Compare | Slash::Models | Slash::Login => {
            screens::open_by_command(model, command, argument)
        }
    }
}

fn rename(model: &mut Model, title: &str) -> Vec<Effect> {
    match lists::open_id(model) {
        Some(id) if !title.is_empty() => vec![Effect::Rename(id, title.to_owned())],
        Some(_) => {
            tell(model, &phrase!("screen-note-rename-how"));
            Vec::new()
        }
        None => {
            tell(model, &phrase!("screen-note-no-conversation"));
            Vec::new()
        }
    }
}

/// Asks for a role, which what is begun from now on has; without a name, for those that there are.
fn role(model: &mut Model, name: &str) -> Vec<Effect> {
    let ask = match name {
        "" => Ask::Roles,
        NO_ROLE => {
            model.template.role = None;
            tell(model, &phrase!("palette-note-role-none"));
            return Vec::new();
        }
        name => Ask::Role(name.to_owned()),
    };
    vec![screens::ask(model, ask).1]
}

/// Takes the role that was asked for.
pub(super) fn take_role(model: &mut Model, name: String) {
    tell(model, &phrase!("palette-note-role", name = &name));
    model.template.role = Some(name);
}

/// Says which roles there are.
pub(super) fn take_roles(model: &mut Model, names: &[String]) {
    match names {
        [] => tell(model, &phrase!("palette-note-no-roles")),
        names => tell(model, &phrase!("palette-note-roles", names = names.join(", "))),
    }
}

/// Asks the last question anew, of the model that is named where one is.
fn rerun(model: &mut Model, name: &str) -> Vec<Effect> {
    if model.transcript.entries.is_empty() {
        tell(model, &phrase!("chatview-note-not-kept"));
        return Vec::new();
    }
    if !name.is_empty() && model.live().is_none() {
        lists::choose_model(model, name);
    }
    reading::again(model, usize::MAX)
}

/// Copies the conversation into one of its own, to go on with there.
fn branch(model: &mut Model) -> Vec<Effect> {
    if model.live().is_some() {
        tell(model, &phrase!("screen-note-still-answering"));
        return Vec::new();
    }
    let Some(id) = lists::open_id(model) else {
        tell(model, &phrase!("screen-note-no-conversation"));
        return Vec::new();
    };
    let (asking, effect) = screens::ask(model, Ask::Branch(id));
    model.branching = Some(asking);
    vec![effect]
}

fn export(model: &mut Model, path: &str) -> Vec<Effect> {
    match lists::open_id(model) {
        Some(id) if !path.is_empty() => vec![screens::ask(model, Ask::Export { id, path: path.to_owned() }).1],
        Some(_) => {
            tell(model, &phrase!("palette-note-export-how"));
            Vec::new()
        }
        None => {
            tell(model, &phrase!("screen-note-no-conversation"));
            Vec::new()
        }
    }
}

/// Says what was used for what is shown.
fn cost(model: &mut Model) -> Vec<Effect> {
    match figures::totals(model) {
        parts if parts.is_empty() => tell(model, &phrase!("palette-note-cost-none")),
        parts => tell(model, &phrase!("palette-note-cost", figures = parts.join(" · "))),
    }
    Vec::new()
}

/// Takes a theme, here at once and for all of this person's terminals.
fn theme(model: &mut Model, name: &str) -> Vec<Effect> {
    match model.theme.named(name) {
        Err(_) if name.is_empty() => tell(model, &phrase!("palette-note-theme-how", names = THEMES.join(", "))),
        Err(mistake) => complain(model, &bad_request(mistake)),
        Ok(theme) => {
            model.theme = theme;
            model.transcript.restyle();
            return vec![screens::ask(model, Ask::SetTheme(name.to_owned())).1, Effect::Redraw];
        }
    }
    Vec::new()
}

/// Copies the last answer, or its first fenced block.
pub(super) fn copy(model: &mut Model, only_code: bool) -> Vec<Effect> {
    let source = turn::last_source(model);
    let text = if only_code { source.and_then(|text| code_block::first(&text)) } else { source };
    copy_text(model, text)
}

/// Copies a text, or says that there is none.
pub(super) fn copy_text(model: &mut Model, text: Option<String>) -> Vec<Effect> {
    let Some(text) = text else {
        tell(model, &phrase!("screen-note-nothing-to-copy"));
        return Vec::new();
    };
    tell(model, &phrase!("screen-note-copied"));
    vec![Effect::Copy(text)]
}

fn think(model: &mut Model, how: &str) -> Vec<Effect> {
    let think = match how {
        "off" => Think::Off,
        "on" => Think::On,
        "low" => Think::Low,
        "medium" => Think::Medium,
        "high" => Think::High,
        _ => {
            tell(model, &phrase!("screen-note-think-how"));
            return Vec::new();
        }
    };
    model.template.params.think = Some(think);
    tell(model, &phrase!("screen-note-think", how = how));
    Vec::new()
}
