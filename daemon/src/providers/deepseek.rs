//! DeepSeek: OpenAI's dialect with thinking that is told apart, and names that come and go.
//!
//! Former thoughts go back to the model on turns that called tools, where it wants them, and nowhere else, where it
//! ignores them (api-docs.deepseek.com/guides/thinking_mode). While a request is queued, blank lines come before a JSON
//! body and comments before a stream (…/quick_start/rate_limit): framing passes over both. An answer that ends with
//! `insufficient_system_resource` was cut, and may be asked for again. Everything else is the shared dialect of
//! [`wire`](super::wire).

use mmp_shared::{ErrorCode, models::ListedModel, phrase};
use serde_json::{Map, Value};

use super::{
    ChatCall, Decoder, Endpoint, Facts, HttpCall, Note, Provider, ProviderError, Refusal, Upstream,
    wire::{
        chat_completions::{self, Thoughts},
        decoder::ChatDecoder,
        errors, models, thinking,
    },
};

// The flagship is the name that a recorded refusal of mid 2026 and the price page of autumn 2026 both know.
static FACTS: Facts = Facts {
    name: "deepseek",
    base_url: Some("https://api.deepseek.com"),
    env: &["DEEPSEEK_API_KEY"],
    needs_key: true,
    flagship: Some("deepseek-v4-pro"),
    pair: None,
};

/// Names that were taken back, or may be: the first two on 2026-07-24 (arikusi/deepseek-mcp-server v2.0.0), the third
/// with V4.1 (the price page of autumn 2026).
const RETIRED: &[&str] = &["deepseek-chat", "deepseek-reasoner", "deepseek-v4-flash"];

/// DeepSeek.
#[derive(Debug, Clone, Copy)]
pub struct DeepSeek;

impl Provider for DeepSeek {
    fn facts(&self) -> &Facts {
        &FACTS
    }

    fn chat(&self, call: &ChatCall) -> Result<Upstream, ProviderError> {
        let (mut body, mut notes) = (chat_completions::body(call, Thoughts::OfToolCalls), Vec::new());
        chat_completions::limit(call, "max_tokens", &mut body, &mut notes);
        thinking::tell(call, thinking::deepseek, &mut body, &mut notes);
        chat_completions::add_extra(call, &mut body)?;
        notes.extend(ignored(call, &body));
        Ok(Upstream::Http(chat_completions::request(call, body, notes)))
    }

    fn decoder(&self, call: &ChatCall) -> Box<dyn Decoder> {
        Box::new(ChatDecoder::new(&call.endpoint.provider))
    }

    fn refused(&self, refusal: Refusal<'_>) -> ProviderError {
        let error = errors::refused(refusal);
        if error.code != ErrorCode::ModelNotFound {
            return error;
        }
        // It names the model that it was asked for, or only says `Model Not Exist`.
        let words = String::from_utf8_lossy(refusal.body);
        let asked = words.split("you passed ").nth(1);
        let is_retired = asked.is_none_or(|rest| RETIRED.iter().any(|name| rest.starts_with(name)));
        let hint = if is_retired {
            phrase!("hint-deepseek-retired", provider = refusal.provider, names = RETIRED.join("`, `"))
        } else {
            phrase!("hint-upstream-models", provider = refusal.provider)
        };
        error.with_hint(hint)
    }

    fn list_models(&self, endpoint: &Endpoint) -> Option<HttpCall> {
        Some(chat_completions::list_models(endpoint))
    }

    fn read_models(&self, endpoint: &Endpoint, body: &[u8]) -> Result<Vec<ListedModel>, ProviderError> {
        models::read(&endpoint.provider, body)
    }
}

/// A model that thinks, as all do unless told otherwise, ignores these without a word.
fn ignored<'a>(call: &'a ChatCall, body: &'a Map<String, Value>) -> impl Iterator<Item = Note> + 'a {
    let is_off = body.get("thinking").and_then(|thinking| thinking.get("type")).and_then(Value::as_str) == Some("disabled");
    let thinks = !is_off && (call.model != "deepseek-chat" || body.contains_key("thinking"));
    let note = |param: &str| {
        let phrase = phrase!("notice-param_ignored", provider = call.endpoint.provider, model = call.model, param = param);
        Note { code: "param_ignored", phrase }
    };
    let params = ["temperature", "presence_penalty", "frequency_penalty"];
    params.into_iter().filter(move |param| thinks && body.contains_key(*param)).map(note)
}
