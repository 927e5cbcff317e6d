//! What a model's name means, by the rules of the contract, in their order.

use super::models;

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
pub fn resolve(name: &str, providers: &[KnownProvider], is_watched: bool) -> Result<Named, Unknown> {
    split_at(name, '/', providers)
        .or_else(|| in_catalogue(name, providers))
        .or_else(|| split_at(name, ':', providers))
        .or_else(|| provider_alone(name, providers))
        .or_else(|| is_watched.then(|| by_prefix(name, providers)).flatten())
        .ok_or_else(|| Unknown { nearest: nearest(name, providers) })
}

fn split_at(name: &str, separator: char, providers: &[KnownProvider]) -> Option<Named> {
    let (provider, id) = name.split_once(separator)?;
    let provider = providers.iter().find(|known| known.name == provider).filter(|_| !id.is_empty())?;
    Some(Named::Model { provider: provider.name.clone(), id: id.to_owned() })
}

fn in_catalogue(name: &str, providers: &[KnownProvider]) -> Option<Named> {
    models()
        .iter()
        .filter(|model| providers.iter().any(|known| known.name == model.provider))
        .find(|model| model.id == name || model.aliases.iter().any(|alias| alias == name))
        .map(|model| Named::Model { provider: model.provider.clone(), id: model.id.clone() })
}

fn provider_alone(name: &str, providers: &[KnownProvider]) -> Option<Named> {
    let known = providers.iter().find(|known| known.name == name)?;
    Some(match &known.flagship {
        Some(id) => Named::Model { provider: known.name.clone(), id: id.clone() },
        None => Named::ProviderAlone { provider: known.name.clone() },
    })
}

fn by_prefix(prefix: &str, providers: &[KnownProvider]) -> Option<Named> {
    let mut matching = names(providers).into_iter().filter(|name| !prefix.is_empty() && name.starts_with(prefix));
    let only = matching.next()?;
    match matching.next() {
        Some(_) => None,
        None => resolve(&only, providers, false).ok(),
    }
}

/// Every name that stands for something by itself.
fn names(providers: &[KnownProvider]) -> Vec<String> {
    let of_models = models()
        .iter()
        .filter(|model| providers.iter().any(|known| known.name == model.provider))
        .flat_map(|model| std::iter::once(&model.id).chain(&model.aliases).cloned());
    let mut names: Vec<String> = of_models.chain(providers.iter().map(|known| known.name.clone())).collect();
    names.sort();
    names.dedup();
    names
}

fn nearest(name: &str, providers: &[KnownProvider]) -> Vec<String> {
    let mut scored: Vec<(f64, String)> = names(providers)
        .into_iter()
        .map(|known| (strsim::jaro_winkler(name, &known), known))
        .filter(|(score, _)| *score > 0.7)
        .collect();
    scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    scored.into_iter().take(3).map(|(_, known)| known).collect()
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

    fn model(provider: &str, id: &str) -> Result<Named, Unknown> {
        Ok(Named::Model { provider: provider.into(), id: id.into() })
    }

    #[test]
    fn a_provider_before_a_slash_takes_the_rest_as_it_stands() {
        assert_eq!(resolve("local/anthropic/claude:free", &providers(), false), model("local", "anthropic/claude:free"));
    }

    #[test]
    fn aliases_and_names_of_the_catalogue_are_known() {
        assert_eq!(resolve("gpt", &providers(), false), model("openai", "gpt-5.5"));
        assert_eq!(resolve("gpt-4o", &providers(), false), model("openai", "gpt-4o"));
        assert_eq!(resolve("demo", &providers(), false), model("demo", "demo"));
    }

    #[test]
    fn flagships_have_short_names() {
        let providers: Vec<_> =
            ["deepseek", "wenxin"].map(|name| KnownProvider { name: name.into(), flagship: None }).into_iter().collect();
        assert_eq!(resolve("deepseek", &providers, false), model("deepseek", "deepseek-v4-pro"));
        for name in ["wenxin", "ernie", "文心"] {
            assert_eq!(resolve(name, &providers, false), model("wenxin", "ernie-4.5-turbo-128k"), "{name}");
        }
    }

    #[test]
    fn a_provider_before_a_colon_is_found_last() {
        assert_eq!(resolve("local:llama3.2:1b", &providers(), false), model("local", "llama3.2:1b"));
    }

    #[test]
    fn a_provider_alone_means_its_flagship() {
        assert_eq!(resolve("openai", &providers(), false), model("openai", "gpt-5.5"));
        assert_eq!(resolve("local", &providers(), false), Ok(Named::ProviderAlone { provider: "local".into() }));
    }

    #[test]
    fn a_unique_prefix_counts_only_where_a_person_watches() {
        assert_eq!(resolve("gpt-3", &providers(), true), model("openai", "gpt-3.5-turbo"));
        assert!(resolve("gpt-3", &providers(), false).is_err());
        assert!(resolve("gpt-", &providers(), true).is_err(), "several begin so");
    }

    #[test]
    fn an_unknown_name_is_told_its_nearest() {
        let unknown = resolve("gpt-4oo", &providers(), false).expect_err("no such model");
        assert_eq!(unknown.nearest.first().map(String::as_str), Some("gpt-4o"));
        assert_eq!(resolve("", &providers(), true), Err(Unknown { nearest: vec![] }));
    }
}
