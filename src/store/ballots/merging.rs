//! Uniting a card's answers, orders and deals with another's: for all ballots of a round at once,
//! as `Ballot::unite` does it to one.
use crate::{
    domain::{
        ballot::JUDGED_ANOTHER,
        concession::{Concession, ConcessionId},
        framework::Question,
    },
    store::{
        db::{Result, Tx, sql},
        values::row,
    },
};

impl Tx {
    /// Moves what belongs to `from` in the question's round to `into`; how many people's ballots it
    /// changed.
    pub async fn unite_ballots(
        &mut self,
        question: &Question,
        from: ConcessionId,
        into: &Concession,
    ) -> Result<i64> {
        const COUNT: &str =
            "SELECT COUNT(*) FROM answer WHERE question = $1 AND round = $2 AND concession = $3";
        const MOVE: &str = "UPDATE answer SET concession = $4, version = $6, dealt = CASE WHEN account = $5 THEN FALSE ELSE dealt END
            WHERE question = $1 AND round = $2 AND concession = $3 AND NOT EXISTS (SELECT 1 FROM answer b
                WHERE b.question = $1 AND b.round = $2 AND b.account = answer.account AND b.concession = $4)";
        const DROP: &str =
            "DELETE FROM answer WHERE question = $1 AND round = $2 AND concession = $3";
        const DEALS: &str = "UPDATE deal SET concession = $4 WHERE question = $1 AND round = $2 AND concession = $3 AND account <> $5
            AND NOT EXISTS (SELECT 1 FROM deal b WHERE b.question = $1 AND b.round = $2 AND b.account = deal.account AND b.concession = $4)";
        let (id, round, author, into) = (
            question.id,
            i64::from(question.round),
            into.author.id,
            into.id,
        );
        let people: i64 = self.sole(COUNT, row![id, round, from]).await?;
        self.run(MOVE, row![id, round, from, into, author, JUDGED_ANOTHER])
            .await?;
        self.run(DROP, row![id, round, from]).await?;
        self.run(DEALS, row![id, round, from, into, author]).await?;
        self.unite_orders(question, from, into).await?;
        Ok(people)
    }

    /// Puts `into` in the place of `from` in every order, and takes `from` out where `into` has a
    /// place or is not accepted.
    async fn unite_orders(
        &mut self,
        question: &Question,
        from: ConcessionId,
        into: ConcessionId,
    ) -> Result<()> {
        const REPLACE: &str = "UPDATE ballot SET tiers = REPLACE(tiers, $3, $4) WHERE question = $1 AND round = $2
            AND tiers LIKE '%' || $3 || '%' AND tiers NOT LIKE '%' || $4 || '%' AND EXISTS (SELECT 1 FROM answer a
                WHERE a.question = $1 AND a.round = $2 AND a.account = ballot.account AND a.concession = $4 AND a.acceptance = 'yes')";
        // An order stands as JSON without spaces. In this order the texts cover every place an id
        // may have in it: before another of its tier, behind one, alone in a tier before another,
        // behind one, alone.
        const REMOVE: &str = "UPDATE ballot SET tiers =
                REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(tiers, $4, ''), $5, ''), $6, ''), $7, ''), $8, '')
            WHERE question = $1 AND round = $2 AND tiers LIKE '%' || $3 || '%'";
        let (id, round) = (question.id, i64::from(question.round));
        self.run(REPLACE, row![id, round, from, into]).await?;
        let places = [
            format!("\"{from}\","),
            format!(",\"{from}\""),
            format!("[\"{from}\"],"),
            format!(",[\"{from}\"]"),
            format!("[\"{from}\"]"),
        ];
        sql!(self, |conn| {
            let query = sqlx::query(REMOVE).bind(id).bind(round).bind(from);
            places
                .iter()
                .fold(query, |query, place| query.bind(place))
                .execute(conn)
                .await
                .map(|_| ())
        })?;
        Ok(())
    }

    /// Keeps, beside a decision to unite two cards, the ballots it changes, and whether each answer
    /// goes to the other card.
    pub async fn keep_ballots(
        &mut self,
        decision: &str,
        question: &Question,
        from: ConcessionId,
        into: ConcessionId,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO united_ballot (decision, question, round, account, version, camp, acceptance, realism, unfreezes, dealt,
                weight, at, moved, tiers)
            SELECT $1, a.question, a.round, a.account, a.version, a.camp, a.acceptance, a.realism, a.unfreezes, a.dealt, a.weight, a.at,
                NOT EXISTS (SELECT 1 FROM answer o WHERE o.question = a.question AND o.round = a.round AND o.account = a.account AND o.concession = $5),
                (SELECT b.tiers FROM ballot b WHERE b.question = a.question AND b.round = a.round AND b.account = a.account)
            FROM answer a WHERE a.question = $2 AND a.round = $3 AND a.concession = $4";
        let (id, round) = (question.id, i64::from(question.round));
        self.run(SQL, row![decision, id, round, from, into]).await
    }

    /// Keeps how the uniting left their orders: whoever changes theirs afterwards keeps that
    /// change.
    pub async fn keep_orders_after(&mut self, decision: &str) -> Result<()> {
        const SQL: &str = "UPDATE united_ballot SET tiers_after = (SELECT b.tiers FROM ballot b WHERE b.question = united_ballot.question
            AND b.round = united_ballot.round AND b.account = united_ballot.account) WHERE decision = $1";
        self.run(SQL, row![decision]).await
    }

    /// Gives the answers back to the card they were given to, and the orders their places, as far
    /// as nobody has answered or ordered anew since; how many people's ballots it changed. Of a
    /// round that is over it changes nothing.
    pub async fn restore_ballots(
        &mut self,
        decision: &str,
        question: &Question,
        from: ConcessionId,
        into: ConcessionId,
    ) -> Result<i64> {
        // A moved answer bears the mark of one to another card, until its giver answers anew.
        const STALE: &str = "DELETE FROM united_ballot WHERE decision = $1 AND (question <> $2 OR round <> $3
            OR EXISTS (SELECT 1 FROM answer a WHERE a.question = $2 AND a.round = $3 AND a.account = united_ballot.account AND a.concession = $4)
            OR (moved AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.question = $2 AND a.round = $3 AND a.account = united_ballot.account
                AND a.concession = $5 AND a.version = $6)))";
        const TAKE: &str = "DELETE FROM answer WHERE question = $1 AND round = $2 AND concession = $3 AND account IN
            (SELECT account FROM united_ballot WHERE decision = $4 AND moved)";
        const GIVE: &str =
            "INSERT INTO answer (question, round, account, concession, version, camp, acceptance, realism, unfreezes, dealt, weight, at)
            SELECT question, round, account, $1, version, camp, acceptance, realism, unfreezes, dealt, weight, at
            FROM united_ballot WHERE decision = $2";
        const ORDER: &str = "UPDATE ballot SET tiers = (SELECT u.tiers FROM united_ballot u WHERE u.decision = $1 AND u.account = ballot.account)
            WHERE question = $2 AND round = $3 AND EXISTS (SELECT 1 FROM united_ballot u
                WHERE u.decision = $1 AND u.account = ballot.account AND u.tiers IS NOT NULL AND u.tiers_after = ballot.tiers)";
        let (id, round) = (question.id, i64::from(question.round));
        sql!(self, |conn| {
            let query = sqlx::query(STALE)
                .bind(decision)
                .bind(id)
                .bind(round)
                .bind(from)
                .bind(into)
                .bind(JUDGED_ANOTHER);
            query.execute(conn).await.map(|_| ())
        })?;
        self.run(TAKE, row![id, round, into, decision]).await?;
        let people = self.changed(GIVE, row![from, decision]).await?;
        self.run(ORDER, row![decision, id, round]).await?;
        Ok(i64::try_from(people).unwrap_or(i64::MAX))
    }
}
