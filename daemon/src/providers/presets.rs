//! Services that speak OpenAI's dialect, one line each: where they are, which variables hold their keys, which model answers
//! for them, and what they do differently, by the names of the ways in [`wire`](super::wire).
//!
//! Where a fact comes from stands beside it or beside the way that it names. A service that needs more than this is a file
//! of its own.

use mmp_shared::models::ListedModel;

use super::{
    ChatCall, Decoder, Endpoint, Facts, HttpCall, Provider, ProviderError, Refusal, Upstream,
    wire::{
        chat_completions::{self, Thoughts},
        decoder::ChatDecoder,
        errors,
        kinds::{OwnKinds, no_own_kinds},
        models, openai_models, own_kinds,
        shapes::{self, Shape},
        thinking::{self, Way},
    },
};

/// Every preset.
pub static PRESETS: &[Preset] = &[
    // platform.kimi.com/docs/api; keys of moonshot.ai are other keys. That turns which called tools want their thoughts
    // back, empty or not: QuantumNous/new-api#3121, Lapis0x0/obsidian-yolo#243.
    at("moonshot", "https://api.moonshot.cn/v1")
        .key(&["MOONSHOT_API_KEY"])
        .flagship("kimi-k2.6")
        .thinks(thinking::moonshot)
        .remembers()
        .shaped(shapes::moonshot),
    // help.aliyun.com/zh/model-studio; recorded list and answers.
    at("dashscope", "https://dashscope.aliyuncs.com/compatible-mode/v1")
        .key(&["DASHSCOPE_API_KEY"])
        .flagship("qwen3-max")
        .thinks(thinking::dashscope)
        .shaped(shapes::dashscope)
        .kinds(own_kinds::dashscope),
    // docs.bigmodel.cn/cn/api; recorded answers of glm-4.7 and glm-5.3.
    at("zhipu", "https://open.bigmodel.cn/api/paas/v4")
        .key(&["ZHIPUAI_API_KEY", "ZHIPU_API_KEY"])
        .flagship("glm-5.2")
        .thinks(thinking::zhipu)
        .shaped(shapes::zhipu)
        .kinds(own_kinds::zhipu),
    // Recorded list and answers. Usage comes unasked, and asking for it is refused with 422: openai/openai-agents-python#442.
    at("mistral", "https://api.mistral.ai/v1")
        .key(&["MISTRAL_API_KEY"])
        .flagship("mistral-large-latest")
        .thinks(thinking::mistral)
        .counts_unasked()
        .shaped(shapes::mistral),
    // console.groq.com/docs; recorded list and answers.
    at("groq", "https://api.groq.com/openai/v1")
        .key(&["GROQ_API_KEY"])
        .flagship("openai/gpt-oss-120b")
        .thinks(thinking::groq)
        .limit(new_limit)
        .kinds(own_kinds::groq)
        .shaped(shapes::parsed_thoughts),
    // docs.x.ai; answers recorded by vercel/ai.
    at("xai", "https://api.x.ai/v1").key(&["XAI_API_KEY"]).flagship("grok-4.3").thinks(thinking::xai),
    // openrouter.ai/docs; recorded list and answers. `auto` lets the service choose \[unconfirmed].
    at("openrouter", "https://openrouter.ai/api/v1")
        .key(&["OPENROUTER_API_KEY"])
        .flagship("openrouter/auto")
        .thinks(thinking::openrouter),
    // docs.siliconflow.cn, as read in anomalyco/models.dev#2507, which names the model.
    at("siliconflow", "https://api.siliconflow.cn/v1")
        .key(&["SILICONFLOW_API_KEY"])
        .flagship("Qwen/Qwen3-32B")
        .thinks(thinking::siliconflow),
    // docs.together.ai; the model \[unconfirmed].
    at("together", "https://api.together.xyz/v1")
        .key(&["TOGETHER_API_KEY"])
        .flagship("openai/gpt-oss-120b")
        .thinks(thinking::together),
    // Recorded list and answers.
    at("perplexity", "https://api.perplexity.ai")
        .key(&["PERPLEXITY_API_KEY", "PPLX_API_KEY"])
        .flagship("sonar")
        .thinks(thinking::perplexity),
    // learn.microsoft.com/azure/ai-foundry/openai: the resource is part of the URL, the key has a header of its own, and the
    // model is the name of a deployment.
    somewhere("azure")
        .key(&["AZURE_OPENAI_API_KEY"])
        .thinks(thinking::openai)
        .limit(openai_models::limit_name)
        .key_in("api-key")
        .shaped(shapes::openai),
    // inference-docs.cerebras.ai; recorded list and answers.
    at("cerebras", "https://api.cerebras.ai/v1")
        .key(&["CEREBRAS_API_KEY"])
        .flagship("gpt-oss-120b")
        .thinks(thinking::cerebras)
        .limit(new_limit)
        .shaped(shapes::parsed_thoughts),
    // The ports that these servers listen at where nobody says otherwise, from their own documentation.
    at("llamacpp", "http://127.0.0.1:8080/v1").thinks(thinking::template),
    at("lmstudio", "http://127.0.0.1:1234/v1"),
    at("vllm", "http://127.0.0.1:8000/v1").thinks(thinking::template),
];

/// A service of OpenAI's dialect.
#[derive(Debug, Clone, Copy)]
pub struct Preset {
    facts: Facts,
    thinking: Way,
    thoughts: Thoughts,
    limit_name: fn(&str) -> &'static str,
    asks_for_usage: bool,
    key_header: &'static str,
    shape: Shape,
    own_kinds: OwnKinds,
}

/// A service at this base URL, which needs no key until one is named.
const fn at(name: &'static str, base_url: &'static str) -> Preset {
    let preset = somewhere(name);
    Preset { facts: Facts { base_url: Some(base_url), ..preset.facts }, ..preset }
}

/// A service whose base URL only its user knows.
const fn somewhere(name: &'static str) -> Preset {
    Preset {
        facts: Facts { name, base_url: None, env: &[], needs_key: false, flagship: None, pair: None },
        thinking: thinking::unknown,
        thoughts: Thoughts::Forgotten,
        limit_name: old_limit,
        asks_for_usage: true,
        key_header: "authorization",
        shape: shapes::as_it_is,
        own_kinds: no_own_kinds,
    }
}

const fn old_limit(_model: &str) -> &'static str {
    "max_tokens"
}

const fn new_limit(_model: &str) -> &'static str {
    "max_completion_tokens"
}

impl Preset {
    const fn key(self, env: &'static [&'static str]) -> Self {
        Self { facts: Facts { env, needs_key: true, ..self.facts }, ..self }
    }

    const fn flagship(self, model: &'static str) -> Self {
        Self { facts: Facts { flagship: Some(model), ..self.facts }, ..self }
    }

    const fn thinks(self, thinking: Way) -> Self {
        Self { thinking, ..self }
    }

    const fn remembers(self) -> Self {
        Self { thoughts: Thoughts::OfToolCalls, ..self }
    }

    const fn limit(self, limit_name: fn(&str) -> &'static str) -> Self {
        Self { limit_name, ..self }
    }

    const fn counts_unasked(self) -> Self {
        Self { asks_for_usage: false, ..self }
    }

    const fn key_in(self, key_header: &'static str) -> Self {
        Self { key_header, ..self }
    }

    const fn shaped(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }

    const fn kinds(self, own_kinds: OwnKinds) -> Self {
        Self { own_kinds, ..self }
    }

    fn with_key(&self, call: HttpCall, endpoint: &Endpoint) -> HttpCall {
        HttpCall { secret_headers: chat_completions::key_in(self.key_header, endpoint), ..call }
    }
}

impl Provider for Preset {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn chat(&self, call: &ChatCall) -> Result<Upstream, ProviderError> {
        let (mut body, mut notes) = (chat_completions::body(call, self.thoughts), Vec::new());
        if !self.asks_for_usage {
            body.remove("stream_options");
        }
        chat_completions::limit(call, (self.limit_name)(&call.model), &mut body, &mut notes);
        thinking::tell(call, self.thinking, &mut body, &mut notes);
        chat_completions::add_extra(call, &mut body)?;
        (self.shape)(call, &mut body, &mut notes);
        let request = chat_completions::request(call, body, notes);
        Ok(Upstream::Http(self.with_key(request, &call.endpoint)))
    }

    fn decoder(&self, call: &ChatCall) -> Box<dyn Decoder> {
        Box::new(ChatDecoder::with_kinds(&call.endpoint.provider, self.own_kinds))
    }

    fn refused(&self, refusal: Refusal<'_>) -> ProviderError {
        errors::refused_with(refusal, self.own_kinds)
    }

    fn list_models(&self, endpoint: &Endpoint) -> Option<HttpCall> {
        Some(self.with_key(chat_completions::list_models(endpoint), endpoint))
    }

    fn read_models(&self, endpoint: &Endpoint, body: &[u8]) -> Result<Vec<ListedModel>, ProviderError> {
        models::read(&endpoint.provider, body)
    }
}
