//! Changing what a conversation is: its title, its shelf, and which branch is the current one.

use mmp_shared::{
    ApiError, ConversationId, ErrorCode, MessageId, UserId,
    conversations::{Conversation, ConversationChange},
    phrase,
};

use super::{Conversations, no_message, tree, view};
use crate::services::on_one_line;
use crate::store::{
    Batch, Entity, Operation, Precondition, StoreError,
    records::{ConversationRecord, MessageRecord},
};

/// The most characters of a title that somebody gives.
const LONGEST_TITLE: usize = 200;

/// The end of the branch that is to be the current one, and the model that wrote it where that is to go on.
struct Leaf {
    id: MessageId,
    model: Option<String>,
}

impl Conversations {
    /// Changes what is named.
    ///
    /// # Errors
    ///
    /// As [`Self::find`]; `bad_request` for a title that says nothing or too much, or two branches at once; `not_found` for
    /// a message of another conversation.
    pub async fn change(&self, user_id: UserId, reference: &str, change: ConversationChange) -> Result<Conversation, ApiError> {
        if change.leaf_id.is_some() && change.pick.is_some() {
            return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-two-branches")));
        }
        let title = change.title.as_deref().map(clean_title).transpose()?;
        let mut record = self.find(user_id, reference).await?;
        let id = record.id;
        let leaf = self.wanted_leaf(&record, &change).await?;
        loop {
            let version = record.version;
            record.version += 1;
            record.title = title.clone().unwrap_or(record.title);
            record.pinned = change.pinned.unwrap_or(record.pinned);
            record.archived = change.archived.unwrap_or(record.archived);
            if let Some(leaf) = &leaf {
                record.leaf_id = Some(leaf.id);
                // Whoever picks an answer goes on with the model that gave it.
                record.model = leaf.model.clone().or(record.model);
            }
            let batch = Batch::new()
                .require(Precondition::Version(Entity::Conversation(id), version))
                .then(Operation::PutConversation(record.clone()));
            match self.store.commit(batch).await {
                Ok(()) => return Ok(view(record)),
                // Something else was first: its change is kept, and this one made again on top of it.
                Err(StoreError::Conflict(_)) => record = self.by_id(user_id, id).await?,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Gives a conversation another title, where it still has this one.
    ///
    /// # Errors
    ///
    /// The store's; `not_found` where it was deleted.
    pub async fn entitle(&self, user_id: UserId, id: ConversationId, from: &str, to: String) -> Result<(), ApiError> {
        loop {
            let record = self.by_id(user_id, id).await?;
            if record.title != from {
                return Ok(());
            }
            let batch = Batch::new().require(Precondition::Version(Entity::Conversation(id), record.version)).then(
                Operation::PutConversation(ConversationRecord { version: record.version + 1, title: to.clone(), ..record }),
            );
            match self.store.commit(batch).await {
                Err(StoreError::Conflict(_)) => {}
                committed => return committed.map_err(ApiError::from),
            }
        }
    }

    async fn wanted_leaf(&self, record: &ConversationRecord, change: &ConversationChange) -> Result<Option<Leaf>, ApiError> {
        match (change.leaf_id, change.pick) {
            (Some(leaf), _) => {
                let id = self.message_of(record.user_id, record.id, leaf).await?;
                Ok(Some(Leaf { id, model: None }))
            }
            (None, Some(picked)) => {
                let messages = self.store.messages(record.user_id, record.id).await?;
                let id = tree::newest_leaf(&messages, picked).ok_or_else(|| no_message(picked))?;
                let leaf = messages.iter().find(|message| message.id == id);
                let model = leaf.and_then(MessageRecord::model_name);
                Ok(Some(Leaf { id, model }))
            }
            (None, None) => Ok(None),
        }
    }

    async fn message_of(&self, user_id: UserId, id: ConversationId, message: MessageId) -> Result<MessageId, ApiError> {
        let found = self.store.message(user_id, message).await?.filter(|found| found.conversation_id == id);
        found.map(|found| found.id).ok_or_else(|| no_message(message))
    }
}

/// A title on one line.
pub(super) fn clean_title(title: &str) -> Result<String, ApiError> {
    let clean = on_one_line(title.trim());
    let length = clean.chars().count();
    if length == 0 {
        return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-empty-title")));
    }
    if length > LONGEST_TITLE {
        let phrase = phrase!("error-long-title", length = length, limit = LONGEST_TITLE);
        return Err(ApiError::new(ErrorCode::BadRequest, phrase));
    }
    Ok(clean)
}
