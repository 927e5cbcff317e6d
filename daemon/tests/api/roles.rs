//! Roles and images over the API: whose they are, and what of a body is refused.

use axum::http::StatusCode;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn everybody_has_roles_of_their_own() {
    let world = World::new().await;
    let (ann, ben) = (world.account("ann", "user").await, world.account("ben", "user").await);
    let made = world.put(&ann, "/api/v1/roles/poet", json!({ "system": "rhyme", "params": { "top_p": 0.5 } })).await;
    assert_eq!((made.status, &made.body["name"]), (StatusCode::OK, &json!("poet")), "{made:?}");
    assert_eq!(world.get(&ben, "/api/v1/roles").await.body, json!({ "items": [], "next_cursor": null }));
    assert_eq!(world.get(&ben, "/api/v1/roles/poet").await.code(), "not_found");
    assert_eq!(world.delete(&ben, "/api/v1/roles/poet").await.code(), "not_found");
    let asked = world.post(&ben, "/api/v1/chat", json!({ "content": "hi", "models": ["demo"], "role": "poet" })).await;
    assert_eq!(asked.code(), "not_found");
    assert!(!asked.body.to_string().contains("`poet`?"), "no word of somebody else's: {asked:?}");
    let changed = world.put(&ann, "/api/v1/roles/poet", json!({ "params": { "top_p": null }, "model": "demo" })).await;
    assert_eq!((&changed.body["params"], &changed.body["system"]), (&json!({}), &json!("rhyme")), "{changed:?}");
    assert_eq!(world.delete(&ann, "/api/v1/roles/poet").await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.delete(&ann, "/api/v1/roles/poet").await.code(), "not_found");
}

#[tokio::test]
async fn one_role_too_many_is_refused_and_those_that_are_there_can_be_changed() {
    let world = World::new().await;
    let ann = world.account("ann", "user").await;
    for number in 0..200 {
        let made = world.put(&ann, &format!("/api/v1/roles/r{number}"), json!({ "system": "x" })).await;
        assert_eq!(made.status, StatusCode::OK, "{made:?}");
    }
    let refused = world.put(&ann, "/api/v1/roles/more", json!({ "system": "x" })).await;
    assert_eq!(refused.code(), "too_large", "{refused:?}");
    assert_eq!(world.put(&ann, "/api/v1/roles/r7", json!({ "system": "y" })).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_image_that_is_none_is_refused() {
    let world = World::new().await;
    let ann = world.account("ann", "user").await;
    for (part, code) in [
        (json!({ "type": "image", "media_type": "image/png", "data": "JVBERi0xLjc=" }), "bad_request"),
        (json!({ "type": "image", "media_type": "image/jpeg", "data": "iVBORw0KGgo=" }), "bad_request"),
        (json!({ "type": "image", "media_type": "image/tiff", "data": "" }), "bad_request"),
        (json!({ "type": "image", "media_type": "image/png", "data": "%%" }), "bad_request"),
        (json!({ "type": "reasoning", "text": "hm" }), "bad_request"),
    ] {
        let answer = world.post(&ann, "/api/v1/chat", json!({ "content": [part], "models": ["demo"] })).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, code), "{part}: {answer:?}");
    }
    let part = json!({ "type": "image", "media_type": "image/png", "data": "iVBORw0KGgo=" });
    let answer = world.post(&ann, "/api/v1/chat", json!({ "content": [part], "models": ["demo"], "detach": true })).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
}
