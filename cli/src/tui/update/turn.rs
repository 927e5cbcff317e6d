//! A question and its answer: asked, listened to, found again where the connection is lost, stopped.

use std::time::Duration;

use mmp_shared::{
    ApiError, ErrorCode,
    events::{LoggedEvent, StreamEvent},
    message::Content,
    phrase,
};

use super::{complain, lists, tell};
use crate::tui::{
    answer::Answer,
    attachment::content,
    branches::Node,
    effect::Effect,
    model::{Beside, Live, MOST_PROMPTS, Model, OpenConversation, Turn},
    transcript::{Entry, Place, Said},
};

/// The first wait before a connection is tried anew, doubled each time.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// Sends a prompt.
pub(super) fn send(model: &mut Model, text: String) -> Vec<Effect> {
    if model.live().is_some() {
        tell(model, &phrase!("screen-note-still-answering"));
        return Vec::new();
    }
    let beside = model.composer.beside.take();
    remember(model, &text);
    model.composer.editor.clear();
    let mut effects = super::save_draft(model);
    let attached = std::mem::take(&mut model.composer.attached);
    model.composer.sent = Some((text.clone(), attached.clone()));
    effects.extend(ask(model, content(&text, attached), beside));
    effects
}

/// Asks, behind what was said last, or beside another question: what followed that one is out of sight then.
pub(super) fn ask(model: &mut Model, (text, content): (String, Content), beside: Option<Beside>) -> Vec<Effect> {
    let mut request = model.template.clone();
    request.content = content;
    request.beside_id = beside.as_ref().map(|beside| beside.node.id);
    request.conversation_id = model.conversation.as_ref().map(|conversation| conversation.id);
    if request.conversation_id.is_some() {
        // They hold from the first question on, and stay with the conversation.
        (request.system, request.role) = (None, None);
    }
    if let Some(beside) = &beside {
        let entries = &mut model.transcript.entries;
        model.transcript.set_aside = entries.split_off(beside.place.min(entries.len()));
    }
    model.transcript.push(Said::Person(text));
    let turn = begin(model);
    let request = Box::new(request);
    let Some(Beside { node, .. }) = beside else { return vec![Effect::Ask { turn, request }] };
    if let Turn::Live(live) = &mut model.turn {
        live.beside = node.beside;
    }
    if node.has_images {
        return vec![Effect::AskAgain { turn, request, question: node.id }];
    }
    vec![Effect::Ask { turn, request }]
}

fn remember(model: &mut Model, text: &str) {
    model.composer.recalled = None;
    let prompts = &mut model.composer.prompts;
    if prompts.back().is_none_or(|last| last != text) {
        prompts.push_back(text.to_owned());
    }
    while prompts.len() > MOST_PROMPTS {
        prompts.pop_front();
    }
}

/// Goes on with the last answer, which was cut: the whole one takes its place, and stands beside it.
pub(super) fn go_on(model: &mut Model) -> Vec<Effect> {
    let conversation = model.conversation.as_ref().map(|conversation| conversation.id);
    let last = model.transcript.entries.last().filter(|_| model.live().is_none());
    let cut = last.filter(|entry| matches!(&entry.said, Said::Answer(answer) if answer.is_cut()));
    let Some((node, conversation)) = cut.and_then(|entry| entry.node.clone()).zip(conversation) else {
        tell(model, &phrase!("chatview-note-nothing-cut"));
        return Vec::new();
    };
    let mut request = model.template.clone();
    (request.content, request.conversation_id, request.resume_id) =
        (Content::Text(String::new()), Some(conversation), Some(node.id));
    (request.system, request.role) = (None, None);
    model.transcript.set_aside = model.transcript.entries.pop().into_iter().collect();
    let turn = begin(model);
    if let Turn::Live(live) = &mut model.turn {
        live.rivals = node.beside;
    }
    vec![Effect::Ask { turn, request: Box::new(request) }]
}

/// Says that the last answer can be gone on with, where it was cut.
pub(super) fn offer_to_go_on(model: &mut Model) {
    let is_cut = |entry: &Entry| matches!(&entry.said, Said::Answer(answer) if answer.is_cut() && entry.node.is_some());
    if model.transcript.entries.last().is_some_and(is_cut) {
        tell(model, &phrase!("chatview-note-cut"));
    }
}

/// Begins to listen to an answer, which is an entry from now on.
pub(super) fn begin(model: &mut Model) -> u64 {
    model.turn_number += 1;
    model.turn = Turn::Live(Live { since: model.now, ..Live::default() });
    model.transcript.push(Said::Answer(Box::default()));
    model.turn_number
}

/// Takes what has come.
pub(super) fn take(model: &mut Model, turn: u64, events: &[LoggedEvent]) -> Vec<Effect> {
    let language = model.language;
    let (Turn::Live(live), Some(answer)) = (&mut model.turn, model.transcript.live()) else { return Vec::new() };
    if turn != model.turn_number {
        return Vec::new();
    }
    model.is_connected = true;
    live.failures = 0;
    let (mut has_ended, mut kept) = (false, None);
    for LoggedEvent { id, event } in events {
        live.last_event = Some(*id);
        answer.take(event, language);
        match event {
            StreamEvent::Started(started) => {
                live.run_id = Some(started.run_id);
                (live.first_at, live.quarter_tokens) = (None, 0);
                kept = started.user_message_id.zip(started.message_id);
                if let Some(id) = started.conversation_id.filter(|_| model.conversation.is_none()) {
                    model.conversation = Some(OpenConversation { id, title: String::new() });
                }
            }
            StreamEvent::Text(piece) | StreamEvent::Reasoning(piece) => {
                live.first_at.get_or_insert(model.now);
                live.quarter_tokens += quarter_tokens(&piece.text);
            }
            event => has_ended |= event.is_last(),
        }
    }
    if let Some((question, answer)) = kept {
        let (beside, rivals) = (live.beside.clone(), live.rivals.clone());
        place(model, Node::made(question, beside), Node::made(answer, rivals));
    }
    if !has_ended {
        return Vec::new();
    }
    model.turn = Turn::Idle;
    offer_to_go_on(model);
    // The conversation is new, or the latest now: the list says so.
    lists::ask_conversations(model)
}

/// The question and its answer are kept now, and known by their ids.
fn place(model: &mut Model, question: Node, answer: Node) {
    model.transcript.set_aside.clear();
    model.composer.sent = None;
    let mut last = model.transcript.entries.iter_mut().rev();
    for (entry, node) in last.by_ref().zip([answer, question]) {
        // What was fetched knows its place in the tree better.
        if entry.node.as_ref().is_none_or(|known| known.id != node.id) {
            entry.node = Some(node);
        }
    }
}

/// Roughly: a token is four letters of English, or most of a Chinese character.
pub(in crate::tui) fn quarter_tokens(text: &str) -> u64 {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 3 }).sum()
}

/// The stream is gone. Where the daemon cannot be reached it is tried again; the run goes on meanwhile.
pub(super) fn lose(model: &mut Model, turn: u64, error: &ApiError) -> Vec<Effect> {
    let Turn::Live(live) = &mut model.turn else { return Vec::new() };
    if turn != model.turn_number {
        return Vec::new();
    }
    let is_passing = matches!(error.code, ErrorCode::DaemonUnreachable | ErrorCode::Unavailable);
    if let Some(run_id) = live.run_id.filter(|_| is_passing) {
        let wait = (FIRST_WAIT * 2u32.saturating_pow(live.failures.min(8))).min(LONGEST_WAIT);
        live.failures += 1;
        model.is_connected = false;
        return vec![Effect::Attach { turn, run_id, after: live.last_event, wait }];
    }
    let had_begun = live.run_id.is_some();
    model.turn = Turn::Idle;
    if !had_begun {
        take_back(model);
        complain(model, error);
        return super::save_draft(model);
    }
    let words = error.message_in(model.language);
    if let Some(answer) = model.transcript.live() {
        answer.give_up(&words);
    }
    Vec::new()
}

/// A question that never reached the daemon stands in the composer again.
fn take_back(model: &mut Model) {
    model.transcript.entries.pop();
    let aside = std::mem::take(&mut model.transcript.set_aside);
    if aside.first().is_some_and(|entry| matches!(entry.said, Said::Answer(_))) {
        // Nothing was asked anew: the cut answer is shown again.
        model.transcript.entries.extend(aside);
        model.transcript.place = Place::Bottom;
        return;
    }
    let Some(entry) = model.transcript.entries.pop() else { return };
    if !aside.is_empty() {
        let place = model.transcript.entries.len();
        model.composer.beside = aside.first().and_then(|entry| entry.node.clone()).map(|node| Beside { place, node });
        model.transcript.entries.extend(aside);
    }
    model.transcript.place = Place::Bottom;
    if let Said::Person(text) = entry.said {
        let (text, attached) = model.composer.sent.take().unwrap_or((text, Vec::new()));
        model.composer.attached.splice(0..0, attached);
        let written = model.composer.editor.text();
        model.composer.editor.set(&text);
        if !written.is_empty() {
            model.composer.editor.insert("\n");
            model.composer.editor.paste(&written);
        }
    }
}

/// Stops the answer that is being made; false where none is, or it was asked to already.
pub(super) fn stop(model: &mut Model) -> Option<Vec<Effect>> {
    let Turn::Live(live) = &mut model.turn else { return None };
    let Some(run_id) = live.run_id else {
        // Nothing is known of it yet: it is left, and what was asked stands in the composer again.
        model.turn = Turn::Idle;
        model.turn_number += 1;
        take_back(model);
        return Some(vec![Effect::Leave]);
    };
    if std::mem::replace(&mut live.is_stopping, true) {
        return None;
    }
    Some(vec![Effect::Stop(run_id)])
}

/// The answer that the last run made, for those who copy it.
pub(super) fn last_source(model: &Model) -> Option<String> {
    model.transcript.last_answer().map(Answer::source).filter(|text| !text.is_empty()).map(str::to_owned)
}
