//! Cutting what else ties an account to anything but its ballots.
use crate::{
    domain::{DAY, account::AccountId, framework::FrameworkId, stream::Stream},
    store::{
        db::{Result, Tx},
        values::row,
    },
};

/// How many people's commands one statement looks at: each of them may have sent thousands.
const SPAN_OF_PEOPLE: i64 = 200;
/// Cuts what ties `$2` to anything in the framework `$1`, but for its ballots; what others see
/// moves to `$3`.
const MOVE: &[&str] = &[
    "UPDATE scope_step SET camp = NULL WHERE framework = $1 AND $3 <> $2 AND concession IN (SELECT id FROM concession WHERE author = $2)",
    "UPDATE comment SET author = $3 WHERE framework = $1 AND author = $2",
    "UPDATE thread SET author = $3 WHERE framework = $1 AND author = $2",
    "UPDATE translation SET author = $3 WHERE author = $2 AND concession IN (SELECT id FROM concession WHERE framework = $1)",
    "UPDATE translation SET reviewer = $3 WHERE reviewer = $2 AND concession IN (SELECT id FROM concession WHERE framework = $1)",
    "UPDATE concession SET author = $3 WHERE framework = $1 AND author = $2",
    "UPDATE decision SET moderator = $3 WHERE framework = $1 AND moderator = $2",
    "UPDATE decision SET seconded_by = $3 WHERE framework = $1 AND seconded_by = $2",
    "UPDATE decision SET addressee = $3, camp = NULL WHERE framework = $1 AND addressee = $2",
    "UPDATE invitation SET created_by = $3 WHERE framework = $1 AND created_by = $2",
    "UPDATE appeal SET account = $3 WHERE framework = $1 AND account = $2",
    "UPDATE appeal SET decided_by = $3 WHERE framework = $1 AND decided_by = $2",
    "UPDATE item_access SET account = $3 WHERE framework = $1 AND account = $2",
    "UPDATE item_access SET object = $3 WHERE framework = $1 AND object = $2",
    "UPDATE decision SET object = $3 WHERE framework = $1 AND kind = 'account' AND object = $2",
    // One report of a thing by each account: where an erased account's report stands already, this
    // one adds nothing.
    "UPDATE report SET account = $3 WHERE framework = $1 AND account = $2
        AND NOT EXISTS (SELECT 1 FROM report r WHERE r.account = $3 AND r.object = report.object)",
    "UPDATE report SET object = $3 WHERE framework = $1 AND object = $2
        AND NOT EXISTS (SELECT 1 FROM report r WHERE r.account = report.account AND r.object = $3)",
];

/// What is of no use without its owner.
const CUT: &[&str] = &[
    "DELETE FROM report WHERE framework = $1 AND (account = $2 OR object = $2)",
    "DELETE FROM queue_item WHERE framework = $1 AND object = $2",
    "UPDATE queue_item SET claimed_by = NULL, claimed_until = NULL WHERE framework = $1 AND claimed_by = $2",
    "DELETE FROM answer_note WHERE account = $2 AND concession IN (SELECT id FROM concession WHERE framework = $1)",
    "DELETE FROM scope_opinion WHERE account = $2 AND concession IN (SELECT id FROM concession WHERE framework = $1)",
    "DELETE FROM translation_review WHERE account = $2 AND translation IN (SELECT t.id FROM translation t JOIN concession c ON c.id = t.concession WHERE c.framework = $1)",
    "DELETE FROM deal WHERE account = $2 AND question IN (SELECT id FROM question WHERE framework = $1)",
    "DELETE FROM redeemed_hand WHERE account = $2 AND question IN (SELECT id FROM question WHERE framework = $1)",
    "DELETE FROM read_mark WHERE framework = $1 AND account = $2",
    "DELETE FROM sanction WHERE framework = $1 AND account = $2",
    "DELETE FROM auditor WHERE framework = $1 AND account = $2",
    "DELETE FROM membership WHERE framework = $1 AND account = $2",
];

/// The account's own stream.
const STREAM: &[&str] = &[
    "DELETE FROM salt WHERE object IN (SELECT hash FROM change WHERE framework = $1 AND stream = 'account/' || $2)",
    "DELETE FROM change WHERE framework = $1 AND stream = 'account/' || $2",
    "DELETE FROM stream WHERE framework = $1 AND name = 'account/' || $2",
];

impl Tx {
    /// Moves what others see of an account in a framework to another one, deletes the rest, and
    /// leaves of its answers' times the day: a time to the millisecond would tell which comment was
    /// written beside an answer.
    pub async fn detach(
        &mut self,
        framework: FrameworkId,
        account: AccountId,
        to: AccountId,
    ) -> Result<()> {
        const DAYS: &str = "UPDATE answer SET at = at - at % $3 WHERE account = $2 AND question IN (SELECT id FROM question WHERE framework = $1)";
        // Their changes vouch for rows that name the account: without salts nothing is vouched for
        // any more.
        const NAMED: &str = "UPDATE change SET salt = NULL WHERE framework = $1 AND stream = $3 AND seq > $4 AND seq <= $5 AND object IN (
            SELECT id FROM decision WHERE framework = $1 AND kind = 'account' AND object = $2
            UNION SELECT id FROM report WHERE framework = $1 AND object = $2)";
        for stream in [Stream::Public, Stream::Moderators] {
            self.along(NAMED, framework, account, &stream.to_string())
                .await?;
        }
        for statement in MOVE {
            self.run(statement, row![framework, account, to]).await?;
        }
        self.each_in(CUT, framework, account).await?;
        self.run(DAYS, row![framework, account, DAY]).await
    }

    /// Takes an account's name off the changes it made in a framework, with their salts, and
    /// deletes its own stream.
    pub async fn forget_actor(&mut self, framework: FrameworkId, account: AccountId) -> Result<()> {
        const SALTS: &str = "DELETE FROM salt WHERE object IN (SELECT hash FROM change
            WHERE framework = $1 AND stream = $3 AND seq > $4 AND seq <= $5 AND actor = $2)";
        const ACTOR: &str = "UPDATE change SET actor = NULL, salt = NULL
            WHERE framework = $1 AND stream = $3 AND seq > $4 AND seq <= $5 AND actor = $2";
        self.each_in(STREAM, framework, account).await?;
        for (stream, _) in self.heads(framework).await? {
            self.along(SALTS, framework, account, &stream).await?;
            self.along(ACTOR, framework, account, &stream).await?;
        }
        Ok(())
    }

    /// Empties what is kept of results that name an account: whoever gave it a role, and in rows of
    /// earlier versions the cards of hands that somebody was dealt.
    pub async fn forget_results(&mut self, account: AccountId) -> Result<()> {
        const NEXT: &str = "SELECT id FROM account WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2";
        const SQL: &str = "UPDATE command SET result = '{}' WHERE account > $1 AND account <= $2 AND result LIKE '%' || $3 || '%'";
        // Past every id: those are hexadecimal.
        let (mut from, end) = (String::new(), "g".to_owned());
        while from < end {
            let next: Option<String> = self.value(NEXT, row![from, SPAN_OF_PEOPLE]).await?;
            let to = next.unwrap_or_else(|| end.clone());
            self.run(SQL, row![from, to, account]).await?;
            from = to;
        }
        Ok(())
    }
}
