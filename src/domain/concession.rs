//! Concessions: something non-territorial the giver could offer, shown as a card.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;
use utoipa::ToSchema;

use super::{
    Millis,
    account::Author,
    framework::{FrameworkId, QuestionId, Source},
    markdown::{Shown, Text},
    text::{self, Check, is_invisible},
    translation::Translation,
};
use crate::id::Id;

/// A card's id.
pub type ConcessionId = Id<Concession>;

/// A card.
#[derive(Clone, Debug)]
pub struct Concession {
    /// Its id.
    pub id: ConcessionId,
    /// The framework it belongs to.
    pub framework: FrameworkId,
    /// The question it answers.
    pub question: QuestionId,
    /// Who proposed it.
    pub author: Author,
    /// What it says.
    pub terms: Terms,
    /// Where the idea was reported, for starter cards.
    pub sources: Vec<Source>,
    /// The body as shown: sanitised when written.
    pub html: String,
    /// Whether it shows and ranks.
    pub state: ConcessionState,
    /// Counts edits, from 1; answers name the version they judged.
    pub version: i64,
    /// The last version that changed what it says: answers to an older one are asked for again.
    pub material: i64,
    /// When it was proposed.
    pub created_at: Millis,
    /// When it was last edited.
    pub edited_at: Option<Millis>,
    /// The card it was united with.
    pub merged_into: Option<ConcessionId>,
    /// By people, those taken back too.
    pub translations: Vec<Translation>,
    /// Whether it came with labelled sample data.
    pub sample: bool,
}

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
        check.ensure(self.receivers.len() <= 8, "receivers", "too_many", "At most 8 receivers.");
        check.ensure(self.points.len() <= 12, "points", "too_many", "At most 12 points.");
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
        let Self { title, body, in_return, verifier, trigger, .. } = self;
        texts(title, body, [("in_return", in_return.as_deref()), ("trigger", trigger.as_deref()), ("verifier", Some(verifier))])
    }
}

/// The fields of a card or a translation; those it does not have are left out.
#[must_use]
pub fn texts<'a>(title: &'a str, body: &'a str, others: [(&'static str, Option<&'a str>); 3]) -> Vec<Text<'a>> {
    let others = others.into_iter().filter_map(|(field, text)| Some(Text::plain(field, text?)));
    [Text::plain("title", title), Text::markdown("body", body)].into_iter().chain(others).collect()
}

/// Whether an edit changes what a card says: more than white space, punctuation, case and mark-up. Digits with their signs, and
/// symbols such as % or $, count as words.
#[must_use]
pub fn changes_meaning(before: &Terms, after: &Terms) -> bool {
    let said = |terms: &Terms| {
        let Terms { title, body, in_return, verifier, trigger, .. } = terms;
        let optional = |text: &Option<String>| tokens(text.as_deref().unwrap_or_default());
        let Shown { text, links, .. } = Shown::of(body);
        [tokens(title), tokens(&text), links, optional(in_return), tokens(verifier), optional(trigger)]
    };
    said(before) != said(after)
}

/// What does not count as said, where it stands alone.
const PUNCTUATION: &str = ".,;:!?…'’ʼ`\"«»„“”()[]-–—−*_#>";

/// What a text says, without how it is set.
fn tokens(text: &str) -> Vec<String> {
    let text: String = text.nfkc().flat_map(char::to_lowercase).filter(|c| !is_invisible(*c)).collect();
    let pieces: Vec<&str> = text.split_word_bounds().collect();
    let starts = |at: usize, is: fn(char) -> bool| pieces.get(at).and_then(|piece| piece.chars().next()).is_some_and(is);
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

/// Whether a card shows and ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConcessionState {
    /// Waits for a person's look.
    Held,
    /// Shows, does not rank yet.
    Provisional,
    /// Shows and ranks.
    Ranked,
    /// Its author took it back.
    Withdrawn,
    /// United with another.
    Merged,
    /// A moderator took it from view.
    Hidden,
    /// A moderator removed it.
    Removed,
}

impl ConcessionState {
    /// Whether everyone may read it.
    #[must_use]
    pub fn shows(self) -> bool {
        matches!(self, Self::Provisional | Self::Ranked | Self::Merged)
    }

    /// Whether it is dealt, answered and counted.
    #[must_use]
    pub fn ranks(self) -> bool {
        matches!(self, Self::Ranked)
    }
}

/// The fields concessions fall into; none of them is territory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub enum Category {
    /// Guarantees, triggers, ratification.
    #[serde(rename = "SEC-GUA")]
    SecGua,
    /// Force size, arms.
    #[serde(rename = "SEC-FOR")]
    SecFor,
    /// Ceasefire, monitoring.
    #[serde(rename = "SEC-MON")]
    SecMon,
    /// Non-aggression in law.
    #[serde(rename = "SEC-NAG")]
    SecNag,
    /// Strike and cyber moratoria.
    #[serde(rename = "SEC-HYB")]
    SecHyb,
    /// Plant operation (not ownership of land).
    #[serde(rename = "NUC-ZNPP")]
    NucZnpp,
    /// Non-nuclear status, arms control.
    #[serde(rename = "NUC-NPT")]
    NucNpt,
    /// Sanctions relief with snapback.
    #[serde(rename = "ECO-SAN")]
    EcoSan,
    /// Reconstruction, frozen assets.
    #[serde(rename = "ECO-REC")]
    EcoRec,
    /// Trade, EU access, transit.
    #[serde(rename = "ECO-TRD")]
    EcoTrd,
    /// Rivers, sea, ports, aviation.
    #[serde(rename = "NAV")]
    Nav,
    /// Prisoners, civilians, children.
    #[serde(rename = "HUM-DET")]
    HumDet,
    /// Access, demining, family contact.
    #[serde(rename = "HUM-ACC")]
    HumAcc,
    /// Language, faith, education, heritage.
    #[serde(rename = "RGT")]
    Rgt,
    /// Elections, alliances.
    #[serde(rename = "POL")]
    Pol,
    /// Accountability, arbitration.
    #[serde(rename = "JUS")]
    Jus,
    /// Dams, water.
    #[serde(rename = "ENV")]
    Env,
    /// Legal force, sequencing.
    #[serde(rename = "IMP")]
    Imp,
    /// Formats, normalisation.
    #[serde(rename = "DIP")]
    Dip,
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
        assert!(!changes("Повний список «усіх» дітей", "повний список \"усіх\"\nдітей."));
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
