//! There is always an admin left.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::json;

use crate::world::{Who, World};

async fn own_name(world: &World) -> String {
    world.get(&Who::own(), "/api/v1/users/me").await.text("username")
}

#[tokio::test]
async fn the_last_admin_is_neither_disabled_nor_demoted_nor_deleted_and_is_told_why() {
    let world = World::new().await;
    let path = format!("/api/v1/admin/users/{}", own_name(&world).await);
    for patch in [json!({ "disabled": true }), json!({ "role": "user" })] {
        let answer = world.patch(&Who::own(), &path, patch).await;
        assert_eq!(answer.code(), "conflict", "{answer:?}");
        assert!(answer.text("message").contains("last admin") && !answer.text("hint").is_empty(), "{answer:?}");
    }
    assert_eq!(world.delete(&Who::own(), &path).await.code(), "conflict");
    assert_eq!(world.delete(&Who::own(), "/api/v1/users/me").await.code(), "conflict");
    world.account("another", "admin").await;
    assert_eq!(world.patch(&Who::own(), &path, json!({ "role": "user" })).await.status, StatusCode::OK);
    assert_eq!(world.get(&Who::own(), "/api/v1/admin/users").await.code(), "forbidden");
}

#[tokio::test]
async fn two_admins_who_demote_each_other_at_once_do_not_both_succeed() {
    for _ in 0..10 {
        let world = Arc::new(World::new().await);
        let other = world.account("another", "admin").await;
        let own = own_name(&world).await;
        let demote = |who: Who, name: String| {
            let world = Arc::clone(&world);
            tokio::spawn(
                async move { world.patch(&who, &format!("/api/v1/admin/users/{name}"), json!({ "role": "user" })).await },
            )
        };
        let both = (demote(Who::own(), "another".into()), demote(other, own));
        let statuses = [both.0.await.expect("no panic").status, both.1.await.expect("no panic").status];
        assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{statuses:?}");
    }
}
