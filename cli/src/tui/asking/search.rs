//! Searches.

use jiff::Timestamp;
use mmp_shared::{ApiError, search::SearchOrder};

use crate::{client::Client, tui::ask::Told, wanted::Wanted};

/// How many messages a page holds.
const PAGE: usize = 50;

/// Looks for messages.
pub(super) async fn search(client: &Client, query: &str, order: SearchOrder, cursor: Option<String>) -> Result<Told, ApiError> {
    let page = client.search(query, order, &Wanted { limit: Some(PAGE), cursor }).await?;
    Ok(Told::Found(page, Timestamp::now()))
}
