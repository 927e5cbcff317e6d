//! Conversations and their messages, as their owner sees them: listed, found and shown here, changed in `change`, begun in
//! `begin`, forgotten in `delete`, taken along in `export` and taken in in `import`. `tree` knows what branches are.

mod begin;
mod change;
mod delete;
mod export;
mod import;
mod retention;
mod tree;

use std::sync::Arc;

use mmp_shared::{
    ApiError, ConversationId, ErrorCode, MessageId, UserId,
    conversations::{Conversation, ConversationDetail, ConversationQuery, Message},
    message::{images_of, reasoning_of, text_of},
    page::{Page, PageQuery},
    phrase,
};

pub(super) use super::pages::page_request;
use super::{
    references::{MOST_CANDIDATES, only, suffix_of},
    runs::Runs,
};
use crate::store::{
    ConversationFilter, Store,
    records::{ConversationRecord, MessageRecord},
};

/// The service of conversations.
pub struct Conversations {
    store: Arc<dyn Store>,
    runs: Arc<Runs>,
}

impl Conversations {
    /// The service over a store, and the runs that end with their conversations.
    pub fn new(store: Arc<dyn Store>, runs: Arc<Runs>) -> Self {
        Self { store, runs }
    }

    /// A page of a user's conversations, the last changed first. One that is narrowed by times or by a title may be short.
    ///
    /// # Errors
    ///
    /// `bad_request` for a cursor of another list, and the store's.
    pub async fn list(&self, user_id: UserId, query: ConversationQuery) -> Result<Page<Conversation>, ApiError> {
        let ConversationQuery { limit, cursor, model, after, before, title, pinned, archived } = query;
        let filter = ConversationFilter { archived, pinned, model, after, before, title };
        let page = self.store.conversations_where(user_id, filter, page_request(PageQuery { limit, cursor })).await?;
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

    /// A conversation with the messages along its current branch, or with every one.
    ///
    /// # Errors
    ///
    /// As [`Self::find`].
    pub async fn show(&self, user_id: UserId, reference: &str, whole: bool) -> Result<ConversationDetail, ApiError> {
        let record = self.find(user_id, reference).await?;
        let (leaf_id, messages) = match whole {
            false => (None, self.branch(&record, record.leaf_id).await?),
            true => (record.leaf_id, self.store.messages(user_id, record.id).await?),
        };
        Ok(ConversationDetail { conversation: view(record), leaf_id, messages: messages.into_iter().map(message_view).collect() })
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
        tree::branch(messages, leaf).ok_or_else(|| no_message(leaf))
    }
}

fn no_message(id: MessageId) -> ApiError {
    ApiError::new(ErrorCode::NotFound, phrase!("error-no-such-message", reference = id))
}

fn view(record: ConversationRecord) -> Conversation {
    Conversation {
        id: record.id,
        title: record.title,
        created_at: record.created_at,
        updated_at: record.updated_at,
        model: record.model,
        messages: record.messages,
        pinned: record.pinned,
        archived: record.archived,
    }
}

fn message_view(record: MessageRecord) -> Message {
    Message {
        id: record.id,
        parent_id: record.parent_id,
        role: record.role,
        text: text_of(&record.content),
        images: images_of(&record.content).map(Into::into).collect(),
        reasoning: reasoning_of(&record.content),
        model: record.model,
        provider: record.provider,
        status: record.status,
        usage: record.usage,
        cost_usd: record.cost_usd,
        timing: record.timing,
        created_at: record.created_at,
    }
}
