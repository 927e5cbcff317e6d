//! Registering, logging in and out, and logins.

use mmp_shared::{
    ApiError, ErrorCode,
    auth::{Login, LoginRequest, LoginResponse, LoginTokens, LogoutRequest, RegisterRequest},
    page::Page,
    phrase,
};

use super::{Body, Client, Request, encode};
use crate::{login::KeptLogin, wanted::Wanted};

/// The most characters of what a login is called in lists.
const LONGEST_LABEL: usize = 60;

/// What a login is called in lists: the program and its machine.
pub(crate) fn login_label() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST_LABEL).collect();
    format!("mmp@{name}")
}

impl Client {
    /// Makes an account and logs in.
    pub(crate) async fn register(&self, register: &RegisterRequest) -> Result<LoginResponse, ApiError> {
        self.fetch(&Request::post("/auth/register", Body::json(register)).anonymous()).await
    }

    /// Logs in by password.
    pub(crate) async fn log_in(&self, login: &LoginRequest) -> Result<LoginResponse, ApiError> {
        self.fetch(&Request::post("/auth/login", Body::json(login)).anonymous()).await
    }

    /// Keeps a login that has just begun, and ends the one that was kept before it. What cannot be kept is ended, too.
    pub(crate) async fn keep_login(&self, begun: &LoginResponse) -> Result<(), ApiError> {
        let over = match self.begin_login(&begun.account.username, &begun.tokens).await {
            Ok(Some(before)) => before,
            Ok(None) => return Ok(()),
            Err(error) => {
                let _ = self.log_out(&begun.tokens).await;
                return Err(error);
            }
        };
        // Nobody has its tokens any more. That it is over already is as good.
        let _ = self.log_out(&over).await;
        Ok(())
    }

    /// Forgets the login that is kept here, and ends it at the daemon: whose it was, and why it could not be ended, if so.
    /// That it was over already is as good.
    ///
    /// # Errors
    ///
    /// `not_found` where none is kept; what the place where logins are kept says.
    pub(crate) async fn end_kept_login(&self) -> Result<(KeptLogin, Option<ApiError>), ApiError> {
        let none = || {
            let phrase = phrase!("error-no-login", host = self.target().address());
            ApiError::new(ErrorCode::NotFound, phrase).with_hint(phrase!("hint-no-login"))
        };
        let kept = self.kept_login()?.ok_or_else(none)?;
        let ended = match self.forget_login(&kept).await? {
            Some(tokens) => self.log_out(&tokens).await,
            // Without tokens nobody can end it from here; whoever looks at `logins list` can.
            None => Err(ApiError::new(ErrorCode::NotFound, phrase!("error-login-gone", user = kept.user, host = kept.host))),
        };
        Ok((kept, ended.err().filter(|error| error.code != ErrorCode::Unauthenticated)))
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
