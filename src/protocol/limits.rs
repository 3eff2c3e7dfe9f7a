//! How many bytes a string may have, by the name of its field, on every way in. Doors look at this
//! before anything is done with a string: folding, comparing and hashing cost in its length, and
//! some letters grow eighteenfold when they are folded. What a field means, and the limits people
//! read about, are checked behind it.
use serde_json::{Map, Value};

use crate::domain::text::{self, Fault};

/// Ids, keys and words of lists: no field that is not named below has any use for more.
const WORD: usize = 128;
/// The longest name of a field.
const NAME: usize = 64;
/// The longest path, as it stands in an address.
pub const PATH: usize = 512;

/// The most bytes of the field of this name.
#[must_use]
pub fn most(field: &str) -> usize {
    let graphemes = |count: usize| count * text::GRAPHEME;
    match field {
        "body" => text::COMMENT_BYTES,
        "title" => graphemes(text::TITLE),
        "in_return" | "verifier" | "trigger" => graphemes(text::CARD_FIELD),
        "note" => graphemes(text::NOTE),
        "statement" | "answer" | "facts" => graphemes(text::FACTS),
        "contact" | "why" | "q" => graphemes(200),
        "display_name" | "name" | "label" => graphemes(text::DISPLAY_NAME),
        // A password may be 256 characters of four bytes each; a token of a hand names its cards.
        "password" | "current" | "new" | "deal" => 1_024,
        // As long as names in the domain name system may be, in any script.
        "handle" | "domain" | "words" => 256,
        _ => WORD,
    }
}

/// Whether a text fits the field of this name.
///
/// # Errors
/// `too_long`, with the field.
pub fn text(field: &str, text: &str) -> Result<(), Fault> {
    within(field, text.len(), most(field))
}

/// Whether a path of an address is of a length that any of ours may have.
///
/// # Errors
/// `too_long`, with `path`.
pub fn path(path: &str) -> Result<(), Fault> {
    within("path", path.len(), PATH)
}

fn within(field: &str, length: usize, most: usize) -> Result<(), Fault> {
    if length <= most {
        Ok(())
    } else {
        Err(Fault::new(
            field,
            "too_long",
            format!("At most {most} bytes."),
        ))
    }
}

/// Whether every string of a body fits, at any depth; those of a list go by the list's name.
///
/// # Errors
/// `too_long`, with the path of the first that does not.
pub fn body(body: &Map<String, Value>) -> Result<(), Fault> {
    fields("", body)
}

fn fields(path: &str, map: &Map<String, Value>) -> Result<(), Fault> {
    for (name, value) in map {
        within(path, name.len(), NAME)?;
        let inner = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        field(&inner, name, value)?;
    }
    Ok(())
}

fn field(path: &str, name: &str, value: &Value) -> Result<(), Fault> {
    match value {
        Value::String(said) => within(path, said.len(), most(name)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(at, item)| field(&format!("{path}.{at}"), name, item)),
        Value::Object(map) => fields(path, map),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_string_that_is_too_long_is_named_wherever_it_stands() {
        let long = "x".repeat(most("title") + 1);
        for (value, path) in [
            (json!({ "title": long }), "title"),
            (
                json!({ "a": [{ "title": "fine" }, { "title": long }] }),
                "a.1.title",
            ),
            (json!({ "points": [["x", long]] }), "points.0.1"),
            (json!({ "no_such_field": long }), "no_such_field"),
            (json!({ "a": { long.as_str(): 1 } }), "a"),
        ] {
            let Value::Object(map) = value else {
                unreachable!()
            };
            let fault = body(&map).unwrap_err();
            assert_eq!(
                (fault.field.as_str(), fault.code.as_str()),
                (path, "too_long")
            );
            assert!(
                fault.detail.len() < 100,
                "what was too long is not said again"
            );
        }
        assert_eq!(text("title", &long[1..]), Ok(()));
    }
}
