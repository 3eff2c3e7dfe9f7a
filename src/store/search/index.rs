//! What is put into the index of words, when, and how it is made anew.
use crate::{
    domain::{
        Millis,
        concession::{Concession, ConcessionId},
        framework::FrameworkId,
        markdown,
        moderation::ThingId,
        search::{Findable, bag, card_texts},
        thread::{Comment, CommentId, Thread},
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::Word,
    },
};

/// What the index knows of a thing.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id.
    pub object: ThingId,
    /// Where it stands.
    pub framework: FrameworkId,
    /// What it is.
    pub kind: Findable,
    /// When it was made: the order of results.
    pub at: Millis,
    /// Its words, folded.
    pub words: String,
}

impl Entry {
    fn comment(id: CommentId, framework: FrameworkId, body: &str, at: Millis) -> Self {
        let words = bag([markdown::plain(body).as_str()]);
        Self {
            object: id.cast(),
            framework,
            kind: Findable::Comment,
            at,
            words,
        }
    }

    fn thread(thread: &Thread) -> Self {
        Self {
            object: thread.id.cast(),
            framework: thread.framework,
            kind: Findable::Thread,
            at: thread.created_at,
            words: bag([thread.title.as_str()]),
        }
    }

    fn card(card: &Concession) -> Self {
        let texts = card_texts(card);
        let words = bag(texts.iter().map(String::as_str));
        Self {
            object: card.id.cast(),
            framework: card.framework,
            kind: Findable::Concession,
            at: card.created_at,
            words,
        }
    }
}

impl Reader {
    /// The frameworks whose public stream has gone on since words were last taken from it, each
    /// with its place.
    pub async fn unindexed(&mut self) -> Result<Vec<(FrameworkId, i64)>> {
        const SQL: &str = "SELECT s.framework, s.seq FROM stream s LEFT JOIN search_indexed i ON i.framework = s.framework
            WHERE s.name = 'public' AND s.seq > COALESCE(i.seq, 0)";
        self.all(SQL, row![]).await
    }

    /// Ids of a framework's things of a kind after an id, in order, for rebuilding.
    async fn ids_after(
        &mut self,
        framework: FrameworkId,
        kind: Findable,
        after: &str,
        limit: i64,
    ) -> Result<Vec<ThingId>> {
        const THREADS: &str =
            "SELECT id FROM thread WHERE framework = $1 AND id > $2 ORDER BY id LIMIT $3";
        const COMMENTS: &str =
            "SELECT id FROM comment WHERE framework = $1 AND id > $2 ORDER BY id LIMIT $3";
        const CARDS: &str =
            "SELECT id FROM concession WHERE framework = $1 AND id > $2 ORDER BY id LIMIT $3";
        let statement = match kind {
            Findable::Thread => THREADS,
            Findable::Comment => COMMENTS,
            Findable::Concession => CARDS,
        };
        self.column(statement, row![framework, after, limit]).await
    }
}

impl Tx {
    /// Keeps the words of things, new or changed; called wherever words change, in the same
    /// transaction.
    async fn index(&mut self, entries: &[Entry]) -> Result<()> {
        const SQL: &str = "INSERT INTO search_entry (object, framework, kind, at, words) ";
        let row = |entry: &Entry| {
            row![
                entry.object,
                entry.framework,
                Word::Known(entry.kind),
                entry.at,
                entry.words
            ]
        };
        self.insert_rows(
            SQL,
            &entries.iter().map(row).collect::<Vec<_>>(),
            " ON CONFLICT (object) DO UPDATE SET words = excluded.words",
        )
        .await
    }

    /// Keeps the words of comments.
    pub async fn index_comments(&mut self, comments: &[Comment]) -> Result<()> {
        let entry = |comment: &Comment| {
            Entry::comment(
                comment.id,
                comment.framework,
                &comment.body,
                comment.created_at,
            )
        };
        self.index(&comments.iter().map(entry).collect::<Vec<_>>())
            .await
    }

    /// Keeps the words of threads.
    pub(in crate::store) async fn index_threads(&mut self, threads: &[Thread]) -> Result<()> {
        self.index(&threads.iter().map(Entry::thread).collect::<Vec<_>>())
            .await
    }

    /// Keeps the words of a card as it stands, with its translations.
    pub(in crate::store) async fn index_card(&mut self, id: ConcessionId) -> Result<()> {
        let cards: Vec<Entry> = self.concession(id).await?.iter().map(Entry::card).collect();
        self.index(&cards).await
    }

    /// Indexes anew a framework's things of a kind after an id; the last id, and how many they
    /// were.
    pub async fn reindex(
        &mut self,
        framework: FrameworkId,
        kind: Findable,
        after: &str,
        limit: i64,
    ) -> Result<Option<(String, usize)>> {
        let ids = self.ids_after(framework, kind, after, limit).await?;
        let Some(last) = ids.last().map(ToString::to_string) else {
            return Ok(None);
        };
        match kind {
            Findable::Thread => {
                let threads = self
                    .threads(&ids.iter().map(|id| id.cast()).collect::<Vec<_>>())
                    .await?;
                self.index_threads(&threads).await?;
            }
            Findable::Comment => {
                let comments = self
                    .comments_of(&ids.iter().map(|id| id.cast()).collect::<Vec<_>>())
                    .await?;
                self.index_comments(&comments).await?;
            }
            Findable::Concession => {
                let cards = self
                    .concessions_of(&ids.iter().map(|id| id.cast()).collect::<Vec<_>>())
                    .await?;
                self.index(&cards.iter().map(Entry::card).collect::<Vec<_>>())
                    .await?;
            }
        }
        Ok(Some((last, ids.len())))
    }

    /// Keeps the words of comments that a framework's public stream told of, from where this was
    /// last done on, `limit` places of it at most; up to which place. The framework's lock is held:
    /// nothing changes between reading words and keeping them.
    pub async fn index_posted(&mut self, framework: FrameworkId, limit: i64) -> Result<i64> {
        // What was erased meanwhile has no words.
        const SQL: &str = "SELECT c.id, c.body, c.created_at FROM change h JOIN comment c ON c.id = h.object
            WHERE h.framework = $1 AND h.stream = 'public' AND h.seq > $2 AND h.seq <= $3 AND h.kind = 'comment_posted' AND c.body <> ''";
        const AFTER: &str =
            "SELECT COALESCE((SELECT seq FROM search_indexed WHERE framework = $1), 0)";
        const MARK: &str = "INSERT INTO search_indexed (framework, seq) VALUES ($1, $2) ON CONFLICT (framework) DO UPDATE SET seq = excluded.seq";
        let after: i64 = self.sole(AFTER, row![framework]).await?;
        let place = self.head(framework, "public").await?.seq.min(after + limit);
        let rows: Vec<(CommentId, String, Millis)> =
            self.all(SQL, row![framework, after, place]).await?;
        let entries: Vec<Entry> = rows
            .iter()
            .map(|(id, body, at)| Entry::comment(*id, framework, body, *at))
            .collect();
        self.index(&entries).await?;
        self.run(MARK, row![framework, place]).await?;
        Ok(place)
    }

    /// Forgets every word; [`Tx::reindex`] puts them back.
    pub async fn clear_index(&mut self) -> Result<()> {
        self.run("DELETE FROM search_entry", row![]).await
    }
}
