//! What every command is given: the flags that stand everywhere, the settings, the places and who is watching.

use std::{collections::BTreeMap, io::IsTerminal as _, path::PathBuf};

use mmp_shared::{
    ApiError, ErrorCode, Language,
    config::{Config, Side},
    phrase,
    places::Places,
    settings::Settings,
};

use crate::{
    config,
    error::bad_request,
    everywhere::{ColorWhen, Everywhere, OutputFormat},
    known_settings,
};

/// What every command is given.
pub(crate) struct Context {
    /// The flags that stand everywhere.
    pub(crate) everywhere: Everywhere,
    /// The language of what people read.
    pub(crate) language: Language,
    /// Where things lie.
    pub(crate) places: Places,
    /// Who looks at stdout.
    pub(crate) stdout: Viewer,
    /// Who looks at stderr.
    pub(crate) stderr: Viewer,
    /// The user's settings, as far as they are known here.
    pub(crate) settings: Settings,
    config: Result<Config, ApiError>,
}

/// Who looks at an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Viewer {
    /// Whether it is a terminal.
    pub(crate) is_terminal: bool,
    /// Whether escape codes may be written to it.
    pub(crate) is_styled: bool,
}

impl Context {
    /// Looks at the environment of this process.
    pub(crate) fn new(everywhere: Everywhere) -> Result<Self, ApiError> {
        let places = find_places()?;
        let config = config::load(&places, flags(&everywhere), Some(Side::Client));
        let host = config.as_ref().ok().and_then(|config| config.text("host")).map(str::to_owned);
        let settings = known_settings::load(&places, host.as_deref());
        let language = config::language(everywhere.lang.as_deref(), settings.get(Settings::LANGUAGE), config.as_ref().ok());
        let color = everywhere.color.unwrap_or_else(|| color_of(config.as_ref().ok()));
        let viewer = |is_terminal| Viewer { is_terminal, is_styled: is_styled(color, is_terminal) };
        let (stdout, stderr) = (viewer(std::io::stdout().is_terminal()), viewer(std::io::stderr().is_terminal()));
        Ok(Self { everywhere, language, places, settings, stdout, stderr, config })
    }

    /// The settings. A file that cannot be understood is an error only for those who need them.
    pub(crate) fn config(&self) -> Result<&Config, ApiError> {
        self.config.as_ref().map_err(Clone::clone)
    }

    /// Refuses what is done to a daemon's process or files where a host is named: a daemon elsewhere is not ours to stop.
    pub(crate) fn refuse_host(&self) -> Result<(), ApiError> {
        match self.config()?.text("host") {
            Some(host) => Err(bad_request(phrase!("error-daemon-elsewhere", host = host))),
            None => Ok(()),
        }
    }

    /// Takes down what the daemon has just said of the user's settings.
    pub(crate) fn note_settings(&self, settings: &Settings) {
        let host = self.config.as_ref().ok().and_then(|config| config.text("host"));
        // Where it cannot be written, what is shown obeys what was known before.
        let _ = known_settings::remember(&self.places, host, settings);
    }

    /// How data is printed.
    pub(crate) fn format(&self) -> OutputFormat {
        self.everywhere.format()
    }

    /// What flags say about settings, by key.
    pub(crate) fn flags(&self) -> BTreeMap<&'static str, String> {
        flags(&self.everywhere)
    }
}

fn flags(everywhere: &Everywhere) -> BTreeMap<&'static str, String> {
    let mut flags = BTreeMap::new();
    if let Some(host) = &everywhere.host {
        flags.insert("host", host.clone());
    }
    if let Some(lang) = &everywhere.lang {
        let tag = Language::from_locale(lang).map_or_else(|| lang.clone(), |language| language.tag().to_owned());
        flags.insert("lang", tag);
    }
    flags
}

fn color_of(config: Option<&Config>) -> ColorWhen {
    match config.and_then(|config| config.text("color")) {
        Some("always") => ColorWhen::Always,
        Some("never") => ColorWhen::Never,
        _ => ColorWhen::Auto,
    }
}

/// Whether escape codes may be written to an output.
pub(crate) fn is_styled(color: ColorWhen, is_terminal: bool) -> bool {
    match color {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => {
            is_terminal && config::variable("NO_COLOR").is_none() && config::variable("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

fn find_places() -> Result<Places, ApiError> {
    let current_dir = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    let user_id = rustix::process::getuid().as_raw();
    Places::find(std::env::var_os(mmp_shared::places::HOME_VARIABLE), &current_dir, user_id)
        .map_err(|_| ApiError::new(ErrorCode::BadRequest, phrase!("error-no-home")).with_hint(phrase!("hint-mmp-home")))
}
