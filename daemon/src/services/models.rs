//! Models: the list that a user sees, what a name means, and which model answers where none is named.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use mmp_shared::{
    ApiError, ErrorCode, UserId,
    models::{Model, ProviderOrigin, Settings},
    page::Page,
    phrase,
};

use super::{
    providers::{Providers, UserProvider, known},
    settings::UserSettings,
};
use crate::catalogue::{self, CatalogueModel, Named};

/// The order in which providers with a key are taken where no model is named; the rest follow by name.
const FLAGSHIPS_FIRST: &[&str] = &["deepseek", "openai", "wenxin", "anthropic", "gemini"];

/// The provider that is taken when no other can answer.
const LAST_RESORT: &str = "demo";

/// A model that was chosen to answer.
#[derive(Clone)]
pub struct Chosen {
    /// Its provider.
    pub provider: UserProvider,
    /// What the provider calls it.
    pub id: String,
    /// What the catalogue knows of it.
    pub catalogued: Option<&'static CatalogueModel>,
}

impl Chosen {
    fn is(&self, other: &Self) -> bool {
        self.provider.name == other.provider.name && self.id == other.id
    }
}

/// The models of a chain, as they were named.
fn names_of(chain: &str) -> impl Iterator<Item = &str> {
    chain.split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// What a turn says about who is to answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish<'a> {
    /// The model that the request names.
    pub named: Option<&'a str>,
    /// The model of the conversation that goes on.
    pub of_conversation: Option<&'a str>,
    /// What the client's file names where nobody else says anything.
    pub of_file: Option<&'a str>,
    /// The providers for which the client's environment has a key.
    pub env_keys: &'a [String],
    /// Whether a person watches.
    pub is_watched: bool,
}

/// The service of models.
pub struct Models {
    providers: Arc<Providers>,
    settings: Arc<UserSettings>,
    /// The first model of servers that have no flagship, as they listed it; asked for once.
    listed_first: Mutex<HashMap<(UserId, String), String>>,
}

impl Models {
    /// The service over those of providers and settings.
    pub fn new(providers: Arc<Providers>, settings: Arc<UserSettings>) -> Self {
        Self { providers, settings, listed_first: Mutex::new(HashMap::new()) }
    }

    /// Every model of the catalogue that a user's providers have.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn list(&self, user_id: UserId) -> Result<Page<Model>, ApiError> {
        let providers = self.providers.all(user_id).await?;
        let default = self.default_name(user_id, &providers).await?;
        let items = catalogue::models()
            .iter()
            .filter_map(|model| {
                let provider = providers.iter().find(|provider| provider.name == model.provider)?;
                Some(view(provider, &model.id, Some(model), default.as_deref()))
            })
            .collect();
        Ok(Page { items, next_cursor: None })
    }

    /// The model that a name means.
    ///
    /// # Errors
    ///
    /// `model_not_found` with the nearest names.
    pub async fn show(&self, user_id: UserId, name: &str) -> Result<Model, ApiError> {
        let providers = self.providers.all(user_id).await?;
        let default = self.default_name(user_id, &providers).await?;
        let chosen = self.by_name(user_id, name, &providers, false).await?;
        Ok(view(&chosen.provider, &chosen.id, chosen.catalogued, default.as_deref()))
    }

    /// Who answers: the model that is named, else the conversation's, else the user's default, else the client's file's,
    /// else the flagship of the first provider with a key, else of one that the user pointed somewhere, else the demo.
    ///
    /// # Errors
    ///
    /// `model_not_found` for a name that nothing has; whatever keeps a server's list of models from coming.
    pub async fn choose(&self, user_id: UserId, wish: Wish<'_>) -> Result<Chosen, ApiError> {
        let providers = self.providers.all(user_id).await?;
        let setting = match wish.named.or(wish.of_conversation) {
            Some(_) => None,
            None => self.settings.one(user_id, Settings::MODEL).await?,
        };
        if let Some(name) = wish.named.or(wish.of_conversation).or(setting.as_deref()).or(wish.of_file) {
            return self.by_name(user_id, name, &providers, wish.is_watched).await;
        }
        let provider = first_usable(&providers, wish.env_keys);
        self.of_provider(user_id, provider.ok_or_else(|| ApiError::new(ErrorCode::Internal, phrase!("error-internal")))?).await
    }

    /// The models that answer when `chosen` cannot: those of the user's chain that come after it there, or all of them
    /// where it is none of them.
    ///
    /// # Errors
    ///
    /// The store's. A name of the chain that means nothing any more is passed over.
    pub async fn fallbacks(&self, user_id: UserId, chosen: &Chosen) -> Result<Vec<Chosen>, ApiError> {
        let Some(chain) = self.settings.one(user_id, Settings::FALLBACK).await? else { return Ok(Vec::new()) };
        let providers = self.providers.all(user_id).await?;
        let mut found: Vec<Chosen> = Vec::new();
        for name in names_of(&chain) {
            match self.by_name(user_id, name, &providers, false).await {
                Ok(next) if next.is(chosen) => found.clear(),
                Ok(next) => found.push(next),
                Err(error) => tracing::warn!(name, code = error.code.as_str(), "a model of a fallback chain is passed over"),
            }
        }
        Ok(found)
    }

    /// Changes a user's settings, once those that name models name some.
    ///
    /// # Errors
    ///
    /// `model_not_found` for a name that nothing has, `bad_request` for a chain that comes back to itself or to the
    /// demo, and those of the settings.
    pub async fn change_settings(&self, user_id: UserId, changes: Settings) -> Result<Settings, ApiError> {
        let providers = self.providers.all(user_id).await?;
        for (name, value) in &changes.values {
            match (name.as_str(), value) {
                (Settings::MODEL, Some(model)) => _ = meaning(model, &providers)?,
                (Settings::FALLBACK, Some(chain)) => check_chain(chain, &providers)?,
                _ => {}
            }
        }
        self.settings.change(user_id, changes).await
    }

    async fn by_name(
        &self,
        user_id: UserId,
        name: &str,
        providers: &[UserProvider],
        is_watched: bool,
    ) -> Result<Chosen, ApiError> {
        match catalogue::resolve(name, &known(providers), is_watched) {
            Ok(Named::Model { provider, id }) => {
                let provider = providers.iter().find(|known| known.name == provider);
                let provider = provider.ok_or_else(|| not_found(name, &[]))?.clone();
                let id = meant(&provider, name, id);
                Ok(chosen(provider, id))
            }
            Ok(Named::ProviderAlone { provider }) => {
                let provider = providers.iter().find(|known| known.name == provider);
                self.of_provider(user_id, provider.ok_or_else(|| not_found(name, &[]))?).await
            }
            Err(unknown) => Err(not_found(name, &unknown.nearest)),
        }
    }

    /// The model of a provider that was named alone: its flagship, else the first that its server lists.
    async fn of_provider(&self, user_id: UserId, provider: &UserProvider) -> Result<Chosen, ApiError> {
        if let Some(flagship) = provider.flagship() {
            return Ok(chosen(provider.clone(), flagship.to_owned()));
        }
        let place = (user_id, format!("{} {}", provider.name, provider.base_url.as_deref().unwrap_or_default()));
        let listed = self.listed_first.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&place).cloned();
        if let Some(first) = listed {
            return Ok(chosen(provider.clone(), first));
        }
        let models = self.providers.models_of(user_id, provider).await.map_err(|error| without_list(error, &provider.name))?;
        let first = models.into_iter().next().ok_or_else(|| {
            let error = ApiError::new(ErrorCode::ModelNotFound, phrase!("error-no-models", provider = provider.name));
            error.with_hint(phrase!("hint-name-a-model", provider = provider.name))
        })?;
        self.listed_first.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(place, first.clone());
        Ok(chosen(provider.clone(), first))
    }

    /// The full name of the model that answers where none is named, as far as it is known without asking anybody.
    async fn default_name(&self, user_id: UserId, providers: &[UserProvider]) -> Result<Option<String>, ApiError> {
        let provider = |chosen: &Named| match chosen {
            Named::Model { provider, id } => Some(format!("{provider}/{id}")),
            Named::ProviderAlone { .. } => None,
        };
        if let Some(name) = self.settings.one(user_id, Settings::MODEL).await? {
            return Ok(catalogue::resolve(&name, &known(providers), false).ok().as_ref().and_then(provider));
        }
        Ok(first_usable(providers, &[]).and_then(|found| Some(format!("{}/{}", found.name, found.flagship()?))))
    }
}

/// An alias of a provider's flagship means the flagship for the keys that there are.
fn meant(provider: &UserProvider, name: &str, id: String) -> String {
    let is_usual = provider.wire.facts().flagship == Some(id.as_str()) && !name.ends_with(&id);
    provider.flagship().filter(|_| is_usual).map_or(id, str::to_owned)
}

fn meaning(name: &str, providers: &[UserProvider]) -> Result<Named, ApiError> {
    catalogue::resolve(name, &known(providers), false).map_err(|unknown| not_found(name, &unknown.nearest))
}

fn check_chain(chain: &str, providers: &[UserProvider]) -> Result<(), ApiError> {
    let mut seen: Vec<Named> = Vec::new();
    for name in names_of(chain) {
        let named = meaning(name, providers)?;
        let (Named::Model { provider, .. } | Named::ProviderAlone { provider }) = &named;
        if provider == LAST_RESORT {
            return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-fallback-demo")));
        }
        if seen.contains(&named) {
            return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-fallback-cycle", model = name)));
        }
        seen.push(named);
    }
    Ok(())
}

fn chosen(provider: UserProvider, id: String) -> Chosen {
    let catalogued = match provider.origin {
        ProviderOrigin::BuiltIn => catalogue::find(&provider.name, &id),
        // A server of the user's own has prices of its own, which nobody has told us.
        ProviderOrigin::Added => None,
    };
    Chosen { provider, id, catalogued }
}

fn first_usable<'a>(providers: &'a [UserProvider], env_keys: &[String]) -> Option<&'a UserProvider> {
    let rank = |provider: &UserProvider| {
        let has_key = provider.has_key || (provider.origin == ProviderOrigin::BuiltIn && env_keys.contains(&provider.name));
        let has_key = has_key && provider.has_place();
        let class = match (provider.name == LAST_RESORT, has_key, provider.is_pointed_at()) {
            (true, ..) => 2,
            (_, true, _) => 0,
            (_, false, true) => 1,
            (_, false, false) => 3,
        };
        let order = FLAGSHIPS_FIRST.iter().position(|name| *name == provider.name).unwrap_or(FLAGSHIPS_FIRST.len());
        (class, order, provider.name.clone())
    };
    providers.iter().min_by_key(|provider| rank(provider))
}

fn view(provider: &UserProvider, id: &str, catalogued: Option<&CatalogueModel>, default: Option<&str>) -> Model {
    let name = format!("{}/{id}", provider.name);
    Model {
        available: (provider.has_key || !provider.needs_key()) && (provider.has_place() || provider.name == LAST_RESORT),
        default: default == Some(name.as_str()),
        name,
        provider: provider.name.clone(),
        upstream_id: id.to_owned(),
        aliases: catalogued.map(|model| model.aliases.clone()).unwrap_or_default(),
        context_window: catalogued.and_then(|model| model.context_window),
        max_output: catalogued.and_then(|model| model.max_output),
        price: catalogued.and_then(|model| model.price),
    }
}

/// A server may answer chats and have no list of models: then a model must be named.
fn without_list(error: ApiError, provider: &str) -> ApiError {
    match error.code {
        ErrorCode::ProviderBadRequest | ErrorCode::ProviderProtocol => {
            error.with_hint(phrase!("hint-name-a-model-or-place", provider = provider))
        }
        _ => error,
    }
}

fn not_found(name: &str, nearest: &[String]) -> ApiError {
    let error = ApiError::new(ErrorCode::ModelNotFound, phrase!("error-model-not-found", model = name));
    if nearest.is_empty() {
        return error.with_hint(phrase!("hint-models-list"));
    }
    let names: Vec<_> = nearest.iter().map(|name| format!("`{name}`")).collect();
    error.with_hint(phrase!("hint-nearest-models", models = names.join(", ")))
}
