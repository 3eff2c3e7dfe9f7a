//! Schemas as makers of clients and checkers read them: what serde flattens is one object, tuples
//! are arrays of a length.
use serde_json::{Map, Value, json};

/// Makes the schema, and all that are in it, plain. `schemas` are those that have a name.
pub fn plain(schema: &mut Value, schemas: &Value) {
    match schema {
        Value::Array(all) => all.iter_mut().for_each(|one| plain(one, schemas)),
        Value::Object(fields) => {
            fields.values_mut().for_each(|one| plain(one, schemas));
            one_object(fields, schemas);
            any_of(fields);
            tuple(fields);
        }
        _ => {}
    }
}

/// Makes words flow: where a line of the source ends says nothing, only an empty line does.
pub fn flowing(document: &mut Value) {
    match document {
        Value::Array(all) => all.iter_mut().for_each(flowing),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(words) if matches!(name.as_str(), "description" | "summary") => {
                        let paragraphs = words.split("\n\n").map(|words| words.replace('\n', " "));
                        *words = paragraphs.collect::<Vec<_>>().join("\n\n");
                    }
                    field => flowing(field),
                }
            }
        }
        _ => {}
    }
}

/// `allOf` as one object. Two objects side by side would contradict each other where one takes no
/// other fields, and many makers of clients leave out what is put together in this way.
fn one_object(fields: &mut Map<String, Value>, schemas: &Value) {
    let Some(parts) = fields.get("allOf").and_then(Value::as_array) else {
        return;
    };
    let mut ways = whole(parts, schemas);
    fields.remove("allOf");
    match ways.len() {
        1 => {
            let said = fields.get("description").cloned();
            fields.extend(ways.remove(0));
            fields.extend(said.map(|said| ("description".to_owned(), said)));
        }
        _ => _ = fields.insert("oneOf".into(), json!(ways)),
    }
}

/// The objects that such parts can make together: several, where a part is one of several.
fn whole(parts: &[Value], schemas: &Value) -> Vec<Map<String, Value>> {
    let mut ways = vec![Map::new()];
    for part in parts {
        let options = options(part, schemas);
        ways = ways
            .iter()
            .flat_map(|way| options.iter().map(|option| together(way, option)))
            .collect();
    }
    ways
}

/// What a part may be.
fn options(part: &Value, schemas: &Value) -> Vec<Map<String, Value>> {
    let named = part["$ref"]
        .as_str()
        .and_then(|path| path.rsplit('/').next());
    let part = named.map_or(part, |name| &schemas[name]);
    if let Some(parts) = part["allOf"].as_array() {
        return whole(parts, schemas);
    }
    match part["oneOf"].as_array() {
        Some(all) => all.iter().flat_map(|one| options(one, schemas)).collect(),
        None => part.as_object().into_iter().cloned().collect(),
    }
}

/// An object with the fields of both.
fn together(one: &Map<String, Value>, other: &Map<String, Value>) -> Map<String, Value> {
    let mut both = one.clone();
    for (key, value) in other {
        match (both.get_mut(key), value) {
            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more.clone()),
            (Some(Value::Array(known)), Value::Array(more)) => known.extend(more.iter().cloned()),
            _ => _ = both.insert(key.clone(), value.clone()),
        }
    }
    both
}

/// Several kinds of object without a word that tells them apart: more than one may fit.
fn any_of(fields: &mut Map<String, Value>) {
    let word = |field: &Value| {
        field["enum"]
            .as_array()
            .is_some_and(|words| words.len() == 1)
    };
    let told = |kind: &Value| {
        kind["type"] == "null"
            || kind["properties"]
                .as_object()
                .is_some_and(|fields| fields.values().any(word))
    };
    let kinds = fields.get("oneOf").and_then(Value::as_array);
    if kinds.is_some_and(|kinds| !kinds.iter().any(told))
        && let Some(kinds) = fields.remove("oneOf")
    {
        fields.insert("anyOf".into(), kinds);
    }
}

/// A tuple as an array of that many: `items: false` alone would let it be too short, and stops
/// makers of clients.
fn tuple(fields: &mut Map<String, Value>) {
    let Some(parts) = fields.get("prefixItems").and_then(Value::as_array).cloned() else {
        return;
    };
    fields.insert("minItems".into(), parts.len().into());
    fields.insert("maxItems".into(), parts.len().into());
    if parts.iter().all(|part| *part == parts[0]) {
        fields.insert("items".into(), parts[0].clone());
        fields.remove("prefixItems");
    }
}
