//! What a provider is told of a conversation: the instructions, the messages along the branch, and the question. Pure.

use std::sync::Arc;

use mmp_shared::message::{ContentPart, Role};

use crate::{providers::ChatMessage, store::records::MessageRecord};

/// The messages of a question. Answers that never came are left out: they say nothing.
pub(super) fn messages(system: Option<&str>, branch: &[MessageRecord], question: Vec<ContentPart>) -> Arc<[ChatMessage]> {
    let system = system
        .filter(|text| !text.is_empty())
        .map(|text| ChatMessage { role: Role::System, parts: vec![ContentPart::Text { text: text.to_owned() }] });
    let before = branch
        .iter()
        .filter(|message| !message.content.is_empty())
        .map(|message| ChatMessage { role: message.role, parts: message.content.clone() });
    let question = ChatMessage { role: Role::User, parts: question };
    system.into_iter().chain(before).chain(std::iter::once(question)).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use mmp_shared::{ConversationId, MessageId, UserId, message::Status};

    use super::*;

    fn message(role: Role, text: &str) -> MessageRecord {
        let content = if text.is_empty() { vec![] } else { vec![ContentPart::Text { text: text.into() }] };
        MessageRecord {
            id: MessageId::generate(),
            conversation_id: ConversationId::generate(),
            user_id: UserId::generate(),
            parent_id: None,
            run_id: None,
            role,
            content,
            refusal: None,
            model: None,
            provider: None,
            status: Status::Complete,
            finish_reason: None,
            usage: None,
            cost_usd: None,
            timing: None,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn instructions_come_first_and_the_question_last() {
        let branch =
            [message(Role::User, "a"), message(Role::Assistant, ""), message(Role::User, "b"), message(Role::Assistant, "c")];
        let told = messages(Some("be brief"), &branch, vec![ContentPart::Text { text: "d".into() }]);
        let roles: Vec<_> = told.iter().map(|message| message.role).collect();
        assert_eq!(roles, [Role::System, Role::User, Role::User, Role::Assistant, Role::User]);
    }
}
