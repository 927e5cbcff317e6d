//! What providers say instead of an answer, in each of the shapes they say it in: its class, whether it is tried again,
//! and the exit code. The bodies are those of the vendors' documents and of recorded answers.

use serde_json::json;

use crate::{
    replies::{good, says, says_with},
    world::World,
};

/// What a class of errors means to the user.
struct Class {
    code: &'static str,
    exit: i32,
    is_retried: bool,
}

const fn once(code: &'static str, exit: i32) -> Class {
    Class { code, exit, is_retried: false }
}

const AUTH: Class = once("provider_auth", 4);
const QUOTA: Class = once("provider_quota", 5);
const TOO_LONG: Class = once("context_too_long", 4);
const BLOCKED: Class = once("content_blocked", 4);
const BAD: Class = once("provider_bad_request", 4);
const NO_MODEL: Class = once("model_not_found", 4);
const RATE: Class = Class { code: "provider_rate_limited", exit: 5, is_retried: true };
const OVERLOADED: Class = Class { code: "provider_overloaded", exit: 4, is_retried: true };
const TIMED_OUT: Class = Class { code: "provider_timeout", exit: 4, is_retried: true };

/// A kind of provider, the status, the body.
type Row = (&'static str, u16, &'static str);

/// Each row, refused for ever and then, if that is tried again, answered.
fn check(class: &Class, rows: &[Row]) {
    let world = World::new();
    for (kind, status, body) in rows {
        // The wait is the affair of `waits`; here there is none.
        let refusal = says_with(*status, &[("retry-after", "0")], body);
        let met = world.meet(kind, vec![refusal.clone()]);
        let times = if class.is_retried { 2 } else { 1 };
        met.ends("failed", class.exit, Some(class.code)).tried(&vec![class.code; times]).text("");
        assert_eq!(met.error["retryable"], class.is_retried, "{met:#?}");
        if class.is_retried && *kind != "wenxin-v1" {
            world.meet(kind, vec![refusal, good("at last")]).ends("complete", 0, None).tried(&[class.code, "-"]).text("at last");
        }
    }
    world.ends();
}

#[test]
fn a_key_that_is_refused() {
    check(
        &AUTH,
        &[
            (
                "openai",
                401,
                r#"{"error":{"message":"Incorrect API key provided: sk-s**6789.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#,
            ),
            (
                "openai",
                403,
                r#"{"error":{"message":"Country not supported","type":"request_forbidden","param":null,"code":"unsupported_country_region_territory"}}"#,
            ),
            (
                "deepseek",
                401,
                r#"{"error":{"message":"Authentication Fails, Your api key: ****6789 is invalid","type":"authentication_error","param":null,"code":"invalid_request_error"}}"#,
            ),
            (
                "xai",
                400,
                r#"{"code":"invalid-argument","error":"Incorrect API key provided. You can obtain an API key from https://console.x.ai."}"#,
            ),
            ("mistral", 401, r#"{"detail":"Invalid API Key"}"#),
            ("moonshot", 401, r#"{"error":{"type":"incorrect_api_key_error","message":"Incorrect API key provided"}}"#),
            ("zhipu", 401, r#"{"error":{"code":"1002","message":"Authorization Token is invalid"}}"#),
            ("zhipu", 429, r#"{"error":{"code":"1112","message":"the account is locked"}}"#),
            (
                "dashscope",
                401,
                r#"{"error":{"message":"Incorrect API key provided.","type":"invalid_request_error","param":null,"code":"invalid_api_key"},"request_id":"r"}"#,
            ),
            ("dashscope", 401, r#"{"code":"InvalidApiKey","message":"Invalid API-key provided.","request_id":"r"}"#),
            ("groq", 401, r#"{"error":{"message":"Invalid API Key","type":"invalid_request_error","code":"invalid_api_key"}}"#),
            ("openrouter", 401, r#"{"error":{"message":"User not found.","code":401},"user_id":"u"}"#),
            (
                "azure",
                401,
                r#"{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint."}}"#,
            ),
            ("llamacpp", 401, r#"{"error":{"code":401,"message":"Invalid API Key","type":"authentication_error"}}"#),
            (
                "wenxin",
                401,
                r#"{"error":{"code":"invalid_iam_token","message":"IAM Certification failed","type":"invalid_request_error"},"id":"as-1"}"#,
            ),
            (
                "wenxin",
                401,
                r#"{"error":{"code":"no_parameter_permission","message":"no permission","type":"access_denied"},"id":"as-1"}"#,
            ),
            ("wenxin-v1", 200, r#"{"error_code":6,"error_msg":"No permission to access data"}"#),
            ("wenxin-v1", 200, r#"{"error_code":100,"error_msg":"Invalid parameter","id":"as-1"}"#),
            ("openai", 401, "no JSON at all"),
        ],
    );
}

#[test]
fn an_account_without_credit() {
    check(
        &QUOTA,
        &[
            (
                "openai",
                429,
                r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#,
            ),
            (
                "deepseek",
                402,
                r#"{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}"#,
            ),
            (
                "moonshot",
                429,
                r#"{"error":{"type":"exceeded_current_quota_error","message":"Your account is suspended, check your plan and billing details"}}"#,
            ),
            ("zhipu", 429, r#"{"error":{"code":"1113","message":"Your account is in arrears"}}"#),
            ("zhipu", 429, r#"{"error":{"code":"1308","message":"limit of the plan, resets at 2026-11-24"}}"#),
            (
                "dashscope",
                400,
                r#"{"error":{"message":"Access denied, make sure your account is in good standing.","type":"Arrearage","param":null,"code":"Arrearage"},"request_id":"r"}"#,
            ),
            ("openrouter", 402, r#"{"error":{"message":"Insufficient credits. Add more","code":402}}"#),
            ("wenxin-v1", 200, r#"{"error_code":17,"error_msg":"Open api daily request limit reached"}"#),
            ("wenxin-v1", 200, r#"{"error_code":19,"error_msg":"Open api total request limit reached"}"#),
        ],
    );
}

#[test]
fn too_many_requests() {
    check(
        &RATE,
        &[
            (
                "openai",
                429,
                r#"{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}"#,
            ),
            (
                "deepseek",
                429,
                r#"{"error":{"message":"too many concurrent requests","type":"unknown_error","param":null,"code":"invalid_request_error"}}"#,
            ),
            ("moonshot", 429, r#"{"error":{"type":"rate_limit_reached_error","message":"max RPM reached"}}"#),
            ("zhipu", 429, r#"{"error":{"code":"1302","message":"too many at once"}}"#),
            ("zhipu", 429, r#"{"error":{"code":"1303","message":"too often"}}"#),
            (
                "dashscope",
                429,
                r#"{"error":{"message":"Requests rate limit exceeded","type":"Throttling.RateQuota","code":"Throttling.RateQuota"},"request_id":"r"}"#,
            ),
            (
                "mistral",
                429,
                r#"{"object":"error","message":"Requests rate limit exceeded","type":"rate_limited","param":null,"code":"1300","raw_status_code":429}"#,
            ),
            (
                "openrouter",
                429,
                r#"{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"slow down","provider_name":"P"}}}"#,
            ),
            ("groq", 429, r#"{"error":{"message":"Rate limit reached for model","type":"tokens","code":"rate_limit_exceeded"}}"#),
            ("xai", 429, r#"{"code":"resource-exhausted","error":"Too many requests"}"#),
            ("azure", 429, r#"{"error":{"code":"429","message":"Requests have exceeded the call rate limit"}}"#),
            (
                "wenxin",
                429,
                r#"{"error":{"code":"rpm_rate_limit_exceeded","message":"Rate limit reached for RPM","type":"rate_limit_exceeded"},"id":"as-1"}"#,
            ),
            ("wenxin-v1", 200, r#"{"error_code":18,"error_msg":"Open api qps request limit reached"}"#),
            ("wenxin-v1", 200, r#"{"error_code":336501,"error_msg":"Rate limit reached for RPM"}"#),
            ("wenxin-v1", 200, r#"{"error_code":4,"error_msg":"Open api request limit reached"}"#),
            ("openai", 429, ""),
        ],
    );
}

#[test]
fn a_server_that_has_too_much_to_do() {
    check(
        &OVERLOADED,
        &[
            ("openai", 500, r#"{"error":{"message":"The server had an error","type":"server_error","param":null,"code":null}}"#),
            ("openai", 502, "<html><head><title>502 Bad Gateway</title></head></html>"),
            ("openai", 503, r#"{"error":{"message":"The engine is currently overloaded","type":"server_error"}}"#),
            ("openai", 529, r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"}"#),
            (
                "deepseek",
                503,
                r#"{"error":{"message":"Service is too busy","type":"service_unavailable_error","code":"invalid_request_error"}}"#,
            ),
            ("moonshot", 429, r#"{"error":{"type":"engine_overloaded_error","message":"The engine is currently overloaded"}}"#),
            ("zhipu", 429, r#"{"error":{"code":"1305","message":"overloaded"}}"#),
            ("zhipu", 500, r#"{"error":{"code":"1234","message":"network error"}}"#),
            ("dashscope", 500, r#"{"code":"InternalError","message":"An internal error has occured","request_id":"r"}"#),
            ("groq", 498, r#"{"error":{"message":"Flex tier capacity exceeded","type":"flex","code":"capacity_exceeded"}}"#),
            (
                "openrouter",
                502,
                r#"{"error":{"message":"Provider returned error","code":502,"metadata":{"raw":"{\"error\":\"boom\"}","provider_name":"P"}}}"#,
            ),
            ("wenxin-v1", 200, r#"{"error_code":336100,"error_msg":"the service is busy"}"#),
            ("wenxin-v1", 200, r#"{"error_code":2,"error_msg":"Service temporarily unavailable"}"#),
            ("openai", 200, r#"{"error":{"message":"upstream broke","type":"server_error","code":null}}"#),
        ],
    );
}

#[test]
fn a_server_that_gave_up_waiting() {
    check(
        &TIMED_OUT,
        &[("openai", 504, "<html></html>"), ("openrouter", 408, r#"{"error":{"message":"Timed out","code":408}}"#)],
    );
}

#[test]
fn a_conversation_that_is_too_long() {
    check(
        &TOO_LONG,
        &[
            (
                "openai",
                400,
                r#"{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
            ),
            (
                "deepseek",
                400,
                r#"{"error":{"message":"This model's maximum context length is 1048565 tokens.","type":"invalid_request_error","code":"invalid_request_error"}}"#,
            ),
            (
                "moonshot",
                400,
                r#"{"error":{"type":"invalid_request_error","message":"Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)"}}"#,
            ),
            ("zhipu", 400, r#"{"error":{"code":"1261","message":"Prompt exceeds max length"}}"#),
            ("groq", 413, r#"{"error":{"message":"Request too large for model","type":"tokens","code":"rate_limit_exceeded"}}"#),
            (
                "llamacpp",
                400,
                r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}"#,
            ),
            (
                "wenxin",
                400,
                r#"{"error":{"code":"tokens_too_long","message":"the length is too long","type":"invalid_request_error"},"id":"as-1"}"#,
            ),
            ("wenxin-v1", 200, r#"{"error_code":336103,"error_msg":"the max input tokens is 7168"}"#),
        ],
    );
}

#[test]
fn content_that_is_blocked() {
    check(
        &BLOCKED,
        &[
            (
                "azure",
                400,
                r#"{"error":{"message":"The response was filtered","param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
            ),
            (
                "moonshot",
                400,
                r#"{"error":{"type":"content_filter","message":"The request was rejected because it was considered high risk"}}"#,
            ),
            ("zhipu", 400, r#"{"error":{"code":"1301","message":"unsafe content"}}"#),
            (
                "dashscope",
                400,
                r#"{"error":{"message":"Input data may contain inappropriate content.","type":"data_inspection_failed","code":"data_inspection_failed"},"request_id":"r"}"#,
            ),
            (
                "dashscope",
                400,
                r#"{"code":"DataInspectionFailed","message":"Input data may contain inappropriate content.","request_id":"r"}"#,
            ),
            (
                "openrouter",
                403,
                r#"{"error":{"message":"Your chosen model requires moderation and your input was flagged","code":403,"metadata":{"reasons":["x"],"flagged_input":"y"}}}"#,
            ),
            (
                "wenxin",
                400,
                r#"{"error":{"code":"unsafe_request","message":"the content is unsafe","type":"unsafe_request"},"id":"as-1"}"#,
            ),
        ],
    );
}

#[test]
fn a_model_that_is_not_there() {
    check(
        &NO_MODEL,
        &[
            (
                "openai",
                404,
                r#"{"error":{"message":"The model `m` does not exist or you do not have access to it.","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#,
            ),
            (
                "deepseek",
                400,
                r#"{"error":{"message":"Model Not Exist","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}"#,
            ),
            ("xai", 400, r#"{"code":"invalid-argument","error":"Model not found: m"}"#),
            ("zhipu", 400, r#"{"error":{"code":"1211","message":"unknown model"}}"#),
            (
                "azure",
                404,
                r#"{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}"#,
            ),
            (
                "wenxin",
                400,
                r#"{"error":{"code":"invalid_model","message":"The model does not exist","type":"invalid_request_error"},"id":"as-1"}"#,
            ),
            ("wenxin-v1", 200, r#"{"error_code":3,"error_msg":"Unsupported openapi method"}"#),
            ("openai", 404, r#"{"error":"model 'm' not found"}"#),
        ],
    );
}

#[test]
fn a_request_that_is_refused() {
    check(
        &BAD,
        &[
            (
                "openai",
                400,
                r#"{"error":{"message":"Invalid value","type":"invalid_request_error","param":"n","code":"decimal_above_max_value"}}"#,
            ),
            (
                "deepseek",
                422,
                r#"{"error":{"message":"Failed to deserialize the JSON body","type":"invalid_request_error","code":"invalid_request_error"}}"#,
            ),
            (
                "mistral",
                400,
                r#"{"object":"error","message":"Expected last role User or Tool","type":"invalid_request_error","param":null,"code":"3230","raw_status_code":400}"#,
            ),
            (
                "mistral",
                422,
                r#"{"detail":[{"loc":["body","top_k"],"msg":"Extra inputs are not permitted","type":"extra_forbidden"}]}"#,
            ),
            (
                "groq",
                400,
                r#"{"error":{"message":"Failed to call a function","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"x"}}"#,
            ),
            ("zhipu", 400, r#"{"error":{"code":"1214","message":"bad parameter"}}"#),
            ("dashscope", 400, r#"{"code":"InvalidParameter","message":"a required parameter is missing","request_id":"r"}"#),
            ("llamacpp", 501, r#"{"error":{"code":501,"message":"not supported","type":"not_supported_error"}}"#),
            (
                "wenxin",
                400,
                r#"{"error":{"code":"invalid_messages","message":"bad messages","type":"invalid_request_error"},"id":"as-1"}"#,
            ),
            ("wenxin-v1", 200, r#"{"error_code":336003,"error_msg":"the length of messages must be an odd number"}"#),
            ("openai", 400, r#"[{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT"}}]"#),
        ],
    );
}

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
