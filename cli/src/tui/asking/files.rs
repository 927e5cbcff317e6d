//! Files of this machine: which there are below the current folder, and what one holds. Off the thread that has the keys.

use std::{io, path::Path};

use mmp_shared::{ApiError, message::ContentPart};
use tokio::{runtime::Handle, task::spawn_blocking};

use crate::{
    error::system_call,
    input::{files::Gathered, folder::names_below, images},
    tui::{ask::Told, attachment::Attachment},
};

/// The most files that are offered.
const MOST: usize = 20_000;

/// Lists the files below the current folder.
pub(super) async fn list() -> Result<Told, ApiError> {
    let names = spawn_blocking(|| names_below(Path::new("."), MOST)).await;
    names.map(Told::Files).map_err(|error| system_call("readdir", &io::Error::other(error)))
}

/// Reads a file, as an image where it is one and as text elsewhere.
pub(super) async fn read(path: String) -> Result<Told, ApiError> {
    let runtime = Handle::current();
    let read = spawn_blocking(move || runtime.block_on(part_of(path))).await;
    let attachment = read.map_err(|error| system_call("read", &io::Error::other(error)))??;
    Ok(Told::Attached(Box::new(attachment)))
}

async fn part_of(path: String) -> Result<Attachment, ApiError> {
    if let Ok(image) = images::read(&path).await {
        return Ok(Attachment { name: path, part: ContentPart::Image(image) });
    }
    let mut gathered = Gathered::default();
    gathered.read(&path).await?;
    let texts: Vec<_> = gathered.texts.iter().map(|text| text.fenced()).collect();
    Ok(Attachment { name: path, part: ContentPart::Text { text: texts.join("\n\n") } })
}
