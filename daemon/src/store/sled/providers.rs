//! What users have said about providers, their sealed keys, and where the master key lives.

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
    Entity, Precondition, Providers, Result, StoreError,
    records::{ProviderConfigRecord, SealedKeyRecord, SealedTokenRecord, VaultRecord},
};

fn configs_of(user_id: UserId) -> Key {
    Key::of(Table::ProviderConfig).id(user_id.as_bytes())
}

fn sealed_keys_of(user_id: UserId) -> Key {
    Key::of(Table::SealedKey).id(user_id.as_bytes())
}

pub(super) fn find_config(source: &impl Source, user_id: UserId, name: &str) -> Result<Option<ProviderConfigRecord>> {
    source.record(&configs_of(user_id).text(name))
}

pub(super) fn find_sealed_key(source: &impl Source, user_id: UserId, provider: &str) -> Result<Option<SealedKeyRecord>> {
    source.record(&sealed_keys_of(user_id).text(provider))
}

pub(super) fn find_vault(source: &impl Source) -> Result<Option<VaultRecord>> {
    source.record(&Key::of(Table::Vault))
}

pub(super) fn put_config(pending: &mut Pending<'_>, record: &ProviderConfigRecord) -> Result<()> {
    pending.put(&configs_of(record.user_id).text(&record.name), record)
}

pub(super) fn delete_config(pending: &mut Pending<'_>, user_id: UserId, name: &str) -> Result<()> {
    pending.remove(&configs_of(user_id).text(name))
}

pub(super) fn put_sealed_key(pending: &mut Pending<'_>, record: &SealedKeyRecord) -> Result<()> {
    pending.put(&sealed_keys_of(record.user_id).text(&record.provider), record)
}

pub(super) fn delete_sealed_key(pending: &mut Pending<'_>, user_id: UserId, provider: &str) -> Result<()> {
    pending.remove(&sealed_keys_of(user_id).text(provider))
}

/// Writes a token beside the key that it was given for.
pub(super) fn put_sealed_token(
    pending: &mut Pending<'_>,
    (user_id, provider): (UserId, &str),
    key_nonce: &[u8],
    token: &SealedTokenRecord,
) -> Result<()> {
    let Some(key) = find_sealed_key(pending, user_id, provider)?.filter(|key| key.nonce == key_nonce) else {
        return Err(StoreError::Conflict(Precondition::Present(Entity::SealedKey(user_id, provider.to_owned()))));
    };
    put_sealed_key(pending, &SealedKeyRecord { token: Some(token.clone()), ..key })
}

pub(super) fn put_vault(pending: &mut Pending<'_>, record: &VaultRecord) -> Result<()> {
    pending.put(&Key::of(Table::Vault), record)
}

#[async_trait]
impl Providers for SledStore {
    async fn provider_config(&self, user_id: UserId, name: &str) -> Result<Option<ProviderConfigRecord>> {
        let name = name.to_owned();
        self.read(move |tree| find_config(tree, user_id, &name)).await
    }

    async fn provider_configs(&self, user_id: UserId) -> Result<Vec<ProviderConfigRecord>> {
        self.read(move |tree| pages::list(tree, &configs_of(user_id), usize::MAX, |key, value| tree.decode(key, value).map(Some)))
            .await
    }

    async fn sealed_key(&self, user_id: UserId, provider: &str) -> Result<Option<SealedKeyRecord>> {
        let provider = provider.to_owned();
        self.read(move |tree| find_sealed_key(tree, user_id, &provider)).await
    }

    async fn sealed_key_names(&self, user_id: UserId) -> Result<Vec<String>> {
        self.read(move |tree| {
            pages::list(tree, &sealed_keys_of(user_id), usize::MAX, |key, value| {
                tree.decode(key, value).map(|record: SealedKeyRecord| Some(record.provider))
            })
        })
        .await
    }

    async fn has_sealed_keys(&self) -> Result<bool> {
        self.read(|tree| Ok(!pages::list(tree, &Key::of(Table::SealedKey), 1, |_, _| Ok(Some(())))?.is_empty())).await
    }

    async fn vault(&self) -> Result<Option<VaultRecord>> {
        self.read(find_vault).await
    }
}
