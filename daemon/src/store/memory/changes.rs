//! What was done to messages, and the messages that were looked for.

use async_trait::async_trait;
use mmp_shared::{MessageId, UserId};
use tokio::sync::watch;

use super::{MemoryStore, tables::Tables};
use crate::store::{
    MessageChanges, Result,
    records::{FoundMessage, MessageChange, MessageRecord},
};

fn find(tables: &Tables, id: MessageId) -> Option<&MessageRecord> {
    tables.messages.get(&(*tables.conversation_of.get(&id)?, id))
}

#[async_trait]
impl MessageChanges for MemoryStore {
    fn message_position(&self) -> watch::Receiver<u64> {
        self.position.subscribe()
    }

    async fn message_changes(&self, after: u64, limit: usize) -> Result<Vec<MessageChange>> {
        self.read(|tables| {
            let range = tables.message_changes.range(after.saturating_add(1)..).take(limit);
            let change = |(position, id): (&u64, &MessageId)| MessageChange {
                position: *position,
                message_id: *id,
                message: find(tables, *id).cloned(),
            };
            range.map(change).collect()
        })
    }

    async fn found_messages(&self, user_id: UserId, ids: Vec<MessageId>) -> Result<Vec<FoundMessage>> {
        self.read(|tables| {
            let own = ids.iter().filter_map(|id| find(tables, *id)).filter(|message| message.user_id == user_id);
            own.filter_map(|message| {
                let title = tables.conversations.get(&message.conversation_id)?.title.clone();
                Some(FoundMessage { message: message.clone(), title })
            })
            .collect()
        })
    }
}
