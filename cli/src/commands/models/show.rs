//! `mmp models show`: a model, what would be used if it were asked now, and who says so.

use mmp_shared::{
    Phrase,
    models::{Explained, ModelDetail, Origin, Price},
    phrase,
};
use serde_json::Value;

use super::{price, tokens};
use crate::{
    client::Client,
    context::Context,
    error::Outcome,
    input::env_keys,
    output::listing::{Row, print_explained},
};

pub(super) async fn run(context: &Context, client: &Client, name: &str) -> Outcome {
    let env_keys = if context.config()?.switch("import_env") { env_keys::providers() } else { Vec::new() };
    let detail = client.model(name, &env_keys).await?;
    let rows = rows(&detail, context);
    print_explained(context, &detail, &rows)
}

fn rows(detail: &ModelDetail, context: &Context) -> Vec<Row> {
    let model = &detail.model;
    let plain = |field: &str, value: String| Row { field: field.to_owned(), value, origin: String::new() };
    let mut rows = vec![plain("name", model.name.clone())];
    if model.default {
        rows.push(plain("default", phrase!("word-yes").render(context.language)));
    }
    if !model.capabilities.is_empty() {
        let able: Vec<_> = model.capabilities.iter().map(|able| able.as_str()).collect();
        rows.push(plain("capabilities", able.join(" ")));
    }
    rows.extend(detail.explained.iter().filter(|explained| is_worth_saying(explained)).map(|explained| Row {
        field: explained.field.clone(),
        value: value(explained, context),
        origin: origin(explained).map(|phrase| phrase.render(context.language)).unwrap_or_default(),
    }));
    rows
}

/// That a model is turned on and has no fallbacks goes without saying.
fn is_worth_saying(explained: &Explained) -> bool {
    match explained.field.as_str() {
        "enabled" => explained.value == Value::Bool(false),
        "fallback" => explained.value.as_array().is_some_and(|names| !names.is_empty()),
        "alias" | "priced_to" => !explained.value.is_null(),
        _ => true,
    }
}

fn value(explained: &Explained, context: &Context) -> String {
    let say = |phrase: Phrase| phrase.render(context.language);
    match (explained.field.as_str(), &explained.value) {
        ("key", Value::Null) => say(phrase!("explained-no-key")),
        (_, Value::Null) => say(phrase!("explained-unknown")),
        ("price", value) => serde_json::from_value::<Price>(value.clone()).map(|dollars| price(&dollars)).unwrap_or_default(),
        ("context_window" | "max_output" | "priced_to", Value::Number(count)) => count.as_u64().map(tokens).unwrap_or_default(),
        (_, Value::Bool(true)) => say(phrase!("word-yes")),
        (_, Value::Bool(false)) => say(phrase!("word-no")),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Array(names)) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        (_, other) => other.to_string(),
    }
}

fn origin(explained: &Explained) -> Option<Phrase> {
    let detail = explained.detail.as_deref().unwrap_or_default();
    Some(match (explained.origin, explained.field.as_str()) {
        (Origin::BuiltIn, _) => phrase!("origin-built-in"),
        (Origin::Catalogue, "alias") => phrase!("origin-built-in"),
        (Origin::Catalogue, _) => phrase!("explained-catalogue", date = detail),
        (Origin::Provider, _) => phrase!("explained-provider", date = detail),
        (Origin::Admin, _) => phrase!("explained-admin"),
        (Origin::User, _) if detail.is_empty() => phrase!("explained-user"),
        (Origin::User, _) => phrase!("explained-user-detail", detail = detail),
        (Origin::Environment, _) => phrase!("explained-environment", variable = detail),
        (Origin::Nobody, "key") if !detail.is_empty() => phrase!("explained-key-variable", variable = detail),
        (Origin::Nobody, _) => return None,
    })
}
