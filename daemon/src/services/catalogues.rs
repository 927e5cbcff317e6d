//! Each user's catalogue, kept in memory: the store is read when a user is first met and after a change, not at every
//! turn. What lies over what is `catalogue`'s; changing it is the services' of models and providers, which say so here.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use mmp_shared::{ApiError, UserId};

use super::user_provider::UserProvider;
use crate::{
    catalogue::{Catalogue, Listed, Overlay, Who},
    store::{
        Store,
        records::{ModelConfigRecord, ModelListRecord},
    },
};

/// How many users' catalogues are kept.
const MOST_KEPT: usize = 256;

/// The catalogues of all users.
pub struct Catalogues {
    store: Arc<dyn Store>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Counts up at every change, so that what was read before one is not kept after it.
    changes: u64,
    of_users: HashMap<UserId, Arc<Catalogue>>,
}

impl Catalogues {
    /// The catalogues over a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, kept: Mutex::default() }
    }

    /// The catalogue of a user who has these providers.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn of(&self, user_id: UserId, providers: &[UserProvider]) -> Result<Arc<Catalogue>, ApiError> {
        let added: Vec<String> =
            providers.iter().filter(|provider| provider.is_added()).map(|found| found.name.clone()).collect();
        let changes = {
            let kept = self.kept();
            if let Some(catalogue) = kept.of_users.get(&user_id).filter(|catalogue| catalogue.added() == added) {
                return Ok(Arc::clone(catalogue));
            }
            kept.changes
        };
        let (of_admin, of_user) = (self.store.model_configs(None).await?, self.store.model_configs(Some(user_id)).await?);
        let lists: Vec<Listed> = self.store.model_lists(user_id).await?.into_iter().map(listed).collect();
        let overlays: Vec<Overlay> = of_admin.into_iter().chain(of_user).map(overlay).collect();
        let catalogue = Arc::new(Catalogue::new(&added, lists, &overlays));
        let mut kept = self.kept();
        if kept.changes == changes {
            if kept.of_users.len() >= MOST_KEPT {
                kept.of_users.clear();
            }
            kept.of_users.insert(user_id, Arc::clone(&catalogue));
        }
        Ok(catalogue)
    }

    /// Notes a change: of one user's catalogue, or with none of everyone's.
    pub fn changed(&self, user_id: Option<UserId>) {
        let mut kept = self.kept();
        kept.changes += 1;
        match user_id {
            Some(user_id) => drop(kept.of_users.remove(&user_id)),
            None => kept.of_users.clear(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

fn listed(record: ModelListRecord) -> Listed {
    Listed { provider: record.provider, models: record.models, at: record.listed_at }
}

fn overlay(record: ModelConfigRecord) -> Overlay {
    Overlay {
        who: if record.owner.is_some() { Who::User } else { Who::Admin },
        provider: record.provider,
        id: record.model,
        enabled: record.enabled,
        aliases: record.aliases,
        context_window: record.context_window,
        max_output: record.max_output,
        price: record.price,
        params: record.params,
    }
}
