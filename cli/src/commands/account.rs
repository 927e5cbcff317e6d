//! `mmp account`: one's own account, shown, changed, deleted.

use clap::Subcommand;
use mmp_shared::{
    phrase,
    users::{Profile, ProfilePatch},
};

use super::{
    config::host::forget_host,
    whoami::{role_words, via_words},
};
use crate::{
    client::{Client, users::Deleted},
    context::Context,
    error::{Exit, Outcome, bad_request},
    everywhere::OutputFormat,
    input::confirm,
    output::{self, listing::print_one, time},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Show,
    Set {
        #[arg(long, value_name = "NAME")]
        username: Option<String>,
        #[arg(long, value_name = "TEXT")]
        display_name: Option<String>,
    },
    Delete,
}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        match self.action {
            Action::Show => show(context, &client.profile().await?),
            Action::Set { username, display_name } => set(context, &client, username, display_name).await,
            Action::Delete => delete(context, &client).await,
        }
    }
}

fn show(context: &Context, profile: &Profile) -> Outcome {
    let whoami = &profile.whoami;
    let has_password = if profile.has_password { phrase!("word-yes") } else { phrase!("word-no") };
    let shown = [
        ("id", whoami.id.to_string()),
        ("username", whoami.username.clone()),
        ("display_name", profile.display_name.clone().unwrap_or_default()),
        ("role", role_words(whoami.role, context.language)),
        ("via", via_words(whoami.via, context.language)),
        ("has_password", has_password.render(context.language)),
        ("os_user", profile.os_user.map(|user| user.to_string()).unwrap_or_default()),
        ("created_at", time::local(profile.created_at)),
    ];
    print_one(context, profile, &shown)
}

async fn set(context: &Context, client: &Client, username: Option<String>, display_name: Option<String>) -> Outcome {
    if username.is_none() && display_name.is_none() {
        return Err(bad_request(phrase!("error-nothing-to-set")).with_hint(phrase!("hint-nothing-to-set-of-account")).into());
    }
    let renamed = username.is_some();
    let display_name = display_name.map(|name| Some(name).filter(|name| !name.is_empty()));
    let profile = client.patch_profile(&ProfilePatch { username, display_name }).await?;
    if renamed {
        client.rename_login(&profile.whoami.username).await?;
    }
    if context.format() != OutputFormat::Text {
        return print_one(context, &profile, &[]);
    }
    if !context.everywhere.quiet {
        output::note(&phrase!("note-account-saved", user = profile.whoami.username), context.language);
    }
    Ok(Exit::SUCCESS)
}

async fn delete(context: &Context, client: &Client) -> Outcome {
    let name = client.whoami().await?.username;
    let question = phrase!("question-delete-account", user = name).render(context.language);
    if !confirm::is_agreed_for_good(context, &question)? {
        return Ok(Exit(1));
    }
    let deleted = client.delete_account().await?;
    if let Some(kept) = client.kept_login()?.filter(|kept| kept.user == name) {
        client.forget_login(&kept).await?;
        forget_host(context, &kept.host);
    }
    tell_deleted(context, &name, deleted);
    Ok(Exit::SUCCESS)
}

/// Says how far a deletion has come.
pub(super) fn tell_deleted(context: &Context, name: &str, deleted: Deleted) {
    if context.everywhere.quiet {
        return;
    }
    let words = match deleted {
        Deleted::Wholly => phrase!("note-account-deleted", user = name),
        Deleted::StillGoing => phrase!("note-account-being-deleted", user = name),
    };
    output::note(&words, context.language);
}
