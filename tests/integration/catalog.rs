//! The catalog of Macrometa's operations is made here, from the description of Macrometa's API.
//!
//! The document gives method, path and parameters; `tests/catalog/help.txt` our line of help for
//! each, and the order; `tests/catalog/extra.txt` what the document lacks. Nothing of the
//! document's own text is taken. `APICALL_BLESS=1 cargo test catalog` writes the file anew; where
//! the document is not beside the package, only the files of the package are compared.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use apicall::service::macrometa::catalog;
use apicall::service::operation::{is_placeholder, segments};
use serde_json::Value;

use crate::support::is_blessing;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

const COMMITTED: &str = "src/service/macrometa/catalog.txt";

/// A file of the package.
fn own(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A JSON file from `$APICALL_TEST_DATA`, or from beside the package where apicall is developed.
fn beside(name: &str) -> Option<Value> {
    let folder = std::env::var_os("APICALL_TEST_DATA");
    let folder = folder.map_or_else(|| own("../shared/data"), PathBuf::from);
    let file = folder.join(name);
    let text = fs::read(file).ok()?;
    Some(serde_json::from_slice(&text).unwrap())
}

/// `POST /_api/key | Create a key`, without comments.
fn help() -> Vec<(String, String)> {
    let text = fs::read_to_string(own("tests/catalog/help.txt")).unwrap();
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (call, help) = line.split_once(" | ").unwrap();
            (call.to_owned(), help.to_owned())
        })
        .collect()
}

#[test]
fn the_catalog_is_made_from_the_document() {
    let Some(document) = beside("macrometa-openapi.json") else {
        return;
    };
    let made = make(&document);
    let file = own(COMMITTED);
    if is_blessing() {
        fs::write(&file, &made).unwrap();
        return;
    }
    let committed = fs::read_to_string(&file).unwrap();
    for (line, (made, committed)) in made.lines().zip(committed.lines()).enumerate() {
        assert_eq!(committed, made, "{COMMITTED}:{}: bless it", line + 1);
    }
    assert_eq!(committed, made, "{COMMITTED}: bless it");
}

/// Help and catalog belong together also where there is no document.
#[test]
fn every_line_of_help_is_in_the_catalog() {
    // While the file is being written anew the one in the binary is the old one.
    if is_blessing() {
        return;
    }
    let operations = catalog::operations();
    let help = help();
    assert_eq!(help.len(), 313);
    let mut seen = HashSet::new();
    for (call, text) in help {
        assert!(seen.insert(call.clone()), "{call} is there twice");
        let found = operations
            .iter()
            .find(|o| format!("{} {}", o.method, o.path) == call);
        assert_eq!(found.map(|o| &*o.summary), Some(&*text), "{call}");
        assert!(!text.ends_with('.') && text.len() <= 80, "{text}");
        assert!(text.starts_with(char::is_uppercase), "{text}");
    }
}

/// Whatever the SDKs were seen to call is an operation, by the path that the service has for it.
#[test]
fn what_the_sdks_call_is_in_the_catalog() {
    let Some(wire) = beside("macrometa-wire.json").filter(|_| !is_blessing()) else {
        return;
    };
    let operations = catalog::operations();
    let mut calls = 0;
    for row in wire["requests"].as_array().unwrap() {
        let (method, target) = (&row["method"], row["target"].as_str().unwrap());
        let path = target.split('?').next().unwrap();
        let is_known = spellings(path).iter().any(|path| {
            operations
                .iter()
                .any(|o| o.method == *method && o.has_path(path))
        });
        assert!(is_known, "{method} {path}");
        calls += 1;
    }
    assert!(calls > 100, "{calls}");
}

/// SDKs leave `_api` out, and put a fabric before what belongs to none; the service takes both.
fn spellings(path: &str) -> Vec<String> {
    let mut list = vec![path.to_owned()];
    let mut parts = segments(path);
    if let (Some("_fabric"), Some(fabric)) = (parts.next(), parts.next()) {
        let rest: Vec<&str> = parts.filter(|s| *s != "_api").collect();
        let rest = rest.join("/");
        list.push(format!("/_fabric/{fabric}/_api/{rest}"));
        list.push(format!("/_api/{rest}"));
    }
    list
}

/// The catalog of a document.
fn make(document: &Value) -> String {
    let mut lines: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            let group = operation["tags"][0].as_str().unwrap().to_lowercase();
            let parameters = parameters(document, item, operation);
            let call = format!("{} {path}", method.to_uppercase());
            lines.insert(call, (group, parameters.join(" ")));
        }
    }
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (call, help) in help() {
        let Some((group, parameters)) = lines.remove(&call) else {
            panic!("help.txt: `{call}` is not in the document");
        };
        let line = [&*call, &*help, &*parameters].join(" | ");
        in_group(&mut groups, &group).push(line.trim_end_matches(" | ").to_owned());
    }
    assert!(lines.is_empty(), "help.txt lacks {:?}", lines.keys());
    let extra = fs::read_to_string(own("tests/catalog/extra.txt")).unwrap();
    let mut group = String::new();
    for line in extra.lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            Some(name) => name.clone_into(&mut group),
            None => in_group(&mut groups, &group).push(format!("+{line}")),
        }
    }
    let mut text =
        "# Made by tests/integration/catalog.rs; the form is explained in catalog.rs.\n".to_owned();
    for (group, lines) in groups {
        text.push_str(&format!("[{group}]\n{}\n", lines.join("\n")));
    }
    text
}

fn in_group<'a>(groups: &'a mut Vec<(String, Vec<String>)>, name: &str) -> &'a mut Vec<String> {
    let at = groups.iter().position(|(n, _)| n == name);
    let at = at.unwrap_or_else(|| {
        groups.push((name.to_owned(), Vec::new()));
        groups.len() - 1
    });
    &mut groups[at].1
}

/// The parameters of an operation as words of the catalog.
fn parameters(document: &Value, item: &Value, operation: &Value) -> Vec<String> {
    let shared = item["parameters"].as_array().into_iter().flatten();
    let of_its_own = operation["parameters"].as_array().into_iter().flatten();
    let mut words = Vec::new();
    for parameter in shared.chain(of_its_own).map(|p| resolve(document, p)) {
        let name = parameter["name"].as_str().unwrap();
        let schema = resolve(document, &parameter["schema"]);
        let required = parameter["required"] == true;
        match parameter["in"].as_str().unwrap() {
            "path" if kind(schema) == "string" => {}
            // Defaults of path segments are examples.
            "path" => words.push(word('/', name, schema, false, None)),
            "query" => words.push(word('?', name, schema, required, Some(schema))),
            "header" => words.push(word('#', &header_name(name), schema, required, None)),
            other => panic!("{name} in {other}"),
        }
    }
    let body = resolve(document, &operation["requestBody"]);
    if let Some(schema) = body["content"].get("application/json") {
        let schema = resolve(document, &schema["schema"]);
        words.extend(members(document, schema, body["required"] == true));
    }
    // Where there is a form too, its parts are a second way and none of them is required.
    if let Some(schema) = body["content"].get("multipart/form-data") {
        let schema = resolve(document, &schema["schema"]);
        for (name, member) in schema["properties"].as_object().unwrap() {
            let member = resolve(document, member);
            words.push(word('@', name, member, false, None));
        }
    }
    words
}

/// The members of a body; the body itself where it has none.
fn members(document: &Value, schema: &Value, is_body_required: bool) -> Vec<String> {
    // All of several schemas, or one of them: what each requires counts only if all are sent.
    let alternatives = schema["oneOf"].as_array();
    let parts = schema["allOf"].as_array().or(alternatives);
    let mut schemas = vec![schema];
    schemas.extend(
        parts
            .into_iter()
            .flatten()
            .map(|part| resolve(document, part)),
    );
    let is_required = |name: &str| {
        let requires = |s: &&Value| {
            let list = s["required"].as_array();
            list.is_some_and(|list| list.iter().any(|n| n == name))
        };
        if alternatives.is_some() {
            schemas[1..].iter().all(requires)
        } else {
            schemas.iter().any(requires)
        }
    };
    let mut words: Vec<String> = Vec::new();
    let mut names = HashSet::new();
    for (name, member) in schemas
        .iter()
        .filter_map(|s| s["properties"].as_object())
        .flatten()
    {
        if names.insert(name) {
            let member = resolve(document, member);
            // Texts given as defaults are examples.
            let default = (kind(member) != "string").then_some(member);
            words.push(word('.', name, member, is_required(name), default));
        }
    }
    if words.is_empty() {
        words.push(word('*', "", schema, is_body_required, None));
    }
    words
}

fn word(sign: char, name: &str, schema: &Value, required: bool, default: Option<&Value>) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_-.$".contains(c);
    assert!(name.chars().all(is_word), "{name}");
    let mut word = format!("{sign}{name}");
    match kind(schema) {
        "string" => {}
        kind => word.push_str(&format!(":{kind}")),
    }
    let default = match default.map(|schema| &schema["default"]) {
        // What is longer than a word is an example.
        Some(Value::String(text)) if text.chars().all(is_word) => text.clone(),
        Some(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
        _ => String::new(),
    };
    if !default.is_empty() {
        word.push_str(&format!("={default}"));
    }
    if required {
        word.push('!');
    }
    word
}

fn kind(schema: &Value) -> &str {
    match schema["type"].as_str() {
        Some(kind) => kind,
        None if schema.get("properties").is_some() || schema.get("allOf").is_some() => "object",
        None => "",
    }
}

/// `if-match` as `If-Match`: an item needs a capital to be a header.
fn header_name(name: &str) -> String {
    let parts = name.split('-').map(|part| {
        let (first, rest) = part.split_at(1);
        first.to_uppercase() + rest
    });
    parts.collect::<Vec<_>>().join("-")
}

/// What a `$ref` stands for.
fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    while let Some(reference) = value["$ref"].as_str() {
        let pointer = reference.strip_prefix('#').unwrap();
        value = document.pointer(pointer).unwrap();
    }
    value
}

#[test]
fn paths_have_no_half_placeholders() {
    for operation in catalog::operations() {
        for segment in segments(&operation.path) {
            let has_brace = segment.contains(['{', '}']);
            assert_eq!(has_brace, is_placeholder(segment), "{}", operation.path);
        }
    }
}
