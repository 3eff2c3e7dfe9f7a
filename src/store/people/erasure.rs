//! Erasing an account: its mark, and the key for its ballots that is left of it.
mod posts;
mod ties;

use sqlx::FromRow;

pub use self::posts::Written;
use crate::{
    domain::{
        Millis,
        account::{AccountId, Posts},
        framework::FrameworkId,
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::Word,
    },
};

/// How many places of a stream one statement looks at: a statement must end within the server's
/// limit of 5 s.
const SPAN: i64 = 50_000;

#[derive(FromRow)]
struct Pending {
    account: AccountId,
    posts: Word<Posts>,
}

/// What lets somebody act as `$1`.
const LOCK_OUT: &[&str] = &[
    "DELETE FROM session WHERE account = $1",
    "DELETE FROM link WHERE account = $1",
    "DELETE FROM recovery_code WHERE account = $1",
    "DELETE FROM second_factor WHERE account = $1",
    "UPDATE account SET password_hash = NULL WHERE id = $1",
];

/// What is left of `$1`: a key for its ballots. No handle has brackets, so nobody can register this
/// one.
const END: &[&str] = &[
    "DELETE FROM command WHERE account = $1",
    "UPDATE account SET handle = '[' || id || ']', skeleton = '[' || id || ']', display_name = NULL, name_skeleton = NULL, written = NULL,
        name_written = NULL, admin = FALSE, vouched = FALSE, locale = NULL, created_at = 0 WHERE id = $1",
    "DELETE FROM rights_change WHERE subject = 'account/' || $1",
    "DELETE FROM erasure WHERE account = $1",
];

impl Reader {
    /// Accounts whose erasure is not done yet, and what becomes of their posts; those of whose
    /// posts a later version made something that this one does not know are left to it.
    pub async fn erasures(&mut self) -> Result<Vec<(AccountId, Posts)>> {
        const SQL: &str = "SELECT account, posts FROM erasure ORDER BY asked_at, account";
        let rows: Vec<Pending> = self.all(SQL, row![]).await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| Some((row.account, row.posts.known()?)))
            .collect())
    }

    /// Whether nobody else runs the site, or a framework that this account hosts.
    pub async fn is_the_last(&mut self, account: AccountId) -> Result<bool> {
        const SQL: &str = "SELECT (SELECT COUNT(*) FROM account a WHERE a.id = $1 AND a.admin = TRUE
                AND NOT EXISTS (SELECT 1 FROM account b WHERE b.admin = TRUE AND b.id <> $1))
            + (SELECT COUNT(*) FROM membership m WHERE m.account = $1 AND m.role = 'owner'
                AND NOT EXISTS (SELECT 1 FROM membership o WHERE o.framework = m.framework AND o.role = 'owner' AND o.account <> $1))";
        let count: i64 = self.sole(SQL, row![account]).await?;
        Ok(count > 0)
    }
}

impl Tx {
    /// Marks an account for erasure and lets nobody act as it any more.
    pub async fn begin_erasure(
        &mut self,
        account: AccountId,
        posts: Posts,
        now: Millis,
    ) -> Result<()> {
        const MARK: &str = "INSERT INTO erasure (account, posts, asked_at) VALUES ($1, $2, $3) ON CONFLICT (account) DO NOTHING";
        self.run(MARK, row![account, Word::Known(posts), now])
            .await?;
        self.each(LOCK_OUT, account).await
    }

    /// Leaves of an account a key for its ballots.
    pub async fn end_account(&mut self, account: AccountId) -> Result<()> {
        self.each(LOCK_OUT, account).await?;
        self.each(END, account).await
    }

    async fn each(&mut self, statements: &[&'static str], account: AccountId) -> Result<()> {
        for statement in statements {
            self.run(statement, row![account]).await?;
        }
        Ok(())
    }

    async fn each_in(
        &mut self,
        statements: &[&'static str],
        framework: FrameworkId,
        account: AccountId,
    ) -> Result<()> {
        for statement in statements {
            self.run(statement, row![framework, account]).await?;
        }
        Ok(())
    }

    /// Runs a statement over a stream of changes, some places at a time.
    async fn along(
        &mut self,
        statement: &'static str,
        framework: FrameworkId,
        account: AccountId,
        stream: &str,
    ) -> Result<()> {
        let head = self.head(framework, stream).await?.seq;
        let mut from = 0;
        while from < head {
            self.run(
                statement,
                row![framework, account, stream, from, from + SPAN],
            )
            .await?;
            from += SPAN;
        }
        Ok(())
    }
}
