//! What is asked: the flags as a `ChatRequest`.

use mmp_shared::{
    ApiError, ConversationId, ErrorCode,
    chat::{ChatRequest, Params},
    config::Origin,
    phrase,
};
use serde_json::{Map, Value};

use super::Arguments;
use crate::{client::Client, config::variable, context::Context, error::bad_request, input::env_keys};

/// The request for a prompt. Asks the daemon only where a conversation has to be found.
pub(super) async fn build(arguments: &Arguments, text: String, context: &Context, client: &Client) -> Result<ChatRequest, ApiError> {
    let config = context.config()?;
    let mut request = ChatRequest::new(text);
    request.params = params(arguments)?;
    request.system.clone_from(&arguments.system);
    request.save = !arguments.no_save;
    request.fallback = !arguments.no_fallback;
    request.stream_upstream = !arguments.no_stream;
    request.timeout_ms = arguments.timeout.map(|timeout| u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX));
    request.watched = context.stdout.is_terminal;
    if config.switch("import_env") {
        request.env_keys = env_keys::providers();
    }
    request.conversation_id = conversation(arguments, client).await?;
    // Flag, then environment. The conversation's model and the user's setting are the daemon's to know; the file's ranks below them.
    request.models = arguments.model.clone().or_else(|| variable("MMP_MODEL")).into_iter().collect();
    if config.setting("model").is_some_and(|setting| setting.origin == Origin::File) {
        request.default_model = config.text("model").map(str::to_owned);
    }
    Ok(request)
}

async fn conversation(arguments: &Arguments, client: &Client) -> Result<Option<ConversationId>, ApiError> {
    if arguments.continues {
        let last = client.last_conversation().await?;
        let none = || ApiError::new(ErrorCode::NotFound, phrase!("error-no-conversation"));
        return last.map(|conversation| Some(conversation.id)).ok_or_else(none);
    }
    let Some(reference) = &arguments.conversation else { return Ok(None) };
    // A whole id needs no looking up.
    if let Ok(id) = reference.parse() {
        return Ok(Some(id));
    }
    client.conversation(reference).await.map(|found| Some(found.conversation.id))
}

fn params(arguments: &Arguments) -> Result<Params, ApiError> {
    let mut params = Params { think: arguments.think.map(Into::into), ..Params::default() };
    params.temperature = arguments.temperature;
    params.max_tokens = arguments.max_tokens;
    for pair in &arguments.param {
        let invalid = || bad_request(phrase!("error-param", value = pair)).with_hint(phrase!("hint-param"));
        let (key, value) = pair.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(invalid)?;
        // A flag of its own says more than the same name here.
        let known = matches!(key, "temperature" | "max_tokens" | "think");
        if known && named(&params, key) {
            return Err(bad_request(phrase!("error-usage-conflict", argument = format!("--param {key}"), other = flag_of(key))));
        }
        insert(&mut params.extra, key, value_of(value)).ok_or_else(invalid)?;
    }
    // Names that mmp knows find their own fields.
    serde_json::to_value(&params).and_then(serde_json::from_value).map_err(|error| bad_request(phrase!("error-param", value = error)))
}

/// Puts a value where its key says: each dot leads into an object.
fn insert(params: &mut Map<String, Value>, key: &str, value: Value) -> Option<()> {
    match key.split_once('.') {
        None if key.is_empty() => None,
        None => {
            params.insert(key.to_owned(), value);
            Some(())
        }
        Some((first, rest)) => {
            let inner = params.entry(first).or_insert_with(|| Value::Object(Map::new()));
            insert(inner.as_object_mut().filter(|_| !first.is_empty())?, rest, value)
        }
    }
}

fn named(params: &Params, key: &str) -> bool {
    match key {
        "temperature" => params.temperature.is_some(),
        "max_tokens" => params.max_tokens.is_some(),
        _ => params.think.is_some(),
    }
}

fn flag_of(key: &str) -> String {
    format!("--{}", key.replace('_', "-"))
}

/// A JSON value where it is one, else text.
fn value_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_json_where_it_parses() {
        assert_eq!(value_of("0.9"), serde_json::json!(0.9));
        assert_eq!(value_of("[\"a\"]"), serde_json::json!(["a"]));
        assert_eq!(value_of("medium"), serde_json::json!("medium"));
        assert_eq!(value_of("\"0.9\""), serde_json::json!("0.9"));
    }

    #[test]
    fn a_dot_leads_into_an_object() {
        let mut params = Map::new();
        assert_eq!(insert(&mut params, "top_p", value_of("0.9")), Some(()));
        assert_eq!(insert(&mut params, "thinking.type", value_of("enabled")), Some(()));
        assert_eq!(insert(&mut params, "thinking.budget.tokens", value_of("5")), Some(()));
        assert_eq!(Value::from(params.clone()), serde_json::json!({"top_p": 0.9, "thinking": {"type": "enabled", "budget": {"tokens": 5}}}));
        for key in ["top_p.more", ".a", "a.", "thinking..a"] {
            assert_eq!(insert(&mut params, key, Value::Null), None, "{key}");
        }
    }
}
