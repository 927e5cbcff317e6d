//! What there is to know of the files.

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    SledStore,
    copy::{self, Tap},
    errors::from_sled,
    migrate, off_the_async_threads,
};
use crate::store::{CopySink, Result, StoreAbout, Upkeep};

#[async_trait]
impl Upkeep for SledStore {
    async fn about(&self) -> Result<StoreAbout> {
        self.read(|tree| tree.first().map(drop).map_err(from_sled)).await?;
        let handle = Arc::clone(&self.handle);
        off_the_async_threads(move || handle.about()).await
    }

    fn shape(&self) -> u32 {
        migrate::SCHEMA
    }

    async fn copy(&self, mut sink: CopySink) -> Result<()> {
        let tap = Arc::new(Tap::default());
        self.writer.tell(&tap).await?;
        let (handle, walked) = (Arc::clone(&self.handle), Arc::clone(&tap));
        let (goes_on, mut sink) =
            off_the_async_threads(move || copy::walk(&handle, &walked, &mut sink).map(|goes_on| (goes_on, sink))).await?;
        if !goes_on {
            return Ok(());
        }
        // Once the writer has come to this, whatever the walk has seen was told, as a whole.
        self.writer.recover().await?;
        off_the_async_threads(move || copy::drain(&tap, &mut sink).map(drop)).await
    }
}
