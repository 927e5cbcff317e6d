//! Ending the daemon of our data folder, and doing what needs the folder while none runs.

use std::io;

use mmp_shared::{ApiError, ErrorCode, phrase, places::Places, system::LockInfo};
use rustix::process::{Pid, Signal, kill_process};

use super::{
    lock,
    start::{self, END_TIMEOUT},
};
use crate::{
    error::system_call,
    own_files::{make_folder, take_lock},
};

/// Asks the daemon to end and waits for it. `None` where none runs.
pub(crate) async fn stop(places: &Places) -> Result<Option<LockInfo>, ApiError> {
    if !places.data.exists() {
        return Ok(None);
    }
    make_folder(&places.data)?;
    // Nobody starts a daemon while we look whether one runs, so a lock that is held is that daemon's.
    let _held = take_lock(&places.start_lock_file()).await?;
    stop_held(places).await
}

/// Does something while no daemon runs and nobody starts one; one that ran is started again, whatever came of it.
pub(crate) async fn while_stopped<T>(places: &Places, work: impl AsyncFnOnce() -> Result<T, ApiError>) -> Result<T, ApiError> {
    make_folder(&places.data)?;
    let _held = take_lock(&places.start_lock_file()).await?;
    let ran = stop_held(places).await?.is_some();
    let done = work().await;
    if ran {
        let started = start::start(places).await;
        // What kept the work from being done is likely what keeps the daemon from starting, and says more.
        if done.is_ok() {
            started?;
        }
    }
    done
}

async fn stop_held(places: &Places) -> Result<Option<LockInfo>, ApiError> {
    let lock_file = places.lock_file();
    if !lock::is_held(&lock_file)? {
        return Ok(None);
    }
    let unknown = || ApiError::new(ErrorCode::StorageFailed, phrase!("error-lock-unreadable", path = lock_file.display()));
    let info = lock::read(&lock_file).ok_or_else(unknown)?;
    let pid = i32::try_from(info.pid).ok().and_then(Pid::from_raw).ok_or_else(unknown)?;
    kill_process(pid, Signal::TERM).map_err(|error| system_call("kill", &io::Error::from(error)))?;
    lock::wait_for_end(&lock_file, END_TIMEOUT).await?;
    Ok(Some(info))
}
