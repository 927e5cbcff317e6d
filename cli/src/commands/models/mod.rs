//! `mmp models`: which models there are, which one answers where none is named, and what is said of them. Why something
//! would be used is `show`'s, changing what is said `config`'s, providers' own lists `refresh`'s.

pub(crate) mod config;
mod refresh;
mod show;

use clap::Subcommand;
use mmp_shared::{
    models::{Model, Price},
    settings::Settings,
    phrase,
};

use self::config::ConfigAction;
use crate::{
    client::{Client, models::Scope},
    context::Context,
    error::{Exit, Outcome},
    everywhere::OutputFormat,
    output::{
        self, json,
        listing::{print_one, print_page},
        neutralise::neutralise_line,
        table::Column,
        time,
    },
    wanted::{ListArguments, Wanted},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    List {
        #[arg(long, value_name = "NAME")]
        provider: Option<String>,
        #[command(flatten)]
        list: ListArguments,
    },
    Show {
        #[arg(value_name = "NAME")]
        name: String,
    },
    Default {
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    Refresh {
        #[arg(value_name = "PROVIDER")]
        providers: Vec<String>,
    },
    Test {
        #[arg(value_name = "NAME")]
        name: String,
    },
    #[command(flatten)]
    Config(ConfigAction),
}

const COLUMNS: &[Column<Model>] = &[
    Column { field: "name", show: |model| model.name.clone() },
    Column { field: "default", show: |model| mark(model.default) },
    Column { field: "available", show: |model| if model.enabled { mark(model.available) } else { "✗".to_owned() } },
    Column { field: "context_window", show: |model| model.context_window.map(tokens).unwrap_or_default() },
    Column { field: "price", show: |model| model.price.map(|price| format!("${} / ${}", price.input, price.output)).unwrap_or_default() },
    Column { field: "aliases", show: |model| model.aliases.join(", ") },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        match self.action {
            Action::List { provider, list } => {
                print_page(context, &client.models(provider.as_deref(), &list.into()).await?, COLUMNS)
            }
            Action::Show { name } => show::run(context, &client, &name).await,
            Action::Default { name: Some(name) } => set_default(context, &client, name).await,
            Action::Default { name: None } => print_default(context, &client).await,
            Action::Refresh { providers } => refresh::run(context, &client, providers).await,
            Action::Test { name } => test(context, &client, &name).await,
            Action::Config(action) => action.run(context, &client, Scope::Own).await,
        }
    }
}

async fn set_default(context: &Context, client: &Client, name: String) -> Outcome {
    // An unknown name is refused here and not at the next chat.
    client.model(&name, &[]).await?;
    let settings = Settings { values: [(Settings::MODEL.to_owned(), Some(name))].into() };
    let settings = client.put_settings(&settings).await?;
    print_name(context, settings.values.get(Settings::MODEL).cloned().flatten())
}

async fn print_default(context: &Context, client: &Client) -> Outcome {
    let settings = client.settings().await?;
    if let Some(Some(name)) = settings.values.get(Settings::MODEL) {
        return print_name(context, Some(name.clone()));
    }
    let models = client.models(None, &Wanted { limit: None, cursor: None }).await?;
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

async fn test(context: &Context, client: &Client, name: &str) -> Outcome {
    let found = match client.test_model(name, context.config()?.switch("import_env")).await {
        Ok(found) => found,
        Err(error) => return Err(client.explain_refused_key(error, context).await.into()),
    };
    if context.format() != OutputFormat::Text {
        return print_one(context, &found, &[]);
    }
    let duration = time::duration(found.timing.total_ms.unwrap_or_default());
    let words = match found.cost_usd {
        Some(cost) => phrase!("model-answers-for", model = found.model, time = duration, cost = time::cost(cost)),
        None => phrase!("model-answers", model = found.model, time = duration),
    };
    output::print(&format!("{}\n", neutralise_line(&words.render(context.language))))?;
    Ok(Exit::SUCCESS)
}

/// Dollars for a million tokens of the prompt, of its cached part, of the answer.
fn price(price: &Price) -> String {
    match price.cached_input {
        Some(cached) => format!("${} / ${cached} / ${}", price.input, price.output),
        None => format!("${} / ${}", price.input, price.output),
    }
}

/// Tokens as people say them: `128K`, `1M`.
fn tokens(count: u64) -> String {
    match count {
        1_000_000.. if count.is_multiple_of(10_000) => format!("{}M", count as f64 / 1_000_000.0),
        1_000.. if count.is_multiple_of(1_000) => format!("{}K", count / 1_000),
        1_024.. if count.is_multiple_of(1_024) => format!("{}Ki", count / 1_024),
        _ => count.to_string(),
    }
}

fn mark(is_so: bool) -> String {
    if is_so { "✓".to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_said_as_people_say_them() {
        for (count, said) in [(128_000, "128K"), (1_000_000, "1M"), (1_050_000, "1.05M"), (131_072, "128Ki"), (384, "384"), (1_048_565, "1048565")] {
            assert_eq!(tokens(count), said);
        }
    }
}
