//! Which turns of a conversation are left out where not all of them fit. Pure.
//!
//! A turn is what a person says with everything that follows it up to the next thing they say: an answer, calls of tools
//! and their results. Turns are whole or not at all, so no result is told without its call.

use mmp_shared::message::{ContentPart, Role};

use crate::providers::ChatMessage;

/// What is left of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kept {
    /// How many messages stay at the beginning: the instructions.
    pub head: usize,
    /// The first message that stays after them.
    pub from: usize,
    /// The tokens of all that stays.
    pub tokens: u64,
}

impl Kept {
    /// How many messages are left out.
    pub(super) const fn dropped(&self) -> usize {
        self.from - self.head
    }

    /// The messages that stay.
    pub(super) fn of(self, messages: &[ChatMessage]) -> impl Iterator<Item = &ChatMessage> {
        messages[..self.head].iter().chain(&messages[self.from..])
    }
}

/// As many of the newest turns as fit into `limit` tokens, with the instructions. The newest turn always stays: where even
/// that is too much, the tokens that are left are more than the limit. The last `turn` messages are one, whatever they say.
pub(super) fn keep(messages: &[ChatMessage], tokens: &[u64], limit: u64, turn: usize) -> Kept {
    let head = messages.iter().take_while(|message| message.role == Role::System).count();
    let latest = messages.len().saturating_sub(turn.max(1));
    let starts: Vec<usize> = (head..=latest).filter(|at| *at == head || begins_turn(&messages[*at])).rev().collect();
    let sum = |from: usize, to: usize| tokens[from..to].iter().sum::<u64>();
    let newest = starts.first().copied().unwrap_or(messages.len());
    let mut kept = Kept { head, from: newest, tokens: sum(0, head) + sum(newest, messages.len()) };
    for start in starts.into_iter().skip(1) {
        let with_it = kept.tokens + sum(start, kept.from);
        if with_it > limit {
            break;
        }
        kept = Kept { from: start, tokens: with_it, ..kept };
    }
    kept
}

/// Whether a person says something new here; results of tools go on with what was begun.
fn begins_turn(message: &ChatMessage) -> bool {
    message.role == Role::User && !message.parts.iter().any(|part| matches!(part, ContentPart::ToolResult { .. }))
}

#[cfg(test)]
mod tests {
    use mmp_shared::message::ToolCall;
    use proptest::prelude::*;

    use super::*;

    fn says(role: Role) -> ChatMessage {
        ChatMessage { role, parts: vec![ContentPart::Text { text: "x".into() }] }
    }

    fn calls() -> ChatMessage {
        let call = ToolCall::new("1".into(), "f".into(), "{}".into());
        ChatMessage { role: Role::Assistant, parts: vec![ContentPart::ToolCall(call)] }
    }

    fn result(role: Role) -> ChatMessage {
        ChatMessage { role, parts: vec![ContentPart::ToolResult { tool_call_id: "1".into(), text: "y".into() }] }
    }

    #[test]
    fn the_oldest_turns_go_and_the_instructions_stay() {
        let messages: Vec<_> =
            [Role::System, Role::User, Role::Assistant, Role::User, Role::Assistant, Role::User].map(says).into();
        let all = |limit| keep(&messages, &[10; 6], limit, 1);
        assert_eq!(all(60), Kept { head: 1, from: 1, tokens: 60 });
        assert_eq!(all(59), Kept { head: 1, from: 3, tokens: 40 });
        assert_eq!(all(39), Kept { head: 1, from: 5, tokens: 20 });
        assert_eq!(all(0), Kept { head: 1, from: 5, tokens: 20 });
    }

    #[test]
    fn a_result_stays_with_its_call_and_the_question_before_it() {
        for role in [Role::Tool, Role::User] {
            let messages = [says(Role::User), says(Role::Assistant), says(Role::User), calls(), result(role)];
            assert_eq!(keep(&messages, &[10; 5], 1, 1).from, 2);
        }
    }

    #[test]
    fn what_belongs_together_at_the_end_stays_together() {
        let messages: Vec<_> = [Role::User, Role::Assistant, Role::User, Role::Assistant, Role::User].map(says).into();
        assert_eq!(keep(&messages, &[10; 5], 1, 3), Kept { head: 0, from: 2, tokens: 30 });
        assert_eq!(keep(&messages, &[10; 5], 50, 3), Kept { head: 0, from: 0, tokens: 50 });
    }

    #[test]
    fn what_begins_with_an_answer_has_it_as_its_first_turn() {
        let messages = [says(Role::Assistant), says(Role::User)];
        assert_eq!(keep(&messages, &[10; 2], 20, 1).from, 0);
        assert_eq!(keep(&messages, &[10; 2], 19, 1).from, 1);
    }

    fn any_message() -> impl Strategy<Value = ChatMessage> {
        prop_oneof![
            4 => Just(says(Role::User)), 4 => Just(says(Role::Assistant)), 1 => Just(calls()),
            1 => Just(result(Role::User)), 1 => Just(result(Role::Tool)), 1 => Just(says(Role::System)),
        ]
    }

    proptest! {
        #[test]
        fn what_is_kept_fits_and_is_the_end_of_it_in_whole_turns(
            before in proptest::collection::vec((any_message(), 1u64..50), 0..30), question in 1u64..50, limit in 0u64..1_000,
        ) {
            let (mut messages, mut tokens): (Vec<_>, Vec<_>) = before.into_iter().unzip();
            messages.push(says(Role::User));
            tokens.push(question);
            let kept = keep(&messages, &tokens, limit, 1);
            prop_assert!(kept.head <= kept.from && kept.from < messages.len());
            let sent: Vec<_> = kept.of(&messages).cloned().collect();
            prop_assert_eq!(sent.last(), messages.last());
            prop_assert_eq!(sent.len() + kept.dropped(), messages.len());
            prop_assert!(messages.ends_with(&messages[kept.from..]));
            prop_assert!(kept.from == kept.head || begins_turn(&messages[kept.from]));
            let counted: u64 = tokens[..kept.head].iter().chain(&tokens[kept.from..]).sum();
            prop_assert_eq!(kept.tokens, counted);
            prop_assert!(kept.tokens <= limit || kept.from == messages.len() - 1);
            // Nothing is left out that would have fitted.
            let whole: u64 = tokens.iter().sum();
            prop_assert!(whole > limit || kept.dropped() == 0);
        }
    }
}
