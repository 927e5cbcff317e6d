//! What providers say instead of an answer where asking again cannot help, in each of the shapes they say it in. The bodies
//! are those of the vendors' documents and of recorded answers.

use crate::classes::{AUTH, BAD, BLOCKED, NO_MODEL, QUOTA, TOO_LONG, check};

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
