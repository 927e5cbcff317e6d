//! `mmp whoami`: who the daemon takes us for.

use mmp_shared::{
    Language, phrase,
    users::{AccountRole, Via},
};

use crate::{
    client::Client,
    context::Context,
    error::{Exit, Outcome},
    everywhere::OutputFormat,
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
        let words = phrase!(
            "whoami",
            username = neutralise_line(&me.username),
            role = role_words(me.role, context.language),
            via = via_words(me.via, context.language)
        );
        output::print(&format!("{}\n", words.render(context.language))).map(|()| Exit::SUCCESS)
    }
}

/// What an account may do, in words.
pub(super) fn role_words(role: AccountRole, language: Language) -> String {
    match role {
        AccountRole::User => phrase!("role-user"),
        AccountRole::Admin => phrase!("role-admin"),
    }
    .render(language)
}

/// How a caller is known, in words.
pub(super) fn via_words(via: Via, language: Language) -> String {
    match via {
        Via::Peer => phrase!("via-peer"),
        Via::Login => phrase!("via-login"),
        Via::Token => phrase!("via-token"),
    }
    .render(language)
}
