//! The catalogue of models.

use mmp_shared::ApiError;

use crate::{client::Client, tui::ask::Told, wanted::Wanted};

/// Fetches the catalogue.
pub(super) async fn list(client: &Client) -> Result<Told, ApiError> {
    let page = client.models(None, &Wanted { limit: None, cursor: None }).await?;
    Ok(Told::Catalogue(page.items))
}
