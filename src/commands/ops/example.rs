//! Writes a call of an operation as a user would type it.
//!
//! Pure: an operation in, a command line out.

use crate::service::Service;
use crate::service::macrometa::path::short;
use crate::service::operation::{Operation, Parameter, ParameterPlace, placeholder};

/// What `\` escapes in the name of an item.
const ESCAPED: &[char] = &['=', ':', '@', '\\', '[', ']'];

/// Returns the call with everything that is required, names in capitals where a value belongs.
pub fn line(operation: &Operation, service: Service, profile: Option<&str>) -> String {
    words(operation, service, profile)
        .iter()
        .map(|word| quoted(word))
        .collect::<Vec<_>>()
        .join(" ")
}

fn words(operation: &Operation, service: Service, profile: Option<&str>) -> Vec<String> {
    let mut words = vec!["apicall".to_owned()];
    match operation.method.as_str() {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" => {
            words.push(operation.method.to_lowercase());
        }
        other => words.extend(["call".to_owned(), other.to_owned()]),
    }
    words.push(path(short(&operation.path)));
    if let Some(op) = &operation.op {
        words.extend(["--op".to_owned(), op.clone()]);
    }
    let shown = shown(operation);
    if !sends_body(&operation.method) && shown.iter().any(|p| p.place == ParameterPlace::Body) {
        words.push("--json".to_owned());
    }
    for parameter in shown {
        match (parameter.place, service) {
            // Whatever it holds, it is too much for a line.
            (ParameterPlace::Whole, _) => words.extend(["--body".to_owned(), "@FILE".to_owned()]),
            (ParameterPlace::Header, _) => words.push(header(parameter)),
            (ParameterPlace::Body, Service::Macrometa) => words.push(member(parameter)),
            _ => words.push(item(parameter, &operation.method)),
        }
    }
    if !operation.signed {
        words.push("--anonymous".to_owned());
    }
    if let Some(profile) = profile {
        words.extend(["-p".to_owned(), profile.to_owned()]);
    }
    words
}

/// Returns the required ones; a change that requires nothing changes something all the same.
fn shown(operation: &Operation) -> Vec<&Parameter> {
    let outside = || {
        operation
            .parameters
            .iter()
            .filter(|p| p.place != ParameterPlace::Path)
    };
    let required: Vec<&Parameter> = outside().filter(|p| p.required).collect();
    if required.is_empty() && matches!(operation.method.as_str(), "PUT" | "PATCH") {
        let in_body =
            |p: &&Parameter| matches!(p.place, ParameterPlace::Body | ParameterPlace::Whole);
        return outside().find(in_body).into_iter().collect();
    }
    required
}

fn sends_body(method: &str) -> bool {
    matches!(method, "POST" | "PUT" | "PATCH")
}

fn path(template: &str) -> String {
    template
        .split('/')
        .map(|segment| placeholder(segment).map_or_else(|| segment.to_owned(), capitals))
        .collect::<Vec<_>>()
        .join("/")
}

fn header(parameter: &Parameter) -> String {
    format!("{}:{}", parameter.name, capitals(&parameter.name))
}

/// Returns a member of a JSON body; what is no text is typed, and valid.
fn member(parameter: &Parameter) -> String {
    let name = escaped(&parameter.name);
    let sample = match parameter.kind.as_str() {
        "boolean" => "true",
        "integer" | "number" => "1",
        "array" => "[]",
        "object" | "" => "{}",
        _ => return format!("{name}={}", capitals(&parameter.name)),
    };
    format!("{name}:={}", parameter.default.as_deref().unwrap_or(sample))
}

fn escaped(name: &str) -> String {
    let mut escaped = String::new();
    for c in name.chars() {
        if ESCAPED.contains(&c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn item(parameter: &Parameter, method: &str) -> String {
    let name = escaped(&parameter.name);
    let separator = match parameter.place {
        ParameterPlace::File => "@",
        ParameterPlace::Query if sends_body(method) => "==",
        _ => "=",
    };
    let value = match (&parameter.default, parameter.place) {
        (_, ParameterPlace::File) => "FILE".to_owned(),
        (Some(default), _) => default.clone(),
        (None, _) => capitals(&parameter.name),
    };
    format!("{name}{separator}{value}")
}

fn capitals(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect::<String>()
        .to_uppercase()
}

/// Returns a word that POSIX shells and PowerShell take as it is, quoted where it is needed.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::macrometa::catalog;

    fn operation(
        method: &str,
        path: &str,
        parameters: &[(&str, ParameterPlace, bool)],
    ) -> Operation {
        Operation {
            method: method.to_owned(),
            path: path.to_owned(),
            op: None,
            name: String::new(),
            group: String::new(),
            summary: String::new(),
            help: String::new(),
            signed: true,
            anonymous: false,
            parameters: parameters
                .iter()
                .map(|(name, place, required)| Parameter {
                    name: (*name).to_owned(),
                    place: *place,
                    kind: String::new(),
                    required: *required,
                    default: None,
                    help: String::new(),
                })
                .collect(),
        }
    }

    #[test]
    fn examples() {
        use ParameterPlace::{Body, File, Path, Query};
        for (method, path, parameters, want) in [
            (
                "GET",
                "/tags/",
                &[("a", Query, false)][..],
                "apicall get /tags/",
            ),
            (
                "POST",
                "/x/{system_id}/",
                &[
                    ("system_id", Path, true),
                    ("a-b", Body, true),
                    ("c", Body, false),
                ],
                "apicall post /x/SYSTEM_ID/ a-b=A_B",
            ),
            ("PUT", "/x/", &[("a", Body, false)], "apicall put /x/ a=A"),
            (
                "POST",
                "/files/",
                &[("file", File, true)],
                "apicall post /files/ 'file@FILE'",
            ),
            (
                "POST",
                "/x",
                &[("a", Query, true), ("b:c", Body, true)],
                r"apicall post /x a==A 'b\:c=B_C'",
            ),
            (
                "DELETE",
                "/x",
                &[("a", Body, true)],
                "apicall delete /x --json a=A",
            ),
            ("PROPFIND", "/x", &[], "apicall call PROPFIND /x"),
        ] {
            let operation = operation(method, path, parameters);
            assert_eq!(line(&operation, Service::Maas, None), want);
        }
        let unsigned = Operation {
            signed: false,
            ..operation("GET", "/x", &[])
        };
        assert_eq!(
            line(&unsigned, Service::Maas, None),
            "apicall get /x --anonymous"
        );
        assert_eq!(
            line(&operation("GET", "/x", &[]), Service::Maas, Some("lab")),
            "apicall get /x -p lab"
        );
    }

    #[test]
    fn examples_of_json() {
        for (line_in, want) in [
            (
                "POST /_fabric/{fabric}/_api/c | X | .name! .type:integer=2! .keys:array! .on:boolean",
                "apicall post c name=NAME type:=2 'keys:=[]'",
            ),
            (
                "PUT /_fabric/{fabric}/_api/c/{c-name} | X | ?sync:boolean *:array",
                "apicall put c/C_NAME --body '@FILE'",
            ),
            (
                "PUT /_api/x/{id} | X | ?sync:boolean",
                "apicall put /_api/x/ID",
            ),
            (
                "POST /_api/dynamo | X | #X-Amz-Target! .Key:object!",
                "apicall post /_api/dynamo X-Amz-Target:X_AMZ_TARGET 'Key:={}'",
            ),
            (
                "DELETE /_api/x | X | .ids:array! ?a",
                "apicall delete /_api/x --json 'ids:=[]'",
            ),
        ] {
            let operation = &catalog::read(line_in)[0];
            assert_eq!(line(operation, Service::Macrometa, None), want);
        }
    }
}
