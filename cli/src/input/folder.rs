//! The files of a folder, as they go into a prompt: what is hidden or ignored (`.gitignore`, `.ignore`) stays out, links are
//! not followed, and the order is that of the names.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use mmp_shared::{ApiError, ErrorCode, phrase};

use crate::error::bad_request;

/// The most files of a folder.
pub(super) const MOST_FILES: usize = 500;

/// The most bytes that the files of a folder may have together.
pub(super) const MOST_BYTES: u64 = 4 << 20;

/// The files of a folder and of those within.
///
/// # Errors
///
/// `too_large` with the limit and the way out; `bad_request` where a folder cannot be read, or has no file.
pub(super) fn files_of(folder: &str) -> Result<Vec<PathBuf>, ApiError> {
    let (mut files, mut size) = (Vec::new(), 0);
    let mut walk = WalkBuilder::new(folder);
    walk.require_git(false).follow_links(false).sort_by_file_name(Ord::cmp);
    for entry in walk.build() {
        let unreadable = |error: ignore::Error| {
            let reason = error.io_error().map_or_else(|| error.to_string(), crate::config::reason);
            bad_request(phrase!("error-file-unreadable", name = folder, reason = reason))
        };
        let entry = entry.map_err(unreadable)?;
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        size += entry.metadata().map_err(unreadable)?.len();
        files.push(entry.into_path());
        if files.len() > MOST_FILES {
            return Err(too_large(phrase!("error-folder-files", name = folder, limit = MOST_FILES)));
        }
        if size > MOST_BYTES {
            return Err(too_large(phrase!("error-folder-bytes", name = folder, limit = MOST_BYTES >> 20)));
        }
    }
    if files.is_empty() {
        return Err(bad_request(phrase!("error-folder-empty", name = folder)).with_hint(phrase!("hint-folder-empty")));
    }
    Ok(files)
}

fn too_large(phrase: mmp_shared::Phrase) -> ApiError {
    ApiError::new(ErrorCode::TooLarge, phrase).with_hint(phrase!("hint-folder-large"))
}

/// Folders that hold what was made, not what was written.
const MADE: &[&str] = &["target", "node_modules"];

/// The files below a folder, as many as that, by their paths from there. What cannot be read is left out: it is only to be
/// chosen from.
pub(crate) fn names_below(folder: &Path, most: usize) -> Vec<String> {
    let mut walk = WalkBuilder::new(folder);
    walk.require_git(false).follow_links(false).sort_by_file_name(Ord::cmp);
    walk.filter_entry(|entry| !entry.file_name().to_str().is_some_and(|name| MADE.contains(&name)));
    let files = walk.build().take(most.saturating_mul(4)).flatten();
    let files = files.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    let names = files.filter_map(|entry| entry.path().strip_prefix(folder).ok()?.to_str().map(str::to_owned));
    names.take(most).collect()
}

/// Whether this names a folder.
pub(super) fn is_folder(path: &str) -> bool {
    Path::new(path).is_dir()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let files = files_of(folder.to_str().expect("a path")).expect("files");
        files.iter().map(|path| path.strip_prefix(folder).expect("within").display().to_string()).collect()
    }

    #[test]
    fn what_may_be_chosen_is_neither_hidden_nor_made() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["a.txt", "src/b.rs", "target/c", "node_modules/d", ".git/e", ".hidden", "src/target/f"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, "x").expect("written");
        }
        assert_eq!(names_below(folder.path(), 10), ["a.txt", "src/b.rs"]);
        assert_eq!(names_below(folder.path(), 1).len(), 1);
        assert_eq!(names_below(&folder.path().join("nowhere"), 10), Vec::<String>::new());
    }

    #[test]
    fn what_is_hidden_or_ignored_stays_out_and_names_are_in_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        for name in ["b", ".git", "target"] {
            fs::create_dir(at(name)).expect("a folder");
        }
        for name in ["c.txt", "b/z.rs", "b/a.rs", ".secret", ".git/config", "target/big", "x.log"] {
            fs::write(at(name), name).expect("a file");
        }
        fs::write(at(".gitignore"), "target/\n*.log\n").expect("a file");
        std::os::unix::fs::symlink("/etc", at("link")).expect("a link");
        assert_eq!(names(folder.path()), ["b/a.rs", "b/z.rs", "c.txt"]);
    }

    #[test]
    fn a_folder_that_is_too_large_says_the_limit() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().to_str().expect("a path");
        assert_eq!(files_of(path).expect_err("empty").code, ErrorCode::BadRequest);
        fs::File::create(folder.path().join("big")).and_then(|file| file.set_len(MOST_BYTES + 1)).expect("a file");
        let error = files_of(path).expect_err("too large");
        assert_eq!(error.code, ErrorCode::TooLarge);
        assert!(error.message.contains("4 MiB"), "{}", error.message);
        fs::remove_file(folder.path().join("big")).expect("it was there");
        for number in 0..=MOST_FILES {
            fs::write(folder.path().join(number.to_string()), "").expect("a file");
        }
        assert!(files_of(path).expect_err("too many").message.contains("500"));
    }
}
