//! The folders that the daemon needs, made for its own user alone, and refused where they are somebody else's.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::Path,
};

use mmp_shared::{ApiError, ErrorCode, phrase, places::Places};

/// Makes the folders of `places` that do not exist, and checks the socket's.
///
/// # Errors
///
/// `storage_failed` where a folder cannot be made, `forbidden` where the temp folder of the socket is not ours alone,
/// `bad_request` where the socket's path is too long for the platform.
pub fn prepare(places: &Places) -> Result<(), ApiError> {
    if places.is_socket_path_too_long() {
        let phrase = phrase!(
            "error-socket-path-too-long",
            path = places.socket.display(),
            length = places.socket.as_os_str().len(),
            limit = mmp_shared::places::LONGEST_SOCKET_PATH
        );
        return Err(ApiError::new(ErrorCode::BadRequest, phrase).with_hint(phrase!("hint-shorter-home")));
    }
    for folder in [places.data.as_path(), places.state.as_path(), places.logs().as_path()] {
        make_private(folder)?;
    }
    if let Some(folder) = places.socket.parent() {
        make_private(folder)?;
        if places.is_socket_in_temp {
            check_ours_alone(folder)?;
        }
    }
    Ok(())
}

fn make_private(folder: &Path) -> Result<(), ApiError> {
    match DirBuilder::new().recursive(true).mode(0o700).create(folder) {
        Ok(()) => Ok(()),
        Err(error) => {
            let phrase = phrase!("error-folder", path = folder.display(), reason = in_words(&error));
            Err(ApiError::new(ErrorCode::StorageFailed, phrase).with_hint(phrase!("hint-folder")))
        }
    }
}

fn check_ours_alone(folder: &Path) -> Result<(), ApiError> {
    let metadata = fs::symlink_metadata(folder).map_err(|error| {
        ApiError::new(ErrorCode::StorageFailed, phrase!("error-folder", path = folder.display(), reason = in_words(&error)))
    })?;
    let is_ours = metadata.is_dir() && metadata.uid() == rustix::process::geteuid().as_raw();
    if is_ours && metadata.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    let phrase = phrase!("error-folder-not-ours", path = folder.display());
    Err(ApiError::new(ErrorCode::Forbidden, phrase).with_hint(phrase!("hint-runtime-folder")))
}

/// What the operating system said, without Rust's own words around it.
pub(crate) fn in_words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_made_for_their_user_alone() {
        let home = tempfile::tempdir().expect("a folder");
        let places = Places::under(home.path());
        prepare(&places).expect("folders can be made");
        let mode = fs::metadata(&places.data).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn a_socket_path_that_is_too_long_is_said_with_its_limit() {
        let error = prepare(&Places::under(Path::new(&format!("/tmp/{}", "x".repeat(120))))).expect_err("too long");
        assert_eq!(error.code, ErrorCode::BadRequest);
        assert!(error.message.contains("107") || error.message.contains("103"), "{}", error.message);
    }

    #[test]
    fn a_temp_folder_that_others_may_enter_is_refused() {
        let home = tempfile::tempdir().expect("a folder");
        let mut places = Places::under(&home.path().join("mmp-1"));
        places.is_socket_in_temp = true;
        prepare(&places).expect("a new one is ours");
        let folder = places.socket.parent().expect("it has one").to_owned();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("it is ours");
        assert_eq!(prepare(&places).expect_err("others may enter").code, ErrorCode::Forbidden);
    }
}
