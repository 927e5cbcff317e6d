//! The index as tantivy keeps it: a folder of files, opened when somebody first needs it.
//!
//! `write` makes the writer when there is something to write and drops it when there is nothing, `ask` finds, with `filtered` and
//! `newest` for what must not look at everything, `files` opens and checks. A search takes what is in memory and what is on disk as they are at one moment, and waits for no
//! writing. Files are checked against their sums when they are opened; what makes no sense is thrown away, for everything
//! in it can be told anew. Nothing of tantivy's runs on an async thread.

mod ask;
mod files;
mod filtered;
mod newest;
mod schema;
mod write;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use jiff::Timestamp;
use mmp_shared::MessageId;
use tantivy::{Index, IndexReader, IndexWriter, Searcher, TantivyError};
use tokio::task::spawn_blocking;

use self::{newest::Spans, schema::Fields};
use super::{
    Change, Found, Question, Reached, Result, SearchError, SearchIndex, Start,
    fresh::{Fresh, FreshChange},
};

/// The index in a folder, or with none in memory.
pub struct TantivyIndex {
    shared: Arc<Shared>,
}

struct Shared {
    folder: Option<PathBuf>,
    view: RwLock<View>,
    writer: Mutex<Option<IndexWriter>>,
    is_checked: AtomicBool,
    spans: Spans,
}

/// What a search sees.
#[derive(Default)]
struct View {
    open: Option<Open>,
    fresh: Fresh,
    told: u64,
    /// What is on disk, once somebody has looked.
    written: Option<Option<(u64, MessageId)>>,
}

#[derive(Clone)]
struct Open {
    index: Index,
    reader: IndexReader,
    searcher: Searcher,
    fields: Fields,
    written: Option<(u64, MessageId)>,
}

impl TantivyIndex {
    /// The index in this folder, which is made when it is first needed; with none, one in memory.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self {
            shared: Arc::new(Shared {
                folder,
                view: RwLock::default(),
                writer: Mutex::default(),
                is_checked: AtomicBool::new(false),
                spans: Spans::default(),
            }),
        }
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&Shared) -> Result<T> + Send + 'static) -> Result<T> {
        let shared = Arc::clone(&self.shared);
        let guarded = move || {
            // tantivy panics where its files do not hold what it expects.
            let done = catch_unwind(AssertUnwindSafe(|| work(&shared)));
            let outcome = done.unwrap_or_else(|_| Err(SearchError::Damaged("its files do not hold what they should".into())));
            let outcome = outcome.map_err(|error| shared.is_it_gone(error));
            if let Err(SearchError::Damaged(reason)) = &outcome {
                tracing::warn!(reason, "the search index is damaged: it is thrown away and built anew");
                shared.throw_away();
            }
            outcome
        };
        spawn_blocking(guarded).await.unwrap_or_else(|_| Err(SearchError::Failed("it was interrupted".into())))
    }
}

impl Shared {
    fn view(&self) -> RwLockReadGuard<'_, View> {
        self.view.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn view_alone(&self) -> RwLockWriteGuard<'_, View> {
        self.view.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> MutexGuard<'_, Option<IndexWriter>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The index, opened now if nobody has needed it before.
    fn open(&self) -> Result<Open> {
        if let Some(open) = &self.view().open {
            return Ok(open.clone());
        }
        let mut view = self.view_alone();
        if let Some(open) = &view.open {
            return Ok(open.clone());
        }
        // The sums of all files are looked at once; what this process wrote since, it need not read again.
        let open = files::open(self.folder.as_deref(), !self.is_checked.load(Ordering::Relaxed))?;
        if let Some(Some(known)) = view.written
            && open.written != Some(known)
        {
            return Err(SearchError::Damaged("what it knew was taken away".into()));
        }
        self.is_checked.store(true, Ordering::Relaxed);
        view.told = view.told.max(open.written.map_or(0, |(position, _)| position));
        view.written = Some(open.written);
        view.open = Some(open.clone());
        Ok(open)
    }

    /// Where the files were removed under an open index, what failed cannot succeed any more.
    fn is_it_gone(&self, error: SearchError) -> SearchError {
        let is_gone = self.folder.as_deref().is_some_and(|folder| !files::exist(folder));
        match error {
            SearchError::Failed(reason) if is_gone && self.view().open.is_some() => SearchError::Damaged(reason),
            other => other,
        }
    }

    fn throw_away(&self) {
        // A writer that panicked takes its lock along.
        let writer = self.writer().take();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(writer)));
        *self.view_alone() = View::default();
        self.is_checked.store(false, Ordering::Relaxed);
        if let Some(folder) = &self.folder
            && let Err(error) = files::remove(folder)
        {
            tracing::error!(%error, folder = %folder.display(), "the damaged search index cannot be removed");
        }
    }

    fn reached(&self) -> Result<Reached> {
        if self.view().written.is_none() {
            // Where there is no index yet, none is made before there is something to write.
            if self.folder.as_deref().is_none_or(files::exist) {
                self.open()?;
            } else {
                self.view_alone().written.get_or_insert(None);
            }
        }
        let view = self.view();
        Ok(Reached { position: view.told, written: view.written.flatten() })
    }

    fn add(&self, after: u64, changes: Vec<FreshChange>) -> Result<()> {
        self.reached()?;
        let mut view = self.view_alone();
        let told = view.told;
        if told < after {
            return Ok(());
        }
        view.told = changes.iter().map(|change| change.position).max().unwrap_or(0).max(told);
        view.fresh.add(changes.into_iter().filter(|change| change.position > told).collect());
        Ok(())
    }

    fn find(&self, question: &Question) -> Result<Vec<Found>> {
        let opened = self.open()?;
        let (open, fresh) = {
            let view = self.view();
            (view.open.clone().unwrap_or(opened), view.fresh.clone())
        };
        let skip = if let Start::Best { skip } = question.start { skip } else { 0 };
        let wanted = skip.saturating_add(question.limit).max(1);
        let mut found = still_true(&open, question, wanted, &fresh, &self.spans)?;
        if fresh.len() > 0 {
            let known = ask::statistics(&open.searcher, &open.fields, question).map_err(in_words)?;
            found.extend(fresh.find(question, &known));
        }
        let score = |hit: &Found| hit.score.unwrap_or_default();
        found.sort_by(|a, b| score(b).total_cmp(&score(a)).then_with(|| (b.at, b.message_id).cmp(&(a.at, a.message_id))));
        Ok(found.into_iter().skip(skip).take(question.limit).collect())
    }
}

/// The first messages that the index on disk finds, without those that were changed since: as many as are wanted where
/// there are so many. New messages alone, which most changes are, cost nothing.
fn still_true(open: &Open, question: &Question, wanted: usize, fresh: &Fresh, spans: &Spans) -> Result<Vec<Found>> {
    let mut limit = wanted;
    loop {
        let mut found = ask::find(&open.searcher, &open.fields, question, limit, spans).map_err(in_words)?;
        let is_all = found.len() < limit;
        found.retain(|hit| !fresh.contains(hit.message_id));
        if is_all || found.len() >= wanted {
            return Ok(found);
        }
        limit = limit.saturating_add(fresh.len());
    }
}

/// Nanoseconds since 1970, as far as they fit.
fn nanoseconds(at: Timestamp) -> i64 {
    i64::try_from(at.as_nanosecond()).unwrap_or(if at < Timestamp::UNIX_EPOCH { i64::MIN } else { i64::MAX })
}

/// A full disk or a folder that may not be written is no damage; whatever else tantivy says about its files is.
fn in_words(error: TantivyError) -> SearchError {
    match &error {
        TantivyError::IoError(_) | TantivyError::LockFailure(..) | TantivyError::OpenDirectoryError(_) => {
            SearchError::Failed(error.to_string())
        }
        _ => SearchError::Damaged(error.to_string()),
    }
}

#[async_trait]
impl SearchIndex for TantivyIndex {
    async fn reached(&self) -> Result<Reached> {
        self.run(Shared::reached).await
    }

    async fn add(&self, after: u64, changes: Vec<Change>) -> Result<()> {
        self.run(move |shared| shared.add(after, changes.into_iter().map(FreshChange::from).collect())).await
    }

    async fn waiting(&self) -> usize {
        self.shared.view().fresh.len()
    }

    async fn write(&self) -> Result<()> {
        self.run(Shared::write).await
    }

    async fn find(&self, question: Question) -> Result<Vec<Found>> {
        self.run(move |shared| shared.find(&question)).await
    }

    async fn clear(&self) -> Result<()> {
        self.run(|shared| {
            shared.throw_away();
            Ok(())
        })
        .await
    }

    async fn purge(&self) -> Result<()> {
        self.run(Shared::purge).await
    }

    async fn rest(&self) {
        if let Err(error) = self.run(Shared::rest).await {
            tracing::warn!(%error, "the search index could not be tidied");
        }
    }
}
