//! What a name looks like: two that cannot be told apart are one.
use unicode_normalization::UnicodeNormalization;

use crate::domain::{
    account::names::{BYTES, tidy},
    text::is_invisible,
};

/// Whatever keyboards and word processors make of an apostrophe.
pub(super) const fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '’'
            | '‘'
            | '‛'
            | '`'
            | '´'
            | '′'
            | '＇'
            | 'ʹ'
            | 'ʻ'
            | 'ʼ'
            | 'ʽ'
            | 'ʾ'
            | 'ˈ'
            | 'ˊ'
            | 'ˋ'
            | '՚'
            | '׳'
            | '‵'
            | 'ꞌ'
    )
}

/// What a name looks like: two with the same skeleton cannot be told apart (UTS 39 section 4 over
/// NFKC and lower case, without blanks and what only joins). Empty for what is longer than any
/// name.
#[must_use]
pub fn skeleton(name: &str) -> String {
    former_skeleton(name)
        .chars()
        .filter(|c| !is_apostrophe(*c))
        .collect()
}

/// The skeleton as it was while apostrophes of one kind counted: names kept before stand under it.
#[must_use]
pub fn former_skeleton(name: &str) -> String {
    if name.len() > BYTES {
        String::new()
    } else {
        look(name)
    }
}

/// What a name looks like as it is written: capitals are alike that small letters are not, as in
/// `Тарас` and `Tapac`, or `Ilya` and `llya`. Two of one skeleton look alike whatever their
/// capitals; two that are written alike look alike in these.
#[must_use]
pub fn written(name: &str) -> String {
    if name.len() > BYTES {
        return String::new();
    }
    let shown: String = unicode_security::skeleton(&tidy(name)).collect();
    look(&shown)
        .chars()
        .filter(|c| !is_apostrophe(*c))
        .collect()
}

/// All that a name looks like: its skeleton, the former one, and as it is written.
#[must_use]
pub fn looks(name: &str) -> [String; 3] {
    [skeleton(name), former_skeleton(name), written(name)]
}

fn look(name: &str) -> String {
    let one = name
        .trim()
        .chars()
        .map(|c| if is_apostrophe(c) { '\'' } else { c });
    let folded: String = one.nfkc().flat_map(char::to_lowercase).collect();
    // The confusables table maps some lower-case letters to upper-case look-alikes and back: fold
    // once more.
    let alike = unicode_security::skeleton(&folded).flat_map(char::to_lowercase);
    alike
        .filter(|c| {
            !matches!(c, '_' | '-' | '.' | ',' | '\u{2800}')
                && !c.is_whitespace()
                && !is_invisible(*c)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_share_a_skeleton() {
        assert_eq!(skeleton("Oleksa"), skeleton("оlеksа")); // Cyrillic о, е, а
        assert_eq!(skeleton("ma.ria"), skeleton("Maria"));
        assert_eq!(skeleton("Anna Maria"), skeleton("annamaria"));
        assert_ne!(skeleton("Тарас"), skeleton("Марія"));
    }

    #[test]
    fn names_that_look_alike_as_they_are_written_are_one() {
        for (name, other) in [
            ("Тарас", "Tapac"),
            ("Нора", "Hopa"),
            ("Ilya", "llya"),
            ("ТОМ", "TOM"),
            ("TOM", "Tom"),
            ("ΜΑΧ", "MAX"),
            ("О’Ніл", "ОНіл"),
        ] {
            assert_eq!(written(name), written(other), "{name}");
        }
        assert_ne!(written("Тарас"), written("Taras"));
        assert_ne!(written("Lila"), written("Ilia"));
        assert_eq!(written(&"\u{fdfa}".repeat(21_000)), "");
    }

    #[test]
    fn names_of_an_earlier_rule_are_found_by_its_skeleton() {
        assert_eq!(former_skeleton("Марʼяна"), former_skeleton("Мар'яна"));
        assert_ne!(former_skeleton("Мар'яна"), skeleton("Мар'яна"));
        assert_eq!(former_skeleton("Олександра"), skeleton("Олександра"));
    }
}
