//! Turns of a chat.

use mmp_shared::{
    ApiError,
    chat::{ChatRequest, DetachedResponse},
};

use super::{Body, Client, Request, stream::EventStream};

impl Client {
    /// Says something and listens to the answer.
    pub(crate) async fn chat(&self, request: &ChatRequest) -> Result<EventStream<'_>, ApiError> {
        let request = Request::post("/chat", Body::json(request)).streamed();
        Ok(EventStream::new(self, self.send(&request).await?))
    }

    /// Says something and does not wait for the answer.
    pub(crate) async fn chat_detached(&self, request: &ChatRequest) -> Result<DetachedResponse, ApiError> {
        self.fetch(&Request::post("/chat", Body::json(request))).await
    }
}
