//! Registering, logging in, and logins: what a client sends and what it gets.
//!
//! How passwords are judged and what a token is made of is the daemon's affair.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{LoginId, users::WhoAmI};

pub use crate::secret::Secret;

/// The body of `POST /auth/register`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterRequest {
    /// The name of the account to be.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// The code of an invitation, where registering wants one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<Secret>,
    /// What the login is to be called in lists: the program and its machine, say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

/// The body of `POST /auth/login`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// The account's name.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// What the login is to be called in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

/// The body of `POST /auth/refresh`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// The refresh token of the answer before.
    pub refresh_token: Secret,
}

/// The body of `POST /auth/logout`. Without it the login that the request came with ends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogoutRequest {
    /// The refresh token of the login that is to end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
}

/// What a login is used with: the one for requests, and the one that gets the next two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginTokens {
    /// The login.
    pub login_id: LoginId,
    /// What requests carry as `Authorization: Bearer`.
    pub access_token: Secret,
    /// When that ends.
    pub access_expires_at: Timestamp,
    /// What `POST /auth/refresh` takes, once.
    pub refresh_token: Secret,
    /// When the login ends unless it is refreshed before.
    pub refresh_expires_at: Timestamp,
}

/// The answer to `POST /auth/register` and `POST /auth/login`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginResponse {
    /// Who has logged in.
    pub account: WhoAmI,
    /// The login's tokens.
    #[serde(flatten)]
    pub tokens: LoginTokens,
    /// When this account last logged in by password; null for the first time.
    pub last_login_at: Option<Timestamp>,
    /// How many attempts have failed since.
    pub failures_since: u64,
}

/// A login, as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// Its id.
    pub id: LoginId,
    /// What it called itself.
    pub client: Option<String>,
    /// Where it came from when it began.
    pub source: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub refreshed_at: Timestamp,
    /// When it ends unless it is refreshed before.
    pub expires_at: Timestamp,
    /// Whether the question came with this login.
    pub current: bool,
}
