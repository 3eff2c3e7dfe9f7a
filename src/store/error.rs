//! What a query may end with, and what it means for whoever asked.

/// What went wrong below; never shown to users.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or is away.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// A migration could not be applied.
    #[error(transparent)]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The database runs with settings that could lose what was acknowledged.
    #[error("{0}")]
    Unsafe(String),
    /// It is not what was asked for: no site, half a site, another's.
    #[error("{0}")]
    Unfit(String),
}

impl Error {
    /// Whether the one unique constraint that can break here broke.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// Whether the connection went away while something was under way, so that nobody knows whether
    /// it took effect.
    #[must_use]
    pub fn is_disconnect(&self) -> bool {
        match self {
            Self::Sql(sqlx::Error::Io(_) | sqlx::Error::Protocol(_)) => true,
            // Class 08, connection exceptions, and 57P0x: the server ended the session.
            Self::Sql(sqlx::Error::Database(error)) => error
                .code()
                .is_some_and(|code| code.starts_with("08") || code.starts_with("57P0")),
            _ => false,
        }
    }

    /// Whether the database is away, or somebody else holds what is wanted: to try the parts of
    /// what failed one by one would only wait as long for each.
    #[must_use]
    pub fn is_away(&self) -> bool {
        match self {
            Self::Sql(
                sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::BeginFailed,
            ) => true,
            // A lock that was not to be had, a session that was ended, no room for another one.
            Self::Sql(sqlx::Error::Database(error))
                if error
                    .code()
                    .is_some_and(|code| code == "55P03" || code.starts_with("53")) =>
            {
                true
            }
            // Another file stands where the database was.
            Self::Unfit(_) => true,
            _ => self.is_disconnect(),
        }
    }
}

/// The result of a query.
pub type Result<T> = std::result::Result<T, Error>;
