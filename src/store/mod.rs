//! SQL and nothing else: one text for SQLite and PostgreSQL, returning domain types.
mod accounts;
mod ballots;
mod branches;
mod changes;
mod concessions;
mod db;
mod decisions;
mod frameworks;
mod lane;
mod members;
mod merging;
#[cfg(target_os = "linux")]
mod nodelay;
mod queue;
mod reports;
mod rounds;
mod rows;
mod second_factor;
mod threads;
mod translations;
mod words;

pub use accounts::{LinkKind, SessionKind, SessionRow};
pub use ballots::{Deal, Deals, DeckCard};
pub use changes::{Change, CommandRecord, Head};
pub use concessions::{CardPlace, CardVersion};
pub use db::{Backend, Error, Reader, Result, Store, Tx};
pub use decisions::{Appeal, Decision};
pub use frameworks::NewFramework;
pub use lane::Hold;
pub use members::{Engagement, Membership, Person, ReadMark};
pub use queue::{QueueFilter, QueuePlace, Waiting};
pub use reports::{PublicNotice, Report};
pub use rounds::RoundRow;
pub use second_factor::SecondFactor;
pub use threads::{ParentPlace, ThreadPlace};
