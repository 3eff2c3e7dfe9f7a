//! People: their accounts, how long sessions and links last, standing.
pub mod names;
pub mod password;
pub mod second_factor;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    domain::{
        Millis,
        ballot::{WEIGHT_NEW, WEIGHT_STANDING},
    },
    id::Id,
};

pub use self::names::skeleton;

/// How many recovery codes an account has.
pub const RECOVERY_CODES: usize = 8;
/// How old an account is when it becomes standing, in milliseconds.
pub const STANDING_AGE: Millis = 7 * crate::domain::DAY;
/// How many cards that were dealt to somebody they have judged before their answers weigh in full,
/// "can't say" aside: one hand, which costs a person nothing they would not do anyway.
pub const STANDING_ANSWERS: i64 = 5;
/// On how many days: whoever runs a hundred accounts has to come back with each of them.
pub const STANDING_DAYS: i64 = 3;
/// How many comments or cards that show stand in for that: others' eyes have been on them.
pub const STANDING_POSTS: i64 = 1;
/// How long a browser's session lasts, in milliseconds.
pub const SESSION_LIFE: Millis = 30 * crate::domain::DAY;
/// How many browsers one account is signed in with at most: one more ends the oldest.
pub const SESSIONS: usize = 50;
/// How many API tokens an account has at most.
pub const TOKENS: usize = 20;
/// For how many days an API token is made, and for how many where nothing is said.
pub const TOKEN_DAYS: std::ops::RangeInclusive<u32> = 1..=365;
/// See [`TOKEN_DAYS`].
pub const TOKEN_DAYS_USUAL: u32 = 90;
/// How long a session begun by a recovery code may set a password without the old one, in
/// milliseconds.
pub const RECOVERY_LIFE: Millis = crate::domain::HOUR;
/// How long a reset link lasts, in milliseconds.
pub const RESET_LIFE: Millis = crate::domain::DAY;

/// An account's id.
pub type AccountId = Id<Account>;

/// Someone who signed up.
#[derive(Clone, Debug)]
pub struct Account {
    /// Their id.
    pub id: AccountId,
    /// The name they sign in with, shown beside what they write.
    pub handle: String,
    /// A second name, if they want one.
    pub display_name: Option<String>,
    /// Whether they run the site.
    pub admin: bool,
    /// The interface language they chose.
    pub locale: Option<String>,
    /// Set by the host for accounts that need no waiting time.
    pub vouched: bool,
    /// Whether the account came with labelled sample data and cannot sign in.
    pub sample: bool,
    /// When they signed up.
    pub created_at: Millis,
}

impl Account {
    /// Whether this account's answers weigh in full.
    #[must_use]
    pub fn standing(&self, now: Millis) -> bool {
        self.vouched || now - self.created_at >= STANDING_AGE
    }
}

/// What becomes of an erased account's posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Posts {
    /// They are emptied.
    Erase,
    /// They stand without a name.
    Keep,
}

/// The id of the account that erased people share: no id that is ever made.
pub const ERASED: Uuid = Uuid::from_u128(0x7000_8000_0000_0000_0000);

/// The account that erased people share, and its skeleton. No handle has brackets, so nobody can
/// register it or one like it.
#[must_use]
pub fn erased() -> (Account, String) {
    let handle = "[erased]".to_owned();
    let skeleton = handle.clone();
    let (id, display_name, locale) = (ERASED.into(), None, None);
    (
        Account {
            id,
            handle,
            display_name,
            admin: false,
            locale,
            vouched: false,
            sample: false,
            created_at: 0,
        },
        skeleton,
    )
}

/// What an account has to show for itself when it answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// How old it is, in milliseconds.
    pub age: Millis,
    /// Whether the host vouches for it.
    pub vouched: bool,
    /// How many cards dealt to it in the framework it has judged.
    pub answers: i64,
    /// On how many days.
    pub days: i64,
    /// How many of its comments and cards show there; those above what decides need not be counted.
    pub posts: i64,
}

impl Record {
    /// What its answers weigh now, permille: in full if vouched for, or if old enough and it has
    /// judged or written something; a fifth otherwise. Age alone is cheap to buy ahead.
    #[must_use]
    pub fn weight(&self) -> i64 {
        let engaged = (self.answers >= STANDING_ANSWERS && self.days >= STANDING_DAYS)
            || self.posts >= STANDING_POSTS;
        if self.vouched || (self.age >= STANDING_AGE && engaged) {
            WEIGHT_STANDING
        } else {
            WEIGHT_NEW
        }
    }
}

/// What others see of the person who wrote something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct Author {
    /// Their account.
    pub id: AccountId,
    /// Their handle.
    pub handle: String,
    /// Their display name.
    pub display_name: Option<String>,
}

impl Author {
    /// Whom a text names: the handle stands beside the display name, wherever there is one.
    #[must_use]
    pub fn named(&self) -> String {
        self.display_name.as_ref().map_or_else(
            || self.handle.clone(),
            |name| format!("{name} @{}", self.handle),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_weighs_in_full_by_age_and_judging_or_by_the_hosts_word() {
        let old = Record {
            age: STANDING_AGE,
            ..Record::default()
        };
        assert_eq!(Record::default().weight(), WEIGHT_NEW);
        assert_eq!(
            Record {
                vouched: true,
                ..Record::default()
            }
            .weight(),
            WEIGHT_STANDING
        );
        assert_eq!(old.weight(), WEIGHT_NEW);
        let judged = |answers, days| Record {
            answers,
            days,
            ..old
        };
        assert_eq!(judged(4, 3).weight(), WEIGHT_NEW);
        assert_eq!(judged(50, 2).weight(), WEIGHT_NEW, "in one sitting or two");
        assert_eq!(judged(5, 3).weight(), WEIGHT_STANDING);
        assert_eq!(Record { posts: 1, ..old }.weight(), WEIGHT_STANDING);
        assert_eq!(
            Record {
                age: STANDING_AGE - 1,
                answers: 20,
                days: 6,
                posts: 9,
                vouched: false
            }
            .weight(),
            WEIGHT_NEW
        );
    }
}
