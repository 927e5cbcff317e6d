//! `mmp logins`: where one's account is logged in.

use clap::Subcommand;
use mmp_shared::{auth::Login, phrase};

use super::config::host::forget_host;
use crate::{
    client::Client,
    context::Context,
    error::{Exit, Outcome},
    output::{self, listing::print_page, table::Column, time},
    wanted::ListArguments,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    List(ListArguments),
    Revoke {
        #[arg(value_name = "LOGIN", required = true)]
        logins: Vec<String>,
    },
}

const COLUMNS: &[Column<Login>] = &[
    Column { field: "id", show: |login| login.id.short() },
    Column { field: "current", show: |login| if login.current { "*".to_owned() } else { String::new() } },
    Column { field: "created_at", show: |login| time::local(login.created_at) },
    Column { field: "refreshed_at", show: |login| time::local(login.refreshed_at) },
    Column { field: "source", show: |login| login.source.clone() },
    Column { field: "client", show: |login| login.client.clone().unwrap_or_default() },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        match self.action {
            Action::List(list) => print_page(context, &client.logins(&list.into()).await?, COLUMNS),
            Action::Revoke { logins } => revoke(context, &client, &logins).await,
        }
    }
}

async fn revoke(context: &Context, client: &Client, references: &[String]) -> Outcome {
    for reference in references {
        client.revoke_login(reference).await?;
        if !context.everywhere.quiet {
            output::note(&phrase!("note-login-revoked", id = reference), context.language);
        }
        // Our own is over by that.
        if let Some(kept) = client.kept_login()?.filter(|kept| is_end_of(reference, &kept.login_id.to_string())) {
            client.forget_login(&kept).await?;
            forget_host(context, &kept.host);
        }
    }
    Ok(Exit::SUCCESS)
}

fn is_end_of(reference: &str, id: &str) -> bool {
    let digits = |text: &str| text.to_lowercase().replace('-', "");
    digits(id).ends_with(&digits(reference))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_known_by_its_end() {
        let id = "0198c5d2-7b1e-7c61-8f0a-2f7a3f9b1c2d";
        assert!(is_end_of("3F9B1C2D", id) && is_end_of(id, id) && is_end_of("2f7a-3f9b1c2d", id));
        assert!(!is_end_of("0198c5d2", id));
    }
}
