//! What begins with `/`.

use mmp_shared::{chat::Think, phrase};

use super::{leave_conversation, lists, quit, screens, tell, turn};
use crate::{
    output::code_block,
    tui::{
        effect::Effect,
        model::{Model, Overlay},
        slash::Slash,
    },
};

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
        Slash::Search | Slash::History | Slash::Runs | Slash::Attach | Slash::Compare | Slash::Models => {
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
