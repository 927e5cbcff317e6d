//! What users set for all their terminals.

use std::{collections::BTreeMap, sync::Arc};

use mmp_shared::{ApiError, ErrorCode, UserId, models::Settings, phrase};

use crate::store::{Batch, Entity, Operation, Precondition, Store, StoreError, records::SettingsRecord};

/// The settings that there are.
const NAMES: &[&str] = &[Settings::FALLBACK, Settings::MODEL, Settings::ROLE];

/// The service of settings.
pub struct UserSettings {
    store: Arc<dyn Store>,
}

impl UserSettings {
    /// The service over a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// Everything a user has set.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn all(&self, user_id: UserId) -> Result<Settings, ApiError> {
        let values = self.store.settings(user_id).await?.map(|record| record.values).unwrap_or_default();
        Ok(Settings { values: values.into_iter().map(|(name, value)| (name, Some(value))).collect() })
    }

    /// The value of one setting.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn one(&self, user_id: UserId, name: &str) -> Result<Option<String>, ApiError> {
        Ok(self.store.settings(user_id).await?.and_then(|record| record.values.get(name).cloned()))
    }

    /// Changes the settings that are named; none takes one back.
    ///
    /// # Errors
    ///
    /// `bad_request` for a setting that does not exist, and the store's.
    pub async fn change(&self, user_id: UserId, changes: Settings) -> Result<Settings, ApiError> {
        if let Some(unknown) = changes.values.keys().find(|name| !NAMES.contains(&name.as_str())) {
            let phrase = phrase!("error-unknown-setting", name = unknown);
            return Err(
                ApiError::new(ErrorCode::BadRequest, phrase).with_hint(phrase!("hint-settings", names = NAMES.join(", ")))
            );
        }
        loop {
            let before = self.store.settings(user_id).await?;
            let entity = Entity::Settings(user_id);
            let (version, mut values, precondition) = match before {
                Some(record) => (record.version, record.values, Precondition::Version(entity, record.version)),
                None => (0, BTreeMap::new(), Precondition::Absent(entity)),
            };
            for (name, value) in &changes.values {
                match value {
                    Some(value) => values.insert(name.clone(), value.clone()),
                    None => values.remove(name),
                };
            }
            let record = SettingsRecord { user_id, version: version + 1, values };
            match self.store.commit(Batch::new().require(precondition).then(Operation::PutSettings(record))).await {
                Ok(()) => return self.all(user_id).await,
                // Another terminal of the same user was first: its change is kept, and this one made again on top of it.
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
