//! The models that a user sees.

use std::sync::Arc;

use mmp_shared::{
    ApiError, ErrorCode, UserId,
    models::{Capability, Model, ModelsQuery},
    page::{LARGEST_PAGE, Page},
    phrase,
};

use super::{LAST_RESORT, Models, view::View};
use crate::{catalogue::Entry, services::user_provider::UserProvider};

impl Models {
    /// A page of the models that a user's providers have: those of the data file first, then by when they became known.
    ///
    /// # Errors
    ///
    /// `bad_request` for a cursor of another list, and the store's.
    pub async fn list(&self, user_id: UserId, query: ModelsQuery) -> Result<Page<Model>, ApiError> {
        let view = self.view(user_id).await?;
        let default = self.default_name(user_id, &view).await?;
        let models = view.catalogue.entries().iter().filter_map(|entry| {
            let provider = view.providers.iter().find(|provider| provider.name == entry.provider)?;
            let is_wanted = query.provider.as_ref().is_none_or(|wanted| *wanted == provider.name);
            is_wanted.then(|| shown(provider, entry, default.as_deref()))
        });
        page(models.collect(), query.limit, query.cursor.as_deref())
    }
}

impl Models {
    /// The names of the models that can see images and that a user could ask now, those of the data file first.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn seeing(&self, user_id: UserId, env_keys: &[String]) -> Result<Vec<String>, ApiError> {
        let view = self.view(user_id).await?;
        let can_see = |entry: &&Arc<Entry>| entry.capabilities.contains(&Capability::Vision) && entry.disabled_by.is_none();
        let name = |entry: &Arc<Entry>| {
            let provider = view.providers.iter().find(|provider| provider.name == entry.provider)?;
            let has_key = provider.has_key || !provider.needs_key() || env_keys.contains(&provider.name);
            let is_usable = has_key && provider.has_place() && provider.takes_images();
            is_usable.then(|| format!("{}/{}", provider.name, entry.id))
        };
        Ok(view.catalogue.entries().iter().filter(can_see).filter_map(name).collect())
    }
}

/// The page behind a cursor, which is the name of the last model before it.
fn page(mut models: Vec<Model>, limit: Option<usize>, cursor: Option<&str>) -> Result<Page<Model>, ApiError> {
    if let Some(cursor) = cursor {
        let Some(last) = models.iter().position(|model| model.name == cursor) else {
            let error = ApiError::new(ErrorCode::BadRequest, phrase!("error-bad-cursor"));
            return Err(error.with_hint(phrase!("hint-bad-cursor")));
        };
        models.drain(..=last);
    }
    let limit = limit.unwrap_or(LARGEST_PAGE).clamp(1, LARGEST_PAGE);
    let has_more = models.len() > limit;
    models.truncate(limit);
    let next_cursor = models.last().filter(|_| has_more).map(|model| model.name.clone());
    Ok(Page { items: models, next_cursor })
}

/// A model as its user sees it.
pub(super) fn shown(provider: &UserProvider, entry: &Entry, default: Option<&str>) -> Model {
    let name = format!("{}/{}", provider.name, entry.id);
    let is_enabled = entry.disabled_by.is_none();
    let has_key = provider.has_key || !provider.needs_key();
    Model {
        available: is_enabled && has_key && (provider.has_place() || provider.name == LAST_RESORT),
        enabled: is_enabled,
        default: default == Some(name.as_str()),
        name,
        provider: provider.name.clone(),
        upstream_id: entry.id.clone(),
        aliases: entry.aliases.iter().map(|alias| alias.value.clone()).collect(),
        context_window: entry.context_window.as_ref().map(|said| said.value),
        max_output: entry.max_output.as_ref().map(|said| said.value),
        price: entry.price.as_ref().map(|said| said.value),
        capabilities: entry.capabilities.clone(),
    }
}

impl View {
    /// The default's full name counts only where it is the one that is shown.
    pub(super) fn shown(&self, chosen: &super::Chosen, default: Option<&str>) -> Model {
        shown(&chosen.provider, &chosen.entry, default)
    }
}
