//! The one place that names the engines: it turns a store's URL into a store.
//!
//! What an engine does is its own affair; what all of them promise is in [`super`]. A new engine is a folder and a line
//! of [`open`].

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{CopySource, Result, Store, StoreError, memory::MemoryStore, sled::SledStore};

/// The schemes that [`open`] knows.
pub const SCHEMES: &[&str] = &["memory", "sled"];

/// What is asked of the disk before a change is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// It survives a power cut.
    #[default]
    Power,
    /// It survives the end of the process, however sudden.
    Process,
}

/// What an engine is told when it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreOptions {
    /// Where an engine that keeps files does so, unless its URL names another folder.
    pub folder: PathBuf,
    /// The most memory that its cache takes, in bytes.
    pub cache_bytes: u64,
    /// What is asked of the disk before a change is answered.
    pub durability: Durability,
}

/// What a rewriting has brought, in bytes on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compacted {
    /// What the store took before.
    pub before: u64,
    /// What it takes now.
    pub after: u64,
}

/// Rewrites the store with this URL, which nobody may have open, so that its files hold nothing of what was deleted.
///
/// # Errors
///
/// As [`open`]; and where there is no room for a copy. The store is then as it was.
pub async fn compact(url: &str, options: &StoreOptions) -> Result<Compacted> {
    match engine(url)? {
        Engine::Memory => Ok(Compacted { before: 0, after: 0 }),
        Engine::Sled(place) => SledStore::compact(in_folder(url, place, options)?).await,
    }
}

/// Opens the store with this URL: `memory:`, `sled:` (in the options' folder) or `sled:/absolute/folder`.
///
/// # Errors
///
/// When no engine goes by that name, or the engine cannot open its store.
pub async fn open(url: &str, options: &StoreOptions) -> Result<Arc<dyn Store>> {
    match engine(url)? {
        Engine::Memory => Ok(Arc::new(MemoryStore::new())),
        Engine::Sled(place) => Ok(Arc::new(SledStore::open(in_folder(url, place, options)?).await?)),
    }
}

/// The engine that a URL names, by its scheme.
///
/// # Errors
///
/// When no engine goes by that name.
pub fn scheme(url: &str) -> Result<&'static str> {
    Ok(match engine(url)? {
        Engine::Memory => "memory",
        Engine::Sled(_) => "sled",
    })
}

/// The newest shape of keys and values that the engine of a URL knows.
///
/// # Errors
///
/// When no engine goes by that name.
pub fn shape(url: &str) -> Result<u32> {
    Ok(match engine(url)? {
        Engine::Memory => 0,
        Engine::Sled(_) => SledStore::SHAPE,
    })
}

/// Makes a store of a copy, beside the one with this URL, which nobody may have open. Gives back the URL of that store, until
/// it is put in place, and the options with its folder.
///
/// # Errors
///
/// As [`open`]; and where the copy makes no sense. Nothing is left of it then.
pub async fn restore(url: &str, options: &StoreOptions, source: CopySource) -> Result<(&'static str, StoreOptions)> {
    match engine(url)? {
        Engine::Memory => Err(no_files()),
        Engine::Sled(place) => Ok(("sled:", SledStore::restore(in_folder(url, place, options)?, source).await?)),
    }
}

/// Puts the store that [`restore`] made in the place of the one with this URL. Gives back where that one is kept, if there
/// was one.
///
/// # Errors
///
/// Where the files cannot be moved.
pub async fn put_in_place(url: &str, options: &StoreOptions) -> Result<Option<PathBuf>> {
    match engine(url)? {
        Engine::Memory => Err(no_files()),
        Engine::Sled(place) => SledStore::put_in_place(in_folder(url, place, options)?).await,
    }
}

fn no_files() -> StoreError {
    StoreError::Failed("`memory:` keeps no files that could be replaced".into())
}

/// An engine, and the place that a URL names.
enum Engine<'a> {
    Memory,
    Sled(&'a str),
}

fn engine(url: &str) -> Result<Engine<'_>> {
    let (scheme, place) = url.split_once(':').unwrap_or((url, ""));
    match scheme {
        "memory" if place.is_empty() => Ok(Engine::Memory),
        "memory" => Err(StoreError::Failed(format!("`{url}` names a place, and `memory:` has none"))),
        "sled" => Ok(Engine::Sled(place)),
        _ => Err(StoreError::Failed(format!("`{url}` names no known engine; the known ones are {}", known_schemes()))),
    }
}

fn in_folder(url: &str, place: &str, options: &StoreOptions) -> Result<StoreOptions> {
    let folder = match place.strip_prefix("//").unwrap_or(place) {
        "" => options.folder.clone(),
        path if Path::new(path).is_absolute() => PathBuf::from(path),
        _ => return Err(StoreError::Failed(format!("`{url}` names a folder that is not absolute"))),
    };
    Ok(StoreOptions { folder, ..options.clone() })
}

fn known_schemes() -> String {
    SCHEMES.iter().map(|scheme| format!("`{scheme}:`")).collect::<Vec<_>>().join(", ")
}
