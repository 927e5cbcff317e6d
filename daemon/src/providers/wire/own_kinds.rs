//! What the error codes of single services mean, where the shared reading of [`kinds`](super::kinds) would err.

use mmp_shared::ErrorCode;

use super::errors::Complaint;

/// Zhipu's numbers: its 429 stands for a locked account and for an unpaid one as well as for haste
/// (docs.bigmodel.cn/cn/faq/api-code, docs.bigmodel.cn/cn/api/api-code).
pub fn zhipu(_status: u16, complaint: &Complaint) -> Option<ErrorCode> {
    let number = complaint.marks.iter().filter(|mark| mark.len() == 4).find_map(|mark| mark.parse::<u16>().ok())?;
    Some(match number {
        1000..=1004 | 1110..=1112 | 1114..=1121 | 1220..=1222 => ErrorCode::ProviderAuth,
        1113 | 1304 | 1308..=1311 => ErrorCode::ProviderQuota,
        1211 => ErrorCode::ModelNotFound,
        1210 | 1212..=1215 => ErrorCode::ProviderBadRequest,
        1261 => ErrorCode::ContextTooLong,
        1301 => ErrorCode::ContentBlocked,
        1302 | 1303 => ErrorCode::ProviderRateLimited,
        1234 | 1305 | 1312 => ErrorCode::ProviderOverloaded,
        _ => return None,
    })
}

/// DashScope's codes, which go into detail after a dot (help.aliyun.com/zh/model-studio/error-code).
pub fn dashscope(_status: u16, complaint: &Complaint) -> Option<ErrorCode> {
    complaint.marks.iter().find_map(|mark| match mark.as_str() {
        "allocationquota.freetieronly" => Some(ErrorCode::ProviderQuota),
        "accessdenied" | "model.accessdenied" => Some(ErrorCode::ProviderAuth),
        mark if mark.starts_with("throttling") || mark == "limit_requests" => Some(ErrorCode::ProviderRateLimited),
        _ => None,
    })
}

/// Groq: 498 is a tier without room, and a request that is too large for the minute's tokens is called a limit of pace,
/// which no waiting helps (console.groq.com/docs/errors).
pub fn groq(status: u16, _complaint: &Complaint) -> Option<ErrorCode> {
    match status {
        413 => Some(ErrorCode::ContextTooLong),
        498 => Some(ErrorCode::ProviderOverloaded),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::errors::read_body, *};

    #[test]
    fn zhipus_429_is_told_apart_by_its_number() {
        let kind = |code: &str| {
            let body = format!(r#"{{"error":{{"code":"{code}","message":"x"}}}}"#);
            zhipu(429, &read_body(body.as_bytes()))
        };
        assert_eq!(kind("1113"), Some(ErrorCode::ProviderQuota));
        assert_eq!(kind("1302"), Some(ErrorCode::ProviderRateLimited));
        assert_eq!(kind("1305"), Some(ErrorCode::ProviderOverloaded));
        assert_eq!(kind("1002"), Some(ErrorCode::ProviderAuth));
        assert_eq!(kind("9999"), None);
    }

    #[test]
    fn dashscopes_details_change_nothing() {
        let kind = |code: &str| dashscope(429, &read_body(format!(r#"{{"code":"{code}","message":"x"}}"#).as_bytes()));
        assert_eq!(kind("Throttling.RateQuota"), Some(ErrorCode::ProviderRateLimited));
        assert_eq!(kind("AllocationQuota.FreeTierOnly"), Some(ErrorCode::ProviderQuota));
        assert_eq!(kind("InternalError"), None);
    }
}
