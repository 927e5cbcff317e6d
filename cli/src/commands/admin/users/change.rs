//! What changes somebody's account.

use clap::Args;
use mmp_shared::{
    Phrase, phrase,
    users::{PasswordResetRequest, User, UserCreateRequest, UserPatch},
};

use super::RoleChoice;
use crate::{
    client::Client,
    commands::account::tell_deleted,
    context::Context,
    error::{Exit, Outcome, bad_request},
    everywhere::OutputFormat,
    input::{confirm, password::PasswordArguments},
    output::{self, listing::print_one},
};

/// One account.
#[derive(Debug, Args)]
pub(super) struct Named {
    #[arg(value_name = "USER")]
    pub(super) user: String,
}

#[derive(Debug, Args)]
pub(super) struct CreateArguments {
    #[arg(id = "new_user", value_name = "NAME")]
    username: String,
    #[arg(long, value_name = "ROLE")]
    role: Option<RoleChoice>,
    #[arg(long, value_name = "NUMBER")]
    os_user: Option<u32>,
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Debug, Args)]
pub(super) struct SetArguments {
    #[command(flatten)]
    named: Named,
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    #[arg(long, value_name = "ROLE")]
    role: Option<RoleChoice>,
}

#[derive(Debug, Args)]
pub(super) struct MapArguments {
    #[command(flatten)]
    named: Named,
    #[arg(long, value_name = "NUMBER", required_unless_present = "nobody")]
    os_user: Option<u32>,
    #[arg(long, conflicts_with = "os_user")]
    nobody: bool,
}

#[derive(Debug, Args)]
pub(super) struct ResetArguments {
    #[command(flatten)]
    named: Named,
    #[arg(long)]
    password_stdin: bool,
}

impl CreateArguments {
    pub(super) async fn run(self, context: &Context, client: &Client) -> Outcome {
        let from = PasswordArguments { username: None, password_stdin: self.password_stdin };
        let password = if self.password_stdin { Some(from.chosen(context, &self.username)?) } else { None };
        let request =
            UserCreateRequest { username: self.username, password, role: self.role.map(Into::into), os_user: self.os_user };
        let user = client.create_user(&request).await?;
        let words = phrase!("note-user-made", user = user.username);
        tell(context, &user, &words)?;
        // Nobody could ever be this account.
        if !user.has_password && user.os_user.is_none() && !context.everywhere.quiet {
            output::note(&phrase!("note-user-without-a-way", user = user.username), context.language);
        }
        Ok(Exit::SUCCESS)
    }
}

impl SetArguments {
    pub(super) async fn run(self, context: &Context, client: &Client) -> Outcome {
        if self.username.is_none() && self.role.is_none() {
            return Err(bad_request(phrase!("error-nothing-to-set")).with_hint(phrase!("hint-nothing-to-set-of-user")).into());
        }
        let patch = UserPatch { username: self.username, role: self.role.map(Into::into), ..UserPatch::default() };
        patch_and_tell(context, client, &self.named, &patch, |user| phrase!("note-account-saved", user = user)).await
    }
}

impl MapArguments {
    pub(super) async fn run(self, context: &Context, client: &Client) -> Outcome {
        let patch = UserPatch { os_user: Some(self.os_user), ..UserPatch::default() };
        patch_and_tell(context, client, &self.named, &patch, |user| match self.os_user {
            Some(number) => phrase!("note-user-mapped", user = user, number = number),
            None => phrase!("note-user-not-mapped", user = user),
        })
        .await
    }
}

impl ResetArguments {
    pub(super) async fn run(self, context: &Context, client: &Client) -> Outcome {
        let name = &self.named.user;
        let from = PasswordArguments { username: None, password_stdin: self.password_stdin };
        let password = if self.password_stdin { Some(from.chosen(context, name)?) } else { None };
        let answer = client.reset_password(name, &PasswordResetRequest { password }).await?;
        if context.format() != OutputFormat::Text {
            return print_one(context, &answer, &[]);
        }
        if !context.everywhere.quiet {
            output::note(&phrase!("note-password-reset", user = name), context.language);
        }
        match answer.password {
            Some(drawn) => output::print(&format!("{}\n", drawn.reveal())).map(|()| Exit::SUCCESS),
            None => Ok(Exit::SUCCESS),
        }
    }
}

pub(super) async fn disable(context: &Context, client: &Client, named: &Named) -> Outcome {
    let patch = UserPatch { disabled: Some(true), ..UserPatch::default() };
    patch_and_tell(context, client, named, &patch, |user| phrase!("note-user-disabled", user = user)).await
}

pub(super) async fn enable(context: &Context, client: &Client, named: &Named) -> Outcome {
    let patch = UserPatch { disabled: Some(false), ..UserPatch::default() };
    patch_and_tell(context, client, named, &patch, |user| phrase!("note-user-enabled", user = user)).await
}

pub(super) async fn delete(context: &Context, client: &Client, named: &Named) -> Outcome {
    // Shown first, so that what is agreed to is what is deleted.
    let user = client.user(&named.user).await?;
    let question = phrase!("question-delete-user", user = user.username).render(context.language);
    if !confirm::is_agreed_for_good(context, &question)? {
        return Ok(Exit(1));
    }
    let deleted = client.delete_user(&user.id.to_string()).await?;
    tell_deleted(context, &user.username, deleted);
    Ok(Exit::SUCCESS)
}

async fn patch_and_tell(
    context: &Context,
    client: &Client,
    named: &Named,
    patch: &UserPatch,
    words: impl FnOnce(&str) -> Phrase,
) -> Outcome {
    let user = client.patch_user(&named.user, patch).await?;
    let words = words(&user.username);
    tell(context, &user, &words)
}

fn tell(context: &Context, user: &User, words: &Phrase) -> Outcome {
    if context.format() != OutputFormat::Text {
        return print_one(context, user, &[]);
    }
    if !context.everywhere.quiet {
        output::note(words, context.language);
    }
    Ok(Exit::SUCCESS)
}
