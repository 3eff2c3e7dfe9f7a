//! Passwords that are tried first: the commonest, rows and repetitions, and names.
use unicode_normalization::UnicodeNormalization;

use crate::domain::fold;

/// The commonest passwords of at least eight characters, one a line: the list that comes with
/// zxcvbn (`LICENSE-zxcvbn` beside it), and some in Ukrainian and Russian.
const COMMON: &str = include_str!("common.txt");
/// The same keys under a Latin, a Ukrainian and a Russian layout.
const KEYS: (&str, [&str; 2]) = (
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.",
    [
        "йцукенгшщзхїфівапролджєячсмитьбю",
        "йцукенгшщзхъфывапролджэячсмитьбю",
    ],
);

/// Whether it is on the list, under whichever layout of the keyboard, or is a row or a repetition
/// of characters.
pub(super) fn is_common(password: &str) -> bool {
    let folded: String = password.nfkc().flat_map(char::to_lowercase).collect();
    let (latin, others) = KEYS;
    let keyed = others.map(|layout| -> String {
        let on = |c: char| {
            layout
                .chars()
                .position(|key| key == c)
                .and_then(|at| latin.chars().nth(at))
                .unwrap_or(c)
        };
        folded.chars().map(on).collect()
    });
    let tried = [folded.as_str(), folded.trim(), &keyed[0], &keyed[1]];
    COMMON.lines().any(|line| tried.contains(&line)) || is_pattern(&folded)
}

/// Up to three characters again and again, or a row of neighbours such as `abcdefgh` and
/// `87654321`.
fn is_pattern(password: &str) -> bool {
    let codes: Vec<i64> = password.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps: Vec<i64> = codes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let rows = steps.iter().all(|step| *step == 1) || steps.iter().all(|step| *step == -1);
    rows || (1..=3).any(|period| {
        codes
            .iter()
            .zip(codes.iter().skip(period))
            .all(|(one, next)| one == next)
    })
}

/// Whether a password is a name, once or more often, with no more than digits and marks around it.
pub(super) fn is_name(password: &str, name: &str) -> bool {
    let (password, name) = (fold::fold(password), fold::fold(name));
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let letters: String = password.chars().filter(|c| c.is_alphanumeric()).collect();
    name.chars().count() >= 3
        && letters.contains(&name)
        && !letters.replace(&name, "").contains(char::is_alphabetic)
}
