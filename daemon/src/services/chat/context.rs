//! What a provider is told of a conversation: the instructions, the messages along the branch, and the question. Pure.
//! What of it fits is `fit`'s to find out.

use std::sync::Arc;

use mmp_shared::{
    message::{ContentPart, Role},
    usage::UsageSource,
};

use crate::{providers::ChatMessage, store::records::MessageRecord};

/// What a provider has said of a prompt that was part of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reported {
    /// How many messages that prompt had, if it was not cut.
    pub messages: usize,
    /// Its tokens.
    pub tokens: u64,
    /// Who was asked.
    pub provider: String,
    /// For what.
    pub model: String,
}

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

/// What providers have said of the prompts of earlier answers, the newest first.
pub(super) fn reported(system: Option<&str>, branch: &[MessageRecord]) -> Vec<Reported> {
    let head = usize::from(system.is_some_and(|text| !text.is_empty()));
    let sent = branch.iter().filter(|message| !message.content.is_empty());
    let mut found: Vec<_> = (head..).zip(sent).filter_map(|(before, message)| reported_by(message, before)).collect();
    found.reverse();
    found
}

fn reported_by(message: &MessageRecord, before: usize) -> Option<Reported> {
    let usage = message.usage.filter(|usage| usage.source == UsageSource::Provider)?;
    let (provider, model) = (message.provider.clone()?, message.model.clone()?);
    Some(Reported { messages: before, tokens: usage.prompt_tokens?, provider, model })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use mmp_shared::{ConversationId, UserId, usage::Usage};

    use super::*;

    fn message(role: Role, text: &str) -> MessageRecord {
        let content = if text.is_empty() { vec![] } else { vec![ContentPart::Text { text: text.into() }] };
        MessageRecord::said(ConversationId::generate(), UserId::generate(), role, content, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn instructions_come_first_and_the_question_last() {
        let branch =
            [message(Role::User, "a"), message(Role::Assistant, ""), message(Role::User, "b"), message(Role::Assistant, "c")];
        let told = messages(Some("be brief"), &branch, vec![ContentPart::Text { text: "d".into() }]);
        let roles: Vec<_> = told.iter().map(|message| message.role).collect();
        assert_eq!(roles, [Role::System, Role::User, Role::User, Role::Assistant, Role::User]);
    }

    #[test]
    fn what_providers_reported_counts_the_messages_before_it() {
        let usage = |source| Usage { prompt_tokens: Some(7), source, ..Usage::default() };
        let answer = |source| MessageRecord {
            usage: Some(usage(source)),
            provider: Some("p".into()),
            model: Some("m".into()),
            ..message(Role::Assistant, "x")
        };
        let branch = [
            message(Role::User, "a"),
            message(Role::Assistant, ""),
            message(Role::User, "b"),
            answer(UsageSource::Provider),
            message(Role::User, "c"),
            answer(UsageSource::Estimated),
        ];
        let found = reported(Some("be brief"), &branch);
        assert_eq!(found, [Reported { messages: 3, tokens: 7, provider: "p".into(), model: "m".into() }]);
    }
}
