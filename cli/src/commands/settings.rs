//! `mmp settings`: what the daemon keeps for all of a user's terminals. Which settings there are, and what they take, is
//! the daemon's to say.

use clap::Subcommand;
use mmp_shared::{ApiError, ErrorCode, models::Settings, page::Page, phrase};
use serde::Serialize;

use crate::{
    client::Client,
    context::Context,
    error::{Exit, Outcome},
    output::{
        listing::{print_one, print_page},
        neutralise::neutralise_line,
        table::Column,
    },
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    List,
    Get {
        #[arg(value_name = "NAME")]
        setting: String,
    },
    Set {
        #[arg(value_name = "NAME")]
        setting: String,
        #[arg(value_name = "VALUE")]
        value: String,
    },
    Unset {
        #[arg(value_name = "NAME")]
        setting: String,
    },
}

/// A setting as it is printed.
#[derive(Debug, Serialize)]
struct SettingView {
    name: String,
    value: String,
}

const COLUMNS: &[Column<SettingView>] = &[
    Column { field: "name", show: |view| view.name.clone() },
    Column { field: "value", show: |view| neutralise_line(&view.value) },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        match self.action {
            Action::List => print_page(context, &Page { items: views(client.settings().await?), next_cursor: None }, COLUMNS),
            Action::Get { setting } => get(context, &client, &setting).await,
            Action::Set { setting, value } => change(&client, setting, Some(value)).await,
            Action::Unset { setting } => change(&client, setting, None).await,
        }
    }
}

async fn get(context: &Context, client: &Client, name: &str) -> Outcome {
    let found = views(client.settings().await?).into_iter().find(|view| view.name == name);
    let unset = || ApiError::new(ErrorCode::NotFound, phrase!("error-setting-unset", name = name)).with_hint(phrase!("hint-settings-list"));
    let view = found.ok_or_else(unset)?;
    let shown = [("value", neutralise_line(&view.value))];
    print_one(context, &view, &shown)
}

async fn change(client: &Client, name: String, value: Option<String>) -> Outcome {
    client.put_settings(&Settings { values: [(name, value)].into() }).await?;
    Ok(Exit::SUCCESS)
}

fn views(settings: Settings) -> Vec<SettingView> {
    settings.values.into_iter().filter_map(|(name, value)| Some(SettingView { name, value: value? })).collect()
}
