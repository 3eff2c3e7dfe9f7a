//! How our types stand in columns: ids, enums and documents are all TEXT. The one door through
//! which they are read: what a later version wrote comes through it as [`Word::Other`] or
//! [`Doc::Other`], never as an error, and no type lets a row forget that.
use serde::{
    Serialize,
    de::{DeserializeOwned, IntoDeserializer, value},
};
use serde_json::Value;
use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};

use super::lenient;
pub(super) use crate::domain::word::Word;
use crate::id::Id;

impl<T, DB: Database> Type<DB> for Id<T>
where
    String: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        String::type_info()
    }
    fn compatible(ty: &DB::TypeInfo) -> bool {
        String::compatible(ty)
    }
}
impl<'r, T, DB: Database> Decode<'r, DB> for Id<T>
where
    &'r str: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(<&str>::decode(value)?.parse()?)
    }
}
impl<'q, T, DB: Database> Encode<'q, DB> for Id<T>
where
    String: Encode<'q, DB>,
{
    fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.to_string().encode(buffer)
    }
}

/// A document, as JSON. Fields that this version does not know are read over.
#[derive(Clone, Debug)]
pub enum Doc<T> {
    /// One this version can read.
    Known(T),
    /// JSON that says something it cannot.
    Other(Value),
}

impl<T> Doc<T> {
    /// The document, if this version can read it.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(doc) => Some(doc),
            Self::Other(_) => None,
        }
    }
}

/// A list of documents; those that this version cannot read are left out.
#[derive(Clone, Debug)]
pub struct Docs<T>(pub Vec<T>);

fn doc<T: DeserializeOwned>(text: &str) -> serde_json::Result<Doc<T>> {
    if let Ok(doc) = serde_json::from_str(text) {
        return Ok(Doc::Known(doc));
    }
    let value: Value = serde_json::from_str(text)?;
    Ok(lenient::read(&value).map_or(Doc::Other(value), Doc::Known))
}

fn docs<T: DeserializeOwned>(text: &str) -> serde_json::Result<Docs<T>> {
    if let Ok(docs) = serde_json::from_str(text) {
        return Ok(Docs(docs));
    }
    let values: Vec<Value> = serde_json::from_str(text)?;
    Ok(Docs(values.iter().filter_map(lenient::read).collect()))
}

fn word<T: DeserializeOwned>(text: &str) -> Word<T> {
    let known: Result<T, value::Error> = T::deserialize(text.into_deserializer());
    known.map_or_else(|_| Word::Other(text.to_owned()), Word::Known)
}

/// A number that was a `u32` when it was written.
pub(super) fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// A type that stands in a TEXT column.
macro_rules! text_column {
    ($name:ident, $read:expr, $write:expr) => {
        impl<T, DB: Database> Type<DB> for $name<T>
        where
            String: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                String::type_info()
            }
            fn compatible(ty: &DB::TypeInfo) -> bool {
                String::compatible(ty)
            }
        }
        impl<'r, T: DeserializeOwned, DB: Database> Decode<'r, DB> for $name<T>
        where
            &'r str: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                Ok($read(<&str>::decode(value)?)?)
            }
        }
        impl<'q, T: Serialize, DB: Database> Encode<'q, DB> for $name<T>
        where
            String: Encode<'q, DB>,
        {
            fn encode_by_ref(
                &self,
                buffer: &mut DB::ArgumentBuffer,
            ) -> Result<IsNull, BoxDynError> {
                let text: String = $write(self)?;
                text.encode(buffer)
            }
        }
    };
}

/// A word as its column holds it.
pub(super) fn word_text<T: Serialize>(word: &Word<T>) -> serde_json::Result<String> {
    match word {
        Word::Known(word) => serde_json::to_value(word).map(|word| {
            word.as_str()
                .expect("a word serialises as a string")
                .to_owned()
        }),
        Word::Other(word) => Ok(word.clone()),
    }
}

/// A document as its column holds it.
pub(super) fn doc_text<T: Serialize>(doc: &Doc<T>) -> serde_json::Result<String> {
    match doc {
        Doc::Known(doc) => serde_json::to_string(doc),
        Doc::Other(doc) => serde_json::to_string(doc),
    }
}

text_column!(Word, |text| serde_json::Result::Ok(word(text)), word_text);
text_column!(Doc, doc, doc_text);
text_column!(Docs, docs, |docs: &Docs<T>| serde_json::to_string(&docs.0));
