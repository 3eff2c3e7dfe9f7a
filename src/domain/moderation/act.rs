//! What a moderator may do to what, and what becomes of it.
mod outcome;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::Kind;
use crate::domain::permission::Action;

/// What a moderator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Take from view.
    Hide,
    /// Take from view for good: moderators see it only where each look is noted.
    Remove,
    /// Put back.
    Restore,
    /// Stop a thread.
    Lock,
    /// Let it go on.
    Unlock,
    /// Put a thread under another point.
    Move,
    /// Make a branch of comments a thread of its own.
    Split,
    /// Tell an account what it must not do; nothing else.
    Warn,
    /// Bar an account from writing and answering in this framework for a time.
    Suspend,
    /// Bar it until somebody lifts the ban.
    Ban,
    /// End a suspension or ban.
    Lift,
    /// Stop posting in the framework, or everywhere.
    Pause,
    /// Let posting go on.
    Resume,
    /// Unite a card with another that says the same, or a thread with another at the same place.
    Merge,
    /// Look and find nothing wrong: closes the reports, and shows what was held.
    Approve,
    /// Confirm that a card is not about land: it is ranked.
    ConfirmScope,
    /// Hold a card as possibly about land, until somebody confirms it.
    Hold,
}

impl Act {
    /// Every act, in the order in which they are offered.
    pub const ALL: [Self; 17] = [
        Self::ConfirmScope,
        Self::Approve,
        Self::Hide,
        Self::Remove,
        Self::Restore,
        Self::Hold,
        Self::Lock,
        Self::Unlock,
        Self::Move,
        Self::Split,
        Self::Merge,
        Self::Warn,
        Self::Suspend,
        Self::Ban,
        Self::Lift,
        Self::Pause,
        Self::Resume,
    ];

    /// The permission it needs when it is done to a thing of `kind`.
    #[must_use]
    pub const fn needs(self, kind: Kind) -> Action {
        match self {
            Self::Suspend | Self::Ban | Self::Lift | Self::Warn => Action::Sanction,
            Self::Pause | Self::Resume if matches!(kind, Kind::Site) => Action::PauseSite,
            Self::Pause | Self::Resume => Action::Pause,
            _ => Action::Moderate,
        }
    }

    /// Whether it can be done to a thing of `kind`.
    #[must_use]
    pub const fn fits(self, kind: Kind) -> bool {
        match self {
            Self::Hide | Self::Remove | Self::Restore => {
                matches!(kind, Kind::Comment | Kind::Thread | Kind::Concession)
            }
            Self::Lock | Self::Unlock | Self::Move => matches!(kind, Kind::Thread),
            Self::Split => matches!(kind, Kind::Comment),
            Self::ConfirmScope => matches!(kind, Kind::Concession),
            Self::Merge => matches!(kind, Kind::Concession | Kind::Thread),
            Self::Hold => matches!(kind, Kind::Concession | Kind::Comment),
            Self::Warn | Self::Suspend | Self::Ban | Self::Lift => matches!(kind, Kind::Account),
            Self::Pause | Self::Resume => matches!(kind, Kind::Framework | Kind::Site),
            Self::Approve => !matches!(kind, Kind::Framework),
        }
    }

    /// Whether it is done to one thing at a time.
    #[must_use]
    pub const fn alone(self) -> bool {
        matches!(self, Self::Merge | Self::Split | Self::Move)
    }

    /// Whether a moderator of another viewpoint must agree, where there is one: what silences a
    /// side must not be one side's word.
    #[must_use]
    pub const fn wants_second(self, kind: Kind) -> bool {
        matches!(
            (self, kind),
            (Self::Remove, Kind::Concession) | (Self::Ban, Kind::Account)
        )
    }

    /// Whether whom it concerns may appeal: it takes something from them.
    #[must_use]
    pub const fn appealable(self) -> bool {
        match self {
            Self::Hide
            | Self::Remove
            | Self::Lock
            | Self::Move
            | Self::Split
            | Self::Merge
            | Self::Hold => true,
            Self::Warn | Self::Suspend | Self::Ban => true,
            Self::Restore
            | Self::Unlock
            | Self::Lift
            | Self::Approve
            | Self::ConfirmScope
            | Self::Pause
            | Self::Resume => false,
        }
    }
}
