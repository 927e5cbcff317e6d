//! OpenAI's models that think, by their names, and what each takes: its own servers and Azure's serve the same ones.

use mmp_shared::chat::Think;

/// What a model calls the limit of an answer's length: those that think refuse `max_tokens`, as recorded in vercel/ai's
/// `reasoning-model-legacy-parameter-error.json`.
pub fn limit_name(model: &str) -> &'static str {
    if Thinker::of(model).is_some() { "max_completion_tokens" } else { "max_tokens" }
}

/// Whether a model that is asked for this effort takes what steers the drawing of words. Those that think do not, nor while
/// they do not think, but from GPT-5.1 on (vercel/ai#10932); 5.1 and 5.2 do not think unasked (langchain-ai/langchain#35424).
pub fn takes_sampling(model: &str, effort: Option<&str>) -> bool {
    match Thinker::of(model) {
        None | Some(Thinker::Gpt(_, _, Variant::Chat)) => true,
        Some(Thinker::Gpt(major, minor, Variant::Plain)) => match effort {
            Some(effort) => effort == "none" && (major, minor) > (5, 0),
            None => matches!((major, minor), (5, 1 | 2)),
        },
        Some(_) => false,
    }
}

/// A model that thinks, by its name. These refuse `max_tokens`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thinker {
    /// The o-series: `o3`, `o4-mini`.
    O,
    /// The first ones of it, which take no effort.
    FixedO,
    /// `gpt-5` and what follows, with its version.
    Gpt(u32, u32, Variant),
}

/// What the name says beside the version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// Nothing.
    Plain,
    /// It cannot stop thinking.
    Codex,
    /// It thinks a lot or not at all.
    Pro,
    /// It does not think.
    Chat,
}

impl Thinker {
    /// The model of this name, if it thinks. Gateways put the maker's name before the model's.
    pub fn of(model: &str) -> Option<Self> {
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

    /// The effort to ask for; none where the model takes none.
    pub fn effort(self, think: Think) -> Option<&'static str> {
        match think {
            Think::On => None,
            Think::Off => self.least_effort(),
            // GPT-5 Pro thinks a lot or not at all (learn.microsoft.com, ai-projects ReasoningEffort).
            Think::Low | Think::Medium if matches!(self, Self::Gpt(5, 0, Variant::Pro)) => None,
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
    fn who_thinks_takes_no_temperature() {
        for (name, effort, takes) in [
            ("gpt-4o", None, true),
            ("gpt-5-chat-latest", None, true),
            ("o3", None, false),
            ("o3", Some("low"), false),
            ("gpt-5", None, false),
            ("gpt-5", Some("minimal"), false),
            ("gpt-5-mini", Some("none"), false),
            ("gpt-5.1", None, true),
            ("gpt-5.1", Some("high"), false),
            ("gpt-5.5", None, false),
            ("gpt-5.5", Some("none"), true),
            ("gpt-5.1-codex", None, false),
        ] {
            assert_eq!(takes_sampling(name, effort), takes, "{name} {effort:?}");
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
        assert_eq!(Thinker::of("gpt-5-pro").and_then(|thinker| thinker.effort(Think::Low)), None);
        assert_eq!(Thinker::of("gpt-5-pro").and_then(|thinker| thinker.effort(Think::High)), Some("high"));
        assert_eq!(Thinker::of("gpt-5.5").and_then(|thinker| thinker.effort(Think::High)), Some("high"));
        assert_eq!(Thinker::of("gpt-5.5").and_then(|thinker| thinker.effort(Think::On)), None);
    }
}
