//! Names nobody takes: offices, the site itself, those whom erased accounts become, and officials
//! whom one might pretend to be; in English, Ukrainian and Russian.
use std::{collections::HashSet, sync::LazyLock};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::domain::account::names::{skeleton, written};

/// Refused as a word of a name, with digits before or after it: a word a line.
const WORDS: &str = include_str!("reserved.txt");

/// Refused wherever they stand in a name: long enough to be nothing else. The last two are the
/// authors of what is imported.
const ANYWHERE: &[&str] = &[
    "moderator",
    "administrator",
    "модератор",
    "адміністратор",
    "администратор",
    "startercards",
    "samplereader",
];

/// What the words above look like, in small letters, in capitals, and with one capital.
static LOOKS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    WORDS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(shapes)
        .collect()
});
static LOOKS_ANYWHERE: LazyLock<HashSet<String>> =
    LazyLock::new(|| ANYWHERE.iter().flat_map(|word| shapes(word)).collect());

fn shapes(word: &str) -> Vec<String> {
    let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
    [
        word.to_owned(),
        word.to_uppercase(),
        first.to_uppercase() + rest,
    ]
    .iter()
    .flat_map(|word| forms(word))
    .collect()
}

/// What a word looks like, without accents: whoever reads `Putín` reads a name that is reserved.
fn forms(word: &str) -> [String; 2] {
    let bare: String = word.nfd().filter(|c| !is_combining_mark(*c)).collect();
    [skeleton(&bare), written(&bare)]
}

/// Whether a name is, or has as a word, one that is reserved; look-alikes, digits and what joins
/// words hide nothing.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    let whole = forms(name);
    if LOOKS_ANYWHERE
        .iter()
        .any(|word| whole.iter().any(|whole| whole.contains(word)))
    {
        return true;
    }
    let bare = |word: &str| {
        [
            forms(word),
            forms(word.trim_matches(|c: char| c.is_numeric())),
        ]
        .into_iter()
        .flatten()
    };
    words(name)
        .flat_map(bare)
        .chain(bare(name))
        .any(|form| LOOKS.contains(&form))
}

/// The words of a name, parted by what is no letter or digit and where a capital follows a small
/// letter.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric()).flat_map(|part| {
        let ends = part.char_indices().zip(part.chars().skip(1));
        let mut cuts: Vec<usize> = ends
            .filter(|((_, c), next)| c.is_lowercase() && next.is_uppercase())
            .map(|((at, c), _)| at + c.len_utf8())
            .collect();
        cuts.push(part.len());
        let mut from = 0;
        let pieces: Vec<&str> = cuts
            .into_iter()
            .map(|to| &part[std::mem::replace(&mut from, to)..to])
            .collect();
        pieces.into_iter().chain([part])
    })
}

#[cfg(test)]
mod tests {
    use super::is_reserved;

    #[test]
    fn offices_officials_and_the_erased_are_reserved_however_they_are_spelt() {
        let names = [
            "admin",
            "аdmin",
            "Admin2",
            "SiteAdmin",
            "the_admin",
            "Moderator 2",
            "moderator1",
            "Starter_Cards",
            "sample-reader-kyiv-1",
            "m0derator",
            "m.o.d.e.r.a.t.o.r",
            "модератор",
            "модератор1",
            "Модераторка",
            "Головний модератор",
            "Адмін",
            "[erased]",
            "erased",
            "Стерто",
            "удалён",
            "putin",
            "Vladimir Putin",
            "путин",
            "Путін",
            "Володимир Зеленський",
            "Дональд Трамп",
            "Офіційно",
            "support",
            "Kremlin",
            "mod-1",
            "ADMIN",
            "ADMINISTRATOR",
            "ADMlN",
            "adm1n",
            "ADMІN",
            "Modérator",
            "Мóдератор",
            "модера\u{301}тор",
            "Putín",
            "ТЕАМ",
            "0WNER",
            "служба підтримки",
            "Администрация сайта",
        ];
        for name in names {
            assert!(is_reserved(name), "{name}");
        }
    }

    #[test]
    fn names_that_only_hold_such_letters_are_free() {
        for name in [
            "badminton",
            "Modesto",
            "Rootsy",
            "Трампліна",
            "Лаврова",
            "Anna",
            "Олександра",
            "systemic",
            "reader-1",
            "Стёпа",
        ] {
            assert!(!is_reserved(name), "{name}");
        }
    }
}
