//! The account of the OS user at the other end of a Unix socket, and the one that the daemon's own user gets there.

use std::sync::Arc;

use mmp_shared::{ApiError, ErrorCode, audit::AuditKind, phrase, users::AccountRole};

use super::Users;
use crate::{
    security::os_user,
    services::audit,
    store::{Batch, Entity, Operation, Precondition, StoreError, records::UserRecord},
};

impl Users {
    /// The record of the OS user at the other end of a Unix socket. The daemon's own user gets one at the first contact.
    ///
    /// # Errors
    ///
    /// `unauthenticated` for an OS user without an account.
    pub(in crate::services) async fn by_peer(&self, os_user: u32) -> Result<Arc<UserRecord>, ApiError> {
        if let Some(record) = self.directory.by_os_user(os_user) {
            return Ok(record);
        }
        if !self.is_own(os_user) {
            let phrase = phrase!("error-unknown-os-user", user = os_user::name_of(os_user));
            return Err(
                ApiError::new(ErrorCode::Unauthenticated, phrase).with_hint(phrase!("hint-unknown-os-user", os_user = os_user))
            );
        }
        let record = self.make_own().await?;
        self.keep(record.clone());
        Ok(Arc::new(record))
    }

    /// The OS user's account has the OS user's name; where that is another's, or looks like it, with its number.
    async fn make_own(&self) -> Result<UserRecord, ApiError> {
        let name = os_user::name_of(self.own_os_user);
        let numbered = format!("{name}-{}", self.own_os_user);
        for username in [name, numbered.clone()] {
            let record = UserRecord { os_user: Some(self.own_os_user), ..self.fresh(&username, AccountRole::Admin) };
            let line = audit::line(&self.clock, AuditKind::Register, Some(record.id), Some(record.id), Some("peer".into()));
            let batch = Batch::new()
                .require(Precondition::Absent(Entity::OsUser(self.own_os_user)))
                .then(Operation::PutUser(record.clone()))
                .then(line);
            match self.store.commit(batch).await {
                Ok(()) => {
                    tracing::info!(user = %record.id, "the first contact of this OS user made its account");
                    return Ok(record);
                }
                // Another request of the same user was first, or another account has the name.
                Err(StoreError::Conflict(_)) => {
                    if let Some(record) = self.store.user_by_os_user(self.own_os_user).await? {
                        return Ok(record);
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(ApiError::new(ErrorCode::Conflict, phrase!("error-username-taken", username = numbered)))
    }
}
