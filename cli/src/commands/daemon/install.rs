//! `mmp daemon install`: the daemon as a unit of the user's own systemd. What the unit says is in `mmp.service`; turning it
//! on is left to `systemctl`.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use directories::BaseDirs;
use mmp_shared::{ApiError, ErrorCode, phrase, places::HOME_VARIABLE};
use serde::Serialize;

use crate::{
    client::spawn::find_program,
    context::Context,
    error::{Exit, Outcome},
    everywhere::OutputFormat,
    output::{self, listing::print_one},
    own_files,
};

const UNIT: &str = include_str!("mmp.service");
const NAME: &str = "mmp.service";

/// What says where things lie: the unit knows nothing of a terminal's environment.
const VARIABLES: &[&str] = &[HOME_VARIABLE, "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"];

#[derive(Debug, clap::Args)]
pub(super) struct InstallArguments {
    /// Only to stdout.
    #[arg(long)]
    print: bool,
}

/// What `-o json` says.
#[derive(Debug, Serialize)]
struct InstallView {
    file: PathBuf,
}

pub(super) fn install(arguments: &InstallArguments, context: &Context) -> Outcome {
    context.refuse_host()?;
    let environment = VARIABLES.iter().filter_map(|name| Some((*name, std::env::var(name).ok().filter(|value| !value.is_empty())?)));
    let unit = unit(&find_program()?, &environment.collect::<Vec<_>>());
    if arguments.print {
        return output::print(&unit).map(|()| Exit::SUCCESS);
    }
    let file = place()?;
    if std::fs::read_to_string(&file).is_ok_and(|there| there.lines().next() != UNIT.lines().next()) {
        let phrase = phrase!("error-unit-of-others", file = file.display());
        return Err(ApiError::new(ErrorCode::Conflict, phrase).with_hint(phrase!("hint-unit-of-others")).into());
    }
    if let Some(folder) = file.parent() {
        own_files::make_folder(folder)?;
    }
    own_files::replace(&file, unit.as_bytes()).map_err(|error| own_files::unwritable(&file, &error))?;
    if context.format() != OutputFormat::Text {
        return print_one(context, &InstallView { file }, &[]);
    }
    let words = phrase!("daemon-installed", file = file.display());
    output::print(&format!("{}\n", words.render(context.language)))?;
    if !context.everywhere.quiet {
        output::note(&phrase!("note-daemon-installed"), context.language);
    }
    Ok(Exit::SUCCESS)
}

/// Where the user's systemd looks for units.
fn place() -> Result<PathBuf, ApiError> {
    let unsupported = || ApiError::new(ErrorCode::Unsupported, phrase!("error-no-systemd"));
    if !cfg!(target_os = "linux") {
        return Err(unsupported());
    }
    BaseDirs::new().map(|folders| folders.config_dir().join("systemd/user").join(NAME)).ok_or_else(unsupported)
}

fn unit(program: &Path, environment: &[(&str, String)]) -> String {
    let set: Vec<_> = environment.iter().map(|(name, value)| format!("Environment={}", quoted(&format!("{name}={value}")))).collect();
    let unit = UNIT.replace("@PROGRAM@", &quoted(&program.display().to_string()).replace('$', "$$"));
    if set.is_empty() { unit.replace("@ENVIRONMENT@\n", "") } else { unit.replace("@ENVIRONMENT@", &set.join("\n")) }
}

/// A word as systemd reads it: in quotes, with nothing in it that means something else.
fn quoted(word: &str) -> String {
    let mut quoted = String::from("\"");
    for c in word.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '%' => quoted.push_str("%%"),
            c if c.is_ascii_control() => {
                // Writing to a text does not fail.
                let _ = write!(quoted, "\\x{:02x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_names_the_program_and_the_places_whatever_is_in_them() {
        let unit = unit(Path::new("/opt/100% \"mine\"/$x\\mmpd"), &[("MMP_HOME", "/tmp/a b\n%h".to_owned())]);
        assert!(unit.contains(r#"ExecStart="/opt/100%% \"mine\"/$$x\\mmpd" run"#), "{unit}");
        assert!(unit.contains(r#"Environment="MMP_HOME=/tmp/a b\x0a%%h""#), "{unit}");
        assert!(!unit.contains("@PROGRAM@") && !unit.contains("@ENVIRONMENT@"));
    }

    #[test]
    fn where_nothing_is_set_nothing_is_said() {
        let unit = unit(Path::new("/usr/bin/mmpd"), &[]);
        assert!(unit.contains("ExecStart=\"/usr/bin/mmpd\" run\nRestart="), "{unit}");
    }
}
