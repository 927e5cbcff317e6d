//! Batches: whole or not at all, with preconditions, one after the other however many come at once.

use std::sync::Arc;

use mmpd::store::{Batch, Entity, Operation, Precondition, StoreError};

use crate::{
    fixture::cases,
    records::{
        at, conversation, conversation_id, invite, invite_id, login, login_id, message, message_id, password, provider_config,
        role, run, run_id, sealed_key, settings, token, token_id, user, user_id, vault,
    },
};

cases! {
    a_batch_whose_precondition_fails_changes_nothing(fixture) {
        let broken = Precondition::Present(Entity::User(user_id(9)));
        let batch = Batch::new()
            .then(Operation::PutConversation(conversation(1, 1, 0)))
            .then(Operation::PutVault(vault("a")))
            .require(Precondition::Absent(Entity::Vault))
            .require(broken.clone());
        assert_eq!(fixture.store.commit(batch).await, Err(StoreError::Conflict(broken)));
        assert_eq!(fixture.store.conversation(user_id(1), conversation_id(1)).await, Ok(None));
        assert_eq!(fixture.store.vault().await, Ok(None));
    }

    a_batch_that_fails_in_its_middle_changes_nothing(fixture) {
        fixture.put([Operation::PutConversation(conversation(1, 1, 0)), Operation::PutSettings(settings(1, 1, &[("a", "b")]))]).await;
        let missing = Operation::AdvanceConversation {
            id: conversation_id(2), leaf_id: Some(message_id(1)), updated_at: at(5), model: None, added: 1,
        };
        let changed = conversation(1, 1, 99);
        let result = fixture.try_put([
            Operation::PutConversation(changed),
            Operation::PutSettings(settings(1, 2, &[])),
            Operation::PutMessage(message(1, 1, 1, "hi")),
            Operation::PutSealedKey(sealed_key(1, "openai")),
            crate::records::append(1, 1..4),
            missing,
        ]).await;
        assert_eq!(result, Err(StoreError::Conflict(Precondition::Present(Entity::Conversation(conversation_id(2))))));
        let store = &fixture.store;
        assert_eq!(store.conversation(user_id(1), conversation_id(1)).await, Ok(Some(conversation(1, 1, 0))));
        assert_eq!(store.settings(user_id(1)).await, Ok(Some(settings(1, 1, &[("a", "b")]))));
        assert_eq!(store.message(user_id(1), message_id(1)).await, Ok(None));
        assert_eq!(store.has_sealed_keys().await, Ok(false));
        assert_eq!(store.run_events(run_id(1), 0, 10).await, Ok(vec![]));
    }

    an_empty_batch_changes_nothing(fixture) {
        assert_eq!(fixture.store.commit(Batch::new()).await, Ok(()));
    }

    every_kind_of_record_can_be_required(fixture) {
        let mut account = user(1, "Ann");
        account.os_user = Some(1000);
        let records = [
            (Operation::PutUser(account), Entity::User(user_id(1)), Some(1)),
            (Operation::PutConversation(conversation(1, 1, 0)), Entity::Conversation(conversation_id(1)), Some(1)),
            (Operation::PutMessage(message(1, 1, 1, "hi")), Entity::Message(message_id(1)), None),
            (Operation::PutRun(run(1, 1, 0)), Entity::Run(run_id(1)), Some(1)),
            (Operation::PutProviderConfig(provider_config(1, "x", 4)), Entity::ProviderConfig(user_id(1), "x".into()), Some(4)),
            (Operation::PutSealedKey(sealed_key(1, "x")), Entity::SealedKey(user_id(1), "x".into()), None),
            (Operation::PutSettings(settings(1, 7, &[])), Entity::Settings(user_id(1)), Some(7)),
            (Operation::PutRole(role(1, "x", 5)), Entity::Role(user_id(1), "x".into()), Some(5)),
            (Operation::PutVault(vault("a")), Entity::Vault, None),
            (Operation::PutPassword(password(1, 3)), Entity::Password(user_id(1)), Some(3)),
            (Operation::PutLogin(login(1, 1, 2)), Entity::Login(login_id(1)), Some(2)),
            (Operation::PutToken(token(1, 1)), Entity::Token(token_id(1)), None),
            (Operation::PutInvite(invite(1, 0)), Entity::Invite(invite_id(1)), None),
        ];
        for (operation, entity, version) in records {
            assert!(fixture.holds(Precondition::Absent(entity.clone())).await, "{entity:?}");
            assert!(!fixture.holds(Precondition::Present(entity.clone())).await, "{entity:?}");
            assert!(!fixture.holds(Precondition::Version(entity.clone(), 0)).await, "{entity:?}");
            fixture.put([operation]).await;
            assert!(!fixture.holds(Precondition::Absent(entity.clone())).await, "{entity:?}");
            assert!(fixture.holds(Precondition::Present(entity.clone())).await, "{entity:?}");
            assert!(!fixture.holds(Precondition::Version(entity.clone(), 99)).await, "{entity:?}");
            let asked = version.unwrap_or(1);
            assert_eq!(fixture.holds(Precondition::Version(entity.clone(), asked)).await, version.is_some(), "{entity:?}");
        }
        for entity in [Entity::Username("ANN".into()), Entity::OsUser(1000), Entity::Skeleton("1 Ann".into())] {
            assert!(fixture.holds(Precondition::Present(entity.clone())).await);
            assert!(fixture.holds(Precondition::Version(entity, 1)).await);
        }
        assert!(fixture.holds(Precondition::Absent(Entity::Username("bob".into()))).await);
        assert!(fixture.holds(Precondition::Absent(Entity::OsUser(0))).await);
    }

    preconditions_look_at_the_store_before_the_batch(fixture) {
        let entity = Entity::Conversation(conversation_id(1));
        let batch = Batch::new()
            .then(Operation::PutConversation(conversation(1, 1, 0)))
            .require(Precondition::Absent(entity.clone()));
        assert_eq!(fixture.store.commit(batch.clone()).await, Ok(()));
        assert_eq!(fixture.store.commit(batch).await, Err(StoreError::Conflict(Precondition::Absent(entity))));
    }

    operations_of_a_batch_see_those_before_them(fixture) {
        let advance = |leaf, time| Operation::AdvanceConversation {
            id: conversation_id(1), leaf_id: Some(message_id(leaf)), updated_at: at(time), model: None, added: 2,
        };
        fixture.put([Operation::PutConversation(conversation(1, 1, 0)), advance(4, 1), advance(6, 2)]).await;
        let record = fixture.store.conversation(user_id(1), conversation_id(1)).await.expect("read").expect("there");
        assert_eq!((record.version, record.messages, record.leaf_id), (3, 4, Some(message_id(6))));
    }

    of_many_writers_at_once_each_version_is_one_writers(fixture) {
        fixture.put([Operation::PutSettings(settings(1, 0, &[]))]).await;
        let tasks: Vec<_> = (0..64).map(|writer| {
            let store = Arc::clone(&fixture.store);
            tokio::spawn(async move {
                loop {
                    let mut record = store.settings(user_id(1)).await.expect("read").expect("there");
                    let seen = Precondition::Version(Entity::Settings(user_id(1)), record.version);
                    record.version += 1;
                    record.values.insert(format!("writer-{writer}"), record.version.to_string());
                    match store.commit(Batch::new().require(seen).then(Operation::PutSettings(record))).await {
                        Ok(()) => break,
                        Err(StoreError::Conflict(_)) => {}
                        Err(other) => panic!("{other}"),
                    }
                }
            })
        }).collect();
        for task in tasks {
            task.await.expect("no writer fails");
        }
        let record = fixture.store.settings(user_id(1)).await.expect("read").expect("there");
        assert_eq!((record.version, record.values.len()), (64, 64));
    }

    many_writers_at_once_all_get_through(fixture) {
        let tasks: Vec<_> = (0..64_u64).map(|writer| {
            let store = Arc::clone(&fixture.store);
            tokio::spawn(async move {
                for number in 0..8 {
                    let id = writer * 8 + number;
                    let batch = Batch::new()
                        .then(Operation::PutConversation(conversation(id, 1, i64::try_from(id).expect("small"))))
                        .then(Operation::PutMessage(message(id, id, 1, "hi")));
                    store.commit(batch).await.expect("commits");
                    let read = store.message(user_id(1), message_id(id)).await;
                    assert_eq!(read, Ok(Some(message(id, id, 1, "hi"))), "what was answered is there");
                }
            })
        }).collect();
        for task in tasks {
            task.await.expect("no writer fails");
        }
        let store = &fixture.store;
        let all = crate::fixture::all_pages(50, |page| store.conversations(user_id(1), page)).await;
        let ids: Vec<_> = all.iter().map(|record| record.id).collect();
        assert_eq!(ids, (0..512).rev().map(conversation_id).collect::<Vec<_>>());
    }

    a_closed_store_says_so(fixture) {
        assert_eq!(fixture.store.close().await, Ok(()));
        assert!(matches!(fixture.try_put([Operation::PutVault(vault("a"))]).await, Err(StoreError::Failed(words)) if words.contains("closed")));
        assert!(matches!(fixture.store.vault().await, Err(StoreError::Failed(words)) if words.contains("closed")));
    }
}
