//! `mmp passwd`: another password for one's own account. Its other logins end by it.

use mmp_shared::{
    ApiError, ErrorCode,
    auth::LoginRequest,
    phrase,
    users::{PasswordRequest, Profile},
};

use crate::{
    client::{Client, login_label},
    context::Context,
    error::{CliError, Exit, Outcome},
    input::password::PasswordArguments,
    output,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    password: PasswordArguments,
}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        let name = match (&self.password.username, client.profile().await) {
            (Some(name), Ok(profile)) if *name != profile.whoami.username => self.of_another(context, &client, name).await?,
            (_, Ok(profile)) => self.of_our_own(context, &client, profile).await?,
            (Some(name), Err(error)) if error.code == ErrorCode::Unauthenticated => {
                self.of_another(context, &client, name).await?
            }
            (_, Err(error)) => return Err(error.into()),
        };
        if !context.everywhere.quiet {
            output::note(&phrase!("note-password-changed", user = name), context.language);
        }
        Ok(Exit::SUCCESS)
    }

    /// The account that the daemon takes us for. It may have none yet: the one that is made by itself.
    async fn of_our_own(&self, context: &Context, client: &Client, profile: Profile) -> Result<String, CliError> {
        let name = profile.whoami.username;
        let (old, new) = if profile.has_password {
            let (old, new) = self.password.both(context, &name)?;
            (Some(old), new)
        } else {
            (None, self.password.first(context, &name)?)
        };
        client.put_password(&PasswordRequest { old_password: old, new_password: new }).await?;
        Ok(name)
    }

    /// An account that we are not: the old password logs in, for this one change.
    async fn of_another(&self, context: &Context, client: &Client, name: &str) -> Result<String, CliError> {
        let (old, new) = self.password.both(context, name)?;
        let login = LoginRequest { username: name.to_owned(), password: old.clone(), client: Some(login_label()) };
        let answer = client.log_in(&login).await?;
        client.act_by(&answer.tokens);
        let changed: Result<(), ApiError> =
            client.put_password(&PasswordRequest { old_password: Some(old), new_password: new }).await;
        // It was for this change alone; that it cannot be ended is no failure of the change.
        let _ = client.log_out(&answer.tokens).await;
        changed.map(|()| answer.account.username).map_err(Into::into)
    }
}
