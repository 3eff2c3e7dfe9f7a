//! What stands in a column, by its kind: the values that a statement is given.
use serde::Serialize;
use sqlx::{Database, Encode, Type, encode::IsNull, error::BoxDynError};

use super::words::{self, Doc, Word};
use crate::id::Id;

/// A value of a row, by the kind of its column.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(Option<String>),
    Integer(Option<i64>),
    Truth(Option<bool>),
    Real(Option<f64>),
}

/// Each value names the type of its own kind; this one stands for none of them.
impl<DB: Database> Type<DB> for Value
where
    String: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        String::type_info()
    }
}

impl<'q, DB: Database> Encode<'q, DB> for Value
where
    String: Encode<'q, DB> + Type<DB>,
    i64: Encode<'q, DB> + Type<DB>,
    bool: Encode<'q, DB> + Type<DB>,
    f64: Encode<'q, DB> + Type<DB>,
{
    fn encode(self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        match self {
            Self::Text(Some(text)) => text.encode(buffer),
            other => other.encode_by_ref(buffer),
        }
    }
    fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        match self {
            Self::Text(Some(text)) => text.encode_by_ref(buffer),
            Self::Integer(Some(number)) => number.encode_by_ref(buffer),
            Self::Truth(Some(truth)) => truth.encode_by_ref(buffer),
            Self::Real(Some(number)) => number.encode_by_ref(buffer),
            Self::Text(None) | Self::Integer(None) | Self::Truth(None) | Self::Real(None) => {
                Ok(IsNull::Yes)
            }
        }
    }
    fn produces(&self) -> Option<DB::TypeInfo> {
        Some(match self {
            Self::Text(_) => String::type_info(),
            Self::Integer(_) => i64::type_info(),
            Self::Truth(_) => bool::type_info(),
            Self::Real(_) => f64::type_info(),
        })
    }
}

/// What stands in a column.
pub(super) trait Cell {
    /// Where there is none.
    const NONE: Value;
    /// As the database gets it.
    fn value(&self) -> Value;
}

macro_rules! cell {
    ($type:ty, $kind:ident, |$it:ident| $value:expr $(, $($of:tt)+)?) => {
        impl$(<$($of)+>)? Cell for $type {
            const NONE: Value = Value::$kind(None);
            fn value(&self) -> Value {
                let $it = self;
                Value::$kind(Some($value))
            }
        }
    };
}
cell!(str, Text, |text| text.to_owned());
cell!(String, Text, |text| text.clone());
cell!(i64, Integer, |number| *number);
cell!(u32, Integer, |number| i64::from(*number));
cell!(bool, Truth, |truth| *truth);
cell!(f64, Real, |number| *number);
cell!(Id<T>, Text, |id| id.to_string(), T);
cell!(Word<T>, Text, |word| words::word_text(word).expect("a word is text"), T: Serialize);
cell!(Doc<T>, Text, |doc| words::doc_text(doc).expect("a document is JSON"), T: Serialize);

impl<T: Cell + ?Sized> Cell for &T {
    const NONE: Value = T::NONE;
    fn value(&self) -> Value {
        T::value(self)
    }
}

impl<T: Cell> Cell for Option<T> {
    const NONE: Value = T::NONE;
    fn value(&self) -> Value {
        self.as_ref().map_or(T::NONE, T::value)
    }
}

/// The values of a row, in the order of its columns.
macro_rules! row {
    ($($value:expr),* $(,)?) => { [$($crate::store::values::Cell::value(&$value)),*] };
}
pub(super) use row;
