//! The files of the index: opened and checked, made, thrown away.

use std::{collections::HashSet, fs, io, path::Path};

use mmp_shared::MessageId;
use serde::{Deserialize, Serialize};
use tantivy::{Index, IndexReader, ReloadPolicy, index::SegmentId};

use super::{Open, schema::schema};
use crate::search::{Result, SearchError};

/// What an index says about itself; another version's is built anew.
const VERSION: u32 = 1;

/// What every commit leaves in the index.
#[derive(Serialize, Deserialize)]
struct Payload {
    version: u32,
    position: u64,
    message_id: MessageId,
}

/// What a commit says that ends with this change.
pub(super) fn payload((position, message_id): (u64, MessageId)) -> String {
    serde_json::to_string(&Payload { version: VERSION, position, message_id }).unwrap_or_default()
}

/// The folder above must be there: where the data folder is gone it stays so.
///
/// Opens the index in a folder; what is there and makes no sense is damage. Without a folder it is in memory.
pub(super) fn open(folder: Option<&Path>, is_to_be_checked: bool) -> Result<Open> {
    let Some(folder) = folder else { return opened(Index::create_in_ram(schema().0)) };
    if !exist(folder) {
        remove(folder).map_err(|error| SearchError::Failed(error.to_string()))?;
        fs::create_dir(folder).map_err(|error| SearchError::Failed(error.to_string()))?;
        return opened(Index::create_in_dir(folder, schema().0).map_err(super::in_words)?);
    }
    let damaged = |error: tantivy::TantivyError| SearchError::Damaged(error.to_string());
    let index = Index::open_in_dir(folder).map_err(damaged)?;
    let broken = if is_to_be_checked { index.validate_checksum().map_err(damaged)? } else { HashSet::new() };
    if let Some(file) = broken.iter().next() {
        return Err(SearchError::Damaged(format!("`{}` is not as it was written", file.display())));
    }
    opened(index)
}

fn opened(index: Index) -> Result<Open> {
    let damaged = |error: tantivy::TantivyError| SearchError::Damaged(error.to_string());
    let (schema, fields) = schema();
    if index.schema() != schema {
        return Err(SearchError::Damaged("another version made it".into()));
    }
    let written = match index.load_metas().map_err(damaged)?.payload {
        None => None,
        Some(payload) => match serde_json::from_str::<Payload>(&payload) {
            Ok(payload) if payload.version == VERSION => Some((payload.position, payload.message_id)),
            _ => return Err(SearchError::Damaged("another version wrote it".into())),
        },
    };
    let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(damaged)?;
    let searcher = reader.searcher();
    Ok(Open { index, reader, searcher, fields, written })
}

/// Whether there is an index in a folder.
pub(super) fn exist(folder: &Path) -> bool {
    folder.join("meta.json").exists()
}

/// Whether there are files of other segments than these.
pub(super) fn has_others(folder: &Path, segments: &[SegmentId]) -> bool {
    let present: HashSet<String> = segments.iter().map(SegmentId::uuid_string).collect();
    let is_other = |name: &str| {
        let segment = name.split('.').next().unwrap_or_default();
        segment.len() == 32 && !present.contains(segment)
    };
    fs::read_dir(folder).is_ok_and(|entries| entries.flatten().any(|entry| is_other(&entry.file_name().to_string_lossy())))
}

/// Removes the index. There may be none.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
