//! Conversations and their messages, as their owner sees them.

use std::{collections::HashMap, sync::Arc};

use mmp_shared::{
    ApiError, ConversationId, ErrorCode, MessageId, UserId,
    conversations::{Conversation, ConversationDetail, Message},
    message::{reasoning_of, text_of},
    page::{DEFAULT_LIMIT, LARGEST_PAGE, Page, PageQuery},
    phrase,
};

use super::references::{MOST_CANDIDATES, only, suffix_of};
use crate::store::{
    PageRequest, Store,
    records::{ConversationRecord, MessageRecord},
};

/// The service of conversations.
pub struct Conversations {
    store: Arc<dyn Store>,
}

impl Conversations {
    /// The service over a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// A page of a user's conversations, the last changed first.
    ///
    /// # Errors
    ///
    /// `bad_request` for a cursor of another list, and the store's.
    pub async fn list(&self, user_id: UserId, query: PageQuery) -> Result<Page<Conversation>, ApiError> {
        let page = self.store.conversations(user_id, page_request(query)).await?;
        Ok(Page { items: page.items.into_iter().map(view).collect(), next_cursor: page.next_cursor })
    }

    /// The conversation of that id, end of an id, or title.
    ///
    /// # Errors
    ///
    /// `not_found` where there is none, `bad_request` where there are several.
    pub async fn find(&self, user_id: UserId, reference: &str) -> Result<ConversationRecord, ApiError> {
        let mut candidates = Vec::new();
        if let Ok(id) = reference.parse::<ConversationId>() {
            candidates.extend(self.store.conversation(user_id, id).await?);
        } else if let Some(suffix) = suffix_of(reference) {
            candidates = self.store.conversations_by_suffix(user_id, &suffix, MOST_CANDIDATES).await?;
        }
        if candidates.is_empty() {
            candidates = self.store.conversations_by_title(user_id, reference, MOST_CANDIDATES).await?;
        }
        let none = phrase!("error-no-such-conversation", reference = reference);
        let several = phrase!("error-several-conversations", reference = reference);
        only(candidates, none, several, |found| format!("{} {}", found.id.short(), found.title))
    }

    /// The conversation of that id.
    ///
    /// # Errors
    ///
    /// `not_found` where there is none.
    pub async fn by_id(&self, user_id: UserId, id: ConversationId) -> Result<ConversationRecord, ApiError> {
        self.store.conversation(user_id, id).await?.ok_or_else(|| {
            let phrase = phrase!("error-no-such-conversation", reference = id);
            ApiError::new(ErrorCode::NotFound, phrase)
        })
    }

    /// A conversation with the messages along its current branch.
    ///
    /// # Errors
    ///
    /// As [`Self::find`].
    pub async fn show(&self, user_id: UserId, reference: &str) -> Result<ConversationDetail, ApiError> {
        let record = self.find(user_id, reference).await?;
        let branch = self.branch(&record, record.leaf_id).await?;
        Ok(ConversationDetail { conversation: view(record), messages: branch.into_iter().map(message_view).collect() })
    }

    /// The messages from a conversation's root to `leaf`.
    ///
    /// # Errors
    ///
    /// `not_found` where the conversation has no such message.
    pub async fn branch(
        &self,
        conversation: &ConversationRecord,
        leaf: Option<MessageId>,
    ) -> Result<Vec<MessageRecord>, ApiError> {
        let Some(leaf) = leaf else { return Ok(Vec::new()) };
        let messages = self.store.messages(conversation.user_id, conversation.id).await?;
        let mut by_id: HashMap<MessageId, MessageRecord> = messages.into_iter().map(|message| (message.id, message)).collect();
        if !by_id.contains_key(&leaf) {
            let phrase = phrase!("error-no-such-message", reference = leaf);
            return Err(ApiError::new(ErrorCode::NotFound, phrase));
        }
        let (mut branch, mut next) = (Vec::new(), Some(leaf));
        // Each message is taken once: even a damaged chain of parents ends.
        while let Some(message) = next.and_then(|id| by_id.remove(&id)) {
            next = message.parent_id;
            branch.push(message);
        }
        branch.reverse();
        Ok(branch)
    }
}

/// The store's page for a query: 1 to [`LARGEST_PAGE`] records.
pub(super) fn page_request(query: PageQuery) -> PageRequest {
    PageRequest { limit: query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, LARGEST_PAGE), cursor: query.cursor }
}

fn view(record: ConversationRecord) -> Conversation {
    Conversation {
        id: record.id,
        title: record.title,
        created_at: record.created_at,
        updated_at: record.updated_at,
        model: record.model,
        messages: record.messages,
    }
}

fn message_view(record: MessageRecord) -> Message {
    Message {
        id: record.id,
        parent_id: record.parent_id,
        role: record.role,
        text: text_of(&record.content),
        reasoning: reasoning_of(&record.content),
        model: record.model,
        provider: record.provider,
        status: record.status,
        usage: record.usage,
        cost_usd: record.cost_usd,
        created_at: record.created_at,
    }
}
