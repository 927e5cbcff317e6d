//! Roles: instructions by a name, with a model and parameters. What a role does to a turn is the affair of `chat/role`.

use std::sync::Arc;

use jiff::Timestamp;
use mmp_shared::{
    ApiError, ErrorCode, Phrase, UserId,
    page::{LARGEST_PAGE, Page},
    phrase,
    roles::{Role, RoleChange},
    settings::Settings,
};
use unicode_normalization::UnicodeNormalization as _;

use super::{models::Models, params};
use crate::store::{
    Batch, Entity, Operation, Precondition, Store, StoreError,
    records::{RoleRecord, SettingsRecord},
};

/// The most roles of one user: all of them are one page.
const MOST: usize = LARGEST_PAGE;

/// The most characters of a role's name.
const LONGEST_NAME: usize = 64;

/// The longest instructions of a role, in bytes.
const LONGEST_SYSTEM: usize = 64 << 10;

/// How like an unknown name a known one must be to be offered, from 0 to 1.
const LIKENESS: f64 = 0.7;

/// The service of roles.
pub struct Roles {
    store: Arc<dyn Store>,
    models: Arc<Models>,
}

impl Roles {
    /// The service over a store and that of models.
    pub fn new(store: Arc<dyn Store>, models: Arc<Models>) -> Self {
        Self { store, models }
    }

    /// A user's roles, by name.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn list(&self, user_id: UserId) -> Result<Page<Role>, ApiError> {
        let items = self.store.roles(user_id).await?.into_iter().map(view).collect();
        Ok(Page { items, next_cursor: None })
    }

    /// One role.
    ///
    /// # Errors
    ///
    /// `not_found` with the nearest names.
    pub async fn show(&self, user_id: UserId, name: &str) -> Result<Role, ApiError> {
        find(&*self.store, user_id, name).await.map(view)
    }

    /// Makes a role, or changes what is named of one.
    ///
    /// # Errors
    ///
    /// `bad_request` for a name, parameters or a role that make no sense, `model_not_found`, and `too_large` for
    /// instructions that are too long or one role too many.
    pub async fn put(&self, user_id: UserId, name: &str, change: RoleChange) -> Result<Role, ApiError> {
        let name = checked_name(name)?;
        if let Some(Some(model)) = &change.model {
            self.models.check_name(user_id, model).await?;
        }
        loop {
            let before = self.store.role(user_id, &name).await?;
            let entity = Entity::Role(user_id, name.clone());
            let precondition = match &before {
                Some(record) => Precondition::Version(entity, record.version),
                None => Precondition::Absent(entity),
            };
            if before.is_none() && self.store.roles(user_id).await?.len() >= MOST {
                let error = ApiError::new(ErrorCode::TooLarge, phrase!("error-roles-too-many", limit = MOST));
                return Err(error.with_hint(phrase!("hint-roles-too-many")));
            }
            let record = changed(before, user_id, &name, &change)?;
            match self.store.commit(Batch::new().require(precondition).then(Operation::PutRole(record.clone()))).await {
                Ok(()) => return Ok(view(record)),
                // Another terminal was first: its change is kept, and this one made again on top of it.
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Forgets a role; where it is the user's default, that setting too.
    ///
    /// # Errors
    ///
    /// `not_found` with the nearest names.
    pub async fn delete(&self, user_id: UserId, name: &str) -> Result<(), ApiError> {
        loop {
            let role = find(&*self.store, user_id, name).await?;
            let mut batch = Batch::new().then(Operation::DeleteRole(user_id, role.name.clone()));
            let settings = self.store.settings(user_id).await?;
            if let Some(mut settings) = settings.filter(|settings| settings.values.get(Settings::ROLE) == Some(&role.name)) {
                settings.values.remove(Settings::ROLE);
                let unchanged = Precondition::Version(Entity::Settings(user_id), settings.version);
                let record = SettingsRecord { version: settings.version + 1, ..settings };
                batch = batch.require(unchanged).then(Operation::PutSettings(record));
            }
            match self.store.commit(batch).await {
                Ok(()) => return Ok(()),
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// A user's role of this name.
///
/// # Errors
///
/// `not_found` with the nearest names.
pub(super) async fn find(store: &dyn Store, user_id: UserId, name: &str) -> Result<RoleRecord, ApiError> {
    let name: String = name.nfc().collect();
    if let Some(record) = store.role(user_id, &name).await? {
        return Ok(record);
    }
    let names: Vec<String> = store.roles(user_id).await?.into_iter().map(|role| role.name).collect();
    Err(not_found(&name, &names))
}

fn not_found(name: &str, names: &[String]) -> ApiError {
    let error = ApiError::new(ErrorCode::NotFound, phrase!("error-no-such-role", name = name));
    let mut near: Vec<(f64, &String)> = names
        .iter()
        .map(|known| (strsim::jaro_winkler(&name.to_lowercase(), &known.to_lowercase()), known))
        .filter(|(likeness, _)| *likeness > LIKENESS)
        .collect();
    near.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    if near.is_empty() {
        return error.with_hint(phrase!("hint-roles-list"));
    }
    let names: Vec<String> = near.into_iter().take(3).map(|(_, known)| format!("`{known}`")).collect();
    error.with_hint(phrase!("hint-nearest-roles", names = names.join(", ")))
}

/// A name as it is kept: letters and digits of any script, and `-`, `_`, `.` behind the first.
fn checked_name(name: &str) -> Result<String, ApiError> {
    let name: String = name.nfc().collect();
    let is_name = name.starts_with(char::is_alphanumeric)
        && name.chars().count() <= LONGEST_NAME
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if is_name {
        return Ok(name);
    }
    Err(bad(phrase!("error-role-name", name = name)).with_hint(phrase!("hint-role-name", limit = LONGEST_NAME)))
}

/// The role after a change, checked as far as it can be by itself.
fn changed(before: Option<RoleRecord>, user_id: UserId, name: &str, change: &RoleChange) -> Result<RoleRecord, ApiError> {
    let now = Timestamp::now();
    let mut record = before.unwrap_or_else(|| RoleRecord {
        user_id,
        name: name.to_owned(),
        version: 0,
        system: None,
        model: None,
        params: mmp_shared::chat::Params::default(),
        created_at: now,
        updated_at: now,
    });
    (record.version, record.updated_at) = (record.version + 1, now);
    if let Some(system) = &change.system {
        record.system = system.clone().filter(|text| !text.trim().is_empty());
    }
    if let Some(model) = &change.model {
        record.model = model.clone().filter(|name| !name.is_empty());
    }
    if let Some(asked) = &change.params {
        record.params = params::changed(record.params, asked.as_ref())?;
    }
    let size = record.system.as_ref().map_or(0, String::len);
    if size > LONGEST_SYSTEM {
        let phrase = phrase!("error-role-too-large", size = size, limit = LONGEST_SYSTEM);
        return Err(ApiError::new(ErrorCode::TooLarge, phrase).with_hint(phrase!("hint-role-too-large")));
    }
    if record.system.is_none() && record.model.is_none() && record.params.is_empty() {
        return Err(bad(phrase!("error-role-empty", name = name)).with_hint(phrase!("hint-role-empty")));
    }
    Ok(record)
}

fn view(record: RoleRecord) -> Role {
    Role {
        name: record.name,
        system: record.system,
        model: record.model,
        params: record.params,
        created_at: record.created_at,
        updated_at: record.updated_at,
    }
}

fn bad(phrase: Phrase) -> ApiError {
    ApiError::new(ErrorCode::BadRequest, phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_word_of_any_script() {
        for name in ["reviewer", "翻译", "a.b-c_d", "Übersetzer", "2nd"] {
            assert_eq!(checked_name(name).as_deref(), Ok(name));
        }
        let long = "x".repeat(LONGEST_NAME + 1);
        for name in ["", " ", "a b", "-a", ".", "..", "a/b", "a\n", "a\u{1b}[31m", "a,b", "\u{202e}a", &long] {
            assert_eq!(checked_name(name).map_err(|error| error.code), Err(ErrorCode::BadRequest), "{name:?}");
        }
        assert_eq!(checked_name("u\u{308}").as_deref(), Ok("ü"), "one name, however it is typed");
    }

    #[test]
    fn an_unknown_role_is_told_with_the_nearest() {
        let names = ["reviewer".to_owned(), "poet".to_owned()];
        let hint = not_found("Reveiwer", &names).hint.expect("a hint");
        assert!(hint.contains("`reviewer`") && !hint.contains("poet"), "{hint}");
        assert!(not_found("zz", &names).hint.expect("a hint").contains("mmp roles list"));
    }
}
