//! What users have said about providers, their sealed keys, and where the master key lives.

use mmpd::store::{Batch, Entity, Operation, Precondition, StoreError, records::SealedKeyRecord};

use crate::{
    fixture::cases,
    records::{provider_config, put_sealed_token, sealed_key, user_id, vault},
};

cases! {
    configurations_are_listed_by_name_and_by_user(fixture) {
        let records = ["zhipu", "azure", "文心", "a"].map(|name| provider_config(1, name, 1));
        fixture.put(records.clone().map(Operation::PutProviderConfig)).await;
        fixture.put([Operation::PutProviderConfig(provider_config(2, "azure", 5))]).await;
        let mut sorted = records.to_vec();
        sorted.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(fixture.store.provider_configs(user_id(1)).await, Ok(sorted));
        assert_eq!(fixture.store.provider_configs(user_id(3)).await, Ok(vec![]));
        assert_eq!(fixture.store.provider_config(user_id(1), "azure").await, Ok(Some(provider_config(1, "azure", 1))));
        assert_eq!(fixture.store.provider_config(user_id(1), "azur").await, Ok(None));
    }

    a_configuration_can_be_changed_and_forgotten(fixture) {
        fixture.put([Operation::PutProviderConfig(provider_config(1, "x", 1))]).await;
        fixture.put([Operation::PutProviderConfig(provider_config(1, "x", 2))]).await;
        assert_eq!(fixture.store.provider_configs(user_id(1)).await, Ok(vec![provider_config(1, "x", 2)]));
        let forget = Operation::DeleteProviderConfig(user_id(1), "x".into());
        fixture.put([forget.clone()]).await;
        fixture.put([forget]).await;
        assert_eq!(fixture.store.provider_config(user_id(1), "x").await, Ok(None));
    }

    sealed_keys_belong_to_their_user(fixture) {
        assert_eq!(fixture.store.has_sealed_keys().await, Ok(false));
        fixture.put(["openai", "deepseek"].map(|provider| Operation::PutSealedKey(sealed_key(1, provider)))).await;
        assert_eq!(fixture.store.has_sealed_keys().await, Ok(true));
        assert_eq!(fixture.store.sealed_key(user_id(1), "openai").await, Ok(Some(sealed_key(1, "openai"))));
        assert_eq!(fixture.store.sealed_key(user_id(2), "openai").await, Ok(None));
        assert_eq!(fixture.store.sealed_key_names(user_id(1)).await, Ok(vec!["deepseek".into(), "openai".into()]));
        assert_eq!(fixture.store.sealed_key_names(user_id(2)).await, Ok(vec![]));
    }

    a_token_stands_beside_the_key_that_it_was_given_for(fixture) {
        let beside = async || fixture.store.sealed_key(user_id(1), "wenxin").await.expect("a read").and_then(|key| key.token);
        let conflict = Err(StoreError::Conflict(Precondition::Present(Entity::SealedKey(user_id(1), "wenxin".into()))));
        let put = async |operation| fixture.store.commit(Batch::new().then(operation)).await;
        assert_eq!(put(put_sealed_token(1, "wenxin", 7)).await, conflict, "there is no key");
        fixture.put([Operation::PutSealedKey(sealed_key(1, "wenxin")), put_sealed_token(1, "wenxin", 7)]).await;
        assert_eq!(beside().await.map(|token| token.sealed), Some(vec![7]));
        fixture.put([put_sealed_token(1, "wenxin", 8)]).await;
        assert_eq!(beside().await.map(|token| token.sealed), Some(vec![8]));
        fixture.put([Operation::PutSealedKey(SealedKeyRecord { nonce: vec![3; 24], ..sealed_key(1, "wenxin") })]).await;
        assert_eq!(beside().await, None, "another key has no token yet");
        assert_eq!(put(put_sealed_token(1, "wenxin", 7)).await, conflict, "it was given for the key before");
        fixture.put([Operation::PutSealedKey(sealed_key(1, "wenxin")), put_sealed_token(1, "wenxin", 7)]).await;
        fixture.put([Operation::DeleteSealedKey(user_id(1), "wenxin".into())]).await;
        fixture.put([Operation::PutSealedKey(sealed_key(1, "wenxin"))]).await;
        assert_eq!(beside().await, None);
    }

    the_last_sealed_key_leaves_none(fixture) {
        fixture.put([Operation::PutSealedKey(sealed_key(1, "openai"))]).await;
        fixture.put([Operation::DeleteSealedKey(user_id(1), "openai".into())]).await;
        assert_eq!(fixture.store.has_sealed_keys().await, Ok(false));
        assert_eq!(fixture.store.sealed_key_names(user_id(1)).await, Ok(vec![]));
    }

    the_vault_is_one_record(fixture) {
        assert_eq!(fixture.store.vault().await, Ok(None));
        fixture.put([Operation::PutVault(vault("a"))]).await;
        fixture.put([Operation::PutVault(vault("b"))]).await;
        assert_eq!(fixture.store.vault().await, Ok(Some(vault("b"))));
    }
}
