//! Reads lists of models: OpenAI's `data`, a bare array (Together), or `models` by `id`, `name` or `model`.

use mmp_shared::{ErrorCode, phrase};
use serde_json::Value;

use super::{content::text, errors, kinds::no_own_kinds};
use crate::providers::ProviderError;

/// The models that a body lists, in its order, each once.
///
/// # Errors
///
/// What the body says went wrong, or `provider_protocol` where it is no list.
pub fn read(provider: &str, body: &[u8]) -> Result<Vec<String>, ProviderError> {
    let not_a_list = || ProviderError::new(ErrorCode::ProviderProtocol, phrase!("upstream-no-model-list", provider = provider));
    let value: Value = serde_json::from_slice(body)
        .map_err(|_| not_a_list().with_hint(phrase!("hint-upstream-base-url", provider = provider)))?;
    let list = value.as_array().or_else(|| value.get("data")?.as_array()).or_else(|| value.get("models")?.as_array());
    let Some(list) = list else {
        return Err(if errors::is_error(&value) { errors::inside(provider, &value, no_own_kinds) } else { not_a_list() });
    };
    let mut models: Vec<String> = Vec::with_capacity(list.len());
    for entry in list {
        let name = entry.as_str().or_else(|| ["id", "name", "model"].iter().find_map(|field| text(entry, field)));
        if let Some(name) = name.filter(|name| !models.iter().any(|known| known == name)) {
            models.push(name.to_owned());
        }
    }
    Ok(models)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_a_list_is_read() {
        for body in [
            r#"{"object":"list","data":[{"id":"a"},{"id":"b"},{"id":"a"}]}"#,
            r#"[{"id":"a","object":"model"},{"id":"b"}]"#,
            r#"{"models":[{"name":"a"},{"model":"b"}]}"#,
            r#"["a","b"]"#,
        ] {
            assert_eq!(read("x", body.as_bytes()).expect("a list"), ["a", "b"], "{body}");
        }
    }

    #[test]
    fn what_is_no_list_is_said() {
        for body in ["<html>", "{}", "null"] {
            assert_eq!(read("x", body.as_bytes()).expect_err("no list").code, ErrorCode::ProviderProtocol, "{body}");
        }
        let error = read("x", br#"{"error":{"message":"Invalid API Key","code":401}}"#).expect_err("an error");
        assert_eq!(error.code, ErrorCode::ProviderAuth);
    }
}
