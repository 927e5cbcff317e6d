//! Writing the index: what is in memory becomes a segment, and what was deleted leaves the files.
//!
//! A writer takes an arena and two threads. It is made when there is something to write, and dropped by [`Shared::rest`].

use std::{path::Path, sync::Arc, thread::sleep, time::Duration};

use mmp_shared::MessageId;
use tantivy::{
    Index, IndexWriter, SegmentMeta, Term,
    indexer::{IndexWriterOptions, LogMergePolicy, NoMergePolicy},
};

use super::{Open, Shared, files, in_words, schema, schema::Fields};
use crate::search::{Result, SearchError, fresh::FreshChange};

/// The arena of the writer, in bytes: the least that tantivy takes.
const ARENA: usize = 15_000_000;

/// A segment of which this part was deleted is written anew, so that what was deleted leaves the disk.
const MOST_DELETED: f32 = 0.1;

/// How often it is looked whether the last search that still reads an old file has ended, and how long lies between.
const LOOKS: usize = 200;
const BETWEEN_LOOKS: Duration = Duration::from_millis(25);

impl Shared {
    /// Writes what is in memory alone.
    pub(super) fn write(&self) -> Result<()> {
        let mut slot = self.writer();
        let changes = self.view().fresh.in_order();
        let Some(last) = changes.last().map(|change| (change.position, change.message_id)) else { return Ok(()) };
        let open = self.open()?;
        let writer = match slot.as_mut() {
            Some(writer) => writer,
            None => slot.insert(new_writer(&open.index).map_err(in_words)?),
        };
        write_changes(writer, &open.fields, &changes, last).map_err(in_words)?;
        open.reader.reload().map_err(in_words)?;
        let mut view = self.view_alone();
        view.open = Some(Open { searcher: open.reader.searcher(), written: Some(last), ..open });
        view.written = Some(Some(last));
        view.fresh.forget(last.0);
        Ok(())
    }

    /// Drops the writer, once its merging is done, and the reader. What is in memory alone is written first.
    pub(super) fn rest(&self) -> Result<()> {
        self.write()?;
        let mut slot = self.writer();
        if let Some(writer) = slot.take() {
            writer.wait_merging_threads().map_err(in_words)?;
        }
        if self.folder.is_some() {
            self.view_alone().open = None;
        }
        Ok(())
    }

    /// Writes every segment anew of which something was deleted, and waits until the old files are gone.
    pub(super) fn purge(&self) -> Result<()> {
        self.write()?;
        let mut slot = self.writer();
        if self.folder.as_deref().is_some_and(|folder| !files::exist(folder)) {
            return Ok(());
        }
        if let Some(writer) = slot.take() {
            writer.wait_merging_threads().map_err(in_words)?;
        }
        let Open { index, reader, .. } = self.open()?;
        if !index.searchable_segment_metas().map_err(in_words)?.iter().any(SegmentMeta::has_deletes) {
            return Ok(());
        }
        let mut writer = new_writer(&index).map_err(in_words)?;
        // What is merged is chosen here, and nowhere else meanwhile.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        rewrite(&mut writer, &index).map_err(in_words)?;
        reader.reload().map_err(in_words)?;
        if let Some(open) = &mut self.view_alone().open {
            open.searcher = reader.searcher();
        }
        let is_done = remove_old(&writer, &index, self.folder.as_deref());
        writer.wait_merging_threads().map_err(in_words)?;
        is_done
    }
}

/// Writes every segment anew of which something was deleted.
fn rewrite(writer: &mut IndexWriter, index: &Index) -> tantivy::Result<()> {
    for segment in index.searchable_segment_metas()? {
        if segment.has_deletes() {
            writer.merge(&[segment.id()]).wait()?;
        }
    }
    Ok(())
}

/// Removes the files of segments that are no more. A search that began before may still read them.
fn remove_old(writer: &IndexWriter, index: &Index, folder: Option<&Path>) -> Result<()> {
    for _ in 0..LOOKS {
        writer.garbage_collect_files().wait().map_err(in_words)?;
        let present = index.searchable_segment_ids().map_err(in_words)?;
        if folder.is_none_or(|folder| !files::has_others(folder, &present)) {
            return Ok(());
        }
        sleep(BETWEEN_LOOKS);
    }
    Err(SearchError::Failed("a file of deleted messages is still being read".into()))
}

fn new_writer(index: &Index) -> tantivy::Result<IndexWriter> {
    let options = IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(1).memory_budget_per_thread(ARENA);
    let writer: IndexWriter = index.writer_with_options(options.build())?;
    let mut policy = LogMergePolicy::default();
    policy.set_del_docs_ratio_before_merge(MOST_DELETED);
    writer.set_merge_policy(Box::new(policy));
    Ok(writer)
}

fn write_changes(
    writer: &mut IndexWriter,
    fields: &Fields,
    changes: &[Arc<FreshChange>],
    last: (u64, MessageId),
) -> tantivy::Result<()> {
    for change in changes {
        writer.delete_term(Term::from_field_bytes(fields.id, change.message_id.as_bytes()));
        if let Some((document, words)) = &change.document {
            writer.add_document(schema::document(fields, change, document, words))?;
        }
    }
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&files::payload(last));
    commit.commit()?;
    Ok(())
}
