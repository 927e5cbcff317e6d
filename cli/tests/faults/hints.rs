//! What some refusals say beside their class.

use serde_json::json;

use crate::{replies::says, world::World};

#[test]
fn the_hint_names_the_flag_of_a_parameter_that_is_refused() {
    let world = World::new();
    for (kind, body, hint) in [
        (
            "openai",
            r#"{"error":{"message":"no","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}"#,
            "leave out `--max-tokens`",
        ),
        (
            "moonshot",
            r#"{"error":{"type":"invalid_request_error","message":"invalid temperature: only 1 is allowed"}}"#,
            "leave out `--temperature`",
        ),
        (
            "dashscope",
            r#"{"error":{"message":"parameter.enable_thinking must be set to false","code":"invalid_parameter_error"}}"#,
            "leave out `--think`",
        ),
        (
            "mistral",
            r#"{"detail":[{"loc":["body","top_k"],"msg":"Extra inputs are not permitted"}]}"#,
            "leave out `--param top_k`",
        ),
    ] {
        world.meet(kind, vec![says(400, body)]).ends("failed", 4, Some("provider_bad_request")).words(&[hint]);
    }
    world.ends();
}

#[test]
fn a_name_that_deepseek_took_back_has_a_hint() {
    let world = World::new();
    let words = |asked: &str| {
        let message = format!("The supported API model names are deepseek-flash or deepseek-v4-pro, but you passed {asked}.");
        json!({"error": {"message": message, "type": "invalid_request_error", "param": null, "code": "invalid_request_error"}})
            .to_string()
    };
    let retired = world.meet("deepseek", vec![says(400, &words("deepseek-chat"))]);
    retired.ends("failed", 4, Some("model_not_found")).words(&["names that DeepSeek took back", "deepseek-reasoner"]);
    let unknown = world.meet("deepseek", vec![says(400, &words("m"))]);
    unknown.ends("failed", 4, Some("model_not_found")).words(&["mmp providers test"]);
    assert!(!unknown.error.to_string().contains("took back"), "{unknown:#?}");
    world.ends();
}

#[test]
fn what_a_model_refuses_is_an_answer_that_was_filtered() {
    let world = World::new();
    let refusal = json!({"choices": [{"message": {"content": null, "refusal": "I can't"}, "finish_reason": "stop"}]}).to_string();
    let met = world.meet("openai", vec![says(200, &refusal)]);
    met.ends("filtered", 7, None).tried(&["-"]).text("");
    assert_eq!(met.answer["refusal"], "I can't");
    let cut = json!({"choices": [{"message": {"content": "he said"}, "finish_reason": "content_filter"}]}).to_string();
    world.meet("azure", vec![says(200, &cut)]).ends("filtered", 7, None).text("he said");
    world.ends();
}
