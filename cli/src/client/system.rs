//! The daemon about itself.

use mmp_shared::{
    ApiError,
    system::{SystemHealth, SystemInfo},
};

use super::{Client, Request, read};

impl Client {
    /// The daemon's status; starts one where there is none.
    pub(crate) async fn system(&self) -> Result<SystemInfo, ApiError> {
        self.fetch(&Request::get("/admin/system")).await
    }

    /// How the daemon's store, vault and proxies are.
    pub(crate) async fn system_health(&self) -> Result<SystemHealth, ApiError> {
        self.fetch(&Request::get("/admin/system/health")).await
    }

    /// The status of a daemon that runs; `None` where none does.
    pub(crate) async fn system_if_running(&self) -> Result<Option<SystemInfo>, ApiError> {
        match self.send_if_running(&Request::get("/admin/system")).await? {
            Some(response) => read(response).await.map(Some),
            None => Ok(None),
        }
    }
}
