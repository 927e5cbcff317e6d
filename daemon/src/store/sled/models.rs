//! What is said of models, and what their providers list.

use async_trait::async_trait;
use mmp_shared::UserId;

use super::{
    SledStore,
    keys::{Key, Table},
    pages,
    pending::Pending,
    source::Source,
};
use crate::store::{
    Models, Result,
    records::{ModelConfigRecord, ModelListRecord},
};

/// Stands for everyone where a user's id would: no user has it.
const EVERYONE: [u8; 16] = [0; 16];

fn configs_of(owner: Option<UserId>) -> Key {
    Key::of(Table::ModelConfig).id(owner.as_ref().map_or(&EVERYONE, UserId::as_bytes))
}

/// No name of a provider holds a slash.
fn config(owner: Option<UserId>, provider: &str, model: &str) -> Key {
    configs_of(owner).text(&format!("{provider}/{model}"))
}

fn lists_of(user_id: UserId) -> Key {
    Key::of(Table::ModelList).id(user_id.as_bytes())
}

pub(super) fn find(
    source: &impl Source,
    owner: Option<UserId>,
    provider: &str,
    model: &str,
) -> Result<Option<ModelConfigRecord>> {
    source.record(&config(owner, provider, model))
}

pub(super) fn put_config(pending: &mut Pending<'_>, record: &ModelConfigRecord) -> Result<()> {
    pending.put(&config(record.owner, &record.provider, &record.model), record)
}

pub(super) fn delete_config(pending: &mut Pending<'_>, owner: Option<UserId>, provider: &str, model: &str) -> Result<()> {
    pending.remove(&config(owner, provider, model))
}

pub(super) fn put_list(pending: &mut Pending<'_>, record: &ModelListRecord) -> Result<()> {
    pending.put(&lists_of(record.user_id).text(&record.provider), record)
}

pub(super) fn delete_list(pending: &mut Pending<'_>, user_id: UserId, provider: &str) -> Result<()> {
    pending.remove(&lists_of(user_id).text(provider))
}

#[async_trait]
impl Models for SledStore {
    async fn model_config(&self, owner: Option<UserId>, provider: &str, model: &str) -> Result<Option<ModelConfigRecord>> {
        let (provider, model) = (provider.to_owned(), model.to_owned());
        self.read(move |tree| find(tree, owner, &provider, &model)).await
    }

    async fn model_configs(&self, owner: Option<UserId>) -> Result<Vec<ModelConfigRecord>> {
        self.read(move |tree| pages::list(tree, &configs_of(owner), usize::MAX, |key, value| tree.decode(key, value).map(Some)))
            .await
    }

    async fn model_lists(&self, user_id: UserId) -> Result<Vec<ModelListRecord>> {
        self.read(move |tree| pages::list(tree, &lists_of(user_id), usize::MAX, |key, value| tree.decode(key, value).map(Some)))
            .await
    }
}
