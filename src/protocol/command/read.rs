//! Reads a command: from one JSON object, or from a REST body and the address its path gave.
use serde_json::{Map, Value};

use super::Command;
use crate::protocol::{
    problem::{Code, Problem},
    strict,
};

impl Command {
    /// Reads a command from a JSON object with a `type`.
    ///
    /// # Errors
    /// `unknown_command`, or `bad_request` with the field.
    pub fn read(body: Map<String, Value>) -> Result<Self, Problem> {
        match body.get("type").and_then(Value::as_str) {
            None => Err(Problem::field(
                "type",
                "required",
                "A command has a `type`.",
            )),
            Some(name) if !Self::TYPES.contains(&name) => Err(Problem::new(
                Code::UnknownCommand,
                format!("There is no command `{name}` in this version."),
            )),
            Some(_) => strict::tagged(body),
        }
    }

    /// Reads the command `name` from a REST body and the address its path gave.
    ///
    /// # Errors
    /// `bad_request` with the field; a field that the path gives must not stand in the body.
    pub fn from_rest<const N: usize>(
        name: &str,
        mut body: Map<String, Value>,
        address: [(&str, Value); N],
    ) -> Result<Self, Problem> {
        for (field, value) in [("type", Value::from(name))].into_iter().chain(address) {
            if body.insert(field.into(), value).is_some() {
                return Err(Problem::field(
                    field,
                    "unknown_field",
                    "The path says this.",
                ));
            }
        }
        Self::read(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Command, Problem> {
        Command::read(strict::object(text.as_bytes())?)
    }

    #[test]
    fn unknown_fields_and_wrong_types_name_the_field() {
        let field = |text| read(text).unwrap_err().fields[0].field.clone();
        assert_eq!(
            field(r#"{"type":"join","camp":null,"consent":true,"x":1}"#),
            "x"
        );
        assert_eq!(field(r#"{"type":"join","camp":null}"#), "consent");
        assert_eq!(
            field(r#"{"type":"mark_read","point":99999999999999999999,"seq":1}"#),
            "point"
        );
        assert_eq!(
            field(r#"{"type":"report","object":{"kind":"comment","id":"x"},"reason":"spam"}"#),
            "object.id"
        );
        assert_eq!(
            read(r#"{"type":"merge_cards"}"#).unwrap_err().code,
            Code::UnknownCommand
        );
    }

    #[test]
    fn every_word_is_a_command() {
        for &name in Command::TYPES {
            let problem = read(&format!(r#"{{"type":"{name}","no_such_field":1}}"#)).unwrap_err();
            assert_eq!(problem.code, Code::BadRequest, "{name}: {problem:?}");
        }
    }
}
