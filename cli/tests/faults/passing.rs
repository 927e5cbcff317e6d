//! What providers say instead of an answer where it may pass, in each of the shapes they say it in. The bodies are those of
//! the vendors' documents and of recorded answers.

use crate::classes::{OVERLOADED, RATE, TIMED_OUT, check};

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
