//! Searches over HTTP: everybody finds their own, at once and no longer than it is there, and nobody another's.

use axum::http::StatusCode;
use mmp_shared::UserId;
use serde_json::{Value, json};

use crate::world::{Answer, Who, World};

/// Says something, and waits for the end of the answer. Returns the conversation.
async fn say(world: &World, who: &Who, text: &str) -> String {
    let answer = world.post(who, "/api/v1/chat", json!({ "content": text, "models": ["demo"], "detach": true })).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
    while world.services.runs.live_count() > 0 {
        tokio::task::yield_now().await;
    }
    let list = world.get(who, "/api/v1/conversations?limit=1").await;
    list.body["items"][0]["id"].as_str().expect("a conversation").to_owned()
}

async fn ask(world: &World, who: &Who, pairs: &[(&str, &str)]) -> Answer {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    world.get(who, &format!("/api/v1/search?{query}")).await
}

/// The conversations in which something is found.
async fn found(world: &World, who: &Who, query: &str) -> Vec<String> {
    let answer = ask(world, who, &[("q", query)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {answer:?}");
    let place = |hit: &Value| hit["conversation_id"].as_str().expect("an id").to_owned();
    let mut places: Vec<_> = answer.body["items"].as_array().expect("items").iter().map(place).collect();
    places.sort();
    places.dedup();
    places
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_what_is_anothers() {
    let world = World::new().await;
    let (ann, bob) = (world.account("ann", "user").await, world.account("bob", "admin").await);
    let hers = say(&world, &ann, "my secret plan 数据库").await;
    let his = say(&world, &bob, "our secret plan 数据库").await;
    let queries =
        ["secret", "\"secret plan\"", "sec*", "数据库", "库", "role:user", "model:demo", "after:2020-01-01", "secret role:user"];
    tokio::spawn(std::sync::Arc::clone(&world.services.search).keep_up());
    for is_written in [false, true] {
        while is_written && !world.services.search.is_written().await {
            tokio::task::yield_now().await;
        }
        for query in queries {
            assert_eq!(found(&world, &ann, query).await, std::slice::from_ref(&hers), "{query}, written: {is_written}");
            assert_eq!(found(&world, &bob, query).await, std::slice::from_ref(&his), "{query}, written: {is_written}");
        }
        assert_eq!(ask(&world, &bob, &[("q", &format!("secret in:{hers}"))]).await.code(), "not_found");
    }
    assert_eq!(ask(&world, &Who::nobody(), &[("q", "secret")]).await.status, StatusCode::UNAUTHORIZED);
    let chatter = world.token(&ann, &["chat"]).await;
    assert_eq!(ask(&world, &chatter, &[("q", "secret")]).await.status, StatusCode::FORBIDDEN);
    let reader = world.token(&ann, &["read"]).await;
    assert_eq!(found(&world, &reader, "secret").await, [hers]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_is_gone_at_once_and_what_is_imported_is_there_at_once() {
    let world = World::new().await;
    let ann = world.account("ann", "user").await;
    let first = say(&world, &ann, "a zebrafish").await;
    let second = say(&world, &ann, "another zebrafish").await;
    let whole = world.get(&ann, &format!("/api/v1/conversations/{first}/export")).await.body;
    world.services.search.purge().await.expect("it is written");
    assert_eq!(found(&world, &ann, "zebrafish").await.len(), 2);
    assert_eq!(world.delete(&ann, &format!("/api/v1/conversations/{first}")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(found(&world, &ann, "zebrafish").await, [second]);
    let taken = world.post(&ann, "/api/v1/import", json!({ "conversations": [whole] })).await;
    assert_eq!(taken.status, StatusCode::OK, "{taken:?}");
    assert_eq!(found(&world, &ann, "zebrafish").await.len(), 2);
    assert_eq!(world.delete(&ann, "/api/v1/conversations").await.status, StatusCode::OK);
    for query in ["zebrafish", "zebra*", "role:user"] {
        assert_eq!(found(&world, &ann, query).await, Vec::<String>::new(), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_deleted_account_no_message_is_left_to_be_found() {
    let world = World::new().await;
    let ann = world.account("ann", "user").await;
    say(&world, &ann, "a zebrafish").await;
    let id: UserId = world.get(&ann, "/api/v1/users/me").await.text("id").parse().expect("an id");
    let told = world.store.message_changes(0, 100).await.expect("read");
    assert!(told.len() >= 2 && told.iter().all(|change| change.message.as_ref().is_some_and(|message| message.user_id == id)));
    assert_eq!(world.delete(&ann, "/api/v1/users/me").await.status, StatusCode::NO_CONTENT);
    let left = world.store.message_changes(0, 100).await.expect("read");
    assert_eq!(left.len(), told.len());
    assert!(left.iter().all(|change| change.message.is_none()), "the index is told of each that it is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_is_good_for_its_own_list_alone() {
    let world = World::new().await;
    let (ann, bob) = (world.account("ann", "user").await, world.account("bob", "user").await);
    for who in [&ann, &ann, &ann, &bob, &bob] {
        say(&world, who, "a needle in hay").await;
    }
    let query = "role:user needle";
    for sort in ["best", "newest"] {
        let page = ask(&world, &ann, &[("q", query), ("sort", sort), ("limit", "1")]).await;
        let cursor = page.text("next_cursor");
        let next = ask(&world, &ann, &[("q", query), ("sort", sort), ("limit", "1"), ("cursor", &cursor)]).await;
        assert_ne!(next.body["items"][0]["message_id"], page.body["items"][0]["message_id"], "{sort}");
        let other_sort = if sort == "best" { "newest" } else { "best" };
        let wrong = [(&bob, query, sort), (&ann, "role:user hay", sort), (&ann, query, other_sort)];
        for (who, query, sort) in wrong {
            let refused = ask(&world, who, &[("q", query), ("sort", sort), ("cursor", &cursor)]).await;
            assert_eq!((refused.status, refused.code()), (StatusCode::BAD_REQUEST, "bad_request"), "{query} {sort}");
        }
    }
    let list = world.get(&ann, "/api/v1/conversations?limit=1").await.text("next_cursor");
    assert_eq!(ask(&world, &ann, &[("q", query), ("cursor", &list)]).await.code(), "bad_request");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_looked_for_is_refused_in_words() {
    let world = World::new().await;
    let ann = world.account("ann", "user").await;
    let long = "x".repeat(10_000);
    for (query, said) in
        [(long.as_str(), "1,000"), ("?!… 。，", "word"), ("", "word"), ("after:soon x", "soon"), ("role:god x", "god")]
    {
        let refused = ask(&world, &ann, &[("q", query)]).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::BAD_REQUEST, "bad_request"), "{said}");
        let words = format!("{} {}", refused.body, refused.body["hint"]);
        assert!(words.contains(said) || words.contains(&said.replace(',', "")), "{said}: {words}");
    }
    // As many words as fit are looked for, not refused.
    let many = "ab ".repeat(333);
    assert_eq!(ask(&world, &ann, &[("q", &many)]).await.status, StatusCode::OK);
    assert_eq!(ask(&world, &ann, &[("q", "a* b* c* 的* *")]).await.status, StatusCode::OK);
}
