//! The catalogue of models, and what is done to a model or its provider.

use mmp_shared::{
    ApiError,
    auth::Secret,
    chat::ProviderKey,
    models::{ProviderPutRequest, PutMode},
    settings::Settings,
};

use crate::{client::Client, tui::ask::Told, wanted::Wanted};

const ALL: Wanted = Wanted { limit: None, cursor: None };

/// Fetches the catalogue.
pub(super) async fn list(client: &Client) -> Result<Told, ApiError> {
    Ok(Told::Catalogue(client.models(None, &ALL).await?.items))
}

/// Fetches the catalogue and the providers.
pub(super) async fn with_providers(client: &Client) -> Result<Told, ApiError> {
    let models = client.models(None, &ALL).await?.items;
    Ok(Told::Models(models, client.providers(&ALL).await?.items))
}

/// Lets a model answer where none is named.
pub(super) async fn set_default(client: &Client, name: String) -> Result<Told, ApiError> {
    let mut settings = Settings::default();
    settings.values.insert(Settings::MODEL.to_owned(), Some(name.clone()));
    client.put_settings(&settings).await?;
    Ok(Told::DefaultSet(name))
}

/// Has a provider's key sealed.
pub(super) async fn set_key(client: &Client, provider: String, key: Secret) -> Result<Told, ApiError> {
    let key = ProviderKey { api_key: Some(key.into_inner()), secret_key: None };
    let change = ProviderPutRequest { mode: PutMode::Set, kind: None, base_url: None, key: Some(key), unset: Vec::new() };
    client.put_provider(&provider, &change).await?;
    Ok(Told::KeySet(provider))
}

/// Asks a model something small.
pub(super) async fn test(client: &Client, sends_keys: bool, name: &str) -> Result<Told, ApiError> {
    Ok(Told::Tested(client.test_model(name, sends_keys).await?.timing))
}
