//! Providers and how this user has configured them.

use mmp_shared::{
    ApiError,
    key_mark::{KeyMark, KeyMarkResponse},
    models::{ProviderInfo, ProviderPutRequest, ProviderPutResponse, ProviderTestResponse},
    page::Page,
};

use super::{Body, Client, Request, encode};
use crate::wanted::Wanted;

impl Client {
    /// The providers.
    pub(crate) async fn providers(&self, wanted: &Wanted) -> Result<Page<ProviderInfo>, ApiError> {
        self.list("/providers", wanted).await
    }

    /// One provider.
    pub(crate) async fn provider(&self, name: &str) -> Result<ProviderInfo, ApiError> {
        self.fetch(&Request::get(path(name))).await
    }

    /// Makes a provider or changes it.
    pub(crate) async fn put_provider(&self, name: &str, change: &ProviderPutRequest) -> Result<ProviderPutResponse, ApiError> {
        self.fetch(&Request::put(path(name), Body::json(change))).await
    }

    /// Takes an added provider away.
    pub(crate) async fn remove_provider(&self, name: &str) -> Result<(), ApiError> {
        self.send(&Request::delete(path(name))).await.map(|_| ())
    }

    /// Asks the provider something small.
    pub(crate) async fn test_provider(&self, name: &str) -> Result<ProviderTestResponse, ApiError> {
        self.fetch(&Request::post(format!("{}/test", path(name)), Body::Empty)).await
    }

    /// Whether the sealed key for a provider is the one with this mark.
    pub(crate) async fn compare_key(&self, name: &str, mark: &KeyMark) -> Result<KeyMarkResponse, ApiError> {
        self.fetch(&Request::post(format!("{}/compare-key", path(name)), Body::json(mark))).await
    }
}

fn path(name: &str) -> String {
    format!("/providers/{}", encode(name))
}
