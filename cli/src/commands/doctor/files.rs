//! What can be seen without a daemon: the file of settings, and the folders.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use mmp_shared::{phrase, places::Places};
use rustix::fs::{Access, access};

use super::report::{Finding, Report, Status};
use crate::{
    config,
    context::Context,
    error::CliError,
};

/// Looks at the file and the folders.
pub(super) fn check(context: &Context, report: &mut Report<'_>) -> Result<(), CliError> {
    report.add(settings(context))?;
    report.add(folders(&context.places))
}

/// The settings of both sides: the daemon reads the same file.
fn settings(context: &Context) -> Finding {
    let path = &context.places.config_file;
    if let Err(error) = config::load(&context.places, context.flags(), None) {
        return Finding::met("config", Status::Error, error);
    }
    match fs::metadata(path) {
        Err(_) => Finding::ok("config", phrase!("doctor-config-none", path = path.display())),
        Ok(metadata) if metadata.mode() & 0o022 != 0 => {
            Finding::warning("config", phrase!("doctor-writable", path = path.display()))
                .hint(phrase!("hint-doctor-writable", path = path.display()))
        }
        Ok(_) => Finding::ok("config", phrase!("doctor-config", path = path.display())),
    }
}

fn folders(places: &Places) -> Finding {
    let socket_folder = places.socket.parent().map(Path::to_owned).unwrap_or_default();
    if places.is_socket_in_temp && !is_ours_alone_or_absent(&socket_folder) {
        return Finding::error("folders", phrase!("error-folder-not-ours", path = socket_folder.display()))
            .hint(phrase!("hint-runtime-folder"));
    }
    for folder in [&places.data, &places.state, &socket_folder] {
        if let Some(reason) = why_unusable(folder) {
            return Finding::error("folders", phrase!("error-folder", path = folder.display(), reason = reason))
                .hint(phrase!("hint-folder"));
        }
    }
    match fs::metadata(&places.data) {
        Ok(metadata) if metadata.mode() & 0o077 != 0 => {
            Finding::warning("folders", phrase!("doctor-open-to-others", path = places.data.display()))
                .hint(phrase!("hint-doctor-open-to-others", path = places.data.display()))
        }
        _ => Finding::ok("folders", phrase!("doctor-folders", data = places.data.display())),
    }
}

/// Why a folder cannot be used, or could not be made.
fn why_unusable(folder: &Path) -> Option<String> {
    let existing: PathBuf = folder.ancestors().find(|path| path.exists()).map(Path::to_owned)?;
    if !existing.is_dir() {
        return Some(config::reason(&std::io::Error::from(rustix::io::Errno::NOTDIR)));
    }
    access(&existing, Access::WRITE_OK | Access::EXEC_OK).err().map(|error| config::reason(&error.into()))
}

fn is_ours_alone_or_absent(folder: &Path) -> bool {
    let Ok(metadata) = fs::symlink_metadata(folder) else { return true };
    metadata.is_dir() && metadata.uid() == rustix::process::geteuid().as_raw() && metadata.mode() & 0o077 == 0
}
