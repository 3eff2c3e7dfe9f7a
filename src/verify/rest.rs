//! What stands in the tables at the end: every row with words must have been vouched for, and be as
//! the last change left it.
mod posts;
mod rounds;

use sqlx::FromRow;

pub use self::rounds::question_now;
use self::{
    posts::{cards, comments, texts, threads, translations},
    rounds::rounds,
};
use super::{
    base::{Base, on},
    chain::Around,
    said::Said,
    told::StreamReport,
};

/// Rows of one table, in their present state.
#[derive(FromRow)]
struct Row {
    id: String,
    version: i64,
    state: String,
}

/// What must have been vouched for as it stands, besides what people wrote.
const PUBLIC: [(&str, &str); 1] = [(
    "decision",
    "SELECT id, revision AS version, state FROM decision WHERE framework = $1 AND effective_at IS NOT NULL",
)];
/// The same of what moderators alone are told.
const MODERATORS: [(&str, &str); 2] = [
    (
        "report",
        "SELECT id, CAST(1 AS BIGINT) AS version, '' AS state FROM report WHERE framework = $1",
    ),
    (
        "notice",
        "SELECT id, CAST(1 AS BIGINT) AS version, '' AS state FROM public_notice WHERE framework = $1",
    ),
];

/// Checks what a stream must have vouched for.
pub async fn check(
    base: &mut Base,
    around: &Around<'_>,
    stream: &str,
    said: &Said,
    content: bool,
    report: &mut StreamReport,
) -> sqlx::Result<()> {
    match stream {
        "public" => public(base, around, said, content, report).await,
        "moderators" => {
            for (what, sql) in MODERATORS {
                present(
                    &rows(base, sql, &around.framework.id).await?,
                    what,
                    said,
                    content,
                    report,
                );
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Checks what everybody may read.
async fn public(
    base: &mut Base,
    around: &Around<'_>,
    said: &Said,
    content: bool,
    report: &mut StreamReport,
) -> sqlx::Result<()> {
    let framework = &around.framework.id;
    texts(base, framework, report).await?;
    for (what, sql) in PUBLIC {
        present(
            &rows(base, sql, framework).await?,
            what,
            said,
            content,
            report,
        );
    }
    let late = |row: &Row| around.moves.late.contains(&row.id) && !said.last.contains_key(&row.id);
    for (what, mut rows) in [
        ("comment", comments(base, framework).await?),
        ("thread", threads(base, framework).await?),
    ] {
        rows.retain(|row| !late(row));
        present(&rows, what, said, content, report);
    }
    present(
        &cards(base, framework).await?,
        "card",
        said,
        content,
        report,
    );
    translations(base, framework, said, content, report).await?;
    if content {
        rounds(around, said, report);
    }
    Ok(())
}

async fn rows(base: &mut Base, sql: &'static str, framework: &str) -> sqlx::Result<Vec<Row>> {
    on!(base, |conn| sqlx::query_as(sql)
        .bind(framework)
        .fetch_all(conn)
        .await)
}

/// That each row was vouched for, and is as the last change of it left it.
fn present(rows: &[Row], what: &str, said: &Said, content: bool, report: &mut StreamReport) {
    for Row { id, version, state } in rows {
        let Some(last) = said.last.get(id) else {
            report.fault(None, format!("no change vouches for the {what} {id}"));
            continue;
        };
        let Some(now) = last.now.as_ref().filter(|_| content) else {
            continue;
        };
        if last.version != *version {
            report.fault(
                Some(last.seq),
                format!(
                    "the {what} {id} stands in version {version}, and this is the last change of it"
                ),
            );
        } else if now != state {
            report.fault(
                Some(last.seq),
                format!("the {what} {id} is {state:?}, and its last change says {now:?}"),
            );
        }
    }
}
