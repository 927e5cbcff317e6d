//! `mmp config`: the file of settings on this machine, the client's and the daemon's. How the file is changed is in `file`.

mod file;
pub(super) mod host;

use clap::Subcommand;
use mmp_shared::{
    ApiError,
    config::{Config, Key, Kind, Origin, Setting, Side, Value, find_key, nearest_key},
    page::Page,
    phrase,
};
use serde::Serialize;

use crate::{
    everywhere::OutputFormat,
    config,
    context::Context,
    error::{Exit, Outcome, bad_request},
    output::{
        self, json,
        listing::{print_one, print_page},
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
        #[arg(value_name = "KEY")]
        key: String,
    },
    Set {
        #[arg(value_name = "KEY")]
        key: String,
        #[arg(value_name = "VALUE")]
        value: String,
    },
    Unset {
        #[arg(value_name = "KEY")]
        key: String,
    },
    Path,
}

/// A setting as it is printed.
#[derive(Debug, Serialize)]
struct SettingView {
    key: &'static str,
    value: Option<serde_json::Value>,
    origin: &'static str,
}

const COLUMNS: &[Column<SettingView>] = &[
    Column { field: "key", show: |view| view.key.to_owned() },
    Column { field: "origin", show: |view| view.origin.to_owned() },
    Column { field: "value", show: |view| view.value.as_ref().map(plain).unwrap_or_default() },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        match self.action {
            Action::List => list(context),
            Action::Get { key } => get(context, known(&key)?),
            Action::Set { key, value } => set(context, known(&key)?, &value),
            Action::Unset { key } => unset(context, known(&key)?),
            Action::Path => paths(context),
        }
    }
}

fn known(name: &str) -> Result<&'static Key, ApiError> {
    find_key(name).ok_or_else(|| {
        let error = bad_request(phrase!("error-config-no-such-key", key = name));
        match nearest_key(name) {
            Some(nearest) => error.with_hint(phrase!("hint-nearest-key", key = nearest.name)),
            None => error.with_hint(phrase!("hint-config-list")),
        }
    })
}

/// What holds for every key, those of a daemon started from here included.
fn everything(context: &Context) -> Result<Config, ApiError> {
    config::load(&context.places, context.flags(), None)
}

fn list(context: &Context) -> Outcome {
    let config = everything(context)?;
    let items = config.iter().map(|(key, setting)| view(key, setting)).collect();
    print_page(context, &Page { items, next_cursor: None }, COLUMNS)
}

fn get(context: &Context, key: &'static Key) -> Outcome {
    let config = everything(context)?;
    let unset = Setting { value: None, origin: Origin::BuiltIn };
    let view = view(key, config.setting(key.name).unwrap_or(&unset));
    match (context.format(), &view.value) {
        (OutputFormat::Text, Some(value)) => output::print(&format!("{}\n", plain(value)))?,
        // As `git config` has it: nothing to say is an exit code.
        (OutputFormat::Text, None) => return Ok(Exit(1)),
        (OutputFormat::Json | OutputFormat::Jsonl, _) => json::print(&view)?,
        (OutputFormat::Csv, _) => return Err(bad_request(phrase!("error-no-csv")).into()),
    }
    Ok(Exit::SUCCESS)
}

fn set(context: &Context, key: &'static Key, text: &str) -> Outcome {
    let invalid = || bad_request(phrase!("error-config-flag", key = key.name, value = text, expected = key.kind.expected()));
    let value = key.kind.parse(text).filter(|_| !text.is_empty()).ok_or_else(invalid)?;
    file::change(&context.places.config_file, |document| file::set(document, key, &value, text))?;
    let overruled = key.variable.filter(|name| config::variable(name).is_some());
    if let Some(variable) = overruled {
        output::note(&phrase!("note-variable-overrules", variable = variable, key = key.name), context.language);
    }
    if key.side() == Side::Daemon && !context.everywhere.quiet {
        output::note(&phrase!("note-daemon-restart"), context.language);
    }
    Ok(Exit::SUCCESS)
}

fn unset(context: &Context, key: &'static Key) -> Outcome {
    file::change(&context.places.config_file, |document| {
        file::unset(document, key);
        Ok(())
    })?;
    Ok(Exit::SUCCESS)
}

fn paths(context: &Context) -> Outcome {
    let places = &context.places;
    let named = [
        ("config", &places.config_file),
        ("data", &places.data),
        ("state", &places.state),
        ("logs", &places.logs()),
        ("socket", &places.socket),
    ]
    .map(|(name, path)| (name, path.display().to_string()));
    let object: serde_json::Map<_, _> = named.iter().map(|(name, path)| ((*name).to_owned(), path.clone().into())).collect();
    print_one(context, &object, &named)
}

fn view(key: &'static Key, setting: &Setting) -> SettingView {
    let value = setting.value.as_ref().map(|value| match value {
        Value::Switch(on) => serde_json::Value::Bool(*on),
        Value::Count(count) => serde_json::Value::from(*count),
        other => serde_json::Value::String(other.to_string()),
    });
    let value = value.filter(|value| key.kind != Kind::Text || value != "");
    SettingView { key: key.name, value, origin: setting.origin.as_str() }
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
