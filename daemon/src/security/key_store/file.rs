//! A master key in a file that its user alone may read: the default under `MMP_HOME`, and where there is no keyring.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::Path,
};

use zeroize::Zeroizing;

use super::{KeyStore, KeyStoreError, MasterKey};

/// Keys in files; a location is a path.
#[derive(Debug, Clone, Copy)]
pub struct FileKeyStore;

impl KeyStore for FileKeyStore {
    fn kind(&self) -> &'static str {
        "file"
    }

    fn load(&self, location: &str) -> Result<MasterKey, KeyStoreError> {
        let mut file = File::open(location).map_err(|error| failed(location, &error))?;
        let metadata = file.metadata().map_err(|error| failed(location, &error))?;
        if metadata.mode() & 0o077 != 0 {
            return Err(KeyStoreError::Exposed(location.to_owned()));
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(64));
        file.read_to_end(&mut bytes).map_err(|error| failed(location, &error))?;
        MasterKey::from_slice(&bytes).ok_or_else(|| KeyStoreError::Malformed(location.to_owned()))
    }

    /// The key is written beside its place and linked there once it is on disk: a power cut leaves no half key, and a
    /// key that is there already is not replaced.
    fn save(&self, location: &str, key: &MasterKey) -> Result<(), KeyStoreError> {
        let path = Path::new(location);
        let folder = path.parent().unwrap_or(Path::new("."));
        let draft = path.with_extension(format!("draft-{}", std::process::id()));
        let written = DirBuilder::new().recursive(true).mode(0o700).create(folder).and_then(|()| {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
            file.write_all(key.as_bytes())?;
            file.sync_all()?;
            fs::hard_link(&draft, path)?;
            File::open(folder)?.sync_all()
        });
        let _ = fs::remove_file(&draft);
        written.map_err(|error| failed(location, &error))
    }
}

fn failed(location: &str, error: &io::Error) -> KeyStoreError {
    match error.kind() {
        io::ErrorKind::NotFound => KeyStoreError::Missing(location.to_owned()),
        _ => KeyStoreError::Unreachable(format!("{location}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_found_again_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/vault.key").display().to_string();
        let key = MasterKey::generate().expect("randomness");
        FileKeyStore.save(&path, &key).expect("it can be put away");
        assert_eq!(fs::metadata(&path).expect("it is there").mode() & 0o777, 0o600);
        assert_eq!(FileKeyStore.load(&path).expect("it is there").as_bytes(), key.as_bytes());
    }

    #[test]
    fn a_key_is_never_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("vault.key").display().to_string();
        let (first, second) = (MasterKey::generate().expect("randomness"), MasterKey::generate().expect("randomness"));
        FileKeyStore.save(&path, &first).expect("it can be put away");
        assert!(FileKeyStore.save(&path, &second).is_err());
        assert_eq!(FileKeyStore.load(&path).expect("it is there").as_bytes(), first.as_bytes());
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("vault.key").display().to_string();
        FileKeyStore.save(&path, &MasterKey::generate().expect("randomness")).expect("it can be put away");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("it is ours");
        assert_eq!(FileKeyStore.load(&path).expect_err("exposed"), KeyStoreError::Exposed(path));
    }

    #[test]
    fn what_is_missing_or_no_key_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("vault.key").display().to_string();
        assert_eq!(FileKeyStore.load(&path).expect_err("nothing there"), KeyStoreError::Missing(path.clone()));
        fs::write(&path, "short").expect("it can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("it is ours");
        assert_eq!(FileKeyStore.load(&path).expect_err("no key"), KeyStoreError::Malformed(path));
    }
}
