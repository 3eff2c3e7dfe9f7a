//! The OpenAPI document is what the routes do: it says each body, each problem, and names what the
//! other descriptions name.
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::LazyLock,
};

use demarche::http::guards::{Guard, ROUTES, Route};
use serde_json::{Value, json};

use crate::harness::{World, both, project};

const SLUG: &str = "test";
const ID: &str = "0199f0a2-0000-7000-8000-000000000001";

fn schema<'a>(document: &'a Value, of: &'a Value) -> &'a Value {
    match of["$ref"].as_str() {
        Some(path) => &document["components"]["schemas"][path.rsplit('/').next().unwrap()],
        None => of,
    }
}

/// The properties of a schema, also where it is put together of several.
fn properties(document: &Value, of: &Value) -> BTreeSet<String> {
    let of = schema(document, of);
    let own = of["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone());
    let parts = ["oneOf", "anyOf"]
        .iter()
        .flat_map(|kind| of[kind].as_array().into_iter().flatten());
    own.chain(parts.flat_map(|part| properties(document, part)))
        .collect()
}

/// The operation of the document that a request was for, by its path under `/api/v1`.
fn operation<'a>(document: &'a Value, method: &str, path: &str) -> Option<&'a Value> {
    let path = path.split('?').next().unwrap_or_default();
    let fits = |pattern: &str| {
        let (asked, known): (Vec<_>, Vec<_>) =
            (path.split('/').collect(), pattern.split('/').collect());
        asked.len() == known.len()
            && asked
                .iter()
                .zip(known)
                .all(|(asked, known)| known.starts_with('{') || *asked == known)
    };
    let named = |pattern: &str| pattern.matches('{').count();
    let found = ROUTES
        .iter()
        .filter(|route| route.method == method && fits(route.path))
        .min_by_key(|route| named(route.path));
    found.map(|route| {
        &document["paths"][format!("/api/v1{}", route.path)][route.method.to_lowercase()]
    })
}

/// Every answer that any test gets is one that the document names: its status, and what kind of
/// body it has.
pub fn heed(method: &str, path: &str, status: u16, kind: &str) {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(demarche::http::document);
    // Another method of the same path, or no route at all.
    let Some(operation) = operation(&DOCUMENT, method, path).filter(|_| status != 405) else {
        return;
    };
    let mut response = &operation["responses"][status.to_string()];
    if let Some(named) = response["$ref"].as_str() {
        response = DOCUMENT.pointer(&named[1..]).expect("it leads somewhere");
    }
    assert!(
        response.is_object(),
        "{method} {path} answered {status}, which the OpenAPI document does not name"
    );
    let kinds: Vec<&String> = response["content"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(kind, _)| kind)
        .collect();
    let fits = kinds.is_empty() || kinds.iter().any(|known| kind.starts_with(known.as_str()));
    assert!(
        fits,
        "{method} {path} answered {status} with {kind}, and the OpenAPI document names {kinds:?}"
    );
}

#[test]
fn every_route_names_its_problems_its_scheme_and_a_body_of_its_own() {
    let document = demarche::http::document();
    for Route {
        method,
        path,
        guard,
        ..
    } in ROUTES
    {
        let operation = &document["paths"][format!("/api/v1{path}")][method.to_lowercase()];
        let problems = operation["responses"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(status, _)| status.as_str() >= "400");
        assert!(
            problems.clone().count() >= 4,
            "{method} {path} names too few problems"
        );
        assert!(
            problems.clone().all(|(_, problem)| document
                .pointer(&problem["$ref"].as_str().unwrap()[1..])
                .is_some()),
            "{method} {path}"
        );
        assert!(
            !operation["security"].as_array().unwrap().is_empty(),
            "{method} {path}"
        );
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        assert_ne!(
            body["$ref"], "#/components/schemas/Command",
            "{method} {path} takes its own fields, not any command"
        );
        if let (Guard::Command(name), true) = (guard, body.is_object()) {
            assert!(
                !properties(&document, body).contains("type"),
                "{method} {path}: the path says that it is {name}"
            );
        }
    }
    let unlisted: Vec<_> = document["paths"]
        .as_object()
        .unwrap()
        .keys()
        .filter(|path| !ROUTES.iter().any(|route| path.ends_with(route.path)))
        .collect();
    assert!(unlisted.is_empty(), "{unlisted:?} are not guarded");
}

#[test]
fn every_parameter_stands_where_it_is_sent_and_every_answer_is_described() {
    let document = demarche::http::document();
    for Route { method, path, .. } in ROUTES {
        let operation = &document["paths"][format!("/api/v1{path}")][method.to_lowercase()];
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let placed: BTreeSet<&str> = parameters
            .clone()
            .filter(|one| one["in"] == "path")
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        let wanted: BTreeSet<&str> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.split('}').next())
            .collect();
        assert_eq!(
            placed, wanted,
            "{method} {path}: the parameters of the path are those in its braces"
        );
        for parameter in parameters {
            assert!(
                !parameter["schema"].to_string().contains("\"null\""),
                "{method} {path}: nobody can send null as {}",
                parameter["name"]
            );
        }
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let answer = answer["$ref"]
                .as_str()
                .map_or(answer, |named| document.pointer(&named[1..]).unwrap());
            assert!(
                answer["description"]
                    .as_str()
                    .is_some_and(|said| !said.is_empty()),
                "{method} {path} does not say what {status} is"
            );
            assert!(
                answer["content"]
                    .as_object()
                    .is_some_and(|kinds| !kinds.is_empty()),
                "{method} {path} does not say what {status} holds"
            );
        }
    }
    let changes = &document["paths"]["/api/v1/frameworks/{slug}/changes"]["get"]["responses"];
    assert!(
        changes["409"].is_object(),
        "a place of another epoch is a conflict"
    );
    assert!(
        document["paths"]["/api/v1/me/export"]["get"]["responses"]["403"].is_object(),
        "a token may not"
    );
}

/// Every object of the document that stands for a schema or holds some.
fn each(value: &Value, heed: &mut impl FnMut(&Value)) {
    heed(value);
    value
        .as_object()
        .into_iter()
        .flat_map(|fields| fields.values())
        .for_each(|one| each(one, heed));
    value
        .as_array()
        .into_iter()
        .flatten()
        .for_each(|one| each(one, heed));
}

#[test]
fn what_is_put_together_is_one_object_and_a_pair_holds_two() {
    let document = demarche::http::document();
    let mut pairs = 0;
    each(&document, &mut |schema| {
        assert!(
            schema["allOf"].is_null(),
            "closed objects side by side contradict each other: {schema}"
        );
        assert_ne!(schema["items"], false, "makers of clients stop at {schema}");
        pairs += usize::from(schema["minItems"] == 2 && schema["maxItems"] == 2);
    });
    assert!(pairs > 1, "the spans of faults and matches are pairs");
    let commands = document["components"]["schemas"]["Command"]["oneOf"]
        .as_array()
        .unwrap();
    let names: BTreeSet<&str> = commands
        .iter()
        .map(|one| one["properties"]["type"]["enum"][0].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        demarche::protocol::command::Command::TYPES
            .iter()
            .copied()
            .collect()
    );
    assert!(
        document["components"]["schemas"]["EventObject"]["anyOf"].is_array(),
        "a card reads as an id with more fields, too"
    );
}

#[test]
fn the_words_of_problems_are_those_of_the_schema() {
    let document = demarche::http::document();
    let words: BTreeSet<String> =
        serde_json::from_value(document["components"]["schemas"]["Code"]["enum"].clone()).unwrap();
    let all: BTreeSet<String> =
        serde_json::from_value(json!(demarche::protocol::problem::Code::ALL)).unwrap();
    assert_eq!(words, all);
}

/// The words in back ticks of the first column of the table that begins with this header.
fn first_column(page: &str, header: &str) -> BTreeSet<String> {
    let rows = page
        .split(header)
        .nth(1)
        .unwrap_or_else(|| panic!("there is no table {header}"))
        .lines();
    let rows = rows
        .skip_while(|line| !line.starts_with("|---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'));
    let cells = rows.map(|row| row.split('|').nth(1).unwrap().to_owned());
    cells
        .flat_map(|cell| {
            cell.split('`')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn the_page_about_the_protocol_tells_of_every_command_act_rule_and_problem() {
    let document = demarche::http::document();
    let page = fs::read_to_string(project().join("docs/protocol.md")).unwrap();
    let words = |name: &str| -> BTreeSet<String> {
        serde_json::from_value(document["components"]["schemas"][name]["enum"].clone()).unwrap()
    };
    assert_eq!(
        first_column(&page, "| code | status"),
        words("Code"),
        "problems"
    );
    let told: BTreeSet<String> = page
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    let named = |word: &String| {
        told.iter().any(|span| {
            span.split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .any(|part| part == word)
        })
    };
    let commands: BTreeSet<String> = demarche::protocol::command::Command::TYPES
        .iter()
        .map(ToString::to_string)
        .collect();
    for (what, all) in [
        ("command", commands),
        ("act", words("Act")),
        ("reason", words("Reason")),
        ("kind of event", words("EventKind")),
    ] {
        let missing: Vec<_> = all.into_iter().filter(|word| !named(word)).collect();
        assert!(
            missing.is_empty(),
            "docs/protocol.md does not name each {what}: {missing:?}"
        );
    }
    let routes: Vec<_> = ROUTES
        .iter()
        .filter(|route| !page.contains(route.path.trim_start_matches('/')))
        .collect();
    assert!(
        routes.is_empty(),
        "docs/protocol.md does not name these routes: {routes:?}"
    );
}

/// The interfaces that the TypeScript types declare, with their fields.
fn declared() -> BTreeMap<String, BTreeSet<String>> {
    let types = fs::read_to_string(project().join("frontend/src/lib/api/types.ts")).unwrap();
    let mut all = BTreeMap::new();
    for declaration in types.split("\nexport type ").skip(1) {
        let (name, rest) = declaration.split_once(" = ").unwrap();
        // Unions and generic types have no fields of their own.
        // Nor has what takes others in: those are declared themselves.
        let takes_in = rest
            .split("& ")
            .skip(1)
            .any(|part| part.starts_with(char::is_uppercase));
        if name.contains('<') || !rest.starts_with('{') || takes_in {
            continue;
        }
        all.insert(name.to_owned(), fields(rest));
    }
    all
}

/// The names at the first depth of `{ a: …, b?: … } & …`.
fn fields(object: &str) -> BTreeSet<String> {
    let (mut depth, mut names, mut word, mut comment) = (0, BTreeSet::new(), String::new(), false);
    let mut text = object.chars().peekable();
    while let Some(c) = text.next() {
        match c {
            '/' if text.peek() == Some(&'*') => comment = true,
            '*' if text.peek() == Some(&'/') => {
                text.next();
                comment = false;
            }
            _ if comment => {}
            // Round brackets only group.
            '(' | ')' => {}
            '{' | '[' | '<' => depth += 1,
            '}' | ']' | '>' => {
                depth -= 1;
                word.clear();
            }
            ';' if depth == 0 => break,
            ':' if depth == 1 => {
                names.insert(
                    word.trim()
                        .trim_end_matches('?')
                        .trim_matches('"')
                        .to_owned(),
                );
                word.clear();
            }
            ',' if depth == 1 => word.clear(),
            c if depth == 1 => word.push(c),
            _ => {}
        }
    }
    names
}

#[test]
fn the_typescript_types_and_the_document_have_the_same_fields() {
    let document = demarche::http::document();
    let declared = declared();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut compared = 0;
    for (name, fields) in &declared {
        let Some(schema) = schemas.get(name) else {
            continue;
        };
        compared += 1;
        assert_eq!(&properties(&document, schema), fields, "{name}");
    }
    // What answers hold must be known to both.
    assert!(
        compared * 10 >= declared.len() * 8,
        "only {compared} of {} types stand in the document",
        declared.len()
    );
}

/// Where a route stands for things that are there.
fn address(world: &World, path: &str, things: &[(&str, &str)]) -> String {
    let mut address = path
        .replace("{slug}", SLUG)
        .replace("{number}", "1")
        .replace("{kind}", "comment")
        .replace("{translation}", ID);
    for (room, id) in things {
        address = address.replace(&format!("/{room}/{{id}}"), &format!("/{room}/{id}"));
    }
    let address = address.replace("{id}", ID).replace("{account}", ID);
    let needs_framework = ["/moderation/", "/appeals", "/reports"]
        .iter()
        .any(|room| address.starts_with(room));
    if needs_framework {
        format!("{address}?framework={}", world.framework)
    } else {
        address
    }
}

both! {
    a_write_takes_the_fields_that_the_document_names_and_no_others,
}

async fn a_write_takes_the_fields_that_the_document_names_and_no_others(world: World) {
    let document = demarche::http::document();
    let owner = world.admin("olena").await;
    let (thread, comment) = owner.thread(1, "A thread.").await;
    let card = world.card(&owner, "A card").await;
    let things = [
        ("threads", thread.as_str()),
        ("comments", comment.as_str()),
        ("concessions", &card),
        ("questions", &world.question),
    ];
    let mut asked = 0;
    for Route {
        method,
        path,
        guard,
        ..
    } in ROUTES
    {
        let Guard::Command(name) = guard else {
            continue;
        };
        let body = &document["paths"][format!("/api/v1{path}")][method.to_lowercase()]["requestBody"]
            ["content"]["application/json"]["schema"];
        if body.is_null() {
            continue;
        }
        let all = document["components"]["schemas"]["Command"]["oneOf"]
            .as_array()
            .unwrap();
        let whole = all
            .iter()
            .find(|one| one["properties"]["type"]["enum"][0] == **name)
            .unwrap();
        let own = properties(&document, body);
        for field in properties(&document, whole) {
            let sent = json!({ field.as_str(): { "no": "such" } }).to_string();
            let answer = owner
                .send(
                    method.parse().unwrap(),
                    &address(&world, path, &things),
                    None,
                    Some(sent.into()),
                )
                .await;
            // What is not there is told before the body is read.
            if answer.problem().0 == "not_found" {
                continue;
            }
            // Some say first what they need to find the framework.
            if !own.contains(&field) && answer.body["fields"][0]["code"] == "required" {
                continue;
            }
            asked += 1;
            let unknown =
                answer.body["fields"][0]["code"] == "unknown_field" && answer.problem().1 == field;
            assert_eq!(
                unknown,
                !own.contains(&field),
                "{method} {path} and the field {field}: {}",
                answer.body
            );
        }
    }
    assert!(asked > 60, "only {asked} fields could be asked for");
}
