//! Folding words so that spellings of one are found as one: by the scope gate, the word list,
//! comparing and searching alike.
pub mod scripts;
mod words;

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

pub use self::words::{joins, words};
use super::text::is_invisible;

/// A folded character, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// In NFKC and lower case, without accents and stress marks (but й, ї and ў stay), ё as е and ґ
    /// as г; apostrophes of every form as `'`.
    pub folded: char,
    /// The bytes of the text it comes from, with what is put on it and what is invisible after it.
    pub at: Range<usize>,
}

/// The characters of a text, folded, without what nobody sees.
#[must_use]
pub fn letters(text: &str) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(text.len());
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        let mut end = start + first.len_utf8();
        let mut marked = false;
        // What is put on a letter goes with it: an accent, and what is invisible between the two.
        while let Some((at, c)) = rest
            .peek()
            .copied()
            .filter(|(_, c)| !c.is_ascii() && (is_combining_mark(*c) || is_invisible(*c)))
        {
            end = at + c.len_utf8();
            marked |= is_combining_mark(c);
            rest.next();
        }
        if !marked && let Some(folded) = plain(first) {
            letters.push(Letter {
                folded,
                at: start..end,
            });
            continue;
        }
        let cluster = text[start..end]
            .chars()
            .filter(|c| !is_invisible(*c))
            .map(apostrophe);
        let composed: String = cluster.nfkc().flat_map(char::to_lowercase).nfc().collect();
        letters.extend(composed.chars().filter_map(bare).map(|folded| Letter {
            folded,
            at: start..end,
        }));
    }
    for at in 0..letters.len() {
        if letters[at].folded == 'ï' {
            let beside = [at.checked_sub(1), Some(at + 1)]
                .into_iter()
                .flatten()
                .filter_map(|at| letters.get(at));
            let cyrillic = beside.map(|letter| letter.folded).any(scripts::is_cyrillic);
            letters[at].folded = if cyrillic { 'ї' } else { 'i' };
        }
    }
    letters
}

/// A text, folded.
#[must_use]
pub fn fold(text: &str) -> String {
    letters(text)
        .into_iter()
        .map(|letter| letter.folded)
        .collect()
}

/// Folds the letters that most texts are made of without looking anything up.
const fn plain(c: char) -> Option<char> {
    match c {
        '`' | '"' => Some('\''),
        '\n' | '\t' | ' '..='~' => Some(c.to_ascii_lowercase()),
        'ґ' | 'Ґ' => Some('г'),
        'ё' | 'Ё' => Some('е'),
        'а'..='я' | 'і' | 'ї' | 'є' => Some(c),
        'А'..='Я' => char::from_u32(c as u32 + 32),
        'І' => Some('і'),
        'Ї' => Some('ї'),
        'Є' => Some('є'),
        _ => None,
    }
}

/// Every form of an apostrophe, those typed for one too, as `'`: before compatibility forms are
/// taken apart, where some become accents.
const fn apostrophe(c: char) -> char {
    match c {
        '’' | '‘' | '‛' | 'ʼ' | 'ʻ' | 'ʽ' | 'ʹ' | 'ʾ' | 'ʿ' | 'ˈ' | '`' | '´' | '′' | '‵'
        | '＇' | '｀' | '՚' | 'ꞌ' | '\u{384}' | '\u{1fbd}' | '\u{1fef}' | '\u{1ffd}' | 'ˊ'
        | 'ˋ' | 'ˮ' | '׳' | '"' | '“' | '”' | '„' | '‟' | '″' | '＂' => '\'',
        c => c,
    }
}

/// A composed small letter without its accent; `None` for an accent alone.
fn bare(c: char) -> Option<char> {
    match c {
        // A Latin one is told apart by its neighbours, as some keyboards had no other.
        'й' | 'ї' | 'ў' | 'ï' => Some(c),
        'ґ' => Some('г'),
        c if c.is_ascii() => Some(plain(c).unwrap_or(c)),
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}' => None,
        c if is_invisible(c) => None,
        // Of other scripts a mark may be a vowel.
        c => Some(
            std::iter::once(c)
                .nfd()
                .next()
                .filter(|base| base.is_ascii_alphabetic() || scripts::is_cyrillic(*base))
                .unwrap_or(c),
        ),
    }
}
