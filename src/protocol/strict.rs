//! JSON from outside, read so that nothing is silently dropped: a key that stands twice is an
//! error, at any depth.
use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use super::problem::Problem;
use crate::domain::text::Fault;

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(StrictVisitor)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }
    fn visit_str<E>(self, value: &str) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }
    fn visit_string<E>(self, value: String) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }
    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(Strict(Value::Null))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Strict, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Strict(list.into()))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Strict, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let Strict(value) = entries.next_value()?;
            if map.insert(key.clone(), value).is_some() {
                return Err(A::Error::custom(format_args!(
                    "the key `{key}` stands twice"
                )));
            }
        }
        Ok(Strict(map.into()))
    }
}

/// A number from 0 on: places and versions.
///
/// # Errors
/// For one below.
pub fn natural<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let number = i64::deserialize(from)?;
    if number < 0 {
        Err(D::Error::custom("a number from 0 on"))
    } else {
        Ok(number)
    }
}

/// As [`natural`], where there may be none.
///
/// # Errors
/// For one below 0.
pub fn natural_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let number = Option::<i64>::deserialize(from)?;
    if number.is_some_and(|number| number < 0) {
        Err(D::Error::custom("a number from 0 on"))
    } else {
        Ok(number)
    }
}

/// A JSON object, each key once.
///
/// # Errors
/// `bad_request`, with what is wrong and where.
pub fn object(bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_slice(bytes) {
        Ok(Strict(Value::Object(map))) => Ok(map),
        Ok(_) => Err(Problem::bad_request(vec![Fault::new(
            "",
            "invalid",
            "A JSON object is expected.",
        )])),
        Err(error) => Err(Problem::bad_request(vec![Fault::new(
            "",
            "invalid_json",
            error.to_string(),
        )])),
    }
}

/// A value of the wire's type, or a problem that names the field.
///
/// # Errors
/// `bad_request`, with the field's path.
pub fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let said = error.inner().to_string();
        // serde names unknown and missing fields in words only: a form needs the name.
        let named = |before: &str| {
            said.strip_prefix(before)
                .and_then(|rest| rest.split('`').next())
        };
        let (name, code) = match (named("unknown field `"), named("missing field `")) {
            (Some(name), _) => (name, "unknown_field"),
            (_, Some(name)) => (name, "required"),
            _ => ("", "invalid"),
        };
        let name = if path.rsplit('.').next() == Some(name) {
            ""
        } else {
            name
        };
        let field = [path.as_str(), name]
            .into_iter()
            .filter(|part| !part.is_empty() && *part != ".")
            .collect::<Vec<_>>()
            .join(".");
        Problem::bad_request(vec![Fault::new(&field, code, said)])
    })
}

/// A variant named by the object's `type`, or a problem that names the field within it.
///
/// # Errors
/// `bad_request`, with the field's path.
pub fn tagged<T: DeserializeOwned>(mut body: Map<String, Value>) -> Result<T, Problem> {
    let name = body
        .remove("type")
        .and_then(|name| name.as_str().map(str::to_owned))
        .unwrap_or_default();
    let wrapped = Map::from_iter([(name.clone(), Value::Object(body))]);
    typed(Value::Object(wrapped)).map_err(|mut problem: Problem| {
        for fault in &mut problem.fields {
            let inner = fault
                .field
                .strip_prefix(name.as_str())
                .map(|rest| rest.trim_start_matches('.').to_owned());
            fault.field = inner.unwrap_or_default();
        }
        Problem::bad_request(problem.fields)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_stands_twice_is_named() {
        let problem = object(br#"{"a":{"b":1,"b":2}}"#).unwrap_err();
        assert!(
            problem.fields[0].detail.contains("`b` stands twice"),
            "{problem:?}"
        );
    }

    #[test]
    fn deep_nesting_and_broken_text_are_problems_not_crashes() {
        assert!(object("[".repeat(100_000).as_bytes()).is_err());
        assert!(object(b"{\"a\":\"\xff\"}").is_err());
    }
}
