//! How a thing stands in front of whoever decides about it: what may be done to it, the places it
//! touches, and the fingerprint by which a decision names what its maker saw.
use sha2::{Digest, Sha256};

use crate::{
    domain::{
        account::AccountId,
        framework::FrameworkId,
        hex::hex,
        moderation::{Act, Condition, Kind},
        permission::{Actor, Role},
        remit::Place,
        thread::CommentState,
    },
    protocol::rest::ConditionView,
    service::sight::thing::Thing,
    store::{self, Reader},
};

/// Hexadecimal digits of a fingerprint: nobody gains by two that are alike.
const LENGTH: usize = 16;

/// How a thing stands.
pub(crate) struct Found {
    pub(crate) condition: Condition,
    /// Of its words; `None` for what has no words.
    pub(crate) version: Option<i64>,
    /// Of its words, its state and what was decided about it last.
    pub fingerprint: String,
}

impl Found {
    /// What can be done to a thing of `kind` as it stands, by whoever may.
    pub fn acts(&self, kind: Kind) -> Vec<Act> {
        Act::ALL
            .into_iter()
            .filter(|act| act.fits(kind) && self.condition.allows(*act))
            .collect()
    }

    /// To moderators, whoever they are.
    pub fn view(self, kind: Kind) -> ConditionView {
        ConditionView {
            acts: self.acts(kind),
            fingerprint: self.fingerprint,
        }
    }

    /// To one moderator: what they may do, with a thing at `place` by `author`.
    pub fn view_for(
        self,
        kind: Kind,
        actor: &Actor,
        place: &Place,
        author: Option<(AccountId, Role)>,
    ) -> ConditionView {
        let own = author.is_some_and(|(author, _)| actor.account == Some(author));
        let bars = |act| matches!(act, Act::Suspend | Act::Ban);
        let outranked =
            author.is_some_and(|(_, role)| kind == Kind::Account && !actor.may_bar(role));
        let barred = |act: &Act| own || (outranked && bars(*act));
        let may = |act: &Act| !barred(act) && actor.may_over(act.needs(kind), false, place).is_ok();
        let view = self.view(kind);
        ConditionView {
            acts: view.acts.into_iter().filter(may).collect(),
            ..view
        }
    }
}

/// How a thing stands in a framework.
pub(crate) async fn condition(
    reader: &mut Reader,
    framework: FrameworkId,
    thing: &Thing,
) -> store::Result<Found> {
    let condition = match thing {
        Thing::Comment(comment, _) => {
            // A wave is decided about by its first comment, whatever became of that one.
            let wave = comment.hold.is_some() && !reader.held_in_wave(comment.id).await?.is_empty();
            Condition::Comment(if wave {
                CommentState::Held
            } else {
                comment.state
            })
        }
        Thing::Thread(thread) if thread.united().is_some() => Condition::United,
        Thing::Thread(thread) => Condition::Thread(thread.state),
        Thing::Concession(card) => Condition::Concession(card.state),
        Thing::Account(account) => {
            Condition::Account(reader.sanction(framework, account.id).await?.is_some())
        }
        Thing::Framework(framework) => Condition::Posting(framework.paused),
        Thing::Site => Condition::Posting(
            reader
                .framework(framework)
                .await?
                .is_some_and(|framework| framework.site_paused),
        ),
    };
    let (id, version) = (thing.object().id(), thing.version());
    let last = reader
        .decisions_of(id, 1)
        .await?
        .pop()
        .map(|decision| (decision.id, decision.revision));
    let all = hex(Sha256::digest(format!(
        "{id} {condition:?} {version:?} {last:?}"
    )));
    Ok(Found {
        condition,
        version,
        fingerprint: all[..LENGTH].into(),
    })
}
