//! `mmp register`: an account, and a login of it.

use mmp_shared::auth::{RegisterRequest, Secret};

use super::login::Place;
use crate::{client::login_label, context::Context, error::Outcome, input::password::PasswordArguments};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    password: PasswordArguments,
    #[arg(long, value_name = "CODE")]
    invite: Option<String>,
}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = self.place.client(context)?;
        let username = self.password.name(context)?;
        let password = self.password.chosen(context, &username)?;
        let invite = self.invite.as_deref().map(str::trim).map(Secret::new);
        let answer = client.register(&RegisterRequest { username, password, invite, client: Some(login_label()) }).await?;
        self.place.begin(context, &client, &answer).await
    }
}
