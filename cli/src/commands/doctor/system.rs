//! What the daemon says of itself: the store and its disk, the vault, the proxies of its environment.

use std::time::Duration;

use mmp_shared::{
    ErrorCode,
    phrase,
    proxies,
    system::{ProxyHealth, Room, StoreHealth, SystemHealth, VaultHealth, VaultState},
};

use super::report::{Finding, Report, Status};
use crate::{client::Client, context::Context, error::CliError, output::health};

/// The longest that the daemon may take: a keyring that asks its user to be unlocked has half a minute of its own.
const PATIENCE: Duration = Duration::from_secs(45);

/// Looks at what the daemon says.
pub(super) async fn check(context: &Context, client: &Client, report: &mut Report<'_>) -> Result<(), CliError> {
    let told = report.wait_at_most("mmpd", PATIENCE, client.system_health()).await;
    let told = match told {
        Some(Ok(told)) => told,
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
    for finding in findings(context, client, told) {
        report.add(finding)?;
    }
    Ok(())
}

fn findings(context: &Context, client: &Client, told: SystemHealth) -> Vec<Finding> {
    let disk = disk(&told.store);
    let differs = client.target().is_own_socket().then(|| environment_differs(&told)).flatten();
    let is_local = context.config().is_ok_and(|config| config.text("host").is_none());
    let proxies = proxies(&told).into_iter().chain(differs.filter(|_| is_local));
    [store(told.store)].into_iter().chain(disk).chain([vault(told.vault)]).chain(proxies).collect()
}

fn store(store: StoreHealth) -> Finding {
    let words = health::store(&store);
    match store.error {
        Some(error) => Finding::met("store", Status::Error, error),
        None if store.folder.is_none() => Finding::warning("store", words).hint(phrase!("hint-doctor-store-memory")),
        None => Finding::ok("store", words),
    }
}

fn disk(store: &StoreHealth) -> Option<Finding> {
    let free = store.free_bytes?;
    let words = health::disk(free);
    Some(match Room::of(free) {
        Room::None => Finding::error("disk", words).hint(phrase!("hint-store-full")),
        Room::Little => Finding::warning("disk", words).hint(phrase!("hint-doctor-disk")),
        Room::Enough => Finding::ok("disk", words),
    })
}

fn vault(vault: VaultHealth) -> Finding {
    let words = health::vault(&vault);
    match (vault.state, vault.error) {
        (VaultState::Locked, Some(error)) => Finding::met("vault", Status::Error, error),
        (VaultState::Locked, None) => Finding::error("vault", words).hint(phrase!("hint-vault-locked")),
        (VaultState::Empty | VaultState::Open, _) => Finding::ok("vault", words),
    }
}

fn proxies(told: &SystemHealth) -> Vec<Finding> {
    if told.proxies.is_empty() {
        return vec![Finding::ok("proxy", phrase!("doctor-no-proxy"))];
    }
    told.proxies.iter().map(|proxy| of_proxy(proxy, told.no_proxy.as_deref())).collect()
}

fn of_proxy(proxy: &ProxyHealth, exceptions: Option<&str>) -> Finding {
    let words = health::proxy(proxy, exceptions);
    let hint = phrase!("hint-upstream-proxy", variable = proxy.variable);
    match (&proxy.url, &proxy.failure) {
        (None, _) => Finding::warning("proxy", words).hint(hint),
        (Some(_), Some(_)) => Finding::error("proxy", words).hint(hint),
        (Some(_), None) => Finding::ok("proxy", words),
    }
}

/// A daemon keeps the environment that it was started in. Where ours names other proxies, its user may wonder.
fn environment_differs(told: &SystemHealth) -> Option<Finding> {
    let ours = |name: &str| std::env::var(name).ok();
    let theirs: Vec<_> = told.proxies.iter().map(|proxy| (proxy.variable.clone(), proxy.url.clone())).collect();
    let here: Vec<_> = proxies::named(&ours).into_iter().map(|proxy| (proxy.variable, proxy.url)).collect();
    let is_same = theirs == here && told.no_proxy == proxies::exceptions(&ours);
    (!is_same).then(|| Finding::warning("proxy", phrase!("doctor-proxy-differs")).hint(phrase!("hint-doctor-proxy-differs")))
}
