//! OpenAI's chat completions, and every server that speaks them at another base URL.
//!
//! What is OpenAI's own stands here: which models think, what they call the limit of length, and how they are told how
//! much to think. The rest is the shared dialect of [`wire`](super::wire).

use mmp_shared::chat::Think;

use super::{
    ChatCall, Decoder, Endpoint, Facts, HttpCall, Provider, ProviderError, Refusal, Upstream,
    wire::{chat_completions, decoder::ChatDecoder, errors, models},
};

static FACTS: Facts = Facts {
    name: "openai",
    base_url: Some("https://api.openai.com/v1"),
    env: &["OPENAI_API_KEY"],
    needs_key: true,
    flagship: Some("gpt-5.5"),
};

/// OpenAI.
#[derive(Debug, Clone, Copy)]
pub struct OpenAi;

impl Provider for OpenAi {
    fn facts(&self) -> &Facts {
        &FACTS
    }

    fn chat(&self, call: &ChatCall) -> Result<Upstream, ProviderError> {
        let mut body = chat_completions::body(call);
        let thinker = Thinker::of(&call.model);
        if let Some(limit) = call.params.max_tokens {
            let name = if thinker.is_some() { "max_completion_tokens" } else { "max_tokens" };
            body.insert(name.into(), limit.into());
        }
        if let Some(effort) = thinker.zip(call.params.think).and_then(|(thinker, think)| thinker.effort(think)) {
            body.insert("reasoning_effort".into(), effort.into());
        }
        chat_completions::request(call, body).map(Upstream::Http)
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

    fn read_models(&self, endpoint: &Endpoint, body: &[u8]) -> Result<Vec<String>, ProviderError> {
        models::read(&endpoint.provider, body)
    }
}

/// A model that thinks, by its name. These refuse `max_tokens`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thinker {
    /// The o-series: `o3`, `o4-mini`.
    O,
    /// The first ones of it, which take no effort.
    FixedO,
    /// `gpt-5` and what follows, with its version.
    Gpt(u32, u32, Variant),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variant {
    Plain,
    /// It cannot stop thinking.
    Codex,
    /// It thinks a lot or not at all.
    Pro,
    /// It does not think.
    Chat,
}

impl Thinker {
    /// Gateways put the maker's name before the model's.
    fn of(model: &str) -> Option<Self> {
        let name = model.rsplit('/').next().unwrap_or(model).to_ascii_lowercase();
        if let Some(rest) = name.strip_prefix('o').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            let is_fixed = rest.starts_with("1-mini") || rest.starts_with("1-preview");
            return Some(if is_fixed { Self::FixedO } else { Self::O });
        }
        let rest = name.strip_prefix("gpt-")?;
        let (version, variant) = rest.split_once('-').unwrap_or((rest, ""));
        let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
        let (major, minor) = (major.parse().ok()?, minor.parse().ok()?);
        (5..=20).contains(&major).then(|| Self::Gpt(major, minor, Variant::of(variant)))
    }

    fn effort(self, think: Think) -> Option<&'static str> {
        match think {
            Think::On => None,
            Think::Off => self.least_effort(),
            Think::Low => self.graded("low"),
            Think::Medium => self.graded("medium"),
            Think::High => self.graded("high"),
        }
    }

    fn least_effort(self) -> Option<&'static str> {
        match self {
            Self::O | Self::Gpt(_, _, Variant::Codex) => Some("low"),
            Self::Gpt(5, 0, Variant::Plain) => Some("minimal"),
            Self::Gpt(_, _, Variant::Plain) => Some("none"),
            Self::FixedO | Self::Gpt(_, _, Variant::Pro | Variant::Chat) => None,
        }
    }

    fn graded(self, effort: &'static str) -> Option<&'static str> {
        (!matches!(self, Self::FixedO | Self::Gpt(_, _, Variant::Chat))).then_some(effort)
    }
}

impl Variant {
    fn of(name: &str) -> Self {
        match name.split('-').next() {
            Some("codex") => Self::Codex,
            Some("pro") => Self::Pro,
            Some("chat") => Self::Chat,
            _ => Self::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_thinks_is_known_by_its_name() {
        for name in ["o1", "o3-mini", "o4-mini-2025-04-16", "gpt-5", "openai/gpt-5.5", "gpt-5-chat-latest"] {
            assert!(Thinker::of(name).is_some(), "{name}");
        }
        for name in ["gpt-4o", "gpt-4.1-nano", "olmo-2", "llama3.2:1b", "gpt-oss-120b", "gpt-35-turbo-16k"] {
            assert!(Thinker::of(name).is_none(), "{name}");
        }
    }

    #[test]
    fn thinking_is_turned_off_as_each_model_takes_it() {
        for (name, effort) in [
            ("gpt-5", Some("minimal")),
            ("gpt-5-mini-2025-08-07", Some("minimal")),
            ("gpt-5.1", Some("none")),
            ("gpt-5.5", Some("none")),
            ("gpt-5.1-codex", Some("low")),
            ("gpt-5-pro", None),
            ("gpt-5-chat-latest", None),
            ("o3", Some("low")),
            ("o1-mini", None),
        ] {
            assert_eq!(Thinker::of(name).and_then(|thinker| thinker.effort(Think::Off)), effort, "{name}");
        }
        assert_eq!(Thinker::of("gpt-5.5").and_then(|thinker| thinker.effort(Think::High)), Some("high"));
        assert_eq!(Thinker::of("gpt-5.5").and_then(|thinker| thinker.effort(Think::On)), None);
    }
}
