//! Somebody in front of the table: what they may do here, and why not.
use super::{Action, Refusal, Role, Scope, Viewer};
use crate::domain::{
    Millis,
    account::AccountId,
    remit::{Place, Remit},
};

/// Somebody, as far as one framework is concerned.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Their account.
    pub account: Option<AccountId>,
    /// Their role there.
    pub role: Role,
    /// Their camp there.
    pub camp: Option<String>,
    /// A sanction in force: until when, `None` until lifted.
    pub sanction: Option<Option<Millis>>,
    /// Whether their answers weigh in full.
    pub standing: bool,
    /// A role they were given that is not in force while their account has no second factor.
    pub waiting: Option<Role>,
    /// What their decisions are limited to; everything but for a limited moderator.
    pub remit: Remit,
    /// The number by which the public log names them, if they have or had a role.
    pub alias: Option<i64>,
    /// How much of it the token they came by may.
    pub scope: Scope,
}

impl Actor {
    /// Somebody who is not signed in.
    #[must_use]
    pub fn anonymous() -> Self {
        Self {
            account: None,
            role: Role::Anonymous,
            camp: None,
            sanction: None,
            standing: false,
            waiting: None,
            remit: Remit::default(),
            alias: None,
            scope: Scope::Moderate,
        }
    }

    /// Whether their word on the scope rule counts: new accounts are cheap, so theirs would let one
    /// person speak for two sides.
    #[must_use]
    pub fn counts_on_scope(&self) -> bool {
        self.camp.is_some() && self.standing
    }

    /// Whether `action` is allowed while posting is (not) `paused`.
    ///
    /// # Errors
    /// The reason it is not.
    pub fn may(&self, action: Action, paused: bool) -> Result<(), Refusal> {
        let rule = action.rule();
        if self.role < rule.least {
            return Err(match (self.account, rule.least) {
                (None, _) => Refusal::Unauthenticated,
                (Some(_), Role::Participant) => Refusal::JoinFirst,
                _ if self.waiting.is_some_and(|role| role >= rule.least) => {
                    Refusal::SecondFactorMissing
                }
                _ => Refusal::Forbidden,
            });
        }
        if self.scope < rule.scope {
            return Err(Refusal::OutsideScope);
        }
        if let Some(until) = self.sanction.filter(|_| !rule.sanctioned) {
            return Err(Refusal::Sanctioned(until));
        }
        if paused && !rule.paused && self.role < Role::Moderator {
            return Err(Refusal::Paused);
        }
        Ok(())
    }

    /// As [`Actor::may`], for what is done to a thing at `place`.
    ///
    /// # Errors
    /// The reason it is not.
    pub fn may_over(&self, action: Action, paused: bool, place: &Place) -> Result<(), Refusal> {
        self.may(action, paused)?;
        if self.remit.covers_place(place) {
            Ok(())
        } else {
            Err(Refusal::OutsideRemit)
        }
    }

    /// Whether a framework is there for this actor: one that is not public is for participants and
    /// above.
    #[must_use]
    pub fn enters(&self, public: bool) -> bool {
        public || self.role >= Role::Participant
    }

    /// Whether they may bar somebody of that role: one's equals among moderators and above are for
    /// a higher role.
    #[must_use]
    pub fn may_bar(&self, role: Role) -> bool {
        role < Role::Moderator || role < self.role
    }

    /// The viewer this actor is.
    #[must_use]
    pub fn viewer(&self) -> Viewer {
        Viewer {
            account: self.account,
            sees_hidden: self.may(Action::SeeHidden, false).is_ok(),
            sees_removed: false,
        }
    }
}
