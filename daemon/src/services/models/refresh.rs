//! Providers' own lists of models, fetched and kept.

use std::collections::HashSet;

use jiff::Timestamp;
use mmp_shared::{ApiError, UserId, models::RefreshResponse};

use super::Models;
use crate::store::{Batch, Operation, records::ModelListRecord};

impl Models {
    /// Asks a provider for its models, keeps the list, and says what is new.
    ///
    /// # Errors
    ///
    /// `not_found` for a provider that there is not, `no_key` where it wants one, and whatever the provider says.
    pub async fn refresh(&self, user_id: UserId, provider: &str) -> Result<RefreshResponse, ApiError> {
        let provider = self.providers.find(user_id, provider).await?;
        let mut models = self.providers.models_of(user_id, &provider).await?;
        models.retain(|model| model.chats);
        let view = self.view(user_id).await?;
        let known: HashSet<&str> = match view.catalogue.list(&provider.name) {
            Some(list) => list.models.iter().map(|model| model.id.as_str()).collect(),
            // What a first list is compared with is what came with mmp.
            None => {
                view.catalogue.entries().iter().filter(|entry| entry.provider == provider.name).map(|entry| &*entry.id).collect()
            }
        };
        let listed: HashSet<&str> = models.iter().map(|model| model.id.as_str()).collect();
        let response = RefreshResponse {
            provider: provider.name.clone(),
            models: models.len(),
            added: models.iter().map(|model| &*model.id).filter(|id| !known.contains(id)).map(str::to_owned).collect(),
            removed: sorted(known.iter().filter(|id| !listed.contains(*id)).map(|id| (*id).to_owned()).collect()),
        };
        let record = ModelListRecord { user_id, provider: provider.name, models, listed_at: Timestamp::now() };
        self.store.commit(Batch::new().then(Operation::PutModelList(record))).await?;
        self.catalogues.changed(Some(user_id));
        Ok(response)
    }
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}
