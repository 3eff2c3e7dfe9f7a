//! Why something may not be done.
use crate::domain::Millis;

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
