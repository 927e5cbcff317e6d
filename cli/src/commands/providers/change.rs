//! What changes a provider: its address and its key. A key goes from where the user keeps it straight into the request:
//! it is never an argument, which every process on the machine could read.

use std::io::{self, IsTerminal as _};

use clap::Args;
use mmp_shared::{
    ApiError, ErrorCode,
    chat::ProviderKey,
    env_keys::ENV_KEYS,
    events::Notice,
    models::{ProviderField, ProviderInfo, ProviderPutRequest, ProviderPutResponse, PutMode},
    page::Page,
    phrase,
};

use crate::{
    everywhere::OutputFormat,
    client::Client,
    config::variable,
    context::Context,
    error::{CliError, Exit, Outcome, bad_request, system_call},
    input::{
        confirm, env_keys, secret,
        stdin::{self, StdinMode},
    },
    output::{
        self,
        listing::{print_one, print_page},
        text::notice_words,
    },
};

/// The notice that says where a new master key was put.
const MASTER_KEY_MADE: &str = "master_key_made";

#[derive(Debug, Args)]
pub(super) struct AddArguments {
    #[arg(value_name = "NAME")]
    name: String,
    #[arg(long, value_name = "KIND")]
    kind: String,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(super) struct SetArguments {
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
struct Change {
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    #[arg(long, conflicts_with = "api_key_env")]
    api_key_stdin: bool,
    #[arg(long, value_name = "VAR")]
    api_key_env: Option<String>,
    #[arg(long, conflicts_with = "secret_key_env")]
    secret_key_stdin: bool,
    #[arg(long, value_name = "VAR")]
    secret_key_env: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct UnsetArguments {
    #[arg(value_name = "NAME")]
    name: String,
    #[arg(long)]
    api_key: bool,
    #[arg(long)]
    base_url: bool,
}

impl Change {
    fn is_empty(&self) -> bool {
        self.base_url.is_none() && !self.names_key() && !self.names_secret()
    }

    const fn names_key(&self) -> bool {
        self.api_key_stdin || self.api_key_env.is_some()
    }

    const fn names_secret(&self) -> bool {
        self.secret_key_stdin || self.secret_key_env.is_some()
    }

    fn key(&self) -> Result<Option<ProviderKey>, ApiError> {
        if self.names_secret() && !self.names_key() {
            return Err(bad_request(phrase!("error-secret-key-alone")).with_hint(phrase!("hint-secret-key-alone")));
        }
        if !self.names_key() {
            return Ok(None);
        }
        let is_asked = self.api_key_stdin || self.secret_key_stdin;
        let piped = if is_asked { stdin::read(StdinMode::Always, None)?.unwrap_or_default() } else { String::new() };
        // Where both are read there, each has a line of its own.
        let (first, second) = match self.api_key_stdin && self.secret_key_stdin {
            true => piped.trim().split_once('\n').unwrap_or((&piped, "")),
            false => (piped.as_str(), piped.as_str()),
        };
        let api_key = one_key(self.api_key_env.as_deref(), first)?;
        let secret_key = if self.names_secret() { Some(one_key(self.secret_key_env.as_deref(), second)?) } else { None };
        Ok(Some(ProviderKey { api_key: Some(api_key), secret_key }))
    }
}

fn one_key(variable_name: Option<&str>, piped: &str) -> Result<String, ApiError> {
    let text = match variable_name {
        Some(name) => variable(name).ok_or_else(|| bad_request(phrase!("error-variable-empty", name = name)))?,
        None => piped.to_owned(),
    };
    if text.trim().is_empty() {
        return Err(bad_request(phrase!("error-key-empty")));
    }
    // White space around it is the daemon's to leave out: it says so, whichever way a key comes.
    Ok(text)
}

const fn request(mode: PutMode) -> ProviderPutRequest {
    ProviderPutRequest { mode, kind: None, base_url: None, key: None, unset: Vec::new() }
}

pub(super) async fn add(context: &Context, client: &Client, arguments: AddArguments) -> Outcome {
    let key = arguments.change.key()?;
    let change =
        ProviderPutRequest { kind: Some(arguments.kind), base_url: arguments.change.base_url, key, ..request(PutMode::Add) };
    tell(context, &client.put_provider(&arguments.name, &change).await?)
}

pub(super) async fn set(context: &Context, client: &Client, arguments: SetArguments) -> Outcome {
    let key = if arguments.change.is_empty() { Some(ask(context, &arguments.name)?) } else { arguments.change.key()? };
    let change = ProviderPutRequest { base_url: arguments.change.base_url, key, ..request(PutMode::Set) };
    tell(context, &client.put_provider(&arguments.name, &change).await?)
}

pub(super) async fn unset(context: &Context, client: &Client, arguments: UnsetArguments) -> Outcome {
    let names_none = !arguments.api_key && !arguments.base_url;
    let fields = [(arguments.api_key, ProviderField::ApiKey), (arguments.base_url, ProviderField::BaseUrl)];
    let unset = fields.into_iter().filter(|(is_named, _)| *is_named || names_none).map(|(_, field)| field).collect();
    let change = ProviderPutRequest { unset, ..request(PutMode::Set) };
    tell(context, &client.put_provider(&arguments.name, &change).await?)
}

pub(super) async fn remove(context: &Context, client: &Client, name: &str) -> Outcome {
    let question = phrase!("question-remove-provider", name = name).render(context.language);
    if !confirm::is_agreed(context, &question) {
        return Ok(Exit(1));
    }
    client.remove_provider(name).await?;
    if context.format() == OutputFormat::Text && !context.everywhere.quiet {
        output::note(&phrase!("note-provider-removed", name = name), context.language);
    }
    Ok(Exit::SUCCESS)
}

pub(super) async fn import_env(context: &Context, client: &Client) -> Outcome {
    let (mut items, mut failure): (Vec<ProviderInfo>, _) = (Vec::new(), None);
    for provider in env_keys::providers() {
        let change = ProviderPutRequest { key: env_keys::key_of(&provider), ..request(PutMode::Set) };
        let answer = match client.put_provider(&provider, &change).await {
            Ok(answer) => answer,
            // A key that is none keeps no other from being sealed.
            Err(error) if error.code == ErrorCode::BadRequest => {
                failure.get_or_insert(error);
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        tell_notices(context, &answer);
        if context.format() == OutputFormat::Text && !context.everywhere.quiet {
            output::note(&phrase!("note-key-sealed", name = provider), context.language);
        }
        items.push(answer.provider);
    }
    if let Some(error) = failure {
        return Err(error.into());
    }
    if items.is_empty() && !context.everywhere.quiet {
        let names: Vec<_> = ENV_KEYS.iter().map(|key| key.api_key).collect();
        output::note(&phrase!("note-no-keys-in-environment", names = names.join(", ")), context.language);
    }
    if context.format() == OutputFormat::Text {
        return Ok(Exit::SUCCESS);
    }
    print_page(context, &Page { items, next_cursor: None }, super::COLUMNS)
}

fn ask(context: &Context, name: &str) -> Result<ProviderKey, CliError> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(bad_request(phrase!("error-nothing-to-set")).with_hint(phrase!("hint-nothing-to-set")).into());
    }
    let question = phrase!("question-key", name = name).render(context.language);
    match secret::ask(&question).map_err(|error| system_call("terminal", &error))? {
        Some(text) => Ok(ProviderKey { api_key: Some(one_key(None, &text)?), secret_key: None }),
        None => Err(CliError::Silent(Exit(mmp_shared::error::EXIT_INTERRUPTED))),
    }
}

fn tell(context: &Context, answer: &ProviderPutResponse) -> Outcome {
    tell_notices(context, answer);
    if context.format() != OutputFormat::Text {
        return print_one(context, &answer.provider, &[]);
    }
    if !context.everywhere.quiet {
        let provider = &answer.provider;
        let phrase = phrase!("note-provider-changed", name = &provider.name, key = super::key_word(provider.key));
        output::note(&phrase, context.language);
    }
    Ok(Exit::SUCCESS)
}

fn tell_notices(context: &Context, answer: &ProviderPutResponse) {
    // Where the master key was put is said aloud in any case.
    let is_told = |notice: &&Notice| !context.everywhere.quiet || notice.code == MASTER_KEY_MADE;
    for notice in answer.notices.iter().filter(is_told) {
        output::note_line(&notice_words(notice, context.language));
    }
}
