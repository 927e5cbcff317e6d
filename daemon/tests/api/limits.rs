//! How often one may ask, how slowly, and what a caller may do to others by asking: nothing.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use mmp_shared::config::Rate;
use serde_json::json;

use crate::world::{Answer, Who, World};

const ME: &str = "/api/v1/users/me";

/// A daemon where so many may ask in an hour.
async fn world(account: &str, token: &str, source: &str) -> World {
    World::with(|config| {
        let rates = &mut config.limits.rates;
        (rates.account, rates.token, rates.source) = (Rate::parse(account), Rate::parse(token), Rate::parse(source));
    })
    .await
}

fn header(answer: &Answer, name: &str) -> Option<u64> {
    answer.headers.get(name)?.to_str().ok()?.parse().ok()
}

#[tokio::test]
async fn an_account_that_asks_too_often_is_told_how_long_to_wait_and_slows_nobody_else() {
    let world = world("3/h", "off", "off").await;
    let (ann, bob) = (world.account("ann", "user").await, world.account("bob", "user").await);
    for left in [2, 1, 0] {
        let answer = world.get(&ann, ME).await;
        assert_eq!((answer.status, header(&answer, "ratelimit-remaining")), (StatusCode::OK, Some(left)), "{answer:?}");
        assert_eq!(header(&answer, "ratelimit-limit"), Some(3));
    }
    let refused = world.get(&ann, ME).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::TOO_MANY_REQUESTS, "rate_limited"));
    let wait = header(&refused, "retry-after").expect("how long");
    assert!((1_000..=1_200).contains(&wait), "{wait}");
    assert_eq!(refused.body["retryable"], true);
    // A second login is the same account; another account is not.
    let again = world.log_in("ann").await;
    assert_eq!(world.get(&again, ME).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(world.get(&bob, ME).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_daemons_own_user_at_the_socket_has_no_limit() {
    let world = world("1/h", "1/h", "1/h").await;
    for _ in 0..50 {
        let answer = world.get(&Who::own(), ME).await;
        assert_eq!((answer.status, header(&answer, "ratelimit-limit")), (StatusCode::OK, None));
    }
}

#[tokio::test]
async fn an_access_token_has_a_limit_of_its_own() {
    let world = world("100/h", "2/h", "off").await;
    let ann = world.account("ann", "user").await;
    let (first, second) = (world.token(&ann, &["read"]).await, world.token(&ann, &["read"]).await);
    let statuses = |who: Who| {
        let world = &world;
        async move {
            let mut statuses = Vec::new();
            for _ in 0..3 {
                statuses.push(world.get(&who, "/api/v1/models").await.status.as_u16());
            }
            statuses
        }
    };
    assert_eq!(statuses(first).await, [200, 200, 429]);
    assert_eq!(statuses(second).await, [200, 200, 429]);
    assert_eq!(world.get(&ann, ME).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_address_is_limited_before_anybody_is_known() {
    let world = world("off", "off", "2/h").await;
    let wrong = json!({ "username": "ann", "password": "wrong wrong wrong wrong" });
    let ask = |address: &'static str| {
        let (world, wrong) = (&world, wrong.clone());
        async move { world.post(&Who::nobody().at(address), "/api/v1/auth/login", wrong).await.status.as_u16() }
    };
    assert_eq!([ask("10.0.0.1:1").await, ask("10.0.0.1:2").await, ask("10.0.0.1:3").await], [401, 401, 429]);
    assert_eq!(ask("10.0.0.2:1").await, 401);
    assert_eq!([ask("[2001:db8::1]:1").await, ask("[2001:db8::2]:1").await, ask("[2001:db8::3]:1").await], [401, 401, 429]);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_waited_for_no_longer() {
    let world = World::with(|config| config.listen.body_timeout = Duration::from_millis(50)).await;
    let answer = world.ask_slowly(&Who::own(), Method::POST, "/api/v1/chat").await;
    assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "bad_request"), "{answer:?}");
    assert!(answer.text("message").contains("in time"), "{answer:?}");
}
