//! Every write inside a framework: the same body on REST (with its address in the path) and on the
//! socket.
mod cards;
mod decide;
mod needs;
mod read;
mod roles;
mod words;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::strict;
use crate::{
    domain::{
        ballot::{Acceptance, Assent, Realism},
        concession::ConcessionId,
        framework::{QuestionId, Reveal},
        moderation::{Object, Reason},
        pace::PaceOrder,
        thread::{CommentId, CommentKind, ThreadId},
        translation::TranslationId,
    },
    id::Id,
};

pub use cards::{EditConcession, ProposeConcession, TranslateConcession};
pub use decide::Decide;
pub use roles::{AcceptInvitation, Invite, SetRole};

/// The id a client makes (UUID version 7) and keeps before it sends, so that a repeat has no second
/// effect.
pub type CommandId = Id<Command>;

/// A write. On the wire its `type` stands beside its fields; serde sees it outside
/// ([`strict::tagged`]), because only then a fault can name its field.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[ts(tag = "type")]
pub enum Command {
    /// Choose a viewpoint; `camp: null` is "rather not say".
    Join {
        /// A camp's key.
        camp: Option<String>,
        /// Must be true: a viewpoint is special-category data.
        consent: bool,
    },
    /// Give up the viewpoint; answers given stay counted.
    Leave {},
    /// Remember how far one has read a point; an older place changes nothing.
    MarkRead {
        /// The point's number.
        point: u32,
        /// A place in the public stream.
        #[serde(deserialize_with = "strict::natural")]
        seq: i64,
    },
    /// Open a thread with its first comment.
    PostThread {
        /// On this point…
        #[serde(default)]
        #[ts(optional)]
        point: Option<u32>,
        /// …or under this card.
        #[serde(default)]
        #[ts(optional)]
        concession: Option<ConcessionId>,
        /// 1 to 160 graphemes.
        title: String,
        /// The first comment: Markdown, 1 to 4,000 graphemes and 12 KiB.
        body: String,
        /// What the first comment does.
        kind: CommentKind,
        /// en, uk, ru or und.
        #[serde(default)]
        #[ts(optional)]
        language: Option<String>,
    },
    /// Comment or reply.
    PostComment {
        /// Where.
        thread: ThreadId,
        /// Markdown, 1 to 4,000 graphemes and 12 KiB.
        body: String,
        /// What it does in the argument.
        kind: CommentKind,
        /// The comment it replies to.
        #[serde(default)]
        #[ts(optional)]
        parent: Option<CommentId>,
        /// en, uk, ru or und.
        #[serde(default)]
        #[ts(optional)]
        language: Option<String>,
    },
    /// Change one's comment; what is absent stays.
    EditComment {
        /// Which.
        comment: CommentId,
        /// The version that was edited.
        #[serde(deserialize_with = "strict::natural")]
        version: i64,
        /// Markdown.
        #[serde(default)]
        #[ts(optional)]
        body: Option<String>,
        /// What it does in the argument.
        #[serde(default)]
        #[ts(optional)]
        kind: Option<CommentKind>,
    },
    /// Take one's comment back.
    DeleteComment {
        /// Which.
        comment: CommentId,
    },
    /// Propose something the giver could offer.
    ProposeConcession(Box<ProposeConcession>),
    /// Change one's card: all of its terms.
    EditConcession(EditConcession),
    /// Take one's card back.
    WithdrawConcession {
        /// Which.
        concession: ConcessionId,
    },
    /// Unite one's card with another that says the same: its answers move there.
    MergeConcession {
        /// One's own card, which goes.
        from: ConcessionId,
        /// The card that stays, of the same question.
        into: ConcessionId,
    },
    /// Translate a card.
    TranslateConcession(TranslateConcession),
    /// Say whether a translation is true to its card; its own translator may only take it back.
    ReviewTranslation {
        /// The card.
        concession: ConcessionId,
        /// The translation that was read.
        translation: TranslationId,
        /// Whether it is true; false takes it from view.
        accepts: bool,
    },
    /// Ask for a person's look at one's held card; asking again changes nothing.
    SendToPerson {
        /// Which.
        concession: ConcessionId,
    },
    /// Say whether a card in the provisional lane is about land; a later word replaces an earlier
    /// one.
    ConfirmScope {
        /// Which.
        concession: ConcessionId,
        /// The version that was read.
        #[serde(deserialize_with = "strict::natural")]
        version: i64,
        /// Whether it is about land.
        territorial: bool,
    },
    /// Be dealt cards to judge.
    DealCards {
        /// Of which question.
        question: QuestionId,
    },
    /// Judge a card; a repeated answer replaces the earlier one.
    AnswerCard {
        /// Which.
        concession: ConcessionId,
        /// The version that was judged.
        #[serde(deserialize_with = "strict::natural")]
        version: i64,
        /// Would you accept this as part of a deal?
        acceptance: Acceptance,
        /// Would the giver really do it?
        #[serde(default)]
        #[ts(optional)]
        realism: Option<Realism>,
        /// If this were granted, would you accept the question's point as it stands?
        #[serde(default)]
        #[ts(optional)]
        unfreezes: Option<Assent>,
        /// The token of an anonymous hand, to redeem it.
        #[serde(default)]
        #[ts(optional)]
        deal: Option<String>,
        /// What would have to change: public, becomes a comment on the card. At most 600 graphemes.
        #[serde(default)]
        #[ts(optional)]
        note: Option<String>,
    },
    /// Take an answer back.
    WithdrawAnswer {
        /// To which card.
        concession: ConcessionId,
    },
    /// Say whether one accepts the question's point as it stands; said again, it replaces what was
    /// said.
    AnswerPoint {
        /// Of which question.
        question: QuestionId,
        /// Whether one does.
        accepts: Assent,
    },
    /// Put accepted cards in order.
    SetOrder {
        /// Of which question.
        question: QuestionId,
        /// Best first; cards of a tier are level; accepted cards not named share the last tier.
        tiers: Vec<Vec<ConcessionId>>,
    },
    /// Tell the moderators.
    Report {
        /// About what.
        object: Object,
        /// Why.
        reason: Reason,
        /// At most 600 graphemes, for moderators alone.
        #[serde(default)]
        #[ts(optional)]
        note: Option<String>,
    },
    /// A moderator's decision.
    Decide(Decide),
    /// Agree, as a moderator of another viewpoint, to a decision that waits for it, or refuse it.
    SecondDecision {
        /// Which.
        decision: String,
        /// Whether it shall be so.
        agrees: bool,
        /// The fingerprint of what was looked at: one agrees to nothing that says something else
        /// since.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        seen: Option<String>,
    },
    /// Take a decision back, within ten minutes of when it took effect.
    UndoDecision {
        /// Which.
        decision: String,
    },
    /// Take up a thing that waits, for ten minutes, so that no two moderators work on it.
    Claim {
        /// Which.
        object: Object,
        /// Let it go again.
        #[serde(default)]
        #[ts(optional)]
        release: Option<bool>,
    },
    /// Object to a decision about oneself or one's own.
    Appeal {
        /// To which.
        decision: String,
        /// Why; 1 to 1,000 graphemes.
        statement: String,
    },
    /// Decide about an appeal; whoever decided before may not.
    DecideAppeal {
        /// Which.
        appeal: String,
        /// Whether the decision is reversed.
        reverse: bool,
        /// What its author is told; 1 to 1,000 graphemes.
        answer: String,
    },
    /// Open the next round of a closed question: fresh ballots, the same cards.
    OpenRound {
        /// Of which question.
        question: QuestionId,
        /// When its board shows; absent: as in the round before.
        #[serde(default)]
        #[ts(optional)]
        reveal: Option<Reveal>,
        /// When the clock closes it, in unix milliseconds: ahead, and within 366 days. Absent: when
        /// somebody does.
        #[serde(default)]
        #[ts(optional)]
        closes_at: Option<i64>,
    },
    /// Close the present round: its results are frozen and published.
    CloseRound {
        /// Of which question.
        question: QuestionId,
    },
    /// Set when the clock closes the present round.
    SetClosing {
        /// Of which question.
        question: QuestionId,
        /// In unix milliseconds: ahead, and within 366 days. `null` or absent: when somebody does.
        #[serde(default)]
        closes_at: Option<i64>,
    },
    /// Set what slows the debate down: the whole document.
    SetPace(PaceOrder),
    /// Make a link that gives a role, or lets people take part.
    Invite(Invite),
    /// Take what a link gives.
    AcceptInvitation(AcceptInvitation),
    /// Make a link worthless; what it gave stays.
    RevokeInvitation {
        /// Which.
        id: String,
    },
    /// Give, change or take a role.
    SetRole(SetRole),
    /// Say whether anyone may read the framework, or only who takes part.
    SetVisibility {
        /// Whether anyone may.
        public: bool,
    },
}
