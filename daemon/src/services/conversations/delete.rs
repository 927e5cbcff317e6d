//! Forgetting conversations, for good: each with its messages, its runs and their logs, as one batch. What was paid for it
//! stays in the ledger, as numbers.

use std::collections::BTreeSet;

use mmp_shared::{ApiError, ConversationId, ErrorCode, UserId, phrase};

use super::Conversations;
use crate::store::{Batch, Entity, Operation, PageRequest, Precondition, StoreError};

/// How often a deletion begins anew because something was added meanwhile.
const MOST_TRIES: usize = 20;

/// How many conversations are looked up at once.
const AT_ONCE: usize = 100;

impl Conversations {
    /// Forgets one. What is being answered in it is stopped first.
    ///
    /// # Errors
    ///
    /// As [`Self::find`].
    pub async fn delete(&self, user_id: UserId, reference: &str) -> Result<ConversationId, ApiError> {
        let id = self.find(user_id, reference).await?.id;
        self.forget(user_id, id).await?;
        Ok(id)
    }

    /// Forgets all of a user's; returns how many. One that begins meanwhile stays. What a crash leaves is there as before,
    /// and goes with the next call.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn delete_all(&self, user_id: UserId) -> Result<u64, ApiError> {
        let (mut ids, mut cursor) = (Vec::new(), None);
        loop {
            let page = self.store.conversations(user_id, PageRequest { limit: AT_ONCE, cursor }).await?;
            ids.extend(page.items.into_iter().map(|record| record.id));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let mut deleted = 0;
        for id in ids {
            deleted += u64::from(self.forget(user_id, id).await?);
        }
        Ok(deleted)
    }

    /// Whether it was there to be forgotten.
    pub(super) async fn forget(&self, user_id: UserId, id: ConversationId) -> Result<bool, ApiError> {
        for _ in 0..MOST_TRIES {
            self.runs.stop_in(id).await;
            let Some(record) = self.store.conversation(user_id, id).await? else { return Ok(false) };
            let messages = self.store.messages(user_id, id).await?;
            let runs: BTreeSet<_> = messages.iter().filter_map(|message| message.run_id).collect();
            let operations = [Operation::DeleteConversation(id)]
                .into_iter()
                .chain(messages.iter().map(|message| Operation::DeleteMessage(message.id)))
                .chain(runs.into_iter().map(Operation::DeleteRun));
            // Whatever is added to a conversation counts its version up.
            let preconditions = vec![Precondition::Version(Entity::Conversation(id), record.version)];
            match self.store.commit(Batch { preconditions, operations: operations.collect() }).await {
                Ok(()) => {
                    tracing::info!(conversation = %id, user = %user_id, messages = messages.len(), "a conversation is deleted");
                    return Ok(true);
                }
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(ApiError::new(ErrorCode::Conflict, phrase!("error-conversation-busy")))
    }
}
