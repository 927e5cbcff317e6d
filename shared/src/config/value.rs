//! The values that settings take, and how they are written.

use std::{net::SocketAddr, num::NonZeroU32, time::Duration};

use bytesize::ByteSize;

/// Which values a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// `true` or `false`.
    Switch,
    /// A time: `250ms`, `10s`, `5m`, `24h`.
    Duration,
    /// A number of bytes: `4096`, `32 MiB`.
    Size,
    /// A whole number.
    Count,
    /// Ports, between commas.
    Ports,
    /// An IP address with a port: `127.0.0.1:8800`, `[::1]:8800`.
    Address,
    /// Who may use a socket: `owner`, `group:NAME` or `all`.
    Access,
    /// So many in a second, a minute or an hour: `600/m`; `off` is no limit.
    Rate,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// A setting's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, or one word of a choice.
    Text(String),
    /// On or off.
    Switch(bool),
    /// A time.
    Duration(Duration),
    /// A number of bytes.
    Size(u64),
    /// A whole number.
    Count(u64),
}

/// So many in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: NonZeroU32,
    /// In how long.
    pub period: Duration,
}

impl Rate {
    /// The rate that `text` means: `10/s`, `600/m`, `5000/h`.
    pub fn parse(text: &str) -> Option<Self> {
        let (count, unit) = text.split_once('/')?;
        let seconds = match unit.trim() {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            _ => return None,
        };
        Some(Self { count: count.trim().parse().ok()?, period: Duration::from_secs(seconds) })
    }
}

impl Kind {
    /// The value that `text` means; `None` where it is none of this kind.
    pub fn parse(self, text: &str) -> Option<Value> {
        match self {
            Self::Text => Some(Value::Text(text.to_owned())),
            Self::Switch => match text {
                "true" | "1" | "yes" | "on" => Some(Value::Switch(true)),
                "false" | "0" | "no" | "off" => Some(Value::Switch(false)),
                _ => None,
            },
            Self::Duration => humantime::parse_duration(text).ok().map(Value::Duration),
            Self::Size => text.parse::<ByteSize>().ok().map(|size| Value::Size(size.as_u64())),
            Self::Count => text.parse().ok().map(Value::Count),
            Self::Ports => {
                let is_port = |part: &str| part.trim().parse::<u16>().is_ok_and(|port| port > 0);
                text.split(',').all(is_port).then(|| Value::Text(text.to_owned()))
            }
            Self::Address => text.parse::<SocketAddr>().is_ok().then(|| Value::Text(text.to_owned())),
            Self::Access => {
                let is_group = text.strip_prefix("group:").is_some_and(|name| !name.is_empty());
                (is_group || matches!(text, "owner" | "all")).then(|| Value::Text(text.to_owned()))
            }
            Self::Rate => (text == "off" || Rate::parse(text).is_some()).then(|| Value::Text(text.to_owned())),
            Self::Choice(words) => words.contains(&text).then(|| Value::Text(text.to_owned())),
        }
    }

    /// What it takes, in the words of an error: `true or false`, `a time such as 10s`, …
    pub fn expected(self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Switch => "true, false".to_owned(),
            Self::Duration => "250ms, 10s, 5m, 24h".to_owned(),
            Self::Size => "4096, 64 KiB, 32 MiB".to_owned(),
            Self::Count => "0, 1, 2, …".to_owned(),
            Self::Ports => "8080, 11434".to_owned(),
            Self::Address => "127.0.0.1:8800, [::1]:8800".to_owned(),
            Self::Access => "owner, group:NAME, all".to_owned(),
            Self::Rate => "off, 10/s, 600/m, 5000/h".to_owned(),
            Self::Choice(words) => words.join(", "),
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => formatter.write_str(text),
            Self::Switch(on) => on.fmt(formatter),
            Self::Duration(duration) => humantime::format_duration(*duration).fmt(formatter),
            Self::Size(bytes) => ByteSize(*bytes).display().iec().fmt(formatter),
            Self::Count(count) => count.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_people_write_them() {
        assert_eq!(Kind::Duration.parse("1m 30s"), Some(Value::Duration(Duration::from_secs(90))));
        assert_eq!(Kind::Size.parse("32 MiB"), Some(Value::Size(32 << 20)));
        assert_eq!(Kind::Size.parse("4096"), Some(Value::Size(4096)));
        assert_eq!(Kind::Switch.parse("maybe"), None);
        assert_eq!(Kind::Choice(&["a"]).parse("b"), None);
        assert_eq!(Kind::Ports.parse("80, 443"), Some(Value::Text("80, 443".to_owned())));
        assert_eq!(Rate::parse("600/m").map(|rate| (rate.count.get(), rate.period)), Some((600, Duration::from_secs(60))));
        assert!(
            Kind::Rate.parse("off").is_some() && ["0/m", "5", "5/d", "-1/s"].iter().all(|text| Kind::Rate.parse(text).is_none())
        );
        assert!(Kind::Address.parse("[::1]:0").is_some() && Kind::Address.parse("localhost:1").is_none());
        assert!(["owner", "group:staff", "all"].iter().all(|text| Kind::Access.parse(text).is_some()));
        assert!(["group:", "nobody"].iter().all(|text| Kind::Access.parse(text).is_none()));
        assert!(["", "80,", "0", "65536", "http"].iter().all(|text| Kind::Ports.parse(text).is_none()));
    }

    #[test]
    fn a_shown_value_is_read_back() {
        for (kind, text) in [(Kind::Duration, "24h"), (Kind::Size, "32 MiB"), (Kind::Switch, "true"), (Kind::Count, "7")] {
            let value = kind.parse(text).expect("a value");
            assert_eq!(kind.parse(&value.to_string()), Some(value));
        }
    }
}
