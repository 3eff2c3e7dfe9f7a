//! What people wrote, as it stands in the tables: threads, comments, cards, translations, and texts
//! of earlier versions.
use super::Row;
use crate::verify::{
    base::{Base, on},
    content::{card_now, comment_now, thread_now},
    said::Said,
    told::StreamReport,
};

/// Comments as they stand.
pub(super) async fn comments(base: &mut Base, framework: &str) -> sqlx::Result<Vec<Row>> {
    const SQL: &str = "SELECT id, version, state, thread, parent FROM comment WHERE framework = $1";
    type Found = (String, i64, String, String, Option<String>);
    let found: Vec<Found> = on!(base, |conn| sqlx::query_as(SQL)
        .bind(framework)
        .fetch_all(conn)
        .await)?;
    let row = |(id, version, state, thread, parent): Found| Row {
        id,
        version,
        state: comment_now(&state, &thread, parent.as_deref()),
    };
    Ok(found.into_iter().map(row).collect())
}

/// Threads as they stand.
pub(super) async fn threads(base: &mut Base, framework: &str) -> sqlx::Result<Vec<Row>> {
    const SQL: &str = "SELECT id, version, state, point, concession, merged_into FROM thread WHERE framework = $1";
    type Found = (
        String,
        i64,
        String,
        Option<i64>,
        Option<String>,
        Option<String>,
    );
    let found: Vec<Found> = on!(base, |conn| sqlx::query_as(SQL)
        .bind(framework)
        .fetch_all(conn)
        .await)?;
    let row = |(id, version, state, point, card, other): Found| {
        let state = thread_now(&state, point, card.as_deref(), other.as_deref());
        Row { id, version, state }
    };
    Ok(found.into_iter().map(row).collect())
}

/// Cards as they stand.
pub(super) async fn cards(base: &mut Base, framework: &str) -> sqlx::Result<Vec<Row>> {
    const SQL: &str =
        "SELECT id, version, state, material, merged_into FROM concession WHERE framework = $1";
    type Found = (String, i64, String, i64, Option<String>);
    let found: Vec<Found> = on!(base, |conn| sqlx::query_as(SQL)
        .bind(framework)
        .fetch_all(conn)
        .await)?;
    let row = |(id, version, state, material, merged): Found| Row {
        id,
        version,
        state: card_now(&state, material, merged.as_deref()),
    };
    Ok(found.into_iter().map(row).collect())
}

/// That every translation was vouched for, and is as it was said to be.
pub(super) async fn translations(
    base: &mut Base,
    framework: &str,
    said: &Said,
    content: bool,
    report: &mut StreamReport,
) -> sqlx::Result<()> {
    const SQL: &str = "SELECT t.id, t.concession, t.state, EXISTS (SELECT 1 FROM translation n WHERE n.concession = t.concession
            AND n.language = t.language AND n.author = t.author AND n.id > t.id) AS replaced
        FROM translation t JOIN concession c ON c.id = t.concession WHERE c.framework = $1";
    let found: Vec<(String, String, String, bool)> = on!(base, |conn| sqlx::query_as(SQL)
        .bind(framework)
        .fetch_all(conn)
        .await)?;
    // One whose card has changes that cannot be read any more may have been vouched for by those.
    for (id, _, state, replaced) in found
        .into_iter()
        .filter(|(_, card, ..)| content && !said.dim.contains(card))
    {
        let Some(last) = said.last.get(&id) else {
            report.fault(None, format!("no change vouches for the translation {id}"));
            continue;
        };
        // A translator who translates again takes the earlier one back.
        if last.now.as_ref() != Some(&state) && !(replaced && state == "withdrawn") {
            report.fault(
                Some(last.seq),
                format!(
                    "the translation {id} is {state}, and its last change says {:?}",
                    last.now
                ),
            );
        }
    }
    Ok(())
}

/// Texts of versions that the object has not had, or has now: they would be shown among those it
/// had.
pub(super) async fn texts(
    base: &mut Base,
    framework: &str,
    report: &mut StreamReport,
) -> sqlx::Result<()> {
    const COMMENTS: &str = "SELECT v.comment, v.version FROM comment_version v JOIN comment c ON c.id = v.comment WHERE c.framework = $1
        AND (v.version < 1 OR v.version > c.version OR (v.version = c.version AND (v.body <> c.body OR v.html <> c.html)))";
    const CARDS: &str = "SELECT v.concession, v.version FROM concession_version v JOIN concession c ON c.id = v.concession WHERE c.framework = $1
        AND (v.version < 1 OR v.version > c.version OR (v.version = c.version AND (v.body <> c.body OR v.html <> c.html OR v.title <> c.title)))";
    for sql in [COMMENTS, CARDS] {
        let found: Vec<(String, i64)> = on!(&mut *base, |conn| sqlx::query_as(sql)
            .bind(framework)
            .fetch_all(conn)
            .await)?;
        for (id, version) in found {
            report.fault(
                None,
                format!("no change vouches for the text of version {version} of {id}"),
            );
        }
    }
    Ok(())
}
