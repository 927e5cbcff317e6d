//! Which vocabulary a model is known to have. Pure.

/// Models that cut text into the same tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// OpenAI's since GPT-4o.
    O200k,
    /// OpenAI's before it: GPT-4 and GPT-3.5.
    Cl100k,
    /// DeepSeek's since V3.
    DeepSeek,
    /// Qwen's since 2.
    Qwen,
    /// Baidu's: its vocabulary is not built in.
    Ernie,
    /// All others.
    Other,
}

impl Family {
    /// The family of a model, by what its provider calls it: `gpt-5.4`, `openai/gpt-4o`, `qwen3:8b`.
    pub fn of(model: &str) -> Self {
        let name = model.rsplit('/').next().unwrap_or(model).to_ascii_lowercase();
        if name.starts_with("ernie") {
            return Self::Ernie;
        }
        match tiktoken::model_to_encoding(&name) {
            Some("o200k_base" | "o200k_harmony") => Self::O200k,
            Some("cl100k_base") => Self::Cl100k,
            Some("deepseek_v3" | "deepseek_v4") => Self::DeepSeek,
            Some("qwen2") => Self::Qwen,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_has_the_family_of_its_name() {
        let cases = [
            ("gpt-5.6-sol", Family::O200k),
            ("gpt-4o-2024-08-06", Family::O200k),
            ("o4-mini", Family::O200k),
            ("gpt-3.5-turbo", Family::Cl100k),
            ("deepseek-v4-pro", Family::DeepSeek),
            ("deepseek/deepseek-chat", Family::DeepSeek),
            ("Qwen/Qwen3-8B", Family::Qwen),
            ("qwen3:8b", Family::Qwen),
            ("ernie-4.5-turbo-128k", Family::Ernie),
            ("llama3.2:1b", Family::Other),
            ("", Family::Other),
        ];
        for (model, family) in cases {
            assert_eq!(Family::of(model), family, "{model}");
        }
    }
}
