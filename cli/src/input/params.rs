//! How a model is to answer, as flags: those of `mmp chat`, and of what a model is set to.

use clap::{ArgAction, Args, ValueEnum};
use mmp_shared::{
    ApiError,
    chat::{Params, Think},
    phrase,
};
use serde_json::{Map, Value};

use crate::error::bad_request;

/// The flags.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ParamArguments {
    #[arg(long, value_name = "HOW")]
    think: Option<ThinkChoice>,
    #[arg(short, long, value_name = "KEY=VALUE", action = ArgAction::Append)]
    param: Vec<String>,
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    temperature: Option<f64>,
    #[arg(long, value_name = "N")]
    max_tokens: Option<u64>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ThinkChoice {
    Off,
    On,
    Low,
    Medium,
    High,
}

impl From<ThinkChoice> for Think {
    fn from(choice: ThinkChoice) -> Self {
        match choice {
            ThinkChoice::Off => Self::Off,
            ThinkChoice::On => Self::On,
            ThinkChoice::Low => Self::Low,
            ThinkChoice::Medium => Self::Medium,
            ThinkChoice::High => Self::High,
        }
    }
}

impl ParamArguments {
    /// What the flags ask for.
    ///
    /// # Errors
    ///
    /// `bad_request` for a pair that is none, for a value that its name does not take, and for what is named twice.
    pub(crate) fn params(&self) -> Result<Params, ApiError> {
        let mut params = Params { think: self.think.map(Into::into), ..Params::default() };
        params.temperature = self.temperature;
        params.max_tokens = self.max_tokens;
        for pair in &self.param {
            let invalid = || bad_request(phrase!("error-param", value = pair)).with_hint(phrase!("hint-param"));
            let (key, value) = pair.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(invalid)?;
            // A flag of its own says more than the same name here.
            let known = matches!(key, "temperature" | "max_tokens" | "think");
            if known && named(&params, key) {
                return Err(bad_request(phrase!(
                    "error-usage-conflict",
                    argument = format!("--param {key}"),
                    other = flag_of(key)
                )));
            }
            insert(&mut params.extra, key, value_of(value)).ok_or_else(invalid)?;
        }
        // Names that mmp knows find their own fields.
        serde_json::to_value(&params)
            .and_then(serde_json::from_value)
            .map_err(|error| bad_request(phrase!("error-param", value = error)))
    }
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
        assert_eq!(
            Value::from(params.clone()),
            serde_json::json!({"top_p": 0.9, "thinking": {"type": "enabled", "budget": {"tokens": 5}}})
        );
        for key in ["top_p.more", ".a", "a.", "thinking..a"] {
            assert_eq!(insert(&mut params, key, Value::Null), None, "{key}");
        }
    }
}
