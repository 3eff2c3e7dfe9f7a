//! How long PostgreSQL may take for what, and what is said when it takes longer: sqlx waits for an
//! answer as long as the connection stands, and one over a dead line stands for ever.
use std::{io, time::Duration};

use tokio::time::{Instant, timeout_at};

/// How long to wait for a connection.
pub(in crate::store) const ACQUIRE: Duration = Duration::from_secs(4);
/// How long a page's statement may take. The server itself gives up a second earlier: who hears
/// nothing for longer than that speaks into a dead line.
pub(super) const STATEMENT: Duration = Duration::from_secs(6);
/// The same of a statement that writes, for which somebody holds or awaits a lock.
pub(super) const WRITTEN: Duration = Duration::from_secs(5);
/// The same of what was said to take its time.
pub(super) const LONG: Duration = Duration::from_secs(16);
/// How long all of that may take.
pub(super) const LONGEST: Duration = Duration::from_secs(60);
/// How long a commit may take.
pub(super) const COMMIT: Duration = Duration::from_millis(3_500);
/// How long a connection at rest may take to say that it lives; on a machine that is overloaded
/// that is no moment.
pub(super) const ANSWER: Duration = Duration::from_secs(2);

/// Waits for the answer to a statement that takes its time.
///
/// # Errors
/// As [`by`].
pub(in crate::store) async fn within<T>(
    statement: impl Future<Output = sqlx::Result<T>>,
) -> sqlx::Result<T> {
    by(Instant::now() + LONG, statement).await
}

/// Waits for a statement's answer until then.
///
/// # Errors
/// The statement's own, or an `Io` error where none comes in time.
pub(in crate::store) async fn by<T>(
    due: Instant,
    statement: impl Future<Output = sqlx::Result<T>>,
) -> sqlx::Result<T> {
    timeout_at(due, statement)
        .await
        .unwrap_or_else(|_| Err(late()))
}

/// What no answer in time is taken for.
pub(super) fn late() -> sqlx::Error {
    io::Error::new(io::ErrorKind::TimedOut, "PostgreSQL did not answer in time").into()
}
