//! What follows from an event: the model changes, and effects are asked for. No clock, no file, no connection.
//!
//! `keys` has the keys, `turn` a question and its answer, `lists` conversations and models, `commands` what begins with `/`.

pub(super) mod commands;
pub(super) mod keys;
pub(super) mod lists;
mod reading;
pub(super) mod screens;
#[cfg(test)]
mod tests;
pub(super) mod turn;

use std::time::Duration;

use mmp_shared::{ApiError, ErrorCode, Phrase, phrase};

use super::{
    areas::{areas, look},
    clean::clean_line,
    effect::Effect,
    event::{Event, Outcome},
    model::{Focus, Model, Note},
    transcript::Transcript,
};

/// How long after the last change the draft is kept.
pub(crate) const DRAFT_DELAY: Duration = Duration::from_millis(300);
/// How long a note stands.
const NOTE_TIME: Duration = Duration::from_secs(4);

/// Takes an event that happened now.
pub(crate) fn update(model: &mut Model, now: Duration, event: Event) -> Vec<Effect> {
    model.now = now;
    match event {
        Event::Key(key) => keys::press(model, key),
        Event::Paste(text) => keys::paste(model, &text),
        Event::Wheel(lines) => screens::wheel(model, lines).unwrap_or_else(|| scroll(model, lines)),
        Event::Resize(columns, rows) => {
            model.size = (columns, rows);
            // Two changes may be told as one, with nothing left of what stood there.
            vec![Effect::Redraw]
        }
        Event::Tick => tick(model),
        Event::Stream { turn, events } => turn::take(model, turn, &events),
        Event::StreamLost { turn, error } => turn::lose(model, turn, &error),
        Event::Connected(is_connected) => {
            model.is_connected = is_connected;
            Vec::new()
        }
        Event::Conversations { asking, page, clock } => {
            model.clock = Some(clock);
            lists::take_conversations(model, asking, page)
        }
        Event::Opened(opened) => lists::take_opened(model, opened),
        Event::Branched(opened) => reading::take_branch(model, opened),
        Event::Renamed(renamed) => lists::take_renamed(model, renamed),
        Event::Edited(edited) => {
            take_edited(model, edited);
            Vec::new()
        }
        Event::Told { asking, told } => screens::take(model, asking, told),
        Event::Models(models) => lists::take_models(model, models),
        Event::Noted(phrase) => {
            note_besides(model, &phrase);
            Vec::new()
        }
        Event::NotStopped(error) | Event::NotCopied(error) | Event::DraftNotSaved(error) => {
            complain(model, &error);
            Vec::new()
        }
    }
}

/// What is done when the program begins.
pub(crate) fn begin(model: &mut Model) -> Vec<Effect> {
    let mut effects = lists::ask_conversations(model);
    effects.extend(model.template.conversation_id.take().map(Effect::Open));
    effects
}

/// Moves what is seen of the transcript; up is negative.
fn scroll(model: &mut Model, by: isize) -> Vec<Effect> {
    let (height, look) = (usize::from(areas(model).transcript.height), look(model));
    model.transcript.scroll(by, height, look);
    Vec::new()
}

fn tick(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    if model.note.as_ref().and_then(|note| note.until).is_some_and(|until| until <= now) {
        model.note = None;
    }
    if model.composer.changed_at.is_some_and(|at| at + DRAFT_DELAY <= now) {
        let mut effects = save_draft(model);
        effects.extend(screens::tick(model));
        return effects;
    }
    screens::tick(model)
}

/// Takes the draft as it came back from the editor.
fn take_edited(model: &mut Model, edited: Outcome<Option<String>>) {
    match edited {
        Ok(Some(text)) => {
            model.composer.editor.set(&text);
            model.composer.recalled = None;
            model.composer.changed_at.get_or_insert(model.now);
        }
        Ok(None) => tell(model, &phrase!("palette-editor-unchanged")),
        Err(error) => complain(model, &error),
    }
}

/// Keeps what is being written, if it has changed.
fn save_draft(model: &mut Model) -> Vec<Effect> {
    model.composer.changed_at = None;
    let text = model.composer.editor.text();
    if text == model.composer.saved {
        return Vec::new();
    }
    model.composer.saved.clone_from(&text);
    vec![Effect::SaveDraft(text)]
}

fn quit(model: &mut Model) -> Vec<Effect> {
    let mut effects = save_draft(model);
    effects.push(Effect::Quit);
    effects
}

/// Says something for a while.
pub(super) fn tell(model: &mut Model, phrase: &Phrase) {
    let text = clean_line(&phrase.render(model.language));
    model.note = Some(Note { text, is_error: false, until: Some(model.now + NOTE_TIME) });
}

/// Says something for a while, behind what is being said already.
fn note_besides(model: &mut Model, phrase: &Phrase) {
    let before = model.note.take();
    tell(model, phrase);
    if let (Some(before), Some(note)) = (before, &mut model.note) {
        note.text = format!("{} · {}", before.text, note.text);
        note.is_error = before.is_error;
        note.until = before.until.and(note.until);
    }
}

/// Says what went wrong, until a key is pressed.
pub(super) fn complain(model: &mut Model, error: &ApiError) {
    if error.code == ErrorCode::DaemonUnreachable {
        model.is_connected = false;
    }
    let hint = if lists::may_log_in(model, error) {
        Some(phrase!("login-hint").render(model.language))
    } else {
        error.hint_in(model.language).and_then(|hint| hint.lines().next().map(str::to_owned))
    };
    let text = [Some(error.message_in(model.language)), hint].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    model.note = Some(Note { text: clean_line(&text), is_error: true, until: None });
}

/// Leaves the open conversation; an answer that is being made goes on without us.
pub(super) fn leave_conversation(model: &mut Model) -> Vec<Effect> {
    let was_live = model.live().is_some();
    model.turn = super::model::Turn::Idle;
    model.turn_number += 1;
    model.conversation = None;
    model.transcript = Transcript::default();
    model.composer.beside = None;
    if model.focus == Focus::Transcript {
        model.focus = Focus::Composer;
    }
    if was_live {
        tell(model, &phrase!("screen-note-goes-on"));
        return vec![Effect::Leave];
    }
    Vec::new()
}
