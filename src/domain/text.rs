//! What people may type: the limits of every field, cleaning, and faults that name the field.
mod check;
mod visible;

pub use self::{
    check::{Check, Fault},
    visible::{clean, is_hidden, is_invisible, shows},
};

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
/// Bytes a field may have for each grapheme it may hold: one may carry any number of combining
/// marks, and eight bytes are generous for every script.
pub const GRAPHEME: usize = 8;
/// How somebody without an account can be reached, in graphemes.
pub const CONTACT: usize = 200;

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
