//! What stands in the tables at the end: every row with words must have been vouched for, and be as the last change left it.
use std::collections::HashSet;

use sqlx::FromRow;

use super::{
    base::{Base, Framework, on},
    chain::Around,
    content::{card_now, comment_now, thread_now},
    said::Said,
    tables::Question,
    told::StreamReport,
};

/// Rows of one table, in their present state.
#[derive(FromRow)]
struct Row {
    id: String,
    version: i64,
    state: String,
}

/// Checks what a stream must have vouched for.
pub async fn check(base: &mut Base, around: &Around<'_>, stream: &str, said: &Said, content: bool, report: &mut StreamReport) -> sqlx::Result<()> {
    match stream {
        "public" => {
            texts(base, &around.framework.id, report).await?;
            for (what, sql) in PUBLIC {
                present(&rows(base, sql, &around.framework.id).await?, what, said, content, report);
            }
            discussions(base, &around.framework.id, &around.moves.late, said, content, report).await?;
            cards(base, &around.framework.id, said, content, report).await?;
            translations(base, &around.framework.id, said, content, report).await?;
            if content {
                rounds(around, said, report);
            }
            Ok(())
        }
        "moderators" => {
            const REPORTS: &str = "SELECT id, CAST(1 AS BIGINT) AS version, '' AS state FROM report WHERE framework = $1";
            const NOTICES: &str = "SELECT id, CAST(1 AS BIGINT) AS version, '' AS state FROM public_notice WHERE framework = $1";
            present(&rows(base, REPORTS, &around.framework.id).await?, "report", said, content, report);
            present(&rows(base, NOTICES, &around.framework.id).await?, "notice", said, content, report);
            Ok(())
        }
        _ => Ok(()),
    }
}

const PUBLIC: [(&str, &str); 1] =
    [("decision", "SELECT id, revision AS version, state FROM decision WHERE framework = $1 AND effective_at IS NOT NULL")];

async fn rows(base: &mut Base, sql: &'static str, framework: &str) -> sqlx::Result<Vec<Row>> {
    on!(base, |conn| sqlx::query_as(sql).bind(framework).fetch_all(conn).await)
}

fn present(rows: &[Row], what: &str, said: &Said, content: bool, report: &mut StreamReport) {
    for Row { id, version, state } in rows {
        let Some(last) = said.last.get(id) else {
            report.fault(None, format!("no change vouches for the {what} {id}"));
            continue;
        };
        let Some(now) = last.now.as_ref().filter(|_| content) else { continue };
        if last.version != *version {
            report.fault(Some(last.seq), format!("the {what} {id} stands in version {version}, and this is the last change of it"));
        } else if now != state {
            report.fault(Some(last.seq), format!("the {what} {id} is {state:?}, and its last change says {now:?}"));
        }
    }
}

async fn discussions(
    base: &mut Base,
    framework: &str,
    late: &HashSet<String>,
    said: &Said,
    content: bool,
    report: &mut StreamReport,
) -> sqlx::Result<()> {
    const COMMENTS: &str = "SELECT id, version, state, thread, parent FROM comment WHERE framework = $1";
    const THREADS: &str = "SELECT id, version, state, point, concession, merged_into FROM thread WHERE framework = $1";
    type Comment = (String, i64, String, String, Option<String>);
    type Thread = (String, i64, String, Option<i64>, Option<String>, Option<String>);
    let comments: Vec<Comment> = on!(&mut *base, |conn| sqlx::query_as(COMMENTS).bind(framework).fetch_all(conn).await)?;
    let seen = |id: &String| said.last.contains_key(id) || !late.contains(id);
    let row = |(id, version, state, thread, parent): Comment| Row { id, version, state: comment_now(&state, &thread, parent.as_deref()) };
    present(&comments.into_iter().filter(|one| seen(&one.0)).map(row).collect::<Vec<_>>(), "comment", said, content, report);
    let threads: Vec<Thread> = on!(&mut *base, |conn| sqlx::query_as(THREADS).bind(framework).fetch_all(conn).await)?;
    let row = |(id, version, state, point, card, other): Thread| {
        let state = thread_now(&state, point, card.as_deref(), other.as_deref());
        Row { id, version, state }
    };
    present(&threads.into_iter().filter(|one| seen(&one.0)).map(row).collect::<Vec<_>>(), "thread", said, content, report);
    Ok(())
}

async fn cards(base: &mut Base, framework: &str, said: &Said, content: bool, report: &mut StreamReport) -> sqlx::Result<()> {
    const SQL: &str = "SELECT id, version, state, material, merged_into FROM concession WHERE framework = $1";
    type Found = (String, i64, String, i64, Option<String>);
    let found: Vec<Found> = on!(base, |conn| sqlx::query_as(SQL).bind(framework).fetch_all(conn).await)?;
    let row = |(id, version, state, material, merged): Found| Row { id, version, state: card_now(&state, material, merged.as_deref()) };
    present(&found.into_iter().map(row).collect::<Vec<_>>(), "card", said, content, report);
    Ok(())
}

async fn translations(base: &mut Base, framework: &str, said: &Said, content: bool, report: &mut StreamReport) -> sqlx::Result<()> {
    const SQL: &str = "SELECT t.id, t.concession, t.state, EXISTS (SELECT 1 FROM translation n WHERE n.concession = t.concession
            AND n.language = t.language AND n.author = t.author AND n.id > t.id) AS replaced
        FROM translation t JOIN concession c ON c.id = t.concession WHERE c.framework = $1";
    let found: Vec<(String, String, String, bool)> = on!(base, |conn| sqlx::query_as(SQL).bind(framework).fetch_all(conn).await)?;
    // One whose card has changes that cannot be read any more may have been vouched for by those.
    for (id, _, state, replaced) in found.into_iter().filter(|(_, card, ..)| content && !said.dim.contains(card)) {
        let Some(last) = said.last.get(&id) else {
            report.fault(None, format!("no change vouches for the translation {id}"));
            continue;
        };
        // A translator who translates again takes the earlier one back.
        if last.now.as_ref() != Some(&state) && !(replaced && state == "withdrawn") {
            report.fault(Some(last.seq), format!("the translation {id} is {state}, and its last change says {:?}", last.now));
        }
    }
    Ok(())
}

/// Texts of versions that the object has not had, or has now: they would be shown among those it had.
async fn texts(base: &mut Base, framework: &str, report: &mut StreamReport) -> sqlx::Result<()> {
    const COMMENTS: &str = "SELECT v.comment, v.version FROM comment_version v JOIN comment c ON c.id = v.comment WHERE c.framework = $1
        AND (v.version < 1 OR v.version > c.version OR (v.version = c.version AND (v.body <> c.body OR v.html <> c.html)))";
    const CARDS: &str = "SELECT v.concession, v.version FROM concession_version v JOIN concession c ON c.id = v.concession WHERE c.framework = $1
        AND (v.version < 1 OR v.version > c.version OR (v.version = c.version AND (v.body <> c.body OR v.html <> c.html OR v.title <> c.title)))";
    for sql in [COMMENTS, CARDS] {
        let found: Vec<(String, i64)> = on!(&mut *base, |conn| sqlx::query_as(sql).bind(framework).fetch_all(conn).await)?;
        for (id, version) in found {
            report.fault(None, format!("no change vouches for the text of version {version} of {id}"));
        }
    }
    Ok(())
}

/// How a question stands, in one word.
pub fn question_now(row: &Question) -> String {
    match row.closed_at {
        Some(at) if row.state == "closed" => format!("closed round {} at {at}", row.round),
        _ => format!("open round {}", row.round),
    }
}

fn rounds(around: &Around<'_>, said: &Said, report: &mut StreamReport) {
    for (place, round) in &around.rounds {
        if !said.rounds.contains(place) && !said.dim.contains(&place.0) {
            let why = format!("what was published of round {} of question {} is not what was counted when it closed", round.round, round.question);
            report.fault(said.round_at.get(place).copied(), why);
        }
    }
    for (id, question) in &around.questions {
        let Some(last) = said.last.get(id) else { continue };
        let now = question_now(question);
        if last.now.as_ref().is_some_and(|said| *said != now) {
            report.fault(Some(last.seq), format!("the question {id} is {now}, and its last change says otherwise"));
        }
    }
    let Framework { paused, site_paused, public, .. } = around.framework;
    for (name, now) in [("paused", paused), ("site_paused", site_paused), ("public", public)] {
        let Some(last) = said.last.get(name) else { continue };
        if last.now.as_ref().is_some_and(|said| *said != now.to_string()) {
            report.fault(Some(last.seq), format!("{name} is {now}, and its last change says otherwise"));
        }
    }
}
