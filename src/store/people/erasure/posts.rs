//! Erasing what an account wrote in a framework.
use crate::{
    domain::{
        account::AccountId,
        concession::ConcessionId,
        framework::{FrameworkId, QuestionId},
        round::Frozen,
        stream::Stream,
        thread::{CommentId, NOTES, ThreadId},
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::Doc,
    },
};

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

/// Takes the words out of what `$2` wrote in the framework `$1`; counts first, while it is known
/// what showed.
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

impl Reader {
    /// What an account wrote in a framework.
    pub async fn written(&mut self, framework: FrameworkId, account: AccountId) -> Result<Written> {
        const COMMENTS: &str =
            "SELECT id, version FROM comment WHERE framework = $1 AND author = $2 ORDER BY id";
        const THREADS: &str =
            "SELECT id, version FROM thread WHERE framework = $1 AND author = $2 ORDER BY id";
        const CARDS: &str =
            "SELECT id, question FROM concession WHERE framework = $1 AND author = $2 ORDER BY id";
        const TRANSLATED: &str = "SELECT DISTINCT t.concession FROM translation t JOIN concession c ON c.id = t.concession
            WHERE c.framework = $1 AND (t.author = $2 OR t.reviewer = $2) ORDER BY t.concession";
        let comments = self.all(COMMENTS, row![framework, account]).await?;
        let threads = self.all(THREADS, row![framework, account]).await?;
        let cards: Vec<(ConcessionId, QuestionId)> =
            self.all(CARDS, row![framework, account]).await?;
        let translated = self.column(TRANSLATED, row![framework, account]).await?;
        let (cards, mut questions): (Vec<_>, Vec<_>) = cards.into_iter().unzip();
        questions.sort_unstable();
        questions.dedup();
        Ok(Written {
            comments,
            threads,
            cards,
            questions,
            translated,
        })
    }
}

impl Tx {
    /// Empties what an account wrote in a framework: texts, earlier texts, salts, titles in results
    /// of rounds.
    pub async fn wipe_posts(
        &mut self,
        framework: FrameworkId,
        account: AccountId,
        written: &Written,
    ) -> Result<()> {
        const TITLE: &str = "UPDATE thread SET title = '', version = version + 1,
            state = CASE WHEN comments <= 0 THEN 'hidden' ELSE state END WHERE framework = $1 AND author = $2 AND title <> $3";
        const SALTS: &str = "UPDATE change SET salt = NULL WHERE framework = $1 AND stream = $3 AND seq > $4 AND seq <= $5 AND object IN (
            SELECT id FROM comment WHERE framework = $1 AND author = $2 UNION SELECT id FROM thread WHERE framework = $1 AND author = $2
            UNION SELECT id FROM concession WHERE framework = $1 AND author = $2)";
        self.each_in(WIPE, framework, account).await?;
        self.run(TITLE, row![framework, account, NOTES]).await?;
        for stream in [Stream::Public, Stream::Moderators] {
            self.along(SALTS, framework, account, &stream.to_string())
                .await?;
        }
        for card in written
            .translated
            .iter()
            .filter(|card| !written.cards.contains(card))
        {
            self.index_card(*card).await?;
        }
        for question in &written.questions {
            self.blank_results(*question, &written.cards).await?;
        }
        Ok(())
    }

    /// Takes the titles of cards out of what was published of a question's rounds; the numbers
    /// stay.
    async fn blank_results(&mut self, question: QuestionId, cards: &[ConcessionId]) -> Result<()> {
        const SQL: &str = "UPDATE round_result SET result = $3 WHERE question = $1 AND round = $2";
        for mut row in self.rounds(question).await? {
            let Frozen { cards: frozen, .. } = &mut row.frozen;
            frozen
                .iter_mut()
                .filter(|card| cards.contains(&card.id))
                .for_each(|card| card.title.clear());
            let result = Doc::Known(&row.frozen);
            self.run(SQL, row![question, row.round, result]).await?;
        }
        Ok(())
    }
}
