//! Copies of a whole site: what is being filled, whether it is whole, and carrying every row from
//! one database into another.
mod begun;
mod carry;
mod draft;
mod marks;
mod model;
mod sums;
mod whole;

pub(super) use self::marks::{AGAIN, FILE, is_unfinished, marked};
pub use self::{carry::Carried, draft::Draft, marks::TOOL};
