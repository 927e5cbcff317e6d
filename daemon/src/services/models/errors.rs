//! What keeps a name from meaning a model that can be asked, in words.

use mmp_shared::{ApiError, ErrorCode, phrase};

use super::Chosen;
use crate::catalogue::Who;

/// Nothing has this name.
pub(super) fn not_found(name: &str, nearest: &[String]) -> ApiError {
    let error = ApiError::new(ErrorCode::ModelNotFound, phrase!("error-model-not-found", model = name));
    if nearest.is_empty() {
        return error.with_hint(phrase!("hint-models-list"));
    }
    let names: Vec<_> = nearest.iter().map(|name| format!("`{name}`")).collect();
    error.with_hint(phrase!("hint-nearest-models", models = names.join(", ")))
}

/// The model is turned off.
pub(super) fn disabled(chosen: &Chosen, who: Who) -> ApiError {
    let model = chosen.name();
    let error = ApiError::new(ErrorCode::ModelNotFound, phrase!("error-model-disabled", model = model));
    error.with_hint(match who {
        Who::User => phrase!("hint-model-enable", model = model),
        Who::Admin => phrase!("hint-model-disabled-by-admin"),
    })
}

/// Every model that is known of a provider is turned off.
pub(super) fn all_disabled(provider: &str) -> ApiError {
    let error = ApiError::new(ErrorCode::ModelNotFound, phrase!("error-models-disabled", provider = provider));
    error.with_hint(phrase!("hint-models-list"))
}

/// A server answered with an empty list.
pub(super) fn no_models(provider: &str) -> ApiError {
    let error = ApiError::new(ErrorCode::ModelNotFound, phrase!("error-no-models", provider = provider));
    error.with_hint(phrase!("hint-name-a-model", provider = provider))
}

/// A server may answer chats and have no list of models: then a model must be named.
pub(super) fn without_list(error: ApiError, provider: &str) -> ApiError {
    match error.code {
        ErrorCode::ProviderBadRequest | ErrorCode::ProviderProtocol => {
            error.with_hint(phrase!("hint-name-a-model-or-place", provider = provider))
        }
        _ => error,
    }
}
