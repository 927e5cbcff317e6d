//! The driver against a real model behind a real server, where `MMP_REAL_MODEL_URL` names its base URL.

use mmp_shared::message::FinishReason;
use mmpd::providers::{Ask, ChatCall, driver::Driver, registry};

use super::outcome::{ask, call, endpoint, settings};

fn base_url() -> Option<String> {
    let url = std::env::var("MMP_REAL_MODEL_URL").ok();
    if url.is_none() {
        eprintln!("skipped: MMP_REAL_MODEL_URL names no base URL of a real model");
    }
    url
}

fn short(base_url: &str, stream: bool) -> ChatCall {
    let mut call = call(base_url, stream);
    call.params.max_tokens = Some(5);
    call
}

/// llama.cpp says that it keeps the connection of a streamed answer, and closes it.
#[tokio::test]
async fn a_real_model_answers_again_and_again() {
    let Some(url) = base_url() else { return };
    let (driver, openai) = (Driver::new(settings()), registry::find("openai").expect("openai"));
    for round in 0..12 {
        let outcome = ask(&driver, &openai, short(&url, round % 3 != 0)).await;
        assert_eq!(outcome.error, None, "round {round}");
        assert_eq!(outcome.finish, Some(FinishReason::Length), "round {round}");
        assert!(!outcome.text.is_empty() && outcome.usage.and_then(|usage| usage.completion_tokens) == Some(5), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_real_server_lists_its_models() {
    let Some(url) = base_url() else { return };
    let openai = registry::find("openai").expect("openai");
    assert!(!Driver::new(settings()).models(openai, endpoint(&url)).await.expect("a list").is_empty());
}
