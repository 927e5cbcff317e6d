//! Where a provider's token is kept from one start to the next: sealed, beside the key that it was given for.
//!
//! A key that is changed or forgotten takes its token with it. When a token is fetched, and for how long it is good, is
//! the driver's to know. Nothing here keeps an answer from coming: what fails is logged, and a new token is fetched.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use mmp_shared::{ApiError, ErrorCode, UserId, phrase};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::keys::Keys;
use crate::{
    providers::{KeptToken, TokenPlace},
    store::{Batch, Operation, Store},
};

/// The place of one key's token.
pub(super) struct SealedToken {
    pub(super) store: Arc<dyn Store>,
    pub(super) keys: Arc<Keys>,
    pub(super) user_id: UserId,
    pub(super) provider: String,
    /// What tells the key from those before and after it.
    pub(super) key_nonce: Vec<u8>,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Content<'a> {
    given_for: [u8; 32],
    text: &'a str,
    fresh_until: Timestamp,
}

impl SealedToken {
    async fn read(&self) -> Result<Option<KeptToken>, ApiError> {
        let key = self.store.sealed_key(self.user_id, &self.provider).await?.filter(|key| key.nonce == self.key_nonce);
        let Some(token) = key.and_then(|key| key.token) else { return Ok(None) };
        let plain = self.keys.open_token(self.user_id, &self.provider, token).await?;
        let Content { given_for, text, fresh_until } = serde_json::from_slice(&plain).map_err(|_| no_sense())?;
        Ok(Some(KeptToken { given_for, text: Zeroizing::new(text.to_owned()), fresh_until }))
    }

    async fn write(&self, token: KeptToken) -> Result<(), ApiError> {
        let content = Content { given_for: token.given_for, text: &token.text, fresh_until: token.fresh_until };
        let plain = Zeroizing::new(serde_json::to_vec(&content).map_err(|_| no_sense())?);
        let token = self.keys.seal_token(self.user_id, &self.provider, &plain).await?;
        let (user_id, provider, key_nonce) = (self.user_id, self.provider.clone(), self.key_nonce.clone());
        let put = Operation::PutSealedToken { user_id, provider, key_nonce, token };
        Ok(self.store.commit(Batch::new().then(put)).await?)
    }
}

fn no_sense() -> ApiError {
    ApiError::new(ErrorCode::Internal, phrase!("error-internal"))
}

#[async_trait]
impl TokenPlace for SealedToken {
    async fn load(&self) -> Option<KeptToken> {
        self.read().await.unwrap_or_else(|error| {
            tracing::warn!(provider = self.provider, code = error.code.as_str(), "a kept token cannot be read");
            None
        })
    }

    async fn save(&self, token: KeptToken) {
        if let Err(error) = self.write(token).await {
            tracing::warn!(provider = self.provider, code = error.code.as_str(), "a token is not kept");
        }
    }
}
