//! The shapes of the three kinds of files: a framework, cards, and a labelled sample.
use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;

use super::{
    Field,
    Needed::{No, Yes},
    Shape::{self, Address, Any, Date, Key, Language, List, Map, Object, Text, Typed},
};
use crate::{
    domain::{
        ballot::{Acceptance, Assent, Realism},
        concession::Category,
        framework::{Relation, Reveal, Status},
        text,
        thread::CommentKind,
    },
    service::import::document::without_place,
};

fn typed<T: DeserializeOwned>(raw: &str) -> Result<(), String> {
    serde_json::from_str::<T>(raw)
        .map(drop)
        .map_err(|error| without_place(&error))
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

const NAME: Shape = Object(&[
    Field("en", Text(80), Yes),
    Field("uk", Text(80), Yes),
    Field("ru", Text(80), Yes),
]);
const PROMPT: Shape = Object(&[
    Field("en", Text(WORDS), Yes),
    Field("uk", Text(WORDS), Yes),
    Field("ru", Text(WORDS), Yes),
]);
const SOURCE: Shape = Object(&[
    Field("url", Address, Yes),
    Field("outlet", Text(WORDS), Yes),
    Field("date", Date, Yes),
    Field("evidence", Text(80), No),
]);
const PARTY: Shape = Object(&[
    Field("key", Key, Yes),
    Field("name", NAME, Yes),
    Field("camp", Key, No),
]);
const CAMP: Shape = Object(&[
    Field("key", Key, Yes),
    Field("name", NAME, Yes),
    Field("in_score", Typed(typed::<bool>), Yes),
]);
const MEANINGS: Shape = Map(&Text(WORDS));
const LEGENDS: Shape = Object(&[
    Field("status", MEANINGS, Yes),
    Field("evidence", MEANINGS, Yes),
    Field("verification", MEANINGS, Yes),
]);
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
pub const FRAMEWORK: Shape = Object(&[
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

const TRANSLATION: Shape = Object(&[
    Field("title", Any, Yes),
    Field("body", Any, Yes),
    Field("in_return", Any, No),
    Field("verifier", Any, No),
    Field("trigger", Any, No),
]);
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
pub const CARDS: Shape = Object(&[
    Field("format", Any, Yes),
    Field("framework", Key, Yes),
    Field("label", Key, Yes),
    Field("cards", List(&CARD, 0..=5_000), Yes),
]);

const AUTHOR: Shape = Object(&[
    Field("key", Key, Yes),
    Field("handle", Any, Yes),
    Field("display_name", Any, No),
    Field("camp", Key, No),
]);
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
const ANSWERS: Shape = Object(&[
    Field("card", Key, Yes),
    Field("from", Key, No),
    Field("camp", Key, Yes),
    Field("given", List(&Typed(given), 0..=1_000), Yes),
]);
const POINT_ANSWERS: Shape = Object(&[
    Field("question", Key, Yes),
    Field("camp", Key, Yes),
    Field("given", List(&Typed(typed::<Assent>), 0..=1_000), Yes),
]);

/// One answer of a sample, with or without its third part.
fn given(raw: &str) -> Result<(), String> {
    match serde_json::from_str::<Vec<serde_json::Value>>(raw) {
        Ok(parts) if parts.len() == 3 => {
            typed::<(Acceptance, Option<Realism>, Option<Assent>)>(raw)
        }
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
pub const SAMPLE: Shape = Object(&[
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
