//! Backups: the store while it is in use, as a stream of bytes. Making a store of one is `restore`'s.
//!
//! When the daemon makes them by itself is `rotation`'s. What is sealed stays sealed; the master key goes along under a passphrase alone.

pub mod restore;
pub mod rotation;

use std::{io, sync::Arc};

use bytes::Bytes;
use jiff::Timestamp;
use mmp_shared::{ApiError, ErrorCode, UserId, audit::AuditKind, backup::BackupRequest, phrase, system::VERSION};
use tokio::sync::mpsc;

use super::{audit, clock::SharedClock, keys::Keys};
use crate::store::{BackupHead, BackupWriter, Batch, Operation, Store, StoreError};

/// How many parts wait for whoever takes them.
const PARTS: usize = 4;

/// A backup as it comes.
pub type BackupBytes = mpsc::Receiver<io::Result<Bytes>>;

/// The service of backups.
pub struct Backups {
    store: Arc<dyn Store>,
    keys: Arc<Keys>,
    clock: SharedClock,
}

impl Backups {
    /// The service over a store.
    pub fn new(store: Arc<dyn Store>, keys: Arc<Keys>, clock: SharedClock) -> Self {
        Self { store, keys, clock }
    }

    /// Begins a backup for an admin, which goes on for as long as it is taken. The audit has a line of it, and so has the backup.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from beginning. What goes wrong later ends the bytes with an error.
    pub async fn begin(&self, admin: UserId, request: BackupRequest) -> Result<BackupBytes, ApiError> {
        let sealed = match &request.passphrase {
            Some(passphrase) if passphrase.reveal().is_empty() => {
                return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-passphrase-empty")));
            }
            Some(passphrase) => self.keys.carry(passphrase).await?,
            None => None,
        };
        let detail = sealed.as_ref().map(|_| "with_key".to_owned());
        let line = audit::line(&self.clock, AuditKind::Backup, Some(admin), None, detail);
        self.copy_out(line, sealed).await
    }

    /// How many bytes the store's files have.
    async fn size(&self) -> Result<u64, ApiError> {
        Ok(self.store.about().await?.bytes.unwrap_or_default())
    }

    /// The same without anybody's asking; the master key stays where it is.
    async fn begin_by_itself(&self) -> Result<BackupBytes, ApiError> {
        let line = audit::line(&self.clock, AuditKind::Backup, None, None, None);
        self.copy_out(line, None).await
    }

    async fn copy_out(&self, line: Operation, sealed: Option<Vec<u8>>) -> Result<BackupBytes, ApiError> {
        let engine = self.store.about().await?.engine;
        if engine == "memory" {
            return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-backup-memory")));
        }
        self.store.commit(Batch::new().then(line)).await?;
        let vault = self.store.vault().await?;
        let head = BackupHead {
            engine: engine.to_owned(),
            shape: self.store.shape(),
            version: VERSION.to_owned(),
            made_at: Timestamp::now(),
            key_store: vault.as_ref().map(|vault| vault.key_store.clone()),
            key_location: vault.as_ref().map(|vault| vault.location.clone()),
            key_fingerprint: vault.map(|vault| vault.fingerprint),
        };
        let (mut writer, mut first) = BackupWriter::begin(&head);
        if let Some(sealed) = sealed {
            first.extend(writer.key(&sealed));
        }
        let (sender, bytes) = mpsc::channel(PARTS);
        // The channel is empty: this does not wait.
        let _ = sender.send(Ok(first.into())).await;
        tokio::spawn(copy(Arc::clone(&self.store), writer, sender));
        Ok(bytes)
    }
}

async fn copy(store: Arc<dyn Store>, writer: BackupWriter, sender: mpsc::Sender<io::Result<Bytes>>) {
    let writer = Arc::new(std::sync::Mutex::new(writer));
    let lock = |writer: &std::sync::Mutex<BackupWriter>, changes: &[u8]| {
        writer.lock().unwrap_or_else(std::sync::PoisonError::into_inner).changes(changes)
    };
    let (shared, parts) = (Arc::clone(&writer), sender.clone());
    let sink = move |changes: Vec<u8>| parts.blocking_send(Ok(lock(&shared, &changes).into())).is_ok();
    let copied = store.copy(Box::new(sink)).await;
    let end = copied.and_then(|()| {
        let writer = Arc::into_inner(writer).and_then(|writer| writer.into_inner().ok());
        writer.map(BackupWriter::end).ok_or_else(|| StoreError::Failed("the copy did not end".into()))
    });
    if let Err(error) = &end {
        tracing::warn!(%error, "a backup was not finished");
    }
    // Whoever took it may have gone away.
    let _ = sender.send(end.map(Into::into).map_err(io::Error::other)).await;
}
