//! What one user can name: their providers with their catalogue. Pure, once both were read.

use std::sync::Arc;

use mmp_shared::{ApiError, models::ProviderOrigin};

use super::{Chosen, FLAGSHIPS_FIRST, LAST_RESORT, errors::not_found};
use crate::{
    catalogue::{self, Catalogue, KnownProvider, Named},
    services::user_provider::UserProvider,
};

/// What one user can name.
pub(super) struct View {
    /// The user's providers.
    pub(super) providers: Vec<UserProvider>,
    /// Everything that is known of models.
    pub(super) catalogue: Arc<Catalogue>,
}

impl View {
    /// What a name means.
    ///
    /// # Errors
    ///
    /// `model_not_found` with the nearest names.
    pub(super) fn resolve(&self, name: &str, is_watched: bool) -> Result<Named, ApiError> {
        let known: Vec<_> = self.providers.iter().map(|found| self.known(found)).collect();
        catalogue::resolve(name, &self.catalogue, &known, is_watched).map_err(|unknown| not_found(name, &unknown.nearest))
    }

    /// The provider of this name, in which some model's `name` ended.
    ///
    /// # Errors
    ///
    /// `model_not_found`.
    pub(super) fn provider(&self, provider: &str, name: &str) -> Result<&UserProvider, ApiError> {
        self.providers.iter().find(|known| known.name == provider).ok_or_else(|| not_found(name, &[]))
    }

    /// A model of a provider, with what is known of it.
    pub(super) fn chosen(&self, provider: &UserProvider, id: String) -> Chosen {
        Chosen { entry: self.catalogue.entry(&provider.name, &id), provider: provider.clone(), id }
    }

    /// The model that answers where only the provider is named: its flagship, unless that is turned off or the
    /// provider's own list does not have it; then the first that there is. None where nothing is known.
    pub(super) fn flagship(&self, provider: &UserProvider) -> Option<String> {
        let list = self.catalogue.list(&provider.name).filter(|list| !list.models.is_empty());
        let can_answer =
            |id: &str| self.catalogue.entry(&provider.name, id).disabled_by.is_none() && list.is_none_or(|list| list.names(id));
        let usual = provider.flagship();
        // A server that was never asked for its list is, before a name is made up from what others have.
        if usual.is_none() && list.is_none() {
            return None;
        }
        let of_provider = self.catalogue.entries().iter().filter(|entry| entry.provider == provider.name);
        let mut ids = usual.into_iter().chain(of_provider.map(|entry| entry.id.as_str()));
        ids.find(|id| can_answer(id)).map(str::to_owned)
    }

    /// Whether something is known of a provider's models, and all of it is turned off.
    pub(super) fn is_turned_off(&self, provider: &UserProvider) -> bool {
        let mut known = self.catalogue.entries().iter().filter(|entry| entry.provider == provider.name).peekable();
        known.peek().is_some() && known.all(|entry| entry.disabled_by.is_some())
    }

    /// An alias of a provider's flagship means the flagship for the keys that there are and the models that there are.
    pub(super) fn meant(&self, provider: &UserProvider, name: &str, id: String) -> String {
        let is_usual = provider.wire.facts().flagship == Some(id.as_str()) && !name.ends_with(&id);
        if is_usual { self.flagship(provider).unwrap_or(id) } else { id }
    }

    /// The providers in the order in which they answer where no model is named: those with a key, those that the user
    /// pointed somewhere, the demo, the rest.
    pub(super) fn by_rank(&self, env_keys: &[String]) -> Vec<&UserProvider> {
        let rank = |provider: &UserProvider| {
            let has_key = provider.has_key || (provider.origin == ProviderOrigin::BuiltIn && env_keys.contains(&provider.name));
            let class = match (provider.name == LAST_RESORT, has_key && provider.has_place(), provider.is_pointed_at()) {
                (true, ..) => 2,
                (_, true, _) => 0,
                (_, false, true) => 1,
                (_, false, false) => 3,
            };
            let order = FLAGSHIPS_FIRST.iter().position(|name| *name == provider.name).unwrap_or(FLAGSHIPS_FIRST.len());
            (class, order, provider.name.clone())
        };
        let mut ranked: Vec<&UserProvider> = self.providers.iter().collect();
        ranked.sort_by_key(|provider| rank(provider));
        ranked
    }

    fn known(&self, provider: &UserProvider) -> KnownProvider {
        KnownProvider { name: provider.name.clone(), flagship: self.flagship(provider) }
    }
}
