//! Conversations.

use mmp_shared::{
    ApiError,
    conversations::{Conversation, ConversationDetail},
    page::Page,
};

use super::{Client, Request, encode};
use crate::wanted::Wanted;

impl Client {
    /// Conversations, the latest first.
    pub(crate) async fn conversations(&self, wanted: &Wanted) -> Result<Page<Conversation>, ApiError> {
        self.list("/conversations", wanted).await
    }

    /// The conversation that was last added to.
    pub(crate) async fn last_conversation(&self) -> Result<Option<Conversation>, ApiError> {
        let page = self.conversations(&Wanted { limit: Some(1), cursor: None }).await?;
        Ok(page.items.into_iter().next())
    }

    /// A conversation with its messages, by its id, the end of it, or its title.
    pub(crate) async fn conversation(&self, reference: &str) -> Result<ConversationDetail, ApiError> {
        self.fetch(&Request::get(format!("/conversations/{}", encode(reference)))).await
    }
}
