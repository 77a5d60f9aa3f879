//! The name that was meant where no element has one that was typed. Pure.
//!
//! Looks at the names in one element of the list; knows nothing of columns or tables.

use serde_json::Value;

/// Names deeper than this are not looked at.
const DEEPEST: usize = 4;

/// Says that no element has a name, and which one of an element may be meant.
#[must_use]
pub fn missed(flag: &str, typed: &str, element: &[u8]) -> String {
    let note = format!("`{flag}`: no element has `{typed}`");
    match nearest(typed, element) {
        Some(name) => format!("{note}; did you mean `{name}`?"),
        None => note,
    }
}

/// The path in an element that a name is nearest to, if any is near.
fn nearest(typed: &str, element: &[u8]) -> Option<String> {
    let element: Value = serde_json::from_slice(element).ok()?;
    let mut paths = Vec::new();
    collect(&element, String::new(), DEEPEST, &mut paths);
    let typed = typed.to_lowercase();
    let distance = |path: &str| {
        let path = path.to_lowercase();
        let last = path.rsplit('.').next().unwrap_or_default();
        if last == typed {
            return 1;
        }
        strsim::damerau_levenshtein(&path, &typed)
    };
    let nearest = paths
        .into_iter()
        .min_by_key(|path| (distance(path), path.matches(['.', '[']).count()))?;
    (distance(&nearest) <= typed.chars().count().div_ceil(3)).then_some(nearest)
}

fn collect(value: &Value, path: String, depth: usize, paths: &mut Vec<String>) {
    let (members, at) = match value {
        Value::Object(members) => (Some(members), None),
        Value::Array(elements) => (None, elements.first()),
        _ => (None, None),
    };
    for (name, member) in members.into_iter().flatten().filter(|_| depth > 0) {
        let dot = if path.is_empty() { "" } else { "." };
        collect(member, format!("{path}{dot}{name}"), depth - 1, paths);
    }
    if let Some(first) = at.filter(|_| depth > 0) {
        collect(first, format!("{path}[0]"), depth - 1, paths);
    }
    if !path.is_empty() {
        paths.push(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_that_of_an_element() {
        let element =
            br#"{"hostname":"a","pool":{"id":1,"name":"x"},"nics":[{"mac":"y"}],"owner":null}"#;
        for (typed, want) in [
            ("hostnam", Some("hostname")),
            ("HOSTNAME", Some("hostname")),
            ("ownre", Some("owner")),
            ("pool.nam", Some("pool.name")),
            ("poolname", Some("pool.name")),
            ("name", Some("pool.name")),
            ("nics.mac", Some("nics[0].mac")),
            ("zone", None),
            ("x", None),
        ] {
            assert_eq!(nearest(typed, element).as_deref(), want, "{typed}");
        }
        assert_eq!(nearest("a", b"7"), None);
        assert_eq!(nearest("a", b"{"), None);
    }

    #[test]
    fn a_missing_name_is_said() {
        assert_eq!(
            missed("--sort", "nme", b"{\"name\":1}"),
            "`--sort`: no element has `nme`; did you mean `name`?"
        );
    }
}
