//! Accounts as a client sees them: one's own, and for admins everybody's.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{InviteId, UserId, secret::Secret};

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountRole {
    /// Its own things.
    User,
    /// Everybody's.
    Admin,
}

impl AccountRole {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }
}

/// How a caller is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// By the socket's peer credential.
    Peer,
    /// By a login.
    Login,
    /// By an access token.
    Token,
}

/// The caller's own account, as `whoami` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhoAmI {
    /// The account's id.
    pub id: UserId,
    /// Its name.
    pub username: String,
    /// What it may do.
    pub role: AccountRole,
    /// How the caller is known.
    pub via: Via,
}

/// The caller's own account with everything that is kept of it: `GET /users/me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Who it is.
    #[serde(flatten)]
    pub whoami: WhoAmI,
    /// What it wants to be called.
    pub display_name: Option<String>,
    /// Whether it can log in by password.
    pub has_password: bool,
    /// The OS user whose processes are this account.
    pub os_user: Option<u32>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The body of `PATCH /users/me`: what is named changes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfilePatch {
    /// Another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// What it wants to be called; null takes it back.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Option<String>>,
}

/// The body of `PUT /users/me/password`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordRequest {
    /// The password until now; none only where there is none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_password: Option<Secret>,
    /// The password from now on.
    pub new_password: Secret,
}

/// An account, as admins see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Its name.
    pub username: String,
    /// What it wants to be called.
    pub display_name: Option<String>,
    /// What it may do.
    pub role: AccountRole,
    /// The OS user whose processes are this account.
    pub os_user: Option<u32>,
    /// Whether it can log in by password.
    pub has_password: bool,
    /// When it was disabled; null where it is not.
    pub disabled_at: Option<Timestamp>,
    /// When its deletion began; null where it has not.
    pub deleting_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The body of `POST /admin/users`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserCreateRequest {
    /// Its name.
    pub username: String,
    /// Its password; without one it cannot log in by password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// What it may do; `user` unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<AccountRole>,
    /// The OS user whose processes are this account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os_user: Option<u32>,
}

/// The body of `PATCH /admin/users/{ref}`: what is named changes, all of it or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// Another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// What it may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<AccountRole>,
    /// Whether it is disabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// The OS user whose processes are this account; null is none.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub os_user: Option<Option<u32>>,
}

/// The body of `PUT /admin/users/{ref}/password`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordResetRequest {
    /// The new password; without one the daemon draws one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
}

/// The answer to `PUT /admin/users/{ref}/password`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordResetResponse {
    /// The password that the daemon drew; null where the admin gave one. It is shown this once.
    pub password: Option<Secret>,
}

/// The body of `POST /admin/users/invites`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteRequest {
    /// How long the code can be used, in seconds; a week unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in_s: Option<u64>,
    /// What the account may do; `user` unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<AccountRole>,
}

/// An invitation, as admins see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// Its id.
    pub id: InviteId,
    /// What the account will be allowed.
    pub role: AccountRole,
    /// Who invited.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// The answer to `POST /admin/users/invites`: the only time that the code is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewInvite {
    /// The code to register with.
    pub code: Secret,
    /// What is shown of it afterwards.
    #[serde(flatten)]
    pub about: Invite,
}

/// A field that is there, null or not; one that is not there stays none.
fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_takes_back_and_silence_leaves() {
        let patch: UserPatch = serde_json::from_str(r#"{"os_user":null}"#).expect("a patch");
        assert_eq!(patch.os_user, Some(None));
        let patch: UserPatch = serde_json::from_str(r#"{"os_user":7}"#).expect("a patch");
        assert_eq!(patch.os_user, Some(Some(7)));
        assert_eq!(serde_json::from_str::<UserPatch>("{}").expect("a patch"), UserPatch::default());
        assert_eq!(
            serde_json::to_string(&UserPatch { os_user: Some(None), ..UserPatch::default() }).expect("JSON"),
            r#"{"os_user":null}"#
        );
    }
}
