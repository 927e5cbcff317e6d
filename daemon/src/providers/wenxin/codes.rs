//! The numbers by which V1 says what went wrong, mostly inside an answer of status 200, and what the token's own endpoint
//! says (cloud.baidu.com/doc/WENXINWORKSHOP/s/tlmyncueh; baidubce/bce-qianfan-sdk `go/qianfan/consts.go`).

use mmp_shared::{ErrorCode, phrase};
use serde_json::Value;

use crate::providers::{
    ProviderError,
    wire::errors::{self, Complaint},
};

/// The error of a body, if it has V1's shape.
pub(super) fn read(provider: &str, body: &[u8]) -> Option<ProviderError> {
    of_value(provider, &serde_json::from_slice(body).ok()?)
}

/// The error that a value holds, if it has V1's shape.
pub(super) fn of_value(provider: &str, value: &Value) -> Option<ProviderError> {
    if let Some(reason) = value.get("error_description").and_then(Value::as_str) {
        return Some(of_token(provider, reason));
    }
    let number = ["error_code", "code"].iter().find_map(|name| value.get(*name)).and_then(number)?;
    // Nought is no error.
    (number != 0).then(|| {
        let mut error = errors::describe(provider, 200, &errors::read_value(value), kind);
        error.is_stale_token = matches!(number, 110 | 111);
        error
    })
}

/// The token was not given: it is said which half of the pair is wrong.
fn of_token(provider: &str, reason: &str) -> ProviderError {
    let key = if reason.contains("unknown client") { "api-key" } else { "secret-key" };
    let phrase = phrase!("wenxin-pair-refused", provider = provider, half = key, words = reason);
    ProviderError::new(ErrorCode::ProviderAuth, phrase).with_hint(phrase!("hint-wenxin-pair", provider = provider))
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn kind(_status: u16, complaint: &Complaint) -> Option<ErrorCode> {
    let number = complaint.marks.iter().find_map(|mark| mark.parse::<u32>().ok())?;
    Some(match number {
        1 | 2 | 15 | 336_000 | 336_100 | 500_000 => ErrorCode::ProviderOverloaded,
        3 | 336_005 => ErrorCode::ModelNotFound,
        4 | 18 | 336_501 | 336_502 => ErrorCode::ProviderRateLimited,
        6 | 13 | 14 | 100 | 110 | 111 | 336_004 => ErrorCode::ProviderAuth,
        17 | 19 => ErrorCode::ProviderQuota,
        336_103 => ErrorCode::ContextTooLong,
        336_001..=336_003 | 336_007 | 336_101 | 336_104 | 336_105 => ErrorCode::ProviderBadRequest,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_the_table_has_its_kind() {
        for (numbers, code) in [
            (&[1, 2, 15, 336_000, 336_100, 500_000][..], ErrorCode::ProviderOverloaded),
            (&[3, 336_005], ErrorCode::ModelNotFound),
            (&[4, 18, 336_501, 336_502], ErrorCode::ProviderRateLimited),
            (&[6, 13, 14, 100, 110, 111, 336_004], ErrorCode::ProviderAuth),
            (&[17, 19], ErrorCode::ProviderQuota),
            (&[336_103], ErrorCode::ContextTooLong),
            (&[336_001, 336_002, 336_003, 336_007, 336_101, 336_104, 336_105], ErrorCode::ProviderBadRequest),
        ] {
            for number in numbers {
                let error = read("x", format!(r#"{{"error_code":{number},"error_msg":"words","id":"as-1"}}"#).as_bytes());
                let error = error.expect("an error");
                assert_eq!((error.code, error.is_stale_token), (code, matches!(number, 110 | 111)), "{number}");
            }
        }
    }

    #[test]
    fn a_limit_may_have_other_names_and_an_answer_is_no_error() {
        let error = read("x", br#"{"code":"336501","msg":"Rate limit reached for RPM"}"#).expect("an error");
        assert_eq!(error.code, ErrorCode::ProviderRateLimited);
        assert!(error.to_string().contains("Rate limit"), "{error}");
        assert_eq!(read("x", br#"{"id":"as-1","result":"hi"}"#), None);
        assert_eq!(read("x", br#"{"error":{"code":"invalid_model","message":"no"}}"#), None);
    }
}
