//! Uniting a card's answers, orders and deals with another's: for all ballots of a round at once, as `Ballot::unite` does it to
//! one.
use super::{
    db::{Result, Tx, sql},
    words::Word,
};
use crate::domain::{
    ballot::JUDGED_ANOTHER,
    concession::{Concession, ConcessionId, ConcessionState},
    framework::Question,
};

impl Tx {
    /// Moves what belongs to `from` in the question's round to `into`; how many people's ballots it changed.
    pub async fn unite_ballots(&mut self, question: &Question, from: ConcessionId, into: &Concession) -> Result<i64> {
        const COUNT: &str = "SELECT COUNT(*) FROM answer WHERE question = $1 AND round = $2 AND concession = $3";
        const MOVE: &str = "UPDATE answer SET concession = $4, version = $6, dealt = CASE WHEN account = $5 THEN FALSE ELSE dealt END
            WHERE question = $1 AND round = $2 AND concession = $3 AND NOT EXISTS (SELECT 1 FROM answer b
                WHERE b.question = $1 AND b.round = $2 AND b.account = answer.account AND b.concession = $4)";
        const DROP: &str = "DELETE FROM answer WHERE question = $1 AND round = $2 AND concession = $3";
        const DEALS: &str = "UPDATE deal SET concession = $4 WHERE question = $1 AND round = $2 AND concession = $3 AND account <> $5
            AND NOT EXISTS (SELECT 1 FROM deal b WHERE b.question = $1 AND b.round = $2 AND b.account = deal.account AND b.concession = $4)";
        let (id, round, author, into) = (question.id, i64::from(question.round), into.author.id, into.id);
        let people: i64 = sql!(self, |conn| sqlx::query_scalar(COUNT).bind(id).bind(round).bind(from).fetch_one(conn).await)?;
        sql!(self, |conn| sqlx::query(MOVE)
            .bind(id)
            .bind(round)
            .bind(from)
            .bind(into)
            .bind(author)
            .bind(JUDGED_ANOTHER)
            .execute(conn)
            .await
            .map(|_| ()))?;
        sql!(self, |conn| sqlx::query(DROP).bind(id).bind(round).bind(from).execute(conn).await.map(|_| ()))?;
        sql!(self, |conn| sqlx::query(DEALS).bind(id).bind(round).bind(from).bind(into).bind(author).execute(conn).await.map(|_| ()))?;
        self.unite_orders(question, from, into).await?;
        Ok(people)
    }

    /// Puts `into` in the place of `from` in every order, and takes `from` out where `into` has a place or is not accepted.
    async fn unite_orders(&mut self, question: &Question, from: ConcessionId, into: ConcessionId) -> Result<()> {
        const REPLACE: &str = "UPDATE ballot SET tiers = REPLACE(tiers, $3, $4) WHERE question = $1 AND round = $2
            AND tiers LIKE '%' || $3 || '%' AND tiers NOT LIKE '%' || $4 || '%' AND EXISTS (SELECT 1 FROM answer a
                WHERE a.question = $1 AND a.round = $2 AND a.account = ballot.account AND a.concession = $4 AND a.acceptance = 'yes')";
        // An order stands as JSON without spaces. In this order the texts cover every place an id may have in it: before another
        // of its tier, behind one, alone in a tier before another, behind one, alone.
        const REMOVE: &str = "UPDATE ballot SET tiers =
                REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(tiers, $4, ''), $5, ''), $6, ''), $7, ''), $8, '')
            WHERE question = $1 AND round = $2 AND tiers LIKE '%' || $3 || '%'";
        let (id, round) = (question.id, i64::from(question.round));
        sql!(self, |conn| sqlx::query(REPLACE).bind(id).bind(round).bind(from).bind(into).execute(conn).await.map(|_| ()))?;
        let places = [format!("\"{from}\","), format!(",\"{from}\""), format!("[\"{from}\"],"), format!(",[\"{from}\"]"), format!("[\"{from}\"]")];
        sql!(self, |conn| {
            let query = sqlx::query(REMOVE).bind(id).bind(round).bind(from);
            places.iter().fold(query, |query, place| query.bind(place)).execute(conn).await.map(|_| ())
        })?;
        Ok(())
    }

    /// Marks a card as united with another.
    pub async fn set_merged(&mut self, id: ConcessionId, into: ConcessionId) -> Result<()> {
        const SQL: &str = "UPDATE concession SET state = $2, merged_into = $3 WHERE id = $1";
        sql!(self, |conn| sqlx::query(SQL).bind(id).bind(Word(ConcessionState::Merged)).bind(into).execute(conn).await.map(|_| ()))?;
        Ok(())
    }
}
