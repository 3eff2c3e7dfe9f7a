//! The machine gate of the scope rule: does a proposal read as territorial? It only triages; people
//! decide.
//!
//! The words it looks for are data, in `scope/rules.txt`. What it cannot do, and how well it does,
//! is in `docs/scope.md`.
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{concession::Terms, markdown::Text};

mod hits;
pub mod ledger;
pub mod published;
mod rules;
mod search;
mod words;

static RULES: LazyLock<rules::Rules> = LazyLock::new(|| {
    rules::parse(include_str!("scope/rules.txt")).expect("a test reads the shipped rules")
});

/// What the gate makes of a proposal, from mildest to strongest.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing territorial was found.
    Pass,
    /// A person should look: near the edge of the rule, or not clear to a machine.
    Review,
    /// It reads as territorial; held until a person has looked.
    Stop,
}

/// Which part of the published rule is touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub enum Letter {
    /// Sovereignty or legal title over land, sea or air.
    #[serde(rename = "a")]
    A,
    /// Who governs a populated place.
    #[serde(rename = "b")]
    B,
    /// Where forces stand.
    #[serde(rename = "c")]
    C,
    /// Recognition of such control.
    #[serde(rename = "d")]
    D,
    /// A procedure that decides a to d.
    #[serde(rename = "e")]
    E,
    /// The edge of the rule, where a moderator decides.
    #[serde(rename = "X-EDGE")]
    Edge,
}

impl Letter {
    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "a" => Self::A,
            "b" => Self::B,
            "c" => Self::C,
            "d" => Self::D,
            "e" => Self::E,
            "X-EDGE" => Self::Edge,
            _ => return None,
        })
    }
}

/// A rule as people are told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct Rule {
    /// Its id, as [`Match::rule`] names it.
    pub id: String,
    /// The part of the published rule it stands for.
    pub letter: Letter,
    /// What it leads to; some contexts turn a stop into a review.
    pub verdict: Verdict,
    /// One sentence that explains it, in English.
    pub en: String,
    /// The same in Ukrainian.
    pub uk: String,
    /// The same in Russian.
    pub ru: String,
}

/// Words that made the gate hesitate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Match {
    /// The field they stand in, as the caller named it; empty for a single text.
    pub field: String,
    /// Where they start: an offset into the text as typed, in Unicode scalar values (neither bytes
    /// nor UTF-16 units).
    pub start: usize,
    /// Where they end, exclusive, in the same units.
    pub end: usize,
    /// The id of the rule they touch.
    pub rule: String,
}

/// The gate's word on a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Judgement {
    /// The strongest verdict of any match.
    pub verdict: Verdict,
    /// What led to it, in the order of the fields and of the text.
    pub matches: Vec<Match>,
}

/// Judges one text without mark-up; its matches carry no field.
///
/// The cost is linear in the length; `docs/scope.md` has measured times.
#[must_use]
pub fn judge(text: &str) -> Judgement {
    judge_texts([Text::plain("", text)])
}

/// Judges what a card says.
#[must_use]
pub fn judge_terms(terms: &Terms) -> Judgement {
    judge_texts(terms.texts())
}

/// Judges texts as readers see them, one by one: no sentence goes on from one field into the next.
#[must_use]
pub fn judge_texts<'a>(texts: impl IntoIterator<Item = Text<'a>>) -> Judgement {
    let mut judgement = Judgement {
        verdict: Verdict::Pass,
        matches: vec![],
    };
    for text in texts {
        let shown = text.shown();
        let words = words::words(&shown.text);
        let found = search::search(&RULES, &words);
        // Offsets count characters; read once, as there may be many matches.
        let places: Vec<usize> = if found.is_empty() {
            vec![]
        } else {
            text.text.char_indices().map(|(at, _)| at).collect()
        };
        let characters = |byte: usize| places.partition_point(|at| *at < byte);
        for found in found {
            judgement.verdict = judgement.verdict.max(found.verdict);
            let source = shown.source(words[found.first].start..words[found.last].end);
            let (start, end) = (characters(source.start), characters(source.end));
            judgement.matches.push(Match {
                field: text.field.to_owned(),
                start,
                end,
                rule: found.finder.rule.id.clone(),
            });
        }
    }
    judgement
}

/// Every rule, in the order of the file: what a page about the scope rule may list.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.finders.iter().map(|finder| &finder.rule)
}

/// The rule with this id, if there is one.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests;
