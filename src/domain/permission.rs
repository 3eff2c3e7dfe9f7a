//! Who may do what: one table; and, in `sight`, one function for what a reader sees.
mod scope;
mod sight;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{
    Millis,
    account::AccountId,
    remit::{Place, Remit},
};

pub use scope::Scope;
pub use sight::{Sight, State, Viewer, visible_to};

/// What somebody is in a framework; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Not signed in.
    Anonymous,
    /// Signed in.
    Member,
    /// Declared a viewpoint, or that they would rather not say.
    Participant,
    /// Keeps threads fair.
    Moderator,
    /// Leads the debate.
    Mediator,
    /// Hosts the framework.
    Owner,
    /// Runs the site.
    Admin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 7] = [Self::Anonymous, Self::Member, Self::Participant, Self::Moderator, Self::Mediator, Self::Owner, Self::Admin];

    /// What one may be made by hand; a member is who has no role.
    pub const GIVEN: [Self; 4] = [Self::Member, Self::Moderator, Self::Mediator, Self::Owner];

    /// What one may be made by a link.
    pub const INVITED: [Self; 4] = [Self::Participant, Self::Moderator, Self::Mediator, Self::Owner];
}

/// Everything that can be done in a framework. The table is printed in `docs/permissions.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Read what is public.
    Read,
    /// Choose a viewpoint.
    Join,
    /// Keep one's place in a point.
    MarkRead,
    /// Open a thread, comment, propose: whatever others will read.
    Post,
    /// Rewrite one's own: a way to post.
    ChangeOwn,
    /// Translate cards and review translations.
    Translate,
    /// Be dealt cards, answer and order them.
    Answer,
    /// Report something.
    Report,
    /// Appeal against a decision about oneself or one's own.
    Appeal,
    /// Say whether a card is about land.
    ConfirmScope,
    /// See hidden things and the queue.
    SeeHidden,
    /// See what was removed, where each look is noted.
    SeeRemoved,
    /// Decide about threads, comments and cards; claim what waits; agree to or take back decisions.
    Moderate,
    /// Warn, suspend, ban and lift.
    Sanction,
    /// Decide about appeals.
    DecideAppeal,
    /// Pause and resume posting in a framework.
    Pause,
    /// Pause and resume posting on the whole site.
    PauseSite,
    /// Open and close rounds, and set when the clock does.
    RunRounds,
    /// Set slow mode, paused points, first posts and raid mode.
    SetPace,
    /// Set quiet hours, the word list and the link policy.
    SetPolicy,
    /// Take what an invitation gives.
    AcceptInvitation,
    /// Make and revoke links by which people take part.
    Invite,
    /// Give and take roles, and make links that give one.
    Appoint,
    /// See who has a role, and the links that are out.
    SeeTeam,
    /// Make the framework public or not.
    SetVisibility,
    /// Take back what one wrote: always, since it is no posting.
    TakeBack,
}

impl Action {
    /// Every action, in the order of the enum: printed, and walked by tests.
    pub const ALL: &'static [Self] = &[
        Self::Read,
        Self::Join,
        Self::MarkRead,
        Self::Post,
        Self::ChangeOwn,
        Self::Translate,
        Self::Answer,
        Self::Report,
        Self::Appeal,
        Self::ConfirmScope,
        Self::SeeHidden,
        Self::SeeRemoved,
        Self::Moderate,
        Self::Sanction,
        Self::DecideAppeal,
        Self::Pause,
        Self::PauseSite,
        Self::RunRounds,
        Self::SetPace,
        Self::SetPolicy,
        Self::AcceptInvitation,
        Self::Invite,
        Self::Appoint,
        Self::SeeTeam,
        Self::SetVisibility,
        Self::TakeBack,
    ];

    /// This action alone, as a list.
    #[must_use]
    pub fn alone(self) -> &'static [Self] {
        std::slice::from_ref(&Self::ALL[self as usize])
    }

    /// The table: the least role that may, whether a sanctioned account still may, whether a pause stops it, which tokens may.
    #[must_use]
    pub const fn rule(self) -> Rule {
        let (least, sanctioned, paused) = match self {
            Self::Read => (Role::Anonymous, true, true),
            Self::Join | Self::MarkRead => (Role::Member, true, true),
            Self::Post => (Role::Member, false, false),
            Self::ChangeOwn => (Role::Member, false, false),
            // Neither a pause nor quiet hours nor a ban keeps anybody's words where their author no longer wants them.
            Self::TakeBack => (Role::Member, true, true),
            Self::Translate => (Role::Participant, false, false),
            Self::Answer | Self::ConfirmScope => (Role::Participant, false, true),
            // Who is barred may still say that a rule is broken, or that the bar is wrong.
            Self::Report | Self::Appeal => (Role::Member, true, true),
            Self::SeeHidden | Self::SeeRemoved | Self::Moderate | Self::Sanction | Self::DecideAppeal | Self::Pause | Self::SetPace => {
                (Role::Moderator, false, true)
            }
            Self::PauseSite => (Role::Admin, false, true),
            Self::SetPolicy => (Role::Owner, false, true),
            Self::RunRounds | Self::Invite => (Role::Mediator, false, true),
            Self::AcceptInvitation => (Role::Member, false, true),
            Self::Appoint | Self::SeeTeam | Self::SetVisibility => (Role::Owner, false, true),
        };
        let scope = match self {
            Self::Read => Scope::Read,
            _ if least as u8 >= Role::Moderator as u8 => Scope::Moderate,
            _ => Scope::Write,
        };
        Rule { least, sanctioned, paused, scope }
    }
}

/// One row of the table.
pub struct Rule {
    /// The least role that may.
    pub least: Role,
    /// Whether an account under a sanction still may.
    pub sanctioned: bool,
    /// Whether it goes on while posting is paused (moderators are never stopped by a pause).
    pub paused: bool,
    /// The least scope of a token that may.
    pub scope: Scope,
}

/// Why something may not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Sign in first.
    Unauthenticated,
    /// Choose a viewpoint (or rather not say) first.
    JoinFirst,
    /// Not for this role.
    Forbidden,
    /// The role would allow it and waits for a second factor.
    SecondFactorMissing,
    /// Under a sanction until then (`None`: until lifted).
    Sanctioned(Option<Millis>),
    /// Posting is paused.
    Paused,
    /// Outside the points or languages a moderator is limited to.
    OutsideRemit,
    /// Not with this token.
    OutsideScope,
}

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
                _ if self.waiting.is_some_and(|role| role >= rule.least) => Refusal::SecondFactorMissing,
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
        if self.remit.covers_place(place) { Ok(()) } else { Err(Refusal::OutsideRemit) }
    }

    /// Whether a framework is there for this actor: one that is not public is for participants and above.
    #[must_use]
    pub fn enters(&self, public: bool) -> bool {
        public || self.role >= Role::Participant
    }

    /// Whether they may bar somebody of that role: one's equals among moderators and above are for a higher role.
    #[must_use]
    pub fn may_bar(&self, role: Role) -> bool {
        role < Role::Moderator || role < self.role
    }

    /// The viewer this actor is.
    #[must_use]
    pub fn viewer(&self) -> Viewer {
        Viewer { account: self.account, sees_hidden: self.may(Action::SeeHidden, false).is_ok(), sees_removed: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;

    fn actor(role: Role) -> Actor {
        let account = (role > Role::Anonymous).then(Id::new);
        Actor {
            account,
            role,
            camp: None,
            sanction: None,
            standing: true,
            waiting: None,
            remit: Remit::default(),
            alias: None,
            scope: Scope::Moderate,
        }
    }

    #[test]
    fn a_token_may_no_more_than_its_scope_whatever_its_account_may() {
        for action in Action::ALL.iter().copied() {
            let may = |scope| Actor { scope, ..actor(Role::Admin) }.may(action, false);
            let least = action.rule().scope;
            for scope in [Scope::Read, Scope::Write, Scope::Moderate] {
                assert_eq!(may(scope), if scope >= least { Ok(()) } else { Err(Refusal::OutsideScope) }, "{action:?} by {scope:?}");
            }
        }
        assert!(!Actor { scope: Scope::Write, ..actor(Role::Owner) }.viewer().sees_hidden);
        assert_eq!(Scope::of_word("what a later version calls it"), Scope::Read);
    }

    #[test]
    fn a_higher_role_may_whatever_a_lower_one_may() {
        let roles = [Role::Anonymous, Role::Member, Role::Participant, Role::Moderator, Role::Mediator, Role::Owner, Role::Admin];
        for action in Action::ALL.iter().copied() {
            let allowed: Vec<_> = roles.map(|role| actor(role).may(action, false).is_ok()).to_vec();
            assert!(allowed.is_sorted(), "{action:?}: {allowed:?}");
        }
    }

    #[test]
    fn every_action_is_in_the_list_in_its_place() {
        for (place, action) in Action::ALL.iter().enumerate() {
            assert_eq!(*action as usize, place, "{action:?}");
            assert_eq!(action.alone(), [*action]);
        }
        // The fault for a word that is none lists those that are: all variants there are, whatever the list says.
        let fault = serde_json::from_value::<Action>("no such".into()).unwrap_err().to_string();
        assert_eq!(fault.matches('`').count() / 2 - 1, Action::ALL.len(), "{fault}");
    }

    #[test]
    fn a_limited_moderator_decides_within_the_limit_alone() {
        let limited = Actor { remit: Remit { points: Some([3].into()), languages: None }, ..actor(Role::Moderator) };
        let on = |point| Place::Thing { points: vec![point], language: None };
        assert_eq!(limited.may_over(Action::Moderate, false, &on(3)), Ok(()));
        assert_eq!(limited.may_over(Action::Moderate, false, &on(4)), Err(Refusal::OutsideRemit));
        assert_eq!(limited.may_over(Action::Sanction, false, &Place::Whole), Err(Refusal::OutsideRemit));
        assert_eq!(limited.may(Action::SeeHidden, false), Ok(()), "sight is not limited");
    }

    #[test]
    fn a_pause_stops_posting_and_not_answering() {
        assert_eq!(actor(Role::Participant).may(Action::Post, true), Err(Refusal::Paused));
        assert_eq!(actor(Role::Participant).may(Action::Answer, true), Ok(()));
        assert_eq!(actor(Role::Moderator).may(Action::Post, true), Ok(()));
    }

    #[test]
    fn a_sanction_leaves_reading_and_reporting() {
        let banned = Actor { sanction: Some(None), ..actor(Role::Participant) };
        assert_eq!(banned.may(Action::Answer, false), Err(Refusal::Sanctioned(None)));
        assert_eq!(banned.may(Action::Read, false), Ok(()));
        assert_eq!(banned.may(Action::Report, false), Ok(()));
    }

    #[test]
    fn a_role_that_waits_allows_nothing_and_says_what_it_waits_for() {
        let waits = Actor { waiting: Some(Role::Mediator), ..actor(Role::Participant) };
        for action in Action::ALL {
            let expected = match action.rule().least {
                Role::Moderator | Role::Mediator => Err(Refusal::SecondFactorMissing),
                Role::Owner | Role::Admin => Err(Refusal::Forbidden),
                _ => Ok(()),
            };
            assert_eq!(waits.may(*action, false), expected, "{action:?}");
        }
        assert!(!waits.viewer().sees_hidden);
        assert_eq!(waits.may(Action::Post, true), Err(Refusal::Paused));
    }
}
