//! The one thread that writes.
//!
//! It takes what waits as one group, stages each batch on top of the store and of the batches before it, writes the
//! group as one atomic batch of sled's, flushes and syncs once, and only then answers all of them. A failed write
//! poisons sled for good: the engine is then opened anew, and the number that every group leaves in the store says
//! whether this one is in it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Weak},
    thread,
};

use tokio::sync::{mpsc, oneshot, watch};

use super::{
    apply, changes, compact,
    copy::{self, Tap},
    errors::{from_io, from_panic, from_sled},
    handle::{Handle, closed},
    keys::{Key, Table},
    pending::Pending,
    source::Source,
};
use crate::store::{Batch, Result, StoreError};

/// How many requests may wait.
const QUEUE_LENGTH: usize = 256;

/// The most batches of a group, and the size at which it takes no more.
const MOST_BATCHES: usize = 256;
const LARGE_GROUP: usize = 8 << 20;

/// The room that stays free on the disk: what sled writes when it opens a large store, with some to spare.
const ROOM_TO_KEEP: u64 = 16 << 20;

/// How many bytes sled may write for a byte of ours: pages are rewritten as they grow and split.
const ROOM_PER_BYTE: u64 = 4;

/// How much a session may write before its close leaves a snapshot for the next opening, which otherwise reads all of
/// sled's log since the last one: about a second for 200 MiB of it.
const UNREAD_LOG: usize = 8 << 20;

/// Which part of the files must have become garbage before they are looked through for more. It counts records alone, and
/// sled keeps older copies of whole pages.
const ENOUGH_GARBAGE: u64 = 8;

/// Where it is kept how many bytes have become garbage since the files were last looked through for it.
fn freed_key() -> Key {
    Key::of(Table::Meta).text("freed")
}

/// Where the number of the last group is kept.
fn group_key() -> Key {
    Key::of(Table::Meta).text("group")
}

type Answer = oneshot::Sender<Result<()>>;

/// How the writing of a group ended.
type Written = std::result::Result<(), Failure>;

/// What the writer is asked.
enum Request {
    Commit(Batch, Answer),
    Recover(Answer),
    Tell(Weak<Tap>, Answer),
    Close(Answer),
}

/// The way to the writer.
pub(super) struct Writer {
    requests: mpsc::Sender<Request>,
}

impl Writer {
    /// Starts the writer of a store, which tells the position of the last change to a message.
    pub(super) fn start(handle: Arc<Handle>, position: watch::Sender<u64>) -> Result<Self> {
        let (requests, waiting) = mpsc::channel(QUEUE_LENGTH);
        let worker = Worker { handle, waiting, position, group: 0, written: 0, freed: 0, taps: Vec::new() };
        thread::Builder::new().name("store-writer".into()).spawn(move || worker.run()).map_err(|error| from_io(&error))?;
        Ok(Self { requests })
    }

    /// Carries a batch out and returns once it is durable.
    pub(super) async fn commit(&self, batch: Batch) -> Result<()> {
        self.ask(|answer| Request::Commit(batch, answer)).await
    }

    /// Opens a broken engine anew, if that can be done.
    pub(super) async fn recover(&self) -> Result<()> {
        self.ask(Request::Recover).await
    }

    /// Tells a tap every group from now on, for as long as there is that tap.
    pub(super) async fn tell(&self, tap: &Arc<Tap>) -> Result<()> {
        self.ask(|answer| Request::Tell(Arc::downgrade(tap), answer)).await
    }

    /// Finishes what waits and lets go of the files.
    pub(super) async fn close(&self) -> Result<()> {
        self.ask(Request::Close).await
    }

    async fn ask(&self, request: impl FnOnce(Answer) -> Request) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        self.requests.send(request(answer)).await.map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }
}

struct Worker {
    handle: Arc<Handle>,
    waiting: mpsc::Receiver<Request>,
    position: watch::Sender<u64>,
    group: u64,
    written: usize,
    freed: usize,
    /// Those who are told what is written, while they want to know.
    taps: Vec<Weak<Tap>>,
}

impl Worker {
    fn run(mut self) {
        let mut next = self.waiting.blocking_recv();
        while let Some(request) = next {
            next = match request {
                Request::Commit(batch, answer) => self.write_group(batch, answer),
                Request::Recover(answer) => self.recover(answer),
                Request::Tell(tap, answer) => self.tell(tap, answer),
                Request::Close(answer) => return self.close(Some(answer)),
            }
            .or_else(|| self.waiting.blocking_recv());
        }
        self.close(None);
    }

    /// Writes a group that begins with this batch and answers all of it. Returns a request that it met and left.
    fn write_group(&mut self, first: Batch, answer: Answer) -> Option<Request> {
        let mut group = Group { outcomes: vec![(answer, Ok(()))], left: None };
        let written = catch_unwind(AssertUnwindSafe(|| self.stage_and_write(&mut group, first)));
        let result = match written.unwrap_or_else(|panic| Err(Failure::Broken(from_panic(&*panic)))) {
            Ok(()) => Ok(()),
            Err(Failure::Refused(error)) => Err(error),
            Err(Failure::Broken(error)) => self.reopen_after(error),
        };
        self.tell_position();
        for (answer, outcome) in group.outcomes {
            // Whoever asked may have gone away.
            let _ = answer.send(outcome.and_then(|()| result.clone()));
        }
        group.left
    }

    fn stage_and_write(&mut self, group: &mut Group, first: Batch) -> Written {
        let db = self.open_database().map_err(Failure::Refused)?;
        let mut pending = Pending::new(&db);
        let mut next = Some(first);
        while let Some(batch) = next {
            let outcome = pending.stage(|pending| apply::apply(pending, &batch));
            if let Some((_, last)) = group.outcomes.last_mut() {
                *last = outcome;
            }
            let has_room = group.outcomes.len() < MOST_BATCHES && pending.size() < LARGE_GROUP;
            next = has_room.then(|| self.next_batch(group)).flatten();
        }
        if pending.is_empty() { Ok(()) } else { self.write(&db, pending) }
    }

    fn tell_position(&self) {
        if let Ok(position) = self.handle.database().and_then(|db| changes::last(&*db)) {
            self.position.send_if_modified(|told| std::mem::replace(told, position) != position);
        }
    }

    /// sled's handle; an engine that broke is opened anew first.
    fn open_database(&self) -> Result<sled::Db> {
        self.handle.database().or_else(|error| {
            self.handle.reopen(&error)?;
            self.handle.database()
        })
    }

    /// The next batch that waits, which joins the group; another request is left for later.
    fn next_batch(&mut self, group: &mut Group) -> Option<Batch> {
        match self.waiting.try_recv().ok()? {
            Request::Commit(batch, answer) => {
                group.outcomes.push((answer, Ok(())));
                Some(batch)
            }
            other => {
                group.left = Some(other);
                None
            }
        }
    }

    fn write(&mut self, db: &sled::Db, mut pending: Pending<'_>) -> Written {
        self.check_room(pending.size()).map_err(Failure::Refused)?;
        self.written = self.written.saturating_add(pending.size());
        self.freed = self.freed.saturating_add(pending.freed());
        self.group = group_number(db).map_err(Failure::Refused)?.wrapping_add(1);
        let number = self.group.to_be_bytes();
        let staged = pending.stage(|pending| {
            pending.put_value(&group_key(), &number);
            Ok(())
        });
        staged.map_err(Failure::Refused)?;
        self.taps.retain(|tap| tap.strong_count() > 0);
        let told = (!self.taps.is_empty()).then(|| {
            let mut list = Vec::with_capacity(pending.size());
            pending.changes().for_each(|(key, value)| copy::write_change(&mut list, key, value));
            list
        });
        let batch = pending.into_batch();
        self.handle
            .alone(|| db.apply_batch(batch))
            .and_then(|()| db.flush())
            .map_err(from_sled)
            .and_then(|_| self.handle.sync(self.group))
            .map_err(Failure::Broken)?;
        for tap in told.iter().flat_map(|list| self.taps.iter().filter_map(Weak::upgrade).map(move |tap| (tap, list))) {
            tap.0.push(tap.1);
        }
        Ok(())
    }

    /// Refuses a group that could fill the disk, before sled meets the end of it.
    fn check_room(&self, size: usize) -> Result<()> {
        let needed = u64::try_from(size).unwrap_or(u64::MAX).saturating_mul(ROOM_PER_BYTE).saturating_add(ROOM_TO_KEEP);
        match self.handle.room() {
            Some(room) if room < needed => {
                Err(StoreError::Full(format!("{} MiB are free, and this needs {}", room >> 20, needed.div_ceil(1 << 20))))
            }
            _ => Ok(()),
        }
    }

    /// Opens the engine anew after a write of a group failed, and finds out whether the group is in the store.
    fn reopen_after(&self, error: StoreError) -> Result<()> {
        tracing::warn!(error = %error, "the store is opened anew after a failed write");
        // A copy may have seen what was not kept.
        self.taps.iter().filter_map(Weak::upgrade).for_each(|tap| tap.fail(error.clone()));
        self.handle.reopen(&error)?;
        let is_in = self.handle.database().and_then(|db| group_number(&db)).is_ok_and(|number| number == self.group);
        if is_in { self.handle.sync(self.group) } else { Err(error) }
    }

    fn recover(&self, answer: Answer) -> Option<Request> {
        let _ = answer.send(self.open_database().map(drop));
        None
    }

    fn tell(&mut self, tap: Weak<Tap>, answer: Answer) -> Option<Request> {
        self.taps.push(tap);
        let _ = answer.send(self.open_database().map(drop));
        None
    }

    /// Flushes, lets go of the files and answers. What still waits is answered by the end of its channel.
    fn close(self, answer: Option<Answer>) {
        let is_orderly = answer.is_some();
        let flushed = catch_unwind(AssertUnwindSafe(|| match self.handle.database() {
            Ok(db) => {
                let is_garbage = is_orderly && self.weigh_garbage(&db)?;
                db.flush().map_err(from_sled).and_then(|_| self.handle.sync(group_number(&db)?)).map(|()| is_garbage)
            }
            // Nothing that was acknowledged is missing.
            Err(_) => Ok(false),
        }));
        let result = flushed.unwrap_or_else(|panic| Err(from_panic(&*panic)));
        self.handle.close();
        if matches!(result, Ok(true)) {
            self.handle.compact();
        }
        if is_orderly && self.written > UNREAD_LOG {
            self.handle.leave_snapshot();
        }
        drop(self);
        if let Some(answer) = answer {
            let _ = answer.send(result.map(drop));
        }
    }

    /// Whether most of the store is garbage. Its files are looked through for it only where enough has become garbage
    /// since they last were.
    fn weigh_garbage(&self, db: &sled::Db) -> Result<bool> {
        let freed = number(db, &freed_key())?.saturating_add(u64::try_from(self.freed).unwrap_or(u64::MAX));
        let is_time = freed > db.size_on_disk().map_err(from_sled)? / ENOUGH_GARBAGE;
        let kept = if is_time { 0 } else { freed };
        if kept != freed || self.freed > 0 {
            db.insert(freed_key().as_ref(), &kept.to_be_bytes()).map_err(from_sled)?;
        }
        if is_time { compact::is_mostly_garbage(db) } else { Ok(false) }
    }
}

/// The answers that a group owes, with the fate of each batch before the group is written.
struct Group {
    outcomes: Vec<(Answer, Result<()>)>,
    left: Option<Request>,
}

/// Why a group was not written.
enum Failure {
    /// Nothing was tried.
    Refused(StoreError),
    /// A write failed, and sled takes no more.
    Broken(StoreError),
}

/// The number of the last group that is in a store.
pub(super) fn group_number(db: &sled::Tree) -> Result<u64> {
    number(db, &group_key())
}

/// The number behind a key of the writer's own; nothing there is nought.
fn number(db: &sled::Tree, key: &Key) -> Result<u64> {
    match db.value(key.as_ref())?.as_deref().map(<[u8; 8]>::try_from) {
        None => Ok(0),
        Some(Ok(bytes)) => Ok(u64::from_be_bytes(bytes)),
        Some(Err(_)) => Err(StoreError::Damaged("a number that its writer keeps has another length".into())),
    }
}
