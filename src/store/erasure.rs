//! Erasing an account: its mark, what it wrote in a framework, and what else ties it to anything but its ballots.
use sqlx::FromRow;

use super::{
    db::{Reader, Result, Tx},
    values::row,
    words::{Doc, Word},
};
use crate::domain::{
    DAY, Millis,
    account::{AccountId, Posts},
    concession::ConcessionId,
    framework::{FrameworkId, QuestionId},
    round::Frozen,
    stream::Stream,
    thread::{CommentId, NOTES, ThreadId},
};

/// How many places of a stream one statement looks at: a statement must end within the server's limit of 5 s.
const SPAN: i64 = 50_000;
/// How many people's commands one statement looks at: each of them may have sent thousands.
const SPAN_OF_PEOPLE: i64 = 200;

/// What an account wrote in a framework.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// Comments, each with its version.
    pub comments: Vec<(CommentId, i64)>,
    /// Threads it opened, each with its version.
    pub threads: Vec<(ThreadId, i64)>,
    /// Its cards.
    pub cards: Vec<ConcessionId>,
    /// The questions of its cards.
    pub questions: Vec<QuestionId>,
    /// Cards it translated, or whose translations it reviewed.
    pub translated: Vec<ConcessionId>,
}

#[derive(FromRow)]
struct Pending {
    account: AccountId,
    posts: Word<Posts>,
}

/// Takes the words out of what `$2` wrote in the framework `$1`; counts first, while it is known what showed.
const WIPE: &[&str] = &[
    "UPDATE thread SET comments = comments - (SELECT COUNT(*) FROM comment c WHERE c.thread = thread.id AND c.author = $2 AND c.state = 'visible')
        WHERE framework = $1 AND id IN (SELECT thread FROM comment WHERE framework = $1 AND author = $2)",
    "UPDATE comment SET replies = replies - (SELECT COUNT(*) FROM comment c WHERE c.parent = comment.id AND c.author = $2 AND c.state = 'visible')
        WHERE framework = $1 AND id IN (SELECT parent FROM comment WHERE framework = $1 AND author = $2 AND parent IS NOT NULL)",
    "DELETE FROM search_entry WHERE framework = $1 AND object IN (SELECT id FROM comment WHERE framework = $1 AND author = $2
        UNION SELECT id FROM concession WHERE framework = $1 AND author = $2 UNION SELECT id FROM thread WHERE framework = $1 AND author = $2)",
    "DELETE FROM comment_version WHERE comment IN (SELECT id FROM comment WHERE framework = $1 AND author = $2)",
    "UPDATE comment SET body = '', html = '', state = 'deleted' WHERE framework = $1 AND author = $2",
    "DELETE FROM concession_version WHERE concession IN (SELECT id FROM concession WHERE framework = $1 AND author = $2)",
    "DELETE FROM scope_hold WHERE concession IN (SELECT id FROM concession WHERE framework = $1 AND author = $2)",
    // Translations of an erased card say the same in other words.
    "UPDATE translation SET title = '', body = '', html = '', in_return = NULL, verifier = NULL, deadline = NULL, state = 'withdrawn'
        WHERE concession IN (SELECT id FROM concession WHERE framework = $1 AND author = $2)
        OR (author = $2 AND concession IN (SELECT id FROM concession WHERE framework = $1))",
    "UPDATE concession SET title = '', body = '', html = '', in_return = NULL, verifier = '', deadline = NULL, sources = '[]', receivers = '[]',
        points = '[]', category = NULL, state = 'withdrawn' WHERE framework = $1 AND author = $2",
    "UPDATE report SET note = NULL WHERE framework = $1 AND account = $2",
    "UPDATE appeal SET statement = '' WHERE framework = $1 AND account = $2",
];

/// Cuts what ties `$2` to anything in the framework `$1`, but for its ballots; what others see moves to `$3`.
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
    // One report of a thing by each account: where an erased account's report stands already, this one adds nothing.
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

/// What lets somebody act as `$1`.
const LOCK_OUT: &[&str] = &[
    "DELETE FROM session WHERE account = $1",
    "DELETE FROM link WHERE account = $1",
    "DELETE FROM recovery_code WHERE account = $1",
    "DELETE FROM second_factor WHERE account = $1",
    "UPDATE account SET password_hash = NULL WHERE id = $1",
];

/// What is left of `$1`: a key for its ballots. No handle has brackets, so nobody can register this one.
const END: &[&str] = &[
    "DELETE FROM command WHERE account = $1",
    "UPDATE account SET handle = '[' || id || ']', skeleton = '[' || id || ']', display_name = NULL, name_skeleton = NULL, written = NULL,
        name_written = NULL, admin = FALSE, vouched = FALSE, locale = NULL, created_at = 0 WHERE id = $1",
    "DELETE FROM rights_change WHERE subject = 'account/' || $1",
    "DELETE FROM erasure WHERE account = $1",
];

impl Reader {
    /// Accounts whose erasure is not done yet, and what becomes of their posts; those of whose posts a later version made something
    /// that this one does not know are left to it.
    pub async fn erasures(&mut self) -> Result<Vec<(AccountId, Posts)>> {
        const SQL: &str = "SELECT account, posts FROM erasure ORDER BY asked_at, account";
        let rows: Vec<Pending> = self.all(SQL, row![]).await?;
        Ok(rows.into_iter().filter_map(|row| Some((row.account, row.posts.known()?))).collect())
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

    /// What an account wrote in a framework.
    pub async fn written(&mut self, framework: FrameworkId, account: AccountId) -> Result<Written> {
        const COMMENTS: &str = "SELECT id, version FROM comment WHERE framework = $1 AND author = $2 ORDER BY id";
        const THREADS: &str = "SELECT id, version FROM thread WHERE framework = $1 AND author = $2 ORDER BY id";
        const CARDS: &str = "SELECT id, question FROM concession WHERE framework = $1 AND author = $2 ORDER BY id";
        const TRANSLATED: &str = "SELECT DISTINCT t.concession FROM translation t JOIN concession c ON c.id = t.concession
            WHERE c.framework = $1 AND (t.author = $2 OR t.reviewer = $2) ORDER BY t.concession";
        let comments = self.all(COMMENTS, row![framework, account]).await?;
        let threads = self.all(THREADS, row![framework, account]).await?;
        let cards: Vec<(ConcessionId, QuestionId)> = self.all(CARDS, row![framework, account]).await?;
        let translated = self.column(TRANSLATED, row![framework, account]).await?;
        let (cards, mut questions): (Vec<_>, Vec<_>) = cards.into_iter().unzip();
        questions.sort_unstable();
        questions.dedup();
        Ok(Written { comments, threads, cards, questions, translated })
    }
}

impl Tx {
    /// Marks an account for erasure and lets nobody act as it any more.
    pub async fn begin_erasure(&mut self, account: AccountId, posts: Posts, now: Millis) -> Result<()> {
        const MARK: &str = "INSERT INTO erasure (account, posts, asked_at) VALUES ($1, $2, $3) ON CONFLICT (account) DO NOTHING";
        self.run(MARK, row![account, Word::Known(posts), now]).await?;
        self.each(LOCK_OUT, account).await
    }

    async fn each(&mut self, statements: &[&'static str], account: AccountId) -> Result<()> {
        for statement in statements {
            self.run(statement, row![account]).await?;
        }
        Ok(())
    }

    async fn each_in(&mut self, statements: &[&'static str], framework: FrameworkId, account: AccountId) -> Result<()> {
        for statement in statements {
            self.run(statement, row![framework, account]).await?;
        }
        Ok(())
    }

    /// Empties what an account wrote in a framework: texts, earlier texts, salts, titles in results of rounds.
    pub async fn wipe_posts(&mut self, framework: FrameworkId, account: AccountId, written: &Written) -> Result<()> {
        const TITLE: &str = "UPDATE thread SET title = '', version = version + 1,
            state = CASE WHEN comments <= 0 THEN 'hidden' ELSE state END WHERE framework = $1 AND author = $2 AND title <> $3";
        const SALTS: &str = "UPDATE change SET salt = NULL WHERE framework = $1 AND stream = $3 AND seq > $4 AND seq <= $5 AND object IN (
            SELECT id FROM comment WHERE framework = $1 AND author = $2 UNION SELECT id FROM thread WHERE framework = $1 AND author = $2
            UNION SELECT id FROM concession WHERE framework = $1 AND author = $2)";
        self.each_in(WIPE, framework, account).await?;
        self.run(TITLE, row![framework, account, NOTES]).await?;
        for stream in [Stream::Public, Stream::Moderators] {
            self.along(SALTS, framework, account, &stream.to_string()).await?;
        }
        for card in written.translated.iter().filter(|card| !written.cards.contains(card)) {
            self.index_card(*card).await?;
        }
        for question in &written.questions {
            self.blank_results(*question, &written.cards).await?;
        }
        Ok(())
    }

    /// Runs a statement over a stream of changes, some places at a time.
    async fn along(&mut self, statement: &'static str, framework: FrameworkId, account: AccountId, stream: &str) -> Result<()> {
        let head = self.head(framework, stream).await?.seq;
        let mut from = 0;
        while from < head {
            self.run(statement, row![framework, account, stream, from, from + SPAN]).await?;
            from += SPAN;
        }
        Ok(())
    }

    /// Takes the titles of cards out of what was published of a question's rounds; the numbers stay.
    async fn blank_results(&mut self, question: QuestionId, cards: &[ConcessionId]) -> Result<()> {
        const SQL: &str = "UPDATE round_result SET result = $3 WHERE question = $1 AND round = $2";
        for mut row in self.rounds(question).await? {
            let Frozen { cards: frozen, .. } = &mut row.frozen;
            frozen.iter_mut().filter(|card| cards.contains(&card.id)).for_each(|card| card.title.clear());
            let result = Doc::Known(&row.frozen);
            self.run(SQL, row![question, row.round, result]).await?;
        }
        Ok(())
    }

    /// Moves what others see of an account in a framework to another one, deletes the rest, and leaves of its answers' times
    /// the day: a time to the millisecond would tell which comment was written beside an answer.
    pub async fn detach(&mut self, framework: FrameworkId, account: AccountId, to: AccountId) -> Result<()> {
        const DAYS: &str = "UPDATE answer SET at = at - at % $3 WHERE account = $2 AND question IN (SELECT id FROM question WHERE framework = $1)";
        const KEPT: &str =
            "UPDATE united_ballot SET at = at - at % $3 WHERE account = $2 AND question IN (SELECT id FROM question WHERE framework = $1)";
        // Their changes vouch for rows that name the account: without salts nothing is vouched for any more.
        const NAMED: &str = "UPDATE change SET salt = NULL WHERE framework = $1 AND stream = $3 AND seq > $4 AND seq <= $5 AND object IN (
            SELECT id FROM decision WHERE framework = $1 AND kind = 'account' AND object = $2
            UNION SELECT id FROM report WHERE framework = $1 AND object = $2)";
        for stream in [Stream::Public, Stream::Moderators] {
            self.along(NAMED, framework, account, &stream.to_string()).await?;
        }
        for statement in MOVE {
            self.run(statement, row![framework, account, to]).await?;
        }
        self.each_in(CUT, framework, account).await?;
        for statement in [DAYS, KEPT] {
            self.run(statement, row![framework, account, DAY]).await?;
        }
        Ok(())
    }

    /// Takes an account's name off the changes it made in a framework, with their salts, and deletes its own stream.
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

    /// Empties what is kept of results that name an account: whoever gave it a role, and in rows of earlier versions the cards of
    /// hands that somebody was dealt.
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

    /// Leaves of an account a key for its ballots.
    pub async fn end_account(&mut self, account: AccountId) -> Result<()> {
        self.each(LOCK_OUT, account).await?;
        self.each(END, account).await
    }
}
