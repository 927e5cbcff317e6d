//! An answer as it grows: from a provider's pieces to events, and at the end to what became of it. Pure.

use mmp_shared::{
    ApiError, ErrorCode,
    events::{Ending, Piece, StreamEvent, UsageReport},
    message::{ContentPart, FinishReason, Status, ToolCall},
    usage::{Attempt, Timing, Usage},
};

use super::live::EarlyEnd;
use crate::{
    catalogue::{Tariff, cost_usd},
    providers::{Delta, Note},
    services::notice,
};

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The provider said everything.
    Whole,
    /// Something went wrong.
    Failed(ApiError),
    /// It was ended before that.
    Early(EarlyEnd),
    /// The daemon died while it was made; found at the next start.
    Interrupted(ApiError),
}

/// Who was asked, and how it went: every attempt that failed, and the one that is being made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trail {
    failed: Vec<Attempt>,
    candidate: usize,
    provider: String,
    model: String,
    begun_ms: u64,
}

impl Trail {
    /// The trail of a run that asks its first candidate.
    pub fn begin(provider: &str, model: &str) -> Self {
        Self { failed: Vec::new(), candidate: 0, provider: provider.to_owned(), model: model.to_owned(), begun_ms: 0 }
    }

    /// The place of the candidate that is asked now.
    pub const fn candidate(&self) -> usize {
        self.candidate
    }

    /// The provider that is asked now.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// The model that is asked now.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Notes that the attempt failed, and another will follow.
    pub fn failed(&mut self, code: ErrorCode, now_ms: u64) {
        self.failed.push(self.attempt(Status::Failed, Some(code), now_ms));
    }

    /// Notes who is asked now.
    pub fn next(&mut self, candidate: usize, provider: &str, model: &str, now_ms: u64) {
        self.candidate = candidate;
        provider.clone_into(&mut self.provider);
        model.clone_into(&mut self.model);
        self.begun_ms = now_ms;
    }

    fn attempt(&self, status: Status, error_code: Option<ErrorCode>, now_ms: u64) -> Attempt {
        Attempt {
            provider: self.provider.clone(),
            model: self.model.clone(),
            status,
            error_code,
            duration_ms: now_ms.saturating_sub(self.begun_ms),
        }
    }
}

/// What a provider has said so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    text: String,
    reasoning: String,
    refusal: String,
    tool_calls: Vec<ToolCall>,
    usage: Option<Usage>,
    finish: Option<FinishReason>,
    first_token_ms: Option<u64>,
    /// What was told already: another attempt is put the same way and needs no second telling.
    told: Vec<Note>,
    /// How much of the text stood there before: the part of a cut answer that is gone on with, in bytes.
    resumed: usize,
}

impl Answer {
    /// An answer that goes on with this part of one that was cut.
    pub fn after(part: &str) -> Self {
        Self { text: part.to_owned(), resumed: part.len(), ..Self::default() }
    }

    /// Takes the pieces that came at once, `now_ms` after the beginning, and gives the events to show for them:
    /// neighbours of one kind become one event.
    pub fn take(&mut self, deltas: Vec<Delta>, now_ms: u64) -> Vec<StreamEvent> {
        let mut events: Vec<StreamEvent> = Vec::with_capacity(deltas.len().min(4));
        let mut notices = Vec::new();
        for delta in deltas {
            match delta {
                Delta::Text(text) if !text.is_empty() => {
                    self.text.push_str(&text);
                    match events.last_mut() {
                        Some(StreamEvent::Text(piece)) => piece.text.push_str(&text),
                        _ => events.push(StreamEvent::Text(Piece { text })),
                    }
                }
                Delta::Reasoning(text) if !text.is_empty() => {
                    self.reasoning.push_str(&text);
                    match events.last_mut() {
                        Some(StreamEvent::Reasoning(piece)) => piece.text.push_str(&text),
                        _ => events.push(StreamEvent::Reasoning(Piece { text })),
                    }
                }
                Delta::ToolCall(call) => {
                    self.tool_calls.push(call.clone());
                    events.push(StreamEvent::ToolCall(call));
                }
                Delta::Refusal(text) => self.refusal.push_str(&text),
                Delta::Usage(usage) => self.usage = Some(usage),
                Delta::Finish(reason) => self.finish = Some(reason),
                Delta::Note(note) if self.told.contains(&note) => {}
                Delta::Note(note) => {
                    self.told.push(note.clone());
                    notices.push(StreamEvent::Notice(notice(note.code, note.phrase)));
                }
                Delta::Text(_) | Delta::Reasoning(_) => {}
            }
        }
        if !events.is_empty() {
            self.first_token_ms.get_or_insert(now_ms);
        }
        // What is told of the question comes before what is said to it.
        notices.append(&mut events);
        notices
    }

    /// Takes an event of a log again, after a restart.
    pub fn take_logged(&mut self, event: &StreamEvent) {
        match event {
            StreamEvent::Text(piece) => self.text.push_str(&piece.text),
            StreamEvent::Reasoning(piece) => self.reasoning.push_str(&piece.text),
            StreamEvent::ToolCall(call) => self.tool_calls.push(call.clone()),
            StreamEvent::Retry(_) | StreamEvent::Fallback(_) => self.reasoning.clear(),
            StreamEvent::Usage(report) => self.usage = Some(report.usage),
            _ => {}
        }
    }

    /// The answer as a message's parts.
    pub fn parts(&self) -> Vec<ContentPart> {
        self.parts_with(&self.text)
    }

    /// The same without what stood there before: what was said by the one who was asked.
    pub fn said(&self) -> Vec<ContentPart> {
        self.parts_with(self.text.get(self.resumed..).unwrap_or_default())
    }

    fn parts_with(&self, text: &str) -> Vec<ContentPart> {
        let reasoning = (!self.reasoning.is_empty()).then(|| ContentPart::Reasoning { text: self.reasoning.clone() });
        let text = (!text.is_empty()).then(|| ContentPart::Text { text: text.to_owned() });
        reasoning.into_iter().chain(text).chain(self.tool_calls.iter().cloned().map(ContentPart::ToolCall)).collect()
    }

    /// Whether anything was shown that another attempt may not take the place of.
    pub const fn is_shown(&self) -> bool {
        self.text.len() > self.resumed || !self.tool_calls.is_empty()
    }

    /// What was thought.
    pub fn reasoning(&self) -> &str {
        &self.reasoning
    }

    /// Whether something was said, and nothing of its tokens, not even that they are unknown.
    pub const fn wants_estimate(&self) -> bool {
        self.usage.is_none() && (self.is_shown() || !self.reasoning.is_empty() || !self.refusal.is_empty())
    }

    /// Takes tokens that were counted here.
    pub const fn estimate(&mut self, usage: Usage) {
        self.usage = Some(usage);
    }

    /// Forgets what a failed attempt said: thinking that was shown is void. The time of the first piece stays, and so do the
    /// notices.
    pub fn void(&mut self) {
        let told = std::mem::take(&mut self.told);
        self.text.truncate(self.resumed);
        let text = std::mem::take(&mut self.text);
        *self = Self { first_token_ms: self.first_token_ms, told, text, resumed: self.resumed, ..Self::default() };
    }

    /// The last events, `now_ms` after the beginning: what it cost, and how it ended.
    pub fn end(&self, outcome: &Outcome, trail: &Trail, now_ms: u64, tariff: Option<Tariff>) -> (UsageReport, StreamEvent) {
        let (status, error) = self.status(outcome);
        let usage = self.usage.unwrap_or_default();
        let cost_usd = tariff.and_then(|tariff| cost_usd(&tariff, &usage));
        let last = trail.attempt(status, error.as_ref().map(|error| error.code), now_ms);
        let ending = Ending {
            status,
            finish_reason: self.finish_reason(outcome),
            refusal: (!self.refusal.is_empty()).then(|| self.refusal.clone()),
            usage,
            cost_usd,
            timing: Timing { first_token_ms: self.first_token_ms, total_ms: Some(now_ms) },
            attempts: trail.failed.iter().cloned().chain(std::iter::once(last)).collect(),
            error,
        };
        let report = UsageReport { usage, cost_usd };
        match outcome {
            Outcome::Whole => (report, StreamEvent::Done(ending)),
            _ => (report, StreamEvent::Failed(ending)),
        }
    }

    fn status(&self, outcome: &Outcome) -> (Status, Option<ApiError>) {
        match outcome {
            Outcome::Whole if !self.refusal.is_empty() => (Status::Filtered, None),
            Outcome::Whole => match self.finish {
                Some(FinishReason::Length) => (Status::Truncated, None),
                Some(FinishReason::ContentFilter) => (Status::Filtered, None),
                _ => (Status::Complete, None),
            },
            Outcome::Failed(error) if error.code == ErrorCode::StreamTruncated => (Status::Truncated, Some(error.clone())),
            Outcome::Failed(error) => (Status::Failed, Some(error.clone())),
            Outcome::Early(EarlyEnd::Stopped) => (Status::Cancelled, None),
            Outcome::Early(EarlyEnd::Shutdown) => (Status::Interrupted, None),
            Outcome::Interrupted(error) => (Status::Interrupted, Some(error.clone())),
        }
    }

    /// `tool_calls` whenever there are calls and no limit or filter was named; `stop` where a whole answer names none.
    fn finish_reason(&self, outcome: &Outcome) -> Option<FinishReason> {
        let is_whole = *outcome == Outcome::Whole;
        match self.finish {
            Some(named @ (FinishReason::Length | FinishReason::ContentFilter)) => Some(named),
            _ if is_whole && !self.tool_calls.is_empty() => Some(FinishReason::ToolCalls),
            Some(named) => Some(named),
            None => is_whole.then_some(FinishReason::Stop),
        }
    }
}

#[cfg(test)]
mod tests {
    use mmp_shared::phrase;

    use super::*;

    fn text(text: &str) -> Delta {
        Delta::Text(text.into())
    }

    fn end(answer: &Answer, outcome: &Outcome) -> Ending {
        match answer.end(outcome, &Trail::begin("p", "m"), 9, None).1 {
            StreamEvent::Done(ending) | StreamEvent::Failed(ending) => ending,
            other => panic!("{other:?} is no end"),
        }
    }

    #[test]
    fn neighbours_of_one_kind_become_one_event() {
        let mut answer = Answer::default();
        let events =
            answer.take(vec![Delta::Reasoning("h".into()), Delta::Reasoning("m".into()), text("a"), text(""), text("b")], 5);
        let expected = [StreamEvent::Reasoning(Piece { text: "hm".into() }), StreamEvent::Text(Piece { text: "ab".into() })];
        assert_eq!(events, expected);
        assert_eq!(end(&answer, &Outcome::Whole).timing, Timing { first_token_ms: Some(5), total_ms: Some(9) });
    }

    #[test]
    fn a_refusal_is_no_text_and_filters_the_answer() {
        let mut answer = Answer::default();
        assert_eq!(answer.take(vec![Delta::Refusal("I can't".into()), Delta::Finish(FinishReason::Stop)], 1), []);
        let ending = end(&answer, &Outcome::Whole);
        assert_eq!((ending.status, ending.refusal.as_deref()), (Status::Filtered, Some("I can't")));
        assert!(answer.parts().is_empty());
    }

    #[test]
    fn calls_name_the_reason_unless_a_limit_does() {
        let mut answer = Answer::default();
        answer.take(
            vec![Delta::ToolCall(ToolCall::new("1".into(), "f".into(), "{}".into())), Delta::Finish(FinishReason::Stop)],
            1,
        );
        assert_eq!(end(&answer, &Outcome::Whole).finish_reason, Some(FinishReason::ToolCalls));
        answer.take(vec![Delta::Finish(FinishReason::Length)], 1);
        let ending = end(&answer, &Outcome::Whole);
        assert_eq!((ending.finish_reason, ending.status), (Some(FinishReason::Length), Status::Truncated));
    }

    #[test]
    fn a_cut_stream_is_truncated_and_keeps_its_text() {
        let mut answer = Answer::default();
        answer.take(vec![text("half")], 1);
        let error = ApiError::new(ErrorCode::StreamTruncated, phrase!("error-internal"));
        let ending = end(&answer, &Outcome::Failed(error));
        assert_eq!((ending.status, ending.finish_reason), (Status::Truncated, None));
        assert_eq!(ending.attempts[0].error_code, Some(ErrorCode::StreamTruncated));
        assert_eq!(answer.parts(), [ContentPart::Text { text: "half".into() }]);
    }

    #[test]
    fn what_stood_there_before_stays_and_is_nobodys_answer() {
        let mut answer = Answer::after("half ");
        assert!(!answer.is_shown() && !answer.wants_estimate());
        answer.take(vec![Delta::Reasoning("hm".into())], 1);
        answer.void();
        assert_eq!(answer.parts(), [ContentPart::Text { text: "half ".into() }]);
        answer.take(vec![text("whole")], 2);
        assert!(answer.is_shown());
        assert_eq!(answer.said(), [ContentPart::Text { text: "whole".into() }]);
        assert_eq!(answer.parts(), [ContentPart::Text { text: "half whole".into() }]);
    }

    #[test]
    fn a_whole_answer_without_a_reason_stopped() {
        assert_eq!(end(&Answer::default(), &Outcome::Whole).finish_reason, Some(FinishReason::Stop));
    }
}
