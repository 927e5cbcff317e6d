//! Going on with an answer that was cut: which answers can be gone on with, and how a model is asked to.
//!
//! What there is of the answer is sent back with the question and a request to go on, which every provider understands;
//! ways of their own to begin an answer differ too much. The new answer holds the old part and the rest, and stands beside
//! the cut one.

use mmp_shared::{
    ApiError, ErrorCode, MessageId,
    message::{Content, ContentPart, Role, text_of},
    phrase,
};

use super::{Chat, Place, request::bad};
use crate::{
    providers::GO_ON,
    store::records::{ConversationRecord, MessageRecord},
};

/// An answer that is gone on with.
pub(super) struct Resumed {
    /// What there is of it.
    pub(super) part: String,
    /// The name of the model that gave it.
    pub(super) model: Option<String>,
}

impl Resumed {
    /// How many messages at the end of what is sent belong together: the question, the part, and the request to go on.
    pub(super) const TURN: usize = 3;

    /// What is asked for it.
    pub(super) fn question() -> Content {
        Content::Text(GO_ON.to_owned())
    }

    fn of(message: &MessageRecord) -> Result<Self, ApiError> {
        let calls = message.content.iter().any(|part| matches!(part, ContentPart::ToolCall(_)));
        let part = text_of(&message.content);
        if message.role != Role::Assistant
            || !message.status.is_cut()
            || calls
            || part.trim().is_empty()
            || message.parent_id.is_none()
        {
            return Err(bad(phrase!("error-not-cut", id = message.id)).with_hint(phrase!("hint-not-cut")));
        }
        Ok(Self { part, model: message.model_name() })
    }
}

impl Chat {
    /// Where an answer is gone on with: behind its question, beside itself.
    pub(super) async fn place_of_cut(&self, conversation: ConversationRecord, cut: MessageId) -> Result<Place, ApiError> {
        let branch = self.conversations.branch(&conversation, Some(cut)).await?;
        let missing = || ApiError::new(ErrorCode::NotFound, phrase!("error-no-such-message", reference = cut));
        let message = branch.last().ok_or_else(missing)?;
        if message.parent_id.is_some_and(|question| self.runs.is_answering(question)) {
            return Err(
                ApiError::new(ErrorCode::Conflict, phrase!("error-resumed-already")).with_hint(phrase!("hint-resumed-already"))
            );
        }
        let (resumed, parent_id) = (Resumed::of(message)?, message.parent_id);
        Ok(Place { conversation: Some(conversation), parent_id, branch, resumed: Some(resumed) })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use mmp_shared::{ConversationId, UserId, message::Status};

    use super::*;

    fn answer(status: Status, text: &str) -> MessageRecord {
        let content = vec![ContentPart::Text { text: text.into() }];
        let said =
            MessageRecord::said(ConversationId::generate(), UserId::generate(), Role::Assistant, content, Timestamp::UNIX_EPOCH);
        let (provider, model) = (Some("p".into()), Some("m/x".into()));
        MessageRecord { parent_id: Some(MessageId::generate()), status, provider, model, ..said }
    }

    #[test]
    fn what_was_cut_is_gone_on_with_by_the_model_that_gave_it() {
        for status in [Status::Truncated, Status::Interrupted, Status::Cancelled, Status::Failed] {
            let resumed = Resumed::of(&answer(status, "half")).expect("it was cut");
            assert_eq!((resumed.part.as_str(), resumed.model.as_deref()), ("half", Some("p/m/x")));
        }
    }

    #[test]
    fn what_is_whole_or_says_nothing_is_not() {
        let question = MessageRecord { role: Role::User, ..answer(Status::Interrupted, "half") };
        let orphan = MessageRecord { parent_id: None, ..answer(Status::Interrupted, "half") };
        let whole = [Status::Complete, Status::Filtered].map(|status| answer(status, "half"));
        for message in whole.into_iter().chain([answer(Status::Interrupted, " \n"), question, orphan]) {
            assert!(Resumed::of(&message).is_err(), "{message:?}");
        }
    }
}
