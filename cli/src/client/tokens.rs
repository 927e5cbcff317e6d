//! Access tokens for scripts and tools.

use mmp_shared::{
    ApiError,
    page::Page,
    tokens::{AccessToken, NewToken, TokenRequest},
};

use super::{Body, Client, Request, encode};
use crate::wanted::Wanted;

impl Client {
    /// Our account's access tokens.
    pub(crate) async fn tokens(&self, wanted: &Wanted) -> Result<Page<AccessToken>, ApiError> {
        self.list("/users/me/tokens", wanted).await
    }

    /// Makes an access token; this is the only time that it is told.
    pub(crate) async fn create_token(&self, token: &TokenRequest) -> Result<NewToken, ApiError> {
        self.fetch(&Request::post("/users/me/tokens", Body::json(token))).await
    }

    /// Revokes an access token, by its id, the end of it, or its name.
    pub(crate) async fn revoke_token(&self, reference: &str) -> Result<(), ApiError> {
        self.send(&Request::delete(format!("/users/me/tokens/{}", encode(reference)))).await.map(|_| ())
    }
}
