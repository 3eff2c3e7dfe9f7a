//! Cards that are held, and those of them that wait for a person.
use sqlx::FromRow;

use crate::{
    domain::{
        Millis, concession::ConcessionId, framework::FrameworkId, hold::Matched, lane::HeldBy,
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::{Doc, Word},
    },
};

/// Why and since when a card is held.
#[derive(Clone, Debug)]
pub struct Hold {
    /// The card.
    pub concession: ConcessionId,
    /// By what.
    pub by: HeldBy,
    /// Since when.
    pub held_at: Millis,
    /// Since when it waits for a person.
    pub queued_at: Option<Millis>,
    /// By which word of the list.
    pub matched: Option<Matched>,
}

#[derive(FromRow)]
struct HoldRow {
    concession: ConcessionId,
    held_by: Word<HeldBy>,
    held_at: Millis,
    queued_at: Option<Millis>,
    matched: Option<Doc<Matched>>,
}

impl From<HoldRow> for Option<Hold> {
    fn from(
        HoldRow {
            concession,
            held_by,
            held_at,
            queued_at,
            matched,
        }: HoldRow,
    ) -> Self {
        Some(Hold {
            concession,
            by: held_by.known()?,
            held_at,
            queued_at,
            matched: matched.and_then(Doc::known),
        })
    }
}

impl Reader {
    /// A card's hold.
    pub async fn hold(&mut self, concession: ConcessionId) -> Result<Option<Hold>> {
        const SQL: &str = "SELECT concession, held_by, held_at, queued_at, matched FROM scope_hold WHERE concession = $1";
        Ok(self
            .found::<HoldRow>(SQL, row![concession])
            .await?
            .and_then(Into::into))
    }

    /// Held cards that wait for a person, oldest first.
    pub async fn queued_holds(&mut self, framework: FrameworkId, limit: i64) -> Result<Vec<Hold>> {
        const SQL: &str = "SELECT concession, held_by, held_at, queued_at, matched FROM scope_hold
            WHERE framework = $1 AND queued_at IS NOT NULL ORDER BY queued_at, concession LIMIT $2";
        let rows = self.all::<HoldRow>(SQL, row![framework, limit]).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }
}

impl Tx {
    /// Holds a card, or holds it anew for another reason; what already waits for a person goes on
    /// waiting.
    pub async fn put_hold(&mut self, framework: FrameworkId, hold: Hold) -> Result<()> {
        const SQL: &str = "INSERT INTO scope_hold (concession, framework, held_by, held_at, queued_at, matched) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (concession) DO UPDATE SET held_by = excluded.held_by, matched = excluded.matched,
            queued_at = COALESCE(scope_hold.queued_at, excluded.queued_at)";
        let Hold {
            concession,
            by,
            held_at,
            queued_at,
            matched,
        } = hold;
        self.run(
            SQL,
            row![
                concession,
                framework,
                Word::Known(by),
                held_at,
                queued_at,
                matched.map(Doc::Known)
            ],
        )
        .await
    }

    /// Puts a held card before a person; false where it already is.
    pub async fn queue_hold(&mut self, concession: ConcessionId, now: Millis) -> Result<bool> {
        const SQL: &str =
            "UPDATE scope_hold SET queued_at = $2 WHERE concession = $1 AND queued_at IS NULL";
        Ok(self.changed(SQL, row![concession, now]).await? == 1)
    }

    /// Ends a card's hold, if it has one.
    pub async fn delete_hold(&mut self, concession: ConcessionId) -> Result<()> {
        const SQL: &str = "DELETE FROM scope_hold WHERE concession = $1";
        self.run(SQL, row![concession]).await
    }
}
