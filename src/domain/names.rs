//! Names people go by: one rule for handles and display names, so that nobody is taken for another, for an office, or for nobody.
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

use super::text::{self, Check, is_invisible, is_visible, shows};

mod reserved;

pub use reserved::is_reserved;

/// Shortest and longest handle, in characters.
pub const HANDLE: std::ops::RangeInclusive<usize> = 3..=30;
/// The longest name that is looked at, in bytes: no work is done on more.
pub const BYTES: usize = 480;
/// The apostrophe that names are kept with, whichever was typed.
const APOSTROPHE: char = '’';

/// Whatever keyboards and word processors make of an apostrophe.
const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '‛' | '`' | '´' | '′' | '＇' | 'ʹ' | 'ʻ' | 'ʼ' | 'ʽ' | 'ʾ' | 'ˈ' | 'ˊ' | 'ˋ' | '՚' | '׳' | '‵' | 'ꞌ')
}

/// The name as it is kept: apostrophes are one, look-alikes of width and composition are folded (NFKC), runs of blanks are one.
fn tidy(raw: &str) -> String {
    // Before NFKC, which makes a blank and a mark of some of them.
    let folded: String = raw.chars().map(|c| if is_apostrophe(c) { APOSTROPHE } else { c }).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a name may be made of besides letters and digits.
const fn joins(c: char) -> bool {
    matches!(c, '_' | '-' | '.' | APOSTROPHE)
}

/// Adds what is wrong with a name of either kind. `host`: the host itself gives it, and may name offices.
fn check_name(check: &mut Check, field: &str, name: &str, blanks: bool, host: bool) {
    let mut letters = 0;
    let (mut before, mut fits) = (None, true);
    for c in name.chars() {
        let letter = c.is_alphanumeric() && is_visible(c);
        letters += usize::from(letter && c.is_alphabetic());
        let marked = is_combining_mark(c) && !is_invisible(c) && before.is_some_and(char::is_alphabetic) && blanks;
        let apart = c != APOSTROPHE || before.is_some_and(char::is_alphabetic);
        fits &= (letter || marked || joins(c) || (blanks && matches!(c, ' ' | ','))) && apart;
        before = Some(c);
    }
    if letters == 0 {
        check.fault(field, if shows(name) { "invalid" } else { "required" }, "A name needs a letter that shows.");
    } else if !fits {
        let (one, other) = ("Letters, digits, and _ - . ’ only.", "Letters, digits, blanks, and _ - . , ’ only.");
        check.fault(field, "invalid", if blanks { other } else { one });
    } else if !host && is_reserved(name) {
        check.fault(field, "reserved", "This name is reserved.");
    }
}

/// The handle cleaned and its skeleton, with faults added to `check`.
pub fn handle(check: &mut Check, raw: &str, host: bool) -> (String, String) {
    if raw.len() > BYTES {
        check.fault("handle", "length", "3 to 30 characters.");
        return Default::default();
    }
    let handle = tidy(raw);
    let characters = handle.graphemes(true).count();
    if !HANDLE.contains(&characters) || handle.len() > 120 {
        check.fault("handle", "length", "3 to 30 characters, at most 120 bytes.");
    } else {
        check_name(check, "handle", &handle, false, host);
    }
    let skeleton = skeleton(&handle);
    (handle, skeleton)
}

/// The display name cleaned and its skeleton; nothing becomes `None`. Faults are added to `check`.
pub fn display_name(check: &mut Check, raw: Option<&str>) -> Option<(String, String)> {
    let raw = raw.filter(|name| !name.trim().is_empty())?;
    let most = text::DISPLAY_NAME;
    if raw.len() > BYTES {
        check.fault("display_name", "too_long", format!("At most {most} characters."));
        return None;
    }
    let name = tidy(raw);
    if name.graphemes(true).count() > most {
        check.fault("display_name", "too_long", format!("At most {most} characters."));
    } else {
        check_name(check, "display_name", &name, true, false);
    }
    let skeleton = skeleton(&name);
    Some((name, skeleton))
}

/// What a name looks like: two with the same skeleton cannot be told apart (UTS 39 section 4 over NFKC and lower case, without
/// blanks and what only joins). Empty for what is longer than any name.
#[must_use]
pub fn skeleton(name: &str) -> String {
    former_skeleton(name).chars().filter(|c| !is_apostrophe(*c)).collect()
}

/// The skeleton as it was while apostrophes of one kind counted: names kept before stand under it.
#[must_use]
pub fn former_skeleton(name: &str) -> String {
    if name.len() > BYTES {
        return String::new();
    }
    let one = name.trim().chars().map(|c| if is_apostrophe(c) { '\'' } else { c });
    let folded: String = one.nfkc().flat_map(char::to_lowercase).collect();
    // The confusables table maps some lower-case letters to upper-case look-alikes and back: fold once more.
    let alike = unicode_security::skeleton(&folded).flat_map(char::to_lowercase);
    alike.filter(|c| !matches!(c, '_' | '-' | '.' | ',') && !c.is_whitespace() && !is_invisible(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(name: &str) -> Option<String> {
        let mut check = Check::default();
        handle(&mut check, name, false);
        check.finish().err().map(|faults| faults[0].code.clone())
    }

    fn display_fault(name: &str) -> Option<String> {
        let mut check = Check::default();
        display_name(&mut check, Some(name));
        check.finish().err().map(|faults| faults[0].code.clone())
    }

    #[test]
    fn names_that_look_alike_share_a_skeleton() {
        assert_eq!(skeleton("Oleksa"), skeleton("оlеksа")); // Cyrillic о, е, а
        assert_eq!(skeleton("ma.ria"), skeleton("Maria"));
        assert_eq!(skeleton("Anna Maria"), skeleton("annamaria"));
        assert_ne!(skeleton("Тарас"), skeleton("Марія"));
    }

    #[test]
    fn an_apostrophe_is_welcome_and_all_its_forms_are_one() {
        for name in ["Мар'яна", "Мар’яна", "Марʼяна", "Мар‘яна", "Мар`яна", "Мар´яна", "Мар′яна", "Мар＇яна"]
        {
            let mut check = Check::default();
            let (kept, skeleton) = handle(&mut check, name, false);
            assert!(check.finish().is_ok(), "{name}");
            assert_eq!((kept.as_str(), skeleton), ("Мар’яна", super::skeleton("Маряна")), "{name}");
        }
        assert_eq!((fault("О'Коннор"), display_fault("Шинейд О'Коннор")), (None, None));
        assert_eq!(fault("'Марко"), Some("invalid".into()), "one that stands before the name is none");
    }

    #[test]
    fn names_of_an_earlier_rule_are_found_by_its_skeleton() {
        assert_eq!(former_skeleton("Марʼяна"), former_skeleton("Мар'яна"));
        assert_ne!(former_skeleton("Мар'яна"), skeleton("Мар'яна"));
        assert_eq!(former_skeleton("Олександра"), skeleton("Олександра"));
    }

    #[test]
    fn a_name_shows_letters_and_hides_nothing() {
        for name in ["---", "...", "123", "-1-"] {
            assert_eq!(fault(name), Some("invalid".into()), "{name}");
        }
        for name in ["\u{3164}", "\u{2800}", "\u{200d}", "\u{34f}", "\u{fe0f}", "\u{ffa0}", "\u{115f}\u{1160}", "\u{301}"] {
            assert_eq!(display_fault(name), Some("required".into()), "{name:?}");
        }
        for name in ["Anna\u{200b}", "An\u{3164}na", "\u{202e}annA", "Anna ✓", "Anna [x]", "Анна ★"] {
            assert_eq!(display_fault(name), Some("invalid".into()), "{name:?}");
        }
        for name in ["Олена Пчілка", "Жанна д’Арк", "José Núñez", "Ђорђе", "李小龍", "Anna-Maria, Kyiv", "नरेंद्र"]
        {
            assert_eq!(display_fault(name), None, "{name}");
        }
    }

    #[test]
    fn plain_names_pass_and_long_ones_cost_no_work() {
        assert_eq!((fault("Олександра"), fault("ab"), fault("adminton-club")), (None, Some("length".into()), None));
        assert_eq!(fault(&"\u{fdfa}".repeat(21_000)), Some("length".into()));
        assert_eq!(skeleton(&"\u{fdfa}".repeat(21_000)), "");
    }
}
