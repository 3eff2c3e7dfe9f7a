//! SQL and nothing else: one text for SQLite and PostgreSQL, returning domain types.
mod accounts;
mod ballots;
mod changes;
mod concessions;
mod db;
mod frameworks;
mod invitations;
mod lane;
mod members;
mod merging;
mod moderation;
#[cfg(target_os = "linux")]
mod nodelay;
mod roles;
mod rounds;
mod rows;
mod threads;
mod translations;
mod words;

pub use accounts::{LinkKind, SessionKind, SessionRow};
pub use ballots::{Deal, Deals, DeckCard};
pub use changes::{Change, CommandRecord, Head};
pub use concessions::{CardPlace, CardVersion};
pub use db::{Backend, Error, Reader, Result, Store, Tx};
pub use frameworks::NewFramework;
pub use invitations::Invitation;
pub use lane::Hold;
pub use members::{Engagement, Membership, Person, ReadMark};
pub use moderation::{Decision, Report};
pub use roles::{Appointed, Appointment};
pub use rounds::RoundRow;
pub use threads::{ParentPlace, ThreadPlace};
