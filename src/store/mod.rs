//! SQL and nothing else: one text for SQLite and PostgreSQL, returning domain types.
mod accounts;
mod ballots;
mod changes;
mod concessions;
mod db;
mod frameworks;
mod lane;
mod members;
mod moderation;
#[cfg(target_os = "linux")]
mod nodelay;
mod rows;
mod threads;
mod words;

pub use accounts::{LinkKind, SessionKind, SessionRow};
pub use ballots::{CardLoad, Deals};
pub use changes::{Change, CommandRecord, Head};
pub use concessions::CardPlace;
pub use db::{Backend, Error, Reader, Result, Store, Tx};
pub use frameworks::NewFramework;
pub use lane::Hold;
pub use members::{Membership, Person, ReadMark};
pub use moderation::{Decision, Report};
pub use threads::{ParentPlace, ThreadPlace};
