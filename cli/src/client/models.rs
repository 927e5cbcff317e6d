//! Models, and what is said of them.

use mmp_shared::{
    ApiError,
    models::{Model, ModelConfig, ModelConfigChange, ModelDetail, ModelTestRequest, ModelTestResponse, RefreshResponse},
    page::Page,
};

use super::{Body, Client, Request, encode};
use crate::{input::env_keys, wanted::Wanted};

/// For whom something is said of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// For the caller.
    Own,
    /// For everyone: administrators only.
    Everyone,
}

impl Client {
    /// The models that can be asked; those of one provider where it is named.
    pub(crate) async fn models(&self, provider: Option<&str>, wanted: &Wanted) -> Result<Page<Model>, ApiError> {
        let filter = provider.map(|provider| format!("provider={}", encode(provider)));
        self.filtered_list("/models", filter.as_deref(), wanted).await
    }

    /// A model, by any of its names, and what would be used if it were asked.
    pub(crate) async fn model(&self, name: &str, env_keys: &[String]) -> Result<ModelDetail, ApiError> {
        let path = format!("/models/{}", encode(name));
        let query = if env_keys.is_empty() { String::new() } else { format!("?env_keys={}", encode(&env_keys.join(","))) };
        self.fetch(&Request::get(format!("{path}{query}"))).await
    }

    /// What is said of a model.
    pub(crate) async fn model_config(&self, scope: Scope, name: &str) -> Result<ModelConfig, ApiError> {
        self.fetch(&Request::get(config_path(scope, name))).await
    }

    /// Changes what is said of a model.
    pub(crate) async fn put_model_config(
        &self,
        scope: Scope,
        name: &str,
        change: &ModelConfigChange,
    ) -> Result<ModelConfig, ApiError> {
        self.fetch(&Request::put(config_path(scope, name), Body::json(change))).await
    }

    /// Takes back everything that is said of a model.
    pub(crate) async fn remove_model_config(&self, scope: Scope, name: &str) -> Result<(), ApiError> {
        self.send(&Request::delete(config_path(scope, name))).await.map(|_| ())
    }

    /// Asks the model something small. A key that only our environment holds goes along where the daemon asks for it.
    pub(crate) async fn test_model(&self, name: &str, sends_keys: bool) -> Result<ModelTestResponse, ApiError> {
        let path = format!("/models/{}/test", encode(name));
        let mut test = ModelTestRequest::default();
        if sends_keys {
            test.env_keys = env_keys::providers();
        }
        let ask =
            async |client: &Self, test: &ModelTestRequest| client.fetch(&Request::post(path.clone(), Body::json(test))).await;
        self.with_keys(&mut test, sends_keys, ask).await
    }

    /// Has a provider asked for its models, and the list kept.
    pub(crate) async fn refresh_models(&self, provider: &str) -> Result<RefreshResponse, ApiError> {
        self.fetch(&Request::post(format!("/providers/{}/refresh", encode(provider)), Body::Empty)).await
    }
}

fn config_path(scope: Scope, name: &str) -> String {
    let base = match scope {
        Scope::Own => "/models",
        Scope::Everyone => "/admin/models",
    };
    format!("{base}/{}/config", encode(name))
}
