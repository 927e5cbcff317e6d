//! Reads lists of models: OpenAI's `data`, a bare array (Together), or `models` by `id`, `name` or `model`.

use mmp_shared::{ErrorCode, phrase};
use serde_json::Value;

use super::{content::text, errors, kinds::no_own_kinds};
use crate::providers::{ModelServer, ProviderError};

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

/// The models and their owners, where a body is OpenAI's list of models and nothing that only looks like it: anything may
/// listen at a port where a model server was expected.
pub fn read_strictly(body: &[u8]) -> Option<ModelServer> {
    let value: Value = serde_json::from_slice(body).ok()?;
    // `null` is what Ollama says where it has no model.
    let list = match value.get("data")? {
        Value::Array(list) => list.as_slice(),
        Value::Null => &[],
        _ => return None,
    };
    let is_list = text(&value, "object") == Some("list");
    let are_models = list.iter().all(|entry| text(entry, "id").is_some() && text(entry, "object") == Some("model"));
    if !is_list || !are_models {
        return None;
    }
    let all = |field: &str| list.iter().filter_map(|entry| text(entry, field)).map(str::to_owned).collect();
    Some(ModelServer { models: all("id"), owners: all("owned_by") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_looks_like_a_list_of_models_is_none() {
        for body in [
            "<html>",
            "[]",
            "{}",
            r#"{"data":[]}"#,
            r#"{"data":[{"id":"a"}]}"#,
            r#"{"object":"list","data":[{"id":7,"object":"model"}]}"#,
            r#"{"object":"list","data":[{"id":"a","object":"invoice"}]}"#,
            r#"{"object":"list","data":{}}"#,
            r#"["a"]"#,
        ] {
            assert_eq!(read_strictly(body.as_bytes()), None, "{body}");
        }
        let body = r#"{"object":"list","data":[{"id":"a","object":"model","owned_by":"vllm"},{"id":"b","object":"model"}]}"#;
        let expected = ModelServer { models: vec!["a".into(), "b".into()], owners: vec!["vllm".into()] };
        assert_eq!(read_strictly(body.as_bytes()), Some(expected));
        assert_eq!(read_strictly(br#"{"object":"list","data":null}"#).expect("Ollama without a model").models.len(), 0);
    }

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
