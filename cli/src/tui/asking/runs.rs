//! Runs: the list of them, and one of them stopped.

use jiff::Timestamp;
use mmp_shared::{ApiError, RunId};

use crate::{client::Client, tui::ask::Told, wanted::Wanted};

/// How many of the latest runs are shown.
const RUNS: usize = 100;

/// Fetches the latest runs.
pub(super) async fn list(client: &Client) -> Result<Told, ApiError> {
    let page = client.runs(&Wanted { limit: Some(RUNS), cursor: None }).await?;
    Ok(Told::Runs(page.items, Timestamp::now()))
}

/// Stops a run.
pub(super) async fn stop(client: &Client, id: RunId) -> Result<Told, ApiError> {
    Ok(Told::RunStopped(Box::new(client.stop_run(&id.to_string()).await?)))
}
