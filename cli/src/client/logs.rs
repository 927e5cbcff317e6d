//! The daemon's logs as a client reads them: the end of the newest file.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    time::SystemTime,
};

/// How much of a log is read from its end; more than any number of lines that a person asks for.
const TAIL: u64 = 4 << 20;

/// The last lines of the newest log in a folder; none where there is no log.
pub(crate) fn last_lines(folder: &Path, count: usize) -> io::Result<Vec<String>> {
    let Some(path) = newest(folder)? else { return Ok(Vec::new()) };
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<_> = text.lines().collect();
    Ok(lines[lines.len().saturating_sub(count)..].iter().map(|line| (*line).to_owned()).collect())
}

fn newest(folder: &Path) -> io::Result<Option<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        entries => entries?,
    };
    let mut newest: Option<(SystemTime, PathBuf)> = None;
    for entry in entries {
        let entry = entry?;
        let metadata = entry.metadata()?;
        let changed_at = metadata.modified()?;
        if metadata.is_file() && newest.as_ref().is_none_or(|(at, _)| changed_at > *at) {
            newest = Some((changed_at, entry.path()));
        }
    }
    Ok(newest.map(|(_, path)| path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_newest_log_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(last_lines(&folder.path().join("none"), 3).expect("no folder is no error").is_empty());
        std::fs::write(folder.path().join("old"), "x\n").expect("written");
        let new = File::create(folder.path().join("new")).expect("made");
        std::fs::write(folder.path().join("new"), "a\nb\nc\n").expect("written");
        new.set_modified(SystemTime::now() + std::time::Duration::from_secs(9)).expect("touched");
        assert_eq!(last_lines(folder.path(), 2).expect("read"), ["b", "c"]);
    }
}
