//! OpenAI's chat completions, and every server that speaks them at another base URL.
//!
//! What is OpenAI's own stands here: what its models call the limit of length, and how they are told how much to think.
//! The rest is the shared dialect of [`wire`](super::wire).

use mmp_shared::models::ListedModel;

use super::{
    ChatCall, Decoder, Endpoint, Facts, HttpCall, Provider, ProviderError, Refusal, Upstream,
    wire::{
        chat_completions::{self, Thoughts},
        decoder::ChatDecoder,
        errors, models, openai_models, shapes, thinking,
    },
};

static FACTS: Facts = Facts {
    name: "openai",
    base_url: Some("https://api.openai.com/v1"),
    env: &["OPENAI_API_KEY"],
    needs_key: true,
    flagship: Some("gpt-5.5"),
    pair: None,
};

/// OpenAI.
#[derive(Debug, Clone, Copy)]
pub struct OpenAi;

impl Provider for OpenAi {
    fn facts(&self) -> &Facts {
        &FACTS
    }

    fn chat(&self, call: &ChatCall) -> Result<Upstream, ProviderError> {
        let (mut body, mut notes) = (chat_completions::body(call, Thoughts::Forgotten), Vec::new());
        chat_completions::limit(call, openai_models::limit_name(&call.model), &mut body, &mut notes);
        thinking::tell(call, thinking::openai, &mut body, &mut notes);
        chat_completions::add_extra(call, &mut body)?;
        shapes::openai(call, &mut body, &mut notes);
        Ok(Upstream::Http(chat_completions::request(call, body, notes)))
    }

    fn decoder(&self, call: &ChatCall) -> Box<dyn Decoder> {
        Box::new(ChatDecoder::new(&call.endpoint.provider))
    }

    fn refused(&self, refusal: Refusal<'_>) -> ProviderError {
        errors::refused(refusal)
    }

    fn list_models(&self, endpoint: &Endpoint) -> Option<HttpCall> {
        Some(chat_completions::list_models(endpoint))
    }

    fn read_models(&self, endpoint: &Endpoint, body: &[u8]) -> Result<Vec<ListedModel>, ProviderError> {
        models::read(&endpoint.provider, body)
    }
}
