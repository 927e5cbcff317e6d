//! Taking conversations in: each as one batch, whole or not at all, and once only.
//!
//! A conversation keeps its ids. Where another user of this daemon has them, it gets ids that are made of those and the
//! user's own, the same ones each time: a second import finds the first.

mod check;

use std::collections::HashSet;

use mmp_shared::{
    ApiError, ConversationId, MessageId, UserId,
    export::{ExportedConversation, ExportedMessage},
    import::{ImportOutcome, ImportResult},
    message::Status,
};
use sha2::{Digest as _, Sha256};

use super::Conversations;
use crate::store::{
    Batch, Entity, Operation, Precondition, Store, StoreError,
    records::{ConversationRecord, MessageRecord},
};

/// How many conversations are written at the same time: the store makes one group of them.
const AT_ONCE: usize = 32;

impl Conversations {
    /// Takes conversations in. What is wrong with one is its own affair.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn import(&self, user_id: UserId, all: Vec<ExportedConversation>) -> Result<Vec<ImportResult>, ApiError> {
        let mut results = Vec::with_capacity(all.len());
        let mut waiting = all.into_iter();
        loop {
            let some: Vec<_> = waiting.by_ref().take(AT_ONCE).collect();
            if some.is_empty() {
                return Ok(results);
            }
            let taken = some.into_iter().map(|conversation| take_in(&*self.store, user_id, conversation));
            for result in futures_util::future::join_all(taken).await {
                results.push(result?);
            }
        }
    }
}

async fn take_in(store: &dyn Store, user_id: UserId, conversation: ExportedConversation) -> Result<ImportResult, ApiError> {
    let id = conversation.conversation.id;
    match write(store, user_id, &conversation).await {
        Err(StoreError::Conflict(_)) if store.conversation(user_id, id).await?.is_some() => {
            // Something was added to it meanwhile, or it was taken in by another request.
            Ok(write(store, user_id, &conversation).await?)
        }
        // One of its ids is somebody else's.
        Err(StoreError::Conflict(_)) => Ok(write(store, user_id, &renamed(conversation, user_id)).await?),
        written => Ok(written?),
    }
}

async fn write(store: &dyn Store, user_id: UserId, conversation: &ExportedConversation) -> Result<ImportResult, StoreError> {
    let id = conversation.conversation.id;
    let there = store.conversation(user_id, id).await?;
    let known: HashSet<_> = match &there {
        Some(_) => store.message_ids(id, usize::MAX).await?.into_iter().collect(),
        None => HashSet::new(),
    };
    let new: Vec<_> = conversation.messages.iter().filter(|message| !known.contains(&message.id)).collect();
    if let Err(error) = check::check(conversation, &known) {
        let outcome = ImportOutcome::Refused;
        return Ok(ImportResult { conversation_id: None, outcome, messages: 0, error: Some(error) });
    }
    let result = |outcome| ImportResult { conversation_id: Some(id), outcome, messages: new.len() as u64, error: None };
    let (record, precondition, outcome) = match there {
        Some(_) if new.is_empty() => return Ok(result(ImportOutcome::Present)),
        Some(record) => {
            let is_of_now = Precondition::Version(Entity::Conversation(id), record.version);
            (extended(record, conversation, new.len()), is_of_now, ImportOutcome::Extended)
        }
        None => (begun(user_id, conversation), Precondition::Absent(Entity::Conversation(id)), ImportOutcome::Added),
    };
    let absent = new.iter().map(|message| Precondition::Absent(Entity::Message(message.id)));
    let preconditions = [precondition].into_iter().chain(absent).collect();
    let messages = new.iter().map(|message| Operation::PutMessage(record_of(user_id, id, message)));
    let operations = [Operation::PutConversation(record)].into_iter().chain(messages).collect();
    store.commit(Batch { preconditions, operations }).await?;
    Ok(result(outcome))
}

fn begun(user_id: UserId, conversation: &ExportedConversation) -> ConversationRecord {
    let head = &conversation.conversation;
    ConversationRecord {
        id: head.id,
        user_id,
        version: 1,
        title: head.title.clone(),
        system: head.system.clone(),
        model: head.model.clone(),
        role: head.role.clone(),
        leaf_id: head.leaf_id,
        messages: conversation.messages.len() as u64,
        pinned: head.pinned,
        archived: head.archived,
        created_at: head.created_at,
        updated_at: head.updated_at,
    }
}

/// A conversation that was there and gets more messages: what its owner made of it here stays, its leaf too unless the new
/// messages go on from it.
fn extended(record: ConversationRecord, conversation: &ExportedConversation, added: usize) -> ConversationRecord {
    let is_leaf = |id: Option<MessageId>| id.is_some() && id == record.leaf_id;
    let goes_on = conversation.branch().iter().any(|message| is_leaf(Some(message.id)) || is_leaf(message.parent_id));
    ConversationRecord {
        version: record.version + 1,
        leaf_id: if goes_on || record.leaf_id.is_none() { conversation.conversation.leaf_id } else { record.leaf_id },
        messages: record.messages + added as u64,
        updated_at: record.updated_at.max(conversation.conversation.updated_at),
        ..record
    }
}

fn record_of(user_id: UserId, conversation_id: ConversationId, message: &ExportedMessage) -> MessageRecord {
    let message = message.clone();
    MessageRecord {
        id: message.id,
        conversation_id,
        user_id,
        parent_id: message.parent_id,
        run_id: None,
        role: message.role,
        content: message.content,
        refusal: message.refusal,
        model: message.model,
        provider: message.provider,
        // Nobody is making it any more.
        status: if message.status.is_final() { message.status } else { Status::Interrupted },
        finish_reason: message.finish_reason,
        usage: message.usage,
        cost_usd: message.cost_usd,
        timing: message.timing,
        created_at: message.created_at,
    }
}

/// The same conversation with ids of this user's.
fn renamed(mut conversation: ExportedConversation, user_id: UserId) -> ExportedConversation {
    let message = |id: MessageId| MessageId::from_bytes(own_id(user_id, id.as_bytes()));
    let head = &mut conversation.conversation;
    head.id = ConversationId::from_bytes(own_id(user_id, head.id.as_bytes()));
    head.leaf_id = head.leaf_id.map(message);
    for one in &mut conversation.messages {
        one.id = message(one.id);
        one.parent_id = one.parent_id.map(message);
    }
    conversation
}

/// An id of the same time and kind, whose random part is made of the user's and the old id.
fn own_id(user_id: UserId, id: &[u8; 16]) -> [u8; 16] {
    let digest = Sha256::new().chain_update(user_id.as_bytes()).chain_update(id).finalize();
    let mut own = *id;
    own[9..].copy_from_slice(&digest[..7]);
    own
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Conversations as _, Messages as _};

    #[test]
    fn an_own_id_keeps_its_time_and_is_the_same_each_time() {
        let (ann, ben) = (UserId::from_bytes([1; 16]), UserId::from_bytes([2; 16]));
        let id = *MessageId::generate().as_bytes();
        assert_eq!(own_id(ann, &id), own_id(ann, &id));
        assert_ne!(own_id(ann, &id), own_id(ben, &id));
        assert_eq!(own_id(ann, &id)[..9], id[..9]);
    }

    fn conversation(texts: &[&str]) -> ExportedConversation {
        let id = |number: usize| format!("0198c5d2-7b1e-7c61-8f0a-{number:012x}");
        let message = |(number, text): (usize, &&str)| {
            serde_json::json!({"id": id(number), "parent_id": number.checked_sub(1).map(id), "role": "user", "status": "complete",
                "content": [{"type": "text", "text": text}], "created_at": "2026-01-02T03:04:05Z"})
        };
        let messages: Vec<_> = texts.iter().enumerate().map(message).collect();
        let head = serde_json::json!({"id": id(999), "title": "t", "leaf_id": id(texts.len() - 1),
            "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z"});
        let whole = serde_json::json!({"format": "mmp.conversation", "version": 1, "conversation": head, "messages": messages});
        serde_json::from_value(whole).expect("it is what an export gives")
    }

    async fn taken(store: &dyn Store, user_id: UserId, texts: &[&str]) -> (ImportOutcome, ConversationId) {
        let result = take_in(store, user_id, conversation(texts)).await.expect("the store works");
        (result.outcome, result.conversation_id.expect("it was taken in"))
    }

    #[tokio::test]
    async fn what_is_another_users_stays_theirs_and_a_second_import_finds_the_first() {
        let store = crate::store::memory::MemoryStore::new();
        let (ann, ben) = (UserId::from_bytes([1; 16]), UserId::from_bytes([2; 16]));
        let (outcome, of_ann) = taken(&store, ann, &["a", "b"]).await;
        assert_eq!(outcome, ImportOutcome::Added);
        let (outcome, of_ben) = taken(&store, ben, &["a", "b"]).await;
        assert_eq!(outcome, ImportOutcome::Added);
        assert_ne!(of_ann, of_ben);
        assert_eq!(taken(&store, ben, &["a", "b"]).await, (ImportOutcome::Present, of_ben));
        assert_eq!(taken(&store, ben, &["a", "b", "c"]).await, (ImportOutcome::Extended, of_ben));
        assert_eq!(taken(&store, ann, &["a", "b"]).await, (ImportOutcome::Present, of_ann));
        for (user, id, count) in [(ann, of_ann, 2), (ben, of_ben, 3)] {
            let record = store.conversation(user, id).await.expect("reads").expect("it is there");
            let messages = store.messages(user, id).await.expect("reads");
            assert_eq!((messages.len(), record.messages), (count, count as u64));
            assert_eq!(record.leaf_id, messages.last().map(|message| message.id));
            assert!(messages.iter().all(|message| message.user_id == user));
        }
    }
}
