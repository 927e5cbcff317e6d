//! `mmpd run`: takes the data folder, opens the store, listens, and ends in order. Binding the sockets is `sockets`'.

mod sockets;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use jiff::Timestamp;
use mmp_shared::{
    ApiError,
    places::Places,
    system::{LockInfo, StartReport, VERSION},
};
use tokio::time::MissedTickBehavior;

use self::sockets::{Serving, Sockets};
use super::data_folder::{self, cannot};
use crate::{
    compose::{Composed, compose, rotation},
    config::{DaemonConfig, LimitsConfig, RatesConfig},
    http::{About, AppState, Web, middleware::RateLimits, router::router},
    listen::{
        folders,
        lock::{DataLock, Locking},
        ready,
        shutdown::Ending,
    },
    services::{Services, access_tokens::Tokens, backups::rotation::Rotation, search::Search, system::System},
    store::Store,
    telemetry::logging::{self, Target},
};

/// How often events of old runs are forgotten.
const HOUSEKEEPING: Duration = Duration::from_secs(10 * 60);

/// How often it is written when access tokens were last used.
const USES_NOTED: Duration = Duration::from_secs(60);

/// How often it is looked whether a backup is due.
const BACKUPS_LOOKED_AT: Duration = Duration::from_secs(60);

/// How often the room on the store's disk is looked at.
const ROOM_LOOKED_AT: Duration = Duration::from_secs(60);

/// How long connections may take to end once the runs have ended.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// How much longer a prompt can become as JSON: a control character takes six bytes.
const LONGEST_ESCAPE: u64 = 6;

/// What a request may hold beside its prompt, in bytes.
const BODY_BESIDE_PROMPT: u64 = 1 << 20;

/// How `mmpd run` is told to run.
#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// Leave the session, log to a file, and report on standard output: how a client starts the daemon
    #[arg(long)]
    detached: bool,
}

/// Serves until it is asked to stop.
///
/// # Errors
///
/// What kept it from serving. A detached daemon has told it to its starter as well.
pub(super) fn run(arguments: &RunArguments) -> Result<(), ApiError> {
    if arguments.detached {
        ready::leave_session();
    }
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let served = prepare(arguments).and_then(|prepared| prepared.map_or(Ok(()), |prepared| serve(prepared, arguments.detached)));
    if let (Err(error), true) = (&served, arguments.detached) {
        tracing::error!(code = error.code.as_str(), "not started: {}", error.message);
        ready::report(&StartReport::Failed { error: error.clone() });
    }
    served
}

/// Everything that a daemon has before it listens.
struct Prepared {
    places: Places,
    config: DaemonConfig,
    lock: DataLock,
    _log: tracing_appender::non_blocking::WorkerGuard,
    begun: Instant,
}

/// Takes the data folder. `None` where another daemon has it and the starter was told.
fn prepare(arguments: &RunArguments) -> Result<Option<Prepared>, ApiError> {
    let begun = Instant::now();
    let places = data_folder::places()?;
    folders::prepare(&places)?;
    let config = DaemonConfig::read(&places.config_file)?;
    let logs = places.logs();
    let target = if arguments.detached { Target::Folder(&logs, config.log.days) } else { Target::Stderr };
    let log = logging::start(&config.log.level, target).map_err(|error| cannot(&places.logs(), &error))?;
    match data_folder::hold(&places)? {
        Locking::Ours(lock) => Ok(Some(Prepared { places, config, lock, _log: log, begun })),
        Locking::Theirs(Some(holder)) if arguments.detached => {
            ready::report(&StartReport::AlreadyRunning(holder));
            Ok(None)
        }
        Locking::Theirs(holder) => Err(data_folder::held(&places, holder.as_ref())),
    }
}

fn serve(mut prepared: Prepared, detached: bool) -> Result<(), ApiError> {
    let ending = Ending::default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| cannot(&prepared.places.data, &error))?;
    let ended = runtime.block_on(listen(&mut prepared, ending, detached));
    runtime.shutdown_timeout(LAST_WORDS);
    ended
}

async fn listen(prepared: &mut Prepared, ending: Ending, detached: bool) -> Result<(), ApiError> {
    let Composed { services, store } = compose(&prepared.config, &prepared.places, &ending.asked).await?;
    let cut = services.runs.recover().await?;
    let places = &prepared.places;
    ending.asked.begin_at_signal().map_err(|error| cannot(&places.socket, &error))?;
    let sockets = Sockets::bind(&prepared.config, places, &ending).await?;
    let info = LockInfo {
        pid: std::process::id(),
        version: VERSION.to_owned(),
        socket: places.socket.clone(),
        started_at: Timestamp::now(),
        tcp: sockets.tcp_address(),
    };
    let lock_file = places.lock_file();
    prepared.lock.write(&info).map_err(|error| cannot(&lock_file, &error))?;
    let started_ms = u64::try_from(prepared.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (socket, tcp) = (info.socket.display(), info.tcp.map(tracing::field::display));
    tracing::info!(pid = info.pid, version = VERSION, %socket, tcp, cut_runs = cut, started_ms, "listening");
    if detached {
        ready::report(&StartReport::Ready(info.clone()));
    }
    tokio::spawn(keep_house(services.clone()));
    tokio::spawn(tidy_index(Arc::clone(&services.search)));
    tokio::spawn(Arc::clone(&services.search).keep_up());
    if let Some(rotation) = rotation(&prepared.config, places, &services) {
        tokio::spawn(keep_backups(rotation));
    }
    tokio::spawn(watch_room(Arc::clone(&services.system)));
    tokio::spawn(note_uses(Arc::clone(&services.access_tokens)));
    let (runs, tokens) = (Arc::clone(&services.runs), Arc::clone(&services.access_tokens));
    let state = state(services, &prepared.config, info, detached, ending.clone())?;
    if let Some(after) = prepared.config.idle_exit {
        tokio::spawn(end_when_idle(state.clone(), after));
    }
    let serving = sockets.serve(router(state), &ending);
    ending.asked.begun().await;
    // While runs finish, callers are still answered: with what they ask of runs, and with `unavailable` for new work.
    runs.shut_down().await;
    ending.leaving.begin();
    if let Err(error) = tokens.write_uses().await {
        tracing::warn!(%error, "when access tokens were last used could not be written");
    }
    end(store.as_ref(), serving).await;
    tracing::info!("stopped");
    Ok(())
}

/// The largest body of a request: a prompt and its images as they are in JSON, and what stands beside them.
fn largest_body(limits: &LimitsConfig) -> usize {
    let images = limits.images.div_ceil(3).saturating_mul(4);
    let prompt = limits.prompt.saturating_mul(LONGEST_ESCAPE);
    usize::try_from(prompt.saturating_add(images).saturating_add(BODY_BESIDE_PROMPT)).unwrap_or(usize::MAX)
}

/// What the routes can reach.
fn state(
    services: Services,
    config: &DaemonConfig,
    info: LockInfo,
    may_step_down: bool,
    ending: Ending,
) -> Result<AppState, ApiError> {
    let about = About {
        socket: info.socket,
        tcp: info.tcp,
        started_at: info.started_at,
        may_step_down,
        largest_body: largest_body(&config.limits),
        body_timeout: config.listen.body_timeout,
    };
    let web = Web {
        hosts: config.listen.hosts.clone(),
        origins: config.listen.origins.clone(),
        is_encrypted: config.listen.tls()?.is_some(),
    };
    let RatesConfig { account, token, source } = config.limits.rates;
    let rates = Arc::new(RateLimits::new(account, token, source));
    Ok(AppState { services, about: Arc::new(about), web: Arc::new(web), rates, activity: Arc::default(), ending })
}

/// Lets go of connections and of the store.
async fn end(store: &dyn Store, serving: Serving) {
    serving.end(LAST_WORDS).await;
    if let Err(error) = store.close().await {
        tracing::error!(%error, "the store was not closed in order");
    }
}

/// Goes on with what a crash cut, then forgets what is old, again and again.
async fn keep_house(services: Services) {
    if let Err(error) = services.accounts.resume().await {
        tracing::warn!(%error, "the deletion of an account could not go on; the next start tries again");
    }
    let mut interval = tokio::time::interval(HOUSEKEEPING);
    loop {
        interval.tick().await;
        match services.runs.forget_old_events().await {
            Ok(0) => {}
            Ok(count) => tracing::info!(runs = count, "the events of old runs were forgotten"),
            Err(error) => tracing::warn!(%error, "the events of old runs could not be forgotten"),
        }
        match services.conversations.forget_old().await {
            Ok(0) => {}
            Ok(count) => {
                tracing::info!(conversations = count, "conversations were deleted for their age, as their users had set");
            }
            Err(error) => tracing::warn!(%error, "conversations could not be deleted for their age"),
        }
        match services.auth.keep_house().await {
            Ok(0) => {}
            Ok(count) => tracing::info!(attempts = count, "old attempts to log in were forgotten"),
            Err(error) => tracing::warn!(%error, "old attempts to log in could not be forgotten"),
        }
    }
}

/// Has what was deleted leave the search index now and then.
async fn tidy_index(search: Arc<Search>) {
    let mut interval = tokio::time::interval_at(tokio::time::Instant::now() + HOUSEKEEPING, HOUSEKEEPING);
    loop {
        interval.tick().await;
        if let Err(error) = search.purge().await {
            tracing::warn!(%error, "what was deleted could not be taken out of the search index");
        }
    }
}

/// Asks for the end once nobody was answered, and no answer made, for so long.
async fn end_when_idle(state: AppState, after: Duration) {
    loop {
        if state.services.runs.live_count() > 0 {
            state.activity.touch();
        }
        let left = after.saturating_sub(state.activity.idle());
        if left.is_zero() {
            tracing::info!(after_s = after.as_secs(), "stopping: there was nothing to do");
            return state.ending.asked.begin();
        }
        tokio::time::sleep(left).await;
    }
}

/// Makes a backup whenever one is due.
async fn keep_backups(rotation: Rotation) {
    let mut interval = tokio::time::interval(rotation.every().min(BACKUPS_LOOKED_AT));
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        match rotation.make_if_due().await {
            Ok(None) => {}
            Ok(Some(file)) => tracing::info!(file = %file.display(), "a backup was made"),
            Err(error) => {
                tracing::error!(%error, "no backup could be made; it is tried again");
                // What failed half way has cost as much as a whole one.
                tokio::time::sleep(rotation.every().min(HOUSEKEEPING)).await;
            }
        }
    }
}

/// Says when the disk gets full, before it is.
async fn watch_room(system: Arc<System>) {
    let mut interval = tokio::time::interval(ROOM_LOOKED_AT);
    loop {
        interval.tick().await;
        system.watch_room().await;
    }
}

/// Writes now and then when access tokens were last used.
async fn note_uses(tokens: Arc<Tokens>) {
    let mut interval = tokio::time::interval(USES_NOTED);
    loop {
        interval.tick().await;
        if let Err(error) = tokens.write_uses().await {
            tracing::warn!(%error, "when access tokens were last used could not be written");
        }
    }
}
