//! Models: what a name means, and which model answers where none is named. The list that a user sees is `list`'s, why
//! something would be used `explain`'s, what users and administrators say of models `configs`'s.

mod configs;
mod errors;
mod explain;
mod list;
mod refresh;
mod view;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use mmp_shared::{
    ApiError, ErrorCode, UserId,
    chat::Params,
    models::Capability,
    phrase,
    settings::{SettingKind, Settings, find_setting},
};

pub use self::configs::Scope;
use self::{errors::disabled, view::View};
use super::{
    catalogues::Catalogues,
    params,
    providers::{Providers, UserProvider},
    roles,
    settings::UserSettings,
};
use crate::{
    catalogue::{Entry, Named, Tariff},
    store::Store,
};

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
    entry: Arc<Entry>,
}

impl Chosen {
    /// What its answers cost now, as far as anybody says.
    pub fn tariff(&self) -> Option<Tariff> {
        self.entry.tariff()
    }

    /// The most tokens of prompt and answer together, as far as anybody says.
    pub fn context_window(&self) -> Option<u64> {
        self.entry.context_window.as_ref().map(|said| said.value)
    }

    /// The most tokens that it can answer with, as far as anybody says.
    pub fn max_output(&self) -> Option<u64> {
        self.entry.max_output.as_ref().map(|said| said.value)
    }

    /// How it is to answer: as is asked for, else as its user or an administrator says.
    pub fn params(&self, asked: &Params) -> Params {
        if self.entry.params.is_empty() { asked.clone() } else { params::laid_over(asked, self.entry.params()) }
    }

    /// What to call it: `provider/id`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.provider.name, self.id)
    }

    /// Whether it is known not to see images. Of a model of which nothing is known, neither is that.
    pub fn is_blind(&self) -> bool {
        let able = &self.entry.capabilities;
        !self.provider.takes_images() || (!able.is_empty() && !able.contains(&Capability::Vision))
    }

    /// Whether it is the same model of the same provider.
    pub fn is(&self, other: &Self) -> bool {
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
    /// The model of the role that is played.
    pub of_role: Option<&'a str>,
    /// What the client's file names where nobody else says anything.
    pub of_file: Option<&'a str>,
    /// The providers for which the client's environment has a key.
    pub env_keys: &'a [String],
    /// Whether a person watches.
    pub is_watched: bool,
}

/// The service of models.
pub struct Models {
    store: Arc<dyn Store>,
    providers: Arc<Providers>,
    settings: Arc<UserSettings>,
    catalogues: Arc<Catalogues>,
    /// The first model of servers that have no flagship, as they listed it; asked for once.
    listed_first: Mutex<HashMap<(UserId, String), String>>,
}

impl Models {
    /// The service over a store and those of providers, settings and catalogues.
    pub fn new(
        store: Arc<dyn Store>,
        providers: Arc<Providers>,
        settings: Arc<UserSettings>,
        catalogues: Arc<Catalogues>,
    ) -> Self {
        Self { store, providers, settings, catalogues, listed_first: Mutex::new(HashMap::new()) }
    }

    /// Who answers: the model that is named, else the conversation's, else the role's, else the user's default, else the client's file's,
    /// else the flagship of the first provider with a key, else of one that the user pointed somewhere, else the demo.
    ///
    /// # Errors
    ///
    /// `model_not_found` for a name that nothing has and for a model that is turned off; whatever keeps a server's list
    /// of models from coming.
    pub async fn choose(&self, user_id: UserId, wish: Wish<'_>) -> Result<Chosen, ApiError> {
        let view = self.view(user_id).await?;
        let nearest = wish.named.or(wish.of_conversation).or(wish.of_role);
        let setting = match nearest {
            Some(_) => None,
            None => self.settings.one(user_id, Settings::MODEL).await?,
        };
        if let Some(name) = nearest.or(setting.as_deref()).or(wish.of_file) {
            return self.by_name(user_id, name, &view, wish.is_watched).await;
        }
        let mut refused = ApiError::new(ErrorCode::Internal, phrase!("error-internal"));
        for provider in view.by_rank(wish.env_keys) {
            match self.of_provider(user_id, provider, &view).await {
                // All of this one's models are turned off: the next one's may answer.
                Err(error) if view.is_turned_off(provider) => refused = error,
                chosen => return chosen,
            }
        }
        Err(refused)
    }

    /// The models that answer when `chosen` cannot: those of the user's chain that come after it there, or all of them
    /// where it is none of them.
    ///
    /// # Errors
    ///
    /// The store's. A name of the chain that means nothing any more, or a model that is turned off, is passed over.
    pub async fn fallbacks(&self, user_id: UserId, chosen: &Chosen) -> Result<Vec<Chosen>, ApiError> {
        let Some(chain) = self.settings.one(user_id, Settings::FALLBACK).await? else { return Ok(Vec::new()) };
        let view = self.view(user_id).await?;
        let mut found: Vec<Chosen> = Vec::new();
        for name in names_of(&chain) {
            match self.by_name(user_id, name, &view, false).await {
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
    /// `model_not_found` for a name that nothing has, `not_found` for such a role, `bad_request` for a chain that comes
    /// back to itself or to the demo, and those of the settings.
    pub async fn change_settings(&self, user_id: UserId, changes: Settings) -> Result<Settings, ApiError> {
        let view = self.view(user_id).await?;
        for (name, value) in &changes.values {
            let Some((kind, value)) = find_setting(name).map(|setting| setting.kind).zip(value.as_ref()) else { continue };
            match kind {
                SettingKind::Model => _ = view.resolve(value, false)?,
                SettingKind::Models => check_chain(value, &view)?,
                SettingKind::Role => _ = roles::find(&*self.store, user_id, value).await?,
                SettingKind::Temperature | SettingKind::OneOf(_) | SettingKind::Age => {}
            }
        }
        self.settings.change(user_id, changes).await
    }

    /// Whether a name means a model.
    ///
    /// # Errors
    ///
    /// `model_not_found` with the nearest names.
    pub async fn check_name(&self, user_id: UserId, name: &str) -> Result<(), ApiError> {
        self.view(user_id).await?.resolve(name, false).map(|_| ())
    }

    /// The value of one of the user's settings.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn setting(&self, user_id: UserId, name: &str) -> Result<Option<String>, ApiError> {
        self.settings.one(user_id, name).await
    }

    async fn view(&self, user_id: UserId) -> Result<View, ApiError> {
        let providers = self.providers.all(user_id).await?;
        let catalogue = self.catalogues.of(user_id, &providers).await?;
        Ok(View { providers, catalogue })
    }

    /// The model that a name means, if it may be asked.
    async fn by_name(&self, user_id: UserId, name: &str, view: &View, is_watched: bool) -> Result<Chosen, ApiError> {
        let chosen = self.named(user_id, name, view, is_watched).await?;
        match chosen.entry.disabled_by {
            Some(who) => Err(disabled(&chosen, who)),
            None => Ok(chosen),
        }
    }

    /// The model that a name means, whether it may be asked or not.
    async fn named(&self, user_id: UserId, name: &str, view: &View, is_watched: bool) -> Result<Chosen, ApiError> {
        match view.resolve(name, is_watched)? {
            Named::Model { provider, id } => {
                let provider = view.provider(&provider, name)?;
                Ok(view.chosen(provider, view.meant(provider, name, id)))
            }
            Named::ProviderAlone { provider } => self.of_provider(user_id, view.provider(&provider, name)?, view).await,
        }
    }

    /// The model of a provider that was named alone: its flagship, else the first that its server lists.
    async fn of_provider(&self, user_id: UserId, provider: &UserProvider, view: &View) -> Result<Chosen, ApiError> {
        if let Some(flagship) = view.flagship(provider) {
            return Ok(view.chosen(provider, flagship));
        }
        if view.is_turned_off(provider) {
            return Err(errors::all_disabled(&provider.name));
        }
        let place = (user_id, format!("{} {}", provider.name, provider.base_url.as_deref().unwrap_or_default()));
        let listed = self.listed_first.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&place).cloned();
        if let Some(first) = listed {
            return Ok(view.chosen(provider, first));
        }
        let models = self.providers.models_of(user_id, provider).await;
        let models = models.map_err(|error| errors::without_list(error, &provider.name))?;
        let first = models.into_iter().find(|model| model.chats).ok_or_else(|| errors::no_models(&provider.name))?.id;
        self.listed_first.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(place, first.clone());
        Ok(view.chosen(provider, first))
    }

    /// The full name of the model that answers where none is named, as far as it is known without asking anybody.
    async fn default_name(&self, user_id: UserId, view: &View) -> Result<Option<String>, ApiError> {
        if let Some(name) = self.settings.one(user_id, Settings::MODEL).await? {
            return Ok(match view.resolve(&name, false) {
                Ok(Named::Model { provider, id }) => Some(format!("{provider}/{id}")),
                _ => None,
            });
        }
        let first = view.by_rank(&[]).into_iter().find(|provider| !view.is_turned_off(provider));
        Ok(first.and_then(|found| Some(format!("{}/{}", found.name, view.flagship(found)?))))
    }
}

fn check_chain(chain: &str, view: &View) -> Result<(), ApiError> {
    let mut seen: Vec<Named> = Vec::new();
    for name in names_of(chain) {
        let named = view.resolve(name, false)?;
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
