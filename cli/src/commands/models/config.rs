//! What is said of a model, changed: for oneself by `mmp models`, for everyone by `mmp admin models`.

use clap::{ArgAction, Subcommand};
use mmp_shared::{
    ApiError, ErrorCode,
    models::{ModelConfig, ModelConfigChange, Price},
    page::Page,
    phrase,
};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    client::{Client, models::Scope},
    context::Context,
    error::{Exit, Outcome, bad_request},
    everywhere::OutputFormat,
    input::params::ParamArguments,
    output::{
        self,
        listing::{print_one, print_page},
        table::Column,
    },
    wanted::Wanted,
};

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigAction {
    Enable {
        #[arg(value_name = "NAME", required = true)]
        models: Vec<String>,
    },
    Disable {
        #[arg(value_name = "NAME", required = true)]
        models: Vec<String>,
    },
    Alias {
        #[arg(value_name = "ALIAS")]
        alias: Option<String>,
        #[arg(value_name = "NAME")]
        model: Option<String>,
        #[arg(long, requires = "alias", conflicts_with = "model")]
        remove: bool,
    },
    Set(Box<SetArguments>),
    Unset(UnsetArguments),
}

#[derive(Debug, clap::Args)]
pub(crate) struct SetArguments {
    #[arg(value_name = "NAME")]
    model: String,
    #[command(flatten)]
    params: ParamArguments,
    #[arg(long, value_name = "TOKENS")]
    context_window: Option<u64>,
    #[arg(long, value_name = "TOKENS")]
    max_output: Option<u64>,
    #[arg(long, value_name = "DOLLARS", requires = "output_price", allow_negative_numbers = true, value_parser = dollars)]
    input_price: Option<f64>,
    #[arg(long, value_name = "DOLLARS", requires = "input_price", allow_negative_numbers = true, value_parser = dollars)]
    cached_price: Option<f64>,
    #[arg(long, value_name = "DOLLARS", requires = "input_price", allow_negative_numbers = true, value_parser = dollars)]
    output_price: Option<f64>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct UnsetArguments {
    #[arg(value_name = "NAME")]
    model: String,
    #[arg(short, long, value_name = "KEY", action = ArgAction::Append)]
    param: Vec<String>,
    #[arg(long)]
    context_window: bool,
    #[arg(long)]
    max_output: bool,
    #[arg(long)]
    price: bool,
}

/// A name that stands for a model.
#[derive(Debug, Serialize)]
struct AliasView {
    alias: String,
    model: String,
}

const ALIASES: &[Column<AliasView>] =
    &[Column { field: "alias", show: |view| view.alias.clone() }, Column { field: "model", show: |view| view.model.clone() }];

/// A number of dollars; what is no number has no place in JSON. Whether it makes sense is the daemon's to say.
fn dollars(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|dollars: &f64| dollars.is_finite()).ok_or_else(|| "0.25, 3, …".to_owned())
}

impl ConfigAction {
    /// Does it, for the caller or for everyone.
    pub(crate) async fn run(self, context: &Context, client: &Client, scope: Scope) -> Outcome {
        match self {
            Self::Enable { models } => turn(context, client, scope, models, true).await,
            Self::Disable { models } => turn(context, client, scope, models, false).await,
            Self::Alias { alias: None, .. } => list_aliases(context, client).await,
            Self::Alias { alias: Some(alias), remove: true, .. } => remove_alias(context, client, scope, &alias).await,
            Self::Alias { alias: Some(alias), model: Some(model), .. } => add_alias(context, client, scope, alias, &model).await,
            Self::Alias { alias: Some(alias), model: None, .. } => show_alias(context, client, alias).await,
            Self::Set(arguments) => set(context, client, scope, *arguments).await,
            Self::Unset(arguments) => unset(context, client, scope, arguments).await,
        }
    }
}

/// Turned on is what a model is by itself: nothing need be said of it.
async fn turn(context: &Context, client: &Client, scope: Scope, names: Vec<String>, is_on: bool) -> Outcome {
    let change = ModelConfigChange { enabled: Some((!is_on).then_some(false)), ..ModelConfigChange::default() };
    for name in names {
        let config = client.put_model_config(scope, &name, &change).await?;
        let words = if is_on { phrase!("note-model-enabled", model = name) } else { phrase!("note-model-disabled", model = name) };
        tell(context, &config, &words)?;
    }
    Ok(Exit::SUCCESS)
}

async fn set(context: &Context, client: &Client, scope: Scope, arguments: SetArguments) -> Outcome {
    let params = match serde_json::to_value(arguments.params.params()?) {
        Ok(Value::Object(params)) if !params.is_empty() => Some(Some(params)),
        _ => None,
    };
    let price = arguments.input_price.zip(arguments.output_price);
    let change = ModelConfigChange {
        context_window: arguments.context_window.map(Some),
        max_output: arguments.max_output.map(Some),
        price: price.map(|(input, output)| Some(Price { input, cached_input: arguments.cached_price, output })),
        params,
        ..ModelConfigChange::default()
    };
    if change == ModelConfigChange::default() {
        return Err(bad_request(phrase!("error-nothing-to-set")).with_hint(phrase!("hint-nothing-to-set-of-model")).into());
    }
    let config = client.put_model_config(scope, &arguments.model, &change).await?;
    tell(context, &config, &phrase!("note-model-saved", model = arguments.model))
}

async fn unset(context: &Context, client: &Client, scope: Scope, arguments: UnsetArguments) -> Outcome {
    let params: Map<String, Value> = arguments.param.into_iter().map(|name| (name, Value::Null)).collect();
    let change = ModelConfigChange {
        context_window: arguments.context_window.then_some(None),
        max_output: arguments.max_output.then_some(None),
        price: arguments.price.then_some(None),
        params: (!params.is_empty()).then_some(Some(params)),
        ..ModelConfigChange::default()
    };
    let words = phrase!("note-model-saved", model = arguments.model);
    if change == ModelConfigChange::default() {
        client.remove_model_config(scope, &arguments.model).await?;
        return tell(context, &ModelConfig::default(), &words);
    }
    tell(context, &client.put_model_config(scope, &arguments.model, &change).await?, &words)
}

async fn add_alias(context: &Context, client: &Client, scope: Scope, alias: String, name: &str) -> Outcome {
    let mut aliases = client.model_config(scope, name).await?.aliases;
    if !aliases.contains(&alias) {
        aliases.push(alias.clone());
    }
    let change = ModelConfigChange { aliases: Some(Some(aliases)), ..ModelConfigChange::default() };
    let config = client.put_model_config(scope, name, &change).await?;
    let model = client.model(&alias, &[]).await?.model.name;
    tell(context, &config, &phrase!("note-alias-set", alias = alias, model = model))
}

async fn remove_alias(context: &Context, client: &Client, scope: Scope, alias: &str) -> Outcome {
    let model = client.model(alias, &[]).await?.model.name;
    let mut aliases = client.model_config(scope, &model).await?.aliases;
    if !aliases.iter().any(|known| known == alias) {
        let error = ApiError::new(ErrorCode::BadRequest, phrase!("error-alias-not-yours", alias = alias, model = model));
        return Err(error.with_hint(phrase!("hint-aliases")).into());
    }
    aliases.retain(|known| known != alias);
    let change = ModelConfigChange { aliases: Some(Some(aliases)), ..ModelConfigChange::default() };
    let config = client.put_model_config(scope, &model, &change).await?;
    tell(context, &config, &phrase!("note-alias-removed", alias = alias))
}

async fn list_aliases(context: &Context, client: &Client) -> Outcome {
    let models = client.models(None, &Wanted { limit: None, cursor: None }).await?;
    let of_model = |model: mmp_shared::models::Model| {
        model.aliases.into_iter().map(move |alias| AliasView { alias, model: model.name.clone() })
    };
    let mut items: Vec<AliasView> = models.items.into_iter().flat_map(of_model).collect();
    items.sort_by(|a, b| a.alias.cmp(&b.alias));
    print_page(context, &Page { items, next_cursor: None }, ALIASES)
}

async fn show_alias(context: &Context, client: &Client, alias: String) -> Outcome {
    let model = client.model(&alias, &[]).await?.model.name;
    let shown = [("alias", alias.clone()), ("model", model.clone())];
    print_one(context, &AliasView { alias, model }, &shown)
}

fn tell(context: &Context, config: &ModelConfig, words: &mmp_shared::Phrase) -> Outcome {
    if context.format() != OutputFormat::Text {
        return print_one(context, config, &[]);
    }
    if !context.everywhere.quiet {
        output::note(words, context.language);
    }
    Ok(Exit::SUCCESS)
}
