//! What a model's name means, by the rules of the contract, in their order.

use std::sync::Arc;

use super::view::{Catalogue, Entry};

/// A provider that a user could name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownProvider {
    /// Its name.
    pub name: String,
    /// The model that answers where only the provider is named, if one is known.
    pub flagship: Option<String>,
}

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A model of a provider.
    Model {
        /// The provider's name.
        provider: String,
        /// What the provider calls the model.
        id: String,
    },
    /// A provider, and whichever model it has.
    ProviderAlone {
        /// The provider's name.
        provider: String,
    },
}

/// Nothing has this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The nearest names, the nearest first.
    pub nearest: Vec<String>,
}

/// Finds what a name means: text before the first `/` that names a provider; an alias or a name of the catalogue; text
/// before the first `:` that names a provider; a provider's name alone; and, where a person watches, a unique prefix.
///
/// # Errors
///
/// [`Unknown`] with the nearest names.
pub fn resolve(name: &str, catalogue: &Catalogue, providers: &[KnownProvider], is_watched: bool) -> Result<Named, Unknown> {
    split_at(name, '/', providers)
        .or_else(|| in_catalogue(name, catalogue, providers))
        .or_else(|| split_at(name, ':', providers))
        .or_else(|| provider_alone(name, providers))
        .or_else(|| is_watched.then(|| by_prefix(name, catalogue, providers)).flatten())
        .ok_or_else(|| Unknown { nearest: nearest(name, catalogue, providers) })
}

fn split_at(name: &str, separator: char, providers: &[KnownProvider]) -> Option<Named> {
    let (provider, id) = name.split_once(separator)?;
    let provider = providers.iter().find(|known| known.name == provider).filter(|_| !id.is_empty())?;
    Some(Named::Model { provider: provider.name.clone(), id: id.to_owned() })
}

/// An alias, else a provider's own name for a model; of several the first that may be asked.
fn in_catalogue(name: &str, catalogue: &Catalogue, providers: &[KnownProvider]) -> Option<Named> {
    let is_known = |entry: &&Arc<Entry>| providers.iter().any(|known| known.name == entry.provider);
    let named = || catalogue.with_alias(name).chain(catalogue.with_id(name)).filter(is_known);
    let entry = named().find(|entry| entry.disabled_by.is_none()).or_else(|| named().next())?;
    Some(Named::Model { provider: entry.provider.clone(), id: entry.id.clone() })
}

fn provider_alone(name: &str, providers: &[KnownProvider]) -> Option<Named> {
    let known = providers.iter().find(|known| known.name == name)?;
    Some(match &known.flagship {
        Some(id) => Named::Model { provider: known.name.clone(), id: id.clone() },
        None => Named::ProviderAlone { provider: known.name.clone() },
    })
}

fn by_prefix(prefix: &str, catalogue: &Catalogue, providers: &[KnownProvider]) -> Option<Named> {
    let mut matching = names(catalogue, providers).into_iter().filter(|name| !prefix.is_empty() && name.starts_with(prefix));
    let only = matching.next()?;
    match matching.next() {
        Some(_) => None,
        None => resolve(only, catalogue, providers, false).ok(),
    }
}

/// Every name that stands for something by itself and may be asked, in order.
fn names<'a>(catalogue: &'a Catalogue, providers: &'a [KnownProvider]) -> Vec<&'a str> {
    let can_be_asked =
        |entry: &&Arc<Entry>| entry.disabled_by.is_none() && providers.iter().any(|known| known.name == entry.provider);
    let of_models = catalogue
        .entries()
        .iter()
        .filter(can_be_asked)
        .flat_map(|entry| std::iter::once(entry.id.as_str()).chain(entry.aliases.iter().map(|alias| alias.value.as_str())));
    let mut names: Vec<&str> = of_models.chain(providers.iter().map(|known| known.name.as_str())).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn nearest(name: &str, catalogue: &Catalogue, providers: &[KnownProvider]) -> Vec<String> {
    let mut scored: Vec<(f64, &str)> = names(catalogue, providers)
        .into_iter()
        .map(|known| (strsim::jaro_winkler(name, known), known))
        .filter(|(score, _)| *score > 0.7)
        .collect();
    scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    scored.into_iter().take(3).map(|(_, known)| known.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn providers() -> Vec<KnownProvider> {
        vec![
            KnownProvider { name: "openai".into(), flagship: Some("gpt-5.5".into()) },
            KnownProvider { name: "demo".into(), flagship: Some("demo".into()) },
            KnownProvider { name: "local".into(), flagship: None },
        ]
    }

    fn resolve_in(name: &str, providers: &[KnownProvider], is_watched: bool) -> Result<Named, Unknown> {
        resolve(name, &Catalogue::new(&[], vec![], &[]), providers, is_watched)
    }

    fn model(provider: &str, id: &str) -> Result<Named, Unknown> {
        Ok(Named::Model { provider: provider.into(), id: id.into() })
    }

    #[test]
    fn a_provider_before_a_slash_takes_the_rest_as_it_stands() {
        assert_eq!(resolve_in("local/anthropic/claude:free", &providers(), false), model("local", "anthropic/claude:free"));
    }

    #[test]
    fn aliases_and_names_of_the_catalogue_are_known() {
        assert_eq!(resolve_in("gpt", &providers(), false), model("openai", "gpt-5.5"));
        assert_eq!(resolve_in("gpt-4o", &providers(), false), model("openai", "gpt-4o"));
        assert_eq!(resolve_in("demo", &providers(), false), model("demo", "demo"));
    }

    #[test]
    fn flagships_have_short_names() {
        let providers: Vec<_> =
            ["deepseek", "wenxin"].map(|name| KnownProvider { name: name.into(), flagship: None }).into_iter().collect();
        assert_eq!(resolve_in("deepseek", &providers, false), model("deepseek", "deepseek-v4-pro"));
        for name in ["wenxin", "ernie", "文心"] {
            assert_eq!(resolve_in(name, &providers, false), model("wenxin", "ernie-4.5-turbo-128k"), "{name}");
        }
    }

    #[test]
    fn a_provider_before_a_colon_is_found_last() {
        assert_eq!(resolve_in("local:llama3.2:1b", &providers(), false), model("local", "llama3.2:1b"));
    }

    #[test]
    fn a_provider_alone_means_its_flagship() {
        assert_eq!(resolve_in("openai", &providers(), false), model("openai", "gpt-5.5"));
        assert_eq!(resolve_in("local", &providers(), false), Ok(Named::ProviderAlone { provider: "local".into() }));
    }

    #[test]
    fn a_unique_prefix_counts_only_where_a_person_watches() {
        assert_eq!(resolve_in("gpt-3", &providers(), true), model("openai", "gpt-3.5-turbo"));
        assert!(resolve_in("gpt-3", &providers(), false).is_err());
        assert!(resolve_in("gpt-", &providers(), true).is_err(), "several begin so");
    }

    #[test]
    fn an_unknown_name_is_told_its_nearest() {
        let unknown = resolve_in("gpt-4oo", &providers(), false).expect_err("no such model");
        assert_eq!(unknown.nearest.first().map(String::as_str), Some("gpt-4o"));
        assert_eq!(resolve_in("", &providers(), true), Err(Unknown { nearest: vec![] }));
    }
}
