//! Runs, live and finished.

use mmp_shared::{ApiError, RunId, page::Page, runs::Run};
use reqwest::Response;

use super::{Body, Client, Request, encode};
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

    /// The events of a run behind an event.
    pub(crate) async fn run_events(&self, id: RunId, last_event_id: Option<u64>) -> Result<Response, ApiError> {
        self.send(&Request::get(format!("/runs/{id}/events")).streamed().behind(last_event_id)).await
    }
}
