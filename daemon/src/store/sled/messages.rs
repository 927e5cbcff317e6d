//! Messages. They stand by conversation, so that one conversation is one range; an index finds one by its id alone.

use std::ops::Bound;

use async_trait::async_trait;
use mmp_shared::{ConversationId, MessageId, UserId};

use super::{
    SledStore, changes,
    keys::{Key, Table, id_at_end},
    pages,
    pending::Pending,
    source::Source,
};
use crate::store::{Messages, Result, StoreError, records::MessageRecord};

fn of_conversation(id: ConversationId) -> Key {
    Key::of(Table::Message).id(id.as_bytes())
}

fn key(conversation_id: ConversationId, id: MessageId) -> Key {
    of_conversation(conversation_id).id(id.as_bytes())
}

fn by_id(id: MessageId) -> Key {
    Key::of(Table::MessageById).id(id.as_bytes())
}

pub(super) fn conversation_of(source: &impl Source, id: MessageId) -> Result<Option<ConversationId>> {
    Ok(source.id(&by_id(id))?.map(ConversationId::from_bytes))
}

pub(super) fn find(source: &impl Source, id: MessageId) -> Result<Option<MessageRecord>> {
    let Some(conversation_id) = conversation_of(source, id)? else { return Ok(None) };
    let record = source.record(&key(conversation_id, id))?;
    record.map(Some).ok_or_else(|| StoreError::Damaged(format!("message `{id}` is listed and missing")))
}

pub(super) fn put(pending: &mut Pending<'_>, record: &MessageRecord) -> Result<()> {
    match conversation_of(pending, record.id)? {
        Some(old) if old != record.conversation_id => pending.remove(&key(old, record.id))?,
        _ => {}
    }
    pending.put_value(&by_id(record.id), record.conversation_id.as_bytes());
    changes::note(pending, record.id, Some(record.conversation_id))?;
    pending.put(&key(record.conversation_id, record.id), record)
}

pub(super) fn delete(pending: &mut Pending<'_>, id: MessageId) -> Result<()> {
    if let Some(conversation_id) = conversation_of(pending, id)? {
        pending.remove(&key(conversation_id, id))?;
        changes::note(pending, id, None)?;
    }
    pending.remove_value(&by_id(id));
    Ok(())
}

#[async_trait]
impl Messages for SledStore {
    async fn message(&self, user_id: UserId, id: MessageId) -> Result<Option<MessageRecord>> {
        self.read(move |tree| Ok(find(tree, id)?.filter(|record| record.user_id == user_id))).await
    }

    async fn messages(&self, user_id: UserId, conversation_id: ConversationId) -> Result<Vec<MessageRecord>> {
        self.read(move |tree| {
            let prefix = of_conversation(conversation_id);
            let pairs = pages::pairs(tree, &prefix, Bound::Included(prefix.as_ref().to_vec()));
            let records = pairs.map(|pair| pair.and_then(|(key, value)| tree.decode::<MessageRecord>(&key, &value)));
            records.filter(|record| record.as_ref().map_or(true, |record| record.user_id == user_id)).collect()
        })
        .await
    }

    async fn message_ids(&self, conversation_id: ConversationId, limit: usize) -> Result<Vec<MessageId>> {
        self.read(move |tree| {
            pages::list(tree, &of_conversation(conversation_id), limit, |key, _| {
                id_at_end(key).map(|id| Some(MessageId::from_bytes(id)))
            })
        })
        .await
    }
}
