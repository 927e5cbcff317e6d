//! What the daemon says of itself: the store and its disk, the vault, the proxies of its environment.

use std::time::Duration;

use mmp_shared::{
    ErrorCode,
    config::Value,
    phrase,
    proxies,
    system::{ProxyHealth, StoreHealth, SystemHealth, VaultHealth, VaultState},
};

use super::report::{Finding, Report, Status};
use crate::{client::Client, context::Context, error::CliError};

/// The longest that the daemon may take: a keyring that asks its user to be unlocked has half a minute of its own.
const PATIENCE: Duration = Duration::from_secs(45);
/// Less room than this is worth a word, and less than that is too little.
const LITTLE_ROOM: u64 = 1 << 30;
const NO_ROOM: u64 = 64 << 20;

/// Looks at what the daemon says.
pub(super) async fn check(context: &Context, client: &Client, report: &mut Report<'_>) -> Result<(), CliError> {
    let told = report.wait_at_most("mmpd", PATIENCE, client.system_health()).await;
    let health = match told {
        Some(Ok(health)) => health,
        Some(Err(error)) if error.code == ErrorCode::Forbidden => {
            return report.add(Finding::ok("store", phrase!("doctor-told-to-admins")));
        }
        // An older daemon has no such route.
        Some(Err(error)) if error.code == ErrorCode::NotFound => {
            return report.add(Finding::met("store", Status::Warning, error).hint(phrase!("hint-versions")));
        }
        Some(Err(error)) => return report.add(Finding::met("store", Status::Error, error)),
        None => {
            let phrase = phrase!("doctor-daemon-silent", target = client.target(), seconds = PATIENCE.as_secs());
            return report.add(Finding::error("store", phrase).hint(phrase!("hint-daemon-logs")));
        }
    };
    for finding in findings(context, client, health) {
        report.add(finding)?;
    }
    Ok(())
}

fn findings(context: &Context, client: &Client, health: SystemHealth) -> Vec<Finding> {
    let disk = disk(&health.store);
    let differs = client.target().is_own_socket().then(|| environment_differs(&health)).flatten();
    let is_local = context.config().is_ok_and(|config| config.text("host").is_none());
    let proxies = proxies(&health).into_iter().chain(differs.filter(|_| is_local));
    [store(health.store)].into_iter().chain(disk).chain([vault(health.vault)]).chain(proxies).collect()
}

fn store(store: StoreHealth) -> Finding {
    if let Some(error) = store.error {
        return Finding::met("store", Status::Error, error);
    }
    let Some(folder) = store.folder else {
        return Finding::warning("store", phrase!("doctor-store-memory")).hint(phrase!("hint-doctor-store-memory"));
    };
    let survives = if store.survives_power_loss { "power" } else { "process" };
    let size = Value::Size(store.bytes.unwrap_or_default());
    Finding::ok("store", phrase!("doctor-store", engine = store.engine, folder = folder.display(), size = size, survives = survives))
}

fn disk(store: &StoreHealth) -> Option<Finding> {
    let free = store.free_bytes?;
    let phrase = phrase!("doctor-disk", free = Value::Size(free));
    Some(match free {
        0..NO_ROOM => Finding::error("disk", phrase).hint(phrase!("hint-store-full")),
        NO_ROOM..LITTLE_ROOM => Finding::warning("disk", phrase).hint(phrase!("hint-doctor-disk")),
        _ => Finding::ok("disk", phrase),
    })
}

fn vault(vault: VaultHealth) -> Finding {
    match (vault.state, vault.error) {
        (VaultState::Locked, Some(error)) => Finding::met("vault", Status::Error, error),
        (VaultState::Locked, None) => Finding::error("vault", phrase!("doctor-vault-locked")).hint(phrase!("hint-vault-locked")),
        (VaultState::Empty, _) => Finding::ok("vault", phrase!("doctor-vault-empty")),
        (VaultState::Open, _) => {
            let (key_store, location) = (vault.key_store.unwrap_or_default(), vault.location.unwrap_or_default());
            Finding::ok("vault", phrase!("doctor-vault", key_store = key_store, location = location))
        }
    }
}

fn proxies(health: &SystemHealth) -> Vec<Finding> {
    if health.proxies.is_empty() {
        return vec![Finding::ok("proxy", phrase!("doctor-no-proxy"))];
    }
    health.proxies.iter().map(|proxy| of_proxy(proxy, health.no_proxy.as_deref())).collect()
}

fn of_proxy(proxy: &ProxyHealth, exceptions: Option<&str>) -> Finding {
    let variable = &proxy.variable;
    match (&proxy.url, &proxy.failure) {
        (None, _) => Finding::warning("proxy", phrase!("doctor-proxy-unreadable", variable = variable))
            .hint(phrase!("hint-upstream-proxy", variable = variable)),
        (Some(url), Some(reason)) => {
            Finding::error("proxy", phrase!("doctor-proxy-unreachable", variable = variable, url = url, reason = reason))
                .hint(phrase!("hint-upstream-proxy", variable = variable))
        }
        (Some(url), None) => {
            let exceptions = exceptions.unwrap_or("-");
            Finding::ok("proxy", phrase!("doctor-proxy", variable = variable, url = url, exceptions = exceptions))
        }
    }
}

/// A daemon keeps the environment that it was started in. Where ours names other proxies, its user may wonder.
fn environment_differs(health: &SystemHealth) -> Option<Finding> {
    let ours = |name: &str| std::env::var(name).ok();
    let theirs: Vec<_> = health.proxies.iter().map(|proxy| (proxy.variable.clone(), proxy.url.clone())).collect();
    let here: Vec<_> = proxies::named(&ours).into_iter().map(|proxy| (proxy.variable, proxy.url)).collect();
    let is_same = theirs == here && health.no_proxy == proxies::exceptions(&ours);
    (!is_same).then(|| Finding::warning("proxy", phrase!("doctor-proxy-differs")).hint(phrase!("hint-doctor-proxy-differs")))
}
