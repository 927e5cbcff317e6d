//! What there is to know of the files.

use std::sync::Arc;

use async_trait::async_trait;

use super::{SledStore, errors::from_sled, off_the_async_threads};
use crate::store::{Result, StoreAbout, Upkeep};

#[async_trait]
impl Upkeep for SledStore {
    async fn about(&self) -> Result<StoreAbout> {
        self.read(|tree| tree.first().map(drop).map_err(from_sled)).await?;
        let handle = Arc::clone(&self.handle);
        off_the_async_threads(move || handle.about()).await
    }
}
