//! What a value of a file may be. A file is walked along its shape, so that all that is wrong with
//! it is told at once; what the fields mean together is judged in `judge`.
mod files;

use std::ops::RangeInclusive;

use unicode_segmentation::UnicodeSegmentation;
use url::Url;

pub(super) use self::files::{CARDS, FRAMEWORK, SAMPLE};
use super::document::{Document, Inside, Node};
use crate::domain::text::{self, LANGUAGES};

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

/// Whether a field must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needed {
    Yes,
    No,
}
use Needed::{No, Yes};
use Shape::{Address, Date, Key, Language, List, Map, Object, Text, Typed};

impl Shape {
    /// Remembers everything in which a value has another shape.
    pub fn walk(&self, document: &mut Document<'_>, node: &Node<'_>) {
        match (self, &node.inside) {
            (Object(fields), Inside::Object(found)) => {
                for (name, below) in found {
                    let Some(Field(_, shape, needed)) =
                        fields.iter().find(|Field(known, ..)| known == name)
                    else {
                        document.fault(below, unknown(name, fields));
                        continue;
                    };
                    let null = matches!(below.inside, Inside::Nothing);
                    // What may be absent may be null as well, but for lists and objects.
                    if !(null && *needed == No && !matches!(shape, List(..) | Map(_) | Object(_))) {
                        shape.walk(document, below);
                    }
                }
                for Field(name, ..) in fields
                    .iter()
                    .filter(|Field(name, _, needed)| *needed == Yes && node.get(name).is_none())
                {
                    document.fault_of(node, name, "This field is missing.");
                }
            }
            (Map(shape), Inside::Object(found)) => found
                .iter()
                .for_each(|(_, below)| shape.walk(document, below)),
            (List(shape, length), Inside::List(found)) => {
                if !length.contains(&found.len()) {
                    document.fault(
                        node,
                        format!(
                            "{} to {} entries, not {}.",
                            length.start(),
                            length.end(),
                            found.len()
                        ),
                    );
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
                    let hidden = text
                        .chars()
                        .find(|c| text::is_hidden(*c))
                        .map_or(0, u32::from);
                    Some(format!("A character in it shows nothing: U+{hidden:04X}."))
                }
                length if length > *most => {
                    Some(format!("At most {most} characters, not {length}."))
                }
                _ => None,
            },
            Key => {
                let fits = (1..=60).contains(&text.chars().count())
                    && text
                        .chars()
                        .all(|c| c.is_alphanumeric() || "-_.:/".contains(c));
                (!fits).then(|| "1 to 60 letters, digits and - _ . : /.".into())
            }
            Language => {
                (!LANGUAGES.contains(&text)).then(|| format!("One of {}.", LANGUAGES.join(", ")))
            }
            Date => (!is_date(text)).then(|| "A date such as 2025, 2025-12 or 2025-12-24.".into()),
            Address => {
                let web = Url::parse(text)
                    .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
                (!web
                    || text.len() > 2_000
                    || text.contains(|c: char| c.is_whitespace() || text::is_hidden(c)))
                .then(|| "An address of the web: https://….".into())
            }
            _ => None,
        }
    }
}

fn unknown(name: &str, fields: &[Field]) -> String {
    let nearest = fields
        .iter()
        .map(|Field(known, ..)| (strsim::jaro_winkler(known, name), known))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    let meant = nearest
        .filter(|(like, _)| *like > 0.8)
        .map_or_else(String::new, |(_, known)| format!(" Is {known} meant?"));
    format!("There is no such field here.{meant}")
}

/// Whether a text is a day, a month or a year of the calendar.
fn is_date(text: &str) -> bool {
    let digits = |part: &str, count: usize| {
        part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let parts: Vec<&str> = text.split('-').collect();
    let written =
        parts.len() <= 3 && digits(parts[0], 4) && parts[1..].iter().all(|part| digits(part, 2));
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
        for bad in [
            "yesterday",
            "",
            "2025-13",
            "2025-02-29",
            "2025-1-2",
            "20251224",
            "2025-12-24T00:00",
            "２０２５",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
