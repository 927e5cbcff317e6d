//! The proxies of this process's environment: whether one stands on the way to a place, and whether each can be reached.
//!
//! The HTTP client takes its proxies from the same variables, at the same moment of its making; loopback is never asked
//! by way of one.

use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use mmp_shared::proxies::{self, NamedProxy};
use reqwest::Url;
use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};

use super::client::is_loopback;
use crate::providers::ReachedProxy;

/// The longest that the look at one proxy takes.
const PATIENCE: Duration = Duration::from_secs(3);

/// The port of a proxy whose variable names none.
const SOCKS_PORT: u16 = 1080;

/// A proxy on the way.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OnTheWay {
    /// The variable that names it; empty where it is the system that does.
    pub(super) variable: String,
    /// Its URL, without a user and a password.
    pub(super) url: String,
}

/// The proxy that leads to a URL, if one does.
pub(super) fn on_the_way(url: &Url) -> Option<OnTheWay> {
    if is_loopback(url) {
        return None;
    }
    let proxy = Matcher::from_system().intercept(&url.as_str().parse().ok()?)?;
    let variable = proxies::variable_for(&variable, url.scheme()).unwrap_or_default();
    Some(OnTheWay { variable, url: proxy.uri().to_string().trim_end_matches('/').to_owned() })
}

/// Every proxy that the environment names, and whether somebody listens there.
pub(super) async fn reached(connect_timeout: Duration) -> Vec<ReachedProxy> {
    let looks = proxies::named(&variable).into_iter().map(|named| async move {
        let failure = match &named.url {
            Some(url) => connect(url, connect_timeout.min(PATIENCE)).await.err(),
            None => None,
        };
        let NamedProxy { variable, url } = named;
        ReachedProxy { variable, url, failure }
    });
    futures_util::future::join_all(looks).await
}

/// The hosts that are reached without a proxy.
pub(super) fn exceptions() -> Option<String> {
    proxies::exceptions(&variable)
}

async fn connect(url: &str, patience: Duration) -> Result<(), String> {
    let url = Url::parse(url).map_err(|error| error.to_string())?;
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let port = url.port_or_known_default().unwrap_or(SOCKS_PORT);
    let begun = Instant::now();
    match timeout(patience, TcpStream::connect((host, port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(super::failure::in_words(&error)),
        Err(_) => Err(format!("no answer within {}", super::clock::words(begun.elapsed().max(patience)))),
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
