//! PostgreSQL behind a net that may fail: connections that are looked at, and no wait without an
//! end.
mod link;
mod pools;
#[cfg(target_os = "linux")]
mod tcp;
mod waits;

pub use self::pools::Pools;
pub(super) use self::{
    link::Link,
    pools::{options, patient},
    waits::{ACQUIRE, by, within},
};
