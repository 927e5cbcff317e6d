//! From flags, environment and file to what holds for each key, and who said so.

use std::{collections::BTreeMap, time::Duration};

use toml::de::{DeTable, DeValue};

use super::{
    keys::{KEYS, Key, Side, find_key, nearest_key},
    value::{Rate, Value},
};
use crate::{ApiError, ErrorCode, phrase};

/// Who said what holds for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line.
    Flag,
    /// A variable of the environment.
    Environment,
    /// The file.
    File,
    /// Nobody: it is built in.
    BuiltIn,
}

impl Origin {
    /// The word for it in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::File => "file",
            Self::BuiltIn => "default",
        }
    }
}

/// Looks a variable of the environment up.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Where settings may come from.
#[derive(Default)]
pub struct Sources<'a> {
    /// Flags, by key.
    pub flags: BTreeMap<&'static str, String>,
    /// The environment, by variable.
    pub environment: Option<Environment<'a>>,
    /// The file's path, for messages, and its text.
    pub file: Option<(&'a str, &'a str)>,
}

/// What holds for one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its value; none where nobody says anything and nothing is built in.
    pub value: Option<Value>,
    /// Who said so.
    pub origin: Origin,
}

/// What holds for every key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    settings: BTreeMap<&'static str, Setting>,
    keys: Keys,
}

/// What `[keys]` of the file says: each name with its keys. What is right about them is the affair of the client's screen.
type Keys = Vec<(String, Vec<String>)>;

impl Config {
    /// Finds what holds, for the keys of `side` or, without one, for all.
    ///
    /// # Errors
    ///
    /// `bad_request` for a file that is not TOML, an unknown key in it, and any value that is none of its key's.
    pub fn resolve(sources: &Sources<'_>, side: Option<Side>) -> Result<Self, ApiError> {
        let (from_file, keys) = sources.file.map(|(path, text)| read_file(path, text)).transpose()?.unwrap_or_default();
        let mut settings = BTreeMap::new();
        for key in KEYS.iter().filter(|key| side.is_none_or(|side| key.side() == side)) {
            settings.insert(key.name, setting(key, sources, &from_file)?);
        }
        Ok(Self { settings, keys })
    }

    /// Every key with what holds for it, in the table's order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Key, &Setting)> {
        KEYS.iter().filter_map(|key| self.settings.get(key.name).map(|setting| (key, setting)))
    }

    /// What holds for a key.
    pub fn setting(&self, name: &str) -> Option<&Setting> {
        self.settings.get(name)
    }

    /// What `[keys]` of the file says: each name with its keys, as they are written.
    pub fn keys(&self) -> &[(String, Vec<String>)] {
        &self.keys
    }

    /// The text of a key, if it has any.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.value(name) {
            Some(Value::Text(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// Whether a key is on.
    pub fn switch(&self, name: &str) -> bool {
        matches!(self.value(name), Some(Value::Switch(true)))
    }

    /// The time of a key; zero where it has none.
    pub fn duration(&self, name: &str) -> Duration {
        match self.value(name) {
            Some(Value::Duration(duration)) => *duration,
            _ => Duration::ZERO,
        }
    }

    /// The rate of a key; none where it is off.
    pub fn rate(&self, name: &str) -> Option<Rate> {
        self.text(name).and_then(Rate::parse)
    }

    /// The number of a key, of bytes or of things; zero where it has none.
    pub fn number(&self, name: &str) -> u64 {
        match self.value(name) {
            Some(Value::Size(number) | Value::Count(number)) => *number,
            _ => 0,
        }
    }

    fn value(&self, name: &str) -> Option<&Value> {
        debug_assert!(find_key(name).is_some(), "`{name}` is no key");
        self.settings.get(name).and_then(|setting| setting.value.as_ref())
    }
}

fn setting(key: &'static Key, sources: &Sources<'_>, from_file: &BTreeMap<&'static str, Value>) -> Result<Setting, ApiError> {
    if let Some(text) = sources.flags.get(key.name) {
        let value = key.kind.parse(text).ok_or_else(|| {
            let phrase = phrase!("error-config-flag", key = key.name, value = text, expected = key.kind.expected());
            ApiError::new(ErrorCode::BadRequest, phrase)
        })?;
        return Ok(Setting { value: Some(value), origin: Origin::Flag });
    }
    let variable = key.variable.and_then(|name| Some((name, sources.environment?(name).filter(|text| !text.is_empty())?)));
    if let Some((name, text)) = variable {
        // A locale's spelling of a language is as good as its tag.
        let text = if key.name == "lang" {
            crate::words::Language::from_locale(&text).map_or(text, |l| l.tag().to_owned())
        } else {
            text
        };
        let value = key.kind.parse(&text).ok_or_else(|| {
            let phrase = phrase!("error-config-variable", variable = name, value = text, expected = key.kind.expected());
            ApiError::new(ErrorCode::BadRequest, phrase)
        })?;
        return Ok(Setting { value: Some(value), origin: Origin::Environment });
    }
    if let Some(value) = from_file.get(key.name) {
        return Ok(Setting { value: Some(value.clone()), origin: Origin::File });
    }
    Ok(Setting { value: (!key.default.is_empty()).then(|| key.kind.parse(key.default)).flatten(), origin: Origin::BuiltIn })
}

fn read_file(path: &str, text: &str) -> Result<(BTreeMap<&'static str, Value>, Keys), ApiError> {
    let mut table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        let reason = error.message().lines().next().unwrap_or_default().to_owned();
        ApiError::new(ErrorCode::BadRequest, phrase!("error-config-syntax", path = path, line = line, reason = reason))
    })?;
    let mut values = BTreeMap::new();
    let keys = table.get_mut().remove("keys").map(|keys| keys_of(keys.get_ref())).unwrap_or_default();
    read_table(path, text, "", table.get_ref(), &mut values)?;
    Ok((values, keys))
}

/// Whatever stands there is kept as it is written: a mistake in it must not keep a command from running.
fn keys_of(value: &DeValue<'_>) -> Keys {
    let DeValue::Table(table) = value else { return vec![("keys".to_owned(), vec![shown(value)])] };
    let text = |value: &DeValue<'_>| text_of(value).unwrap_or_else(|| shown(value));
    let keys = |value: &DeValue<'_>| match value {
        DeValue::Array(values) => values.iter().map(|value| text(value.get_ref())).collect(),
        value => vec![text(value)],
    };
    table.iter().map(|(name, value)| (name.get_ref().to_string(), keys(value.get_ref()))).collect()
}

fn read_table(
    path: &str,
    text: &str,
    prefix: &str,
    table: &DeTable<'_>,
    values: &mut BTreeMap<&'static str, Value>,
) -> Result<(), ApiError> {
    for (name, value) in table {
        let full = if prefix.is_empty() { name.get_ref().to_string() } else { format!("{prefix}.{}", name.get_ref()) };
        let is_folder = KEYS.iter().any(|key| key.name.strip_prefix(&full).is_some_and(|rest| rest.starts_with('.')));
        let line = line_of(text, name.span().start);
        match (find_key(&full), value.get_ref()) {
            (Some(key), value) => {
                let parsed =
                    text_of(value).and_then(|text| key.kind.parse(&text)).filter(|_| fits(key, value)).ok_or_else(|| {
                        let phrase = phrase!(
                            "error-config-type",
                            path = path,
                            line = line,
                            key = &full,
                            value = shown(value),
                            expected = key.kind.expected()
                        );
                        ApiError::new(ErrorCode::BadRequest, phrase)
                    })?;
                values.insert(key.name, parsed);
            }
            (None, DeValue::Table(inner)) if is_folder => read_table(path, text, &full, inner, values)?,
            (None, value) if is_folder => {
                let phrase = phrase!(
                    "error-config-type",
                    path = path,
                    line = line,
                    key = &full,
                    value = shown(value),
                    expected = format!("[{full}]")
                );
                return Err(ApiError::new(ErrorCode::BadRequest, phrase));
            }
            (None, _) => {
                let error = ApiError::new(
                    ErrorCode::BadRequest,
                    phrase!("error-config-unknown-key", path = path, line = line, key = &full),
                );
                return Err(match nearest_key(&full) {
                    Some(nearest) => error.with_hint(phrase!("hint-nearest-key", key = nearest.name)),
                    None => error.with_hint(phrase!("hint-config-list")),
                });
            }
        }
    }
    Ok(())
}

/// A switch in the file is TOML's own; a number may be written bare or in quotes.
fn fits(key: &Key, value: &DeValue<'_>) -> bool {
    use super::value::Kind;
    match key.kind {
        Kind::Switch => matches!(value, DeValue::Boolean(_)),
        Kind::Text | Kind::Choice(_) | Kind::Duration | Kind::Ports | Kind::Address | Kind::Access | Kind::Rate => {
            matches!(value, DeValue::String(_))
        }
        Kind::Size | Kind::Count => matches!(value, DeValue::String(_) | DeValue::Integer(_)),
    }
}

fn text_of(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().replace('_', "")),
        DeValue::Boolean(on) => Some(on.to_string()),
        _ => None,
    }
}

fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("\"{text}\""),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(on) => on.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(_) => "[…]".to_owned(),
        DeValue::Table(_) => "{…}".to_owned(),
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_kept_as_they_are_written() {
        let config = resolve("model = \"x\"\n[keys]\npalette = \"ctrl+k\"\nhelp = [\"f1\", 7]\nsend = true\n").expect("a file");
        let keys = |name: &str| config.keys().iter().find(|(other, _)| other == name).map(|(_, keys)| keys.join(" "));
        assert_eq!((keys("palette").as_deref(), keys("help").as_deref()), (Some("ctrl+k"), Some("f1 7")));
        assert_eq!(keys("send").as_deref(), Some("true"));
        assert_eq!(resolve("keys = 3\n").expect("a file").keys(), [("keys".to_owned(), vec!["3".to_owned()])]);
    }

    fn resolve(file: &str) -> Result<Config, ApiError> {
        Config::resolve(&Sources { file: Some(("/h/config.toml", file)), ..Sources::default() }, None)
    }

    #[test]
    fn flag_beats_environment_beats_file_beats_default() {
        let environment = |name: &str| (name == "MMP_MODEL").then(|| "from-env".to_owned());
        let mut sources = Sources {
            environment: Some(&environment),
            file: Some(("c", "model = \"from-file\"\ncolor = \"never\"")),
            ..Sources::default()
        };
        let config = Config::resolve(&sources, None).expect("good settings");
        assert_eq!(config.text("model"), Some("from-env"));
        assert_eq!(config.setting("color").map(|s| s.origin), Some(Origin::File));
        assert_eq!(config.setting("import_env").map(|s| s.origin), Some(Origin::BuiltIn));
        sources.flags.insert("model", "from-flag".to_owned());
        let config = Config::resolve(&sources, None).expect("good settings");
        assert_eq!((config.text("model"), config.setting("model").map(|s| s.origin)), (Some("from-flag"), Some(Origin::Flag)));
    }

    #[test]
    fn a_daemon_key_stands_in_its_table() {
        let config = resolve("[daemon.store]\ncache = \"64 MiB\"\n[daemon.runs]\nkeep = \"1h\"\n").expect("good settings");
        assert_eq!(config.number("daemon.store.cache"), 64 << 20);
        assert_eq!(config.duration("daemon.runs.keep"), Duration::from_secs(3600));
    }

    #[test]
    fn a_wrong_type_names_file_line_key_and_what_was_expected() {
        let error = resolve("model = \"a\"\n\nimport_env = \"yes\"\n").expect_err("a text is no switch");
        for part in ["/h/config.toml", "3", "import_env", "true, false"] {
            assert!(error.message.contains(part), "{part} in {}", error.message);
        }
        assert_eq!(error.code, ErrorCode::BadRequest);
    }

    #[test]
    fn an_unknown_key_is_told_its_nearest() {
        let error = resolve("[daemon.store]\ncahce = 5\n").expect_err("a slip");
        assert!(error.message.contains("daemon.store.cahce") && error.message.contains('2'), "{}", error.message);
        assert!(error.hint.expect("a hint").contains("daemon.store.cache"));
    }

    #[test]
    fn what_is_not_toml_names_its_line() {
        let error = resolve("model = \"a\"\nmodel == 3\n").expect_err("not TOML");
        assert!(error.message.contains('2'), "{}", error.message);
    }

    #[test]
    fn a_variable_with_a_wrong_value_is_named() {
        let environment = |name: &str| (name == "MMPD_RUNS_KEEP").then(|| "soon".to_owned());
        let sources = Sources { environment: Some(&environment), ..Sources::default() };
        let error = Config::resolve(&sources, None).expect_err("not a time");
        assert!(error.message.contains("MMPD_RUNS_KEEP") && error.message.contains("soon"), "{}", error.message);
    }
}
