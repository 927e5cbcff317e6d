//! Deleting an account: nothing of it is left but numbers, and a crash in the middle changes nothing about that.

use axum::http::StatusCode;
use mmp_shared::UserId;
use mmpd::{
    services::accounts::NOBODY,
    store::{AuditFilter, Batch, Operation, PageRequest, records::UserRecord},
};
use serde_json::json;

use crate::world::{PASSWORD, Who, World};

/// An account with something of every kind.
async fn settled(world: &World) -> (Who, UserId) {
    let ann = world.account("ann", "user").await;
    for _ in 0..3 {
        let answer = world.post(&ann, "/api/v1/chat", json!({ "content": "hello", "models": ["demo"], "detach": true })).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
    }
    let key = json!({ "mode": "set", "key": { "api_key": "sk-secret" }, "base_url": "http://127.0.0.1:1/v1" });
    assert_eq!(world.put(&ann, "/api/v1/providers/openai", key).await.status, StatusCode::OK);
    assert_eq!(world.put(&ann, "/api/v1/roles/poet", json!({ "system": "rhyme" })).await.status, StatusCode::OK);
    let settings = json!({ "model": "demo", "role": "poet" });
    assert_eq!(world.put(&ann, "/api/v1/users/me/settings", settings).await.status, StatusCode::OK);
    let said = world.put(&ann, "/api/v1/models/demo/config", json!({ "aliases": ["mine"] })).await;
    assert_eq!(said.status, StatusCode::OK, "{said:?}");
    world.token(&ann, &["chat"]).await;
    while world.services.runs.live_count() > 0 {
        tokio::task::yield_now().await;
    }
    let id = world.get(&ann, "/api/v1/users/me").await.text("id").parse().expect("an id");
    (ann, id)
}

async fn assert_nothing_is_left(world: &World, id: UserId) {
    let store = &world.store;
    assert_eq!(store.user(id).await, Ok(None));
    assert_eq!(store.password(id).await, Ok(None));
    assert_eq!(store.settings(id).await, Ok(None));
    assert_eq!(store.logins(id).await, Ok(vec![]));
    assert_eq!(store.tokens(id).await, Ok(vec![]));
    assert_eq!(store.provider_configs(id).await, Ok(vec![]));
    assert_eq!(store.sealed_key_names(id).await, Ok(vec![]));
    assert_eq!(store.model_configs(Some(id)).await, Ok(vec![]));
    assert_eq!(store.roles(id).await, Ok(vec![]));
    assert_eq!(store.model_lists(id).await, Ok(vec![]));
    assert_eq!(store.conversations(id, PageRequest::first(9)).await.expect("a page").items, []);
    assert_eq!(store.runs(id, PageRequest::first(9)).await.expect("a page").items, []);
    assert_eq!(store.usage(id, PageRequest::first(9)).await.expect("a page").items, []);
    assert_eq!(store.usage(NOBODY, PageRequest::first(9)).await.expect("a page").items.len(), 3, "the numbers stay, as nobody's");
    let audit = store.audit(AuditFilter { user_id: Some(id), ..AuditFilter::default() }, PageRequest::first(200)).await;
    assert!(!format!("{:?}", audit.expect("a page")).contains("ann"), "the audit names it by its id alone");
}

#[tokio::test]
async fn nothing_of_an_account_is_left_but_numbers() {
    let world = World::new().await;
    let (ann, id) = settled(&world).await;
    let conversation = world.get(&ann, "/api/v1/conversations").await.body["items"][0]["id"].as_str().expect("one").to_owned();
    let messages = world.store.message_ids(conversation.parse().expect("an id"), 9).await.expect("read");
    assert!(messages.len() >= 2);
    let gone = world.delete(&ann, "/api/v1/users/me").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{gone:?}");
    assert_nothing_is_left(&world, id).await;
    assert_eq!(world.store.message_ids(conversation.parse().expect("an id"), 9).await, Ok(vec![]));
    assert_eq!(world.get(&ann, "/api/v1/users/me").await.status, StatusCode::UNAUTHORIZED);
    let login = json!({ "username": "ann", "password": PASSWORD });
    assert_eq!(world.post(&Who::nobody(), "/api/v1/auth/login", login).await.status, StatusCode::UNAUTHORIZED);
    world.account("ann", "user").await;
}

#[tokio::test]
async fn a_deletion_that_a_crash_cut_goes_on_at_the_next_start() {
    let world = World::new().await;
    let (_, id) = settled(&world).await;
    let record = world.store.user(id).await.expect("read").expect("there");
    let marked = UserRecord { version: record.version + 1, deleting_at: Some(record.created_at), ..record };
    world.store.commit(Batch::new().then(Operation::PutUser(marked))).await.expect("it is written");
    world.services.users.load().await.expect("it loads, as at a start");
    assert!(world.get(&Who::own(), "/api/v1/admin/users/ann").await.body["deleting_at"].is_string());
    assert_eq!(world.services.accounts.resume().await, Ok(1));
    assert_nothing_is_left(&world, id).await;
    assert_eq!(world.services.accounts.resume().await, Ok(0));
    assert!(world.home().exists());
}

#[tokio::test]
async fn an_admin_deletes_somebodys_account() {
    let world = World::new().await;
    let (ann, id) = settled(&world).await;
    assert_eq!(world.delete(&Who::own(), "/api/v1/admin/users/ann").await.status, StatusCode::NO_CONTENT);
    assert_nothing_is_left(&world, id).await;
    assert_eq!(world.get(&ann, "/api/v1/users/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.delete(&Who::own(), "/api/v1/admin/users/ann").await.code(), "not_found");
}
