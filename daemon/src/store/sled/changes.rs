//! What was done to messages, by position. A message has one entry, that of its last change: its id, and its conversation
//! where it is still there. Where it was forgotten its id alone remains.

use std::{
    collections::{HashMap, hash_map::Entry},
    ops::Bound,
};

use async_trait::async_trait;
use mmp_shared::{ConversationId, MessageId, UserId};
use tokio::sync::watch;

use super::{
    SledStore, conversations,
    keys::{Key, Table},
    messages, pages,
    pending::Pending,
    source::Source,
};
use crate::store::{
    MessageChanges, Result, StoreError,
    records::{FoundMessage, MessageChange},
};

/// The most text that one read of changes loads; the writer waits for readers.
const LARGEST_READ: usize = 4 << 20;

fn last_key() -> Key {
    Key::of(Table::Meta).text("message-change")
}

fn by_position(position: u64) -> Key {
    Key::of(Table::MessageChange).number(position)
}

fn of_message(id: MessageId) -> Key {
    Key::of(Table::MessageChanged).id(id.as_bytes())
}

fn number(source: &impl Source, key: &Key) -> Result<Option<u64>> {
    let bytes = source.value(key.as_ref())?.map(|value| value.as_ref().try_into().map(u64::from_be_bytes));
    bytes.transpose().map_err(|_| StoreError::Damaged("a position of a change has another length".into()))
}

/// The position of the last change; 0 before the first.
pub(super) fn last(source: &impl Source) -> Result<u64> {
    Ok(number(source, &last_key())?.unwrap_or(0))
}

/// Notes that a message was written in a conversation, or with none that it was forgotten.
pub(super) fn note(pending: &mut Pending<'_>, id: MessageId, conversation_id: Option<ConversationId>) -> Result<()> {
    if let Some(before) = number(pending, &of_message(id))? {
        pending.remove_value(&by_position(before));
    }
    let position = last(pending)? + 1;
    let place = conversation_id.map(|id| *id.as_bytes());
    let entry: Vec<u8> = id.as_bytes().iter().chain(place.iter().flatten()).copied().collect();
    pending.put_value(&by_position(position), entry);
    pending.put_value(&of_message(id), &position.to_be_bytes());
    pending.put_value(&last_key(), &position.to_be_bytes());
    Ok(())
}

fn load(tree: &sled::Tree, key: &[u8], entry: &[u8]) -> Result<MessageChange> {
    let position = key.get(1..).and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
    let id = entry.get(..16).and_then(|bytes| bytes.try_into().ok()).map(MessageId::from_bytes);
    let (Some(position), Some(message_id)) = (position, id) else {
        return Err(StoreError::Damaged("a change to a message has another length".into()));
    };
    let message = if entry.len() > 16 { messages::find(tree, message_id)? } else { None };
    Ok(MessageChange { position, message_id, message })
}

#[async_trait]
impl MessageChanges for SledStore {
    fn message_position(&self) -> watch::Receiver<u64> {
        self.position.clone()
    }

    async fn message_changes(&self, after: u64, limit: usize) -> Result<Vec<MessageChange>> {
        self.read(move |tree| {
            let table = Key::of(Table::MessageChange);
            let start = Bound::Excluded(by_position(after).as_ref().to_vec());
            let (mut changes, mut size) = (Vec::new(), 0);
            for pair in pages::pairs(tree, &table, start).take(limit) {
                let (key, entry) = pair?;
                let change = load(tree, &key, &entry)?;
                size += change.message.as_ref().map_or(0, |message| message.text_bytes());
                changes.push(change);
                if size > LARGEST_READ {
                    break;
                }
            }
            Ok(changes)
        })
        .await
    }

    async fn found_messages(&self, user_id: UserId, ids: Vec<MessageId>) -> Result<Vec<FoundMessage>> {
        self.read(move |tree| {
            let (mut found, mut titles) = (Vec::new(), HashMap::new());
            for id in &ids {
                let Some(message) = messages::find(tree, *id)?.filter(|message| message.user_id == user_id) else { continue };
                let place = message.conversation_id;
                let title = match titles.entry(place) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(unknown) => {
                        unknown.insert(conversations::find(tree, place)?.map(|conversation| conversation.title))
                    }
                };
                if let Some(title) = title.clone() {
                    found.push(FoundMessage { message, title });
                }
            }
            Ok(found)
        })
        .await
    }
}
