//! The proxies that an environment names: which variable counts for which URLs, and where it leads, as curl and the
//! daemon's HTTP client read them.
//!
//! A user and a password in a variable are left out of everything that is made here. Whether a proxy answers, and which
//! hosts need none, is left to those who connect.

use serde::{Deserialize, Serialize};

use crate::config::Environment;

/// The variables of each kind, the one that counts first.
const HTTPS: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];
const HTTP: [&str; 2] = ["HTTP_PROXY", "http_proxy"];
const ALL: [&str; 2] = ["ALL_PROXY", "all_proxy"];
const NONE: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// What a proxy may speak.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// A proxy that a variable names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedProxy {
    /// The variable.
    pub variable: String,
    /// Where it leads, without a user and a password; null where it cannot be understood, and is passed over.
    pub url: Option<String>,
}

/// Every proxy that the environment names: for `https`, for `http`, for whatever has none of its own.
pub fn named(environment: Environment<'_>) -> Vec<NamedProxy> {
    [HTTPS, HTTP, ALL].into_iter().filter_map(|variables| first(environment, variables)).map(read).collect()
}

/// The variable that says which proxy leads to URLs of this scheme, if one does.
pub fn variable_for(environment: Environment<'_>, scheme: &str) -> Option<String> {
    let own = if scheme == "https" { HTTPS } else { HTTP };
    let proxies = [own, ALL].into_iter().filter_map(|variables| first(environment, variables)).map(read);
    proxies.into_iter().find(|proxy| proxy.url.is_some()).map(|proxy| proxy.variable)
}

/// The hosts that are reached without a proxy, as the environment has them.
pub fn exceptions(environment: Environment<'_>) -> Option<String> {
    first(environment, NONE).map(|(_, hosts)| hosts)
}

/// The first that is set counts, even where it says nothing.
fn first(environment: Environment<'_>, variables: [&'static str; 2]) -> Option<(&'static str, String)> {
    let set = variables.into_iter().find_map(|variable| Some((variable, environment(variable)?)));
    set.filter(|(_, text)| !text.is_empty())
}

fn read((variable, text): (&'static str, String)) -> NamedProxy {
    NamedProxy { variable: variable.to_owned(), url: place(&text) }
}

/// `scheme://host:port` of what a variable says.
fn place(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_and_port = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match host_and_port.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (host_and_port, None),
    };
    let is_host = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._~[]:%".contains(c));
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok());
    (SCHEMES.contains(&scheme) && is_host && is_port).then(|| format!("{scheme}://{host_and_port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named_by(variables: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
        let environment = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
        named(&environment).into_iter().map(|proxy| (proxy.variable, proxy.url)).collect()
    }

    #[test]
    fn a_proxy_is_named_without_its_password() {
        for (text, url) in [
            ("http://user:pa%40ss@proxy.example:3128/", Some("http://proxy.example:3128")),
            ("proxy.example:3128", Some("http://proxy.example:3128")),
            ("socks5h://me:secret@[::1]:1080", Some("socks5h://[::1]:1080")),
            ("https://[::1]", Some("https://[::1]")),
            ("ftp://proxy.example", None),
            ("http://", None),
            ("http://user:secret@", None),
            ("http://proxy.example:port", None),
            ("two words", None),
        ] {
            assert_eq!(named_by(&[("HTTPS_PROXY", text)]), [("HTTPS_PROXY".to_owned(), url.map(str::to_owned))], "{text}");
        }
    }

    #[test]
    fn the_first_variable_that_is_set_counts() {
        let variables = [("HTTPS_PROXY", ""), ("https_proxy", "http://a"), ("http_proxy", "http://b"), ("ALL_PROXY", "http://c")];
        let expected = [("http_proxy", "http://b"), ("ALL_PROXY", "http://c")];
        assert_eq!(named_by(&variables), expected.map(|(name, url)| (name.to_owned(), Some(url.to_owned()))));
        let environment = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
        assert_eq!(variable_for(&environment, "https").as_deref(), Some("ALL_PROXY"));
        assert_eq!(variable_for(&environment, "http").as_deref(), Some("http_proxy"));
    }
}
