//! One user's catalogue: the data file, the lists of the user's providers, what an administrator says and what the user
//! says, laid over one another. Every fact remembers who said it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use jiff::Timestamp;
use mmp_shared::{
    chat::Params,
    models::{Capability, ListedModel, Origin, Price},
};
use serde_json::Value;

use super::{
    file::{CatalogueModel, find, models},
    price::Tariff,
};

/// A fact, and who says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Said<T> {
    /// The fact.
    pub value: T,
    /// Who says it.
    pub origin: Origin,
}

/// Whose word an overlay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// An administrator's, for everyone.
    Admin,
    /// The user's own.
    User,
}

impl Who {
    const fn origin(self) -> Origin {
        match self {
            Self::Admin => Origin::Admin,
            Self::User => Origin::User,
        }
    }
}

/// What somebody says of a model, over what is known of it otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlay {
    /// Whose word it is.
    pub who: Who,
    /// The model's provider.
    pub provider: String,
    /// What the provider calls the model.
    pub id: String,
    /// Whether it may be asked.
    pub enabled: Option<bool>,
    /// Names that stand for it.
    pub aliases: Vec<String>,
    /// The most tokens of prompt and answer together.
    pub context_window: Option<u64>,
    /// The most tokens of an answer.
    pub max_output: Option<u64>,
    /// US dollars for a million tokens.
    pub price: Option<Price>,
    /// How it answers where a request says nothing else.
    pub params: Params,
}

/// The list of models that a provider gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The provider.
    pub provider: String,
    /// Its models, in its order.
    pub models: Vec<ListedModel>,
    /// When it gave it.
    pub at: Timestamp,
}

impl Listed {
    /// Whether it names this model.
    pub fn names(&self, id: &str) -> bool {
        self.models.iter().any(|model| model.id == id)
    }
}

/// What is known of one model.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its provider.
    pub provider: String,
    /// What the provider calls it.
    pub id: String,
    /// Shorter names, and who gave them.
    pub aliases: Vec<Said<String>>,
    /// The most tokens of prompt and answer together.
    pub context_window: Option<Said<u64>>,
    /// The most tokens of an answer.
    pub max_output: Option<Said<u64>>,
    /// US dollars for a million tokens.
    pub price: Option<Said<Price>>,
    /// The longest prompt, in tokens, that the price holds for; none is any.
    pub priced_to: Option<u64>,
    /// What it can do; empty where nothing is known.
    pub capabilities: Vec<Capability>,
    /// How it answers where a request says nothing else, by parameter.
    pub params: BTreeMap<String, Said<Value>>,
    /// Who turned it off; none where it may be asked.
    pub disabled_by: Option<Who>,
}

impl Entry {
    /// What a model has of whose name nothing more is known than the data file says.
    fn new(provider: &str, id: &str, is_built_in: bool) -> Self {
        let known = if is_built_in { find(provider, id) } else { None };
        let said = |value: Option<u64>| value.map(|value| Said { value, origin: Origin::Catalogue });
        Self {
            provider: provider.to_owned(),
            id: id.to_owned(),
            aliases: known.filter(|known| known.id == id).map(aliases).unwrap_or_default(),
            context_window: said(known.and_then(|known| known.context_window)),
            max_output: said(known.and_then(|known| known.max_output)),
            price: known.and_then(|known| known.price).map(|value| Said { value, origin: Origin::Catalogue }),
            priced_to: known.and_then(|known| known.priced_to),
            capabilities: known.map(|known| known.capabilities.clone()).unwrap_or_default(),
            params: BTreeMap::new(),
            disabled_by: None,
        }
    }

    /// What its answers cost, as far as anybody says.
    pub fn tariff(&self) -> Option<Tariff> {
        self.price.as_ref().map(|price| Tariff { price: price.value, priced_to: self.priced_to })
    }

    /// The parameters that hold where a request names no other.
    pub fn params(&self) -> Params {
        let fields = self.params.iter().map(|(name, said)| (name.clone(), said.value.clone())).collect();
        // Each was read out of a `Params`, so that together they are one.
        serde_json::from_value(Value::Object(fields)).unwrap_or_default()
    }

    /// A provider's own list knows its limits and prices better than a file of last summer.
    fn take_listed(&mut self, listed: &ListedModel) {
        let origin = Origin::Provider;
        let said = |value: Option<u64>| value.map(|value| Said { value, origin });
        self.context_window = said(listed.context_window).or(self.context_window.take());
        self.max_output = said(listed.max_output).or(self.max_output.take());
        if let Some(value) = listed.price {
            (self.price, self.priced_to) = (Some(Said { value, origin }), None);
        }
    }

    fn take_overlay(&mut self, overlay: &Overlay) {
        let origin = overlay.who.origin();
        let said = |value: Option<u64>| value.map(|value| Said { value, origin });
        self.context_window = said(overlay.context_window).or(self.context_window.take());
        self.max_output = said(overlay.max_output).or(self.max_output.take());
        // What an administrator says a model costs is what it costs: budgets are kept by it.
        let is_settled = self.price.as_ref().is_some_and(|price| price.origin == Origin::Admin);
        if let Some(value) = overlay.price.filter(|_| !is_settled) {
            (self.price, self.priced_to) = (Some(Said { value, origin }), None);
        }
        self.aliases.extend(overlay.aliases.iter().map(|name| Said { value: name.clone(), origin }));
        if let Ok(Value::Object(fields)) = serde_json::to_value(&overlay.params) {
            self.params.extend(fields.into_iter().map(|(name, value)| (name, Said { value, origin })));
        }
        // Nobody can turn on again what an administrator turned off.
        if overlay.enabled == Some(false) && self.disabled_by.is_none() {
            self.disabled_by = Some(overlay.who);
        }
    }
}

fn aliases(known: &CatalogueModel) -> Vec<Said<String>> {
    known.aliases.iter().map(|name| Said { value: name.clone(), origin: Origin::Catalogue }).collect()
}

/// Every model that is known to one user.
#[derive(Debug, Default)]
pub struct Catalogue {
    entries: Vec<Arc<Entry>>,
    by_place: HashMap<(String, String), usize>,
    by_alias: HashMap<String, Vec<usize>>,
    by_id: HashMap<String, Vec<usize>>,
    lists: Vec<Listed>,
    /// The providers that the user added, of which the data file knows nothing, whatever their names.
    added: Vec<String>,
}

impl Catalogue {
    /// Lays everything over one another: the file, the lists, the overlays of an administrator, then the user's.
    /// `added` are the providers that the user added.
    pub fn new(added: &[String], lists: Vec<Listed>, overlays: &[Overlay]) -> Self {
        let mut building = Building { entries: Vec::new(), by_place: HashMap::new(), added };
        for model in models().iter().filter(|model| !added.contains(&model.provider)) {
            building.entry(&model.provider, &model.id);
        }
        for list in &lists {
            for listed in &list.models {
                building.entry(&list.provider, &listed.id).take_listed(listed);
            }
        }
        let mut overlays: Vec<&Overlay> = overlays.iter().collect();
        overlays.sort_by_key(|overlay| overlay.who);
        for overlay in overlays {
            building.entry(&overlay.provider, &overlay.id).take_overlay(overlay);
        }
        building.done(lists)
    }

    /// The providers that the user added.
    pub fn added(&self) -> &[String] {
        &self.added
    }

    /// The list that a provider gave, if it was asked for one.
    pub fn list(&self, provider: &str) -> Option<&Listed> {
        self.lists.iter().find(|list| list.provider == provider)
    }

    /// Every model, those of the file first.
    pub fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    /// What is known of the model that a provider calls so, which may be little.
    pub fn entry(&self, provider: &str, id: &str) -> Arc<Entry> {
        match self.by_place.get(&(provider.to_owned(), id.to_owned())) {
            Some(place) => Arc::clone(&self.entries[*place]),
            None => Arc::new(Entry::new(provider, id, !self.added.iter().any(|added| added == provider))),
        }
    }

    /// The models that have this alias, the user's first.
    pub(super) fn with_alias(&self, name: &str) -> impl Iterator<Item = &Arc<Entry>> {
        self.at(self.by_alias.get(name))
    }

    /// The models that their providers call so.
    pub(super) fn with_id(&self, id: &str) -> impl Iterator<Item = &Arc<Entry>> {
        self.at(self.by_id.get(id))
    }

    fn at(&self, places: Option<&Vec<usize>>) -> impl Iterator<Item = &Arc<Entry>> {
        places.map(Vec::as_slice).unwrap_or_default().iter().map(|place| &self.entries[*place])
    }
}

struct Building<'a> {
    entries: Vec<Entry>,
    by_place: HashMap<(String, String), usize>,
    added: &'a [String],
}

impl Building<'_> {
    fn entry(&mut self, provider: &str, id: &str) -> &mut Entry {
        let place = *self.by_place.entry((provider.to_owned(), id.to_owned())).or_insert_with(|| {
            self.entries.push(Entry::new(provider, id, !self.added.iter().any(|added| added == provider)));
            self.entries.len() - 1
        });
        &mut self.entries[place]
    }

    fn done(self, lists: Vec<Listed>) -> Catalogue {
        let mut by_alias: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_id: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, entry) in self.entries.iter().enumerate() {
            by_id.entry(entry.id.clone()).or_default().push(place);
            for alias in &entry.aliases {
                let places = by_alias.entry(alias.value.clone()).or_default();
                // A name of the user's own means what the user says, whoever else came to use it.
                if alias.origin == Origin::User { places.insert(0, place) } else { places.push(place) }
            }
        }
        let entries = self.entries.into_iter().map(Arc::new).collect();
        Catalogue { entries, by_place: self.by_place, by_alias, by_id, lists, added: self.added.to_vec() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn overlay(who: Who, id: &str) -> Overlay {
        Overlay {
            who,
            provider: "openai".into(),
            id: id.into(),
            enabled: None,
            aliases: vec![],
            context_window: None,
            max_output: None,
            price: None,
            params: Params::default(),
        }
    }

    fn price(input: f64) -> Option<Price> {
        Some(Price { input, cached_input: None, output: 2.0 })
    }

    #[test]
    fn the_nearer_word_counts_and_is_remembered() {
        let models = vec![ListedModel { context_window: Some(9), ..ListedModel::named("gpt-4o") }, ListedModel::named("new")];
        let lists = vec![Listed { provider: "openai".into(), models, at: Timestamp::UNIX_EPOCH }];
        let admin = Overlay { max_output: Some(7), ..overlay(Who::Admin, "gpt-4o") };
        let user = Overlay { max_output: Some(5), aliases: vec!["mine".into()], ..overlay(Who::User, "gpt-4o") };
        let catalogue = Catalogue::new(&[], lists, &[user, admin]);
        let entry = catalogue.entry("openai", "gpt-4o");
        assert_eq!(entry.context_window, Some(Said { value: 9, origin: Origin::Provider }));
        assert_eq!(entry.max_output, Some(Said { value: 5, origin: Origin::User }));
        assert_eq!(entry.price.as_ref().map(|price| price.origin), Some(Origin::Catalogue));
        assert_eq!(catalogue.with_alias("mine").count(), 1);
        assert_eq!(catalogue.with_id("new").count(), 1);
    }

    #[test]
    fn what_an_administrator_says_of_price_and_use_stands() {
        let admin = Overlay { price: price(3.0), enabled: Some(false), ..overlay(Who::Admin, "gpt-4o") };
        let user = Overlay { price: price(0.0), enabled: Some(true), ..overlay(Who::User, "gpt-4o") };
        let entry = Catalogue::new(&[], vec![], &[admin, user]).entry("openai", "gpt-4o");
        assert_eq!(entry.price.as_ref().map(|price| (price.value.input, price.origin)), Some((3.0, Origin::Admin)));
        assert_eq!(entry.disabled_by, Some(Who::Admin));
    }

    #[test]
    fn parameters_are_laid_over_one_by_one() {
        let with =
            |who, value: Value| Overlay { params: serde_json::from_value(value).expect("parameters"), ..overlay(who, "gpt-4o") };
        let admin = with(Who::Admin, json!({ "temperature": 0.5, "seed": 1 }));
        let user = with(Who::User, json!({ "temperature": 0.1 }));
        let entry = Catalogue::new(&[], vec![], &[admin, user]).entry("openai", "gpt-4o");
        assert_eq!(entry.params().temperature, Some(0.1));
        assert_eq!(entry.params().extra.get("seed"), Some(&json!(1)));
        assert_eq!(entry.params["seed"].origin, Origin::Admin);
    }

    #[test]
    fn a_provider_of_the_users_own_has_nothing_from_the_file() {
        let catalogue = Catalogue::new(&["openai".into()], vec![], &[]);
        assert_eq!(catalogue.entry("openai", "gpt-4o").price, None);
        assert!(catalogue.entries().iter().all(|entry| entry.provider != "openai"));
    }

    #[test]
    fn a_dated_name_has_the_price_of_its_model_and_not_its_aliases() {
        let entry = Catalogue::new(&[], vec![], &[]).entry("openai", "gpt-4o-2024-08-06");
        assert!(entry.price.is_some() && entry.aliases.is_empty());
    }
}
