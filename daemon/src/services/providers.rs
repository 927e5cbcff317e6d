//! Providers as a user has configured them: the built-in ones, those that were added, their base URLs and keys.

use std::{sync::Arc, time::Instant};

use mmp_shared::{
    ApiError, ErrorCode, UserId,
    events::Notice,
    models::{
        KeyState, ProviderField, ProviderInfo, ProviderOrigin, ProviderPutRequest, ProviderPutResponse, ProviderTestResponse,
        PutMode,
    },
    page::Page,
    phrase,
};
use url::Url;

use super::{error::of_provider, keys::Keys};
use crate::{
    catalogue::KnownProvider,
    providers::{Ask, Endpoint, Provider},
    store::{Batch, Entity, Operation, Precondition, Store, records::ProviderConfigRecord},
};

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
}

impl UserProvider {
    /// Whether it is known to answer only those who have a key. A server of the user's own choice is not.
    pub fn needs_key(&self) -> bool {
        self.wire.facts().needs_key && self.base_url.is_none()
    }

    /// Whether the user pointed it somewhere: it may be asked without a key.
    pub fn is_pointed_at(&self) -> bool {
        self.base_url.is_some()
    }

    /// Whether it is known where it is.
    pub fn has_place(&self) -> bool {
        self.is_pointed_at() || self.wire.facts().base_url.is_some()
    }

    /// The model that answers where only the provider is named, if one is known.
    pub fn flagship(&self) -> Option<&'static str> {
        match self.origin {
            ProviderOrigin::BuiltIn => self.wire.facts().flagship,
            // Another server that speaks the same API has models of its own.
            ProviderOrigin::Added => self.wire.facts().flagship.filter(|_| self.base_url.is_none()),
        }
    }

    fn info(&self) -> ProviderInfo {
        let facts = self.wire.facts();
        ProviderInfo {
            name: self.name.clone(),
            kind: facts.name.to_owned(),
            base_url: self.base_url.clone().or_else(|| facts.base_url.map(str::to_owned)),
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
        }
    }
}

/// The service of providers.
pub struct Providers {
    store: Arc<dyn Store>,
    keys: Arc<Keys>,
    wires: Vec<Arc<dyn Provider>>,
    ask: Arc<dyn Ask>,
}

impl Providers {
    /// The service over a store, for these wires.
    pub fn new(store: Arc<dyn Store>, keys: Arc<Keys>, wires: Vec<Arc<dyn Provider>>, ask: Arc<dyn Ask>) -> Self {
        Self { store, keys, wires, ask }
    }

    /// Every provider that a user has: the built-in ones first, then the added ones by name.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn all(&self, user_id: UserId) -> Result<Vec<UserProvider>, ApiError> {
        let configs = self.store.provider_configs(user_id).await?;
        let sealed = self.store.sealed_key_names(user_id).await?;
        let has_key = |name: &str| sealed.iter().any(|sealed| sealed == name);
        // One that a user added before mmp came with a provider of its name stays the user's.
        let is_added = |name: &str| configs.iter().any(|config| config.name == name && config.kind.is_some());
        let built_in = self.wires.iter().filter(|wire| !is_added(wire.facts().name)).map(|wire| {
            let name = wire.facts().name;
            UserProvider {
                name: name.to_owned(),
                wire: Arc::clone(wire),
                base_url: configs.iter().find(|config| config.name == name).and_then(|config| config.base_url.clone()),
                origin: ProviderOrigin::BuiltIn,
                has_key: has_key(name),
            }
        });
        // A kind that this version does not have is left out, and kept for the version that has.
        let added = configs.iter().filter_map(|config| {
            Some(UserProvider {
                name: config.name.clone(),
                wire: Arc::clone(self.wire(config.kind.as_deref()?)?),
                base_url: config.base_url.clone(),
                origin: ProviderOrigin::Added,
                has_key: has_key(&config.name),
            })
        });
        Ok(built_in.chain(added).collect())
    }

    /// A page of all providers.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn list(&self, user_id: UserId) -> Result<Page<ProviderInfo>, ApiError> {
        let items = self.all(user_id).await?.iter().map(UserProvider::info).collect();
        Ok(Page { items, next_cursor: None })
    }

    /// One provider.
    ///
    /// # Errors
    ///
    /// `not_found` where there is none of that name.
    pub async fn find(&self, user_id: UserId, name: &str) -> Result<UserProvider, ApiError> {
        let all = self.all(user_id).await?;
        let names: Vec<_> = all.iter().map(|known| known.name.clone()).collect();
        all.into_iter().find(|known| known.name == name).ok_or_else(|| {
            let error = ApiError::new(ErrorCode::NotFound, phrase!("error-no-such-provider", name = name));
            error.with_hint(phrase!("hint-providers", names = names.join(", ")))
        })
    }

    /// One provider, as its user sees it.
    ///
    /// # Errors
    ///
    /// As [`Self::find`].
    pub async fn show(&self, user_id: UserId, name: &str) -> Result<ProviderInfo, ApiError> {
        Ok(self.find(user_id, name).await?.info())
    }

    /// Makes a provider, or changes one that exists. The provider is not called.
    ///
    /// # Errors
    ///
    /// `conflict` where one to be made exists, `not_found` where one to be changed does not, `bad_request` for a kind,
    /// a name or a base URL that makes no sense.
    pub async fn put(&self, user_id: UserId, name: &str, request: ProviderPutRequest) -> Result<ProviderPutResponse, ApiError> {
        let found = self.all(user_id).await?.into_iter().find(|known| known.name == name);
        let before = self.store.provider_config(user_id, name).await?;
        let entity = Entity::ProviderConfig(user_id, name.to_owned());
        let precondition = match &before {
            Some(record) => Precondition::Version(entity, record.version),
            None => Precondition::Absent(entity),
        };
        let kind = match (request.mode, &found) {
            (PutMode::Add, Some(_)) => {
                let error = ApiError::new(ErrorCode::Conflict, phrase!("error-provider-exists", name = name));
                return Err(error.with_hint(phrase!("hint-provider-set", name = name)));
            }
            (PutMode::Add, None) => Some(self.check_new(name, &request)?),
            (PutMode::Set, None) => return Err(self.find(user_id, name).await.err().unwrap_or_else(internal)),
            (PutMode::Set, Some(_)) => before.as_ref().and_then(|record| record.kind.clone()),
        };
        let mut base_url = before.as_ref().and_then(|record| record.base_url.clone());
        if let Some(url) = &request.base_url {
            base_url = Some(checked_base_url(url)?);
        } else if request.unset.contains(&ProviderField::BaseUrl) {
            base_url = None;
        }
        let record = ProviderConfigRecord {
            user_id,
            name: name.to_owned(),
            version: before.map_or(0, |record| record.version) + 1,
            kind,
            base_url,
        };
        let mut batch = Batch::new().require(precondition).then(Operation::PutProviderConfig(record));
        let mut notices: Vec<Notice> = Vec::new();
        if let Some(key) = &request.key {
            let (operation, notice) = self.keys.seal(user_id, name, key).await?;
            batch = batch.then(operation);
            notices.extend(notice);
        } else if request.unset.contains(&ProviderField::ApiKey) {
            batch = batch.then(Operation::DeleteSealedKey(user_id, name.to_owned()));
        }
        self.store.commit(batch).await?;
        Ok(ProviderPutResponse { provider: self.show(user_id, name).await?, notices })
    }

    /// Forgets an added provider with its key; of a built-in one, everything that was set.
    ///
    /// # Errors
    ///
    /// `not_found` where there is none of that name, `bad_request` for a built-in one.
    pub async fn remove(&self, user_id: UserId, name: &str) -> Result<(), ApiError> {
        if self.find(user_id, name).await?.origin == ProviderOrigin::BuiltIn {
            let error = ApiError::new(ErrorCode::BadRequest, phrase!("error-provider-built-in", name = name));
            return Err(error.with_hint(phrase!("hint-provider-unset", name = name)));
        }
        let batch = Batch::new()
            .then(Operation::DeleteProviderConfig(user_id, name.to_owned()))
            .then(Operation::DeleteSealedKey(user_id, name.to_owned()));
        Ok(self.store.commit(batch).await?)
    }

    /// Asks a provider for its models, and says how long that took.
    ///
    /// # Errors
    ///
    /// `no_key` where it wants one, and whatever the provider says.
    pub async fn test(&self, user_id: UserId, name: &str) -> Result<ProviderTestResponse, ApiError> {
        let provider = self.find(user_id, name).await?;
        let begun = Instant::now();
        let models = self.models_of(user_id, &provider).await?;
        Ok(ProviderTestResponse { latency_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX), models })
    }

    /// The models that a provider lists.
    ///
    /// # Errors
    ///
    /// As [`Self::test`].
    pub async fn models_of(&self, user_id: UserId, provider: &UserProvider) -> Result<Vec<String>, ApiError> {
        let endpoint = self.endpoint(user_id, provider).await?;
        self.ask.models(Arc::clone(&provider.wire), endpoint).await.map_err(|error| of_provider(error, &provider.name))
    }

    /// Where and as whom a user asks a provider.
    ///
    /// # Errors
    ///
    /// `no_key` where the provider wants a key and none is sealed, `storage_failed` where the vault is locked.
    pub async fn endpoint(&self, user_id: UserId, provider: &UserProvider) -> Result<Endpoint, ApiError> {
        if !provider.has_key && provider.needs_key() {
            return Err(no_key(provider));
        }
        if !provider.has_place() && provider.needs_key() {
            let error = ApiError::new(ErrorCode::BadRequest, phrase!("error-no-base-url", provider = provider.name));
            return Err(error.with_hint(phrase!("hint-no-base-url", provider = provider.name)));
        }
        let key = if provider.has_key {
            self.keys.open(user_id, &provider.name).await?.unwrap_or_default()
        } else {
            Default::default()
        };
        let base_url =
            provider.base_url.clone().or_else(|| provider.wire.facts().base_url.map(str::to_owned)).unwrap_or_default();
        Ok(Endpoint { provider: provider.name.clone(), base_url, api_key: key.api_key, secret_key: key.secret_key })
    }

    fn wire(&self, kind: &str) -> Option<&Arc<dyn Provider>> {
        self.wires.iter().find(|wire| wire.facts().name == kind)
    }

    fn check_new(&self, name: &str, request: &ProviderPutRequest) -> Result<String, ApiError> {
        let is_name = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && name.len() <= 64
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.'));
        if !is_name {
            let error = ApiError::new(ErrorCode::BadRequest, phrase!("error-provider-name", name = name));
            return Err(error.with_hint(phrase!("hint-provider-name")));
        }
        // The demo answers from within: there is no server that speaks its API.
        let kinds = || self.wires.iter().map(|wire| wire.facts()).filter(|facts| facts.base_url.is_some() || facts.needs_key);
        let kind = request.kind.as_deref().unwrap_or_default();
        if kinds().any(|facts| facts.name == kind) {
            return Ok(kind.to_owned());
        }
        let names: Vec<_> = kinds().map(|facts| facts.name).collect();
        let error = ApiError::new(ErrorCode::BadRequest, phrase!("error-provider-kind", kind = kind));
        Err(error.with_hint(phrase!("hint-provider-kinds", kinds = names.join(", "))))
    }
}

/// The providers as the catalogue's rules of names know them.
pub fn known(providers: &[UserProvider]) -> Vec<KnownProvider> {
    providers
        .iter()
        .map(|provider| KnownProvider { name: provider.name.clone(), flagship: provider.flagship().map(str::to_owned) })
        .collect()
}

/// The error of a provider that wants a key where none is sealed.
pub fn no_key(provider: &UserProvider) -> ApiError {
    let error =
        ApiError::new(ErrorCode::NoKey, phrase!("error-no-key", provider = provider.name)).with_provider(provider.name.clone());
    match provider.wire.facts().env.first().filter(|_| provider.origin == ProviderOrigin::BuiltIn) {
        Some(variable) => error.with_hint(phrase!("hint-no-key", provider = provider.name, variable = variable)),
        None => error.with_hint(phrase!("hint-no-key-added", provider = provider.name)),
    }
}

fn checked_base_url(url: &str) -> Result<String, ApiError> {
    let trimmed = url.trim().trim_end_matches('/');
    let begins_well = trimmed.starts_with("http://") || trimmed.starts_with("https://");
    let has_blanks = trimmed.contains(|c: char| c.is_whitespace() || c.is_control());
    // A user and a password in a URL would be kept in the clear; behind a query no path can stand.
    let is_bare = Url::parse(trimmed).is_ok_and(|url| {
        url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    });
    if begins_well && !has_blanks && is_bare && !trimmed.ends_with("/chat/completions") {
        return Ok(trimmed.to_owned());
    }
    let error = ApiError::new(ErrorCode::BadRequest, phrase!("error-base-url", url = without_secrets(url)));
    Err(error.with_hint(phrase!("hint-base-url")))
}

/// A URL as it may be repeated: what stands before an `@` or behind a `?` may be secret.
fn without_secrets(url: &str) -> String {
    let scheme = url.find("://").map_or(0, |at| at + "://".len());
    let (before, rest) = match url.rfind('@') {
        Some(at) if at >= scheme => (format!("{}…", &url[..scheme]), &url[at..]),
        _ => (String::new(), url),
    };
    match rest.split_once('?') {
        Some((place, _)) => format!("{before}{place}?…"),
        None => format!("{before}{rest}"),
    }
}

fn internal() -> ApiError {
    ApiError::new(ErrorCode::Internal, phrase!("error-internal"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_in_a_url_is_not_repeated() {
        for (url, shown) in [
            ("https://user:pa/ss@host/v1", "https://…@host/v1"),
            ("user:p?a@host", "…@host"),
            ("https://host/v1?key=secret", "https://host/v1?…"),
            ("ftp://host", "ftp://host"),
            ("", ""),
        ] {
            assert_eq!(without_secrets(url), shown);
        }
    }

    #[test]
    fn a_base_url_has_a_scheme_and_a_host_and_no_secret() {
        assert_eq!(checked_base_url("http://127.0.0.1:8081/v1/").expect("fit"), "http://127.0.0.1:8081/v1");
        for bad in [
            "",
            "127.0.0.1:8081",
            "ftp://a",
            "http://",
            "https://user:pass@host/v1",
            "https://user:pa/ss@host/v1",
            "https://host/v1?key=secret",
            "https://host:port/v1",
            "http:host/v1",
            "http://a b",
            "https://h/v1/chat/completions",
        ] {
            assert_eq!(checked_base_url(bad).expect_err(bad).code, ErrorCode::BadRequest);
        }
    }
}
