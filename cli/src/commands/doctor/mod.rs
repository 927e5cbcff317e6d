//! `mmp doctor`: looks at everything that an answer needs, and says of each part what is wrong and what to do.
//!
//! First what can be seen from here: the settings, the folders (`files`), the socket, the lock, and whether a daemon
//! answers or can be started (`daemon`). Then what the daemon says of itself (`system`), and each provider that the user
//! has set up (`providers`). A part that cannot be looked at is said so, and the rest goes on. How it looks is in `report`.

mod daemon;
mod files;
mod providers;
mod report;
mod system;

use self::report::Report;
use crate::{context::Context, error::Outcome};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let mut report = Report::new(context);
        files::check(context, &mut report)?;
        if let Some(client) = daemon::check(context, &mut report).await? {
            system::check(context, &client, &mut report).await?;
            providers::check(context, &client, &mut report).await?;
        }
        report.finish()
    }
}
