//! What this process takes of its machine, as the system tells it.

use mmp_shared::system::ProcessUsage;

/// What it takes now. These files are the kernel's memory: reading them waits for no disk.
#[cfg(target_os = "linux")]
pub(super) fn usage() -> ProcessUsage {
    let Ok(process) = procfs::process::Process::myself() else { return ProcessUsage::default() };
    let stat = process.stat().ok();
    ProcessUsage {
        resident_bytes: stat.as_ref().map(|stat| stat.rss.saturating_mul(procfs::page_size())),
        cpu_ms: stat.as_ref().map(|stat| (stat.utime + stat.stime).saturating_mul(1000) / procfs::ticks_per_second().max(1)),
        threads: stat.as_ref().and_then(|stat| u64::try_from(stat.num_threads).ok()),
        open_files: process.fd_count().ok().and_then(|count| u64::try_from(count).ok()),
    }
}

/// Elsewhere nobody tells.
#[cfg(not(target_os = "linux"))]
pub(super) fn usage() -> ProcessUsage {
    ProcessUsage::default()
}
