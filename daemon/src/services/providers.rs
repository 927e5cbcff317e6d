//! Providers as a user has configured them: the built-in ones, those that were added, their base URLs and keys.

use std::{sync::Arc, time::Instant};

use mmp_shared::{
    ApiError, ErrorCode, UserId,
    audit::AuditKind,
    chat::ProviderKey,
    events::Notice,
    models::{
        ProviderField, ProviderInfo, ProviderOrigin, ProviderPutRequest, ProviderPutResponse, ProviderTestResponse, PutMode,
    },
    page::Page,
    phrase,
};

pub use super::user_provider::UserProvider;
use super::{audit, base_url, error::of_provider, keys::Keys};
use crate::{
    catalogue::KnownProvider,
    providers::{Ask, Endpoint, Provider},
    store::{Batch, Entity, Operation, Precondition, Store, records::ProviderConfigRecord},
};

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
                has_pair: false,
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
                has_pair: false,
            })
        });
        let mut all: Vec<UserProvider> = built_in.chain(added).collect();
        for provider in all.iter_mut().filter(|provider| provider.has_key && provider.wire.facts().pair.is_some()) {
            provider.has_pair = self.store.sealed_key(user_id, &provider.name).await?.is_some_and(|record| record.is_pair);
        }
        Ok(all)
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
        let kind_of = kind.clone();
        let mut base_url = before.as_ref().and_then(|record| record.base_url.clone());
        if let Some(url) = &request.base_url {
            base_url = Some(base_url::checked(url)?);
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
            self.check_key(name, key, kind_of.as_deref())?;
            let (operation, notice) = self.keys.seal(user_id, name, key).await?;
            batch = batch.then(operation).then(audit::key_line(AuditKind::KeySet, user_id, name));
            notices.extend(notice);
        } else if request.unset.contains(&ProviderField::ApiKey) {
            batch = batch.then(Operation::DeleteSealedKey(user_id, name.to_owned()));
            batch = batch.then(audit::key_line(AuditKind::KeyRemoved, user_id, name));
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
            .then(Operation::DeleteSealedKey(user_id, name.to_owned()))
            .then(audit::key_line(AuditKind::KeyRemoved, user_id, name));
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
        let base_url = provider.place().unwrap_or_default().to_owned();
        Ok(Endpoint { provider: provider.name.clone(), base_url, api_key: key.api_key, secret_key: key.secret_key, token: None })
    }

    /// A pair is only for those who take pairs.
    fn check_key(&self, name: &str, key: &ProviderKey, kind: Option<&str>) -> Result<(), ApiError> {
        let takes_pairs = self.wire(kind.unwrap_or(name)).is_some_and(|wire| wire.facts().pair.is_some());
        if key.secret_key.is_some() && !takes_pairs {
            return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-no-pairs", provider = name)));
        }
        Ok(())
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

fn internal() -> ApiError {
    ApiError::new(ErrorCode::Internal, phrase!("error-internal"))
}
