//! The only place that knows every concrete part: it opens the store, makes the services and hands each its own section
//! of the settings.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use mmp_shared::{ApiError, phrase, places::Places};

use crate::{
    config::DaemonConfig,
    listen::shutdown::Shutdown,
    providers::{
        Ask,
        driver::{Driver, DriverSettings},
        registry,
    },
    search::tantivy::TantivyIndex,
    security::{
        clock::SystemClock,
        key_store::{FileKeyStore, KeyringKeyStore},
    },
    services::{
        Services,
        access_tokens::Tokens,
        accounts::{self, Accounts},
        audit::Audit,
        auth::Auth,
        backups::{
            Backups,
            restore::Restorer,
            rotation::{self, Rotation},
        },
        catalogues::Catalogues,
        chat::{Chat, Parts},
        clock::SharedClock,
        conversations::Conversations,
        keys::{KeyPlaces, Keys},
        models::Models,
        providers::{ProviderParts, Providers},
        roles::Roles,
        runs::Runs,
        search::Search,
        servers::Servers,
        settings::UserSettings,
        system::System,
        users::Users,
    },
    store::{
        Store, StoreError,
        registry::{Durability, StoreOptions, open},
    },
    telemetry::metrics::Metrics,
};

/// The daemon's parts, put together.
pub struct Composed {
    /// The services.
    pub services: Services,
    /// The store, to be closed at the end.
    pub store: Arc<dyn Store>,
}

/// Puts the daemon together.
///
/// # Errors
///
/// Whatever keeps the store from being opened.
pub async fn compose(config: &DaemonConfig, places: &Places, shutdown: &Shutdown) -> Result<Composed, ApiError> {
    let opened = open(&config.store.url, &store_options(config, places)).await;
    let store = opened.map_err(|error| unopened(error, &backup_folder(config, places)))?;
    let ask: Arc<dyn Ask> = Arc::new(Driver::new(driver_settings(config)));
    let services = services(config, places, shutdown, &store, &ask);
    services.users.load().await?;
    services.access_tokens.load().await?;
    services.auth.load().await?;
    Ok(Composed { services, store })
}

/// Why there is no store; of one that is damaged, with the backup that can take its place.
fn unopened(error: StoreError, backups: &Path) -> ApiError {
    let is_damaged = matches!(error, StoreError::Damaged(_));
    let told = ApiError::from(error);
    match rotation::newest(backups).filter(|_| is_damaged) {
        Some((at, file)) => told.with_hint(phrase!("hint-store-damaged-backup", at = at, file = file.display())),
        None => told,
    }
}

fn backup_folder(config: &DaemonConfig, places: &Places) -> PathBuf {
    // A relative one is taken from the usual one's: a daemon's own folder is nobody's choice.
    config.backup.folder.as_ref().map_or_else(|| places.backups(), |folder| places.state.join(folder))
}

/// What makes backups without anybody's asking, where that is wanted. A store in memory has none.
pub fn rotation(config: &DaemonConfig, places: &Places, services: &Services) -> Option<Rotation> {
    let every = config.backup.every.filter(|_| !config.store.url.starts_with("memory:"))?;
    Some(Rotation::new(Arc::clone(&services.backups), backup_folder(config, places), every, config.backup.keep))
}

/// What an engine is told when it opens, or rewrites, the store of these places.
pub fn store_options(config: &DaemonConfig, places: &Places) -> StoreOptions {
    let durability = if config.store.survives_power_loss { Durability::Power } else { Durability::Process };
    StoreOptions { folder: places.store(), cache_bytes: config.store.cache, durability }
}

/// Where the master key of these places may lie.
fn key_places(places: &Places) -> KeyPlaces {
    KeyPlaces {
        keyring: Arc::new(KeyringKeyStore),
        file: Arc::new(FileKeyStore),
        key_file: places.key_file.clone(),
        is_home: places.is_home,
    }
}

/// What makes a backup the store of these places.
pub fn restorer(config: &DaemonConfig, places: &Places) -> Restorer {
    Restorer {
        url: config.store.url.clone(),
        options: store_options(config, places),
        places: key_places(places),
        keyring_timeout: config.vault.keyring_timeout,
    }
}

/// The services over a store. What they keep in memory is still to be loaded.
pub fn services(
    config: &DaemonConfig,
    places: &Places,
    shutdown: &Shutdown,
    store: &Arc<dyn Store>,
    ask: &Arc<dyn Ask>,
) -> Services {
    let keys = Arc::new(Keys::new(Arc::clone(store), config.vault, key_places(places)));
    let metrics = Arc::new(Metrics::default());
    let clock: SharedClock = Arc::new(SystemClock::default());
    let backups = Arc::new(Backups::new(Arc::clone(store), Arc::clone(&keys), Arc::clone(&clock)));
    let settings = Arc::new(UserSettings::new(Arc::clone(store)));
    let catalogues = Arc::new(Catalogues::new(Arc::clone(store)));
    let providers = ProviderParts {
        keys: Arc::clone(&keys),
        wires: registry::all(),
        ask: Arc::clone(ask),
        catalogues: Arc::clone(&catalogues),
    };
    let providers = Arc::new(Providers::new(Arc::clone(store), providers));
    let models = Arc::new(Models::new(Arc::clone(store), Arc::clone(&providers), Arc::clone(&settings), catalogues));
    let roles = Arc::new(Roles::new(Arc::clone(store), Arc::clone(&models)));
    let runs = Arc::new(Runs::new(Arc::clone(store), Arc::clone(ask), Arc::clone(&metrics), config.runs));
    let conversations = Arc::new(Conversations::new(Arc::clone(store), Arc::clone(&runs)));
    let servers = Arc::new(Servers::new(Arc::clone(&providers), Arc::clone(ask), config.discover.clone()));
    let system =
        Arc::new(System::new(Arc::clone(store), Arc::clone(&keys), Arc::clone(ask), Arc::clone(&metrics), &config.store.url));
    let parts = Parts {
        store: Arc::clone(store),
        conversations: Arc::clone(&conversations),
        keys,
        models: Arc::clone(&models),
        providers: Arc::clone(&providers),
        runs: Arc::clone(&runs),
    };
    let chat = Arc::new(Chat::new(parts, config.limits, config.routing, shutdown.clone()));
    let users = Arc::new(Users::new(Arc::clone(store), rustix::process::geteuid().as_raw(), Arc::clone(&clock)));
    let tokens = Arc::new(Tokens::new(Arc::clone(store), &users, Arc::clone(&clock)));
    let auth = Arc::new(Auth::new(Arc::clone(store), Arc::clone(&users), Arc::clone(&tokens), config.auth, Arc::clone(&clock)));
    let parts = accounts::Parts {
        users: Arc::clone(&users),
        auth: Arc::clone(&auth),
        tokens: Arc::clone(&tokens),
        runs: Arc::clone(&runs),
    };
    let accounts = Arc::new(Accounts::new(Arc::clone(store), parts, clock));
    let audit = Arc::new(Audit::new(Arc::clone(store), Arc::clone(&users)));
    // What is not kept on disk must not be found there either.
    let index_folder = (!config.store.url.starts_with("memory:")).then(|| places.search());
    let index = Arc::new(TantivyIndex::new(index_folder));
    let search = Arc::new(Search::new(Arc::clone(store), index, Arc::clone(&conversations)));
    Services {
        users,
        accounts,
        auth,
        access_tokens: tokens,
        audit,
        backups,
        chat,
        conversations,
        runs,
        search,
        models,
        providers,
        settings,
        roles,
        servers,
        system,
        metrics,
    }
}

fn driver_settings(config: &DaemonConfig) -> DriverSettings {
    let upstream = config.upstream;
    DriverSettings {
        connect_timeout: upstream.connect_timeout,
        first_event_timeout: upstream.first_event_timeout,
        event_timeout: upstream.event_timeout,
        total_timeout: upstream.total_timeout,
        largest_event: usize::try_from(upstream.largest_event).unwrap_or(usize::MAX),
        largest_answer: usize::try_from(upstream.largest_answer).unwrap_or(usize::MAX),
    }
}
