//! Models and providers as a client sees them, and how a client configures them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    chat::{Params, ProviderKey},
    usage::{Timing, Usage},
};

/// A model that can be asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// What to call it: `provider/upstream_id`.
    pub name: String,
    /// The provider that has it.
    pub provider: String,
    /// What the provider calls it.
    pub upstream_id: String,
    /// Shorter names.
    pub aliases: Vec<String>,
    /// The most tokens of prompt and answer together.
    pub context_window: Option<u64>,
    /// The most tokens of an answer.
    pub max_output: Option<u64>,
    /// US dollars for a million tokens.
    pub price: Option<Price>,
    /// What it is known to be able to do; empty where nothing is known.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
    /// Whether it may be asked: neither its user nor an administrator has turned it off.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Whether it could answer now: it is enabled, and its provider has a key or needs none.
    pub available: bool,
    /// Whether it answers where none is named.
    pub default: bool,
}

const fn yes() -> bool {
    true
}

/// Something that a model may be able to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// It reads images.
    Vision,
    /// It calls tools.
    Tools,
    /// It thinks before it answers.
    Reasoning,
    /// It keeps to a JSON schema.
    StructuredOutput,
}

impl Capability {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vision => "vision",
            Self::Tools => "tools",
            Self::Reasoning => "reasoning",
            Self::StructuredOutput => "structured_output",
        }
    }
}

/// Who says what is known of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// It comes with mmp.
    BuiltIn,
    /// The catalogue that comes with mmp.
    Catalogue,
    /// The provider's own list, as it was when it was last asked for.
    Provider,
    /// An administrator.
    Admin,
    /// The user.
    User,
    /// The environment of the client that asks.
    Environment,
    /// Nobody.
    Nobody,
}

impl Origin {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BuiltIn => "built_in",
            Self::Catalogue => "catalogue",
            Self::Provider => "provider",
            Self::Admin => "admin",
            Self::User => "user",
            Self::Environment => "environment",
            Self::Nobody => "nobody",
        }
    }
}

/// One thing that would be used if a model were asked now, and who says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// What it is: `base_url`, `key`, `price`, `context_window`, `params.temperature`, …
    pub field: String,
    /// Its value; null where there is none. Never a key.
    pub value: Value,
    /// Who says so.
    pub origin: Origin,
    /// What there is to know of the origin: the date of a price, the variable of a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// The answer to `GET /models/{name}`: a model, and what would be used if it were asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelDetail {
    /// The model.
    #[serde(flatten)]
    pub model: Model,
    /// What would be used, and why.
    #[serde(default)]
    pub explained: Vec<Explained>,
}

/// The query of `GET /models`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelsQuery {
    /// How many items, [`crate::page::LARGEST_PAGE`] at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// Where to begin: a page's `next_cursor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Only the models of this provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
}

/// The query of `GET /models/{name}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelQuery {
    /// The providers for which the client's environment has a key, between commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env_keys: Option<String>,
}

/// What its user, or an administrator for everyone, has said of a model: the answer to `GET /models/{name}/config`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelConfig {
    /// Whether it may be asked; null says nothing of that.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// Names that stand for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The most tokens of prompt and answer together.
    #[serde(default)]
    pub context_window: Option<u64>,
    /// The most tokens of an answer.
    #[serde(default)]
    pub max_output: Option<u64>,
    /// US dollars for a million tokens.
    #[serde(default)]
    pub price: Option<Price>,
    /// How it answers where a request says nothing else.
    #[serde(default)]
    pub params: Params,
}

/// The body of `PUT /models/{name}/config`. What it does not name stays as it is; null takes a thing back.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelConfigChange {
    /// Whether it may be asked.
    #[serde(default, with = "change", skip_serializing_if = "Option::is_none")]
    pub enabled: Option<Option<bool>>,
    /// Names that stand for it, instead of those that did.
    #[serde(default, with = "change", skip_serializing_if = "Option::is_none")]
    pub aliases: Option<Option<Vec<String>>>,
    /// The most tokens of prompt and answer together.
    #[serde(default, with = "change", skip_serializing_if = "Option::is_none")]
    pub context_window: Option<Option<u64>>,
    /// The most tokens of an answer.
    #[serde(default, with = "change", skip_serializing_if = "Option::is_none")]
    pub max_output: Option<Option<u64>>,
    /// US dollars for a million tokens.
    #[serde(default, with = "change", skip_serializing_if = "Option::is_none")]
    pub price: Option<Option<Price>>,
    /// Parameters by name; a null takes that one back. Null instead of the object takes all back.
    #[serde(default, with = "change", skip_serializing_if = "Option::is_none")]
    pub params: Option<Option<Map<String, Value>>>,
}

/// A field that may be absent, null or there, as `None`, `Some(None)` and `Some(Some(_))`.
pub(crate) mod change {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<T: Serialize, S: Serializer>(value: &Option<Option<T>>, serializer: S) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
}

/// The body of `POST /models/{name}/test`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelTestRequest {
    /// As in [`ChatRequest::env_keys`](crate::chat::ChatRequest::env_keys).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env_keys: Vec<String>,
    /// As in [`ChatRequest::keys`](crate::chat::ChatRequest::keys).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, ProviderKey>,
}

/// What `POST /models/{name}/test` found: the model answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelTestResponse {
    /// The model that was asked, as `provider/upstream_id`.
    pub model: String,
    /// What it said.
    pub text: String,
    /// How long it took.
    pub timing: Timing,
    /// The tokens.
    pub usage: Usage,
    /// Their price in US dollars; null where none is known.
    pub cost_usd: Option<f64>,
}

/// A model as a provider's own list names it, with what the list says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListedModel {
    /// What the provider calls it.
    pub id: String,
    /// The most tokens of prompt and answer together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_window: Option<u64>,
    /// The most tokens of an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output: Option<u64>,
    /// US dollars for a million tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// Whether it may answer chats: false only where the list says that it does not.
    #[serde(default = "yes")]
    pub chats: bool,
}

impl ListedModel {
    /// A model of which only the name is known.
    pub fn named(id: impl Into<String>) -> Self {
        Self { id: id.into(), context_window: None, max_output: None, price: None, chats: true }
    }
}

/// What `POST /providers/{name}/refresh` found in a provider's own list of models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshResponse {
    /// The provider.
    pub provider: String,
    /// How many models it lists.
    pub models: usize,
    /// Those that are new since the list before.
    pub added: Vec<String>,
    /// Those that are gone since the list before.
    pub removed: Vec<String>,
}

/// US dollars for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Of the prompt.
    pub input: f64,
    /// Of the prompt's cached part; null costs as the rest.
    #[serde(default)]
    pub cached_input: Option<f64>,
    /// Of the answer.
    pub output: f64,
}

/// Where a provider's key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Sealed in the vault.
    Sealed,
    /// Nowhere.
    Missing,
    /// Nowhere, and none is needed.
    NotNeeded,
}

/// Which of a provider's two APIs a key is for: Qianfan's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyApi {
    /// The older one, for a pair of keys.
    V1,
    /// The newer one, for a key alone.
    V2,
}

impl KeyApi {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }
}

/// Where a provider comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderOrigin {
    /// It comes with mmp.
    BuiltIn,
    /// The user added it.
    Added,
}

/// A provider as its user has configured it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderInfo {
    /// Its name.
    pub name: String,
    /// Whose API it speaks.
    pub kind: String,
    /// The base of its URLs; null where it has none.
    pub base_url: Option<String>,
    /// Which of its APIs the sealed key is for; only where there are two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<KeyApi>,
    /// Where it comes from.
    pub origin: ProviderOrigin,
    /// Where its key is.
    pub key: KeyState,
    /// The variables of the environment that may hold its key.
    pub env: Vec<String>,
    /// The model that answers where only the provider is named.
    pub default_model: Option<String>,
    /// Whether its user gave it a key or a place, or added it.
    #[serde(default)]
    pub configured: bool,
}

/// Whether a change makes a provider or changes one that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PutMode {
    /// It must not exist.
    Add,
    /// It must exist.
    Set,
}

/// A setting of a provider that can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderField {
    /// The sealed key, or pair of keys.
    ApiKey,
    /// The base of its URLs.
    BaseUrl,
}

/// The body of `PUT /providers/{name}`. What it does not name stays as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderPutRequest {
    /// Whether the provider must exist.
    pub mode: PutMode,
    /// Whose API it speaks; only with [`PutMode::Add`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The base of its URLs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The key, to be sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<ProviderKey>,
    /// What to take back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unset: Vec<ProviderField>,
}

/// The body of the answer to `PUT /providers/{name}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProviderPutResponse {
    /// The provider as it is now.
    pub provider: ProviderInfo,
    /// What there is to know: where the master key was put, say.
    #[serde(default)]
    pub notices: Vec<crate::events::Notice>,
}

/// What `POST /providers/{name}/test` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderTestResponse {
    /// How long the provider took to answer, in milliseconds.
    pub latency_ms: u64,
    /// The models that it lists.
    pub models: Vec<String>,
}
