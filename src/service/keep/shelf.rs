//! Pages of threads as the bytes that visitors read. One stands until something that everyone sees
//! changes, on this node or on another, and for a second at most, so that a talked-about page costs
//! the database nothing.
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

/// How long a page stands at most: what is changed past every node, as by a command line beside the
/// server, shows within so long.
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
    moment: Moment,
    read: Instant,
}

/// What a page belongs to; asked before its rows are read.
#[derive(Clone)]
pub struct Moment {
    turn: u64,
    /// [`Store::named`], where other nodes write.
    named: String,
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
        Self {
            pages: Cache::with_weighter(PAGES, ROOM, Size),
            turn: AtomicU64::new(0),
        }
    }
}

impl Shelf {
    /// Something that everyone sees has changed: every page is made anew. Called after the commit
    /// and before anybody hears of it.
    pub fn turn(&self) {
        self.turn.fetch_add(1, Ordering::AcqRel);
    }

    /// What a page belongs to whose rows are read from now on.
    ///
    /// # Errors
    /// When the database cannot say so.
    pub async fn now(&self, store: &Store) -> Result<Moment> {
        let turn = self.turn.load(Ordering::Acquire);
        let named = if store.backend() == Backend::Sqlite {
            String::new()
        } else {
            store.named().await?
        };
        Ok(Moment { turn, named })
    }

    /// The page, if it still is what a visitor would be shown.
    ///
    /// # Errors
    /// When the database cannot say so: other nodes write to PostgreSQL, so that the place of
    /// `public` and whether somebody was renamed are looked up there.
    pub async fn page(&self, store: &Store, key: &Key) -> Result<Option<Bytes>> {
        let Some(Kept {
            body,
            framework,
            seq,
            moment,
            read,
        }) = self.pages.get(key)
        else {
            return Ok(None);
        };
        if moment.turn != self.turn.load(Ordering::Acquire) || read.elapsed() >= STANDS {
            return Ok(None);
        }
        let stands = store.backend() == Backend::Sqlite
            || store.public_place(framework).await? == (seq, moment.named);
        Ok(stands.then_some(body))
    }

    /// Keeps a page whose rows were read at `seq` of `public`, and began at `moment`.
    pub fn keep(&self, key: Key, body: Bytes, framework: FrameworkId, seq: i64, moment: Moment) {
        self.pages.insert(
            key,
            Kept {
                body,
                framework,
                seq,
                moment,
                read: Instant::now(),
            },
        );
    }
}
