//! SQL and nothing else: one text for SQLite and PostgreSQL, returning domain types.
mod ask;
mod ballots;
mod cards;
mod copies;
mod db;
mod error;
mod file;
mod frameworks;
mod lenient;
mod many;
mod migrations;
mod moderation;
mod open;
mod parts;
mod people;
mod postgres;
mod rows;
mod search;
mod site;
mod streams;
mod threads;
mod upkeep;
mod values;
mod words;

pub use ballots::{Deal, Deals, DeckCard, RoundRow};
pub use cards::{CardPlace, CardVersion, Hold};
pub use copies::{Carried, Draft, TOOL};
pub use db::{Backend, Error, Reader, Result, Store, Tx};
pub use frameworks::NewFramework;
pub use moderation::{Appeal, Decision, PublicNotice, QueueFilter, QueuePlace, Report, Waiting};
pub use people::{
    Appointed, Appointment, EXPORTED, Engagement, Invitation, LEFT_OUT, LinkKind, Membership,
    Person, ReadMark, SecondFactor, SessionKind, SessionRow, TOLD, Written,
};
pub use search::{Proposed, Within};
pub use streams::{Change, Checkpoint, CommandRecord, Head, News, SetBack};
pub use threads::{LastPost, ParentPlace, ThreadPlace};
