//! JSON as a later version may have stored it: fields that this version does not know are read
//! over, also of types that are strict where a person typed them. Whether a type is read so is
//! decided here, not by an attribute somebody may forget.
use serde::{
    Deserializer,
    de::{
        DeserializeOwned, IntoDeserializer, Visitor, value::MapDeserializer, value::SeqDeserializer,
    },
    forward_to_deserialize_any,
};
use serde_json::{Error, Value};

/// The value, if all that this version asks of it is there and makes sense.
pub(super) fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(Lenient(value)).ok()
}

#[derive(Clone, Copy)]
struct Lenient<'v>(&'v Value);

impl<'de> IntoDeserializer<'de, Error> for Lenient<'de> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Lenient<'de> {
    /// Visits an object's entries, those of `fields` alone where a struct asks for some.
    fn entries<V: Visitor<'de>>(
        self,
        fields: Option<&'static [&'static str]>,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(map) => {
                let asked = map
                    .iter()
                    .filter(|(key, _)| fields.is_none_or(|fields| fields.contains(&key.as_str())));
                visitor.visit_map(MapDeserializer::new(
                    asked.map(|(key, value)| (key.as_str(), Lenient(value))),
                ))
            }
            Value::Array(items) => {
                visitor.visit_seq(SeqDeserializer::new(items.iter().map(Lenient)))
            }
            plain => plain.deserialize_any(visitor),
        }
    }
}

impl<'de> Deserializer<'de> for Lenient<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.entries(None, visitor)
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.entries(Some(fields), visitor)
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }
    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::framework::{Lineage, Party, Position};

    #[test]
    fn fields_of_a_later_version_are_read_over_at_any_depth() {
        let source =
            json!({ "url": "https://example.org", "outlet": "A", "date": "2025", "later": 1 });
        let position = json!({ "party": "a", "text": "t", "point_specific": true, "stated_on": null, "sources": [source], "later": {} });
        let read: Position = read(&position).unwrap();
        assert_eq!(
            (read.sources[0].outlet.as_str(), read.stated_on),
            ("A", None)
        );
        assert!(
            serde_json::from_value::<Position>(position).is_err(),
            "strict where a person typed it"
        );
    }

    #[test]
    fn what_is_missing_or_says_something_unknown_is_not_guessed() {
        assert!(read::<Party>(&json!({ "key": "a" })).is_none());
        let lineage = json!({ "relation": "a later word", "from": [1], "to": [1], "reason": "r" });
        assert!(read::<Lineage>(&lineage).is_none());
    }
}
