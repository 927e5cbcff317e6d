//! A conversation's tree of messages, as one branch of it and what stands beside each message.

use std::collections::HashMap;

use mmp_shared::{
    MessageId,
    conversations::{ConversationDetail, Message},
};

/// Where a message stands in its conversation's tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// The message.
    pub(crate) id: MessageId,
    /// It and those beside it, which follow the same message, the oldest first.
    pub(crate) beside: Vec<MessageId>,
    /// Whether it holds more than words.
    pub(crate) has_images: bool,
}

impl Node {
    /// A message that has just been made beside these.
    pub(crate) fn made(id: MessageId, mut beside: Vec<MessageId>) -> Self {
        if !beside.contains(&id) {
            beside.push(id);
        }
        Self { id, beside, has_images: false }
    }

    /// Its place among those beside it, from one on, and how many they are; none where it is alone.
    pub(crate) fn place(&self) -> Option<(usize, usize)> {
        let index = self.beside.iter().position(|id| *id == self.id)?;
        (self.beside.len() > 1).then_some((index + 1, self.beside.len()))
    }

    /// The message so many places further on, or back; none at either end.
    pub(crate) fn neighbour(&self, by: isize) -> Option<MessageId> {
        let index = self.beside.iter().position(|id| *id == self.id)?.checked_add_signed(by)?;
        self.beside.get(index).copied()
    }
}

/// The current branch, the first message first. Where no leaf is told, the messages are that branch.
pub(crate) fn current(detail: &ConversationDetail) -> Vec<(&Message, Node)> {
    let mut beside: HashMap<Option<MessageId>, Vec<MessageId>> = HashMap::new();
    for message in &detail.messages {
        beside.entry(message.parent_id).or_default().push(message.id);
    }
    let node = |message: &Message| Node {
        id: message.id,
        beside: beside.get(&message.parent_id).cloned().unwrap_or_default(),
        has_images: !message.images.is_empty(),
    };
    let Some(leaf) = detail.leaf_id else { return detail.messages.iter().map(|message| (message, node(message))).collect() };
    let mut by_id: HashMap<MessageId, &Message> = detail.messages.iter().map(|message| (message.id, message)).collect();
    let (mut branch, mut next) = (Vec::new(), Some(leaf));
    // Each is taken out: what came damaged cannot lead in a circle.
    while let Some(message) = next.and_then(|id| by_id.remove(&id)) {
        branch.push((message, node(message)));
        next = message.parent_id;
    }
    branch.reverse();
    branch
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn id(number: u8) -> MessageId {
        MessageId::from_bytes([number; 16])
    }

    fn detail(leaf: Option<u8>, messages: &[(u8, Option<u8>)]) -> ConversationDetail {
        let messages: Vec<_> = messages
            .iter()
            .map(|(number, parent)| {
                json!({
                    "id": id(*number), "parent_id": parent.map(id), "role": "user", "text": "", "reasoning": null, "model": null,
                    "provider": null, "status": "complete", "usage": null, "cost_usd": null, "created_at": "2026-01-02T03:04:05Z",
                })
            })
            .collect();
        let conversation = json!({
            "id": "0198c5d2-7b1e-7c61-8f0a-000000000001", "title": "t", "created_at": "2026-01-02T03:04:05Z",
            "updated_at": "2026-01-02T03:04:05Z", "model": null, "messages": 4, "pinned": false, "archived": false,
        });
        let detail = json!({ "conversation": conversation, "leaf_id": leaf.map(id), "messages": messages });
        serde_json::from_value(detail).expect("a conversation")
    }

    fn numbers(detail: &ConversationDetail) -> Vec<u8> {
        current(detail).iter().map(|(message, _)| message.id.as_bytes()[0]).collect()
    }

    #[test]
    fn the_branch_ends_at_the_leaf_and_each_message_knows_its_place() {
        let detail = detail(Some(5), &[(1, None), (2, Some(1)), (3, Some(1)), (4, Some(2)), (5, Some(3))]);
        assert_eq!(numbers(&detail), [1, 3, 5]);
        let branch = current(&detail);
        assert_eq!((branch[0].1.place(), branch[1].1.place()), (None, Some((2, 2))));
        assert_eq!((branch[1].1.neighbour(-1), branch[1].1.neighbour(1)), (Some(id(2)), None));
    }

    #[test]
    fn without_a_leaf_the_messages_are_the_branch() {
        assert_eq!(numbers(&detail(None, &[(1, None), (2, Some(1))])), [1, 2]);
    }

    #[test]
    fn a_circle_ends() {
        assert_eq!(numbers(&detail(Some(2), &[(1, Some(2)), (2, Some(1))])), [1, 2]);
    }
}
