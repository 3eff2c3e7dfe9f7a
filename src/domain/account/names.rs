//! Names people go by: one rule for handles and display names, so that nobody is taken for another,
//! for an office, or for nobody.
mod looks;
mod reserved;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_security::{GeneralSecurityProfile, MixedScript};
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::{
    account::names::looks::is_apostrophe,
    text::{self, Check},
};

pub use looks::{former_skeleton, looks, skeleton, written};
pub use reserved::is_reserved;

/// Shortest and longest handle, in characters.
pub const HANDLE: std::ops::RangeInclusive<usize> = 3..=30;
/// The longest name that is looked at, in bytes: no work is done on more.
pub const BYTES: usize = 480;
/// The apostrophe that names are kept with, whichever was typed.
const APOSTROPHE: char = '’';
/// Marks that one letter may carry: no script needs more, and a pile of them covers the lines
/// around.
const MARKS: usize = 3;

/// The name as it is kept: apostrophes are one, look-alikes of width and composition are folded
/// (NFKC), runs of blanks are one.
fn tidy(raw: &str) -> String {
    // Before NFKC, which makes a blank and a mark of some of them.
    let folded: String = raw
        .chars()
        .map(|c| if is_apostrophe(c) { APOSTROPHE } else { c })
        .nfkc()
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a name may be made of besides letters and digits.
const fn joins(c: char) -> bool {
    matches!(c, '_' | '-' | '.' | APOSTROPHE)
}

/// Whether each word is of one script, or of those that one language writes together: an `о` of
/// another one cannot be told apart.
fn is_of_one_script(name: &str) -> bool {
    name.split(|c: char| c.is_whitespace() || "_-.,".contains(c))
        .all(MixedScript::is_single_script)
}

/// Adds what is wrong with a name of either kind. `host`: the host itself gives it, and may name
/// offices.
fn check_name(check: &mut Check, field: &str, name: &str, blanks: bool, host: bool) {
    let (mut letters, mut marks, mut before, mut fits) = (0, 0, None, true);
    for c in name.chars() {
        // Unicode's profile for names: letters that people write with today, none that shows
        // nothing or stands for a sound.
        let usual = c.identifier_allowed();
        let mark = is_combining_mark(c);
        let letter = c.is_alphanumeric() && usual && !mark;
        letters += usize::from(letter && c.is_alphabetic());
        marks = if mark { marks + 1 } else { 0 };
        let marked = mark
            && usual
            && blanks
            && marks <= MARKS
            && (marks > 1 || before.is_some_and(char::is_alphabetic));
        let apart = c != APOSTROPHE || before.is_some_and(char::is_alphabetic);
        fits &= (letter || marked || joins(c) || (blanks && matches!(c, ' ' | ','))) && apart;
        before = Some(c);
    }
    if letters == 0 {
        check.fault(
            field,
            if text::shows(name) {
                "invalid"
            } else {
                "required"
            },
            "A name needs a letter that shows.",
        );
    } else if !fits {
        let (one, other) = (
            "Letters, digits, and _ - . ’ only.",
            "Letters, digits, blanks, and _ - . , ’ only.",
        );
        check.fault(field, "invalid", if blanks { other } else { one });
    } else if !is_of_one_script(name) {
        check.fault(field, "invalid", "Letters of one alphabet in each word.");
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
        check.fault(
            "display_name",
            "too_long",
            format!("At most {most} characters."),
        );
        return None;
    }
    let name = tidy(raw);
    if name.graphemes(true).count() > most {
        check.fault(
            "display_name",
            "too_long",
            format!("At most {most} characters."),
        );
    } else {
        check_name(check, "display_name", &name, true, false);
    }
    let skeleton = skeleton(&name);
    Some((name, skeleton))
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
    fn a_word_of_a_name_is_of_one_script_and_of_letters_that_are_in_use() {
        // Letters of two alphabets; of none that is in use; signs of phonetics; letters that show
        // nothing; a pile of marks.
        let pile = format!("Anna{}", "\u{301}".repeat(5));
        for name in [
            "Мaрко",
            "ΜODERATOR",
            "Вob",
            "Anna Маrіа",
            "ꓟꓳꓓ",
            "Ꭺnna",
            "ᴍoderator",
            "ᎷᎪᎢ",
            "anna\u{1c3}",
            "annaː",
            "anna\u{13441}",
            "a\u{363}nna",
            &pile,
        ] {
            assert_eq!(display_fault(name), Some("invalid".into()), "{name}");
        }
        for name in [
            "Олена Smith",
            "olena_Київ",
            "李 Xiaolong",
            "カタカナと漢字",
            "Қазақ",
            "Գրիգոր",
            "ქართული",
            "العربية",
            "Łódź",
            "Việt",
            "Модест 2",
        ] {
            assert_eq!(display_fault(name), None, "{name}");
        }
    }

    #[test]
    fn an_apostrophe_is_welcome_and_all_its_forms_are_one() {
        for name in [
            "Мар'яна",
            "Мар’яна",
            "Марʼяна",
            "Мар‘яна",
            "Мар`яна",
            "Мар´яна",
            "Мар′яна",
            "Мар＇яна",
        ] {
            let mut check = Check::default();
            let (kept, skeleton) = handle(&mut check, name, false);
            assert!(check.finish().is_ok(), "{name}");
            assert_eq!(
                (kept.as_str(), skeleton),
                ("Мар’яна", super::skeleton("Маряна")),
                "{name}"
            );
        }
        assert_eq!(
            (fault("О'Коннор"), display_fault("Шинейд О'Коннор")),
            (None, None)
        );
        assert_eq!(
            fault("'Марко"),
            Some("invalid".into()),
            "one that stands before the name is none"
        );
    }

    #[test]
    fn a_name_shows_letters_and_hides_nothing() {
        for name in ["---", "...", "123", "-1-"] {
            assert_eq!(fault(name), Some("invalid".into()), "{name}");
        }
        for name in [
            "\u{3164}",
            "\u{2800}",
            "\u{200d}",
            "\u{34f}",
            "\u{fe0f}",
            "\u{ffa0}",
            "\u{115f}\u{1160}",
            "\u{301}",
        ] {
            assert_eq!(display_fault(name), Some("required".into()), "{name:?}");
        }
        for name in [
            "Anna\u{200b}",
            "An\u{3164}na",
            "\u{202e}annA",
            "Anna ✓",
            "Anna [x]",
            "Анна ★",
        ] {
            assert_eq!(display_fault(name), Some("invalid".into()), "{name:?}");
        }
        for name in [
            "Олена Пчілка",
            "Жанна д’Арк",
            "José Núñez",
            "Ђорђе",
            "李小龍",
            "Anna-Maria, Kyiv",
            "नरेंद्र",
        ] {
            assert_eq!(display_fault(name), None, "{name}");
        }
    }

    #[test]
    fn plain_names_pass_and_long_ones_cost_no_work() {
        assert_eq!(
            (fault("Олександра"), fault("ab"), fault("adminton-club")),
            (None, Some("length".into()), None)
        );
        assert_eq!(fault(&"\u{fdfa}".repeat(21_000)), Some("length".into()));
        assert_eq!(skeleton(&"\u{fdfa}".repeat(21_000)), "");
    }
}
