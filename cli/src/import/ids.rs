//! Ids for what another program named in its own way: made of those names, so that a second import finds the first.

use jiff::Timestamp;
use mmp_shared::{ConversationId, MessageId};
use sha2::{Digest as _, Sha256};

/// The id of a conversation that `program` calls `name`.
pub(crate) fn conversation(program: &str, name: &str, at: Option<Timestamp>) -> ConversationId {
    ConversationId::from_bytes(id(&[program, name], at, 0))
}

/// The id of one of its messages. Those of one moment stand in the order of their numbers.
pub(crate) fn message(conversation: ConversationId, name: &str, at: Option<Timestamp>, number: usize) -> MessageId {
    MessageId::from_bytes(id(&[&conversation.to_string(), name], at, number))
}

/// Sixteen bytes of a UUIDv7: a time, a number, and what the names hash to.
fn id(names: &[&str], at: Option<Timestamp>, number: usize) -> [u8; 16] {
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name.len().to_be_bytes());
        hash.update(name.as_bytes());
    }
    let milliseconds = at.and_then(|at| u64::try_from(at.as_millisecond()).ok()).unwrap_or(0);
    let mut id: [u8; 16] = std::array::from_fn({
        let digest = hash.finalize();
        move |index| digest[index]
    });
    id[..6].copy_from_slice(&milliseconds.to_be_bytes()[2..]);
    let [.., high, low] = number.min(0x0fff).to_be_bytes();
    id[6] = 0x70 | high;
    id[7] = low;
    id[8] = id[8] & 0x3f | 0x80;
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_names_give_the_same_id_and_others_another() {
        let one = conversation("llm", "a", None);
        assert_eq!(one, conversation("llm", "a", None));
        assert_ne!(one, conversation("chatgpt", "a", None));
        assert_ne!(conversation("a", "bc", None), conversation("ab", "c", None));
        assert!(one.to_string().parse::<ConversationId>().is_ok());
    }

    #[test]
    fn messages_sort_by_time_and_then_by_number() {
        let conversation = conversation("llm", "a", None);
        let at = |second| Some(Timestamp::from_second(second).expect("within range"));
        let ids: Vec<_> =
            [(1, 0), (1, 1), (1, 300), (2, 0)].map(|(second, number)| message(conversation, "x", at(second), number)).into();
        assert!(ids.is_sorted());
    }
}
