//! Providers as a user has configured them: the built-in ones, those that were added, their base URLs and keys.

use std::{sync::Arc, time::Instant};

use mmp_shared::{
    ApiError, ErrorCode, UserId,
    audit::AuditKind,
    chat::ProviderKey,
    events::Notice,
    key_mark::{KeyMark, KeyMarkResponse},
    models::{
        ListedModel, ProviderField, ProviderInfo, ProviderOrigin, ProviderPutRequest, ProviderPutResponse, ProviderTestResponse,
        PutMode,
    },
    page::Page,
    phrase,
};

pub use super::user_provider::UserProvider;
use super::{audit, base_url, catalogues::Catalogues, error::of_provider, keys::Keys, tokens::SealedToken};
use crate::{
    providers::{Ask, Endpoint, Provider, TokenPlace},
    store::{Batch, Entity, Operation, Precondition, Store, records::ProviderConfigRecord},
};

/// The service of providers.
pub struct Providers {
    store: Arc<dyn Store>,
    keys: Arc<Keys>,
    wires: Vec<Arc<dyn Provider>>,
    ask: Arc<dyn Ask>,
    catalogues: Arc<Catalogues>,
}

/// What providers need beside the store.
pub struct ProviderParts {
    /// Their keys.
    pub keys: Arc<Keys>,
    /// Their wires.
    pub wires: Vec<Arc<dyn Provider>>,
    /// Who asks them.
    pub ask: Arc<dyn Ask>,
    /// What is known of their models, which ends with them.
    pub catalogues: Arc<Catalogues>,
}

impl Providers {
    /// The service over a store.
    pub fn new(store: Arc<dyn Store>, parts: ProviderParts) -> Self {
        let ProviderParts { keys, wires, ask, catalogues } = parts;
        Self { store, keys, wires, ask, catalogues }
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
        let before_url = before.as_ref().and_then(|record| record.base_url.clone());
        let mut base_url = before_url.clone();
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
        let has_moved = record.base_url != before_url;
        let mut batch = Batch::new().require(precondition).then(Operation::PutProviderConfig(record));
        if has_moved {
            // Another place has models of its own.
            batch = batch.then(Operation::DeleteModelList(user_id, name.to_owned()));
        }
        let mut notices: Vec<Notice> = Vec::new();
        if let Some(key) = &request.key {
            self.check_key(name, key, kind_of.as_deref())?;
            let (operation, said) = self.keys.seal(user_id, name, key).await?;
            batch = batch.then(operation).then(audit::key_line(AuditKind::KeySet, user_id, name));
            notices.extend(said);
        } else if request.unset.contains(&ProviderField::ApiKey) {
            batch = batch.then(Operation::DeleteSealedKey(user_id, name.to_owned()));
            batch = batch.then(audit::key_line(AuditKind::KeyRemoved, user_id, name));
        }
        self.store.commit(batch).await?;
        self.catalogues.changed(Some(user_id));
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
        let mut batch = Batch::new()
            .then(Operation::DeleteProviderConfig(user_id, name.to_owned()))
            .then(Operation::DeleteSealedKey(user_id, name.to_owned()))
            .then(Operation::DeleteModelList(user_id, name.to_owned()))
            .then(audit::key_line(AuditKind::KeyRemoved, user_id, name));
        let said = self.store.model_configs(Some(user_id)).await?;
        for record in said.into_iter().filter(|record| record.provider == name) {
            batch = batch.then(Operation::DeleteModelConfig(record.owner, record.provider, record.model));
        }
        self.store.commit(batch).await?;
        self.catalogues.changed(Some(user_id));
        Ok(())
    }

    /// Asks a provider for its models, and says how long that took.
    ///
    /// # Errors
    ///
    /// `no_key` where it wants one, and whatever the provider says.
    pub async fn test(&self, user_id: UserId, name: &str) -> Result<ProviderTestResponse, ApiError> {
        let provider = self.find(user_id, name).await?;
        let begun = Instant::now();
        let models = self.models_of(user_id, &provider).await?.into_iter().map(|model| model.id).collect();
        Ok(ProviderTestResponse { latency_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX), models })
    }

    /// Whether the sealed key for a provider is the one with this mark.
    ///
    /// # Errors
    ///
    /// `not_found` where there is no such provider, `storage_failed` where the vault is locked.
    pub async fn compare_key(&self, user_id: UserId, name: &str, mark: &KeyMark) -> Result<KeyMarkResponse, ApiError> {
        let provider = self.find(user_id, name).await?;
        Ok(KeyMarkResponse { same: self.keys.is_marked(user_id, &provider.name, mark).await? })
    }

    /// The models that a provider lists.
    ///
    /// # Errors
    ///
    /// As [`Self::test`].
    pub async fn models_of(&self, user_id: UserId, provider: &UserProvider) -> Result<Vec<ListedModel>, ApiError> {
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
        let bare = self.endpoint_without_key(provider)?;
        let key = if provider.has_key {
            self.keys.open(user_id, &provider.name).await?.unwrap_or_default()
        } else {
            Default::default()
        };
        let token_place = key.secret_key.is_some().then(|| self.token_place(user_id, &provider.name, key.nonce));
        Ok(Endpoint { api_key: key.api_key, secret_key: key.secret_key, token_place, ..bare })
    }

    /// Where a provider is, without its key: a pair of keys leaves an empty place, for its API is another.
    ///
    /// # Errors
    ///
    /// `bad_request` where nobody says where it is.
    pub fn endpoint_without_key(&self, provider: &UserProvider) -> Result<Endpoint, ApiError> {
        if !provider.has_place() && provider.needs_key() {
            let error = ApiError::new(ErrorCode::BadRequest, phrase!("error-no-base-url", provider = provider.name));
            return Err(error.with_hint(phrase!("hint-no-base-url", provider = provider.name)));
        }
        Ok(Endpoint {
            provider: provider.name.clone(),
            base_url: provider.place().unwrap_or_default().to_owned(),
            api_key: None,
            secret_key: provider.has_pair.then(Default::default),
            token: None,
            token_place: None,
        })
    }

    /// Where the token of a pair is kept.
    fn token_place(&self, user_id: UserId, provider: &str, key_nonce: Vec<u8>) -> Arc<dyn TokenPlace> {
        let (store, keys) = (Arc::clone(&self.store), Arc::clone(&self.keys));
        Arc::new(SealedToken { store, keys, user_id, provider: provider.to_owned(), key_nonce })
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
