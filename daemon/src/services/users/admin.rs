//! What admins do to accounts: list and show, make, change, disable. There is always one admin left who can.

use std::sync::Arc;

use mmp_shared::{
    ApiError, ErrorCode, UserId,
    audit::AuditKind,
    page::{Page, PageQuery},
    phrase,
    users::{AccountRole, User, UserPatch},
};

use super::{Users, words};
use crate::{
    security::username::Username,
    services::{audit, conversations::page_request},
    store::{Entity, Operation, Precondition, records::UserRecord},
};

impl Users {
    /// A page of all accounts, the oldest first.
    ///
    /// # Errors
    ///
    /// `bad_request` for a cursor of another list, and the store's.
    pub async fn list(&self, query: PageQuery) -> Result<Page<User>, ApiError> {
        let page = page_request(query);
        let bad = |_| ApiError::from(crate::store::StoreError::BadCursor);
        let after = page.cursor.as_deref().map(str::parse::<UserId>).transpose().map_err(bad)?;
        let mut records = self.store.users_after(after, page.limit + 1).await?;
        let has_more = records.len() > page.limit;
        records.truncate(page.limit);
        let next_cursor = records.last().filter(|_| has_more).map(|last| last.id.to_string());
        let mut items = Vec::with_capacity(records.len());
        for record in &records {
            items.push(self.view(record).await?);
        }
        Ok(Page { items, next_cursor })
    }

    /// One account.
    ///
    /// # Errors
    ///
    /// `not_found` where there is none.
    pub async fn show(&self, reference: &str) -> Result<User, ApiError> {
        let record = self.find(reference)?;
        self.view(&record).await
    }

    /// Changes what is named of an account, all of it or nothing.
    ///
    /// # Errors
    ///
    /// `not_found`, `bad_request` for a name that is none, `conflict` for what is another's and where no admin would be left.
    pub(in crate::services) async fn patch(&self, actor: UserId, id: UserId, patch: &UserPatch) -> Result<UserRecord, ApiError> {
        let username = patch.username.as_deref().map(|name| Username::parse(name).map_err(words::of_name)).transpose()?;
        self.change(id, |record, lines| {
            let was_admin = is_active_admin(record);
            if let Some(username) = &username {
                self.rename(record, username, actor, lines);
            }
            let mut note = |kind, detail| lines.push(audit::line(&self.clock, kind, Some(actor), Some(id), detail));
            if let Some(role) = patch.role.filter(|role| *role != record.role) {
                record.role = role;
                note(AuditKind::RoleChanged, Some(role.as_str().to_owned()));
            }
            if let Some(os_user) = patch.os_user.filter(|os_user| *os_user != record.os_user) {
                record.os_user = os_user;
                note(AuditKind::OsUserMapped, os_user.map(|number| number.to_string()));
            }
            match patch.disabled {
                Some(true) if record.disabled_at.is_none() => {
                    record.disabled_at = Some(self.clock.now());
                    // Its logins do not come back when it is enabled again.
                    record.epoch += 1;
                    note(AuditKind::Disabled, None);
                }
                Some(false) if record.disabled_at.is_some() => {
                    record.disabled_at = None;
                    note(AuditKind::Enabled, None);
                }
                _ => {}
            }
            if was_admin && !is_active_admin(record) { self.witness(id).map(Some) } else { Ok(None) }
        })
        .await
    }

    /// What must hold for an admin to go: that another one stays as they are. Two admins who take each other's role at the
    /// same time are each other's witness, and one of them is refused.
    ///
    /// # Errors
    ///
    /// `conflict` where there is no other.
    pub(in crate::services) fn witness(&self, of: UserId) -> Result<Precondition, ApiError> {
        let others: Vec<Arc<UserRecord>> = self.directory.filter(|record| record.id != of && is_active_admin(record));
        let other = others.first().ok_or_else(|| {
            ApiError::new(ErrorCode::Conflict, phrase!("error-last-admin")).with_hint(phrase!("hint-last-admin"))
        })?;
        Ok(Precondition::Version(Entity::User(other.id), other.version))
    }

    /// Begins to delete an account: from here on it is nobody's.
    pub(in crate::services) async fn begin_to_delete(&self, actor: UserId, id: UserId) -> Result<UserRecord, ApiError> {
        self.change(id, |record, lines: &mut Vec<Operation>| {
            if record.deleting_at.is_some() {
                return Ok(None);
            }
            let witness = if is_active_admin(record) { Some(self.witness(id)?) } else { None };
            record.deleting_at = Some(self.clock.now());
            record.epoch += 1;
            lines.push(audit::line(&self.clock, AuditKind::Delete, Some(actor), Some(id), None));
            Ok(witness)
        })
        .await
    }

    /// Whether there is any admin who can do anything.
    pub(in crate::services) fn has_admin(&self) -> bool {
        !self.directory.filter(is_active_admin).is_empty()
    }
}

fn is_active_admin(record: &UserRecord) -> bool {
    record.role == AccountRole::Admin && Users::is_active(record)
}
