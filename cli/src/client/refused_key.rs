//! A sealed key that was refused while the environment holds another: the one case in which a user who has just set the
//! right variable is told that their key is wrong.
//!
//! The two are compared without sending either: the daemon gets a salted mark of the environment's.

use mmp_shared::{ApiError, ErrorCode, key_mark::KeyMark, phrase};

use super::Client;
use crate::{context::Context, input::env_keys};

impl Client {
    /// The same error; where the key that was refused is not the environment's, its hint says so.
    pub(crate) async fn explain_refused_key(&self, error: ApiError, context: &Context) -> ApiError {
        let is_refused = error.code == ErrorCode::ProviderAuth;
        let Some(provider) = error.provider.clone().filter(|_| is_refused) else { return error };
        let uses_environment = context.config().is_ok_and(|config| config.switch("import_env"));
        if !uses_environment || !self.target().is_own_socket() {
            return error;
        }
        let (Some(key), Some(variables)) = (env_keys::key_of(&provider), env_keys::variables_of(&provider)) else { return error };
        match self.compare_key(&provider, &KeyMark::new(&key)).await {
            Ok(answer) if answer.same == Some(false) => {
                error.with_hint(phrase!("hint-env-key-differs", provider = provider, variable = variables))
            }
            // The error stands as it was, whatever keeps its hint from being better.
            _ => error,
        }
    }
}
