//! The caller's own account: shown, and changed.

use mmp_shared::{
    ApiError, ErrorCode, phrase,
    users::{Profile, ProfilePatch, WhoAmI},
};

use super::{Account, Users, words};
use crate::security::username::Username;

/// The most characters of what an account wants to be called.
const LONGEST_DISPLAY_NAME: usize = 100;

impl Users {
    /// The caller's own account.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn profile(&self, account: &Account) -> Result<Profile, ApiError> {
        let record = self.find(&account.id.to_string())?;
        Ok(Profile {
            whoami: WhoAmI { username: record.username.clone(), ..account.whoami() },
            display_name: record.display_name.clone(),
            has_password: self.store.password(account.id).await?.is_some(),
            os_user: record.os_user,
            created_at: record.created_at,
        })
    }

    /// Changes what is named of the caller's own account.
    ///
    /// # Errors
    ///
    /// `bad_request` for a name that is none, `conflict` for one that is another's or looks like it.
    pub async fn change_profile(&self, account: &Account, patch: ProfilePatch) -> Result<Profile, ApiError> {
        let username = patch.username.as_deref().map(|name| Username::parse(name).map_err(words::of_name)).transpose()?;
        if let Some(Some(name)) = &patch.display_name {
            check_display_name(name)?;
        }
        self.change(account.id, |record, lines| {
            if let Some(username) = &username {
                self.rename(record, username, account.id, lines);
            }
            if let Some(name) = &patch.display_name {
                record.display_name.clone_from(name);
            }
            Ok(None)
        })
        .await?;
        self.profile(account).await
    }
}

fn check_display_name(name: &str) -> Result<(), ApiError> {
    if name.trim().is_empty() || name.chars().count() > LONGEST_DISPLAY_NAME || name.contains(char::is_control) {
        let phrase = phrase!("error-display-name", limit = LONGEST_DISPLAY_NAME);
        return Err(ApiError::new(ErrorCode::BadRequest, phrase));
    }
    Ok(())
}
