//! A call of an operation as a user would type it.

use crate::service::operation::{Operation, Parameter, Place, placeholder};

/// What `\` escapes in the name of an item.
const ESCAPED: &[char] = &['=', ':', '@', '\\', '[', ']'];

/// The call with everything that is required, names in capitals where a value belongs.
pub fn line(operation: &Operation, profile: Option<&str>) -> String {
    words(operation, profile)
        .iter()
        .map(|word| quoted(word))
        .collect::<Vec<_>>()
        .join(" ")
}

fn words(operation: &Operation, profile: Option<&str>) -> Vec<String> {
    let mut words = vec!["apicall".to_owned()];
    match operation.method.as_str() {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" => {
            words.push(operation.method.to_lowercase());
        }
        other => words.extend(["call".to_owned(), other.to_owned()]),
    }
    words.push(path(&operation.path));
    if let Some(op) = &operation.op {
        words.extend(["--op".to_owned(), op.clone()]);
    }
    let shown = shown(operation);
    if !sends_body(&operation.method) && shown.iter().any(|p| p.place == Place::Body) {
        words.push("--json".to_owned());
    }
    words.extend(shown.iter().map(|p| item(p, &operation.method)));
    if !operation.signed {
        words.push("--anonymous".to_owned());
    }
    if let Some(profile) = profile {
        words.extend(["-p".to_owned(), profile.to_owned()]);
    }
    words
}

/// The required ones; a change that requires nothing changes something all the same.
fn shown(operation: &Operation) -> Vec<&Parameter> {
    let outside = || {
        operation
            .parameters
            .iter()
            .filter(|p| p.place != Place::Path)
    };
    let required: Vec<&Parameter> = outside().filter(|p| p.required).collect();
    if required.is_empty() && matches!(operation.method.as_str(), "PUT" | "PATCH") {
        return outside().take(1).collect();
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

fn item(parameter: &Parameter, method: &str) -> String {
    let mut name = String::new();
    for c in parameter.name.chars() {
        if ESCAPED.contains(&c) {
            name.push('\\');
        }
        name.push(c);
    }
    let separator = match parameter.place {
        Place::File => "@",
        Place::Query if sends_body(method) => "==",
        _ => "=",
    };
    let value = match (&parameter.default, parameter.place) {
        (_, Place::File) => "FILE".to_owned(),
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

/// A word that POSIX shells and PowerShell take as it is, quoted where it is needed.
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

    fn operation(method: &str, path: &str, parameters: &[(&str, Place, bool)]) -> Operation {
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
        use Place::{Body, File, Path, Query};
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
            assert_eq!(line(&operation(method, path, parameters), None), want);
        }
        let unsigned = Operation {
            signed: false,
            ..operation("GET", "/x", &[])
        };
        assert_eq!(line(&unsigned, None), "apicall get /x --anonymous");
        assert_eq!(
            line(&operation("GET", "/x", &[]), Some("lab")),
            "apicall get /x -p lab"
        );
    }
}
