//! A message that is chosen: gone to, its branches looked through, asked again, edited, copied.

use mmp_shared::phrase;

use super::{commands, complain, lists, scroll, tell, turn};
use crate::tui::{
    areas::{areas, look},
    attachment::content,
    effect::Effect,
    event::{Opened, Outcome},
    keymap::{Action, Key},
    model::{Beside, Focus, Model},
    reading::{Reading, reading_of},
    transcript::{Place, Said},
};

/// Chooses the message that came last, or of those that are seen the last.
pub(super) fn begin(model: &mut Model) {
    let last = model.transcript.entries.len().checked_sub(1);
    let Some(last) = last else { return };
    let chosen = match model.transcript.place {
        Place::At(entry, _) => entry.min(last),
        Place::Bottom => last,
    };
    model.focus = Focus::Transcript;
    choose(model, chosen);
}

/// Takes a key while a message is chosen; one that means nothing here is the composer's again.
pub(super) fn press(model: &mut Model, key: Key, action: Option<Action>) -> Option<Vec<Effect>> {
    let Some(index) = model.transcript.chosen else {
        leave(model);
        return None;
    };
    let Some(act) = reading_of(key) else {
        // What has to do with seeing goes on from here; what is written ends it.
        if action.is_none() {
            leave(model);
        }
        return None;
    };
    let height = isize::try_from(areas(model).transcript.height).unwrap_or(isize::MAX);
    match act {
        Reading::Earlier => choose(model, index.saturating_sub(1)),
        Reading::Later => choose(model, index + 1),
        Reading::First => choose(model, 0),
        Reading::Last => {
            choose(model, usize::MAX);
            model.transcript.place = Place::Bottom;
        }
        Reading::HalfUp => return Some(scroll(model, -(height / 2).max(1))),
        Reading::HalfDown => return Some(scroll(model, (height / 2).max(1))),
        Reading::BranchBefore => return Some(branch(model, index, -1)),
        Reading::BranchAfter => return Some(branch(model, index, 1)),
        Reading::Again => return Some(again(model, index)),
        Reading::Edit => edit(model, index),
        Reading::Copy => return Some(commands::copy_text(model, source(model, index))),
        Reading::CopyCode => return Some(copy_block(model, index)),
        Reading::Leave => leave(model),
    }
    Some(Vec::new())
}

/// Gives the keys back to the composer.
pub(super) fn leave(model: &mut Model) {
    model.transcript.chosen = None;
    model.focus = Focus::Composer;
}

/// Chooses a message and shows it.
fn choose(model: &mut Model, index: usize) {
    let Some(last) = model.transcript.entries.len().checked_sub(1) else { return leave(model) };
    let index = index.min(last);
    model.transcript.chosen = Some(index);
    model.transcript.next_block = 0;
    let (height, look) = (usize::from(areas(model).transcript.height), look(model));
    model.transcript.show(index, height, look);
}

fn source(model: &Model, index: usize) -> Option<String> {
    let text = match &model.transcript.entries.get(index)?.said {
        Said::Person(text) => text.clone(),
        Said::Answer(answer) => answer.source().to_owned(),
    };
    (!text.is_empty()).then_some(text)
}

/// Copies a fenced block of a message, each time the next one.
fn copy_block(model: &mut Model, index: usize) -> Vec<Effect> {
    let blocks = source(model, index).map(|text| crate::output::code_block::all(&text)).unwrap_or_default();
    if blocks.is_empty() {
        tell(model, &phrase!("screen-note-nothing-to-copy"));
        return Vec::new();
    }
    let place = model.transcript.next_block % blocks.len();
    model.transcript.next_block = place + 1;
    tell(model, &phrase!("chatview-note-copied-block", place = place + 1, count = blocks.len()));
    blocks.into_iter().nth(place).map(Effect::Copy).into_iter().collect()
}

/// Shows the branch of the message beside the chosen one.
fn branch(model: &mut Model, index: usize, by: isize) -> Vec<Effect> {
    let node = model.transcript.entries.get(index).and_then(|entry| entry.node.as_ref());
    let neighbour = node.and_then(|node| node.neighbour(by));
    let is_alone = node.is_none_or(|node| node.place().is_none());
    let Some((id, message)) = lists::open_id(model).zip(neighbour) else {
        if is_alone {
            tell(model, &phrase!("chatview-note-one-branch"));
        }
        return Vec::new();
    };
    if is_answering(model) {
        return Vec::new();
    }
    vec![Effect::Branch { conversation: id, message }]
}

/// Shows the branch that was asked for; what was chosen stays so.
pub(super) fn take_branch(model: &mut Model, opened: Outcome<Opened>) -> Vec<Effect> {
    let is_open = |opened: &Opened| lists::open_id(model) == Some(opened.0.conversation.id);
    let opened = match opened {
        // The person has gone elsewhere meanwhile.
        Ok(opened) if !is_open(&opened) => return Vec::new(),
        Ok(opened) => opened,
        Err(error) => {
            complain(model, &error);
            return Vec::new();
        }
    };
    let (chosen, place, focus) = (model.transcript.chosen, model.transcript.place, model.focus);
    let effects = lists::take_opened(model, Ok(opened));
    if let Some(chosen) = chosen.filter(|_| focus == Focus::Transcript) {
        (model.focus, model.transcript.place) = (focus, place);
        choose(model, chosen);
    }
    effects
}

/// The question that a message is, or answers.
fn question_of(model: &Model, index: usize) -> Option<usize> {
    let entries = &model.transcript.entries;
    (0..=index.min(entries.len().checked_sub(1)?)).rev().find(|index| matches!(entries[*index].said, Said::Person(_)))
}

fn is_answering(model: &mut Model) -> bool {
    let is_live = model.live().is_some();
    if is_live {
        tell(model, &phrase!("screen-note-still-answering"));
    }
    is_live
}

/// The question at a place and what a new one beside it has to know, where it is kept.
fn beside(model: &mut Model, index: usize) -> Option<(String, Beside)> {
    let place = question_of(model, index)?;
    let entry = &model.transcript.entries[place];
    let found = match (&entry.said, &entry.node) {
        (Said::Person(text), Some(node)) => Some((text.clone(), Beside { place, node: node.clone() })),
        _ => None,
    };
    if found.is_none() {
        tell(model, &phrase!("chatview-note-not-kept"));
    }
    found
}

/// Asks the question anew, of the model that is chosen now, beside the old one.
pub(super) fn again(model: &mut Model, index: usize) -> Vec<Effect> {
    if is_answering(model) {
        return Vec::new();
    }
    let Some((text, beside)) = beside(model, index) else { return Vec::new() };
    leave(model);
    turn::ask(model, content(&text, Vec::new()), Some(beside))
}

/// Writes the question into the composer; what is sent then stands beside it.
pub(super) fn edit(model: &mut Model, index: usize) {
    if is_answering(model) {
        return;
    }
    let Some((text, mut beside)) = beside(model, index) else { return };
    // The images belong to the old one; what is sent now is what is written.
    beside.node.has_images = false;
    model.composer.editor.set(&text);
    model.composer.changed_at.get_or_insert(model.now);
    model.composer.beside = Some(beside);
    leave(model);
}
