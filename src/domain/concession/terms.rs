//! What a card says: its fields, checked, as others read them; and whether an edit changes what is
//! said.
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::Category;
use crate::domain::{
    markdown::{Shown, Text},
    text::{self, Check, is_invisible},
};

/// What a card says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// In one line.
    pub title: String,
    /// What exactly would be done.
    pub body: String,
    /// What the giver would get.
    pub in_return: Option<String>,
    /// Who would check.
    pub verifier: String,
    /// By when, or on what event.
    pub trigger: Option<String>,
    /// Which parties receive it.
    pub receivers: Vec<String>,
    /// Its field.
    pub category: Option<Category>,
    /// Points it bears on, by number in the current revision.
    pub points: Vec<u32>,
    /// `en`, `uk`, `ru` or `und`.
    pub language: String,
}

impl Terms {
    /// The terms cleaned, with every fault of every field added to `check`.
    #[must_use]
    pub fn checked(self, check: &mut Check) -> Self {
        check.ensure(
            self.receivers.len() <= 8,
            "receivers",
            "too_many",
            "At most 8 receivers.",
        );
        check.ensure(
            self.points.len() <= 12,
            "points",
            "too_many",
            "At most 12 points.",
        );
        Self {
            title: check.line("title", &self.title, text::TITLE),
            body: check.markdown("body", &self.body, text::CARD_BODY),
            in_return: check.optional("in_return", self.in_return.as_deref(), text::CARD_FIELD),
            verifier: check.line("verifier", &self.verifier, text::CARD_FIELD),
            trigger: check.optional("trigger", self.trigger.as_deref(), text::CARD_FIELD),
            language: text::language(check, Some(&self.language)),
            ..self
        }
    }
}

impl Terms {
    /// What others read of it, in the order of the form.
    #[must_use]
    pub fn texts(&self) -> Vec<Text<'_>> {
        let Self {
            title,
            body,
            in_return,
            verifier,
            trigger,
            ..
        } = self;
        texts(
            title,
            body,
            [
                ("in_return", in_return.as_deref()),
                ("trigger", trigger.as_deref()),
                ("verifier", Some(verifier)),
            ],
        )
    }
}

/// The fields of a card or a translation; those it does not have are left out.
#[must_use]
pub fn texts<'a>(
    title: &'a str,
    body: &'a str,
    others: [(&'static str, Option<&'a str>); 3],
) -> Vec<Text<'a>> {
    let others = others
        .into_iter()
        .filter_map(|(field, text)| Some(Text::plain(field, text?)));
    [Text::plain("title", title), Text::markdown("body", body)]
        .into_iter()
        .chain(others)
        .collect()
}

/// Whether an edit changes what a card says: more than white space, punctuation, case and mark-up.
/// Digits with their signs, and symbols such as % or $, count as words.
#[must_use]
pub fn changes_meaning(before: &Terms, after: &Terms) -> bool {
    let said = |terms: &Terms| {
        let Terms {
            title,
            body,
            in_return,
            verifier,
            trigger,
            ..
        } = terms;
        let optional = |text: &Option<String>| tokens(text.as_deref().unwrap_or_default());
        let Shown { text, links, .. } = Shown::of(body);
        [
            tokens(title),
            tokens(&text),
            links,
            optional(in_return),
            tokens(verifier),
            optional(trigger),
        ]
    };
    said(before) != said(after)
}

/// What does not count as said, where it stands alone.
const PUNCTUATION: &str = ".,;:!?…'’ʼ`\"«»„“”()[]-–—−*_#>";

/// What a text says, without how it is set.
fn tokens(text: &str) -> Vec<String> {
    let text: String = text
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| !is_invisible(*c))
        .collect();
    let pieces: Vec<&str> = text.split_word_bounds().collect();
    let starts = |at: usize, is: fn(char) -> bool| {
        pieces
            .get(at)
            .and_then(|piece| piece.chars().next())
            .is_some_and(is)
    };
    let mut tokens = vec![];
    for (at, piece) in pieces.iter().enumerate() {
        if starts(at, char::is_numeric) {
            // A dash before a number is its sign, unless a word stands before the dash: "24-28".
            let dash = at > 0 && starts(at - 1, |c| matches!(c, '-' | '–' | '−'));
            let negative = dash && !(at > 1 && starts(at - 2, char::is_alphanumeric));
            tokens.push(format!("{}{piece}", if negative { "-" } else { "" }));
        } else if starts(at, |c| !c.is_whitespace() && !PUNCTUATION.contains(c)) {
            tokens.push((*piece).into());
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(before: &str, after: &str) -> bool {
        let terms = |body: &str| Terms {
            title: "A title".into(),
            body: body.into(),
            in_return: None,
            verifier: "The agency".into(),
            trigger: None,
            receivers: vec![],
            category: None,
            points: vec![],
            language: "en".into(),
        };
        changes_meaning(&terms(before), &terms(after))
    }

    #[test]
    fn white_space_punctuation_and_case_change_nothing() {
        assert!(!changes("They leave by May", "they  leave, by May!"));
        assert!(!changes(
            "Повний список «усіх» дітей",
            "повний список \"усіх\"\nдітей."
        ));
        assert!(!changes("**From** 24-28 days", "From 24–28 days"));
    }

    #[test]
    fn words_numbers_signs_and_symbols_change_what_is_said() {
        for (before, after) in [
            ("They leave", "They do not leave"),
            ("10.5 kilometres", "105 kilometres"),
            ("at 5 degrees", "at -5 degrees"),
            ("5 % of it", "5 of it"),
            ("for $5", "for €5"),
            ("за рік", "за рок"),
        ] {
            assert!(changes(before, after), "{before} / {after}");
        }
    }
}
