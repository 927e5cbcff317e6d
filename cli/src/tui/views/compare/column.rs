//! One of several answers, as far as it has come. Pure.

use std::time::Duration;

use mmp_shared::{ConversationId, Language, MessageId, RunId, events::{LoggedEvent, StreamEvent}, phrase};

use crate::{
    output::time,
    tui::{answer::Answer, clean::clean_line, update::turn::quarter_tokens},
};

/// How long an answer has to come before its speed says something.
const TELLING: u64 = 500;

/// An answer and how it comes.
#[derive(Debug)]
pub(in super::super) struct Column {
    /// The name that was asked for.
    pub(super) name: String,
    pub(super) answer: Answer,
    pub(super) run: Option<RunId>,
    pub(super) message: Option<MessageId>,
    pub(super) conversation: Option<ConversationId>,
    /// How many lines are below what is seen.
    pub(super) below: usize,
    since: Duration,
    first_at: Option<Duration>,
    quarters: u64,
}

impl Column {
    pub(super) fn new(name: &str, since: Duration) -> Self {
        let mut answer = Answer::default();
        answer.who = clean_line(name);
        Self { name: name.to_owned(), answer, run: None, message: None, conversation: None, below: 0, since, first_at: None, quarters: 0 }
    }

    /// Whether it still comes.
    pub(super) const fn is_live(&self) -> bool {
        self.answer.status.is_none()
    }

    /// Whether it says something and has ended.
    pub(super) fn can_win(&self) -> bool {
        !self.is_live() && !self.answer.source().is_empty() && self.message.is_some()
    }

    /// Takes the next event.
    pub(super) fn take(&mut self, run: RunId, logged: &LoggedEvent, now: Duration, language: Language) {
        self.run = Some(run);
        match &logged.event {
            StreamEvent::Started(started) => {
                (self.message, self.conversation) = (started.message_id, started.conversation_id);
                (self.first_at, self.quarters) = (None, 0);
            }
            StreamEvent::Text(piece) | StreamEvent::Reasoning(piece) => {
                self.first_at.get_or_insert(now);
                self.quarters += quarter_tokens(&piece.text);
            }
            _ => {}
        }
        self.answer.take(&logged.event, language);
    }

    /// The figures: live ones while it comes, else those of its end.
    pub(super) fn figures(&self, now: Duration, language: Language) -> Vec<String> {
        if !self.is_live() {
            return self.answer.figures(language);
        }
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let Some(first_at) = self.first_at else {
            let seconds = now.saturating_sub(self.since).as_secs();
            return vec![phrase!("screen-waiting", seconds = seconds).render(language)];
        };
        let first = time::duration(millis(first_at.saturating_sub(self.since)));
        let mut figures = vec![phrase!("numbers-first-token", time = first).render(language)];
        let streamed = millis(now.saturating_sub(first_at));
        if streamed >= TELLING {
            let speed = format!("~{}", self.quarters * 250 / streamed);
            figures.push(phrase!("screen-speed", speed = speed).render(language));
        }
        figures.extend(self.answer.cost_usd.map(time::cost));
        figures
    }
}
