//! What is read of a framework once, whatever the changes are about.
use std::collections::HashMap;

use super::{Question, Round, by};
use crate::verify::{
    base::{Base, on},
    sums::sha256,
};

/// The questions of a framework, and what was published of their rounds.
pub async fn rounds(
    base: &mut Base,
    framework: &str,
) -> sqlx::Result<(HashMap<String, Question>, HashMap<(String, i64), Round>)> {
    const QUESTIONS: &str = "SELECT id, state, round, reveal, opened_at, closes_at, closed_at FROM question WHERE framework = $1";
    const ROUNDS: &str = "SELECT r.question, r.round, r.opened_at, r.closed_at, r.ballots, r.root, r.leaves, r.result
        FROM round_result r JOIN question q ON q.id = r.question WHERE q.framework = $1";
    let questions = on!(&mut *base, |conn| sqlx::query_as(QUESTIONS)
        .bind(framework)
        .fetch_all(conn)
        .await)?;
    let rounds: Vec<Round> = on!(base, |conn| sqlx::query_as(ROUNDS)
        .bind(framework)
        .fetch_all(conn)
        .await)?;
    let summed = |row: Round| Round {
        leaves: sha256(&row.leaves),
        result: sha256(&row.result),
        ..row
    };
    let rounds: Vec<Round> = rounds.into_iter().map(summed).collect();
    Ok((
        by(questions, |row: &Question| row.id.clone()),
        by(rounds, |row| (row.question.clone(), row.round)),
    ))
}

/// The youngest report of each account in a framework: an account that reports a thing again has
/// its earlier report replaced.
pub async fn last_reports(
    base: &mut Base,
    framework: &str,
) -> sqlx::Result<HashMap<String, String>> {
    const SQL: &str = "SELECT account, MAX(id) FROM report WHERE framework = $1 GROUP BY account";
    let rows: Vec<(String, String)> = on!(base, |conn| sqlx::query_as(SQL)
        .bind(framework)
        .fetch_all(conn)
        .await)?;
    Ok(rows.into_iter().collect())
}
