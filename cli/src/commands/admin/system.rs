//! `mmp admin system`: the daemon's process, what it takes, and how its store, disk, vault and proxies are.

use mmp_shared::{
    ApiError, Language, Phrase,
    config::Value,
    phrase,
    system::{Room, SystemHealth, SystemInfo},
};
use serde::Serialize;

use crate::{
    client::Client,
    context::Context,
    error::Outcome,
    everywhere::OutputFormat,
    output::{self, health, listing::print_one, time},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

/// What `-o json` says: both answers of the daemon as one.
#[derive(Debug, Serialize)]
struct SystemView {
    #[serde(flatten)]
    info: SystemInfo,
    #[serde(flatten)]
    health: SystemHealth,
}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        let info = client.system().await?;
        let view = SystemView { info, health: client.system_health().await? };
        let exit = print_one(context, &view, &shown(&view, context.language))?;
        if context.format() == OutputFormat::Text && !context.everywhere.quiet {
            hints(&view.health).iter().for_each(|hint| output::note(hint, context.language));
        }
        Ok(exit)
    }
}

fn shown(view: &SystemView, language: Language) -> Vec<(&'static str, String)> {
    let SystemView { info, health: told } = view;
    let process = info.process;
    let number = |count: Option<u64>| count.map(|count| count.to_string()).unwrap_or_default();
    let daemon = phrase!(
        "doctor-daemon",
        pid = format!("#{}", info.pid),
        version = info.version,
        at = time::local(info.started_at)
    );
    let tcp = info.tcp.map(|address| format!(", {address}")).unwrap_or_default();
    let store = words(told.store.error.as_ref(), health::store(&told.store), language);
    let disk = told.store.free_bytes.map(|free| health::disk(free).render(language));
    let vault = words(told.vault.error.as_ref(), health::vault(&told.vault), language);
    let proxy = |proxy| health::proxy(proxy, told.no_proxy.as_deref()).render(language);
    let mut shown = vec![
        ("daemon", daemon.render(language)),
        ("socket", format!("{}{tcp}", info.socket.display())),
        ("live_runs", info.runs.to_string()),
        ("memory", process.resident_bytes.map(|bytes| Value::Size(bytes).to_string()).unwrap_or_default()),
        ("processor", process.cpu_ms.map(time::duration).unwrap_or_default()),
        ("threads", number(process.threads)),
        ("open_files", number(process.open_files)),
        ("store", store),
        ("disk", disk.unwrap_or_default()),
        ("vault", vault),
    ];
    if told.proxies.is_empty() {
        shown.push(("proxy", phrase!("doctor-no-proxy").render(language)));
    }
    shown.extend(told.proxies.iter().map(|one| ("proxy", proxy(one))));
    shown
}

/// Why something is not as it should be, or what it is.
fn words(error: Option<&ApiError>, else_this: Phrase, language: Language) -> String {
    match error {
        Some(error) => error.phrase.as_ref().map_or_else(|| error.message.clone(), |phrase| phrase.render(language)),
        None => else_this.render(language),
    }
}

/// What there is to do.
fn hints(told: &SystemHealth) -> Vec<Phrase> {
    let of_error = |error: &Option<ApiError>| error.as_ref().and_then(|error| error.hint_phrase.clone());
    let of_disk = match told.store.free_bytes.map(Room::of) {
        Some(Room::None) => Some(phrase!("hint-store-full")),
        Some(Room::Little) => Some(phrase!("hint-doctor-disk")),
        Some(Room::Enough) | None => None,
    };
    [of_error(&told.store.error), of_disk, of_error(&told.vault.error)].into_iter().flatten().collect()
}
