//! Faults that name their field, collected so that a person sees all of them at once.
use serde::Serialize;
use ts_rs::TS;
use unicode_segmentation::UnicodeSegmentation;
use utoipa::ToSchema;

use super::{GRAPHEME, clean, shows};
use crate::domain::markdown::Shown;

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct Fault {
    /// The field as the client named it, `a.b` for a nested one; empty for the whole body.
    pub field: String,
    /// A stable word a program can act on: `required`, `too_long`, `too_short`, `invalid`, `taken`,
    /// …
    pub code: String,
    /// One sentence for a person.
    pub detail: String,
    /// Which characters of the field it is about, where it is about some of them: first and past
    /// the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub span: Option<(usize, usize)>,
}

impl Fault {
    /// A fault of `field`.
    #[must_use]
    pub fn new(field: &str, code: &str, detail: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            code: code.into(),
            detail: detail.into(),
            span: None,
        }
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
        self.cleaned(field, raw, most, |text| {
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        })
    }

    /// A required text of several lines, 1 to `most` graphemes, cleaned.
    pub fn prose(&mut self, field: &str, raw: &str, most: usize) -> String {
        self.cleaned(field, raw, most, |text| text.trim().to_owned())
    }

    /// A text that is cleaned and trimmed, unless it is far too long: cleaning costs in the length
    /// of what was sent.
    fn cleaned(
        &mut self,
        field: &str,
        raw: &str,
        most: usize,
        trim: impl Fn(&str) -> String,
    ) -> String {
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
        raw.filter(|text| shows(text))
            .map(|text| self.prose(field, text, most))
    }

    fn length(&mut self, field: &str, text: &str, most: usize) {
        if !shows(text) {
            self.fault(field, "required", "This field must not be empty.");
        // A grapheme has at least one byte, so a short text needs no counting.
        } else if text.len() > most && text.graphemes(true).count() > most {
            self.fault(field, "too_long", format!("At most {most} characters."));
        } else if text.len() > most * GRAPHEME {
            self.fault(
                field,
                "too_long",
                format!("At most {} bytes.", most * GRAPHEME),
            );
        }
    }

    /// The faults, if there are any.
    ///
    /// # Errors
    /// Every fault remembered.
    pub fn finish(self) -> Result<(), Vec<Fault>> {
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(self.faults)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::{COMMENT, NOTE, TITLE};

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
        check.line(
            "title",
            &format!("a{}", "\u{301}\u{328}".repeat(2_000)),
            TITLE,
        );
        assert_eq!(check.finish().unwrap_err()[0].code, "too_long");
    }
}
