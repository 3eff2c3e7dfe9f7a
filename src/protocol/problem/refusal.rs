//! Why the table of permissions refuses, in words for people.
use super::{Code, Problem};
use crate::domain::{Millis, permission::Refusal};

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unauthenticated => Self::unauthenticated(),
            Refusal::JoinFirst => Self::new(
                Code::Forbidden,
                "Choose a viewpoint first, or say that you would rather not say.",
            ),
            Refusal::Forbidden => Self::new(Code::Forbidden, "Your role does not allow this."),
            Refusal::SecondFactorMissing => Self::new(
                Code::Forbidden,
                "Your role takes effect once your account has a second factor. Set one up on the account page.",
            ),
            Refusal::Sanctioned(until) => Self::new(Code::Forbidden, sanctioned(until)),
            Refusal::Paused => Self::new(
                Code::Closed,
                "Posting is paused here. You can still read and judge proposals.",
            ),
            Refusal::OutsideScope => Self::new(
                Code::Forbidden,
                "This token does not allow that. Make one with a wider scope.",
            ),
            Refusal::OutsideRemit => Self::new(
                Code::Forbidden,
                "This is outside the points or languages that you moderate.",
            ),
        }
    }
}

fn sanctioned(until: Option<Millis>) -> String {
    let time = until.and_then(|until| jiff::Timestamp::from_millisecond(until).ok());
    time.map_or_else(
        || "A moderator has barred your account here.".into(),
        |until| format!("A moderator has barred your account here until {until:.0}."),
    )
}
