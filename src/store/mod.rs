//! SQL and nothing else: one text for SQLite and PostgreSQL, returning domain types.
mod accounts;
mod ballots;
mod changes;
mod concessions;
mod db;
mod frameworks;
mod members;
mod moderation;
mod threads;
mod words;

pub use accounts::{LinkKind, SessionKind, SessionRow};
pub use ballots::CardLoad;
pub use changes::{Change, CommandRecord, Head};
pub use db::{Backend, Error, Reader, Result, Store, Tx};
pub use frameworks::NewFramework;
pub use members::{Membership, ReadMark};
pub use moderation::{Decision, Report};
