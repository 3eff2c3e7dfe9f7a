//! Answers counted: of a person, of a card, of a whole round.
use std::collections::BTreeMap;

use sqlx::FromRow;

use super::answers::AnswerRow;
use crate::{
    domain::{
        account::AccountId,
        ballot::{Acceptance, Answer, Ballot},
        concession::{Concession, ConcessionId},
        framework::{FrameworkId, Question},
        tally::{Counter, Tally},
    },
    store::{
        db::{Reader, Result},
        values::row,
        words::Word,
    },
};

#[derive(FromRow)]
struct CountRow {
    camp: String,
    concession: ConcessionId,
    acceptance: Word<Acceptance>,
    people: i64,
    weight: i64,
    squares: i64,
}

impl CountRow {
    /// What it counts; nothing where it is an answer that this version does not know.
    fn counter(&self) -> Counter {
        let mut counter = Counter {
            weight: self.weight,
            weight_squares: self.squares,
            ..Counter::default()
        };
        let Word::Known(acceptance) = self.acceptance else {
            return Counter::default();
        };
        match acceptance {
            Acceptance::Yes => (counter.yes, counter.weight_yes) = (self.people, self.weight),
            Acceptance::WithChanges => counter.with_changes = self.people,
            Acceptance::No => counter.no = self.people,
            Acceptance::CannotSay => {
                return Counter {
                    cannot_say: self.people,
                    ..Counter::default()
                };
            }
        }
        counter
    }
}

impl Reader {
    /// How many answers an account has given, by question.
    pub async fn answered(
        &mut self,
        framework: FrameworkId,
        account: AccountId,
    ) -> Result<BTreeMap<String, i64>> {
        const SQL: &str = "SELECT a.question, COUNT(*) FROM answer a JOIN question q ON q.id = a.question AND q.round = a.round
            WHERE q.framework = $1 AND a.account = $2 GROUP BY a.question";
        let rows: Vec<(String, i64)> = self.all(SQL, row![framework, account]).await?;
        Ok(rows.into_iter().collect())
    }

    /// The tally recounted from every ballot of the question's round.
    pub async fn recount(&mut self, question: &Question) -> Result<Tally> {
        const SQL: &str = "SELECT account, concession, version, camp, acceptance, realism, dealt, weight, unfreezes FROM answer
            WHERE question = $1 AND round = $2 ORDER BY account";
        let rows = self
            .all::<AnswerRow>(SQL, row![question.id, question.round])
            .await?;
        let mut tally = Tally {
            at_seq: question.ballot_seq,
            ..Tally::default()
        };
        for person in rows.chunk_by(|a, b| a.account == b.account) {
            let answers = person
                .iter()
                .filter_map(|row| Option::<Answer>::from(row.clone()));
            let answers = answers.map(|answer| (answer.concession, answer)).collect();
            tally.count(
                &Ballot {
                    answers,
                    ..Ballot::default()
                },
                1,
            );
        }
        Ok(tally)
    }

    /// The weight of what each camp said of a card, in each round; of answers that score.
    pub async fn weights_of(
        &mut self,
        card: &Concession,
    ) -> Result<BTreeMap<i64, BTreeMap<String, i64>>> {
        const SQL: &str = "SELECT round, camp, CAST(SUM(weight) AS BIGINT) FROM answer
            WHERE question = $1 AND concession = $2 AND dealt AND camp IS NOT NULL AND acceptance <> 'cannot_say'
            GROUP BY round, camp";
        let rows: Vec<(i64, String, i64)> = self.all(SQL, row![card.question, card.id]).await?;
        let mut weights: BTreeMap<i64, BTreeMap<String, i64>> = BTreeMap::new();
        for (round, camp, weight) in rows {
            weights.entry(round).or_default().insert(camp, weight);
        }
        Ok(weights)
    }

    /// Counters by camp and card, but for realism and "can't say": what a dealer must know. One
    /// statement over all ballots.
    pub async fn card_counts(
        &mut self,
        question: &Question,
    ) -> Result<BTreeMap<(String, ConcessionId), Counter>> {
        const SQL: &str = "SELECT camp, concession, acceptance, COUNT(*) AS people, CAST(SUM(weight) AS BIGINT) AS weight,
                CAST(SUM(weight * weight) AS BIGINT) AS squares
            FROM answer WHERE question = $1 AND round = $2 AND dealt AND camp IS NOT NULL AND acceptance <> 'cannot_say'
            GROUP BY camp, concession, acceptance";
        let (id, round) = (question.id, i64::from(question.round));
        let rows: Vec<CountRow> = self.all(SQL, row![id, round]).await?;
        let mut counts: BTreeMap<(String, ConcessionId), Counter> = BTreeMap::new();
        for row in rows {
            let counter = row.counter();
            counts
                .entry((row.camp, row.concession))
                .or_default()
                .add(&counter, 1);
        }
        Ok(counts)
    }
}
