//! A conversation to take along.

use mmp_shared::{
    ApiError, ErrorCode, UserId,
    export::{ExportedConversation, ExportedHead, ExportedMessage, FORMAT, FORMAT_VERSION},
    phrase,
};

use super::Conversations;
use crate::store::records::MessageRecord;

impl Conversations {
    /// A whole conversation as it is at one moment. Messages are only ever added: those that came after the conversation
    /// was read are with it, and its leaf is among them.
    ///
    /// # Errors
    ///
    /// As [`Self::find`].
    pub async fn export(&self, user_id: UserId, reference: &str) -> Result<ExportedConversation, ApiError> {
        let record = self.find(user_id, reference).await?;
        let messages = self.store.messages(user_id, record.id).await?;
        if record.leaf_id.is_some() && messages.is_empty() {
            // It was deleted between the two looks.
            let phrase = phrase!("error-no-such-conversation", reference = reference);
            return Err(ApiError::new(ErrorCode::NotFound, phrase));
        }
        Ok(ExportedConversation {
            format: FORMAT.to_owned(),
            version: FORMAT_VERSION,
            conversation: ExportedHead {
                id: record.id,
                title: record.title,
                system: record.system,
                model: record.model,
                role: record.role,
                pinned: record.pinned,
                archived: record.archived,
                leaf_id: record.leaf_id,
                created_at: record.created_at,
                updated_at: record.updated_at,
            },
            messages: messages.into_iter().map(exported).collect(),
        })
    }
}

fn exported(record: MessageRecord) -> ExportedMessage {
    ExportedMessage {
        id: record.id,
        parent_id: record.parent_id,
        role: record.role,
        content: record.content,
        refusal: record.refusal,
        model: record.model,
        provider: record.provider,
        status: record.status,
        finish_reason: record.finish_reason,
        usage: record.usage,
        cost_usd: record.cost_usd,
        timing: record.timing,
        created_at: record.created_at,
    }
}
