//! `mmp providers`: whose models can be asked, where, and with which key. What changes a provider is in `change`, the
//! look for servers in `discover`.

mod change;
mod discover;

use clap::Subcommand;
use mmp_shared::{
    models::{KeyState, ProviderInfo, ProviderOrigin},
    phrase,
};

use self::change::{AddArguments, SetArguments, UnsetArguments};
use crate::{
    client::Client,
    everywhere::OutputFormat,
    context::Context,
    error::{Exit, Outcome},
    output::{
        self,
        listing::{print_one, print_page},
        neutralise::neutralise_line,
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
    Show {
        #[arg(value_name = "NAME")]
        name: String,
    },
    Add(AddArguments),
    Set(SetArguments),
    Unset(UnsetArguments),
    Remove {
        #[arg(value_name = "NAME")]
        name: String,
    },
    Test {
        #[arg(value_name = "NAME")]
        name: String,
    },
    Discover,
    ImportEnv,
}

const COLUMNS: &[Column<ProviderInfo>] = &[
    Column { field: "name", show: |provider| provider.name.clone() },
    Column { field: "kind", show: |provider| provider.kind.clone() },
    Column { field: "key", show: |provider| key_word(provider.key).to_owned() },
    Column { field: "default_model", show: |provider| provider.default_model.clone().unwrap_or_default() },
    Column { field: "base_url", show: |provider| provider.base_url.clone().unwrap_or_default() },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        match self.action {
            Action::List(list) => print_page(context, &client.providers(&list.into()).await?, COLUMNS),
            Action::Show { name } => show(context, &client.provider(&name).await?),
            Action::Add(arguments) => change::add(context, &client, arguments).await,
            Action::Set(arguments) => change::set(context, &client, arguments).await,
            Action::Unset(arguments) => change::unset(context, &client, arguments).await,
            Action::Remove { name } => change::remove(context, &client, &name).await,
            Action::Test { name } => test(context, &client, &name).await,
            Action::Discover => discover::discover(context, &client).await,
            Action::ImportEnv => change::import_env(context, &client).await,
        }
    }
}

fn show(context: &Context, provider: &ProviderInfo) -> Outcome {
    let origin = match provider.origin {
        ProviderOrigin::BuiltIn => phrase!("origin-built-in"),
        ProviderOrigin::Added => phrase!("origin-added"),
    };
    let shown = [
        ("name", provider.name.clone()),
        ("kind", provider.kind.clone()),
        ("base_url", provider.base_url.clone().unwrap_or_default()),
        ("key", key_word(provider.key).to_owned()),
        ("api", provider.api.map(|api| api.as_str().to_owned()).unwrap_or_default()),
        ("env", provider.env.join(", ")),
        ("default_model", provider.default_model.clone().unwrap_or_default()),
        ("origin", origin.render(context.language)),
    ];
    print_one(context, provider, &shown)
}

async fn test(context: &Context, client: &crate::client::Client, name: &str) -> Outcome {
    let found = match client.test_provider(name).await {
        Ok(found) => found,
        Err(error) => return Err(client.explain_refused_key(error, context).await.into()),
    };
    if context.format() != OutputFormat::Text {
        return print_one(context, &found, &[]);
    }
    let words = phrase!("provider-answers", name = name, time = time::duration(found.latency_ms), count = found.models.len());
    output::print(&format!("{}\n", neutralise_line(&words.render(context.language))))?;
    for model in found.models.iter().filter(|_| context.everywhere.verbose) {
        output::print(&format!("{}\n", neutralise_line(model)))?;
    }
    Ok(Exit::SUCCESS)
}

/// The same word as in JSON: people look for it in scripts, too.
const fn key_word(state: KeyState) -> &'static str {
    match state {
        KeyState::Sealed => "sealed",
        KeyState::Missing => "missing",
        KeyState::NotNeeded => "not_needed",
    }
}
