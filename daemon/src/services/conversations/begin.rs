//! Beginning a conversation before anything is asked in it: an empty one, or one that goes on from a message of another.

use std::collections::HashMap;

use jiff::Timestamp;
use mmp_shared::{
    ApiError, ConversationId, ErrorCode, MessageId, UserId,
    conversations::{Conversation, NewConversation},
    phrase,
};

use super::{Conversations, change::clean_title, no_message, view};
use crate::store::{
    Batch, Operation,
    records::{ConversationRecord, MessageRecord},
};

impl Conversations {
    /// Begins one.
    ///
    /// # Errors
    ///
    /// `bad_request` for a title that says nothing or too much, or none where there is no message to take one from;
    /// `not_found` for a message that is not the caller's.
    pub async fn begin(&self, user_id: UserId, new: NewConversation) -> Result<Conversation, ApiError> {
        let title = new.title.as_deref().map(clean_title).transpose()?;
        let origin = match new.from_message_id {
            Some(id) => Some(self.origin(user_id, id).await?),
            None => None,
        };
        let Some(title) = title.or_else(|| origin.as_ref().map(|(record, _)| record.title.clone())) else {
            return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-empty-title")));
        };
        let (source, branch) = origin.map_or((None, Vec::new()), |(record, branch)| (Some(record), branch));
        let now = Timestamp::now();
        let role = source.as_ref().and_then(|source| source.role.clone());
        let mut record = ConversationRecord {
            id: ConversationId::generate(),
            user_id,
            version: 1,
            title,
            system: new.system.or_else(|| source.as_ref().and_then(|source| source.system.clone())),
            model: source.and_then(|source| source.model),
            leaf_id: None,
            messages: 0,
            role,
            pinned: false,
            archived: false,
            created_at: now,
            updated_at: now,
        };
        let copies = copied(branch, record.id);
        record.leaf_id = copies.last().map(|message| message.id);
        record.messages = copies.len() as u64;
        let operations = copies.into_iter().map(Operation::PutMessage).chain([Operation::PutConversation(record.clone())]);
        self.store.commit(Batch { preconditions: Vec::new(), operations: operations.collect() }).await?;
        Ok(view(record))
    }

    /// The conversation of a message, and the branch that leads to it.
    async fn origin(&self, user_id: UserId, id: MessageId) -> Result<(ConversationRecord, Vec<MessageRecord>), ApiError> {
        let message = self.store.message(user_id, id).await?.ok_or_else(|| no_message(id))?;
        let record = self.by_id(user_id, message.conversation_id).await?;
        let branch = self.branch(&record, Some(id)).await?;
        Ok((record, branch))
    }
}

/// The messages of a branch with ids of their own. The runs that made them stay with the originals.
fn copied(branch: Vec<MessageRecord>, conversation_id: ConversationId) -> Vec<MessageRecord> {
    let ids: HashMap<_, _> = branch.iter().map(|message| (message.id, MessageId::generate())).collect();
    let copy = |message: MessageRecord| MessageRecord {
        id: ids[&message.id],
        parent_id: message.parent_id.and_then(|parent| ids.get(&parent).copied()),
        conversation_id,
        run_id: None,
        ..message
    };
    branch.into_iter().map(copy).collect()
}
