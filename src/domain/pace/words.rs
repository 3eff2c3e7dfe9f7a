//! The word list: words that hold or refuse a text. Whole words, phrases and `prefix*` over folded
//! text; no patterns beyond that, so that whoever reads the list knows what it does.
mod list;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use self::list::Phrase;
pub use self::list::{Found, WordList};
use crate::domain::text::Check;

/// Words of one entry.
const WORDS: usize = 20;
/// Longest word or phrase, in characters.
const LONGEST: usize = 60;

/// What a word does to the text it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WordEffect {
    /// The text waits for a moderator.
    Hold,
    /// The text is not taken.
    Refuse,
}

/// One entry of the word list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WordRule {
    /// Words or phrases, each of which is enough; a `*` at the end of a word stands for any ending.
    pub words: Vec<String>,
    /// What they do.
    pub effect: WordEffect,
    /// Why, told to the author.
    pub why: String,
}

impl WordRule {
    pub(super) fn checked(self, at: usize, check: &mut Check) -> Self {
        let field = format!("words.{at}.words");
        check.ensure(
            (1..=WORDS).contains(&self.words.len()),
            &field,
            "invalid",
            "1 to 20 words.",
        );
        let words: Vec<String> = self
            .words
            .iter()
            .map(|word| word.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        for word in &words {
            let fits = word.chars().count() <= LONGEST && Phrase::of(word).is_some();
            check.ensure(
                fits,
                &field,
                "invalid",
                "Words of letters and digits; a * only at the end of two letters or more.",
            );
        }
        Self {
            words,
            effect: self.effect,
            why: super::why(check, &format!("words.{at}.why"), &self.why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_word_is_a_fault() {
        let fault = |word: &str| {
            let mut check = Check::default();
            WordRule {
                words: vec![word.into()],
                effect: WordEffect::Hold,
                why: "Because.".into(),
            }
            .checked(3, &mut check)
            .words
            .clear();
            check.finish().err().map(|faults| faults[0].field.clone())
        };
        assert_eq!(fault("  good   word* "), None);
        for bad in ["", "*", "a*", "wo*rd", "semi;colon", "'", &"x".repeat(61)] {
            assert_eq!(fault(bad).as_deref(), Some("words.3.words"), "{bad}");
        }
        let mut check = Check::default();
        WordRule {
            words: vec!["word".into()],
            effect: WordEffect::Hold,
            why: " ".into(),
        }
        .checked(0, &mut check)
        .words
        .clear();
        assert_eq!(check.finish().unwrap_err()[0].field, "words.0.why");
    }
}
