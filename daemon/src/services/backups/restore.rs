//! A backup becomes the store: looked through to its end first, then made a store beside the one that is there, then put in
//! its place. Nobody may have the store open meanwhile: that is for those to see to who call this.

use std::{fs::File, io::BufReader, path::Path, sync::Arc, time::Duration};

use mmp_shared::{
    ApiError, ErrorCode,
    auth::Secret,
    backup::{BackupKey, LostKey, RestoreReport},
    phrase,
};

use crate::{
    security::{key_store::KeyStore, sealed_master::SealedMaster, vault::MasterKey},
    services::keys::KeyPlaces,
    store::{
        BackupError, BackupHead, BackupReader, Batch, Operation, Store, StoreError,
        records::VaultRecord,
        registry::{self, StoreOptions},
    },
};

/// How many accounts are looked at a time.
const ACCOUNTS: usize = 100;

/// Where a backup is to become the store.
pub struct Restorer {
    /// The store's URL.
    pub url: String,
    /// What its engine is told.
    pub options: StoreOptions,
    /// Where the master key may lie.
    pub places: KeyPlaces,
    /// How long the keyring may take to answer.
    pub keyring_timeout: Duration,
}

/// What is wanted of the key.
#[derive(Debug, Default)]
pub struct KeyWish {
    /// The words under which the backup carries it.
    pub passphrase: Option<Secret>,
    /// Everything else is wanted, and no key.
    pub without: bool,
}

/// What stands in a backup that is whole.
struct Looked {
    head: BackupHead,
    key: Found,
}

enum Found {
    None,
    Here(VaultPlace),
    Carried(SealedMaster),
    Missing,
}

struct VaultPlace {
    key_store: String,
    location: String,
}

impl Restorer {
    /// Reads a backup to its end and says what it is; and where words are given, that they open its key.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being restored here.
    pub async fn verify(&self, file: &Path, passphrase: Option<&Secret>) -> Result<RestoreReport, ApiError> {
        let looked = self.look(file).await?;
        if let (Found::Carried(sealed), Some(words)) = (&looked.key, passphrase) {
            open(sealed, words, &looked.head).await?;
        }
        Ok(report(&looked))
    }

    /// Makes it the store.
    ///
    /// # Errors
    ///
    /// As [`Restorer::verify`]; and where its key is not to be had and was not given up. The store is then as it was.
    pub async fn restore(&self, file: &Path, wish: KeyWish) -> Result<RestoreReport, ApiError> {
        let looked = self.look(file).await?;
        let mut report = report(&looked);
        let opened = match (&looked.key, wish) {
            (_, KeyWish { without: true, .. }) => None,
            (Found::Carried(sealed), KeyWish { passphrase: Some(words), .. }) => Some(open(sealed, &words, &looked.head).await?),
            (Found::Carried(_), _) => return Err(refused("error-backup-locked", "hint-backup-locked")),
            (Found::Missing, _) => return Err(missing(&looked.head)),
            (Found::None | Found::Here(_), _) => None,
        };
        let path = file.to_owned();
        let mut reader = read(&path)?;
        let source = move || reader.changes().map_err(|error| StoreError::Damaged(error.to_string()));
        let (url, fresh) = registry::restore(&self.url, &self.options, Box::new(source)).await?;
        let store = registry::open(url, &fresh).await?;
        let place = match (looked.key, &opened) {
            (_, Some(key)) => Some(self.put_away(key).await?),
            (Found::Here(place), None) => Some(place),
            (Found::None | Found::Carried(_) | Found::Missing, None) => None,
        };
        match place {
            Some(place) => self.point_at(store.as_ref(), place).await?,
            None => report.lost_keys = self.forget_keys(store.as_ref()).await?,
        }
        store.close().await?;
        report.kept_at = registry::put_in_place(&self.url, &self.options).await?;
        Ok(report)
    }

    async fn look(&self, file: &Path) -> Result<Looked, ApiError> {
        let mut reader = read(file)?;
        let engine = registry::scheme(&self.url)?;
        if reader.head.engine != engine {
            let phrase = phrase!("error-backup-engine", theirs = reader.head.engine, ours = engine);
            return Err(ApiError::new(ErrorCode::BadRequest, phrase));
        }
        if reader.head.shape > registry::shape(&self.url)? {
            let error = BackupError::Newer(format!("version {}, shape {}", reader.head.version, reader.head.shape));
            return Err(no_backup(file, &error));
        }
        while reader.changes().map_err(|error| no_backup(file, &error))?.is_some() {}
        let key = self.find_key(&reader.head, reader.key.as_deref()).await?;
        Ok(Looked { head: reader.head, key })
    }

    async fn find_key(&self, head: &BackupHead, carried: Option<&[u8]>) -> Result<Found, ApiError> {
        let Some(fingerprint) = &head.key_fingerprint else { return Ok(Found::None) };
        let own = self.places.key_file.display().to_string();
        let named = (head.key_store.clone().unwrap_or_default(), head.key_location.clone().unwrap_or_default());
        for (key_store, location) in [named, ("file".to_owned(), own)] {
            let place = self.place(&key_store);
            let (keys, at) = (Arc::clone(place), location.clone());
            let load = tokio::task::spawn_blocking(move || keys.load(&at).ok().map(|key| key.fingerprint()));
            if let Ok(Ok(Some(found))) = tokio::time::timeout(self.keyring_timeout, load).await
                && found == *fingerprint
            {
                return Ok(Found::Here(VaultPlace { key_store, location }));
            }
        }
        let Some(carried) = carried else { return Ok(Found::Missing) };
        let sealed = serde_json::from_slice(carried);
        sealed.map(Found::Carried).map_err(|_| refused("error-backup-key-damaged", "hint-backup-damaged"))
    }

    fn place(&self, key_store: &str) -> &Arc<dyn KeyStore> {
        if key_store == self.places.keyring.kind() { &self.places.keyring } else { &self.places.file }
    }

    /// Puts a key into a file: the usual one, or one beside it where another store's key lies there.
    async fn put_away(&self, key: &MasterKey) -> Result<VaultPlace, ApiError> {
        let fingerprint = key.fingerprint();
        let digits: String = fingerprint.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let usual = &self.places.key_file;
        let path = if usual.exists() { usual.with_file_name(format!("vault-{digits}.key")) } else { usual.clone() };
        let location = path.display().to_string();
        let is_there = self.places.file.load(&location).is_ok_and(|there| there.fingerprint() == fingerprint);
        if !is_there {
            self.places.file.save(&location, key).map_err(|error| {
                ApiError::new(ErrorCode::StorageFailed, phrase!("vault-unreachable", key_store = "file", reason = error))
            })?;
        }
        Ok(VaultPlace { key_store: "file".to_owned(), location })
    }

    async fn point_at(&self, store: &dyn Store, place: VaultPlace) -> Result<(), ApiError> {
        let Some(record) = store.vault().await? else { return Ok(()) };
        let VaultPlace { key_store, location } = place;
        Ok(store.commit(Batch::new().then(Operation::PutVault(VaultRecord { key_store, location, ..record }))).await?)
    }

    /// Without its key nothing opens what is sealed, and no other key is made while it is there.
    async fn forget_keys(&self, store: &dyn Store) -> Result<Vec<LostKey>, ApiError> {
        let Some(record) = store.vault().await? else { return Ok(Vec::new()) };
        let (mut lost, mut after) = (Vec::new(), None);
        loop {
            let users = store.users_after(after, ACCOUNTS).await?;
            let Some(last) = users.last() else { break };
            after = Some(last.id);
            for user in users {
                for provider in store.sealed_key_names(user.id).await? {
                    store.commit(Batch::new().then(Operation::DeleteSealedKey(user.id, provider.clone()))).await?;
                    lost.push(LostKey { user: user.username.clone(), provider });
                }
            }
        }
        // A place where no key lies: the next one that is wanted is made.
        let location = self.places.key_file.with_extension("forgotten").display().to_string();
        let gone = VaultRecord { key_store: "file".to_owned(), location, ..record };
        store.commit(Batch::new().then(Operation::PutVault(gone))).await?;
        Ok(lost)
    }
}

async fn open(sealed: &SealedMaster, words: &Secret, head: &BackupHead) -> Result<MasterKey, ApiError> {
    let (sealed, words) = (sealed.clone(), words.clone());
    let opened = tokio::task::spawn_blocking(move || sealed.open(words.reveal())).await;
    let key = opened.ok().and_then(Result::ok).flatten().filter(|key| Some(key.fingerprint()) == head.key_fingerprint);
    key.ok_or_else(|| refused("error-backup-passphrase", "hint-backup-passphrase"))
}

fn report(looked: &Looked) -> RestoreReport {
    let key = match looked.key {
        Found::None => BackupKey::None,
        Found::Here(_) => BackupKey::Here,
        Found::Carried(_) => BackupKey::Carried,
        Found::Missing => BackupKey::Missing,
    };
    let BackupHead { made_at, version, .. } = looked.head.clone();
    RestoreReport { made_at, version, key, kept_at: None, lost_keys: Vec::new() }
}

fn read(file: &Path) -> Result<BackupReader<BufReader<File>>, ApiError> {
    let opened = File::open(file).map_err(BackupError::from).and_then(|opened| BackupReader::open(BufReader::new(opened)));
    opened.map_err(|error| no_backup(file, &error))
}

/// Reads a backup to its end.
///
/// # Errors
///
/// Where it is none, or not whole.
pub(super) fn read_through(file: &Path) -> Result<(), ApiError> {
    let mut reader = read(file)?;
    while reader.changes().map_err(|error| no_backup(file, &error))?.is_some() {}
    Ok(())
}

fn no_backup(file: &Path, error: &BackupError) -> ApiError {
    let hint = match error {
        BackupError::Newer(_) => phrase!("hint-backup-newer"),
        BackupError::Foreign | BackupError::Unreadable(_) => phrase!("hint-backup-foreign"),
        BackupError::Cut | BackupError::Damaged(_) => phrase!("hint-backup-damaged"),
    };
    let phrase = match error {
        BackupError::Foreign => phrase!("error-backup-foreign", file = file.display()),
        BackupError::Newer(made) => phrase!("error-backup-newer", file = file.display(), made = made),
        BackupError::Cut => phrase!("error-backup-cut", file = file.display()),
        BackupError::Damaged(reason) => phrase!("error-backup-damaged", file = file.display(), reason = reason),
        BackupError::Unreadable(reason) => phrase!("error-file-unreadable", name = file.display(), reason = reason),
    };
    ApiError::new(ErrorCode::BadRequest, phrase).with_hint(hint)
}

fn missing(head: &BackupHead) -> ApiError {
    let location = head.key_location.as_deref().unwrap_or_default();
    ApiError::new(ErrorCode::Conflict, phrase!("error-backup-key", location = location)).with_hint(phrase!("hint-backup-key"))
}

fn refused(words: &'static str, hint: &'static str) -> ApiError {
    let phrase = |key: &'static str| mmp_shared::Phrase { key: key.into(), args: std::collections::BTreeMap::new() };
    ApiError::new(ErrorCode::BadRequest, phrase(words)).with_hint(phrase(hint))
}
