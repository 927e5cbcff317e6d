//! How a question gets to its provider: with a token where it wants one, and once more where that is refused at once.

use std::{future::Future, pin::Pin, sync::Arc};

use mmp_shared::{ErrorCode, phrase};
use reqwest::Response;
use zeroize::Zeroizing;

use super::{DriverSettings, client::Clients, quote::Secrets, send, tokens::Tokens};
use crate::providers::{ChatCall, Endpoint, HttpCall, Provider, ProviderError, Upstream};

/// A question that may be put twice: once more with a fresh token, where only that is missing.
pub(super) struct Asking {
    pub(super) clients: Arc<Clients>,
    pub(super) tokens: Arc<Tokens>,
    pub(super) settings: DriverSettings,
    pub(super) provider: Arc<dyn Provider>,
    pub(super) call: ChatCall,
}

/// An answer that has begun, and what must not be shown of how it was asked for.
pub(super) struct Began {
    pub(super) response: Response,
    pub(super) token: Option<Zeroizing<String>>,
    /// Whether it is not to be asked for again.
    pub(super) is_last: bool,
}

pub(super) type Beginning = Pin<Box<dyn Future<Output = Result<Began, ProviderError>> + Send>>;

impl Asking {
    /// Sends the question, with a token that is not the `refused` one where it wants a token.
    pub(super) fn begin(self: &Arc<Self>, request: HttpCall, refused: Option<Zeroizing<String>>) -> Beginning {
        let asking = Arc::clone(self);
        Box::pin(async move {
            let (endpoint, mut refused) = (&asking.call.endpoint, refused);
            if asking.provider.token_call(endpoint).is_none() {
                let response = send::ask(&asking.clients, asking.settings, &asking.provider, endpoint, request).await?;
                return Ok(Began { response, token: None, is_last: true });
            }
            loop {
                let signed = asking.tokens.sign(&asking.clients, asking.settings, &asking.provider, endpoint, refused.as_ref());
                let signed = signed.await?;
                let result = asking.send_signed(&signed).await;
                match result.map_err(|error| Secrets::of(&signed).clean(error)) {
                    Ok(response) => return Ok(Began { response, token: signed.token, is_last: refused.is_some() }),
                    Err(error) if error.is_stale_token && refused.is_none() => refused = signed.token,
                    Err(error) => return Err(error),
                }
            }
        })
    }

    async fn send_signed(&self, endpoint: &Endpoint) -> Result<Response, ProviderError> {
        let call = ChatCall { endpoint: endpoint.clone(), ..self.call.clone() };
        let Upstream::Http(request) = self.provider.chat(&call)? else {
            return Err(ProviderError::new(ErrorCode::Internal, phrase!("upstream-no-token", provider = endpoint.provider)));
        };
        send::ask(&self.clients, self.settings, &self.provider, endpoint, request).await
    }
}
