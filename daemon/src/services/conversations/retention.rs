//! Forgetting conversations by their age, for users who want that: hourly at the most, the oldest last read first found by
//! the index of their times. Pinned ones stay. How one is forgotten is `delete`'s.

use jiff::Timestamp;
use mmp_shared::{ApiError, ConversationId, UserId, settings};

use super::Conversations;
use crate::store::{ConversationFilter, PageRequest};

/// How many accounts, and how many conversations, are looked up at once.
const AT_ONCE: usize = 100;

impl Conversations {
    /// Forgets what every user's `retention` wants forgotten. Returns how many conversations that were.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn forget_old(&self) -> Result<u64, ApiError> {
        let (mut after, mut forgotten) = (None, 0);
        loop {
            let users = self.store.users_after(after, AT_ONCE).await?;
            let Some(last) = users.last() else { return Ok(forgotten) };
            after = Some(last.id);
            for user in users {
                forgotten += self.forget_old_of(user.id, Timestamp::now()).await?;
            }
        }
    }

    async fn forget_old_of(&self, user_id: UserId, now: Timestamp) -> Result<u64, ApiError> {
        let values = self.store.settings(user_id).await?.map(|record| record.values).unwrap_or_default();
        let age = values.get(settings::Settings::RETENTION).and_then(|value| settings::age(value));
        // A clock that cannot go back that far has nothing so old.
        let Some(before) = age.and_then(|age| now.checked_sub(age).ok()) else { return Ok(0) };
        let mut forgotten = 0;
        for archived in [false, true] {
            for id in self.last_changed_before(user_id, before, archived).await? {
                forgotten += u64::from(self.forget(user_id, id).await?);
            }
        }
        Ok(forgotten)
    }

    async fn last_changed_before(
        &self,
        user_id: UserId,
        before: Timestamp,
        archived: bool,
    ) -> Result<Vec<ConversationId>, ApiError> {
        let filter = ConversationFilter { archived, before: Some(before), ..ConversationFilter::default() };
        let (mut ids, mut cursor) = (Vec::new(), None);
        loop {
            let page = PageRequest { limit: AT_ONCE, cursor };
            let page = self.store.conversations_where(user_id, filter.clone(), page).await?;
            ids.extend(page.items.into_iter().filter(|record| !record.pinned).map(|record| record.id));
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(ids);
            }
        }
    }
}
