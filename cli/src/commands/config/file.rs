//! Changing the file of settings: one key at a time, and nothing else of the file, its comments included.

use std::{fs, path::Path};

use mmp_shared::{
    ApiError,
    config::{Key, Value},
    phrase,
};
use toml_edit::{DocumentMut, Item, Table, value};

use crate::{
    config::read_file,
    error::bad_request,
    own_files::{make_folder, replace, unwritable},
};

/// Reads the file, changes it, and puts the new one in its place in one step.
pub(super) fn change(path: &Path, change: impl FnOnce(&mut DocumentMut) -> Result<(), ApiError>) -> Result<(), ApiError> {
    // A file that is a link to where the user keeps such files stays one.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let text = read_file(&path)?.unwrap_or_default();
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        let reason = error.message().lines().next().unwrap_or_default();
        bad_request(phrase!("error-config-syntax", path = path.display(), line = line, reason = reason))
    })?;
    change(&mut document)?;
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    replace(&path, document.to_string().as_bytes()).map_err(|error| unwritable(&path, &error))
}

/// Sets a key, making the tables that it stands in.
pub(super) fn set(document: &mut DocumentMut, key: &Key, new: &Value, text: &str) -> Result<(), ApiError> {
    let mut names: Vec<_> = key.name.split('.').collect();
    let Some(name) = names.pop() else { return Ok(()) };
    let mut table = document.as_table_mut();
    for part in names {
        let item = table.entry(part).or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        table = item.as_table_mut().ok_or_else(|| bad_request(phrase!("error-config-no-table", name = part)))?;
    }
    let new = match new {
        Value::Switch(on) => value(*on),
        Value::Count(count) => value(i64::try_from(*count).unwrap_or(i64::MAX)),
        // As the user wrote it: `1h` stays `1h`.
        Value::Text(_) | Value::Duration(_) | Value::Size(_) => value(text),
    };
    match table.get_mut(name).and_then(Item::as_value_mut) {
        Some(old) => {
            let decor = old.decor().clone();
            if let Item::Value(new) = new {
                *old = new;
            }
            *old.decor_mut() = decor;
        }
        None => {
            table.insert(name, new);
        }
    }
    Ok(())
}

/// Takes a key out. That it was not there is no error.
pub(super) fn unset(document: &mut DocumentMut, key: &Key) {
    let mut names: Vec<_> = key.name.split('.').collect();
    let Some(name) = names.pop() else { return };
    let mut table = Some(document.as_table_mut());
    for part in names {
        table = table.and_then(|table| table.get_mut(part)).and_then(Item::as_table_mut);
    }
    if let Some(table) = table {
        table.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use mmp_shared::config::find_key;

    use super::*;

    fn changed(text: &str, name: &str, new: Option<&str>) -> String {
        let mut document: DocumentMut = text.parse().expect("TOML");
        let key = find_key(name).expect("a key");
        match new {
            Some(new) => set(&mut document, key, &key.kind.parse(new).expect("a value"), new).expect("set"),
            None => unset(&mut document, key),
        }
        document.to_string()
    }

    #[test]
    fn a_key_is_set_and_comments_stay() {
        assert_eq!(changed("# mine\nmodel = \"a\" # why\n", "model", Some("b")), "# mine\nmodel = \"b\" # why\n");
        assert_eq!(changed("", "daemon.log.days", Some("3")), "[daemon.log]\ndays = 3\n");
        assert_eq!(changed("", "import_env", Some("off")), "import_env = false\n");
        assert_eq!(changed("", "daemon.runs.keep", Some("1h")), "[daemon.runs]\nkeep = \"1h\"\n");
    }

    #[test]
    fn a_key_is_taken_out() {
        assert_eq!(changed("model = \"a\"\nlang = \"en\"\n", "model", None), "lang = \"en\"\n");
        assert_eq!(changed("", "daemon.log.days", None), "");
    }
}
