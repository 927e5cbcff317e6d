//! `mmp admin`: what administrators do for everyone. One file a noun.

mod audit;
mod backup;
mod compact;
mod models;
mod restore;
mod system;
mod users;

use clap::Subcommand;

use crate::{context::Context, error::Outcome};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Models(models::Arguments),
    Users(users::Arguments),
    Audit(audit::Arguments),
    System(system::Arguments),
    Backup(backup::Arguments),
    Restore(restore::Arguments),
    Compact(compact::Arguments),
}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        match self.action {
            Action::Models(arguments) => arguments.run(context).await,
            Action::Users(arguments) => arguments.run(context).await,
            Action::Audit(arguments) => arguments.run(context).await,
            Action::System(arguments) => arguments.run(context).await,
            Action::Backup(arguments) => arguments.run(context).await,
            Action::Restore(arguments) => arguments.run(context).await,
            Action::Compact(arguments) => arguments.run(context).await,
        }
    }
}
