//! `mmp settings`: what the daemon keeps for all of a user's terminals. Which settings there are, and what they take, is
//! the daemon's to say.

use clap::Subcommand;
use mmp_shared::{
    ApiError, ErrorCode, Phrase, page::Page, phrase,
    settings::{SETTINGS, Settings},
};
use serde::Serialize;

use crate::{
    client::Client,
    context::Context,
    error::{Exit, Outcome},
    output::{
        self,
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
    List {
        #[arg(long)]
        all: bool,
    },
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
    value: Option<String>,
    meaning: String,
}

const COLUMNS: &[Column<SettingView>] = &[
    Column { field: "name", show: |view| view.name.clone() },
    Column { field: "value", show: |view| view.value.as_deref().map(neutralise_line).unwrap_or_default() },
    Column { field: "meaning", show: |view| view.meaning.clone() },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        match self.action {
            Action::List { all } => {
                let items = views(context, &asked(context, &client).await?).filter(|view| all || view.value.is_some()).collect();
                print_page(context, &Page { items, next_cursor: None }, COLUMNS)
            }
            Action::Get { setting } => get(context, &client, &setting).await,
            Action::Set { setting, value } => change(context, &client, setting, Some(value)).await,
            Action::Unset { setting } => change(context, &client, setting, None).await,
        }
    }
}

async fn asked(context: &Context, client: &Client) -> Result<Settings, ApiError> {
    let settings = client.settings().await?;
    context.note_settings(&settings);
    Ok(settings)
}

async fn get(context: &Context, client: &Client, name: &str) -> Outcome {
    let settings = asked(context, client).await?;
    let found = views(context, &settings).find(|view| view.name == name && view.value.is_some());
    let unset = || ApiError::new(ErrorCode::NotFound, phrase!("error-setting-unset", name = name)).with_hint(phrase!("hint-settings-list"));
    let view = found.ok_or_else(unset)?;
    let shown = [("value", view.value.as_deref().map(neutralise_line).unwrap_or_default())];
    print_one(context, &view, &shown)
}

async fn change(context: &Context, client: &Client, name: String, value: Option<String>) -> Outcome {
    let deletes = value.clone().filter(|_| name == Settings::RETENTION);
    let settings = client.put_settings(&Settings { values: [(name, value)].into() }).await?;
    context.note_settings(&settings);
    if let Some(age) = deletes.filter(|_| !context.everywhere.quiet) {
        output::note(&phrase!("note-retention", age = age), context.language);
    }
    Ok(Exit::SUCCESS)
}

/// Every setting with its value, if it has one.
fn views(context: &Context, settings: &Settings) -> impl Iterator<Item = SettingView> {
    SETTINGS.iter().map(|setting| SettingView {
        name: setting.name.to_owned(),
        value: settings.get(setting.name).map(str::to_owned),
        meaning: Phrase::new(setting.meaning).render(context.language),
    })
}
