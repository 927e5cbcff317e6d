//! An answer on the screen, as it grows: what it says, who says it, and what happened on the way.

use mmp_shared::{
    Language, Phrase,
    conversations::Message,
    events::{Ending, StreamEvent},
    message::{FinishReason, Status},
    phrase,
    usage::{Timing, Usage, UsageSource},
};

use super::{
    clean::{Cleaner, clean, clean_line},
    markdown::Document,
};
use crate::output::{text::notice_words, time};

/// Something that is said of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    /// What.
    pub(crate) text: String,
    /// Whether something went wrong.
    pub(crate) is_error: bool,
}

/// An answer.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Who answers: `provider/model`.
    pub(crate) who: String,
    /// What it says.
    pub(crate) text: Document,
    /// What the model thought first.
    pub(crate) thinking: Document,
    /// What there is to know of it.
    pub(crate) remarks: Vec<Remark>,
    /// What became of it; none while it comes.
    pub(crate) status: Option<Status>,
    /// Its tokens.
    pub(crate) usage: Usage,
    /// Its cost.
    pub(crate) cost_usd: Option<f64>,
    /// How long it took.
    pub(crate) timing: Timing,
    cleaner: Cleaner,
    thinking_cleaner: Cleaner,
    source: String,
}

impl Answer {
    /// An answer that was given before.
    pub(crate) fn of_message(message: &Message, language: Language) -> Self {
        let parts = [message.provider.as_deref(), message.model.as_deref()];
        let mut answer = Self {
            who: clean_line(&parts.into_iter().flatten().collect::<Vec<_>>().join("/")),
            text: Document::whole(&clean(&message.text)),
            thinking: Document::whole(&clean(message.reasoning.as_deref().unwrap_or_default())),
            status: Some(message.status),
            usage: message.usage.unwrap_or_default(),
            cost_usd: message.cost_usd,
            timing: message.timing.unwrap_or_default(),
            source: message.text.clone(),
            ..Self::default()
        };
        answer.remark_status(message.status, None, language);
        answer
    }

    /// The text as the model wrote it.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Takes the next event.
    pub(crate) fn take(&mut self, event: &StreamEvent, language: Language) {
        match event {
            StreamEvent::Started(started) => {
                let who = clean_line(&format!("{}/{}", started.provider, started.model));
                *self = Self { who, ..Self::default() };
                if started.provider == crate::output::DEMO {
                    self.remark(&phrase!("note-demo"), language);
                }
            }
            StreamEvent::Reasoning(piece) => {
                let safe = self.thinking_cleaner.push(&piece.text);
                self.thinking.push(&safe);
            }
            StreamEvent::Text(piece) => {
                self.source.push_str(&piece.text);
                let safe = self.cleaner.push(&piece.text);
                self.text.push(&safe);
            }
            StreamEvent::ToolCall(call) => {
                self.remark(&phrase!("note-tool-call", name = call.name, arguments = call.arguments_raw), language);
            }
            StreamEvent::Retry(retry) => {
                self.forget_thinking();
                let model = format!("{}/{}", retry.provider, retry.model);
                self.remark(&phrase!("note-retry", model = model, code = retry.error_code), language);
            }
            StreamEvent::Fallback(fallback) => {
                self.forget_thinking();
                self.who = clean_line(&fallback.to);
                let phrase = phrase!("note-fallback", from = fallback.from, to = fallback.to, code = fallback.error_code);
                self.remark(&phrase, language);
            }
            StreamEvent::Notice(notice) => self.say(&notice_words(notice, language), false),
            StreamEvent::Usage(report) => (self.usage, self.cost_usd) = (report.usage, report.cost_usd),
            StreamEvent::Done(ending) | StreamEvent::Failed(ending) => self.end(ending, language),
        }
    }

    /// Whether it stopped before its end and has something to go on from.
    pub(crate) fn is_cut(&self) -> bool {
        self.status.is_some_and(Status::is_cut) && !self.source().trim().is_empty()
    }

    /// It will not go on: the stream is lost for good.
    pub(crate) fn give_up(&mut self, words: &str) {
        self.finish();
        self.status = Some(Status::Interrupted);
        self.say(words, true);
    }

    fn end(&mut self, ending: &Ending, language: Language) {
        self.finish();
        (self.status, self.usage, self.timing) = (Some(ending.status), ending.usage, ending.timing);
        self.cost_usd = ending.cost_usd.or(self.cost_usd);
        if let Some(refusal) = &ending.refusal {
            self.remark(&phrase!("note-refusal", text = refusal), language);
        }
        if let Some(error) = &ending.error {
            self.say(&error.message_in(language), true);
            for line in error.hint_in(language).unwrap_or_default().lines() {
                self.say(line, false);
            }
        } else {
            self.remark_status(ending.status, ending.finish_reason, language);
        }
    }

    fn finish(&mut self) {
        let rest = self.cleaner.finish();
        self.text.push(&rest);
        self.text.finish();
        self.thinking.finish();
    }

    fn forget_thinking(&mut self) {
        (self.thinking, self.thinking_cleaner) = Default::default();
    }

    fn remark_status(&mut self, status: Status, reason: Option<FinishReason>, language: Language) {
        let phrase = match (status, reason) {
            (Status::Truncated, Some(FinishReason::Length)) => phrase!("note-length-limit"),
            (Status::Truncated, _) => phrase!("screen-truncated"),
            (Status::Filtered, _) => phrase!("note-filtered"),
            (Status::Interrupted, _) => phrase!("note-interrupted"),
            (Status::Cancelled, _) => phrase!("screen-stopped"),
            (Status::Failed, _) => phrase!("screen-failed"),
            (Status::Running | Status::Complete, _) => return,
        };
        self.remark(&phrase, language);
    }

    fn remark(&mut self, phrase: &Phrase, language: Language) {
        self.say(&phrase.render(language), false);
    }

    fn say(&mut self, words: &str, is_error: bool) {
        self.remarks.push(Remark { text: clean_line(words), is_error });
    }

    /// Tokens, cost and time in words.
    pub(crate) fn figures(&self, language: Language) -> Vec<String> {
        let mut parts = Vec::new();
        if let (Some(prompt), Some(completion)) = (self.usage.prompt_tokens, self.usage.completion_tokens) {
            let about = if self.usage.source == UsageSource::Estimated { "~" } else { "" };
            let phrase =
                phrase!("numbers-tokens", prompt = format!("{about}{prompt}"), completion = format!("{about}{completion}"));
            parts.push(phrase.render(language));
        }
        parts.extend(self.cost_usd.map(time::cost));
        if let Some(first) = self.timing.first_token_ms {
            parts.push(phrase!("numbers-first-token", time = time::duration(first)).render(language));
        }
        parts.extend(self.speed().map(|speed| phrase!("screen-speed", speed = speed).render(language)));
        parts
    }

    /// Tokens a second, once it is known how many they were.
    fn speed(&self) -> Option<u64> {
        let millis = self.timing.total_ms?.checked_sub(self.timing.first_token_ms?)?;
        let tokens = self.usage.completion_tokens?;
        (millis >= 100 && tokens > 1).then(|| tokens * 1000 / millis)
    }
}
