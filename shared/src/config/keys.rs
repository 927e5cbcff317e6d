//! The table of keys. A setting is one line here; its meaning in words is `config-KEY` in the catalogues.

use super::value::Kind;

/// Which program a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `mmp`.
    Client,
    /// `mmpd`.
    Daemon,
}

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its name, as `mmp config set` takes it and as it stands in the file.
    pub name: &'static str,
    /// The variable that overrules the file; none where there is no such variable.
    pub variable: Option<&'static str>,
    /// Which values it takes.
    pub kind: Kind,
    /// What holds where nobody says anything; empty is none.
    pub default: &'static str,
}

impl Key {
    /// Which program it is for.
    pub fn side(&self) -> Side {
        if self.name.starts_with("daemon.") { Side::Daemon } else { Side::Client }
    }

    /// The name of its explanation in the catalogues.
    pub fn phrase_key(&self) -> String {
        format!("config-{}", self.name.replace(['.', '_'], "-"))
    }
}

const fn key(name: &'static str, variable: &'static str, kind: Kind, default: &'static str) -> Key {
    Key { name, variable: if variable.is_empty() { None } else { Some(variable) }, kind, default }
}

/// Every setting.
pub const KEYS: &[Key] = &[
    key("host", "MMP_HOST", Kind::Text, ""),
    key("model", "MMP_MODEL", Kind::Text, ""),
    key("lang", "MMP_LANG", Kind::Choice(&["en", "zh-CN"]), ""),
    key("color", "", Kind::Choice(&["auto", "always", "never"]), "auto"),
    key("import_env", "", Kind::Switch, "true"),
    key("show_thinking", "", Kind::Switch, "true"),
    key("daemon.idle_exit", "MMPD_IDLE_EXIT", Kind::Duration, "0s"),
    key("daemon.listen.unix_access", "MMPD_LISTEN_UNIX_ACCESS", Kind::Access, "owner"),
    key("daemon.listen.tcp", "MMPD_LISTEN_TCP", Kind::Address, ""),
    key("daemon.listen.tls_certificate", "MMPD_LISTEN_TLS_CERTIFICATE", Kind::Text, ""),
    key("daemon.listen.tls_key", "MMPD_LISTEN_TLS_KEY", Kind::Text, ""),
    key("daemon.listen.hosts", "MMPD_LISTEN_HOSTS", Kind::Text, ""),
    key("daemon.listen.origins", "MMPD_LISTEN_ORIGINS", Kind::Text, ""),
    key("daemon.listen.connections", "MMPD_LISTEN_CONNECTIONS", Kind::Count, "1024"),
    key("daemon.listen.header_timeout", "MMPD_LISTEN_HEADER_TIMEOUT", Kind::Duration, "10s"),
    key("daemon.listen.body_timeout", "MMPD_LISTEN_BODY_TIMEOUT", Kind::Duration, "30s"),
    key("daemon.store.url", "MMPD_STORE_URL", Kind::Text, "sled:"),
    key("daemon.store.cache", "MMPD_STORE_CACHE", Kind::Size, "32 MiB"),
    key("daemon.store.durability", "MMPD_STORE_DURABILITY", Kind::Choice(&["power", "process"]), "power"),
    key("daemon.backup.every", "MMPD_BACKUP_EVERY", Kind::Duration, "0s"),
    key("daemon.backup.keep", "MMPD_BACKUP_KEEP", Kind::Count, "7"),
    key("daemon.backup.folder", "MMPD_BACKUP_FOLDER", Kind::Text, ""),
    key("daemon.vault.key_store", "MMPD_VAULT_KEY_STORE", Kind::Choice(&["auto", "keyring", "file"]), "auto"),
    key("daemon.vault.keyring_timeout", "MMPD_VAULT_KEYRING_TIMEOUT", Kind::Duration, "30s"),
    key("daemon.auth.registration", "MMPD_AUTH_REGISTRATION", Kind::Choice(&["closed", "invite", "open"]), "closed"),
    key("daemon.auth.peer", "MMPD_AUTH_PEER", Kind::Choice(&["on", "off"]), "on"),
    key("daemon.auth.access_lifetime", "MMPD_AUTH_ACCESS_LIFETIME", Kind::Duration, "15m"),
    key("daemon.auth.login_lifetime", "MMPD_AUTH_LOGIN_LIFETIME", Kind::Duration, "30d"),
    key("daemon.routing.attempts", "MMPD_ROUTING_ATTEMPTS", Kind::Count, "5"),
    key("daemon.routing.time", "MMPD_ROUTING_TIME", Kind::Duration, "60s"),
    key("daemon.runs.keep", "MMPD_RUNS_KEEP", Kind::Duration, "24h"),
    key("daemon.runs.reader_timeout", "MMPD_RUNS_READER_TIMEOUT", Kind::Duration, "60s"),
    key("daemon.runs.stop_timeout", "MMPD_RUNS_STOP_TIMEOUT", Kind::Duration, "10s"),
    key("daemon.upstream.connect_timeout", "MMPD_UPSTREAM_CONNECT_TIMEOUT", Kind::Duration, "10s"),
    key("daemon.upstream.first_event_timeout", "MMPD_UPSTREAM_FIRST_EVENT_TIMEOUT", Kind::Duration, "5m"),
    key("daemon.upstream.event_timeout", "MMPD_UPSTREAM_EVENT_TIMEOUT", Kind::Duration, "60s"),
    key("daemon.upstream.total_timeout", "MMPD_UPSTREAM_TOTAL_TIMEOUT", Kind::Duration, "30m"),
    key("daemon.upstream.largest_event", "MMPD_UPSTREAM_LARGEST_EVENT", Kind::Size, "16 MiB"),
    key("daemon.upstream.largest_answer", "MMPD_UPSTREAM_LARGEST_ANSWER", Kind::Size, "64 MiB"),
    key("daemon.discover.ports", "MMPD_DISCOVER_PORTS", Kind::Ports, ""),
    key("daemon.limits.prompt", "MMPD_LIMITS_PROMPT", Kind::Size, "4 MiB"),
    key("daemon.limits.images", "MMPD_LIMITS_IMAGES", Kind::Size, "10 MiB"),
    key("daemon.limits.account_rate", "MMPD_LIMITS_ACCOUNT_RATE", Kind::Rate, "600/m"),
    key("daemon.limits.token_rate", "MMPD_LIMITS_TOKEN_RATE", Kind::Rate, "600/m"),
    key("daemon.limits.source_rate", "MMPD_LIMITS_SOURCE_RATE", Kind::Rate, "1200/m"),
    key("daemon.log.level", "MMPD_LOG_LEVEL", Kind::Choice(&["error", "warn", "info", "debug", "trace"]), "info"),
    key("daemon.log.days", "MMPD_LOG_DAYS", Kind::Count, "7"),
];

/// The key with this name.
pub fn find_key(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The key whose name is nearest to one that does not exist, if any is near.
pub fn nearest_key(name: &str) -> Option<&'static Key> {
    KEYS.iter()
        .map(|key| (strsim::jaro_winkler(key.name, name), key))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, Phrase};

    #[test]
    fn every_default_is_a_value_of_its_key() {
        for key in KEYS.iter().filter(|key| !key.default.is_empty()) {
            assert!(key.kind.parse(key.default).is_some(), "{}", key.name);
        }
    }

    #[test]
    fn every_daemon_key_has_its_variable() {
        for key in KEYS.iter().filter(|key| key.side() == Side::Daemon) {
            let name = key.name.trim_start_matches("daemon.");
            assert_eq!(key.variable, Some(format!("MMPD_{}", name.replace('.', "_").to_uppercase()).as_str()));
        }
    }

    #[test]
    fn every_key_is_explained() {
        for key in KEYS {
            let phrase = Phrase { key: key.phrase_key().into(), args: std::collections::BTreeMap::new() };
            assert!(phrase.render_in(Language::English).is_some(), "{}", phrase.key);
        }
    }

    #[test]
    fn a_slip_finds_its_key() {
        assert_eq!(nearest_key("daemon.store.cach").map(|key| key.name), Some("daemon.store.cache"));
        assert_eq!(nearest_key("colour").map(|key| key.name), Some("color"));
        assert_eq!(nearest_key("zzz"), None);
    }
}
