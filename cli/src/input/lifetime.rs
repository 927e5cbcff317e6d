//! How long something is to live, and since when something is asked for.

use std::time::Duration;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// A duration as whole seconds: `90d`, `12h`, `1h 30m`.
pub(crate) fn seconds(text: &str) -> Result<u64, String> {
    let seconds = humantime::parse_duration(text).map(|duration| duration.as_secs()).unwrap_or(0);
    if seconds > 0 { Ok(seconds) } else { Err("90d, 12h, 30m".to_owned()) }
}

/// A time in the past: how long ago (`24h`), a day in the local zone (`2026-01-31`), or an instant (RFC 3339).
pub(crate) fn since(text: &str) -> Result<Timestamp, String> {
    since_before(text, Timestamp::now(), TimeZone::system()).ok_or_else(|| "24h, 2026-01-31, 2026-01-31T12:00:00Z".to_owned())
}

fn since_before(text: &str, now: Timestamp, zone: TimeZone) -> Option<Timestamp> {
    if let Ok(ago) = humantime::parse_duration(text) {
        return before(now, ago);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let day: Date = text.parse().ok()?;
    day.to_zoned_datetime(zone).ok().map(|start| start.timestamp())
}

fn before(now: Timestamp, ago: Duration) -> Option<Timestamp> {
    now.checked_sub(jiff::SignedDuration::try_from(ago).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_at_least_a_second() {
        assert_eq!(seconds("90d"), Ok(90 * 24 * 3600));
        for text in ["0s", "10ms", "-1d", "soon", ""] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn since_is_an_age_a_day_or_an_instant() {
        let now: Timestamp = "2026-01-31T12:00:00Z".parse().expect("an instant");
        let since = |text: &str| since_before(text, now, TimeZone::UTC).map(|at| at.to_string());
        assert_eq!(since("24h").as_deref(), Some("2026-01-30T12:00:00Z"));
        assert_eq!(since("2026-01-02").as_deref(), Some("2026-01-02T00:00:00Z"));
        assert_eq!(since("2026-01-02T03:04:05+01:00").as_deref(), Some("2026-01-02T02:04:05Z"));
        assert_eq!(since("yesterday"), None);
    }
}
