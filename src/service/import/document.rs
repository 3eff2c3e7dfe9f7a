//! A file's JSON with the place of every value, and what was found wrong with it.
use std::{collections::HashSet, fmt};

use serde::{
    Deserialize,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// The character of the line, from 1.
    pub column: usize,
    /// The field's path, such as `cards.0.title`; empty where the whole file is meant.
    pub field: String,
    /// Why.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            column,
            field,
            reason,
        } = self;
        let field = if field.is_empty() { "the file" } else { field };
        write!(f, "line {line}, column {column}, {field}: {reason}")
    }
}

/// What is wrong with a file: everything, in the order of the file.
#[derive(Debug)]
pub struct BadFile {
    /// At least one.
    pub faults: Vec<Fault>,
}

impl fmt::Display for BadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: Vec<String> = self.faults.iter().map(ToString::to_string).collect();
        f.write_str(&faults.join("\n"))
    }
}

/// A value and where it stands.
pub(super) struct Node<'a> {
    /// Its text in the file.
    pub raw: &'a str,
    /// Its path.
    pub path: String,
    /// What is in it.
    pub inside: Inside<'a>,
}

/// What is in a value.
pub(super) enum Inside<'a> {
    Object(Vec<(String, Node<'a>)>),
    List(Vec<Node<'a>>),
    Nothing,
    Other,
}

impl<'a> Node<'a> {
    /// A field of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.fields()
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, node)| node)
    }

    /// The fields of an object; of anything else none.
    pub fn fields(&self) -> &[(String, Self)] {
        if let Inside::Object(fields) = &self.inside {
            fields
        } else {
            &[]
        }
    }

    /// The values of a list; of anything else none.
    pub fn items(&self) -> &[Self] {
        if let Inside::List(items) = &self.inside {
            items
        } else {
            &[]
        }
    }

    /// The values of a list in a field.
    pub fn list(&self, name: &str) -> &[Self] {
        self.get(name).map(Self::items).unwrap_or_default()
    }

    /// The value, if it reads as this type.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.raw).ok()
    }

    /// The text in a field.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.read()
    }
}

/// A file and its faults so far.
pub(super) struct Document<'a> {
    text: &'a str,
    /// Where each stands in the text, in bytes, its field and the reason.
    faults: Vec<(usize, String, String)>,
}

impl<'a> Document<'a> {
    /// The file's text, without the byte order mark that some editors put in front.
    pub fn new(text: &'a str) -> Self {
        Self {
            text: text.strip_prefix('\u{feff}').unwrap_or(text),
            faults: vec![],
        }
    }

    /// The whole file as a value.
    ///
    /// # Errors
    /// The place where it stops being JSON.
    pub fn parse(&mut self) -> Result<Node<'a>, BadFile> {
        // Reads everything, looks for an end of the file, and goes no deeper than is safe.
        if let Err(error) = serde_json::from_str::<serde_json::Value>(self.text) {
            let line = self
                .text
                .lines()
                .nth(error.line().saturating_sub(1))
                .unwrap_or_default();
            // The parser counts bytes and stands behind what it read.
            let column = line
                .char_indices()
                .take_while(|(at, _)| *at < error.column().saturating_sub(1))
                .count()
                + 1;
            let empty = self.text.trim().is_empty();
            let reason = if empty {
                "It is empty.".into()
            } else {
                format!("This is no JSON: {}.", without_place(&error))
            };
            return Err(BadFile {
                faults: vec![Fault {
                    line: error.line().max(1),
                    column,
                    field: String::new(),
                    reason,
                }],
            });
        }
        let raw: &RawValue = serde_json::from_str(self.text).expect("it was read a moment ago");
        Ok(self.node(raw.get(), String::new()))
    }

    fn node(&mut self, raw: &'a str, path: String) -> Node<'a> {
        let below = |name: &str| {
            if path.is_empty() {
                name.to_owned()
            } else {
                format!("{path}.{name}")
            }
        };
        let inside = match raw.as_bytes().first() {
            Some(b'{') => {
                let Fields(all) = serde_json::from_str(raw).expect("an object");
                let mut fields: Vec<(String, Node<'a>)> = vec![];
                let mut names = HashSet::new();
                for (name, value) in all {
                    let node = self.node(value.get(), below(&name));
                    if names.contains(&name) {
                        self.fault(&node, "This field stands twice.");
                    } else {
                        names.insert(name.clone());
                        fields.push((name, node));
                    }
                }
                Inside::Object(fields)
            }
            Some(b'[') => {
                let all: Vec<&'a RawValue> = serde_json::from_str(raw).expect("a list");
                Inside::List(
                    all.into_iter()
                        .enumerate()
                        .map(|(at, value)| self.node(value.get(), below(&at.to_string())))
                        .collect(),
                )
            }
            Some(b'n') => Inside::Nothing,
            _ => Inside::Other,
        };
        Node { raw, path, inside }
    }

    /// Remembers what is wrong with a value.
    pub fn fault(&mut self, node: &Node<'_>, reason: impl Into<String>) {
        self.fault_of(node, "", reason);
    }

    /// Remembers what is wrong with a field below a value, whether it is there or not.
    pub fn fault_of(&mut self, node: &Node<'_>, field: &str, reason: impl Into<String>) {
        let found = field.split('.').try_fold(node, |node, name| node.get(name));
        let at = if field.is_empty() {
            node
        } else {
            found.unwrap_or(node)
        };
        let path = [node.path.as_str(), field]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(".");
        // Every value is a part of the text.
        let offset = at.raw.as_ptr() as usize - self.text.as_ptr() as usize;
        self.faults.push((offset, path, reason.into()));
    }

    /// Whether nothing was found.
    pub fn is_good(&self) -> bool {
        self.faults.is_empty()
    }

    /// Everything that was found.
    pub fn faults(self) -> BadFile {
        let mut found = self.faults;
        found.sort();
        found.dedup();
        // Lines and columns are counted once through the text, however many faults there are.
        let (mut line, mut column, mut from) = (1, 1, 0);
        let place = |(offset, field, reason): (usize, String, String)| {
            for c in self.text[from..offset].chars() {
                (line, column) = if c == '\n' {
                    (line + 1, 1)
                } else {
                    (line, column + 1)
                };
            }
            from = offset;
            Fault {
                line,
                column,
                field,
                reason,
            }
        };
        BadFile {
            faults: found.into_iter().map(place).collect(),
        }
    }
}

/// The parser's words without the place at their end.
pub(super) fn without_place(error: &serde_json::Error) -> String {
    let said = error.to_string();
    said.rsplit_once(" at line ")
        .map_or(said.as_str(), |(reason, _)| reason)
        .to_owned()
}

/// The fields of an object as they stand, those that stand twice too.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reads;
        impl<'de> Visitor<'de> for Reads {
            type Value = Fields<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut all = vec![];
                while let Some(field) = map.next_entry()? {
                    all.push(field);
                }
                Ok(Fields(all))
            }
        }
        from.deserialize_map(Reads)
    }
}
