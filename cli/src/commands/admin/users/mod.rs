//! `mmp admin users`: everybody's accounts. What changes one is in `change.rs`, invitations in `invite.rs`.

mod change;
mod invite;

use clap::{Subcommand, ValueEnum};
use mmp_shared::{
    phrase,
    users::{AccountRole, User},
};

use crate::{
    client::Client,
    commands::whoami::role_words,
    context::Context,
    error::Outcome,
    output::{
        listing::{print_one, print_page},
        table::Column,
        time,
    },
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
    Show(change::Named),
    Create(change::CreateArguments),
    Invite(invite::Arguments),
    Set(change::SetArguments),
    Map(change::MapArguments),
    Disable(change::Named),
    Enable(change::Named),
    ResetPassword(change::ResetArguments),
    Delete(change::Named),
}

/// What an account may do, as an argument.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleChoice {
    User,
    Admin,
}

impl From<RoleChoice> for AccountRole {
    fn from(choice: RoleChoice) -> Self {
        match choice {
            RoleChoice::User => Self::User,
            RoleChoice::Admin => Self::Admin,
        }
    }
}

const COLUMNS: &[Column<User>] = &[
    Column { field: "id", show: |user| user.id.short() },
    Column { field: "role", show: |user| user.role.as_str().to_owned() },
    Column { field: "os_user", show: |user| user.os_user.map(|number| number.to_string()).unwrap_or_default() },
    Column { field: "created_at", show: |user| time::local(user.created_at) },
    Column { field: "disabled_at", show: |user| user.disabled_at.or(user.deleting_at).map(time::local).unwrap_or_default() },
    Column { field: "username", show: |user| user.username.clone() },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        match self.action {
            Action::List(list) => print_page(context, &client.users(&list.into()).await?, COLUMNS),
            Action::Show(named) => show(context, &client.user(&named.user).await?),
            Action::Create(arguments) => arguments.run(context, &client).await,
            Action::Invite(arguments) => arguments.run(context, &client).await,
            Action::Set(arguments) => arguments.run(context, &client).await,
            Action::Map(arguments) => arguments.run(context, &client).await,
            Action::Disable(named) => change::disable(context, &client, &named).await,
            Action::Enable(named) => change::enable(context, &client, &named).await,
            Action::ResetPassword(arguments) => arguments.run(context, &client).await,
            Action::Delete(named) => change::delete(context, &client, &named).await,
        }
    }
}

fn show(context: &Context, user: &User) -> Outcome {
    let has_password = if user.has_password { phrase!("word-yes") } else { phrase!("word-no") };
    let shown = [
        ("id", user.id.to_string()),
        ("username", user.username.clone()),
        ("display_name", user.display_name.clone().unwrap_or_default()),
        ("role", role_words(user.role, context.language)),
        ("has_password", has_password.render(context.language)),
        ("os_user", user.os_user.map(|number| number.to_string()).unwrap_or_default()),
        ("created_at", time::local(user.created_at)),
        ("disabled_at", user.disabled_at.map(time::local).unwrap_or_default()),
        ("deleting_at", user.deleting_at.map(time::local).unwrap_or_default()),
    ];
    print_one(context, user, &shown)
}
