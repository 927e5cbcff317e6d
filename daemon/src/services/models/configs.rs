//! What users say of models for themselves, and administrators for everyone: turned off, other names, limits, prices,
//! parameters. Laid over what is known otherwise by `catalogue`.

use mmp_shared::{
    ApiError, ErrorCode, Phrase, UserId,
    chat::Params,
    models::{ModelConfig, ModelConfigChange, Price},
    phrase,
};

use super::{Models, view::View};
use crate::{
    services::params,
    store::{Batch, Entity, Operation, Precondition, StoreError, records::ModelConfigRecord},
};

/// The most characters of an alias.
const LONGEST_ALIAS: usize = 64;

/// The most aliases of one model.
const MOST_ALIASES: usize = 32;

/// For whom something is said of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// For the one who says it.
    Own,
    /// For everyone.
    Everyone,
}

impl Models {
    /// What was said of a model.
    ///
    /// # Errors
    ///
    /// `model_not_found` for a name that nothing has.
    pub async fn config(&self, user_id: UserId, name: &str, scope: Scope) -> Result<ModelConfig, ApiError> {
        let chosen = self.named(user_id, name, &self.view(user_id).await?, false).await?;
        let record = self.store.model_config(scope.owner(user_id), &chosen.provider.name, &chosen.id).await?;
        Ok(record.map(shown).unwrap_or_default())
    }

    /// Changes what is said of a model. An alias that stood for another model by the same one's word stands for this one.
    ///
    /// # Errors
    ///
    /// `model_not_found` for a name that nothing has, `conflict` for an alias that already means something else,
    /// `bad_request` for an alias, a limit, a price or a parameter that makes no sense.
    pub async fn configure(
        &self,
        user_id: UserId,
        name: &str,
        scope: Scope,
        change: ModelConfigChange,
    ) -> Result<ModelConfig, ApiError> {
        let owner = scope.owner(user_id);
        let view = self.view(user_id).await?;
        let chosen = self.named(user_id, name, &view, false).await?;
        loop {
            let records = self.store.model_configs(owner).await?;
            let is_this = |record: &ModelConfigRecord| record.provider == chosen.provider.name && record.model == chosen.id;
            let before = records.iter().find(|record| is_this(record));
            let entity = Entity::ModelConfig(owner, chosen.provider.name.clone(), chosen.id.clone());
            let (precondition, record) = match before {
                Some(record) => (Precondition::Version(entity, record.version), record.clone()),
                None => (Precondition::Absent(entity), nothing_said(owner, &chosen.provider.name, &chosen.id)),
            };
            let record = changed(record, &change)?;
            let mut batch = Batch::new().require(precondition);
            for alias in record.aliases.iter().filter(|alias| before.is_none_or(|before| !before.aliases.contains(alias))) {
                let holder = records.iter().find(|other| !is_this(other) && other.aliases.contains(alias));
                check_alias(alias, &view, holder)?;
                if let Some(holder) = holder {
                    batch = without_alias(batch, holder, alias);
                }
            }
            let config = shown(record.clone());
            match self.store.commit(batch.then(Operation::PutModelConfig(record))).await {
                Ok(()) => {
                    self.catalogues.changed(owner);
                    return Ok(config);
                }
                // Another terminal was first: its change is kept, and this one made again on top of it.
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Takes back everything that was said of a model.
    ///
    /// # Errors
    ///
    /// `model_not_found` for a name that nothing has.
    pub async fn forget_config(&self, user_id: UserId, name: &str, scope: Scope) -> Result<(), ApiError> {
        let owner = scope.owner(user_id);
        let chosen = self.named(user_id, name, &self.view(user_id).await?, false).await?;
        let forget = Operation::DeleteModelConfig(owner, chosen.provider.name.clone(), chosen.id.clone());
        self.store.commit(Batch::new().then(forget)).await?;
        self.catalogues.changed(owner);
        Ok(())
    }
}

impl Scope {
    const fn owner(self, user_id: UserId) -> Option<UserId> {
        match self {
            Self::Own => Some(user_id),
            Self::Everyone => None,
        }
    }
}

fn nothing_said(owner: Option<UserId>, provider: &str, model: &str) -> ModelConfigRecord {
    ModelConfigRecord {
        owner,
        provider: provider.to_owned(),
        model: model.to_owned(),
        version: 0,
        enabled: None,
        aliases: Vec::new(),
        context_window: None,
        max_output: None,
        price: None,
        params: Params::default(),
    }
}

fn shown(record: ModelConfigRecord) -> ModelConfig {
    ModelConfig {
        enabled: record.enabled,
        aliases: record.aliases,
        context_window: record.context_window,
        max_output: record.max_output,
        price: record.price,
        params: record.params,
    }
}

/// The record after a change, checked as far as it can be by itself.
fn changed(mut record: ModelConfigRecord, change: &ModelConfigChange) -> Result<ModelConfigRecord, ApiError> {
    record.version += 1;
    record.enabled = change.enabled.unwrap_or(record.enabled);
    if let Some(aliases) = &change.aliases {
        record.aliases = aliases.clone().unwrap_or_default();
        record.aliases.dedup();
    }
    record.context_window = limit("context_window", change.context_window, record.context_window)?;
    record.max_output = limit("max_output", change.max_output, record.max_output)?;
    if let Some(price) = change.price {
        price.as_ref().map_or(Ok(()), check_price)?;
        record.price = price;
    }
    if let Some(params) = &change.params {
        record.params = params::changed(record.params, params.as_ref())?;
    }
    if record.aliases.len() > MOST_ALIASES {
        return Err(bad(phrase!("error-too-many-aliases", limit = MOST_ALIASES)));
    }
    Ok(record)
}

fn limit(field: &str, change: Option<Option<u64>>, before: Option<u64>) -> Result<Option<u64>, ApiError> {
    match change {
        Some(Some(0)) => Err(bad(phrase!("error-limit-zero", field = field))),
        Some(value) => Ok(value),
        None => Ok(before),
    }
}

fn check_price(price: &Price) -> Result<(), ApiError> {
    let parts = [("input", Some(price.input)), ("cached_input", price.cached_input), ("output", Some(price.output))];
    for (name, dollars) in parts {
        if let Some(dollars) = dollars.filter(|dollars| !dollars.is_finite() || *dollars < 0.0) {
            return Err(bad(phrase!("error-price", field = format!("price.{name}"), value = dollars)));
        }
    }
    Ok(())
}

/// An alias may not stand before a name that means something else. `holder` is the model for which it stood so far.
fn check_alias(alias: &str, view: &View, holder: Option<&ModelConfigRecord>) -> Result<(), ApiError> {
    let is_word = |c: char| !c.is_whitespace() && !c.is_control() && c != ',';
    if alias.is_empty() || alias.chars().count() > LONGEST_ALIAS || !alias.chars().all(is_word) || alias.starts_with('-') {
        let error = bad(phrase!("error-alias", alias = alias));
        return Err(error.with_hint(phrase!("hint-alias", limit = LONGEST_ALIAS)));
    }
    let Ok(named) = view.resolve(alias, false) else { return Ok(()) };
    let meaning = match &named {
        crate::catalogue::Named::Model { provider, id } => format!("{provider}/{id}"),
        crate::catalogue::Named::ProviderAlone { provider } => provider.clone(),
    };
    if holder.is_some_and(|holder| format!("{}/{}", holder.provider, holder.model) == meaning) {
        return Ok(());
    }
    let error = ApiError::new(ErrorCode::Conflict, phrase!("error-alias-taken", alias = alias, model = meaning));
    Err(error.with_hint(phrase!("hint-alias-taken")))
}

fn without_alias(batch: Batch, holder: &ModelConfigRecord, alias: &str) -> Batch {
    let entity = Entity::ModelConfig(holder.owner, holder.provider.clone(), holder.model.clone());
    let mut record = holder.clone();
    record.aliases.retain(|held| held != alias);
    record.version += 1;
    batch.require(Precondition::Version(entity, holder.version)).then(Operation::PutModelConfig(record))
}

fn bad(phrase: Phrase) -> ApiError {
    ApiError::new(ErrorCode::BadRequest, phrase)
}
