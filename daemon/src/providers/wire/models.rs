//! Reads lists of models: OpenAI's `data`, a bare array (Together), or `models` by `id`, `name` or `model`; and what
//! some say beside the name. Where a field was seen stands beside it.

use mmp_shared::{
    ErrorCode,
    models::{ListedModel, Price},
    phrase,
};
use serde_json::Value;

use super::{content::text, errors, kinds::no_own_kinds};
use crate::providers::{ModelServer, ProviderError};

/// The names of the longest context: Groq and Cerebras, Mistral, OpenRouter and Moonshot and Together, vLLM, llama.cpp.
const CONTEXT: &[&str] =
    &["/context_window", "/max_context_length", "/context_length", "/max_model_len", "/meta/n_ctx", "/meta/n_ctx_train"];

/// The names of the longest answer: Groq, OpenRouter.
const OUTPUT: &[&str] = &["/max_completion_tokens", "/top_provider/max_completion_tokens", "/max_output_length"];

/// The models that a body lists, in its order, each once.
///
/// # Errors
///
/// What the body says went wrong, or `provider_protocol` where it is no list.
pub fn read(provider: &str, body: &[u8]) -> Result<Vec<ListedModel>, ProviderError> {
    let not_a_list = || ProviderError::new(ErrorCode::ProviderProtocol, phrase!("upstream-no-model-list", provider = provider));
    let value: Value = serde_json::from_slice(body)
        .map_err(|_| not_a_list().with_hint(phrase!("hint-upstream-base-url", provider = provider)))?;
    let list = value.as_array().or_else(|| value.get("data")?.as_array()).or_else(|| value.get("models")?.as_array());
    let Some(list) = list else {
        return Err(if errors::is_error(&value) { errors::inside(provider, &value, no_own_kinds) } else { not_a_list() });
    };
    let mut models: Vec<ListedModel> = Vec::with_capacity(list.len());
    let mut seen = std::collections::HashSet::new();
    for entry in list {
        let name = entry.as_str().or_else(|| ["id", "name", "model"].iter().find_map(|field| text(entry, field)));
        if let Some(name) = name.filter(|name| seen.insert(*name)) {
            models.push(model(name, entry));
        }
    }
    Ok(models)
}

fn model(name: &str, entry: &Value) -> ListedModel {
    let number = |names: &[&str]| names.iter().find_map(|name| entry.pointer(name)?.as_u64().filter(|tokens| *tokens > 0));
    ListedModel {
        id: name.to_owned(),
        context_window: number(CONTEXT),
        max_output: number(OUTPUT),
        price: entry.get("pricing").and_then(price),
        chats: chats(entry),
    }
}

/// OpenRouter's dollars for a token, as text; Perplexity's and Together's dollars for a million, as numbers. Some lists
/// have a price of -1 for "it depends": that is none.
fn price(pricing: &Value) -> Option<Price> {
    let dollars = |name: &str| match pricing.get(name)? {
        Value::String(of_one) => Some(rounded(of_one.parse::<f64>().ok()? * 1_000_000.0)),
        of_a_million => of_a_million.as_f64(),
    };
    let first = |names: [&str; 2]| names.iter().find_map(|name| dollars(name)).filter(|dollars| *dollars >= 0.0);
    Some(Price {
        input: first(["input", "prompt"])?,
        cached_input: first(["input_cache_read", "cache_read"]).or_else(|| first(["cached_input", "cached"])),
        output: first(["output", "completion"])?,
    })
}

/// A millionth of a cent is no money: what is beyond comes of writing decimals in binary.
fn rounded(dollars: f64) -> f64 {
    (dollars * 1e8).round() / 1e8
}

/// Whether the list says that it answers chats; where it says nothing, it may. Mistral, then Groq.
fn chats(entry: &Value) -> bool {
    let is_chat = entry.pointer("/capabilities/completion_chat").and_then(Value::as_bool);
    let writes = entry.get("output_modalities").and_then(Value::as_array).map(|kinds| kinds.iter().any(|kind| kind == "text"));
    is_chat.or(writes).unwrap_or(true)
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

    fn only(entry: &str) -> ListedModel {
        read("x", format!("[{entry}]").as_bytes()).expect("a list").remove(0)
    }

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
            let models = read("x", body.as_bytes()).expect("a list");
            assert_eq!(models, [ListedModel::named("a"), ListedModel::named("b")], "{body}");
        }
    }

    #[test]
    fn what_a_list_says_beside_the_name_is_kept() {
        let model = only(
            r#"{"id":"a/b","context_length":163840,"pricing":{"prompt":"0.00000014","completion":"0.00000028","input_cache_read":"0.000000028"},
                "top_provider":{"context_length":1000,"max_completion_tokens":65536}}"#,
        );
        assert_eq!((model.context_window, model.max_output), (Some(163_840), Some(65_536)));
        assert_eq!(model.price, Some(Price { input: 0.14, cached_input: Some(0.028), output: 0.28 }));
        let model = only(r#"{"id":"a","pricing":{"input":10,"output":50,"cache_read":1,"unit":"usd_per_1m_tokens"}}"#);
        assert_eq!(model.price, Some(Price { input: 10.0, cached_input: Some(1.0), output: 50.0 }));
        assert_eq!(only(r#"{"id":"a","max_model_len":4096}"#).context_window, Some(4096));
        assert_eq!(only(r#"{"id":"a","meta":{"n_ctx_train":32768}}"#).context_window, Some(32_768));
    }

    #[test]
    fn a_price_that_depends_is_none() {
        assert_eq!(only(r#"{"id":"openrouter/auto","pricing":{"prompt":"-1","completion":"-1"}}"#).price, None);
    }

    #[test]
    fn a_list_may_say_that_a_model_does_not_chat() {
        assert!(!only(r#"{"id":"a","capabilities":{"completion_chat":false}}"#).chats);
        assert!(!only(r#"{"id":"a","output_modalities":["transcription"]}"#).chats);
        assert!(only(r#"{"id":"a","capabilities":["text"]}"#).chats);
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
