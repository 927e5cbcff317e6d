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

const fn one(provider: &'static str, api_key: &'static str) -> EnvKey {
    EnvKey { provider, api_key, secret_key: None }
}
