//! Turns of a chat.

use mmp_shared::{
    ApiError,
    chat::{ChatRequest, DetachedResponse},
    dry_run::DryRun,
};

use super::{Body, Client, Request, stream::EventStream, turn::TurnStream};

impl Client {
    /// Says something and listens to the answer.
    pub(crate) async fn chat(&self, request: &ChatRequest) -> Result<EventStream<'_>, ApiError> {
        let request = Request::post("/chat", Body::json(request)).streamed();
        Ok(EventStream::new(self, self.send(&request).await?))
    }

    /// Says something to several models and listens to all of their answers.
    pub(crate) async fn compare(&self, request: &ChatRequest) -> Result<TurnStream<'_>, ApiError> {
        let sent = Request::post("/chat", Body::json(request)).streamed();
        Ok(TurnStream::new(self, self.send(&sent).await?, request.models.len()))
    }

    /// What saying something would send.
    pub(crate) async fn chat_dry_run(&self, request: &ChatRequest) -> Result<DryRun, ApiError> {
        self.fetch(&Request::post("/chat", Body::json(request))).await
    }

    /// Says something and does not wait for the answer.
    pub(crate) async fn chat_detached(&self, request: &ChatRequest) -> Result<DetachedResponse, ApiError> {
        self.fetch(&Request::post("/chat", Body::json(request))).await
    }
}
