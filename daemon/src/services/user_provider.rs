//! A provider as one user has configured it: what is known of its wire, and what the user's settings make of that.

use std::sync::Arc;

use mmp_shared::models::{KeyApi, KeyState, ProviderInfo, ProviderOrigin};

use crate::providers::{Pair, Provider};

/// A provider as one user has it.
#[derive(Clone)]
pub struct UserProvider {
    /// Its name.
    pub name: String,
    /// Its wire.
    pub wire: Arc<dyn Provider>,
    /// The base of its URLs, where the user chose one.
    pub base_url: Option<String>,
    /// Where it comes from.
    pub origin: ProviderOrigin,
    /// Whether a key is sealed.
    pub has_key: bool,
    /// Whether that key is a pair.
    pub has_pair: bool,
}

impl UserProvider {
    /// Whether it is known to answer only those who have a key. A server of the user's own choice is not.
    pub fn needs_key(&self) -> bool {
        self.wire.facts().needs_key && self.base_url.is_none()
    }

    /// Whether the user added it.
    pub fn is_added(&self) -> bool {
        self.origin == ProviderOrigin::Added
    }

    /// Whether the user pointed it somewhere: it may be asked without a key.
    pub fn is_pointed_at(&self) -> bool {
        self.base_url.is_some()
    }

    /// Whether the user gave it a key or a place, or added it.
    pub fn is_configured(&self) -> bool {
        self.has_key || self.is_pointed_at() || self.origin == ProviderOrigin::Added
    }

    /// Whether it is known where it is.
    pub fn has_place(&self) -> bool {
        self.place().is_some()
    }

    /// The model that answers where only the provider is named, if one is known.
    pub fn flagship(&self) -> Option<&'static str> {
        let facts = self.wire.facts();
        let flagship = self.pair().map_or(facts.flagship, |pair| Some(pair.flagship));
        match self.origin {
            ProviderOrigin::BuiltIn => flagship,
            // Another server that speaks the same API has models of its own.
            ProviderOrigin::Added => flagship.filter(|_| self.base_url.is_none()),
        }
    }

    /// The base of its URLs.
    pub fn place(&self) -> Option<&str> {
        let built_in = || self.pair().map_or(self.wire.facts().base_url, |pair| Some(pair.base_url));
        self.base_url.as_deref().or_else(built_in)
    }

    /// Whether what it speaks has a place for images. That of a pair of keys has none
    /// (cloud.baidu.com/doc/WENXINWORKSHOP: `content` is a string).
    pub fn takes_images(&self) -> bool {
        self.pair().is_none()
    }

    /// What is different with the pair of keys that is sealed.
    fn pair(&self) -> Option<Pair> {
        self.wire.facts().pair.filter(|_| self.has_pair)
    }

    /// Which of its APIs the sealed key is for, where there are two.
    fn api(&self) -> Option<KeyApi> {
        let has_two = self.has_key && self.wire.facts().pair.is_some();
        has_two.then_some(if self.has_pair { KeyApi::V1 } else { KeyApi::V2 })
    }

    /// The same, as its user sees it.
    pub(super) fn info(&self) -> ProviderInfo {
        let facts = self.wire.facts();
        ProviderInfo {
            name: self.name.clone(),
            kind: facts.name.to_owned(),
            base_url: self.place().map(str::to_owned),
            api: self.api(),
            origin: self.origin,
            key: match (self.has_key, self.needs_key()) {
                (true, _) => KeyState::Sealed,
                (false, true) => KeyState::Missing,
                (false, false) => KeyState::NotNeeded,
            },
            env: if self.origin == ProviderOrigin::BuiltIn {
                facts.env.iter().map(|&name| name.to_owned()).collect()
            } else {
                vec![]
            },
            default_model: self.flagship().map(str::to_owned),
            configured: self.is_configured(),
        }
    }
}
