//! The law of the order of a run's events, as a checker that knows nothing else.
//!
//! `started` first; exactly one of `done` and `failed`, last; ids count up by one; `retry` and `fallback` only
//! before the first `text` or `tool_call`, unless a `seam` notice (the user asked to continue a cut answer) allows it.
//! Tests on both sides feed it everything they see.

use crate::{
    events::{LoggedEvent, StreamEvent},
    message::Status,
};

/// A breach of the law.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// Something came before `started`.
    #[error("event {id} is `{name}`, and the first must be `started`")]
    NotStarted {
        /// The event's id.
        id: u64,
        /// The event's name.
        name: &'static str,
    },
    /// `started` came again without a reset.
    #[error("event {id} is a second `started`")]
    StartedTwice {
        /// The event's id.
        id: u64,
    },
    /// An id does not follow the one before.
    #[error("event {id} follows event {before}")]
    Gap {
        /// The id before.
        before: u64,
        /// The id that came.
        id: u64,
    },
    /// Something came after the end.
    #[error("event {id} is `{name}`, after the end")]
    AfterEnd {
        /// The event's id.
        id: u64,
        /// The event's name.
        name: &'static str,
    },
    /// `retry` or `fallback` came after the answer had begun.
    #[error("event {id} is `{name}`, after the answer had begun")]
    LateChange {
        /// The event's id.
        id: u64,
        /// The event's name.
        name: &'static str,
    },
    /// The end does not fit its status.
    #[error("event {id} is `{name}` with the status `{}`", status.as_str())]
    WrongEnd {
        /// The event's id.
        id: u64,
        /// The event's name.
        name: &'static str,
        /// The status that it carries.
        status: Status,
    },
    /// The log stops without an end.
    #[error("the log has no `done` and no `failed`")]
    NoEnd,
}

/// Checks one run's events as they come.
#[derive(Debug, Clone, Default)]
pub struct OrderLaw {
    last_id: Option<u64>,
    has_started: bool,
    has_answer: bool,
    may_continue: bool,
    has_ended: bool,
}

impl OrderLaw {
    /// A checker that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks the next event.
    ///
    /// # Errors
    ///
    /// The breach, if it is one. What the checker says after a breach means nothing.
    pub fn check(&mut self, logged: &LoggedEvent) -> Result<(), Breach> {
        let (id, name) = (logged.id, logged.event.name());
        if let StreamEvent::Started(started) = &logged.event {
            if started.reset {
                *self = Self::new();
            }
            if self.has_started {
                return Err(Breach::StartedTwice { id });
            }
            self.has_started = true;
        }
        if !self.has_started {
            return Err(Breach::NotStarted { id, name });
        }
        if self.has_ended {
            return Err(Breach::AfterEnd { id, name });
        }
        if let Some(before) = self.last_id.filter(|before| id != before + 1) {
            return Err(Breach::Gap { before, id });
        }
        self.last_id = Some(id);
        match &logged.event {
            StreamEvent::Text(_) | StreamEvent::ToolCall(_) => self.has_answer = true,
            StreamEvent::Notice(notice) if notice.code == "seam" => self.may_continue = true,
            StreamEvent::Retry(_) | StreamEvent::Fallback(_) if self.has_answer && !self.may_continue => {
                return Err(Breach::LateChange { id, name });
            }
            StreamEvent::Done(ending) => {
                self.has_ended = true;
                if !matches!(ending.status, Status::Complete | Status::Truncated | Status::Filtered) || ending.error.is_some() {
                    return Err(Breach::WrongEnd { id, name, status: ending.status });
                }
            }
            StreamEvent::Failed(ending) => {
                self.has_ended = true;
                if matches!(ending.status, Status::Complete | Status::Running) {
                    return Err(Breach::WrongEnd { id, name, status: ending.status });
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether the end has been seen.
    pub const fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Checks that the end has been seen.
    ///
    /// # Errors
    ///
    /// [`Breach::NoEnd`] where it has not.
    pub const fn finish(&self) -> Result<(), Breach> {
        if self.has_ended { Ok(()) } else { Err(Breach::NoEnd) }
    }
}

/// Checks a whole log.
///
/// # Errors
///
/// The first breach.
pub fn check_all<'a>(events: impl IntoIterator<Item = &'a LoggedEvent>) -> Result<(), Breach> {
    let mut law = OrderLaw::new();
    for event in events {
        law.check(event)?;
    }
    law.finish()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{
        ErrorCode, RunId,
        events::{Ending, Fallback, Notice, Piece, Started},
        usage::{Timing, Usage},
    };

    fn started() -> StreamEvent {
        StreamEvent::Started(Started {
            run_id: RunId::generate(),
            conversation_id: None,
            message_id: None,
            user_message_id: None,
            model: "m".into(),
            provider: "p".into(),
            created_at: Timestamp::UNIX_EPOCH,
            reset: false,
        })
    }

    fn text() -> StreamEvent {
        StreamEvent::Text(Piece { text: "a".into() })
    }

    fn fallback() -> StreamEvent {
        StreamEvent::Fallback(Fallback { from: "p/m".into(), to: "q/n".into(), error_code: ErrorCode::ProviderOverloaded })
    }

    fn seam() -> StreamEvent {
        StreamEvent::Notice(Notice { code: "seam".into(), message: String::new(), fields: serde_json::Map::new() })
    }

    fn ending(status: Status) -> Ending {
        Ending {
            status,
            finish_reason: None,
            refusal: None,
            usage: Usage::default(),
            cost_usd: None,
            timing: Timing::default(),
            attempts: vec![],
            error: None,
        }
    }

    fn done() -> StreamEvent {
        StreamEvent::Done(ending(Status::Complete))
    }

    fn check(events: Vec<StreamEvent>) -> Result<(), Breach> {
        let logged: Vec<_> = (1..).zip(events).map(|(id, event)| LoggedEvent { id, event }).collect();
        check_all(&logged)
    }

    #[test]
    fn a_plain_answer_is_lawful() {
        assert_eq!(check(vec![started(), fallback(), text(), text(), done()]), Ok(()));
    }

    #[test]
    fn nothing_comes_before_the_start_or_after_the_end() {
        assert_eq!(check(vec![text(), done()]), Err(Breach::NotStarted { id: 1, name: "text" }));
        assert_eq!(check(vec![started(), done(), text()]), Err(Breach::AfterEnd { id: 3, name: "text" }));
        assert_eq!(check(vec![started(), done(), done()]), Err(Breach::AfterEnd { id: 3, name: "done" }));
        assert_eq!(check(vec![started(), started()]), Err(Breach::StartedTwice { id: 2 }));
    }

    #[test]
    fn an_answer_that_has_begun_is_not_changed_without_a_seam() {
        assert_eq!(check(vec![started(), text(), fallback(), done()]), Err(Breach::LateChange { id: 3, name: "fallback" }));
        assert_eq!(check(vec![started(), text(), seam(), fallback(), text(), done()]), Ok(()));
    }

    #[test]
    fn every_log_has_an_end_that_fits_its_status() {
        assert_eq!(check(vec![started(), text()]), Err(Breach::NoEnd));
        assert_eq!(
            check(vec![started(), StreamEvent::Done(ending(Status::Cancelled))]),
            Err(Breach::WrongEnd { id: 2, name: "done", status: Status::Cancelled })
        );
        assert_eq!(
            check(vec![started(), StreamEvent::Failed(ending(Status::Complete))]),
            Err(Breach::WrongEnd { id: 2, name: "failed", status: Status::Complete })
        );
    }

    #[test]
    fn ids_count_up_by_one() {
        let mut law = OrderLaw::new();
        assert_eq!(law.check(&LoggedEvent { id: 4, event: started() }), Ok(()));
        assert_eq!(law.check(&LoggedEvent { id: 6, event: text() }), Err(Breach::Gap { before: 4, id: 6 }));
    }
}
