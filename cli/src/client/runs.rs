//! Runs, live and finished.

use mmp_shared::{ApiError, RunId, page::Page, runs::Run};
use reqwest::Response;

use super::{Body, Client, Request, encode, stream::EventStream};
use crate::wanted::Wanted;

impl Client {
    /// Runs, the latest first.
    pub(crate) async fn runs(&self, wanted: &Wanted) -> Result<Page<Run>, ApiError> {
        self.list("/runs", wanted).await
    }

    /// A run, by its id or the end of it.
    pub(crate) async fn run(&self, reference: &str) -> Result<Run, ApiError> {
        self.fetch(&Request::get(format!("/runs/{}", encode(reference)))).await
    }

    /// Stops a run; what it has made so far is kept.
    pub(crate) async fn stop_run(&self, reference: &str) -> Result<Run, ApiError> {
        self.fetch(&Request::post(format!("/runs/{}/stop", encode(reference)), Body::Empty)).await
    }

    /// The run that began last.
    pub(crate) async fn last_run(&self) -> Result<Option<Run>, ApiError> {
        let first = Wanted { limit: Some(1), cursor: None };
        Ok(self.runs(&first).await?.items.into_iter().next())
    }

    /// Listens to a run from an event on, live or finished.
    pub(crate) async fn attach(&self, id: RunId, after: Option<u64>) -> Result<EventStream<'_>, ApiError> {
        Ok(EventStream::joining(self, self.run_events(id, after).await?, id, after))
    }

    /// The events of a run behind an event.
    pub(crate) async fn run_events(&self, id: RunId, last_event_id: Option<u64>) -> Result<Response, ApiError> {
        self.send(&Request::get(format!("/runs/{id}/events")).streamed().behind(last_event_id)).await
    }
}
