//! Backups, as the daemon sends them.

use mmp_shared::{ApiError, auth::Secret, backup::BackupRequest};
use reqwest::Response;

use super::{Body, Client, Request};

impl Client {
    /// The bytes of a backup, with the master key where there are words for it.
    pub(crate) async fn backup(&self, passphrase: Option<Secret>) -> Result<Response, ApiError> {
        if passphrase.is_some() {
            self.target().check_private()?;
        }
        self.send(&Request::post("/admin/backup", Body::json(&BackupRequest { passphrase }))).await
    }
}
