//! How V1 is asked: a token for the pair of keys, and a question whose URL names the model.

use std::time::Duration;

use mmp_shared::{ErrorCode, phrase};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::{TEMPERATURES, codes, history};
use crate::providers::{
    ChatCall, Endpoint, HttpCall, Note, ProviderError, Token,
    wire::{chat_completions, shapes, thinking},
};

/// The models whose part of the URL is not their own name, and some where it is
/// (songquanpeng/one-api `relay/adaptor/baidu/adaptor.go`).
pub(super) const MODELS: &[(&str, &str)] = &[
    ("ernie-4.0-8k", "completions_pro"),
    ("ernie-3.5-8k", "completions"),
    ("ernie-speed-8k", "ernie_speed"),
    ("ernie-speed-128k", "ernie-speed-128k"),
    ("ernie-lite-8k-0922", "eb-instant"),
    ("ernie-lite-8k-0308", "ernie-lite-8k"),
    ("ernie-lite-8k", "ernie-lite-8k"),
    ("ernie-tiny-8k", "ernie-tiny-8k"),
    ("ernie-3.5-8k-0205", "ernie-3.5-8k-0205"),
    ("ernie-bot-4", "completions_pro"),
    ("ernie-bot", "completions"),
    ("ernie-bot-turbo", "eb-instant"),
    ("ernie-bot-8k", "ernie_bot_8k"),
    ("bloomz-7b", "bloomz_7b1"),
];

/// A token that does not say how long it lives is taken to live as long as others do.
const LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The model's part of the URL; none where the name cannot be part of one.
fn suffix_of(model: &str) -> Option<String> {
    let name = model.to_ascii_lowercase();
    let is_fit = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let known = MODELS.iter().find(|(known, _)| *known == name).map(|(_, suffix)| (*suffix).to_owned());
    known.or_else(|| is_fit.then_some(name))
}

/// The request for a token. The keys are parameters of the URL, as the API wants it.
pub(super) fn token_call(endpoint: &Endpoint) -> HttpCall {
    let trimmed =
        |key: &Option<Zeroizing<String>>| Zeroizing::new(key.as_deref().map(|key| key.trim().to_owned()).unwrap_or_default());
    HttpCall {
        method: "POST",
        url: format!("{}/oauth/2.0/token", endpoint.base_url),
        secret_query: vec![
            ("grant_type", Zeroizing::new("client_credentials".to_owned())),
            ("client_id", trimmed(&endpoint.api_key)),
            ("client_secret", trimmed(&endpoint.secret_key)),
        ],
        headers: vec![("content-type", "application/json".into()), ("accept", "application/json".into())],
        secret_headers: Vec::new(),
        body: Vec::new(),
        notes: Vec::new(),
    }
}

/// The token of an answer.
pub(super) fn read_token(endpoint: &Endpoint, body: &[u8]) -> Result<Token, ProviderError> {
    if let Some(error) = codes::read(&endpoint.provider, body) {
        return Err(error);
    }
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let Some(text) = value.get("access_token").and_then(Value::as_str).filter(|text| !text.is_empty()) else {
        let phrase = phrase!("upstream-no-token", provider = endpoint.provider);
        let error = ProviderError::new(ErrorCode::ProviderProtocol, phrase);
        return Err(error.with_hint(phrase!("hint-upstream-base-url", provider = endpoint.provider)));
    };
    let lifetime = value.get("expires_in").and_then(Value::as_u64).map_or(LIFETIME, Duration::from_secs);
    Ok(Token { text: Zeroizing::new(text.to_owned()), lifetime })
}

/// The question.
pub(super) fn request(call: &ChatCall) -> Result<HttpCall, ProviderError> {
    let Some(suffix) = suffix_of(&call.model) else {
        let phrase = phrase!("upstream-model-not-found", provider = call.endpoint.provider, words = call.model);
        return Err(ProviderError::new(ErrorCode::ModelNotFound, phrase));
    };
    let (mut body, mut notes) = (Map::new(), Vec::new());
    let history = history::reshape(&call.messages);
    if history.merged > 0 {
        let phrase = phrase!("notice-history_merged", provider = call.endpoint.provider, count = history.merged);
        notes.push(Note { code: "history_merged", phrase });
    }
    body.insert("messages".into(), history.messages.into());
    body.insert("stream".into(), call.stream.into());
    if let Some(system) = history.system {
        body.insert("system".into(), system.into());
    }
    chat_completions::limit(call, "max_output_tokens", &mut body, &mut notes);
    if let Some(temperature) = call.params.temperature {
        body.insert("temperature".into(), temperature.into());
    }
    thinking::tell(call, thinking::never, &mut body, &mut notes);
    if call.params.extra.contains_key("system") {
        return Err(ProviderError::new(ErrorCode::BadRequest, phrase!("upstream-own-field", name = "system")));
    }
    chat_completions::add_extra(call, &mut body)?;
    shapes::keep_within(call, "temperature", TEMPERATURES, &mut body, &mut notes);
    // \[unconfirmed]
    shapes::keep_within(call, "penalty_score", 1.0..=2.0, &mut body, &mut notes);
    Ok(HttpCall {
        method: "POST",
        url: format!("{}/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/{}", call.endpoint.base_url, suffix),
        secret_query: call.endpoint.token.iter().map(|token| ("access_token", token.clone())).collect(),
        headers: vec![("content-type", "application/json".into()), ("accept", "*/*".into())],
        secret_headers: Vec::new(),
        body: Value::Object(body).to_string().into_bytes(),
        notes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_part_of_the_url() {
        assert_eq!(suffix_of("ERNIE-4.0-8K").as_deref(), Some("completions_pro"));
        assert_eq!(suffix_of("ernie-3.5-8k").as_deref(), Some("completions"));
        assert_eq!(suffix_of("ERNIE-4.0-Turbo-8K").as_deref(), Some("ernie-4.0-turbo-8k"));
        assert_eq!(suffix_of("../../token?x="), None);
    }
}
