//! Why: what would be used if a model were asked now, and who says so.

use mmp_shared::{
    ApiError, UserId,
    models::{Explained, KeyState, ModelDetail, ModelQuery, Origin, ProviderOrigin},
    settings::Settings,
};
use serde_json::{Value, json};

use super::{Chosen, Models, names_of, view::View};
use crate::{
    catalogue::{Said, Who, prices_of},
    services::user_provider::UserProvider,
};

impl Models {
    /// The model that a name means, and what would be used if it were asked now.
    ///
    /// # Errors
    ///
    /// `model_not_found` with the nearest names; whatever keeps a server's list of models from coming.
    pub async fn show(&self, user_id: UserId, name: &str, query: ModelQuery) -> Result<ModelDetail, ApiError> {
        let view = self.view(user_id).await?;
        let default = self.default_name(user_id, &view).await?;
        let chosen = self.named(user_id, name, &view, false).await?;
        let env_keys: Vec<String> = query.env_keys.iter().flat_map(|names| names.split(',').map(str::to_owned)).collect();
        let mut explained = vec![key(&chosen.provider, &env_keys), base_url(&chosen.provider)];
        explained.extend(of_model(&chosen, &view));
        let chain = self.settings.one(user_id, Settings::FALLBACK).await?;
        explained.push(fallback(chain.as_deref()));
        Ok(ModelDetail { model: view.shown(&chosen, default.as_deref()), explained })
    }
}

fn explained(field: impl Into<String>, value: Value, origin: Origin, detail: Option<String>) -> Explained {
    Explained { field: field.into(), value, origin, detail }
}

/// Whether there is a key and where it comes from; never the key.
fn key(provider: &UserProvider, env_keys: &[String]) -> Explained {
    let info = provider.info();
    let detail = |text: Option<&str>| text.map(str::to_owned);
    match info.key {
        KeyState::Sealed => explained("key", json!("sealed"), Origin::User, detail(info.api.map(|api| api.as_str()))),
        _ if provider.origin == ProviderOrigin::BuiltIn && env_keys.contains(&provider.name) => {
            explained("key", json!("environment"), Origin::Environment, detail(info.env.first().map(String::as_str)))
        }
        KeyState::Missing => explained("key", Value::Null, Origin::Nobody, detail(info.env.first().map(String::as_str))),
        KeyState::NotNeeded => explained("key", json!("not_needed"), Origin::BuiltIn, None),
    }
}

fn base_url(provider: &UserProvider) -> Explained {
    match (&provider.base_url, provider.place()) {
        (Some(url), _) => explained("base_url", json!(url), Origin::User, None),
        (None, Some(url)) => explained("base_url", json!(url), Origin::BuiltIn, None),
        (None, None) => explained("base_url", Value::Null, Origin::Nobody, None),
    }
}

fn of_model(chosen: &Chosen, view: &View) -> Vec<Explained> {
    let entry = &chosen.entry;
    let list = view.catalogue.list(&chosen.provider.name);
    // What comes from a list is as old as the list, what comes from the file as old as the file's prices.
    let age = |origin: Origin| match origin {
        Origin::Catalogue => Some(prices_of().to_owned()),
        Origin::Provider => list.map(|list| day(list.at)),
        _ => None,
    };
    let said = |field: &str, said: Option<Said<Value>>| match said {
        Some(Said { value, origin }) => explained(field, value, origin, age(origin)),
        None => explained(field, Value::Null, Origin::Nobody, None),
    };
    let number = |said: &Option<Said<u64>>| said.as_ref().map(|said| Said { value: json!(said.value), origin: said.origin });
    let mut all = vec![match entry.disabled_by {
        Some(Who::Admin) => explained("enabled", json!(false), Origin::Admin, None),
        Some(Who::User) => explained("enabled", json!(false), Origin::User, None),
        None => explained("enabled", json!(true), Origin::BuiltIn, None),
    }];
    if let Some(list) = list {
        all.push(explained("listed", json!(list.names(&entry.id)), Origin::Provider, Some(day(list.at))));
    }
    all.push(said("context_window", number(&entry.context_window)));
    all.push(said("max_output", number(&entry.max_output)));
    let price = entry.price.as_ref().map(|said| Said { value: json!(said.value), origin: said.origin });
    all.push(said("price", price));
    if let Some(limit) = entry.priced_to {
        all.push(explained("priced_to", json!(limit), Origin::Catalogue, age(Origin::Catalogue)));
    }
    all.extend(entry.aliases.iter().map(|alias| explained("alias", json!(alias.value), alias.origin, None)));
    let params =
        entry.params.iter().map(|(name, said)| explained(format!("params.{name}"), said.value.clone(), said.origin, None));
    all.extend(params);
    all
}

fn fallback(chain: Option<&str>) -> Explained {
    match chain {
        Some(chain) => explained("fallback", json!(names_of(chain).collect::<Vec<_>>()), Origin::User, None),
        None => explained("fallback", json!([]), Origin::Nobody, None),
    }
}

fn day(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
