//! Servers of models on the daemon's machine.

use mmp_shared::{ApiError, page::Page, servers::FoundServer};

use super::{Client, Request};

impl Client {
    /// The servers that answer now.
    pub(crate) async fn servers(&self) -> Result<Page<FoundServer>, ApiError> {
        self.fetch(&Request::get("/servers")).await
    }
}
