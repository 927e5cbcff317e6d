//! Logins: begun with an account that there is or one that is made, and ended.

use mmp_shared::{
    ApiError, ErrorCode,
    auth::{LoginRequest, RegisterRequest},
};

use crate::{
    client::{Client, login_label},
    tui::ask::{Credentials, LoggedIn, Told},
};

/// Logs in, and keeps the login.
pub(super) async fn log_in(client: &Client, credentials: Credentials) -> Result<Told, ApiError> {
    let Credentials { username, password, is_new, invite } = credentials;
    let label = Some(login_label());
    let begun = if is_new {
        client.register(&RegisterRequest { username, password, invite, client: label }).await?
    } else {
        client.log_in(&LoginRequest { username, password, client: label }).await?
    };
    client.keep_login(&begun).await?;
    let host = client.target().address();
    Ok(Told::LoggedIn(Box::new(LoggedIn { username: begun.account.username, host, failures: begun.failures_since })))
}

/// Ends the login that is kept, here and at the daemon.
pub(super) async fn log_out(client: &Client) -> Result<Told, ApiError> {
    match client.end_kept_login().await? {
        // What nobody has the tokens of any more is as good as over here.
        (_, Some(error)) if error.code != ErrorCode::NotFound => Err(error),
        _ => Ok(Told::LoggedOut),
    }
}
