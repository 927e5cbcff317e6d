//! Every provider that comes with mmp, one line each. Only this names them.

use std::sync::Arc;

use super::{Provider, deepseek::DeepSeek, demo::Demo, openai::OpenAi, presets::PRESETS, wenxin::Wenxin};

/// Every provider, in the order in which they are shown.
pub fn all() -> Vec<Arc<dyn Provider>> {
    let own: [Arc<dyn Provider>; 3] = [Arc::new(DeepSeek), Arc::new(OpenAi), Arc::new(Wenxin)];
    let presets = PRESETS.iter().map(|preset| Arc::new(*preset) as Arc<dyn Provider>);
    own.into_iter().chain(presets).chain([Arc::new(Demo) as Arc<dyn Provider>]).collect()
}

/// The provider that speaks this API.
pub fn find(kind: &str) -> Option<Arc<dyn Provider>> {
    all().into_iter().find(|provider| provider.facts().name == kind)
}

#[cfg(test)]
mod tests {
    use mmp_shared::env_keys::ENV_KEYS;

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

    #[test]
    fn the_variables_of_keys_are_those_that_clients_look_for() {
        for provider in all() {
            let facts = provider.facts();
            let known = ENV_KEYS.iter().filter(|key| key.provider == facts.name);
            let names: Vec<_> = known.flat_map(|key| [Some(key.api_key), key.secret_key]).flatten().collect();
            assert_eq!(names, facts.env, "{}", facts.name);
        }
        assert!(ENV_KEYS.iter().all(|key| find(key.provider).is_some()));
    }
}
