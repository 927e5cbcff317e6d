//! `mmp models`: which models there are, and which one answers where none is named.

use clap::Subcommand;
use mmp_shared::{
    Language,
    models::{Model, Price, Settings},
    phrase,
};

use crate::{
    client::Client,
    context::Context,
    error::{Exit, Outcome},
    output::{
        self, json,
        listing::{print_one, print_page},
        neutralise::neutralise_line,
        table::Column,
    },
    everywhere::OutputFormat,
    wanted::{ListArguments, Wanted},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    List(ListArguments),
    Show {
        #[arg(value_name = "NAME")]
        name: String,
    },
    Default {
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
}

const COLUMNS: &[Column<Model>] = &[
    Column { field: "name", show: |model| model.name.clone() },
    Column { field: "default", show: |model| mark(model.default) },
    Column { field: "available", show: |model| mark(model.available) },
    Column { field: "context_window", show: |model| model.context_window.map(|tokens| tokens.to_string()).unwrap_or_default() },
    Column { field: "price", show: |model| model.price.as_ref().map(price).unwrap_or_default() },
    Column { field: "aliases", show: |model| model.aliases.join(", ") },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        match self.action {
            Action::List(list) => print_page(context, &client.models(&list.into()).await?, COLUMNS),
            Action::Show { name } => show(context, &client.model(&name).await?),
            Action::Default { name: Some(name) } => set_default(context, &client, name).await,
            Action::Default { name: None } => print_default(context, &client).await,
        }
    }
}

fn show(context: &Context, model: &Model) -> Outcome {
    let number = |tokens: Option<u64>| tokens.map(|tokens| tokens.to_string()).unwrap_or_default();
    let shown = [
        ("name", model.name.clone()),
        ("provider", model.provider.clone()),
        ("aliases", model.aliases.join(", ")),
        ("context_window", number(model.context_window)),
        ("max_output", number(model.max_output)),
        ("price", model.price.as_ref().map(price).unwrap_or_default()),
        ("available", yes_or_no(model.available, context.language)),
        ("default", yes_or_no(model.default, context.language)),
    ];
    print_one(context, model, &shown)
}

async fn set_default(context: &Context, client: &Client, name: String) -> Outcome {
    // An unknown name is refused here and not at the next chat.
    client.model(&name).await?;
    let settings = Settings { values: [(Settings::MODEL.to_owned(), Some(name))].into() };
    let settings = client.put_settings(&settings).await?;
    print_name(context, settings.values.get(Settings::MODEL).cloned().flatten())
}

async fn print_default(context: &Context, client: &Client) -> Outcome {
    let settings = client.settings().await?;
    if let Some(Some(name)) = settings.values.get(Settings::MODEL) {
        return print_name(context, Some(name.clone()));
    }
    let models = client.models(&Wanted { limit: None, cursor: None }).await?;
    print_name(context, models.items.into_iter().find(|model| model.default).map(|model| model.name))
}

fn print_name(context: &Context, name: Option<String>) -> Outcome {
    if context.format() != OutputFormat::Text {
        return json::print(&serde_json::json!({ "model": name })).map(|()| Exit::SUCCESS);
    }
    match name {
        Some(name) => output::print(&format!("{}\n", neutralise_line(&name)))?,
        None => output::note(&phrase!("note-no-default-model"), context.language),
    }
    Ok(Exit::SUCCESS)
}

fn price(price: &Price) -> String {
    format!("${} / ${}", price.input, price.output)
}

fn mark(is_so: bool) -> String {
    if is_so { "✓".to_owned() } else { String::new() }
}

fn yes_or_no(is_so: bool, language: Language) -> String {
    if is_so { phrase!("word-yes") } else { phrase!("word-no") }.render(language)
}
