//! How our types stand in columns: ids, enums and documents are all TEXT.
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};

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

/// An enum whose serde form is one word.
#[derive(Clone, Copy, Debug)]
pub struct Word<T>(pub T);

/// A document, as JSON.
#[derive(Clone, Debug)]
pub struct Doc<T>(pub T);

macro_rules! text_column {
    ($name:ident, $from:expr, $to:expr) => {
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
                let text = <&str>::decode(value)?;
                Ok($name($from(text)?))
            }
        }
        impl<'q, T: Serialize, DB: Database> Encode<'q, DB> for $name<T>
        where
            String: Encode<'q, DB>,
        {
            fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                let text: String = $to(&self.0)?;
                text.encode(buffer)
            }
        }
    };
}

text_column!(Doc, |text| serde_json::from_str(text), |value| serde_json::to_string(value));
text_column!(Word, |text: &str| serde_json::from_value(text.into()), |value| {
    serde_json::to_value(value).map(|word| word.as_str().expect("a word serialises as a string").to_owned())
});
