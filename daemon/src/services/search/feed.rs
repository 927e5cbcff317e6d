//! The index follows the store: what was done to messages is read by position and told to the index, which writes it in
//! the background, at most two seconds or a thousand messages apart. Nothing that stores a message waits for any of this.

use std::{sync::Arc, time::Duration};

use mmp_shared::{ApiError, message::text_of};
use tokio::time::{sleep, timeout};

use super::Search;
use crate::{
    search::{Change, Document, Reached},
    store::records::{MessageChange, MessageRecord},
};

/// How many changes are read at once.
const CHUNK: usize = 200;

/// How many changes may be in memory alone.
const MOST_WAITING: usize = 1_000;

/// How far behind the index may be for a search to tell it the rest first.
const A_LITTLE: u64 = 1_000;

/// How long after a change the index is written: others join it.
const GATHERING: Duration = Duration::from_secs(1);

/// How long nothing must happen for the index to let go of its memory.
const IDLE: Duration = Duration::from_secs(10);

/// How long after a failure it is tried again.
const RETRY: Duration = Duration::from_secs(2);

impl Search {
    /// Follows the store until the process ends.
    pub async fn keep_up(self: Arc<Self>) {
        let mut position = self.store.message_position();
        if let Err(error) = self.check_origin().await {
            tracing::warn!(%error, "it is not known whether the search index belongs to this store");
        }
        loop {
            position.borrow_and_update();
            if let Err(error) = self.feed().await {
                tracing::warn!(code = error.code.as_str(), error = error.message, "the search index does not follow the store");
                sleep(RETRY).await;
                continue;
            }
            let changed = async {
                tokio::select! {
                    changed = position.changed() => changed.is_ok(),
                    () = self.wake.notified() => true,
                }
            };
            tokio::pin!(changed);
            let goes_on = match timeout(IDLE, &mut changed).await {
                Ok(goes_on) => goes_on,
                Err(_) => {
                    self.index.rest().await;
                    changed.await
                }
            };
            if !goes_on {
                return;
            }
            sleep(GATHERING).await;
        }
    }

    /// Throws away an index of another store, or of this one as it was before a backup took its place.
    async fn check_origin(&self) -> Result<(), ApiError> {
        let Ok(Reached { written: Some((position, message_id)), .. }) = self.index.reached().await else { return Ok(()) };
        let there = self.store.message_changes(position.saturating_sub(1), 1).await?;
        let is_other = there.first().is_none_or(|change| change.position == position && change.message_id != message_id);
        if is_other {
            tracing::warn!("the search index belongs to another store: it is built anew");
            self.index.clear().await?;
        }
        Ok(())
    }

    /// Tells the index everything that it does not know, and has it write all.
    async fn feed(&self) -> Result<(), ApiError> {
        loop {
            let is_done = !self.feed_some().await?;
            if is_done || self.index.waiting().await >= MOST_WAITING {
                self.index.write().await?;
            }
            if is_done {
                return Ok(());
            }
        }
    }

    /// Makes sure that nothing is left in the index's files of messages that were deleted before. Waits for it.
    ///
    /// # Errors
    ///
    /// The store's, and `storage_failed` where the index cannot be written.
    pub async fn purge(&self) -> Result<(), ApiError> {
        self.feed().await?;
        self.index.purge().await?;
        self.index.rest().await;
        Ok(())
    }

    /// Tells the index the next changes. Returns whether there were any.
    async fn feed_some(&self) -> Result<bool, ApiError> {
        let after = self.index.reached().await?.position;
        if after >= self.last_position() {
            return Ok(false);
        }
        let changes = self.store.message_changes(after, CHUNK).await?;
        let is_some = !changes.is_empty();
        self.index.add(after, changes.into_iter().map(change).collect()).await?;
        Ok(is_some)
    }

    /// Tells the index what was stored last, if that is not much. Returns about how many changes it does not know then.
    pub(super) async fn catch_up_a_little(&self) -> Result<u64, ApiError> {
        let behind = async || Ok::<_, ApiError>(self.last_position().saturating_sub(self.index.reached().await?.position));
        if behind().await? <= A_LITTLE {
            while self.feed_some().await? {}
        }
        behind().await
    }

    fn last_position(&self) -> u64 {
        *self.store.message_position().borrow()
    }
}

fn change(change: MessageChange) -> Change {
    let document = change.message.map(document).filter(|document| !document.text.trim().is_empty());
    Change { position: change.position, message_id: change.message_id, document }
}

fn document(message: MessageRecord) -> Document {
    Document {
        user_id: message.user_id,
        conversation_id: message.conversation_id,
        role: message.role,
        models: names(message.provider.as_deref(), message.model.as_deref()),
        at: message.created_at,
        text: text_of(&message.content),
    }
}

/// What wrote a message: its provider, its model, and both.
fn names(provider: Option<&str>, model: Option<&str>) -> Vec<String> {
    let both = provider.zip(model).map(|(provider, model)| format!("{provider}/{model}"));
    [provider.map(str::to_owned), model.map(str::to_owned), both].into_iter().flatten().map(|name| name.to_lowercase()).collect()
}
