//! Baidu's Wenxin on Qianfan, whichever of its two APIs a key is for.
//!
//! A key alone is for V2, which speaks OpenAI's dialect. A pair of API key and secret key is for V1: a token is fetched for
//! it first, the model is part of the URL, and both the question and the answer have a shape of their own ([`v1`], with
//! [`history`] before it and [`answer`] after it). Facts: `cloud.baidu.com/doc/WENXINWORKSHOP`, recorded answers of V1, and
//! the vendor's SDK.

mod answer;
mod codes;
mod history;
mod v1;

use std::ops::RangeInclusive;

use mmp_shared::models::ListedModel;

use super::{
    ChatCall, Decoder, Endpoint, Facts, HttpCall, Pair, Provider, ProviderError, Refusal, Token, Upstream,
    wire::{
        chat_completions::{self, Thoughts},
        decoder::ChatDecoder,
        errors, models, shapes, thinking,
    },
};

// V2's model: langgenius/dify-official-plugins, models/wenxin. V1's: the table of suffixes in [`v1`].
static FACTS: Facts = Facts {
    name: "wenxin",
    base_url: Some("https://qianfan.baidubce.com/v2"),
    env: &["QIANFAN_API_KEY", "QIANFAN_AK", "QIANFAN_SK"],
    needs_key: true,
    flagship: Some("ernie-4.5-turbo-128k"),
    pair: Some(Pair { base_url: "https://aip.baidubce.com", flagship: "ernie-4.0-8k" }),
};

/// ERNIE takes temperatures above 0 and up to 1 \[unconfirmed].
const TEMPERATURES: RangeInclusive<f64> = 0.01..=1.0;

/// Wenxin.
#[derive(Debug, Clone, Copy)]
pub struct Wenxin;

const fn is_v1(endpoint: &Endpoint) -> bool {
    endpoint.secret_key.is_some()
}

impl Provider for Wenxin {
    fn facts(&self) -> &Facts {
        &FACTS
    }

    fn chat(&self, call: &ChatCall) -> Result<Upstream, ProviderError> {
        if is_v1(&call.endpoint) {
            return v1::request(call).map(Upstream::Http);
        }
        let (mut body, mut notes) = (chat_completions::body(call, Thoughts::Forgotten), Vec::new());
        chat_completions::limit(call, "max_tokens", &mut body, &mut notes);
        thinking::tell(call, thinking::qianfan, &mut body, &mut notes);
        chat_completions::add_extra(call, &mut body)?;
        // Others' models that Qianfan serves have other ranges.
        if call.model.to_ascii_lowercase().starts_with("ernie") {
            shapes::keep_within(call, "temperature", TEMPERATURES, &mut body, &mut notes);
        }
        Ok(Upstream::Http(chat_completions::request(call, body, notes)))
    }

    fn decoder(&self, call: &ChatCall) -> Box<dyn Decoder> {
        if is_v1(&call.endpoint) {
            return Box::new(answer::Answer::new(&call.endpoint.provider));
        }
        Box::new(ChatDecoder::new(&call.endpoint.provider))
    }

    fn refused(&self, refusal: Refusal<'_>) -> ProviderError {
        match codes::read(refusal.provider, refusal.body) {
            Some(error) => ProviderError { http_status: Some(refusal.status), ..error },
            None => errors::refused(refusal),
        }
    }

    fn list_models(&self, endpoint: &Endpoint) -> Option<HttpCall> {
        (!is_v1(endpoint)).then(|| chat_completions::list_models(endpoint))
    }

    fn read_models(&self, endpoint: &Endpoint, body: &[u8]) -> Result<Vec<ListedModel>, ProviderError> {
        if is_v1(endpoint) {
            return Ok(v1::MODELS.iter().map(|(name, _)| ListedModel::named(*name)).collect());
        }
        models::read(&endpoint.provider, body)
    }

    fn token_call(&self, endpoint: &Endpoint) -> Option<HttpCall> {
        is_v1(endpoint).then(|| v1::token_call(endpoint))
    }

    fn read_token(&self, endpoint: &Endpoint, body: &[u8]) -> Result<Token, ProviderError> {
        v1::read_token(endpoint, body)
    }
}
