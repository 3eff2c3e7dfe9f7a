//! The rules, pure: nothing here waits, stores or sends. Times are unix milliseconds and reach it
//! as values.
pub mod account;
pub mod again;
pub mod ballot;
pub mod breakdown;
pub mod bridging;
pub mod commitment;
pub mod concession;
pub mod csv;
pub mod dealing;
pub mod fold;
pub mod framework;
pub mod hex;
pub mod hold;
pub mod lane;
pub mod markdown;
pub mod moderation;
pub mod opinions;
pub mod pace;
pub mod permission;
pub mod presence;
pub mod recount;
pub mod remit;
pub mod round;
pub mod schulze;
pub mod scope;
pub mod search;
pub mod similar;
pub mod stream;
pub mod tally;
pub mod text;
pub mod thread;
pub mod translation;
pub mod word;

#[cfg(test)]
mod samples;

/// Unix time in milliseconds.
pub type Millis = i64;

/// A minute, in milliseconds.
pub const MINUTE: Millis = 60_000;
/// One hour in milliseconds.
pub const HOUR: Millis = 60 * MINUTE;
/// One day in milliseconds.
pub const DAY: Millis = 24 * HOUR;
