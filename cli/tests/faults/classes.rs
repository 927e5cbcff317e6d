//! The classes of a provider's errors, and what must come of each.

use crate::{
    asked::is_v1,
    replies::{good, good_v1, says_with},
    world::World,
};

/// What a class of errors means to the user.
pub(crate) struct Class {
    code: &'static str,
    exit: i32,
    is_retried: bool,
    /// The words that people read, beside the provider's own.
    words: &'static str,
}

const fn once(code: &'static str, exit: i32, words: &'static str) -> Class {
    Class { code, exit, is_retried: false, words }
}

const fn retried(code: &'static str, exit: i32, words: &'static str) -> Class {
    Class { code, exit, is_retried: true, words }
}

pub(crate) const AUTH: Class = once("provider_auth", 4, "does not accept the key");
pub(crate) const QUOTA: Class = once("provider_quota", 5, "has no credit left");
pub(crate) const TOO_LONG: Class = once("context_too_long", 4, "is too long for the model");
pub(crate) const BLOCKED: Class = once("content_blocked", 4, "blocked the content");
pub(crate) const BAD: Class = once("provider_bad_request", 4, "refused the request");
pub(crate) const NO_MODEL: Class = once("model_not_found", 4, "has no such model");
pub(crate) const RATE: Class = retried("provider_rate_limited", 5, "wants fewer requests");
pub(crate) const OVERLOADED: Class = retried("provider_overloaded", 4, "failed or has too much to do");
pub(crate) const TIMED_OUT: Class = retried("provider_timeout", 4, "gave up waiting");

/// A kind of provider, the status, the body.
pub(crate) type Row = (&'static str, u16, &'static str);

/// Each row, refused for ever and then, if that is tried again, answered.
pub(crate) fn check(class: &Class, rows: &[Row]) {
    let world = World::new();
    for (kind, status, body) in rows {
        // The wait is the affair of `waits`; here there is none.
        let refusal = says_with(*status, &[("retry-after", "0")], body);
        let met = world.meet(kind, vec![refusal.clone()]);
        let times = if class.is_retried { 2 } else { 1 };
        met.ends("failed", class.exit, Some(class.code)).tried(&vec![class.code; times]).text("").words(&[class.words]);
        assert_eq!(met.error["retryable"], class.is_retried, "{met:#?}");
        if class.is_retried {
            let answer = if is_v1(kind) { good_v1("at last") } else { good("at last") };
            world.meet(kind, vec![refusal, answer]).ends("complete", 0, None).tried(&[class.code, "-"]).text("at last");
        }
    }
    world.ends();
}
