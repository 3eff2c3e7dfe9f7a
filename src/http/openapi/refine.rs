//! What the handlers' annotations leave out, from the table of guards and the commands: each
//! write's own body, the problems a route may answer with, and how one says who asks.
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{BASE, shapes};
use crate::{
    domain::permission::Action,
    http::guards::{Guard, ROUTES, Route},
    protocol::problem::Code,
};

/// The document with all of it. Each route of the table must be in the document.
pub fn refined(mut document: Value) -> Value {
    shapes::flowing(&mut document);
    let commands = commands(&document);
    if let Some(variants) = document["components"]["schemas"]["Command"]["oneOf"].as_array_mut() {
        variants.iter_mut().for_each(tag_inside);
    }
    for Route {
        method,
        path,
        guard,
        ..
    } in ROUTES
    {
        let operation = &mut document["paths"][format!("{BASE}{path}")][method.to_lowercase()];
        if let Guard::Command(name) = guard {
            write_of(operation, name, path, &commands[*name]);
        }
        operation["security"] = security(*guard);
        operation["tags"] = json!([path.split('/').nth(1).unwrap_or_default()]);
        answers_of(operation);
        questions_of(operation);
        for status in statuses(method, *guard, operation) {
            operation["responses"][status.to_string()] =
                json!({ "$ref": format!("#/components/responses/{status}") });
        }
    }
    let schemas = document["components"]["schemas"].clone();
    shapes::plain(&mut document, &schemas);
    document["components"]["responses"] = problems();
    document["components"]["securitySchemes"] = json!({
        "token": { "type": "http", "scheme": "bearer", "description": "A token made on the account page." },
        "session": { "type": "apiKey", "in": "cookie", "name": "demarche",
            "description": "What signing in sets; `__Host-demarche` over https. Requests that write with it need an `Origin` of the site." },
    });
    document
}

/// Each command's fields, by its name.
fn commands(document: &Value) -> BTreeMap<String, Value> {
    let schemas = &document["components"]["schemas"];
    let variants = schemas["Command"]["oneOf"]
        .as_array()
        .expect("a command is one of several");
    let fields = |variant: &Value| {
        let (name, fields) = variant["properties"].as_object()?.iter().next()?;
        let named = fields["$ref"]
            .as_str()
            .and_then(|path| path.rsplit('/').next());
        Some((
            name.clone(),
            named.map_or(fields, |named| &schemas[named]).clone(),
        ))
    };
    variants.iter().filter_map(fields).collect()
}

/// `{"join": {…}}` to `{"type": "join", …}`: on the wire a command's name stands beside its fields.
fn tag_inside(variant: &mut Value) {
    let Some(properties) = variant["properties"].as_object() else {
        return;
    };
    let Some((name, fields)) = properties
        .iter()
        .next()
        .map(|(name, fields)| (name.clone(), fields.clone()))
    else {
        return;
    };
    let tag = json!({ "type": "object", "required": ["type"], "properties": { "type": { "type": "string", "enum": [name] } } });
    let description = variant.get("description").cloned().unwrap_or_default();
    *variant = Value::Object(Map::from_iter([
        ("description".into(), description),
        ("allOf".into(), json!([tag, fields])),
    ]));
}

/// The fields of a command that stand in the path, or that the path leaves no room for.
fn addressed(name: &str) -> &'static [&'static str] {
    match name {
        "post_thread" => &["point", "concession"],
        "post_comment" => &["thread"],
        "edit_comment" | "delete_comment" => &["comment"],
        "merge_concession" => &["from"],
        "review_translation" => &["concession", "translation"],
        "edit_concession" | "withdraw_concession" | "translate_concession" | "send_to_person" => {
            &["concession"]
        }
        "confirm_scope" | "answer_card" | "withdraw_answer" => &["concession"],
        "propose_concession" | "deal_cards" | "answer_point" | "set_order" => &["question"],
        "open_round" | "close_round" | "set_closing" => &["question"],
        "second_decision" | "undo_decision" => &["decision"],
        "decide_appeal" => &["appeal"],
        "claim" => &["object", "release"],
        "mark_read" => &["point"],
        "set_role" => &["account"],
        "revoke_invitation" => &["id"],
        _ => &[],
    }
}

/// A write's body and its idempotency key.
fn write_of(operation: &mut Value, name: &str, path: &str, fields: &Value) {
    let key = json!({ "name": "Idempotency-Key", "in": "header", "required": false, "schema": { "type": "string", "format": "uuid" },
        "description": "The command's id, made by the client: the same sent again has one effect." });
    match operation["parameters"].as_array_mut() {
        Some(parameters) => parameters.push(key),
        None => operation["parameters"] = json!([key]),
    }
    // A route without a body takes none.
    if operation["requestBody"].is_null() {
        operation
            .as_object_mut()
            .map(|operation| operation.remove("requestBody"));
        return;
    }
    let addressed = addressed(name);
    let mut body = fields.clone();
    body["description"] = json!(format!(
        "The fields of the command `{name}` that {path} does not say."
    ));
    if let Some(properties) = body["properties"].as_object_mut() {
        properties.retain(|field, _| !addressed.contains(&field.as_str()));
    }
    if let Some(required) = body["required"].as_array_mut() {
        required.retain(|field| {
            field
                .as_str()
                .is_none_or(|field| !addressed.contains(&field))
        });
    }
    body["additionalProperties"] = json!(false);
    operation["requestBody"]["content"]["application/json"]["schema"] = body;
}

/// What comes back when all is well: OpenAPI wants a sentence about it, and what has nothing to
/// tell is an empty object.
fn answers_of(operation: &mut Value) {
    let summary = operation["summary"].clone();
    for response in operation["responses"]
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
    {
        response["description"] = summary.clone();
        if response["content"].is_null() {
            response["content"] = json!({ "application/json": { "schema": { "type": "object", "maxProperties": 0 } } });
        }
    }
}

/// In an address a thing is there or not: nobody can send `null`.
fn questions_of(operation: &mut Value) {
    for parameter in operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let schema = &mut parameter["schema"];
        if let Some(types) = schema["type"].as_array() {
            schema["type"] = types
                .iter()
                .find(|one| *one != "null")
                .cloned()
                .unwrap_or_default();
        }
        let found = schema["oneOf"]
            .as_array()
            .and_then(|all| all.iter().find(|one| one["type"] != "null"))
            .cloned();
        if let Some(found) = found {
            *schema = found;
        }
    }
}

/// How one says who asks, and whether one must.
fn security(guard: Guard) -> Value {
    match guard {
        Guard::Anyone | Guard::Action(Action::Read) | Guard::Command("deal_cards") => {
            json!([{}, { "token": [] }, { "session": [] }])
        }
        _ => json!([{ "token": [] }, { "session": [] }]),
    }
}

/// The statuses of the problems that a route may answer with.
fn statuses(method: &str, guard: Guard, operation: &Value) -> Vec<u16> {
    let (writes, has_body) = (method != "GET", operation["requestBody"].is_object());
    let placed = operation["parameters"].as_array();
    let placed =
        placed.is_some_and(|parameters| parameters.iter().any(|one| one["in"] != "header"));
    // A stream that is named may be one for moderators.
    let by_stream = operation["parameters"]
        .as_array()
        .is_some_and(|all| all.iter().any(|one| one["name"] == "stream"));
    let barred =
        writes || by_stream || !matches!(guard, Guard::Anyone | Guard::Action(Action::Read));
    let command = matches!(guard, Guard::Command(_));
    // A token that has ended, too many requests, a database that is away, an answer that came too
    // late: anywhere.
    let mut statuses = vec![401, 429, 503, 504];
    statuses.extend((has_body || placed).then_some(400));
    statuses.extend(barred.then_some(403));
    statuses.extend((placed || writes).then_some(404));
    // A place of another epoch.
    let of_epoch = operation["parameters"]
        .as_array()
        .is_some_and(|parameters| parameters.iter().any(|one| one["name"] == "epoch"));
    statuses.extend(
        (of_epoch || command || guard == Guard::Account && writes || has_body).then_some(409),
    );
    statuses.extend(has_body.then_some(413));
    statuses
}

/// A response for each status that a problem has.
fn problems() -> Value {
    let mut codes: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for code in Code::ALL {
        let word = serde_json::to_value(code).expect("a code is a word");
        codes
            .entry(code.status().0)
            .or_default()
            .push(format!("`{}`", word.as_str().unwrap_or_default()));
    }
    let response = |(status, codes): (u16, Vec<String>)| {
        let content = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
        let mut response = json!({ "description": codes.join(", "), "content": content });
        if matches!(status, 429 | 503) {
            response["headers"] = json!({ "Retry-After": { "schema": { "type": "integer" }, "description": "In seconds." } });
        }
        (status.to_string(), response)
    };
    Value::Object(codes.into_iter().map(response).collect())
}
