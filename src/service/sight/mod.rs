//! What somebody may see, and as what they see it: one way to a consistent state, one to a thing,
//! one to each view.
pub mod actor;
pub mod appeals;
pub mod ballot;
pub mod condition;
pub mod cursor;
pub mod entry;
pub mod invitation;
pub mod question;
pub mod seen;
pub mod thing;
pub mod views;
