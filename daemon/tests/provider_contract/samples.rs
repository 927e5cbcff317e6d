//! What real providers were recorded to send, and what DESIGN §3.3 makes of it. It knows nothing of how a sample is asked
//! for, so that other tests can use it too.
//!
//! The samples are not part of this repository: `MMP_WIRE_RECORDED` names their folder, or they lie beside the working
//! copy. Where there are none, this says so and gives none.

use std::path::{Path, PathBuf};

use mmp_shared::{
    ErrorCode,
    message::{FinishReason, ToolCall},
    usage::{Usage, UsageSource},
};
use serde_json::Value;

use super::server::{Step, answer};

/// Whose samples are read by which provider.
const FOLDERS: &[(&str, &str)] = &[
    ("openai", "openai"),
    ("deepseek", "deepseek"),
    ("moonshot", "moonshot"),
    ("dashscope", "dashscope"),
    ("zhipu", "zhipu"),
    ("mistral", "mistral"),
    ("groq", "groq"),
    ("xai", "xai"),
    ("openrouter", "openrouter"),
    ("together", "together"),
    ("perplexity", "perplexity"),
    ("azure", "azure"),
    ("cerebras", "cerebras"),
    ("llamacpp", "llamacpp"),
    ("ollama", "openai"),
    ("qianfan", "wenxin"),
];

/// APIs that no provider here speaks.
const OTHER_APIS: &[&str] = &["ollama-chat", "dashscope-native"];

/// A sample: what was sent, and what was known of it.
pub struct Sample {
    /// Its folder and its case.
    pub name: String,
    /// The provider that reads it.
    pub provider: &'static str,
    /// The body of the answer.
    pub body: Vec<u8>,
    facts: Value,
}

/// What a sample means.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Meaning {
    pub text: String,
    pub reasoning: String,
    pub refusal: String,
    pub tool_calls: Vec<ToolCall>,
    pub finish: Option<FinishReason>,
    pub usage: Option<Usage>,
    pub error: Option<ErrorCode>,
}

/// The recorded answers.
pub fn answers() -> Vec<Sample> {
    samples(false)
}

/// The recorded lists of models. What a server says in place of a list is an answer as any other.
pub fn lists() -> Vec<Sample> {
    samples(true)
}

fn samples(is_list: bool) -> Vec<Sample> {
    let Some(folder) = folder() else { return Vec::new() };
    let mut samples = Vec::new();
    for (name, provider) in FOLDERS {
        let entries = std::fs::read_dir(folder.join(name)).unwrap_or_else(|error| panic!("no samples of {name}: {error}"));
        let paths = entries.map(|entry| entry.expect("an entry").path());
        let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
        paths.sort();
        samples.extend(paths.iter().map(|path| read(path, name, provider)));
    }
    samples.retain(|sample| !OTHER_APIS.iter().any(|api| sample.facts["api"] == *api));
    samples.retain(|sample| (sample.facts["api"] == "models" && sample.status() == 200) == is_list);
    assert!(!samples.is_empty(), "the folder of samples is empty");
    eprintln!("{} recorded samples", samples.len());
    samples
}

fn folder() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/wire/recorded");
    let folder = std::env::var_os("MMP_WIRE_RECORDED").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no recorded samples at {}; MMP_WIRE_RECORDED names another folder", folder.display());
    None
}

fn read(path: &Path, name: &str, provider: &'static str) -> Sample {
    let facts = std::fs::read_to_string(path).expect("a readable file");
    let body = std::fs::read(path.with_extension("body")).expect("a body");
    let name = format!("{name}/{}", path.file_stem().expect("a name").to_string_lossy());
    Sample { name, provider, body, facts: serde_json::from_str(&facts).expect("JSON") }
}

impl Sample {
    /// The model that was asked.
    pub fn model(&self) -> &str {
        self.facts["request"]["model"].as_str().unwrap_or("m")
    }

    /// Whether it is asked for with a pair of keys, for a token.
    pub fn wants_pair(&self) -> bool {
        self.facts["api"] == "qianfan-v1"
    }

    /// The HTTP status of the answer.
    pub fn status(&self) -> u16 {
        self.facts["status"].as_u64().and_then(|status| u16::try_from(status).ok()).expect("a status")
    }

    /// How a server sends it again, cut after each of these places.
    pub fn replay(&self, cuts: &[usize]) -> Vec<Step> {
        let content_type = self.facts["content_type"].as_str().unwrap_or("application/octet-stream");
        let waits = ["retry-after", "retry-after-ms"].map(|name| (name, self.facts["response_headers"][name].as_str()));
        let headers: Vec<(&str, &str)> = waits.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
        answer(self.status(), content_type, &headers, &self.body, cuts)
    }

    /// What it means.
    pub fn meaning(&self) -> Meaning {
        let facts = &self.facts["expected"];
        let text = |field: &str| facts[field].as_str().unwrap_or_default().to_owned();
        let error = self.error_code();
        let tool_calls = facts["tool_calls"].as_array().map(Vec::as_slice).unwrap_or_default();
        Meaning {
            text: text("text"),
            reasoning: text("reasoning"),
            refusal: text("refusal"),
            tool_calls: tool_calls.iter().map(tool_call).collect(),
            finish: if error.is_some() { None } else { Some(finish(facts)) },
            usage: usage(facts),
            error,
        }
    }

    /// How many models a list has, and the first of them.
    pub fn models(&self) -> (u64, Vec<&str>) {
        let facts = &self.facts["expected"];
        let first = facts["first_models"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        // Mistral lists two of its models twice; here each counts once.
        let listed_twice = if self.name.starts_with("mistral/") { 2 } else { 0 };
        (facts["model_count"].as_u64().expect("a number") - listed_twice, first)
    }

    fn error_code(&self) -> Option<ErrorCode> {
        if self.facts["expected"]["error"].is_null() {
            return None;
        }
        Some(match self.name.as_str() {
            "azure/error_404-01" | "deepseek/error_400-02" | "mistral/error_400-01" | "openrouter/error_400-01" => {
                ErrorCode::ModelNotFound
            }
            "azure/error_in_200-01" => ErrorCode::ContentBlocked,
            "deepseek/error_400-01"
            | "llamacpp/error_400-01"
            | "llamacpp/error_500-01"
            | "ollama/error_400-01"
            | "openrouter/error_400-02"
            | "perplexity/error_400-01" => ErrorCode::ContextTooLong,
            "xai/error_400-01" | "qianfan/error_in_200-01" => ErrorCode::ProviderAuth,
            "moonshot/error_429-01" => ErrorCode::ProviderOverloaded,
            // Both name 400 inside an answer of status 200.
            "groq/error_in_stream-01" | "openrouter/error_in_stream-01" => ErrorCode::ProviderBadRequest,
            _ => match self.facts["status"].as_u64() {
                Some(400 | 501) => ErrorCode::ProviderBadRequest,
                Some(401 | 403) => ErrorCode::ProviderAuth,
                Some(402) => ErrorCode::ProviderQuota,
                Some(404) => ErrorCode::ModelNotFound,
                Some(429) => ErrorCode::ProviderRateLimited,
                Some(500) => ErrorCode::ProviderOverloaded,
                status => panic!("{}: what should an error of status {status:?} be?", self.name),
            },
        })
    }
}

fn tool_call(call: &Value) -> ToolCall {
    let text = |field: &str| call[field].as_str().unwrap_or_default().to_owned();
    let made = ToolCall::new(text("id"), text("name"), text("arguments_raw"));
    let is_nothing = matches!(made.arguments_raw.trim(), "" | "null");
    assert_eq!(made.arguments, if is_nothing { serde_json::json!({}) } else { call["arguments_json"].clone() });
    made
}

fn finish(facts: &Value) -> FinishReason {
    let has_calls = facts["tool_calls"].as_array().is_some_and(|calls| !calls.is_empty());
    match facts["finish_reason"].as_str() {
        Some("length") => FinishReason::Length,
        Some("content_filter") => FinishReason::ContentFilter,
        _ if has_calls => FinishReason::ToolCalls,
        Some("stop" | "eos" | "normal") | None => FinishReason::Stop,
        Some(word) => panic!("what should `{word}` be?"),
    }
}

fn usage(facts: &Value) -> Option<Usage> {
    let number = |field: &str| facts[field].as_u64();
    let (prompt, completion) = (number("prompt_tokens")?, number("completion_tokens")?);
    let (cached, reasoning) = (number("cached_tokens"), number("reasoning_tokens"));
    let total = facts["usage_raw"]["total_tokens"].as_u64();
    let apart = reasoning.filter(|reasoning| total == Some(prompt + completion + reasoning)).unwrap_or(0);
    Some(Usage {
        prompt_tokens: Some(prompt + cached.filter(|cached| *cached > prompt).unwrap_or(0)),
        completion_tokens: Some(completion + apart),
        cached_tokens: cached,
        reasoning_tokens: reasoning,
        source: UsageSource::Provider,
    })
}

/// What a server says that gives a token for a pair of keys.
pub fn token() -> Vec<Step> {
    answer(200, "application/json", &[], br#"{"access_token":"24.recorded","expires_in":2592000}"#, &[])
}

/// Every byte apart, or for the large ones every few.
pub fn small_cuts(length: usize) -> Vec<usize> {
    (0..length).step_by(if length > 8_000 { 7 } else { 1 }).collect()
}

/// Cuts of 1 to 128 bytes, others for every seed.
pub fn random_cuts(length: usize, seed: u64) -> Vec<usize> {
    let (mut state, mut at, mut cuts) = (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15), 0, Vec::new());
    while at < length {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        at += 1 + usize::try_from(state >> 57).unwrap_or(1);
        cuts.push(at);
    }
    cuts
}
