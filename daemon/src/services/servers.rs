//! Servers of models on this machine: which ones answer, and what each is, or could be, among a user's providers.
//!
//! Only loopback is asked, and only at ports that the table of servers or the daemon's own settings name: nobody can have
//! the daemon ask another place by this.

use std::{sync::Arc, time::Duration};

use mmp_shared::{ApiError, UserId, models::ProviderOrigin, page::Page, servers::FoundServer};
use url::Url;

use super::{providers::Providers, user_provider::UserProvider};
use crate::{
    config::DiscoverConfig,
    providers::{
        Ask, ModelServer,
        servers::{KnownServer, recognize, usual_ports},
    },
};

/// The longest that one server may take. One that listens and says nothing keeps nobody longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The addresses of this machine that servers listen at.
const LOOPBACK: [&str; 2] = ["127.0.0.1", "[::1]"];

/// The service of servers.
pub struct Servers {
    providers: Arc<Providers>,
    ask: Arc<dyn Ask>,
    ports: Vec<u16>,
}

impl Servers {
    /// The service that looks at these ports, or at the usual ones.
    pub fn new(providers: Arc<Providers>, ask: Arc<dyn Ask>, config: DiscoverConfig) -> Self {
        let ports = if config.ports.is_empty() { usual_ports() } else { config.ports };
        Self { providers, ask, ports }
    }

    /// The servers that answer now, in the order of their ports.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn find(&self, user_id: UserId) -> Result<Page<FoundServer>, ApiError> {
        let looks = self.ports.iter().map(|port| self.look(*port));
        let answers = futures_util::future::join_all(looks).await;
        let providers = self.providers.all(user_id).await?;
        let mut items: Vec<FoundServer> = Vec::new();
        for (port, (base_url, server)) in self.ports.iter().zip(answers).filter_map(|(port, answer)| Some((port, answer?))) {
            let known = recognize(*port, &server.owners);
            let taken: Vec<String> = items.iter().map(|item| item.name.clone()).collect();
            items.push(place(known, base_url, server, &providers, &taken));
        }
        Ok(Page { items, next_cursor: None })
    }

    async fn look(&self, port: u16) -> Option<(String, ModelServer)> {
        for host in LOOPBACK {
            let base_url = format!("http://{host}:{port}/v1");
            if let Some(server) = self.ask.look(&base_url, PATIENCE).await {
                return Some((base_url, server));
            }
        }
        None
    }
}

/// What a server is among a user's providers: one that is there, one that only has to be told where it is, or a new one.
fn place(known: KnownServer, base_url: String, server: ModelServer, providers: &[UserProvider], taken: &[String]) -> FoundServer {
    let is_there = |provider: &&UserProvider| {
        let is_chosen = provider.is_pointed_at() || provider.origin == ProviderOrigin::Added;
        is_chosen && provider.place().is_some_and(|place| is_same_place(place, &base_url))
    };
    let could_be = |provider: &&UserProvider| {
        provider.name == known.name && provider.origin == ProviderOrigin::BuiltIn && !provider.is_pointed_at()
    };
    let configured = providers.iter().find(is_there);
    let existing = configured.or_else(|| providers.iter().find(could_be).filter(|provider| !taken.contains(&provider.name)));
    let name = match existing {
        Some(provider) => provider.name.clone(),
        None => free_name(known.name, |name| taken.contains(name) || providers.iter().any(|provider| provider.name == *name)),
    };
    FoundServer {
        name,
        kind: existing.map_or(known.kind, |provider| provider.wire.facts().name).to_owned(),
        base_url,
        models: server.models,
        known: existing.is_some(),
        configured: configured.is_some(),
    }
}

fn free_name(wanted: &str, is_taken: impl Fn(&String) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{wanted}-{number}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !is_taken(name)).unwrap_or_default()
}

/// Whether two base URLs mean the same place of this machine, by whichever of its names.
fn is_same_place(one: &str, other: &str) -> bool {
    let parts = |text: &str| {
        let url = Url::parse(text).ok()?;
        let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']').to_owned();
        let host =
            if ["localhost", "127.0.0.1", "0.0.0.0", "::1"].contains(&host.as_str()) { "loopback".to_owned() } else { host };
        Some((url.scheme().to_owned(), host, url.port_or_known_default(), url.path().trim_end_matches('/').to_owned()))
    };
    parts(one).is_some() && parts(one) == parts(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::registry;

    fn provider(name: &str, kind: &str, base_url: Option<&str>, origin: ProviderOrigin) -> UserProvider {
        let wire = registry::find(kind).expect("a kind");
        UserProvider { name: name.into(), wire, base_url: base_url.map(str::to_owned), origin, has_key: false, has_pair: false }
    }

    fn placed(port: u16, owner: &str, providers: &[UserProvider], taken: &[&str]) -> (String, String, bool, bool) {
        let server = ModelServer { models: vec!["m".into()], owners: vec![owner.into()] };
        let taken: Vec<String> = taken.iter().map(|&name| name.to_owned()).collect();
        let url = format!("http://127.0.0.1:{port}/v1");
        let found = place(recognize(port, &server.owners), url, server, providers, &taken);
        (found.name, found.kind, found.known, found.configured)
    }

    #[test]
    fn a_server_finds_its_place_among_the_providers() {
        let built_in = || provider("vllm", "vllm", None, ProviderOrigin::BuiltIn);
        let added = |url| provider("mine", "openai", Some(url), ProviderOrigin::Added);
        let is = |name: &str, kind: &str, known, configured| (name.to_owned(), kind.to_owned(), known, configured);
        assert_eq!(placed(8000, "vllm", &[built_in()], &[]), is("vllm", "vllm", true, false));
        assert_eq!(placed(8000, "vllm", &[built_in()], &["vllm"]), is("vllm-2", "vllm", false, false));
        assert_eq!(placed(8080, "x", &[built_in()], &[]), is("local", "openai", false, false));
        assert_eq!(placed(9, "x", &[added("http://localhost:9/v1/")], &[]), is("mine", "openai", true, true));
        assert_eq!(placed(9, "x", &[added("http://localhost:9/v2")], &[]), is("local", "openai", false, false));
        let elsewhere = provider("vllm", "vllm", Some("http://10.0.0.1/v1"), ProviderOrigin::BuiltIn);
        assert_eq!(placed(8000, "vllm", &[elsewhere], &[]), is("vllm-2", "vllm", false, false));
    }
}
