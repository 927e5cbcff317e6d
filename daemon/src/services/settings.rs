//! What users set for all their terminals.

use std::{collections::BTreeMap, sync::Arc};

use mmp_shared::{
    ApiError, ErrorCode, UserId, phrase,
    settings::{SETTINGS, Settings, find_setting},
};

use crate::store::{Batch, Entity, Operation, Precondition, Store, StoreError, records::SettingsRecord};

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
    /// `bad_request` for a setting that does not exist or a value that it does not take, and the store's.
    pub async fn change(&self, user_id: UserId, changes: Settings) -> Result<Settings, ApiError> {
        for (name, value) in &changes.values {
            check(name, value.as_deref())?;
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

/// Whether there is such a setting, and whether it takes the value.
fn check(name: &str, value: Option<&str>) -> Result<(), ApiError> {
    let Some(setting) = find_setting(name) else {
        let names = SETTINGS.iter().map(|setting| setting.name).collect::<Vec<_>>().join(", ");
        let error = ApiError::new(ErrorCode::BadRequest, phrase!("error-unknown-setting", name = name));
        return Err(error.with_hint(phrase!("hint-settings", names = names)));
    };
    match value {
        Some(value) if !setting.kind.takes(value) => {
            let error = ApiError::new(ErrorCode::BadRequest, phrase!("error-setting-value", name = name, value = value));
            Err(error.with_hint(phrase!("hint-setting-value", example = setting.kind.example())))
        }
        _ => Ok(()),
    }
}
