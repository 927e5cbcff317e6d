//! `mmp logout`: ends the login that is kept here. After it the socket's peer credential counts again.

use mmp_shared::phrase;

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
        let (kept, not_ended) = client.end_kept_login().await?;
        let note = |phrase: mmp_shared::Phrase| output::note(&phrase, context.language);
        if let Some(error) = not_ended {
            let reason = error.message_in(context.language);
            note(phrase!("note-login-not-ended", reason = reason, id = kept.login_id.short()));
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
