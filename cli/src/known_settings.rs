//! What this user's settings were when the daemon last said them, kept in a file: what is shown obeys them, and no command
//! asks for them first. Which settings there are is the daemon's to say; a file that is gone or garbled says nothing.

use std::{fs, io, path::PathBuf};

use mmp_shared::{places::Places, settings::Settings};
use serde::{Deserialize, Serialize};

use crate::own_files;

/// The settings, and whose word they are.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Known {
    /// The host that said so; none is this user's own daemon.
    host: Option<String>,
    settings: Settings,
}

/// The settings that were said last by this host.
pub(crate) fn load(places: &Places, host: Option<&str>) -> Settings {
    let known = fs::read(path(places)).ok().and_then(|bytes| serde_json::from_slice::<Known>(&bytes).ok()).unwrap_or_default();
    if known.host.as_deref() == host { known.settings } else { Settings::default() }
}

/// Remembers what a host has just said.
///
/// # Errors
///
/// Those of the file. What is shown then obeys what was known before.
pub(crate) fn remember(places: &Places, host: Option<&str>, settings: &Settings) -> io::Result<()> {
    if load(places, host) == *settings {
        return Ok(());
    }
    fs::create_dir_all(&places.state)?;
    let known = Known { host: host.map(str::to_owned), settings: settings.clone() };
    own_files::replace(&path(places), &serde_json::to_vec(&known)?)
}

fn path(places: &Places) -> PathBuf {
    places.state.join("settings.json")
}
