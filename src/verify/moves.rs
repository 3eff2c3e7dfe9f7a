//! Where discussions stood before decisions moved them: the tables hold the present place, the
//! decisions what stood before.
use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::base::{Base, on};

/// A branch of comments that became a thread, or went back.
pub struct Branch {
    /// The thread it grew in.
    pub thread: String,
    /// The thread it became.
    pub became: String,
    /// Its first comment…
    pub root: String,
    /// …and what that stood under.
    pub parent: Option<String>,
}

/// A point, or a card, that a thread stood at.
pub type Stood = (Option<i64>, Option<String>);

/// All moves of a framework.
#[derive(Default)]
pub struct Moves {
    /// Branches.
    pub branches: Vec<Branch>,
    /// The points and cards each thread stood at.
    pub threads: HashMap<String, Vec<Stood>>,
    /// Threads that a moderator opened with somebody else's words.
    pub opened: HashSet<String>,
    /// The threads each thread was united with.
    pub united: HashMap<String, Vec<String>>,
    /// Comments that were held before anybody saw them, and their threads: they come late to
    /// `public`, or never.
    pub late: HashSet<String>,
}

impl Moves {
    /// Reads them from the decisions.
    pub async fn read(base: &mut Base, framework: &str) -> sqlx::Result<Self> {
        const SQL: &str = "SELECT object, point, target, previous FROM decision WHERE framework = $1 AND action IN ('move', 'split') ORDER BY at, id";
        type Row = (String, Option<i64>, Option<String>, Option<String>);
        let rows: Vec<Row> = on!(&mut *base, |conn| sqlx::query_as(SQL)
            .bind(framework)
            .fetch_all(conn)
            .await)?;
        let mut moves = Self::default();
        for (object, point, target, previous) in rows {
            let previous: Value = previous
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default();
            let text = |field: &str| previous[field].as_str().map(str::to_owned);
            match (text("thread"), text("became")) {
                (Some(thread), Some(became)) => {
                    moves.opened.insert(became.clone());
                    moves.branches.push(Branch {
                        thread,
                        became,
                        root: object,
                        parent: text("parent"),
                    });
                }
                _ => {
                    let stood = moves.threads.entry(object).or_default();
                    stood.extend([
                        (previous["point"].as_i64(), text("concession")),
                        (point, target),
                    ]);
                }
            }
        }
        const UNITED: &str = "SELECT thread, into_thread FROM united_thread WHERE framework = $1";
        let united: Vec<(String, String)> = on!(&mut *base, |conn| sqlx::query_as(UNITED)
            .bind(framework)
            .fetch_all(conn)
            .await)?;
        for (thread, into) in united {
            moves.united.entry(thread).or_default().push(into);
        }
        const LATE: &str = "SELECT comment FROM comment_hold WHERE framework = $1
            UNION SELECT c.thread FROM comment_hold h JOIN comment c ON c.id = h.comment WHERE h.framework = $1";
        let late: Vec<String> = on!(base, |conn| sqlx::query_scalar(LATE)
            .bind(framework)
            .fetch_all(conn)
            .await)?;
        moves.late = late.into_iter().collect();
        Ok(moves)
    }
}
