//! The words of a text, folded: what parts them, and what stands inside one.
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::{Letter, letters, scripts};

/// Longer words are cut here, in characters: no index takes words of any length, and nobody tells
/// two such apart.
const LONGEST: usize = 64;

/// The words of a text, folded, each with the bytes it stands at. Apostrophes inside a word are
/// left out, and letters that look like those of the word's own script are taken for them.
pub fn words(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let letters = letters(text);
    let mut at = 0;
    std::iter::from_fn(move || {
        while letters
            .get(at)
            .is_some_and(|letter| !letter.folded.is_alphanumeric())
        {
            at += 1;
        }
        let first = letters.get(at)?;
        let (mut word, mut place) = (String::new(), first.at.clone());
        while let Some(letter) = letters.get(at) {
            if letter.folded.is_alphanumeric() || is_combining_mark(letter.folded) {
                if word.chars().count() < LONGEST {
                    word.push(letter.folded);
                }
                place.end = letter.at.end;
            } else if !joins(&letters, at) {
                break;
            }
            at += 1;
        }
        Some((place, scripts::own(&word).unwrap_or(word)))
    })
}

/// Whether the character here is an apostrophe inside a word: one, two typed for one, or a star
/// typed for one.
#[must_use]
pub fn joins(letters: &[Letter], at: usize) -> bool {
    let is = |at: usize, what: fn(char) -> bool| {
        letters.get(at).is_some_and(|letter| what(letter.folded))
    };
    let sign = |at: usize| is(at, |c| c == '\'');
    let star = is(at, |c| c == '*') && is(at + 1, |c| matches!(c, 'я' | 'ю' | 'є' | 'ї'));
    let first = if at > 0 && sign(at - 1) { at - 1 } else { at };
    let last = if sign(at + 1) { at + 1 } else { at };
    let one = sign(at) && last - first < 2;
    (star || one)
        && first > 0
        && is(first - 1, char::is_alphabetic)
        && is(last + 1, char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        words(text).map(|(_, word)| word).collect()
    }

    #[test]
    fn words_keep_their_place_in_the_text() {
        let text = "«Її п'ять» — Ещё 'Ground' ½.";
        let found: Vec<_> = words(text)
            .map(|(range, word)| (text[range].to_owned(), word))
            .collect();
        let pairs = [
            ("Її", "її"),
            ("п'ять", "пять"),
            ("Ещё", "еще"),
            ("Ground", "ground"),
            ("½", "1"),
            ("½", "2"),
        ];
        assert_eq!(
            found,
            pairs.map(|(place, word)| (place.to_owned(), word.to_owned()))
        );
        assert_eq!(words("' ’ `").count(), 0);
    }

    #[test]
    fn letters_in_two_parts_are_one_and_long_words_are_cut() {
        assert_eq!(read("и\u{306} і\u{308} Й"), ["й", "ї", "й"]);
        assert_eq!(words(&"a".repeat(100)).next().unwrap().1.len(), LONGEST);
    }

    #[test]
    fn stress_marks_accents_and_what_is_invisible_make_no_difference() {
        assert_eq!(
            read("за\u{301}мок Ї\u{301}жак \u{45d} café İstanbul Straße"),
            ["замок", "їжак", "и", "cafe", "istanbul", "straße"]
        );
        for hidden in [
            '\u{ad}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{34f}',
            '\u{fe0f}',
            '\u{2060}',
            '\u{3164}',
            '\u{e0101}',
        ] {
            assert_eq!(
                read(&format!("trouble{hidden}maker")),
                ["troublemaker"],
                "{hidden:?}"
            );
        }
        assert_eq!(read("हिन्दी 한국"), ["हिन्दी", "한국"]);
    }

    #[test]
    fn every_form_of_an_apostrophe_is_left_out_inside_a_word_and_parts_none() {
        for form in "'’‘‛ʼʻʽʹ`´′‵＇ˈ\"“”„‟″＂ˊˋ׳".chars() {
            assert_eq!(
                read(&format!("слово п{form}яниця {form}так{form}")),
                ["слово", "пяниця", "так"],
                "{form}"
            );
        }
    }

    #[test]
    fn what_is_typed_for_an_apostrophe_is_one() {
        assert_eq!(
            read("п''яниця сім*я обов*язок"),
            ["пяниця", "сімя", "обовязок"]
        );
        assert_eq!(
            read("a*b п*аниця п'''яниця 2*3 «''так''»"),
            ["a", "b", "п", "аниця", "п", "яниця", "2", "3", "так"]
        );
    }

    #[test]
    fn a_latin_letter_with_two_dots_is_the_ukrainian_one_among_cyrillic() {
        assert_eq!(
            read("Киïв ïжак Украi\u{308}на naïve"),
            ["київ", "їжак", "україна", "naive"]
        );
    }

    #[test]
    fn letters_of_another_script_are_taken_for_those_they_look_like() {
        assert_eq!(
            read("мiсто Cлово Mocква Kиїв"),
            ["місто", "слово", "москва", "київ"]
        );
        assert_eq!(read("troublеmаker Сrimea"), ["troublemaker", "crimea"]);
        // What has no look-alike is meant.
        assert_eq!(read("ютубvideo i COP"), ["ютубvideo", "i", "cop"]);
    }
}
