//! `mmp login`: from a name and a password to a login that is kept. `register` ends here, too.

use mmp_shared::{
    ApiError,
    auth::{LoginRequest, LoginResponse},
    phrase,
    users::WhoAmI,
};
use serde::Serialize;

use super::config::host::remember_host;
use crate::{
    client::{Client, TOKEN_VARIABLE, login_label},
    config::variable,
    context::Context,
    error::{Outcome, bad_request},
    everywhere::OutputFormat,
    input::password::PasswordArguments,
    output::{self, listing::print_one, time},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    password: PasswordArguments,
}

/// Where somebody logs in.
#[derive(Debug, clap::Args)]
pub(super) struct Place {
    #[arg(id = "login_host", value_name = "HOST")]
    host: Option<String>,
}

/// A login that has begun, as it is printed. Its tokens are not.
#[derive(Debug, Serialize)]
struct LoginView<'a> {
    #[serde(flatten)]
    account: &'a WhoAmI,
    host: String,
    last_login_at: Option<jiff::Timestamp>,
    failures_since: u64,
}

impl Place {
    /// A client for the named host, else for where all commands go.
    pub(super) fn client(&self, context: &Context) -> Result<Client, ApiError> {
        match (&self.host, &context.everywhere.host) {
            (Some(_), Some(_)) => Err(bad_request(phrase!("error-usage-conflict", argument = "HOST", other = "--host"))),
            (Some(host), None) => Client::of(context, Some(host)),
            (None, _) => Client::new(context),
        }
    }

    /// Keeps the login, remembers the host if it was named, and tells both.
    pub(super) async fn begin(&self, context: &Context, client: &Client, answer: &LoginResponse) -> Outcome {
        client.keep_login(answer).await?;
        let host = client.target().address();
        let view = LoginView {
            account: &answer.account,
            host: host.clone(),
            last_login_at: answer.last_login_at,
            failures_since: answer.failures_since,
        };
        if !context.everywhere.quiet {
            tell(context, &view);
        }
        if self.host.is_some() {
            remember_host(context, &host);
        }
        if context.format() == OutputFormat::Text { Ok(crate::error::Exit::SUCCESS) } else { print_one(context, &view, &[]) }
    }
}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = self.place.client(context)?;
        let username = self.password.name(context)?;
        let password = self.password.known(context, &username)?;
        let answer = client.log_in(&LoginRequest { username, password, client: Some(login_label()) }).await?;
        self.place.begin(context, &client, &answer).await
    }
}

fn tell(context: &Context, view: &LoginView<'_>) {
    let note = |phrase: mmp_shared::Phrase| output::note(&phrase, context.language);
    note(phrase!("note-logged-in", user = view.account.username, host = view.host));
    match view.last_login_at {
        Some(at) => note(phrase!("note-last-login", at = time::local(at))),
        None => note(phrase!("note-first-login")),
    }
    if view.failures_since > 0 {
        note(phrase!("note-failures-since", count = view.failures_since));
    }
    if variable(TOKEN_VARIABLE).is_some() {
        note(phrase!("note-token-counts-first"));
    }
}
