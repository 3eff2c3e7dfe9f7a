//! Walking the streams of a framework: places, links, digests, heads.
mod acts;
mod digests;
mod links;
mod posts;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    base::{Base, Framework, Head},
    checkpoints::Checkpoints,
    moves::Moves,
    rest,
    said::Said,
    tables::{self, Question, Round, Rows},
    told::StreamReport,
};

/// Changes read at a time, with the rows they are about.
const PAGE: i64 = 1_000;

/// What a framework's streams are compared with.
pub struct Around<'a> {
    pub framework: &'a Framework,
    pub questions: HashMap<String, Question>,
    pub rounds: HashMap<(String, i64), Round>,
    pub last_reports: HashMap<String, String>,
    pub moves: Moves,
}

/// Verifies all streams of a framework; without `content`, their pointers alone.
pub async fn framework(
    base: &mut Base,
    framework: &Framework,
    saved: &mut Checkpoints,
    content: bool,
) -> sqlx::Result<Vec<StreamReport>> {
    let (questions, rounds) = tables::rounds(base, &framework.id).await?;
    let last_reports = tables::last_reports(base, &framework.id).await?;
    let moves = Moves::read(base, &framework.id).await?;
    let around = Around {
        framework,
        questions,
        rounds,
        last_reports,
        moves,
    };
    let heads: BTreeMap<String, Head> = base
        .heads(&framework.id)
        .await?
        .into_iter()
        .map(|head| (head.name.clone(), head))
        .collect();
    let mut names: BTreeSet<String> = base
        .streams(&framework.id)
        .await?
        .into_iter()
        .chain(heads.keys().cloned())
        .collect();
    // What stands in tables must be vouched for even where a stream has nothing.
    names.extend(["public".into(), "moderators".into()]);
    let mut reports = vec![];
    for name in names {
        reports.push(stream(base, &around, &name, heads.get(&name), saved, content).await?);
    }
    Ok(reports)
}

async fn stream(
    base: &mut Base,
    around: &Around<'_>,
    name: &str,
    head: Option<&Head>,
    saved: &mut Checkpoints,
    content: bool,
) -> sqlx::Result<StreamReport> {
    let framework = around.framework;
    let checkpoints = saved.take(&framework.id, name);
    let wanted: BTreeSet<i64> = checkpoints.iter().map(|one| one.seq).collect();
    let mut walk = Walk {
        around,
        name,
        seq: 0,
        hash: String::new(),
        said: Said::default(),
        report: StreamReport::default(),
    };
    walk.report.stream = name.into();
    let mut hashes = BTreeMap::new();
    loop {
        let page = base.changes(&framework.id, name, walk.seq, PAGE).await?;
        let Some(last) = page.last() else { break };
        let run = (framework.id.as_str(), name, walk.seq, last.seq);
        let rows = if name == "public" {
            Rows::of_public(base, run).await?
        } else {
            Rows::of_all(base, run).await?
        };
        for change in page {
            walk.place(&change);
            walk.change(&change, &rows, content);
            if wanted.contains(&change.seq) {
                hashes.insert(change.seq, change.hash.clone());
            }
            (walk.seq, walk.hash) = (change.seq, change.hash);
        }
    }
    walk.head(head);
    let Walk {
        seq,
        said,
        mut report,
        ..
    } = walk;
    saved.compare(&checkpoints, &framework.epoch, seq, &hashes, &mut report);
    rest::check(base, around, name, &said, content, &mut report).await?;
    report.finish();
    Ok(report)
}

/// A walk along one stream.
struct Walk<'a> {
    around: &'a Around<'a>,
    name: &'a str,
    /// The last place, and its hash as it stands there.
    seq: i64,
    hash: String,
    said: Said,
    report: StreamReport,
}
