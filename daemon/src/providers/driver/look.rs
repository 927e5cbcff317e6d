//! A look at a server that nobody has named: whether it lists models.

use reqwest::{Method, Request, Url};

use super::client::Clients;
use crate::providers::{ModelServer, wire::models};

/// More than any such list has.
const LARGEST_LIST: usize = 1 << 20;

/// The models of the server at this base URL, if it is one.
pub(super) async fn at(clients: &Clients, base_url: &str) -> Option<ModelServer> {
    let url = Url::parse(&format!("{base_url}/models")).ok()?;
    let mut response = clients.send(Request::new(Method::GET, url)).await.ok()?;
    if !response.status().is_success() {
        return None;
    }
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await.ok()? {
        body.extend_from_slice(&bytes);
        if body.len() > LARGEST_LIST {
            return None;
        }
    }
    models::read_strictly(&body)
}
