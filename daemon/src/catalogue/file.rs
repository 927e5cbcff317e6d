//! The models that come with mmp, from one data file.

use std::sync::OnceLock;

use mmp_shared::models::{Capability, Price};
use serde::Deserialize;

/// A model of the data file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueModel {
    /// The built-in provider that has it.
    pub provider: String,
    /// What the provider calls it.
    pub id: String,
    /// Shorter names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The most tokens of prompt and answer together.
    pub context_window: Option<u64>,
    /// The most tokens of an answer.
    pub max_output: Option<u64>,
    /// US dollars for a million tokens.
    pub price: Option<Price>,
    /// The longest prompt, in tokens, that the price holds for; none is any.
    pub priced_to: Option<u64>,
    /// What it can do; empty where nothing is known.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DataFile {
    prices_of: String,
    model: Vec<CatalogueModel>,
}

fn file() -> &'static DataFile {
    static FILE: OnceLock<DataFile> = OnceLock::new();
    FILE.get_or_init(|| toml::from_str(include_str!("models.toml")).expect("a test reads the file that is built in"))
}

/// Every model of the data file.
pub fn models() -> &'static [CatalogueModel] {
    &file().model
}

/// The day whose prices the data file has, as `2026-08-21`.
pub fn prices_of() -> &'static str {
    &file().prices_of
}

/// The model that a provider calls so: by its name, or by the name that a dated one begins with.
pub fn find(provider: &str, id: &str) -> Option<&'static CatalogueModel> {
    let of_provider = || models().iter().filter(|model| model.provider == provider);
    of_provider().find(|model| model.id == id).or_else(|| {
        of_provider().find(|model| {
            id.strip_prefix(model.id.as_str()).is_some_and(|rest| is_date(rest.strip_prefix('-').unwrap_or_default()))
        })
    })
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.chars().enumerate().all(|(at, c)| if matches!(at, 4 | 7) { c == '-' } else { c.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_file_is_read_and_names_no_model_twice() {
        let mut names: Vec<_> = models().iter().map(|model| (&model.provider, &model.id)).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
        let mut aliases: Vec<_> = models().iter().flat_map(|model| &model.aliases).collect();
        let count = aliases.len();
        aliases.sort();
        aliases.dedup();
        assert_eq!(aliases.len(), count);
    }

    #[test]
    fn its_prices_have_a_day_and_are_not_below_zero() {
        assert!(is_date(prices_of()));
        for price in models().iter().filter_map(|model| model.price) {
            assert!([Some(price.input), price.cached_input, Some(price.output)].iter().flatten().all(|dollars| *dollars >= 0.0));
        }
    }

    #[test]
    fn a_dated_name_finds_its_model() {
        assert_eq!(find("openai", "gpt-4o-2024-08-06").map(|model| model.id.as_str()), Some("gpt-4o"));
        assert_eq!(find("openai", "gpt-4o-audio").map(|model| model.id.as_str()), None);
        assert_eq!(find("elsewhere", "gpt-4o"), None);
    }
}
