//! Times for people: in the local zone, as short as they can be.

use jiff::{Timestamp, tz::TimeZone};

/// A time in the local zone, to the minute.
pub(crate) fn local(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// A time as people write it: a day, which begins in the local zone, a time of one, or RFC 3339.
pub(crate) fn parse(text: &str) -> Result<Timestamp, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let local =
        text.parse::<jiff::civil::DateTime>().map_err(|_| "2026-01-31, 2026-01-31T18:00, 2026-01-31T18:00:00Z".to_owned())?;
    local.to_zoned_datetime(TimeZone::system()).map(|zoned| zoned.timestamp()).map_err(|error| error.to_string())
}

/// Milliseconds as a person says them.
pub(crate) fn duration(milliseconds: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "nobody waits for 2^52 milliseconds")]
    let seconds = milliseconds as f64 / 1000.0;
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..60_000 => format!("{seconds:.1} s"),
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds / 1000 % 60),
    }
}

/// US dollars, with as many digits as say something.
pub(crate) fn cost(dollars: f64) -> String {
    if dollars == 0.0 || dollars >= 0.01 {
        format!("${dollars:.2}")
    } else {
        format!("${dollars:.6}").trim_end_matches('0').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_a_time_are_understood() {
        assert_eq!(parse("2026-01-31T18:00:00Z").expect("a time").to_string(), "2026-01-31T18:00:00Z");
        let day = parse("2026-01-31").expect("a day");
        assert_eq!(local(day), "2026-01-31 00:00");
        assert!(parse("yesterday").is_err() && parse("2026-13-01").is_err());
    }

    #[test]
    fn durations_and_costs_are_short() {
        assert_eq!(duration(250), "250 ms");
        assert_eq!(duration(1_250), "1.2 s");
        assert_eq!(duration(61_000), "1 min 1 s");
        assert_eq!(cost(0.0), "$0.00");
        assert_eq!(cost(1.234), "$1.23");
        assert_eq!(cost(0.00012), "$0.00012");
    }
}
