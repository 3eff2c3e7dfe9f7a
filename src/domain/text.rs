//! What people may type: the limits of every field, cleaning, and faults that name the field.
use serde::Serialize;
use ts_rs::TS;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;
use utoipa::ToSchema;

use super::markdown::Shown;

/// Titles of threads and cards, in graphemes.
pub const TITLE: usize = 160;
/// Body of a comment, in graphemes; [`COMMENT_BYTES`] holds as well.
pub const COMMENT: usize = 4_000;
/// Body of a comment, in bytes of UTF-8.
pub const COMMENT_BYTES: usize = 12 * 1024;
/// What a card says would be done, in graphemes.
pub const CARD_BODY: usize = 1_200;
/// The short fields of a card (in return, who checks, trigger), in graphemes.
pub const CARD_FIELD: usize = 400;
/// Display names, in graphemes.
pub const DISPLAY_NAME: usize = 60;
/// A note on an answer or a report, in graphemes.
pub const NOTE: usize = 600;
/// The statement of facts of a decision, in graphemes.
pub const FACTS: usize = 1_000;
/// Bytes a field may have for each grapheme it may hold: one may carry any number of combining marks, and eight bytes are
/// generous for every script.
pub const GRAPHEME: usize = 8;
/// How somebody without an account can be reached, in graphemes.
pub const CONTACT: usize = 200;

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct Fault {
    /// The field as the client named it, `a.b` for a nested one; empty for the whole body.
    pub field: String,
    /// A stable word a program can act on: `required`, `too_long`, `too_short`, `invalid`, `taken`, …
    pub code: String,
    /// One sentence for a person.
    pub detail: String,
    /// Which characters of the field it is about, where it is about some of them: first and past the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub span: Option<(usize, usize)>,
}

impl Fault {
    /// A fault of `field`.
    #[must_use]
    pub fn new(field: &str, code: &str, detail: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), detail: detail.into(), span: None }
    }
}

/// Collects the faults of one input, so that a person sees all of them at once.
#[derive(Default)]
pub struct Check {
    faults: Vec<Fault>,
}

impl Check {
    /// Remembers a fault.
    pub fn fault(&mut self, field: &str, code: &str, detail: impl Into<String>) {
        self.faults.push(Fault::new(field, code, detail));
    }

    /// Remembers a fault unless `holds`.
    pub fn ensure(&mut self, holds: bool, field: &str, code: &str, detail: &str) {
        if !holds {
            self.fault(field, code, detail);
        }
    }

    /// A required single line of 1 to `most` graphemes, cleaned.
    pub fn line(&mut self, field: &str, raw: &str, most: usize) -> String {
        self.cleaned(field, raw, most, |text| text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// A required text of several lines, 1 to `most` graphemes, cleaned.
    pub fn prose(&mut self, field: &str, raw: &str, most: usize) -> String {
        self.cleaned(field, raw, most, |text| text.trim().to_owned())
    }

    /// A text that is cleaned and trimmed, unless it is far too long: cleaning costs in the length of what was sent.
    fn cleaned(&mut self, field: &str, raw: &str, most: usize, trim: impl Fn(&str) -> String) -> String {
        if raw.len() > 2 * most * GRAPHEME {
            self.fault(field, "too_long", format!("At most {most} characters."));
            return String::new();
        }
        let text = trim(&clean(raw));
        self.length(field, &text, most);
        text
    }

    /// As [`Check::prose`], for a text with mark-up, which must show something.
    pub fn markdown(&mut self, field: &str, raw: &str, most: usize) -> String {
        let text = self.prose(field, raw, most);
        if shows(&text) && Shown::of(&text).is_blank() {
            self.fault(field, "required", "Nothing of this text would be visible.");
        }
        text
    }

    /// As [`Check::prose`], where nothing (or what shows nothing) is allowed and becomes `None`.
    pub fn optional(&mut self, field: &str, raw: Option<&str>, most: usize) -> Option<String> {
        raw.filter(|text| shows(text)).map(|text| self.prose(field, text, most))
    }

    fn length(&mut self, field: &str, text: &str, most: usize) {
        if !shows(text) {
            self.fault(field, "required", "This field must not be empty.");
        // A grapheme has at least one byte, so a short text needs no counting.
        } else if text.len() > most && text.graphemes(true).count() > most {
            self.fault(field, "too_long", format!("At most {most} characters."));
        } else if text.len() > most * GRAPHEME {
            self.fault(field, "too_long", format!("At most {} bytes.", most * GRAPHEME));
        }
    }

    /// The faults, if there are any.
    ///
    /// # Errors
    /// Every fault remembered.
    pub fn finish(self) -> Result<(), Vec<Fault>> {
        if self.faults.is_empty() { Ok(()) } else { Err(self.faults) }
    }
}

/// NFC, without controls (but line breaks and tabs) and without the invisible characters that reorder or hide text
/// (bidi embeddings and isolates, zero-width space, soft hyphen, tags): they let a text read as what it is not. Every kind of line
/// break is one.
#[must_use]
pub fn clean(raw: &str) -> String {
    let breaks = |c| if matches!(c, '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}') { '\n' } else { c };
    raw.replace("\r\n", "\n").nfc().map(breaks).filter(|c| !is_hidden(*c)).collect()
}

/// What is taken out of what people type, and of what they spell as an entity.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    match c {
        // Joiners and variants stay: emoji and some scripts need them.
        '\u{200c}' | '\u{200d}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => false,
        _ => is_invisible(c),
    }
}

/// What shows nothing and is no white space: controls, the characters Unicode calls default ignorable, letters and signs that are blank, the place
/// of an object that is not there, and code points that are no characters.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{13441}' | '\u{13442}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || c as u32 & 0xfffe == 0xfffe
}

/// Whether a character leaves ink of its own. The Braille pattern of no dots is a blank, so is the filler of another script, and a mark
/// needs a letter.
fn is_visible(c: char) -> bool {
    !(c.is_whitespace() || is_invisible(c) || is_combining_mark(c) || matches!(c, '\u{2800}' | '\u{16fe4}'))
}

/// Whether a reader sees anything of a text.
#[must_use]
pub fn shows(text: &str) -> bool {
    text.chars().any(is_visible)
}

/// The languages texts may be written in; others are `und`.
pub const LANGUAGES: [&str; 3] = ["en", "uk", "ru"];

/// The language named, or the fault that it is not one of [`LANGUAGES`].
pub fn language(check: &mut Check, raw: Option<&str>) -> String {
    match raw {
        None => "und".into(),
        Some(tag) if LANGUAGES.contains(&tag) || tag == "und" => tag.into(),
        Some(_) => {
            check.fault("language", "invalid", "One of en, uk, ru, und.");
            "und".into()
        }
    }
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
        assert_eq!(clean("a\r\nb\rc\u{2028}d\u{2029}e\u{85}f\u{b}g\n\th"), "a\nb\nc\nd\ne\nf\ng\n\th");
    }

    #[test]
    fn what_must_not_be_empty_must_show_something() {
        let code = |check: Check| check.finish().err().map(|faults| faults[0].code.clone());
        for blank in [
            "",
            " \n",
            "\u{200d}",
            "\u{2800}",
            "\u{3164}\u{a0}",
            "\u{34f}",
            "\u{fe0f}",
            "\u{ffa0}",
            "\u{fffc}",
            "\u{13441}\u{1d159}",
            "\u{301}\u{308}",
        ] {
            let mut check = Check::default();
            check.line("title", blank, TITLE);
            assert_eq!(code(check).as_deref(), Some("required"), "{blank:?}");
            assert_eq!(Check::default().optional("note", Some(blank), NOTE), None);
        }
        let mut check = Check::default();
        check.markdown("body", "&nbsp;", COMMENT);
        assert_eq!(code(check).as_deref(), Some("required"));
    }

    #[test]
    fn limits_count_what_a_reader_sees() {
        let mut check = Check::default();
        check.line("title", &"é".repeat(160), TITLE);
        assert!(check.finish().is_ok());
        let mut check = Check::default();
        check.line("title", &"ї".repeat(161), TITLE);
        assert_eq!(check.finish().unwrap_err()[0].code, "too_long");
    }

    #[test]
    fn a_pile_of_combining_marks_is_too_long() {
        let mut check = Check::default();
        check.line("title", &format!("a{}", "\u{301}\u{328}".repeat(2_000)), TITLE);
        assert_eq!(check.finish().unwrap_err()[0].code, "too_long");
    }
}
