//! Who we are for the daemon: the first of `MMP_TOKEN`, the login that is kept for this host, and the socket's peer
//! credential, for which nothing need be sent.
//!
//! A login's access token lives for minutes. The daemon says when it has run out; then one client takes the login's lock
//! and refreshes it, and those who waited for the lock find the new tokens there. Where logins are kept is the affair of
//! `login`.

use std::time::Duration;

use mmp_shared::{
    ApiError, ErrorCode,
    auth::{LoginTokens, RefreshRequest, Secret},
    phrase,
};
use reqwest::{Response, StatusCode};

use super::{Body, Client, Request, transport::SendError};
use crate::{
    config::variable,
    error::bad_request,
    login::{Keeper, KeptLogin},
};

/// The variable that holds an access token.
pub(crate) const TOKEN_VARIABLE: &str = "MMP_TOKEN";

/// How long the daemon may take to refresh a login. Others wait for it.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(30);

/// Who we are.
#[derive(Debug, Clone)]
pub(super) enum Caller {
    /// Whose the token of the environment is.
    Token(Secret),
    /// Who has logged in.
    Login(KeptLogin, LoginTokens),
    /// The OS user at our end of the socket.
    Peer,
}

impl Caller {
    fn bearer(&self) -> Option<Secret> {
        match self {
            Self::Token(token) => Some(token.clone()),
            Self::Login(_, tokens) => Some(tokens.access_token.clone()),
            Self::Peer => None,
        }
    }
}

impl Client {
    /// Sends a request as who we are, and once more where our login had to be refreshed first.
    pub(super) async fn exchange(&self, request: &Request) -> Result<Result<Response, SendError>, ApiError> {
        if request.is_anonymous() {
            return Ok(self.send_once(request, None).await);
        }
        let bearer = self.bearer().await?;
        let response = match self.send_once(request, bearer.as_ref()).await {
            Ok(response) if response.status() == StatusCode::UNAUTHORIZED => response,
            other => return Ok(other),
        };
        match self.refreshed(bearer).await? {
            Some(bearer) => Ok(self.send_once(request, Some(&bearer)).await),
            None => Ok(Ok(response)),
        }
    }

    async fn bearer(&self) -> Result<Option<Secret>, ApiError> {
        if let Some(caller) = self.caller.borrow().as_ref() {
            return Ok(caller.bearer());
        }
        let caller = self.who_we_are().await?;
        let bearer = caller.bearer();
        self.caller.replace(Some(caller));
        Ok(bearer)
    }

    async fn who_we_are(&self) -> Result<Caller, ApiError> {
        if let Some(token) = token_of_environment()? {
            return Ok(Caller::Token(token));
        }
        match self.kept_login()? {
            Some(kept) => {
                let tokens = self.logins.tokens(&kept).await?;
                Ok(Caller::Login(kept, tokens))
            }
            None => Ok(Caller::Peer),
        }
    }

    /// The login that is kept for where requests go now.
    pub(crate) fn kept_login(&self) -> Result<Option<KeptLogin>, ApiError> {
        self.logins.find(&self.target().address())
    }

    /// Another access token than the one that was refused; `None` where it is no login's.
    async fn refreshed(&self, refused: Option<Secret>) -> Result<Option<Secret>, ApiError> {
        let Some(Caller::Login(before, _)) = self.caller.borrow().clone() else { return Ok(None) };
        let _held = self.logins.lock().await?;
        // Somebody else may have refreshed it by now, or logged out.
        let kept = self.kept_login()?.ok_or_else(|| is_over(&before))?;
        let tokens = self.logins.tokens(&kept).await?;
        let tokens = if Some(&tokens.access_token) == refused.as_ref() { self.refresh(&kept, tokens).await? } else { tokens };
        let bearer = tokens.access_token.clone();
        self.caller.replace(Some(Caller::Login(kept, tokens)));
        Ok(Some(bearer))
    }

    /// Takes the refresh token for new tokens, and keeps them. The lock must be held.
    async fn refresh(&self, kept: &KeptLogin, tokens: LoginTokens) -> Result<LoginTokens, ApiError> {
        let body = RefreshRequest { refresh_token: tokens.refresh_token };
        let request = Request::post("/auth/refresh", Body::json(&body)).anonymous();
        // Boxed, as sending may refresh; this request goes as nobody, and does not.
        let asking = Box::pin(self.fetch(&request));
        let asked = tokio::time::timeout(REFRESH_TIMEOUT, asking).await.unwrap_or_else(|_| Err(no_answer()));
        match asked {
            Ok(new) => {
                if self.logins.keep(&kept.host, &kept.user, &new).await? == Keeper::File && kept.keeper == Keeper::Keyring {
                    self.tell_file(&new);
                }
                Ok(new)
            }
            Err(error) if error.code == ErrorCode::Unauthenticated => {
                self.logins.forget(kept).await?;
                Err(is_over(kept))
            }
            Err(error) => Err(error),
        }
    }

    /// Keeps a login that has just begun, and says where its tokens are if that is no keyring. Gives back the one before.
    pub(crate) async fn begin_login(&self, user: &str, tokens: &LoginTokens) -> Result<Option<LoginTokens>, ApiError> {
        let host = self.target().address();
        let _held = self.logins.lock().await?;
        let before = match self.logins.find(&host)? {
            // What cannot be read any more needs no end.
            Some(kept) => self.logins.tokens(&kept).await.ok(),
            None => None,
        };
        if self.logins.keep(&host, user, tokens).await? == Keeper::File {
            self.tell_file(tokens);
        }
        self.caller.replace(None);
        Ok(before)
    }

    /// Acts by a login's tokens that are not kept.
    pub(crate) fn act_by(&self, tokens: &LoginTokens) {
        self.caller.replace(Some(Caller::Token(tokens.access_token.clone())));
    }

    /// Keeps the login under another name of its user.
    pub(crate) async fn rename_login(&self, user: &str) -> Result<(), ApiError> {
        let _held = self.logins.lock().await?;
        let Some(kept) = self.kept_login()? else { return Ok(()) };
        let tokens = self.logins.tokens(&kept).await?;
        self.logins.keep(&kept.host, user, &tokens).await.map(|_| ())
    }

    /// Forgets the login that is kept here. Gives back its tokens, where they can be read.
    pub(crate) async fn forget_login(&self, kept: &KeptLogin) -> Result<Option<LoginTokens>, ApiError> {
        let _held = self.logins.lock().await?;
        let tokens = self.logins.tokens(kept).await.ok();
        self.logins.forget(kept).await?;
        self.caller.replace(None);
        Ok(tokens)
    }

    fn tell_file(&self, tokens: &LoginTokens) {
        let path = self.logins.token_file(tokens.login_id);
        self.note(phrase!("note-login-in-file", path = path.display()));
    }
}

/// The access token of the environment.
fn token_of_environment() -> Result<Option<Secret>, ApiError> {
    let Some(text) = variable(TOKEN_VARIABLE) else { return Ok(None) };
    let token = text.trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(bad_request(phrase!("error-token-variable")).with_hint(phrase!("hint-token-variable")));
    }
    Ok(Some(Secret::new(token)))
}

fn is_over(kept: &KeptLogin) -> ApiError {
    let phrase = phrase!("error-own-login-over", user = kept.user, host = kept.host);
    let hint = if kept.host.starts_with("unix:") {
        phrase!("hint-own-login-over-socket")
    } else {
        phrase!("hint-login-anew", host = kept.host)
    };
    ApiError::new(ErrorCode::Unauthenticated, phrase).with_hint(hint)
}

fn no_answer() -> ApiError {
    let phrase = phrase!("error-refresh-no-answer", seconds = REFRESH_TIMEOUT.as_secs());
    ApiError::new(ErrorCode::DaemonUnreachable, phrase)
}
