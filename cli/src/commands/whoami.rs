//! `mmp whoami`: who the daemon takes us for.

use mmp_shared::{phrase, users::{AccountRole, Via}};

use crate::{
    client::Client,
    everywhere::OutputFormat,
    context::Context,
    error::{Exit, Outcome},
    output::{self, listing::print_one, neutralise::neutralise_line},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let me = Client::new(context)?.whoami().await?;
        if context.format() != OutputFormat::Text {
            return print_one(context, &me, &[]);
        }
        let role = match me.role {
            AccountRole::User => phrase!("role-user"),
            AccountRole::Admin => phrase!("role-admin"),
        };
        let via = match me.via {
            Via::Peer => phrase!("via-peer"),
            Via::Login => phrase!("via-login"),
            Via::Token => phrase!("via-token"),
        };
        let words = phrase!(
            "whoami",
            username = neutralise_line(&me.username),
            role = role.render(context.language),
            via = via.render(context.language)
        );
        output::print(&format!("{}\n", words.render(context.language))).map(|()| Exit::SUCCESS)
    }
}
