//! How to answer, as far as it can be checked before a provider is known. Pure. What each model takes is the providers'.

use mmp_shared::{ApiError, ErrorCode, Phrase, chat::Params, phrase};
use serde_json::{Map, Value};

/// What is the question itself, or how it is put.
const RESERVED: &[&str] = &["messages", "model", "stream", "stream_options"];

/// Checks parameters by themselves.
///
/// # Errors
///
/// `bad_request` with the parameter.
pub(super) fn check(params: &Params) -> Result<(), ApiError> {
    if let Some(temperature) = params.temperature.filter(|value| !(0.0..=2.0).contains(value)) {
        return Err(bad(phrase!("error-temperature", value = temperature)));
    }
    if params.max_tokens == Some(0) {
        return Err(bad(phrase!("error-max-tokens")));
    }
    match RESERVED.iter().find(|name| params.extra.contains_key(**name)) {
        Some(name) => Err(bad(phrase!("error-reserved-param", name = name))),
        None => Ok(()),
    }
}

/// What holds in the end: what is asked for, else what holds otherwise, parameter by parameter.
pub(super) fn laid_over(asked: &Params, otherwise: Params) -> Params {
    let mut extra = otherwise.extra;
    extra.extend(asked.extra.clone());
    Params {
        temperature: asked.temperature.or(otherwise.temperature),
        max_tokens: asked.max_tokens.or(otherwise.max_tokens),
        think: asked.think.or(otherwise.think),
        extra,
    }
}

/// Parameters after a change: what it names is set, null takes one back. No change takes all back.
///
/// # Errors
///
/// `bad_request` with the parameter.
pub(super) fn changed(before: Params, change: Option<&Map<String, Value>>) -> Result<Params, ApiError> {
    let Some(change) = change else { return Ok(Params::default()) };
    let mut fields = match serde_json::to_value(before) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    for (name, value) in change {
        match value {
            Value::Null => drop(fields.remove(name)),
            value => drop(fields.insert(name.clone(), value.clone())),
        }
    }
    let after: Params =
        serde_json::from_value(Value::Object(fields)).map_err(|error| bad(phrase!("error-params", reason = error)))?;
    check(&after)?;
    Ok(after)
}

fn bad(phrase: Phrase) -> ApiError {
    ApiError::new(ErrorCode::BadRequest, phrase)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_asked_for_counts_more() {
        let params = |value| serde_json::from_value::<Params>(value).expect("parameters");
        let asked = params(json!({ "temperature": 1.0, "seed": 2 }));
        let otherwise = params(json!({ "temperature": 0.5, "max_tokens": 9, "seed": 1, "top_p": 0.5 }));
        let expected = params(json!({ "temperature": 1.0, "max_tokens": 9, "seed": 2, "top_p": 0.5 }));
        assert_eq!(laid_over(&asked, otherwise), expected);
    }
}
