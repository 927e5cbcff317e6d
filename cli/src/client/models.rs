//! Models.

use mmp_shared::{ApiError, models::Model, page::Page};

use super::{Client, Request, encode};
use crate::wanted::Wanted;

impl Client {
    /// The models that can be asked.
    pub(crate) async fn models(&self, wanted: &Wanted) -> Result<Page<Model>, ApiError> {
        self.list("/models", wanted).await
    }

    /// A model, by any of its names.
    pub(crate) async fn model(&self, name: &str) -> Result<Model, ApiError> {
        self.fetch(&Request::get(format!("/models/{}", encode(name)))).await
    }
}
