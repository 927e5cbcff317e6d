//! Lists of models through the driver.

use std::sync::Arc;

use mmp_shared::{ErrorCode, models::ListedModel};
use mmpd::providers::{Ask, driver::Driver, registry};

use super::{
    outcome::{endpoint, settings},
    server::{Server, answer},
};

#[tokio::test]
async fn a_list_is_read() {
    let server = Server::repeating(answer(200, "application/json", &[], br#"{"data":[{"id":"b"},{"id":"a"}]}"#, &[5])).await;
    let openai = registry::find("openai").expect("openai");
    let models = Driver::new(settings()).models(openai, endpoint(&format!("{}/v1", server.url()))).await;
    assert_eq!(models.expect("a list"), ["b", "a"].map(ListedModel::named));
    assert!(server.requests()[0].head.starts_with("GET /v1/models "));
}

#[tokio::test]
async fn a_refused_list_says_why() {
    let server = Server::repeating(answer(401, "application/json", &[], br#"{"detail":"Invalid API Key"}"#, &[])).await;
    let openai = registry::find("openai").expect("openai");
    let error = Driver::new(settings()).models(openai, endpoint(&server.url())).await.expect_err("refused");
    assert_eq!((error.code, error.http_status), (ErrorCode::ProviderAuth, Some(401)));
}

#[tokio::test]
async fn a_provider_without_a_list_says_so() {
    let demo = registry::find("demo").expect("demo");
    let error = Driver::new(settings()).models(Arc::clone(&demo), endpoint("")).await.expect_err("no list");
    assert_eq!(error.code, ErrorCode::Unsupported);
}

#[test]
fn the_catalogue_knows_every_flagship_and_every_provider_that_it_names() {
    for provider in registry::all() {
        let facts = provider.facts();
        let flagships = facts.flagship.into_iter().chain(facts.pair.map(|pair| pair.flagship));
        for flagship in flagships {
            assert!(mmpd::catalogue::find(facts.name, flagship).is_some(), "{} {flagship}", facts.name);
        }
    }
    for model in mmpd::catalogue::models() {
        assert!(registry::find(&model.provider).is_some(), "{}", model.provider);
    }
}
