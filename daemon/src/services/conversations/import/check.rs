//! What is wrong with a conversation that is to be taken in. Pure.

use std::collections::{HashMap, HashSet};

use mmp_shared::{
    ApiError, ErrorCode, MessageId, Phrase,
    export::{ExportedConversation, FORMAT, FORMAT_VERSION},
    phrase,
};

/// Checks a conversation that is to be added to the messages that are known of it already.
///
/// # Errors
///
/// `unsupported` for another form, `bad_request` for messages that are no tree.
pub(super) fn check(conversation: &ExportedConversation, known: &HashSet<MessageId>) -> Result<(), ApiError> {
    if conversation.format != FORMAT || conversation.version > FORMAT_VERSION {
        let phrase = phrase!("error-import-format", format = conversation.format, version = conversation.version);
        return Err(ApiError::new(ErrorCode::Unsupported, phrase));
    }
    let mut parents = HashMap::new();
    for message in &conversation.messages {
        if parents.insert(message.id, message.parent_id).is_some() {
            return Err(bad(phrase!("error-import-twice", message = message.id)));
        }
    }
    if let Some(leaf) = conversation.conversation.leaf_id.filter(|leaf| !parents.contains_key(leaf) && !known.contains(leaf)) {
        return Err(bad(phrase!("error-import-leaf", message = leaf)));
    }
    if conversation.conversation.leaf_id.is_none() && !parents.is_empty() {
        return Err(bad(phrase!("error-import-no-leaf")));
    }
    let mut sound = known.clone();
    conversation.messages.iter().try_for_each(|message| check_chain(message.id, &parents, &mut sound))
}

/// Follows the parents of a message to a root, or to one whose parents were followed before.
fn check_chain(
    id: MessageId,
    parents: &HashMap<MessageId, Option<MessageId>>,
    sound: &mut HashSet<MessageId>,
) -> Result<(), ApiError> {
    let (mut chain, mut next) = (HashSet::new(), Some(id));
    while let Some(id) = next.filter(|id| !sound.contains(id)) {
        if !chain.insert(id) {
            return Err(bad(phrase!("error-import-circle", message = id)));
        }
        next = *parents.get(&id).ok_or_else(|| bad(phrase!("error-import-parent", message = id)))?;
    }
    sound.extend(chain);
    Ok(())
}

fn bad(phrase: Phrase) -> ApiError {
    ApiError::new(ErrorCode::BadRequest, phrase)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use mmp_shared::{
        ConversationId,
        export::{ExportedHead, ExportedMessage},
        message::Role,
    };

    use super::*;

    fn id(number: u8) -> MessageId {
        MessageId::from_bytes([number; 16])
    }

    fn conversation(leaf: Option<u8>, messages: &[(u8, Option<u8>)]) -> ExportedConversation {
        let message = |(number, parent): &(u8, Option<u8>)| {
            ExportedMessage::said(id(*number), parent.map(id), Role::User, Vec::new(), Timestamp::UNIX_EPOCH)
        };
        ExportedConversation {
            format: FORMAT.into(),
            version: FORMAT_VERSION,
            conversation: ExportedHead {
                id: ConversationId::from_bytes([0; 16]),
                title: String::new(),
                system: None,
                model: None,
                role: None,
                pinned: false,
                archived: false,
                leaf_id: leaf.map(id),
                created_at: Timestamp::UNIX_EPOCH,
                updated_at: Timestamp::UNIX_EPOCH,
            },
            messages: messages.iter().map(message).collect(),
        }
    }

    #[test]
    fn a_tree_passes_in_any_order_and_of_any_depth() {
        let nothing = HashSet::new();
        assert_eq!(check(&conversation(None, &[]), &nothing), Ok(()));
        assert_eq!(check(&conversation(Some(3), &[(3, Some(1)), (2, Some(1)), (1, None)]), &nothing), Ok(()));
        let deep: Vec<_> = (0..=250).map(|number: u8| (number, number.checked_sub(1))).rev().collect();
        assert_eq!(check(&conversation(Some(250), &deep), &nothing), Ok(()));
        assert_eq!(check(&conversation(Some(3), &[(3, Some(2))]), &[id(2)].into()), Ok(()), "the rest is known");
    }

    #[test]
    fn what_is_no_tree_is_refused_with_its_message() {
        let nothing = HashSet::new();
        for (leaf, messages, key) in [
            (Some(1), &[(1, None), (1, None)][..], "error-import-twice"),
            (Some(9), &[(1, None)], "error-import-leaf"),
            (None, &[(1, None)], "error-import-no-leaf"),
            (Some(1), &[(1, Some(2)), (2, Some(1))], "error-import-circle"),
            (Some(1), &[(1, Some(9))], "error-import-parent"),
        ] {
            let error = check(&conversation(leaf, messages), &nothing).expect_err(key);
            assert_eq!(error.phrase.expect("it has words").key, key);
        }
        let newer = ExportedConversation { version: FORMAT_VERSION + 1, ..conversation(None, &[]) };
        assert_eq!(check(&newer, &nothing).expect_err("newer").code, ErrorCode::Unsupported);
    }
}
