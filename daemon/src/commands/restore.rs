//! `mmpd restore`: makes a backup the store of a data folder that no daemon uses. `mmp admin restore` ends the daemon, has
//! this done, and starts it again.

use std::{
    io::{self, BufRead as _, Write as _},
    path::PathBuf,
};

use clap::Args;
use mmp_shared::{
    ApiError,
    auth::Secret,
    backup::{RestoreEnd, RestoreReport},
    phrase,
};

use super::{data_folder, language};
use crate::{compose::restorer, config::DaemonConfig, listen::folders, services::backups::restore::KeyWish};

/// How `mmpd restore` is told to run.
#[derive(Debug, Args)]
pub(super) struct RestoreArguments {
    /// The backup
    file: PathBuf,
    /// Only look whether it can be restored
    #[arg(long)]
    verify: bool,
    /// Read the passphrase of the key that the backup carries from standard input
    #[arg(long)]
    passphrase_stdin: bool,
    /// Restore everything but the providers' keys, which must be entered again
    #[arg(long, conflicts_with = "passphrase_stdin")]
    without_key: bool,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

/// Does it, and prints what it has brought. With `--json` what went wrong is printed too.
///
/// # Errors
///
/// `conflict` while a daemon runs; and what keeps the backup from being restored.
pub(super) fn run(arguments: &RestoreArguments) -> Result<(), ApiError> {
    let end = restore(arguments);
    let line = match &end {
        Ok(report) if !arguments.json => in_words(arguments, report),
        Err(_) if !arguments.json => return end.map(drop),
        Ok(report) => as_json(&RestoreEnd::Done(report.clone())),
        Err(error) => as_json(&RestoreEnd::Failed { error: error.clone() }),
    };
    writeln!(io::stdout(), "{line}").map_err(|error| data_folder::cannot("stdout".as_ref(), &error))?;
    end.map(drop)
}

fn restore(arguments: &RestoreArguments) -> Result<RestoreReport, ApiError> {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let places = data_folder::places()?;
    folders::prepare(&places)?;
    let config = DaemonConfig::read(&places.config_file)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|error| data_folder::cannot(&places.data, &error))?;
    let restorer = restorer(&config, &places);
    let passphrase = passphrase(arguments)?;
    if arguments.verify {
        return runtime.block_on(restorer.verify(&arguments.file, passphrase.as_ref()));
    }
    let _held = data_folder::hold_alone(&places)?;
    let wish = KeyWish { passphrase, without: arguments.without_key };
    let report = runtime.block_on(restorer.restore(&arguments.file, wish))?;
    data_folder::forget_index(&places.search())?;
    Ok(report)
}

fn passphrase(arguments: &RestoreArguments) -> Result<Option<Secret>, ApiError> {
    if !arguments.passphrase_stdin {
        return Ok(None);
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(|error| data_folder::cannot("stdin".as_ref(), &error))?;
    Ok(Some(Secret::new(line.trim_end_matches(['\r', '\n']))))
}

fn as_json(end: &RestoreEnd) -> String {
    // Numbers, words and paths are always JSON.
    serde_json::to_string(end).unwrap_or_default()
}

fn in_words(arguments: &RestoreArguments, report: &RestoreReport) -> String {
    let (made_at, version) = (report.made_at, report.version.as_str());
    if arguments.verify {
        return phrase!("backup-is-whole", at = made_at, version = version).render(language());
    }
    let lines: Vec<String> = report.in_words(&made_at.to_string()).iter().map(|line| line.render(language())).collect();
    lines.join("\n")
}
