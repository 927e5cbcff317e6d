//! What real providers were recorded to send, replayed through a server and the driver, whole and in cuts.
//!
//! The samples are not part of this repository: `MMP_WIRE_RECORDED` names their folder, or they lie beside the working
//! copy. Where there are none, these tests say so and pass.

use std::path::{Path, PathBuf};

use mmp_shared::{
    ErrorCode,
    message::FinishReason,
    usage::{Usage, UsageSource},
};
use mmpd::providers::{ChatCall, driver::Driver, registry};
use serde_json::Value;

use super::{
    outcome::{Outcome, ask, call, endpoint, settings},
    server::answer,
    wenxin_asked,
};

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

/// A sample: what was sent, and what it means.
struct Sample {
    name: String,
    provider: &'static str,
    body: Vec<u8>,
    facts: Value,
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

/// The samples of one API, or of all but lists of models.
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
    // What a server says in place of a list is an error as any other.
    samples.retain(|sample| (sample.facts["api"] == "models" && sample.facts["status"] == 200) == is_list);
    assert!(!samples.is_empty(), "the folder of samples is empty");
    eprintln!("{} recorded samples", samples.len());
    samples
}

fn read(path: &Path, name: &str, provider: &'static str) -> Sample {
    let facts = std::fs::read_to_string(path).expect("a readable file");
    let body = std::fs::read(path.with_extension("body")).expect("a body");
    let name = format!("{name}/{}", path.file_stem().expect("a name").to_string_lossy());
    Sample { name, provider, body, facts: serde_json::from_str(&facts).expect("JSON") }
}

impl Sample {
    /// What DESIGN §3.3 makes of it.
    fn expected(&self) -> (Outcome, Option<ErrorCode>) {
        let facts = &self.facts["expected"];
        let text = |field: &str| facts[field].as_str().unwrap_or_default().to_owned();
        let code = self.error_code();
        let tool_calls = facts["tool_calls"].as_array().map(Vec::as_slice).unwrap_or_default();
        let outcome = Outcome {
            text: text("text"),
            reasoning: text("reasoning"),
            refusal: text("refusal"),
            tool_calls: tool_calls.iter().map(tool_call).collect(),
            finish: if code.is_some() { None } else { Some(finish(facts)) },
            usage: usage(facts),
            ..Outcome::default()
        };
        (outcome, code)
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

    async fn ask(&self, driver: &Driver, cuts: &[usize], stream: bool) -> Outcome {
        let status = self.facts["status"].as_u64().and_then(|status| u16::try_from(status).ok()).expect("a status");
        let content_type = self.facts["content_type"].as_str().unwrap_or("application/octet-stream");
        let waits = ["retry-after", "retry-after-ms"].map(|name| (name, self.facts["response_headers"][name].as_str()));
        let headers: Vec<(&str, &str)> = waits.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
        let server = wenxin_asked::with_tokens(answer(status, content_type, &headers, &self.body, cuts)).await;
        let provider = registry::find(self.provider).expect("a provider");
        let model = self.facts["request"]["model"].as_str().unwrap_or("m").to_owned();
        let asked = if self.facts["api"] == "qianfan-v1" { wenxin_asked::pair } else { call };
        ask(driver, &provider, ChatCall { model, ..asked(&server.url(), stream) }).await
    }
}

fn tool_call(call: &Value) -> mmp_shared::message::ToolCall {
    let text = |field: &str| call[field].as_str().unwrap_or_default().to_owned();
    let made = mmp_shared::message::ToolCall::new(text("id"), text("name"), text("arguments_raw"));
    // What was sent as nothing is an empty object.
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

/// Every byte apart, or for the large ones every few; and in random cuts.
fn cuts(length: usize) -> Vec<Vec<usize>> {
    let step = if length > 8_000 { 7 } else { 1 };
    let mut cuts = vec![vec![], (0..length).step_by(step).collect()];
    for seed in 1..4_u64 {
        let (mut state, mut at, mut random) = (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15), 0, Vec::new());
        while at < length {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            at += 1 + usize::try_from(state >> 57).unwrap_or(1);
            random.push(at);
        }
        cuts.push(random);
    }
    cuts
}

#[tokio::test]
async fn every_recorded_answer_means_what_it_meant() {
    let driver = Driver::new(settings());
    for sample in samples(false) {
        let (expected, code) = sample.expected();
        for (which, cuts) in cuts(sample.body.len()).iter().enumerate() {
            // Whether a stream was asked for changes nothing of how the answer is read.
            for stream in [true, false].into_iter().take(if which == 0 { 2 } else { 1 }) {
                let mut outcome = sample.ask(&driver, cuts, stream).await;
                let what = format!("{}, cut {which}, stream {stream}", sample.name);
                let error = outcome.error.take();
                assert_eq!(error.as_ref().map(|error| error.code), code, "{what}: {error:?}");
                assert_eq!(outcome, expected, "{what}");
            }
        }
    }
}

#[test]
fn every_recorded_list_of_models_is_read() {
    for sample in samples(true) {
        let facts = &sample.facts["expected"];
        let provider = registry::find(sample.provider).expect("a provider");
        let models =
            provider.read_models(&endpoint("http://x"), &sample.body).unwrap_or_else(|error| panic!("{}: {error}", sample.name));
        // Mistral names two of its models twice; each is read once.
        let twice = if sample.name == "mistral/list_models-01" { 2 } else { 0 };
        assert_eq!(Some(models.len() as u64 + twice), facts["model_count"].as_u64(), "{}", sample.name);
        let first: Vec<&str> = facts["first_models"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert_eq!(models[..first.len()], first, "{}", sample.name);
    }
}
