//! Who may do what: one table; and, in `sight`, one function for what a reader sees.
mod actor;
mod refusal;
mod role;
mod scope;
mod sight;

use serde::{Deserialize, Serialize};

pub use actor::Actor;
pub use refusal::Refusal;
pub use role::Role;
pub use scope::Scope;
pub use sight::{Sight, State, Viewer, visible_to};

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

    /// The table: the least role that may, whether a sanctioned account still may, whether a pause
    /// stops it, which tokens may.
    #[must_use]
    pub const fn rule(self) -> Rule {
        let (least, sanctioned, paused) = match self {
            Self::Read => (Role::Anonymous, true, true),
            Self::Join | Self::MarkRead => (Role::Member, true, true),
            Self::Post => (Role::Member, false, false),
            Self::ChangeOwn => (Role::Member, false, false),
            // Neither a pause nor quiet hours nor a ban keeps anybody's words where their author no
            // longer wants them.
            Self::TakeBack => (Role::Member, true, true),
            Self::Translate => (Role::Participant, false, false),
            Self::Answer | Self::ConfirmScope => (Role::Participant, false, true),
            // Who is barred may still say that a rule is broken, or that the bar is wrong.
            Self::Report | Self::Appeal => (Role::Member, true, true),
            Self::SeeHidden
            | Self::SeeRemoved
            | Self::Moderate
            | Self::Sanction
            | Self::DecideAppeal
            | Self::Pause
            | Self::SetPace => (Role::Moderator, false, true),
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
        Rule {
            least,
            sanctioned,
            paused,
            scope,
        }
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

#[cfg(test)]
mod tests;
