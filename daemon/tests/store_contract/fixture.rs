//! What every case gets: an empty store of one engine, opened through the registry, and ways to ask the usual things.

use std::{future::Future, pin::Pin, sync::Arc};

use mmpd::store::{
    Batch, Operation, PageRequest, Precondition, RecordPage, Result, Store, StoreError,
    registry::{Durability, StoreOptions, open},
};
use tempfile::TempDir;

/// An engine under test.
pub(crate) struct Engine {
    /// Its scheme.
    pub(crate) name: &'static str,
    /// The URL of a store in the options' folder.
    pub(crate) url: &'static str,
}

/// Every engine.
pub(crate) const ENGINES: &[Engine] = &[Engine { name: "memory", url: "memory:" }, Engine { name: "sled", url: "sled:" }];

/// A case of the contract.
pub(crate) struct Case {
    /// What holds, as a sentence.
    pub(crate) name: &'static str,
    /// Asks an engine for it.
    pub(crate) run: fn(Fixture) -> Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// Makes cases, and the table of them.
macro_rules! cases {
    ($($name:ident($fixture:ident) $body:block)*) => {
        pub(crate) const CASES: &[crate::fixture::Case] =
            &[$(crate::fixture::Case { name: stringify!($name), run: |fixture| Box::pin($name(fixture)) }),*];
        $(async fn $name($fixture: crate::fixture::Fixture) $body)*
    };
}
pub(crate) use cases;

/// An open store, and its folder.
pub(crate) struct Fixture {
    /// The store.
    pub(crate) store: Arc<dyn Store>,
    engine: &'static Engine,
    folder: TempDir,
}

impl Fixture {
    /// Opens an empty store.
    pub(crate) async fn open(engine: &'static Engine) -> Self {
        let folder = TempDir::new().expect("a folder");
        let store = open(engine.url, &options(&folder)).await.expect("an empty store opens");
        Self { store, engine, folder }
    }

    /// Closes the store and opens it again.
    pub(crate) async fn reopen(self) -> Self {
        self.store.close().await.expect("closes");
        self.open_again().await
    }

    /// Opens the store again, closed or not.
    pub(crate) async fn open_again(self) -> Self {
        drop(self.store);
        let store = open(self.engine.url, &options(&self.folder)).await.expect("opens again");
        Self { store, ..self }
    }

    /// Tries to open the store a second time.
    pub(crate) async fn open_twice(&self) -> Result<Arc<dyn Store>> {
        open(self.engine.url, &options(&self.folder)).await
    }

    /// Carries changes out.
    pub(crate) async fn put(&self, operations: impl IntoIterator<Item = Operation>) {
        self.try_put(operations).await.expect("nothing stands against it");
    }

    /// Tries to carry changes out.
    pub(crate) async fn try_put(&self, operations: impl IntoIterator<Item = Operation>) -> Result<()> {
        self.store.commit(Batch { preconditions: Vec::new(), operations: operations.into_iter().collect() }).await
    }

    /// Whether a precondition holds now.
    pub(crate) async fn holds(&self, precondition: Precondition) -> bool {
        match self.store.commit(Batch::new().require(precondition.clone())).await {
            Ok(()) => true,
            Err(StoreError::Conflict(broken)) if broken == precondition => false,
            Err(other) => panic!("{other}"),
        }
    }
}

/// What stores are opened with: a small cache, so that pages come from the disk in these tests, too.
pub(crate) fn options(folder: &TempDir) -> StoreOptions {
    StoreOptions { folder: folder.path().join("store"), cache_bytes: 1 << 20, durability: Durability::Process }
}

/// Every item of a list, asked for in pages of `limit`; the pages' sizes are checked on the way.
pub(crate) async fn all_pages<T, F: Future<Output = Result<RecordPage<T>>>>(
    limit: usize,
    list: impl Fn(PageRequest) -> F,
) -> Vec<T> {
    let (mut items, mut cursor) = (Vec::new(), None);
    loop {
        let page = list(PageRequest { limit, cursor }).await.expect("a page");
        assert!(page.items.len() == limit || page.next_cursor.is_none(), "only the last page is short");
        items.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return items;
        }
    }
}
