//! `mmp admin models`: what is said of models for everyone.

use crate::{
    client::{Client, models::Scope},
    commands::models::config::ConfigAction,
    context::Context,
    error::Outcome,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: ConfigAction,
}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        self.action.run(context, &Client::new(context)?, Scope::Everyone).await
    }
}
