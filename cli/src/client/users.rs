//! The caller's own account and settings, and for administrators everybody's accounts.

use mmp_shared::{
    ApiError,
    page::Page,
    settings::Settings,
    users::{
        Invite, InviteRequest, NewInvite, PasswordRequest, PasswordResetRequest, PasswordResetResponse, Profile, ProfilePatch,
        User, UserCreateRequest, UserPatch, WhoAmI,
    },
};
use reqwest::StatusCode;

use super::{Body, Client, Request, encode};
use crate::wanted::Wanted;

/// How far a deletion has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deleted {
    /// Nothing is left.
    Wholly,
    /// The account is closed, and what it had is being deleted.
    StillGoing,
}

impl Client {
    /// Who the daemon takes us for.
    pub(crate) async fn whoami(&self) -> Result<WhoAmI, ApiError> {
        self.fetch(&Request::get("/users/me")).await
    }

    /// Our account, with everything that is kept of it.
    pub(crate) async fn profile(&self) -> Result<Profile, ApiError> {
        self.fetch(&Request::get("/users/me")).await
    }

    /// Changes what is named of our account.
    pub(crate) async fn patch_profile(&self, patch: &ProfilePatch) -> Result<Profile, ApiError> {
        self.fetch(&Request::patch("/users/me", Body::json(patch))).await
    }

    /// Deletes our account with everything that belongs to it.
    pub(crate) async fn delete_account(&self) -> Result<Deleted, ApiError> {
        self.delete("/users/me".to_owned()).await
    }

    /// Changes our password.
    pub(crate) async fn put_password(&self, change: &PasswordRequest) -> Result<(), ApiError> {
        self.send(&Request::put("/users/me/password", Body::json(change))).await.map(|_| ())
    }

    /// What holds for all terminals of this user.
    pub(crate) async fn settings(&self) -> Result<Settings, ApiError> {
        self.fetch(&Request::get("/users/me/settings")).await
    }

    /// Changes the settings that are named.
    pub(crate) async fn put_settings(&self, settings: &Settings) -> Result<Settings, ApiError> {
        self.fetch(&Request::put("/users/me/settings", Body::json(settings))).await
    }

    /// Everybody's accounts.
    pub(crate) async fn users(&self, wanted: &Wanted) -> Result<Page<User>, ApiError> {
        self.list("/admin/users", wanted).await
    }

    /// An account, by its name or its id.
    pub(crate) async fn user(&self, reference: &str) -> Result<User, ApiError> {
        self.fetch(&Request::get(user_path(reference))).await
    }

    /// Makes an account.
    pub(crate) async fn create_user(&self, user: &UserCreateRequest) -> Result<User, ApiError> {
        self.fetch(&Request::post("/admin/users", Body::json(user))).await
    }

    /// Changes what is named of an account.
    pub(crate) async fn patch_user(&self, reference: &str, patch: &UserPatch) -> Result<User, ApiError> {
        self.fetch(&Request::patch(user_path(reference), Body::json(patch))).await
    }

    /// Deletes an account with everything that belongs to it.
    pub(crate) async fn delete_user(&self, reference: &str) -> Result<Deleted, ApiError> {
        self.delete(user_path(reference)).await
    }

    /// Sets an account's password, or has the daemon draw one.
    pub(crate) async fn reset_password(
        &self,
        reference: &str,
        reset: &PasswordResetRequest,
    ) -> Result<PasswordResetResponse, ApiError> {
        self.fetch(&Request::put(format!("{}/password", user_path(reference)), Body::json(reset))).await
    }

    /// Makes an invitation; this is the only time that its code is told.
    pub(crate) async fn create_invite(&self, invite: &InviteRequest) -> Result<NewInvite, ApiError> {
        self.fetch(&Request::post("/admin/users/invites", Body::json(invite))).await
    }

    /// The invitations that can still be used.
    pub(crate) async fn invites(&self, wanted: &Wanted) -> Result<Page<Invite>, ApiError> {
        self.list("/admin/users/invites", wanted).await
    }

    /// Takes an invitation back.
    pub(crate) async fn revoke_invite(&self, reference: &str) -> Result<(), ApiError> {
        self.send(&Request::delete(format!("/admin/users/invites/{}", encode(reference)))).await.map(|_| ())
    }

    async fn delete(&self, path: String) -> Result<Deleted, ApiError> {
        let status = self.send(&Request::delete(path)).await?.status();
        Ok(if status == StatusCode::ACCEPTED { Deleted::StillGoing } else { Deleted::Wholly })
    }
}

fn user_path(reference: &str) -> String {
    format!("/admin/users/{}", encode(reference))
}
