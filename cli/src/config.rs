//! The client's settings: the file and the environment of this process, read once.
//!
//! Which keys there are and who wins is in `mmp_shared::config`; a change of the file is in `commands/config.rs`.

use std::{collections::BTreeMap, io, path::Path};

use mmp_shared::{
    ApiError, ErrorCode, Language,
    config::{Config, Side, Sources},
    phrase,
    places::Places,
};

/// The text of the file of settings; `None` where there is none.
pub(crate) fn read_file(path: &Path) -> Result<Option<String>, ApiError> {
    match std::fs::read(path) {
        Ok(bytes) => String::from_utf8(bytes)
            .map(Some)
            .map_err(|_| ApiError::new(ErrorCode::BadRequest, phrase!("error-file-not-text", name = path.display()))),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(ApiError::new(
            ErrorCode::BadRequest,
            phrase!("error-file-unreadable", name = path.display(), reason = reason(&error)),
        )),
    }
}

/// What holds for the keys of `side`, or of both sides without one.
pub(crate) fn load(places: &Places, flags: BTreeMap<&'static str, String>, side: Option<Side>) -> Result<Config, ApiError> {
    let text = read_file(&places.config_file)?;
    let path = places.config_file.display().to_string();
    let file = text.as_deref().map(|text| (path.as_str(), text));
    Config::resolve(&Sources { flags, environment: Some(&variable), file }, side)
}

/// A variable of the environment, if it is text and says anything.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The language: flag, environment, the user's setting, then (in [`Config`]) the file, then the locale.
pub(crate) fn language(flag: Option<&str>, setting: Option<&str>, config: Option<&Config>) -> Language {
    let chosen = flag.map(str::to_owned).or_else(|| variable("MMP_LANG")).or_else(|| setting.map(str::to_owned));
    let chosen = chosen.or_else(|| config.and_then(|config| config.text("lang")).map(str::to_owned));
    chosen.as_deref().and_then(Language::from_locale).unwrap_or_else(language_of_locale)
}

/// The language where the file has no say.
pub(crate) fn language_of_environment(flag: Option<&str>) -> Language {
    language(flag, None, None)
}

/// As the C library has it: the first of these that is set decides.
fn language_of_locale() -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable);
    locale.as_deref().and_then(Language::from_locale).unwrap_or_default()
}

/// The system's words for an error without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}
