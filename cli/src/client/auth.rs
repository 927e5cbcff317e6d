//! Registering, logging in and out, and logins.

use mmp_shared::{
    ApiError,
    auth::{Login, LoginRequest, LoginResponse, LoginTokens, LogoutRequest, RegisterRequest},
    page::Page,
};

use super::{Body, Client, Request, encode};
use crate::wanted::Wanted;

impl Client {
    /// Makes an account and logs in.
    pub(crate) async fn register(&self, register: &RegisterRequest) -> Result<LoginResponse, ApiError> {
        self.fetch(&Request::post("/auth/register", Body::json(register)).anonymous()).await
    }

    /// Logs in by password.
    pub(crate) async fn log_in(&self, login: &LoginRequest) -> Result<LoginResponse, ApiError> {
        self.fetch(&Request::post("/auth/login", Body::json(login)).anonymous()).await
    }

    /// Ends a login.
    pub(crate) async fn log_out(&self, tokens: &LoginTokens) -> Result<(), ApiError> {
        let logout = LogoutRequest { refresh_token: Some(tokens.refresh_token.clone()) };
        self.send(&Request::post("/auth/logout", Body::json(&logout)).anonymous()).await.map(|_| ())
    }

    /// Our account's logins.
    pub(crate) async fn logins(&self, wanted: &Wanted) -> Result<Page<Login>, ApiError> {
        self.list("/auth/logins", wanted).await
    }

    /// Ends one of our account's logins.
    pub(crate) async fn revoke_login(&self, reference: &str) -> Result<(), ApiError> {
        self.send(&Request::delete(format!("/auth/logins/{}", encode(reference)))).await.map(|_| ())
    }
}
