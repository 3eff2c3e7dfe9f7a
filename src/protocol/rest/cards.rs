//! Bodies about cards, answers and boards.
use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{
    account::Author,
    ballot::{Acceptance, Assent, Realism},
    bridging::{Item, Waiting},
    concession::{Category, ConcessionId, ConcessionState},
    framework::{QuestionId, Source},
    opinions::SecondOpinions,
    translation::TranslationId,
    unfreeze::Unfreeze,
};

/// A card; what the reader may not see is `null` or empty.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct ConcessionView {
    /// Its id.
    pub id: ConcessionId,
    /// The question it answers.
    pub question: QuestionId,
    /// In one line.
    pub title: Option<String>,
    /// What would be done.
    pub body: Option<String>,
    /// Sanitised HTML of the body.
    pub html: Option<String>,
    /// What the giver would get.
    pub in_return: Option<String>,
    /// Who would check.
    pub verifier: Option<String>,
    /// By when or on what event.
    pub trigger: Option<String>,
    /// Keys of parties.
    pub receivers: Vec<String>,
    /// Its field.
    pub category: Option<Category>,
    /// Points it bears on.
    pub points: Vec<u32>,
    /// Where the idea was reported.
    pub sources: Vec<Source>,
    /// Who proposed it.
    pub author: Option<Author>,
    /// Whether it shows and ranks.
    pub state: ConcessionState,
    /// Counts edits.
    pub version: i64,
    /// When it was proposed.
    pub created_at: i64,
    /// en, uk, ru or und.
    pub language: String,
    /// Whether it is labelled sample data.
    pub sample: bool,
    /// The last version that changed what it says: answers to an older one are asked for again.
    pub material: i64,
    /// The card it was united with.
    pub merged_into: Option<ConcessionId>,
    /// By language: the one translation of each that is shown.
    pub translations: BTreeMap<String, TranslationView>,
}

/// A card in another language; what is `null` shows as in the original.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct TranslationView {
    /// Its id, to review it.
    pub id: TranslationId,
    /// In one line.
    pub title: String,
    /// What would be done.
    pub body: String,
    /// Sanitised HTML of the body.
    pub html: String,
    /// What the giver would get.
    pub in_return: Option<String>,
    /// Who would check.
    pub verifier: Option<String>,
    /// By when or on what event.
    pub trigger: Option<String>,
    /// Who translated.
    pub by: Author,
    /// Whether it came with imported cards.
    pub imported: bool,
    /// Whether another person found it true.
    pub reviewed: bool,
    /// The card's version that it translates.
    pub of_version: i64,
    /// Whether the card has said something else since.
    pub stale: bool,
}

/// A text of a card.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct CardVersionView {
    /// Which.
    pub version: i64,
    /// In one line.
    pub title: String,
    /// What would be done.
    pub body: String,
    /// Sanitised HTML of the body.
    pub html: String,
    /// What the giver would get.
    pub in_return: Option<String>,
    /// Who would check.
    pub verifier: String,
    /// By when or on what event.
    pub trigger: Option<String>,
    /// When it was written.
    pub at: i64,
}

/// A card that a text is like.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct SimilarView {
    /// The card.
    pub concession: ConcessionView,
    /// How like, up to 1.
    pub score: f64,
}

/// Cards to judge.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct DealView {
    /// A signed token of this hand, for visitors without an account.
    pub deal: String,
    /// At most 5.
    pub cards: Vec<ConcessionView>,
    /// Until when they can be answered.
    pub expires_at: i64,
    /// One's own answers to older texts of some of them, which are dealt again.
    pub stale: Vec<AnswerView>,
}

/// One's own answer.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct AnswerView {
    /// The card.
    pub concession: ConcessionId,
    /// The version that was judged; 0 where it was another card, merged into this one since.
    pub version: i64,
    /// Acceptance.
    pub acceptance: Acceptance,
    /// Realism.
    pub realism: Option<Realism>,
    /// Whether one would accept the question's point if the card were granted.
    pub unfreezes: Option<Assent>,
    /// Whether it was dealt: only then it scores.
    pub dealt: bool,
    /// Whether the card has said something else since; the answer counts until it is given again.
    pub stale: bool,
}

/// One's own ballot.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct BallotView {
    /// The viewpoint now.
    pub camp: Option<String>,
    /// The round.
    pub round: u32,
    /// Answers.
    pub answers: Vec<AnswerView>,
    /// The order.
    pub tiers: Vec<Vec<ConcessionId>>,
    /// Whether one accepts the question's point as it stands; `null` where not said.
    pub accepts: Option<Assent>,
}

/// A question's board, as much as the reader may see.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct TallyView {
    /// The question.
    pub question: QuestionId,
    /// The round.
    pub round: u32,
    /// How many ballot changes it holds.
    pub at_seq: i64,
    /// The framework's epoch.
    pub epoch: String,
    /// Whether nothing shows yet.
    pub hidden: bool,
    /// Why: `answer_first` or `until_close`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
    /// Whether all cards show, not only those the reader answered.
    pub complete: bool,
    /// People per camp with at least one scoring answer; camps below the floor are absent.
    pub voters: BTreeMap<String, i64>,
    /// Ranked cards.
    pub items: Vec<Item>,
    /// Cards that need answers.
    pub waiting: Vec<Waiting>,
    /// Cards that have said something else since the reader judged them; empty on the socket's frames.
    pub stale: Vec<ConcessionId>,
}

/// What other ways of counting say of the same ballots; never the order.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct OpinionsView {
    /// The question.
    pub question: QuestionId,
    /// The round.
    pub round: u32,
    /// How many ballot changes they hold: fewer than the board's where they are older.
    pub at_seq: i64,
    /// Whether nothing shows yet: they show where the whole board does.
    pub hidden: bool,
    /// Why: `answer_first` or `until_close`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
    /// Ranked cards, in the order of the board of the same ballots.
    pub items: Vec<OpinionItem>,
    /// Cards of which it shows, for some camp, whether they would unfreeze the question's point; oldest first.
    pub unfreeze: Vec<UnfreezeItem>,
}

/// Second opinions of one ranked card.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct OpinionItem {
    /// The card.
    pub concession: ConcessionId,
    /// Its place on the board of the same ballots.
    pub rank: Option<u32>,
    /// What the others say.
    #[serde(flatten)]
    #[ts(flatten)]
    pub opinions: SecondOpinions,
}

/// Whether one card would unfreeze the question's point.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct UnfreezeItem {
    /// The card.
    pub concession: ConcessionId,
    /// By how much acceptance of the point would rise.
    #[serde(flatten)]
    #[ts(flatten)]
    pub measure: Unfreeze,
}
