//! What each field of a file may hold. A file is walked along these shapes, so that all that is wrong with it is told at once;
//! what the fields mean together is judged in `judge`.
use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;
use unicode_segmentation::UnicodeSegmentation;
use url::Url;

use super::document::{Document, Inside, Node, without_place};
use crate::domain::{
    ballot::{Acceptance, Assent, Realism},
    concession::Category,
    framework::{Relation, Reveal, Status},
    text::{self, LANGUAGES},
    thread::CommentKind,
};

/// What a value may be.
pub(super) enum Shape {
    /// A text that is not empty, of so many characters at most.
    Text(usize),
    /// Any text: what it must be is judged where it is used.
    Any,
    /// A key: what other values name this one by.
    Key,
    /// One of the languages texts are written in.
    Language,
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    Date,
    /// An address of the web.
    Address,
    /// Whatever a type reads.
    Typed(fn(&str) -> Result<(), String>),
    /// A list, and how long it may be.
    List(&'static Self, RangeInclusive<usize>),
    /// An object with names of the file's own.
    Map(&'static Self),
    /// An object.
    Object(&'static [Field]),
}

/// A field of an object: its name, what it holds, whether it must be there.
pub(super) struct Field(&'static str, Shape, Needed);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Needed {
    Yes,
    No,
}
use Needed::{No, Yes};
use Shape::{Address, Any, Date, Key, Language, List, Map, Object, Text, Typed};

fn typed<T: DeserializeOwned>(raw: &str) -> Result<(), String> {
    serde_json::from_str::<T>(raw).map(drop).map_err(|error| without_place(&error))
}

/// A number of a point or revision.
fn number(raw: &str) -> Result<(), String> {
    match serde_json::from_str::<u32>(raw) {
        Ok(number) if number > 0 => Ok(()),
        _ => Err("A whole number from 1.".into()),
    }
}

/// A text that explains, in characters.
const PROSE: usize = 4_000;
/// A few words, in characters.
const WORDS: usize = 400;
/// Entries that one reader will ever look through.
const MANY: RangeInclusive<usize> = 0..=200;

const NAME: Shape = Object(&[Field("en", Text(80), Yes), Field("uk", Text(80), Yes), Field("ru", Text(80), Yes)]);
const PROMPT: Shape = Object(&[Field("en", Text(WORDS), Yes), Field("uk", Text(WORDS), Yes), Field("ru", Text(WORDS), Yes)]);
const SOURCE: Shape =
    Object(&[Field("url", Address, Yes), Field("outlet", Text(WORDS), Yes), Field("date", Date, Yes), Field("evidence", Text(80), No)]);
const PARTY: Shape = Object(&[Field("key", Key, Yes), Field("name", NAME, Yes), Field("camp", Key, No)]);
const CAMP: Shape = Object(&[Field("key", Key, Yes), Field("name", NAME, Yes), Field("in_score", Typed(typed::<bool>), Yes)]);
const MEANINGS: Shape = Map(&Text(WORDS));
const LEGENDS: Shape = Object(&[Field("status", MEANINGS, Yes), Field("evidence", MEANINGS, Yes), Field("verification", MEANINGS, Yes)]);
const POSITION: Shape = Object(&[
    Field("party", Key, Yes),
    Field("text", Text(PROSE), Yes),
    Field("point_specific", Typed(typed::<bool>), Yes),
    Field("stated_on", Date, No),
    Field("sources", List(&SOURCE, MANY), Yes),
]);
const POINT: Shape = Object(&[
    Field("number", Typed(number), Yes),
    Field("title", Text(text::TITLE), Yes),
    Field("category", Text(80), Yes),
    Field("status", Typed(typed::<Status>), Yes),
    Field("status_by", Text(WORDS), Yes),
    Field("summary", Text(PROSE), Yes),
    Field("notes", Text(PROSE), No),
    Field("verification", Text(80), Yes),
    Field("positions", List(&POSITION, MANY), Yes),
    Field("sources", List(&SOURCE, MANY), No),
]);
const REVISION: Shape = Object(&[
    Field("number", Typed(number), Yes),
    Field("title", Text(text::TITLE), Yes),
    Field("published_on", Date, Yes),
    Field("as_of", Date, Yes),
    Field("introduction", Text(PROSE), Yes),
    Field("points", List(&POINT, 1..=200), Yes),
]);
const NUMBERS: Shape = List(&Typed(number), MANY);
const LINEAGE: Shape = Object(&[
    Field("relation", Typed(typed::<Relation>), Yes),
    Field("from", NUMBERS, Yes),
    Field("to", NUMBERS, Yes),
    Field("reason", Text(PROSE), Yes),
    Field("basis", Text(WORDS), No),
    Field("sources", List(&Address, MANY), No),
    Field("new_elements", List(&Text(WORDS), MANY), No),
]);
const QUESTION: Shape = Object(&[
    Field("key", Key, Yes),
    Field("giver", Key, Yes),
    Field("point", Typed(number), Yes),
    Field("prompt", PROMPT, Yes),
    Field("reveal", Typed(typed::<Reveal>), No),
]);

/// `demarche.framework/1`.
pub(super) const FRAMEWORK: Shape = Object(&[
    Field("format", Any, Yes),
    Field("slug", Any, Yes),
    Field("title", Text(text::TITLE), Yes),
    Field("summary", Text(PROSE), Yes),
    Field("language", Language, Yes),
    Field("as_of", Date, Yes),
    Field("parties", List(&PARTY, 1..=50), Yes),
    Field("camps", List(&CAMP, 1..=20), Yes),
    Field("legends", LEGENDS, Yes),
    Field("revisions", List(&REVISION, 1..=50), Yes),
    Field("lineage", List(&LINEAGE, 0..=1_000), No),
    Field("questions", List(&QUESTION, MANY), Yes),
]);

const TRANSLATION: Shape =
    Object(&[Field("title", Any, Yes), Field("body", Any, Yes), Field("in_return", Any, No), Field("verifier", Any, No), Field("trigger", Any, No)]);
const CARD: Shape = Object(&[
    Field("key", Key, Yes),
    Field("question", Key, Yes),
    Field("author", Key, No),
    Field("title", Any, Yes),
    Field("body", Any, Yes),
    Field("in_return", Any, No),
    Field("verifier", Any, Yes),
    Field("trigger", Any, No),
    Field("receivers", List(&Key, MANY), No),
    Field("category", Typed(typed::<Category>), No),
    Field("points", NUMBERS, No),
    Field("language", Any, Yes),
    Field("sources", List(&SOURCE, MANY), No),
    Field("provisional", Typed(typed::<bool>), No),
    Field("translations", Map(&TRANSLATION), No),
]);

/// `demarche.cards/1`.
pub(super) const CARDS: Shape =
    Object(&[Field("format", Any, Yes), Field("framework", Key, Yes), Field("label", Key, Yes), Field("cards", List(&CARD, 0..=5_000), Yes)]);

const AUTHOR: Shape = Object(&[Field("key", Key, Yes), Field("handle", Any, Yes), Field("display_name", Any, No), Field("camp", Key, No)]);
const COMMENT: Shape = Object(&[
    Field("key", Key, Yes),
    Field("parent", Key, No),
    Field("author", Key, Yes),
    Field("kind", Typed(typed::<CommentKind>), Yes),
    Field("body", Any, Yes),
    Field("language", Any, Yes),
]);
const THREAD: Shape = Object(&[
    Field("key", Key, Yes),
    Field("point", Typed(number), No),
    Field("card", Key, No),
    Field("title", Any, Yes),
    Field("author", Key, Yes),
    Field("comments", List(&COMMENT, 1..=5_000), Yes),
]);
const ANSWERS: Shape =
    Object(&[Field("card", Key, Yes), Field("from", Key, No), Field("camp", Key, Yes), Field("given", List(&Typed(given), 0..=1_000), Yes)]);
const POINT_ANSWERS: Shape =
    Object(&[Field("question", Key, Yes), Field("camp", Key, Yes), Field("given", List(&Typed(typed::<Assent>), 0..=1_000), Yes)]);

/// One answer of a sample, with or without its third part.
fn given(raw: &str) -> Result<(), String> {
    match serde_json::from_str::<Vec<serde_json::Value>>(raw) {
        Ok(parts) if parts.len() == 3 => typed::<(Acceptance, Option<Realism>, Option<Assent>)>(raw),
        _ => typed::<(Acceptance, Option<Realism>)>(raw),
    }
}

/// How many readers of a camp a sample may bring.
fn readers(raw: &str) -> Result<(), String> {
    match serde_json::from_str::<u32>(raw) {
        Ok(number) if number <= 1_000 => Ok(()),
        _ => Err("A whole number up to 1,000.".into()),
    }
}

/// `demarche.sample/1`.
pub(super) const SAMPLE: Shape = Object(&[
    Field("format", Any, Yes),
    Field("framework", Key, Yes),
    Field("disclaimer", Text(PROSE), Yes),
    Field("label", Key, Yes),
    Field("authors", List(&AUTHOR, 0..=1_000), Yes),
    Field("readers", Map(&Typed(readers)), Yes),
    Field("cards", List(&CARD, 0..=5_000), Yes),
    Field("threads", List(&THREAD, 0..=5_000), Yes),
    Field("answers", List(&ANSWERS, 0..=5_000), Yes),
    Field("point_answers", List(&POINT_ANSWERS, 0..=1_000), No),
]);

impl Shape {
    /// Remembers everything in which a value has another shape.
    pub fn walk(&self, document: &mut Document<'_>, node: &Node<'_>) {
        match (self, &node.inside) {
            (Object(fields), Inside::Object(found)) => {
                for (name, below) in found {
                    let Some(Field(_, shape, needed)) = fields.iter().find(|Field(known, ..)| known == name) else {
                        document.fault(below, unknown(name, fields));
                        continue;
                    };
                    let null = matches!(below.inside, Inside::Nothing);
                    // What may be absent may be null as well, but for lists and objects.
                    if !(null && *needed == No && !matches!(shape, List(..) | Map(_) | Object(_))) {
                        shape.walk(document, below);
                    }
                }
                for Field(name, ..) in fields.iter().filter(|Field(name, _, needed)| *needed == Yes && node.get(name).is_none()) {
                    document.fault_of(node, name, "This field is missing.");
                }
            }
            (Map(shape), Inside::Object(found)) => found.iter().for_each(|(_, below)| shape.walk(document, below)),
            (List(shape, length), Inside::List(found)) => {
                if !length.contains(&found.len()) {
                    document.fault(node, format!("{} to {} entries, not {}.", length.start(), length.end(), found.len()));
                }
                found.iter().for_each(|below| shape.walk(document, below));
            }
            (Object(_) | Map(_), _) => document.fault(node, "An object, in { and }."),
            (List(..), _) => document.fault(node, "A list, in [ and ]."),
            (Typed(reads), _) => {
                if let Err(why) = reads(node.raw) {
                    document.fault(node, why);
                }
            }
            _ => match node.read::<String>() {
                None => document.fault(node, "A text, in quotes."),
                Some(text) => {
                    if let Some(why) = self.refuses(&text) {
                        document.fault(node, why);
                    }
                }
            },
        }
    }

    /// Why a text is not what it must be.
    fn refuses(&self, text: &str) -> Option<String> {
        match self {
            Text(most) => match text.graphemes(true).count() {
                _ if !text::shows(text) => Some("This field must not be empty.".into()),
                _ if text.contains(text::is_hidden) => {
                    let hidden = text.chars().find(|c| text::is_hidden(*c)).map_or(0, u32::from);
                    Some(format!("A character in it shows nothing: U+{hidden:04X}."))
                }
                length if length > *most => Some(format!("At most {most} characters, not {length}.")),
                _ => None,
            },
            Key => {
                let fits = (1..=60).contains(&text.chars().count()) && text.chars().all(|c| c.is_alphanumeric() || "-_.:/".contains(c));
                (!fits).then(|| "1 to 60 letters, digits and - _ . : /.".into())
            }
            Language => (!LANGUAGES.contains(&text)).then(|| format!("One of {}.", LANGUAGES.join(", "))),
            Date => (!is_date(text)).then(|| "A date such as 2025, 2025-12 or 2025-12-24.".into()),
            Address => {
                let web = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
                (!web || text.len() > 2_000 || text.contains(|c: char| c.is_whitespace() || text::is_hidden(c)))
                    .then(|| "An address of the web: https://….".into())
            }
            _ => None,
        }
    }
}

fn unknown(name: &str, fields: &[Field]) -> String {
    let nearest = fields.iter().map(|Field(known, ..)| (strsim::jaro_winkler(known, name), known)).max_by(|one, other| one.0.total_cmp(&other.0));
    let meant = nearest.filter(|(like, _)| *like > 0.8).map_or_else(String::new, |(_, known)| format!(" Is {known} meant?"));
    format!("There is no such field here.{meant}")
}

/// Whether a text is a day, a month or a year of the calendar.
fn is_date(text: &str) -> bool {
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let written = parts.len() <= 3 && digits(parts[0], 4) && parts[1..].iter().all(|part| digits(part, 2));
    let part = |at: usize| parts.get(at).map_or(Some(1), |part| part.parse().ok());
    let date = || Some(jiff::civil::Date::new(parts[0].parse().ok()?, part(1)?, part(2)?).is_ok());
    written && date().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_day_a_month_or_a_year_that_there_is() {
        for good in ["2025", "2025-12", "2024-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in ["yesterday", "", "2025-13", "2025-02-29", "2025-1-2", "20251224", "2025-12-24T00:00", "２０２５"] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
