//! Invitations: a code that makes one account.

use clap::Args;
use mmp_shared::{
    phrase,
    users::{Invite, InviteRequest},
};

use super::RoleChoice;
use crate::{
    client::Client,
    context::Context,
    error::{Exit, Outcome},
    everywhere::OutputFormat,
    input::lifetime,
    output::{
        self,
        listing::{print_one, print_page},
        table::Column,
        time,
    },
    wanted::Wanted,
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[arg(long, value_name = "ROLE")]
    role: Option<RoleChoice>,
    #[arg(long, value_name = "DURATION", value_parser = lifetime::seconds)]
    expires: Option<u64>,
    #[arg(long, conflicts_with_all = ["role", "expires"])]
    list: bool,
    #[arg(long, value_name = "INVITATION", conflicts_with_all = ["role", "expires", "list"])]
    revoke: Option<String>,
}

const COLUMNS: &[Column<Invite>] = &[
    Column { field: "id", show: |invite| invite.id.short() },
    Column { field: "created_at", show: |invite| time::local(invite.created_at) },
    Column { field: "expires_at", show: |invite| time::local(invite.expires_at) },
    Column { field: "role", show: |invite| invite.role.as_str().to_owned() },
];

impl Arguments {
    pub(super) async fn run(self, context: &Context, client: &Client) -> Outcome {
        if self.list {
            return print_page(context, &client.invites(&Wanted { limit: None, cursor: None }).await?, COLUMNS);
        }
        if let Some(reference) = &self.revoke {
            client.revoke_invite(reference).await?;
            if !context.everywhere.quiet {
                output::note(&phrase!("note-invite-revoked", id = reference), context.language);
            }
            return Ok(Exit::SUCCESS);
        }
        let request = InviteRequest { expires_in_s: self.expires, role: self.role.map(Into::into) };
        let made = client.create_invite(&request).await?;
        if context.format() != OutputFormat::Text {
            return print_one(context, &made, &[]);
        }
        if !context.everywhere.quiet {
            output::note(&phrase!("note-invite-made", until = time::local(made.about.expires_at)), context.language);
        }
        output::print(&format!("{}\n", made.code.reveal())).map(|()| Exit::SUCCESS)
    }
}
