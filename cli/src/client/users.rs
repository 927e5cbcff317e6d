//! The caller's own account and settings.

use mmp_shared::{ApiError, models::Settings, users::WhoAmI};

use super::{Body, Client, Request};

impl Client {
    /// Who the daemon takes us for.
    pub(crate) async fn whoami(&self) -> Result<WhoAmI, ApiError> {
        self.fetch(&Request::get("/users/me")).await
    }

    /// What holds for all terminals of this user.
    pub(crate) async fn settings(&self) -> Result<Settings, ApiError> {
        self.fetch(&Request::get("/users/me/settings")).await
    }

    /// Changes the settings that are named.
    pub(crate) async fn put_settings(&self, settings: &Settings) -> Result<Settings, ApiError> {
        self.fetch(&Request::put("/users/me/settings", Body::json(settings))).await
    }
}
