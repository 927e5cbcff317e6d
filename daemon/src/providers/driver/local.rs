//! An answer that nobody need be asked for: pieces that are known, each after its pause.

use std::{collections::VecDeque, time::Duration};

use async_trait::async_trait;
use tokio::time::{Instant, sleep_until};

use crate::providers::{Answering, Delta, ProviderError};

/// The pieces that are left, each with its moment.
#[derive(Debug)]
pub(super) struct LocalAnswer {
    pieces: VecDeque<(Instant, Delta)>,
    failure: Option<ProviderError>,
}

impl LocalAnswer {
    pub(super) fn new(pieces: Vec<(Duration, Delta)>) -> Self {
        let mut at = Instant::now();
        let moments = pieces.into_iter().map(|(pause, delta)| {
            at += pause;
            (at, delta)
        });
        Self { pieces: moments.collect(), failure: None }
    }

    /// The question could not even be put.
    pub(super) const fn failed(error: ProviderError) -> Self {
        Self { pieces: VecDeque::new(), failure: Some(error) }
    }
}

#[async_trait]
impl Answering for LocalAnswer {
    async fn next(&mut self) -> Option<Result<Vec<Delta>, ProviderError>> {
        if let Some(failure) = self.failure.take() {
            return Some(Err(failure));
        }
        let &(due, _) = self.pieces.front()?;
        sleep_until(due).await;
        let now = Instant::now();
        let ready = self.pieces.iter().take_while(|(at, _)| *at <= now).count();
        Some(Ok(self.pieces.drain(..ready.max(1)).map(|(_, delta)| delta).collect()))
    }
}
