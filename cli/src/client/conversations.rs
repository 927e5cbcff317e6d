//! Conversations.

use bytes::Bytes;
use mmp_shared::{
    ApiError,
    conversations::{
        Conversation, ConversationChange, ConversationDetail, ConversationQuery, DeletedConversations, NewConversation,
    },
    export::ExportedConversation,
    import::ImportResponse,
    page::Page,
};

use super::{Body, Client, Request, encode};
use crate::wanted::Wanted;

impl Client {
    /// Conversations, the latest first.
    pub(crate) async fn conversations(
        &self,
        narrowed: &ConversationQuery,
        wanted: &Wanted,
    ) -> Result<Page<Conversation>, ApiError> {
        let filter = query_of(narrowed);
        self.filtered_list("/conversations", (!filter.is_empty()).then_some(filter.as_str()), wanted).await
    }

    /// The conversation that was last added to.
    pub(crate) async fn last_conversation(&self) -> Result<Option<Conversation>, ApiError> {
        let page = self.conversations(&ConversationQuery::default(), &Wanted { limit: Some(1), cursor: None }).await?;
        Ok(page.items.into_iter().next())
    }

    /// A conversation with its messages, by its id, the end of it, or its title.
    pub(crate) async fn conversation(&self, reference: &str) -> Result<ConversationDetail, ApiError> {
        self.fetch(&Request::get(path_of(reference))).await
    }

    /// The same with the messages of all branches.
    pub(crate) async fn conversation_tree(&self, reference: &str) -> Result<ConversationDetail, ApiError> {
        self.fetch(&Request::get(format!("{}?tree=true", path_of(reference)))).await
    }

    /// Changes a conversation.
    pub(crate) async fn change_conversation(
        &self,
        reference: &str,
        change: &ConversationChange,
    ) -> Result<Conversation, ApiError> {
        self.fetch(&Request::patch(path_of(reference), Body::json(change))).await
    }

    /// Begins a conversation.
    pub(crate) async fn begin_conversation(&self, new: &NewConversation) -> Result<Conversation, ApiError> {
        self.fetch(&Request::post("/conversations", Body::json(new))).await
    }

    /// Forgets a conversation.
    pub(crate) async fn delete_conversation(&self, reference: &str) -> Result<(), ApiError> {
        self.send(&Request::delete(path_of(reference))).await.map(drop)
    }

    /// Forgets all of them; how many that were.
    pub(crate) async fn delete_conversations(&self) -> Result<u64, ApiError> {
        let deleted: DeletedConversations = self.fetch(&Request::delete("/conversations")).await?;
        Ok(deleted.deleted)
    }

    /// A whole conversation.
    pub(crate) async fn export_conversation(&self, reference: &str) -> Result<ExportedConversation, ApiError> {
        self.fetch(&Request::get(format!("{}/export", path_of(reference)))).await
    }

    /// Takes conversations in, given as JSON each.
    pub(crate) async fn import_conversations(&self, all: &[String]) -> Result<ImportResponse, ApiError> {
        let body = format!("{{\"conversations\":[{}]}}", all.join(","));
        self.fetch(&Request::post("/import", Body::Json(Bytes::from(body)))).await
    }
}

fn path_of(reference: &str) -> String {
    format!("/conversations/{}", encode(reference))
}

/// What narrows a list, as a query.
fn query_of(narrowed: &ConversationQuery) -> String {
    let times = [("after", narrowed.after), ("before", narrowed.before)];
    let texts = [("model", narrowed.model.clone()), ("title", narrowed.title.clone())];
    let texts = texts.into_iter().chain(times.map(|(name, time)| (name, time.map(|time| time.to_string()))));
    let flags = [("pinned", narrowed.pinned), ("archived", narrowed.archived)].into_iter().filter(|(_, is_set)| *is_set);
    texts
        .filter_map(|(name, text)| text.map(|text| format!("{name}={}", encode(&text))))
        .chain(flags.map(|(name, _)| format!("{name}=true")))
        .collect::<Vec<_>>()
        .join("&")
}
