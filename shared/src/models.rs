//! Models and providers as a client sees them, and how a client configures them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::chat::ProviderKey;

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
    /// Whether it could answer now: its provider has a key or needs none.
    pub available: bool,
    /// Whether it answers where none is named.
    pub default: bool,
}

/// US dollars for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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

/// The body of `GET` and `PUT /users/me/settings`. A `PUT` changes the settings it names; null takes one back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings {
    /// The settings by name.
    pub values: BTreeMap<String, Option<String>>,
}

impl Settings {
    /// The name of the setting that holds the default model.
    pub const MODEL: &'static str = "model";
    /// The name of the setting that holds the models that answer when another cannot, in order, between commas.
    pub const FALLBACK: &'static str = "fallback";
}
