//! `mmpd compact`: rewrites the store of a data folder that no daemon uses, so that nothing of what was deleted is left in
//! its files. `mmp admin compact` ends the daemon, has this done, and starts it again.

use std::io::Write as _;

use clap::Args;
use mmp_shared::{
    ApiError,
    config::Value,
    phrase,
    system::{CompactEnd, CompactReport},
};

use super::{data_folder, language};
use crate::{
    compose::store_options,
    config::DaemonConfig,
    listen::folders,
    store::registry::{self, Compacted},
};

/// How `mmpd compact` is told to run.
#[derive(Debug, Args)]
pub(super) struct CompactArguments {
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

/// Does it, and prints what it has brought. With `--json` what went wrong is printed too.
///
/// # Errors
///
/// `conflict` while a daemon runs; and what keeps the store from being read or written.
pub(super) fn run(arguments: &CompactArguments) -> Result<(), ApiError> {
    let end = compact();
    let line = match &end {
        Ok(report) if !arguments.json => in_words(report),
        Err(_) if !arguments.json => return end.map(drop),
        Ok(report) => as_json(&CompactEnd::Done(*report)),
        Err(error) => as_json(&CompactEnd::Failed { error: error.clone() }),
    };
    writeln!(std::io::stdout(), "{line}").map_err(|error| data_folder::cannot("stdout".as_ref(), &error))?;
    end.map(drop)
}

fn compact() -> Result<CompactReport, ApiError> {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let places = data_folder::places()?;
    folders::prepare(&places)?;
    let config = DaemonConfig::read(&places.config_file)?;
    let _held = data_folder::hold_alone(&places)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().build().map_err(|error| data_folder::cannot(&places.data, &error))?;
    let compacted = runtime.block_on(registry::compact(&config.store.url, &store_options(&config, &places)))?;
    data_folder::forget_index(&places.search())?;
    Ok(report(compacted))
}

fn as_json(end: &CompactEnd) -> String {
    // Numbers and words are always JSON.
    serde_json::to_string(end).unwrap_or_default()
}

const fn report(compacted: Compacted) -> CompactReport {
    CompactReport { before_bytes: compacted.before, after_bytes: compacted.after }
}

fn in_words(report: &CompactReport) -> String {
    let (before, after) = (Value::Size(report.before_bytes), Value::Size(report.after_bytes));
    phrase!("admin-compacted", before = before, after = after).render(language())
}
