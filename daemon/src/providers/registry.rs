//! Every provider that comes with mmp, one line each. Only this names them.

use std::sync::Arc;

use super::{Provider, deepseek::DeepSeek, demo::Demo, openai::OpenAi};

/// Every provider, in the order in which they are shown.
pub fn all() -> Vec<Arc<dyn Provider>> {
    vec![Arc::new(DeepSeek), Arc::new(OpenAi), Arc::new(Demo)]
}

/// The provider that speaks this API.
pub fn find(kind: &str) -> Option<Arc<dyn Provider>> {
    all().into_iter().find(|provider| provider.facts().name == kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_is_found_by_its_name_and_has_its_own() {
        for provider in all() {
            let name = provider.facts().name;
            assert_eq!(find(name).expect("it is there").facts().name, name);
            assert_eq!(all().iter().filter(|other| other.facts().name == name).count(), 1, "{name}");
        }
        assert!(find("nobody").is_none());
    }
}
