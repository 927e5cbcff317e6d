//! Which variables of a client's environment hold which provider's key. One line a provider.
//!
//! The client reads the values and sends the names; the daemon tells the names in `providers show`. Neither calls the
//! other's table: this is it.

/// The variables that may hold one provider's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnvKey {
    /// The provider.
    pub provider: &'static str,
    /// The variable of the key, or of the first half of a pair.
    pub api_key: &'static str,
    /// The variable of the second half of a pair.
    pub secret_key: Option<&'static str>,
}

/// Every provider whose key may come from the environment. Where one has several lines, the first that is whole counts.
pub const ENV_KEYS: &[EnvKey] = &[
    one("deepseek", "DEEPSEEK_API_KEY"),
    one("openai", "OPENAI_API_KEY"),
    one("wenxin", "QIANFAN_API_KEY"),
    EnvKey { provider: "wenxin", api_key: "QIANFAN_AK", secret_key: Some("QIANFAN_SK") },
    one("moonshot", "MOONSHOT_API_KEY"),
    one("dashscope", "DASHSCOPE_API_KEY"),
    one("zhipu", "ZHIPUAI_API_KEY"),
    one("zhipu", "ZHIPU_API_KEY"),
    one("mistral", "MISTRAL_API_KEY"),
    one("groq", "GROQ_API_KEY"),
    one("xai", "XAI_API_KEY"),
    one("openrouter", "OPENROUTER_API_KEY"),
    one("siliconflow", "SILICONFLOW_API_KEY"),
    one("together", "TOGETHER_API_KEY"),
    one("perplexity", "PERPLEXITY_API_KEY"),
    one("perplexity", "PPLX_API_KEY"),
    one("azure", "AZURE_OPENAI_API_KEY"),
    one("cerebras", "CEREBRAS_API_KEY"),
];

/// The variables that a key of this shape comes from, for messages.
pub fn variables_of(provider: &str, is_pair: bool) -> String {
    let key = ENV_KEYS.iter().find(|key| key.provider == provider && key.secret_key.is_some() == is_pair);
    match key.map(|key| (key.api_key, key.secret_key)) {
        Some((api_key, Some(secret_key))) => format!("{api_key}+{secret_key}"),
        Some((api_key, None)) => api_key.to_owned(),
        None => String::new(),
    }
}

const fn one(provider: &'static str, api_key: &'static str) -> EnvKey {
    EnvKey { provider, api_key, secret_key: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_named_as_a_pair() {
        assert_eq!(variables_of("wenxin", true), "QIANFAN_AK+QIANFAN_SK");
        assert_eq!(variables_of("wenxin", false), "QIANFAN_API_KEY");
        assert_eq!(variables_of("openai", true), "");
    }
}
