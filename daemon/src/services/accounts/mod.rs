//! What changes an account together with all that hangs on it: its logins, its tokens, its runs. Admins' doing, mostly.
//!
//! `erasure.rs` deletes an account with everything that belongs to it, `invites.rs` asks others in.

mod erasure;
mod invites;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use mmp_shared::{
    ApiError,
    users::{PasswordResetRequest, PasswordResetResponse, User, UserCreateRequest, UserPatch},
};

use super::{
    access_tokens::Tokens,
    auth::Auth,
    clock::SharedClock,
    runs::Runs,
    users::{Account, Users},
};
use crate::store::Store;

pub use erasure::{Erased, NOBODY};

/// The service of accounts and of what hangs on them.
pub struct Accounts {
    store: Arc<dyn Store>,
    users: Arc<Users>,
    auth: Arc<Auth>,
    tokens: Arc<Tokens>,
    runs: Arc<Runs>,
    clock: SharedClock,
}

/// Those who help.
pub struct Parts {
    /// Accounts.
    pub users: Arc<Users>,
    /// Logins.
    pub auth: Arc<Auth>,
    /// Access tokens.
    pub tokens: Arc<Tokens>,
    /// Runs.
    pub runs: Arc<Runs>,
}

impl Accounts {
    /// The service over a store.
    pub fn new(store: Arc<dyn Store>, parts: Parts, clock: SharedClock) -> Self {
        let Parts { users, auth, tokens, runs } = parts;
        Self { store, users, auth, tokens, runs, clock }
    }

    /// Makes an account.
    ///
    /// # Errors
    ///
    /// `bad_request` for a name or a password that will not do, `conflict` for what is another's.
    pub async fn create(&self, admin: &Account, request: &UserCreateRequest) -> Result<User, ApiError> {
        let record = self.auth.create_user(admin.id, request).await?;
        self.users.view(&record).await
    }

    /// Changes what is named of an account. One that is disabled is out at once: its logins end, its runs are stopped.
    ///
    /// # Errors
    ///
    /// `not_found`, `bad_request` for a name that is none, `conflict` for what is another's and where no admin would be left.
    pub async fn change(&self, admin: &Account, reference: &str, patch: &UserPatch) -> Result<User, ApiError> {
        let id = self.users.find(reference)?.id;
        let record = self.users.patch(admin.id, id, patch).await?;
        if Users::is_active(&record) {
            self.runs.admit(id);
        } else {
            self.runs.bar(id);
        }
        self.users.view(&record).await
    }

    /// Sets an account's password; all of its logins end.
    ///
    /// # Errors
    ///
    /// `not_found`, `bad_request` for a password that will not do.
    pub async fn reset_password(
        &self,
        admin: &Account,
        reference: &str,
        request: &PasswordResetRequest,
    ) -> Result<PasswordResetResponse, ApiError> {
        let record = self.users.find(reference)?;
        self.auth.reset_password(admin.id, &record, request).await
    }
}
