//! Pages of threads as the bytes that visitors read. One stands until something that everyone sees changes, on this node or on
//! another, and for a second at most, so that a talked-about page costs the database nothing.
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use quick_cache::{Weighter, sync::Cache};
use tokio_util::bytes::Bytes;

use crate::{
    domain::{framework::FrameworkId, thread::ThreadId},
    store::{Backend, Result, Store},
};

/// How long a page stands at most: what no stream tells, as a changed display name, shows on every node within so long.
const STANDS: Duration = Duration::from_secs(1);
/// What the pages may take, in bytes.
const ROOM: u64 = 64 << 20;
/// How many pages are expected; more are kept as long as they fit.
const PAGES: usize = 1_000;

/// Which page: a thread, and after which place of it.
type Key = (ThreadId, Option<String>);

#[derive(Clone)]
struct Kept {
    body: Bytes,
    framework: FrameworkId,
    seq: i64,
    turn: u64,
    read: Instant,
}

#[derive(Clone)]
struct Size;

impl Weighter<Key, Kept> for Size {
    fn weight(&self, _: &Key, kept: &Kept) -> u64 {
        kept.body.len() as u64
    }
}

/// What is kept on this node.
pub struct Shelf {
    pages: Cache<Key, Kept, Size>,
    turn: AtomicU64,
}

impl Default for Shelf {
    fn default() -> Self {
        Self { pages: Cache::with_weighter(PAGES, ROOM, Size), turn: AtomicU64::new(0) }
    }
}

impl Shelf {
    /// Something that everyone sees has changed: every page is made anew. Called after the commit and before anybody hears of it.
    pub fn turn(&self) {
        self.turn.fetch_add(1, Ordering::AcqRel);
    }

    /// The turn that a page belongs to; to be asked before its rows are read.
    pub fn now(&self) -> u64 {
        self.turn.load(Ordering::Acquire)
    }

    /// The page, if it still is what a visitor would be shown.
    ///
    /// # Errors
    /// When the database cannot say so: other nodes write to PostgreSQL, so that the place of `public` is looked up there.
    pub async fn page(&self, store: &Store, key: &Key) -> Result<Option<Bytes>> {
        let Some(kept) = self.pages.get(key) else { return Ok(None) };
        if kept.turn != self.now() || kept.read.elapsed() >= STANDS {
            return Ok(None);
        }
        let stands = store.backend() == Backend::Sqlite || store.public_seq(kept.framework).await? == kept.seq;
        Ok(stands.then_some(kept.body))
    }

    /// Keeps a page whose rows were read at `seq` of `public`, in this turn.
    pub fn keep(&self, key: Key, body: Bytes, framework: FrameworkId, seq: i64, turn: u64) {
        self.pages.insert(key, Kept { body, framework, seq, turn, read: Instant::now() });
    }
}
