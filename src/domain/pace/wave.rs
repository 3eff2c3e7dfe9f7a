//! Waves: nearly the same text from several new accounts within half an hour. From the third
//! account on they are held, as one.
use std::collections::BTreeSet;

use crate::domain::{
    Millis,
    account::AccountId,
    similar::Words,
    thread::{CommentId, CommentState},
};

/// From here on two comments say nearly the same. Measured on `tests/data/waves.tsv` (48 pairs in
/// three languages, written before it was chosen): all 24 passed-on texts lie above it, all 24
/// pairs of people on one subject below, with room on both sides.
pub const SAME: f64 = 0.6;
/// How many accounts make a wave, whoever posts included.
pub const ACCOUNTS: usize = 3;
/// How far back is looked, in milliseconds.
pub const WITHIN: Millis = 30 * 60 * 1_000;
/// How many comments are compared, newest first.
pub const COMPARED: i64 = 500;
/// Shorter texts are no wave: "I agree" is what many say. In different words that say something.
pub const LEAST_WORDS: usize = 6;

/// A recent comment of an account without standing.
#[derive(Clone, Debug)]
pub struct Recent {
    /// Which.
    pub id: CommentId,
    /// Whose.
    pub author: AccountId,
    /// Its words.
    pub words: Words,
    /// Whether it shows.
    pub state: CommentState,
    /// The wave it is or was held in.
    pub wave: Option<CommentId>,
}

/// A text that belongs to a wave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wave {
    /// The first comment that was held; `None` where this is the first.
    pub id: Option<CommentId>,
    /// Those before it that say nearly the same and were not held with it.
    pub earlier: Vec<CommentId>,
}

/// Whether a text of `author` belongs to a wave; `except` is the comment itself where it is an
/// edit.
#[must_use]
pub fn wave(
    words: &Words,
    author: AccountId,
    except: Option<CommentId>,
    recent: &[Recent],
) -> Option<Wave> {
    if words.len() < LEAST_WORDS {
        return None;
    }
    let other = |one: &&Recent| one.author != author && Some(one.id) != except;
    let same: Vec<_> = recent
        .iter()
        .filter(other)
        .filter(|one| words.alike(&one.words) >= SAME)
        .collect();
    // A moderator has looked at one like it and let it show: the next ones are not held again.
    if same
        .iter()
        .any(|one| one.wave.is_some() && one.state == CommentState::Visible)
    {
        return None;
    }
    let accounts: BTreeSet<AccountId> = same.iter().map(|one| one.author).collect();
    let earlier = same
        .iter()
        .filter(|one| one.wave.is_none())
        .map(|one| one.id)
        .collect();
    (accounts.len() + 1 >= ACCOUNTS).then(|| Wave {
        id: same.iter().filter_map(|one| one.wave).min(),
        earlier,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;

    /// One line of the labelled list: whether it is a wave, the language, how alike the two are.
    fn measured() -> Vec<(bool, &'static str, f64)> {
        let lines = include_str!("../../../tests/data/waves.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'));
        let pair = |line: &'static str| {
            let [verdict, language, one, other] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            (
                verdict == "wave",
                language,
                Words::of("", one).alike(&Words::of("", other)),
            )
        };
        lines.map(pair).collect()
    }

    #[test]
    fn the_threshold_parts_the_labelled_list_as_its_comment_says() {
        let pairs = measured();
        let above = |wave: bool| {
            pairs
                .iter()
                .filter(|(is, _, alike)| *is == wave && *alike >= SAME)
                .count()
        };
        assert_eq!(
            (pairs.len(), above(true), above(false)),
            (48, 24, 0),
            "{pairs:?}"
        );
        for wanted in ["en", "uk", "ru"] {
            assert_eq!(
                pairs
                    .iter()
                    .filter(|(_, language, _)| *language == wanted)
                    .count(),
                16
            );
        }
        let lowest = pairs
            .iter()
            .filter(|(wave, ..)| *wave)
            .map(|(.., alike)| *alike)
            .fold(1.0, f64::min);
        let highest = pairs
            .iter()
            .filter(|(wave, ..)| !*wave)
            .map(|(.., alike)| *alike)
            .fold(0.0, f64::max);
        assert!(
            lowest - SAME > 0.05 && SAME - highest > 0.05,
            "{lowest} {highest}"
        );
    }

    const TEXT: &str = "Say no to this plan before it is too late for our children and schools";

    fn recent(author: AccountId) -> Recent {
        Recent {
            id: Id::new(),
            author,
            words: Words::of("", TEXT),
            state: CommentState::Visible,
            wave: None,
        }
    }

    #[test]
    fn the_third_account_makes_a_wave_and_one_account_alone_does_not() {
        let words = Words::of(
            "",
            "Say NO to this plan before it's too late for our children and our schools!",
        );
        let (me, other, third) = (Id::new(), Id::new(), Id::new());
        assert_eq!(wave(&words, me, None, &[recent(other)]), None);
        assert_eq!(
            wave(
                &words,
                me,
                None,
                &[recent(other), recent(other), recent(me), recent(me)]
            ),
            None
        );
        let before = [recent(other), recent(third), recent(other)];
        let earlier = before.iter().map(|one| one.id).collect();
        assert_eq!(
            wave(&words, me, None, &before),
            Some(Wave { id: None, earlier })
        );
        assert_eq!(
            wave(&Words::of("", "Say no to this plan"), me, None, &before),
            None
        );
    }

    #[test]
    fn later_ones_join_the_wave_until_a_moderator_lets_it_show() {
        let words = Words::of("", TEXT);
        let first = recent(Id::new());
        let held = Recent {
            state: CommentState::Held,
            wave: Some(first.id),
            ..first.clone()
        };
        let others = [recent(Id::new()), held.clone(), recent(Id::new())];
        let found = wave(&words, Id::new(), None, &others).unwrap();
        assert_eq!(
            (found.id, found.earlier),
            (Some(first.id), vec![others[0].id, others[2].id])
        );
        let hidden = Recent {
            state: CommentState::Hidden,
            ..held.clone()
        };
        assert!(wave(&words, Id::new(), None, &[hidden, recent(Id::new())]).is_some());
        let shown = Recent {
            state: CommentState::Visible,
            ..held
        };
        assert_eq!(
            wave(
                &words,
                Id::new(),
                None,
                &[others[0].clone(), shown, recent(Id::new())]
            ),
            None
        );
    }

    #[test]
    fn an_edit_is_not_compared_with_itself() {
        let (words, me) = (Words::of("", TEXT), Id::new());
        let own = recent(me);
        assert_eq!(
            wave(
                &words,
                Id::new(),
                Some(own.id),
                &[own.clone(), recent(Id::new())]
            ),
            None
        );
    }
}
