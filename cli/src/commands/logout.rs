//! `mmp logout`: ends the login that is kept here. After it the socket's peer credential counts again.

use mmp_shared::{ApiError, ErrorCode, phrase};

use super::config::host::forget_host;
use crate::{
    client::{Client, TOKEN_VARIABLE},
    config::variable,
    context::Context,
    error::{Exit, Outcome},
    output,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        client.look_around().await?;
        let none = || {
            let phrase = phrase!("error-no-login", host = client.target().address());
            ApiError::new(ErrorCode::NotFound, phrase).with_hint(phrase!("hint-no-login"))
        };
        let kept = client.kept_login()?.ok_or_else(none)?;
        let tokens = client.forget_login(&kept).await?;
        let ended = match tokens {
            Some(tokens) => client.log_out(&tokens).await,
            // Without tokens nobody can end it from here; whoever looks at `logins list` can.
            None => Err(ApiError::new(ErrorCode::NotFound, phrase!("error-login-gone", user = kept.user, host = kept.host))),
        };
        let note = |phrase: mmp_shared::Phrase| output::note(&phrase, context.language);
        match ended {
            Err(error) if error.code != ErrorCode::Unauthenticated => {
                let reason = error.message_in(context.language);
                note(phrase!("note-login-not-ended", reason = reason, id = kept.login_id.short()));
            }
            _ => {}
        }
        if !context.everywhere.quiet {
            note(phrase!("note-logged-out", user = kept.user, host = kept.host));
            if variable(TOKEN_VARIABLE).is_some() {
                note(phrase!("note-token-still-counts"));
            }
        }
        forget_host(context, &kept.host);
        Ok(Exit::SUCCESS)
    }
}
