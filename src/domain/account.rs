//! People: handles that cannot be mistaken for another's, passwords, standing.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Millis,
    ballot::{WEIGHT_NEW, WEIGHT_STANDING},
    text::{self, Check},
};
use crate::id::Id;

/// Shortest and longest handle, in characters.
pub const HANDLE: std::ops::RangeInclusive<usize> = 3..=30;
/// Shortest and longest password, in bytes; length is what counts (NIST SP 800-63B), so no character classes are asked for.
pub const PASSWORD: std::ops::RangeInclusive<usize> = 8..=256;
/// How many recovery codes an account has.
pub const RECOVERY_CODES: usize = 8;
/// How old an account is when it becomes standing, in milliseconds.
pub const STANDING_AGE: Millis = 7 * super::DAY;
/// How many points someone has read before their answers weigh in full without a comment: three of twenty take minutes to read
/// and cost a person nothing they would not do anyway, while each fake account has to do them too.
pub const STANDING_POINTS_READ: i64 = 3;
/// How many visible comments stand in for reading: a moderator's eyes have been on them.
pub const STANDING_COMMENTS: i64 = 1;
/// How long a browser's session lasts, in milliseconds.
pub const SESSION_LIFE: Millis = 30 * super::DAY;
/// How long a reset link lasts, in milliseconds.
pub const RESET_LIFE: Millis = super::DAY;

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

/// The account that erased people share, and its skeleton. No handle has brackets, so nobody can register it or one like it.
#[must_use]
pub fn erased() -> (Account, String) {
    let handle = "[erased]".to_owned();
    let skeleton = handle.clone();
    let (id, display_name, locale) = (ERASED.into(), None, None);
    (Account { id, handle, display_name, admin: false, locale, vouched: false, sample: false, created_at: 0 }, skeleton)
}

/// What an account has to show for itself when it answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// How old it is, in milliseconds.
    pub age: Millis,
    /// Whether the host vouches for it.
    pub vouched: bool,
    /// How many points of the framework have its read mark.
    pub points_read: i64,
    /// How many of its comments show there; those above what decides need not be counted.
    pub comments: i64,
}

impl Record {
    /// What its answers weigh, permille, to be frozen when one is cast: in full if vouched for, or if old enough and it has
    /// read or written something; a fifth otherwise. Age alone is cheap to buy ahead; answering does not count, or a brigade
    /// would earn its weight by brigading.
    #[must_use]
    pub fn weight(&self) -> i64 {
        let engaged = self.points_read >= STANDING_POINTS_READ || self.comments >= STANDING_COMMENTS;
        if self.vouched || (self.age >= STANDING_AGE && engaged) { WEIGHT_STANDING } else { WEIGHT_NEW }
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

/// Names of offices, of the site itself and of people who might be impersonated.
const RESERVED: [&str; 26] = [
    "admin",
    "administrator",
    "root",
    "system",
    "support",
    "help",
    "moderator",
    "mediator",
    "owner",
    "staff",
    "official",
    "demarche",
    "anonymous",
    "everyone",
    "null",
    "undefined",
    "putin",
    "zelensky",
    "zelenskyy",
    "zelenskiy",
    "trump",
    "lavrov",
    "witkoff",
    "umerov",
    "kremlin",
    "ushakov",
];

/// The handle cleaned and its skeleton, with faults added to `check`.
pub fn handle(check: &mut Check, raw: &str) -> (String, String) {
    let handle: String = raw.trim().nfkc().collect();
    let characters = handle.graphemes(true).count();
    check.ensure(HANDLE.contains(&characters), "handle", "length", "3 to 30 characters.");
    let allowed = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    check.ensure(handle.chars().all(allowed), "handle", "invalid", "Letters, digits, and _ - . only.");
    check.ensure(handle.len() <= 120, "handle", "too_long", "At most 120 bytes.");
    let skeleton = skeleton(&handle);
    check.ensure(RESERVED.iter().all(|word| self::skeleton(word) != skeleton), "handle", "reserved", "This name is reserved.");
    (handle, skeleton)
}

/// What a handle looks like: two with the same skeleton cannot be told apart (UTS 39 section 4 over NFKC and lower case).
#[must_use]
pub fn skeleton(handle: &str) -> String {
    let folded: String = handle.trim().nfkc().flat_map(char::to_lowercase).collect();
    // The confusables table maps some lower-case letters to upper-case look-alikes and back: fold once more.
    unicode_security::skeleton(&folded).flat_map(char::to_lowercase).filter(|c| !"_-.".contains(*c)).collect()
}

/// Adds the fault of a password of the wrong length.
pub fn password(check: &mut Check, field: &str, raw: &str) {
    check.ensure(PASSWORD.contains(&raw.len()), field, "length", "8 to 256 bytes.");
}

/// The display name cleaned; nothing becomes `None`.
pub fn display_name(check: &mut Check, raw: Option<&str>) -> Option<String> {
    raw.filter(|name| !name.trim().is_empty()).map(|name| check.line("display_name", name, text::DISPLAY_NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_weighs_in_full_by_age_and_reading_or_by_the_hosts_word() {
        let old = Record { age: STANDING_AGE, ..Record::default() };
        assert_eq!(Record::default().weight(), WEIGHT_NEW);
        assert_eq!(Record { vouched: true, ..Record::default() }.weight(), WEIGHT_STANDING);
        assert_eq!(old.weight(), WEIGHT_NEW);
        assert_eq!(Record { points_read: 2, ..old }.weight(), WEIGHT_NEW);
        assert_eq!(Record { points_read: 3, ..old }.weight(), WEIGHT_STANDING);
        assert_eq!(Record { comments: 1, ..old }.weight(), WEIGHT_STANDING);
        assert_eq!(Record { age: STANDING_AGE - 1, points_read: 20, comments: 9, vouched: false }.weight(), WEIGHT_NEW);
    }

    #[test]
    fn names_that_look_alike_share_a_skeleton() {
        assert_eq!(skeleton("Oleksa"), skeleton("оlеksа")); // Cyrillic о, е, а
        assert_eq!(skeleton("ma.ria"), skeleton("Maria"));
        assert_ne!(skeleton("Тарас"), skeleton("Марія"));
    }

    #[test]
    fn plain_cyrillic_names_pass_and_reserved_ones_do_not() {
        let faults = |name: &str| {
            let mut check = Check::default();
            handle(&mut check, name);
            check.finish().err().map(|faults| faults[0].code.clone())
        };
        assert_eq!(faults("Мар'яна"), Some("invalid".into()));
        assert_eq!(faults("Олександра"), None);
        assert_eq!(faults("ab"), Some("length".into()));
        assert_eq!(faults("аdmin"), Some("reserved".into())); // Cyrillic а
    }
}
