//! Comments that wait for a moderator.
use crate::{
    domain::{
        Millis,
        framework::FrameworkId,
        thread::{Comment, CommentId},
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::{Doc, Word},
    },
};

impl Reader {
    /// Comments that wait for a moderator, longest first.
    pub async fn held_comments(
        &mut self,
        framework: FrameworkId,
        limit: i64,
    ) -> Result<Vec<CommentId>> {
        const SQL: &str = "SELECT comment FROM comment_hold WHERE framework = $1 AND ended_at IS NULL ORDER BY held_at, comment LIMIT $2";
        self.column(SQL, row![framework, limit]).await
    }

    /// The comments of a wave that wait for a moderator, longest first.
    pub async fn held_in_wave(&mut self, wave: CommentId) -> Result<Vec<CommentId>> {
        const SQL: &str = "SELECT comment FROM comment_hold WHERE wave = $1 AND ended_at IS NULL ORDER BY held_at, comment";
        self.column(SQL, row![wave]).await
    }

    /// How long the last comments that a moderator decided about had waited, latest first.
    pub async fn hold_times(&mut self, framework: FrameworkId, limit: i64) -> Result<Vec<Millis>> {
        const SQL: &str = "SELECT ended_at - held_at FROM comment_hold WHERE framework = $1 AND ended_at IS NOT NULL
            ORDER BY ended_at DESC, comment LIMIT $2";
        self.column(SQL, row![framework, limit]).await
    }
}

impl Tx {
    /// Keeps the holds of comments that have one; a comment that was held before is held anew.
    pub async fn put_comment_holds(&mut self, comments: &[&Comment]) -> Result<()> {
        const SQL: &str = "INSERT INTO comment_hold (comment, framework, held_by, matched, wave, earlier, unseen, held_at, ended_at) ";
        const AGAIN: &str = " ON CONFLICT (comment) DO UPDATE SET held_by = excluded.held_by, matched = excluded.matched, wave = excluded.wave,
            earlier = excluded.earlier, unseen = excluded.unseen, held_at = excluded.held_at, ended_at = NULL";
        let row = |comment: &&Comment| {
            let hold = comment.hold.as_ref()?;
            let (matched, earlier) = (
                hold.matched.clone().map(Doc::Known),
                Doc::Known(&hold.earlier),
            );
            Some(row![
                comment.id,
                comment.framework,
                Word::Known(hold.by),
                matched,
                hold.wave,
                earlier,
                hold.unseen,
                hold.since,
                None::<Millis>
            ])
        };
        self.insert_rows(
            SQL,
            &comments.iter().filter_map(row).collect::<Vec<_>>(),
            AGAIN,
        )
        .await
    }

    /// A comment waits for a moderator again, for the reason it had been held.
    pub async fn reopen_comment_hold(&mut self, comment: CommentId) -> Result<()> {
        const SQL: &str = "UPDATE comment_hold SET ended_at = NULL WHERE comment = $1";
        self.run(SQL, row![comment]).await
    }

    /// Ends a comment's hold; one that shows now has been seen.
    pub async fn end_comment_hold(
        &mut self,
        comment: CommentId,
        shows: bool,
        now: Millis,
    ) -> Result<()> {
        const SQL: &str = "UPDATE comment_hold SET ended_at = COALESCE(ended_at, $2), unseen = CASE WHEN $3 THEN FALSE ELSE unseen END
            WHERE comment = $1";
        self.run(SQL, row![comment, now, shows]).await
    }
}
