//! Folding words so that spellings of one are found as one: for comparing cards and for searching.
use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Longer words are cut here, in characters: no index takes words of any length, and nobody tells two such apart.
const LONGEST: usize = 64;

/// A text in NFKC and lower case, with spellings folded and apostrophes left out.
#[must_use]
pub fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !is_silent(*c)).map(alternative).collect()
}

/// Apostrophes, and joiners that nobody sees.
const fn is_silent(letter: char) -> bool {
    matches!(letter, '\'' | '’' | 'ʼ' | '`' | '\u{200c}' | '\u{200d}')
}

/// One spelling for letters that are written either way.
const fn alternative(letter: char) -> char {
    match letter {
        'ё' => 'е',
        'ґ' => 'г',
        other => other,
    }
}

/// The folded words of a text, each with the bytes it stands at.
pub fn words(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    segments(text).flat_map(|range| {
        let folded = fold(&text[range.clone()]);
        let words: Vec<String> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(cut).collect();
        words.into_iter().map(move |word| (range.clone(), word))
    })
}

fn cut(word: &str) -> String {
    word.chars().take(LONGEST).collect()
}

/// Where a text has letters and digits, with apostrophes and combining marks among them.
fn segments(text: &str) -> impl Iterator<Item = Range<usize>> {
    let inside = |c: char| c.is_alphanumeric() || is_silent(c) || is_combining_mark(c);
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(inside)?;
        let end = text[start..].find(|c| !inside(c)).map_or(text.len(), |length| start + length);
        rest = end;
        let trimmed = text[start..end].trim_matches(is_silent);
        let from = start + (text[start..end].len() - text[start..end].trim_start_matches(is_silent).len());
        Some(from.min(end)..(from + trimmed.len()).min(end))
    })
    .filter(|range| range.start < range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_place_in_the_text() {
        let text = "«Її п'ять» — Ещё 'Ground' ½.";
        let found: Vec<_> = words(text).map(|(range, word)| (text[range].to_owned(), word)).collect();
        let pairs = [("Її", "її"), ("п'ять", "пять"), ("Ещё", "еще"), ("Ground", "ground"), ("½", "1"), ("½", "2")];
        assert_eq!(found, pairs.map(|(place, word)| (place.to_owned(), word.to_owned())));
        assert_eq!(words("' ’ `").count(), 0);
    }

    #[test]
    fn letters_in_two_parts_are_one_and_long_words_are_cut() {
        assert_eq!(words("и\u{306}").next().unwrap().1, "й");
        assert_eq!(words(&"a".repeat(100)).next().unwrap().1.len(), LONGEST);
    }
}
