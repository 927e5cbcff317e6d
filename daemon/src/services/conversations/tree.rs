//! The tree of a conversation: what leads to a message, and what follows it. Pure.

use std::collections::{HashMap, HashSet};

use mmp_shared::MessageId;

use crate::store::records::MessageRecord;

/// The messages from the root to this one; none where it is not there.
pub(super) fn branch(messages: Vec<MessageRecord>, leaf: MessageId) -> Option<Vec<MessageRecord>> {
    let mut by_id: HashMap<MessageId, MessageRecord> = messages.into_iter().map(|message| (message.id, message)).collect();
    let leaf = by_id.remove(&leaf)?;
    let mut next = leaf.parent_id;
    let mut branch = vec![leaf];
    // Each message is taken once: even a damaged chain of parents ends.
    while let Some(message) = next.and_then(|id| by_id.remove(&id)) {
        next = message.parent_id;
        branch.push(message);
    }
    branch.reverse();
    Some(branch)
}

/// The newest end of the branches that go on from this message: at each fork the child whose part of the tree was last
/// added to. None where the message is not there.
pub(super) fn newest_leaf(messages: &[MessageRecord], from: MessageId) -> Option<MessageId> {
    let start = messages.iter().find(|message| message.id == from)?;
    let mut children: HashMap<MessageId, Vec<&MessageRecord>> = HashMap::new();
    for message in messages {
        if let Some(parent) = message.parent_id {
            children.entry(parent).or_default().push(message);
        }
    }
    let (mut newest, mut seen, mut waiting) = (start, HashSet::new(), vec![start]);
    while let Some(message) = waiting.pop() {
        if !seen.insert(message.id) {
            continue;
        }
        let below = children.get(&message.id).map(Vec::as_slice).unwrap_or_default();
        if below.is_empty() && (newest.id == from || (message.created_at, message.id) > (newest.created_at, newest.id)) {
            newest = message;
        }
        waiting.extend(below);
    }
    Some(newest.id)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use mmp_shared::{ConversationId, UserId, message::Role};

    use super::*;

    fn id(number: u8) -> MessageId {
        MessageId::from_bytes([number; 16])
    }

    fn message(number: u8, parent: Option<u8>, second: i64) -> MessageRecord {
        let at = Timestamp::from_second(second).expect("within range");
        let (conversation_id, user_id) = (ConversationId::from_bytes([0; 16]), UserId::from_bytes([0; 16]));
        MessageRecord {
            id: id(number),
            parent_id: parent.map(id),
            ..MessageRecord::said(conversation_id, user_id, Role::User, Vec::new(), at)
        }
    }

    /// 1 → 2 → 3 and 1 → 4 → 5, where 3 was written last.
    fn forked() -> Vec<MessageRecord> {
        vec![message(1, None, 1), message(2, Some(1), 2), message(3, Some(2), 9), message(4, Some(1), 4), message(5, Some(4), 5)]
    }

    #[test]
    fn a_branch_leads_from_the_root_to_its_leaf() {
        let ids: Vec<_> = branch(forked(), id(5)).expect("it is there").iter().map(|message| message.id).collect();
        assert_eq!(ids, [1, 4, 5].map(id));
        assert_eq!(branch(forked(), id(9)), None);
    }

    #[test]
    fn the_newest_end_is_found_from_any_message() {
        for (from, end) in [(1, 3), (2, 3), (3, 3), (4, 5)] {
            assert_eq!(newest_leaf(&forked(), id(from)), Some(id(end)), "{from}");
        }
        assert_eq!(newest_leaf(&forked(), id(9)), None);
    }

    #[test]
    fn parents_that_lead_in_a_circle_end() {
        let circle = vec![message(1, Some(2), 1), message(2, Some(1), 2)];
        assert_eq!(branch(circle.clone(), id(1)).expect("it is there").len(), 2);
        assert_eq!(newest_leaf(&circle, id(1)), Some(id(1)));
    }
}
