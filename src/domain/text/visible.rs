//! Which characters a reader sees, and a text without those that let it read as what it is not.
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// NFC, without controls (but line breaks and tabs) and without the invisible characters that
/// reorder or hide text (bidi embeddings and isolates, zero-width space, soft hyphen, tags): they
/// let a text read as what it is not. Every kind of line break is one.
#[must_use]
pub fn clean(raw: &str) -> String {
    let breaks = |c| {
        if matches!(
            c,
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        ) {
            '\n'
        } else {
            c
        }
    };
    raw.replace("\r\n", "\n")
        .nfc()
        .map(breaks)
        .filter(|c| !is_hidden(*c))
        .collect()
}

/// What is taken out of what people type, and of what they spell as an entity.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    match c {
        // Joiners and variants stay: emoji and some scripts need them.
        '\u{200c}'
        | '\u{200d}'
        | '\u{180b}'..='\u{180d}'
        | '\u{180f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0100}'..='\u{e01ef}' => false,
        _ => is_invisible(c),
    }
}

/// What shows nothing and is no white space: controls, the characters Unicode calls default
/// ignorable, letters and signs that are blank, the place of an object that is not there, and code
/// points that are no characters.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{13441}' | '\u{13442}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || c as u32 & 0xfffe == 0xfffe
}

/// Whether a character leaves ink of its own. The Braille pattern of no dots is a blank, so is the
/// filler of another script, and a mark needs a letter.
fn is_visible(c: char) -> bool {
    !(c.is_whitespace()
        || is_invisible(c)
        || is_combining_mark(c)
        || matches!(c, '\u{2800}' | '\u{16fe4}'))
}

/// Whether a reader sees anything of a text.
#[must_use]
pub fn shows(text: &str) -> bool {
    text.chars().any(is_visible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_loses_what_reorders_it_and_keeps_what_people_type() {
        assert_eq!(clean("a\u{202e}b\u{200b}c\r\nґ ї 👩‍🚀"), "abc\nґ ї 👩‍🚀");
    }

    #[test]
    fn every_kind_of_line_break_is_one() {
        assert_eq!(
            clean("a\r\nb\rc\u{2028}d\u{2029}e\u{85}f\u{b}g\n\th"),
            "a\nb\nc\nd\ne\nf\ng\n\th"
        );
    }
}
