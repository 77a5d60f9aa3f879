//! Operations by words: all have to be found, those in names are nearer than those in help.

use crate::service::macrometa::path;
use crate::service::operation::{Operation, segments};

/// An operation that was found.
#[derive(Clone, Copy, Debug)]
pub struct Hit<'a> {
    pub operation: &'a Operation,
    /// The sum over all words; the smaller, the nearer.
    pub distance: u32,
}

/// Finds the operations that hold every word, without regard to case; the nearest first, those
/// equally near in their own order.
pub fn find<'a>(operations: &'a [Operation], words: &[String]) -> Vec<Hit<'a>> {
    let words: Vec<String> = words
        .iter()
        .flat_map(|word| word.split_whitespace())
        .map(str::to_lowercase)
        .collect();
    let mut hits: Vec<Hit<'a>> = operations
        .iter()
        .filter_map(|operation| {
            let distances = words.iter().map(|word| distance(operation, word));
            Some(Hit {
                operation,
                distance: distances.sum::<Option<u32>>()?,
            })
        })
        .collect();
    hits.sort_by_key(|hit| hit.distance);
    hits
}

/// How far a word is: name, path, summary, parameters, help. `None` where it is nowhere.
fn distance(operation: &Operation, word: &str) -> Option<u32> {
    let name = operation.op.as_deref().unwrap_or(&operation.name);
    let holds = |text: &str| text.to_lowercase().contains(word);
    let path = || operation.path.to_lowercase();
    // `collection/orders/count` is below a fabric.
    let has_path = || {
        operation.has_path(word)
            || (path::short(&operation.path) != operation.path
                && operation.has_path(&path::place(word.trim_start_matches('/'), "x")))
    };
    // `collections` are what `collection` is about.
    let is_about = |text: Option<&str>| {
        text.is_some_and(|text| text == word || word.strip_suffix('s') == Some(text))
    };
    let parameters = &operation.parameters;
    // The same in both spellings: that of the API and that of the `maas` command line.
    if name == word || name.replace('_', "-") == word || operation.method.eq_ignore_ascii_case(word)
    {
        Some(0)
    } else if holds(name) || holds(&name.replace('_', "-")) {
        Some(10)
    } else if word.contains('/') && has_path() {
        Some(20)
    } else if is_about(subject(&path())) {
        Some(21)
    } else if segments(&path()).any(|segment| segment == word) || operation.group == word {
        Some(22)
    } else if path().contains(word) || holds(&operation.group) {
        Some(30)
    } else if holds(&operation.summary) {
        Some(40)
    } else if parameters.iter().any(|p| holds(&p.name)) {
        Some(50)
    } else if holds(&operation.help) || parameters.iter().any(|p| holds(&p.help)) {
        Some(60)
    } else {
        None
    }
}

/// What a path is about: its first segment that is neither a placeholder nor the service's own.
fn subject(path: &str) -> Option<&str> {
    segments(path).find(|segment| !segment.starts_with(['_', '{']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(
        method: &str,
        path: &str,
        op: Option<&str>,
        summary: &str,
        help: &str,
    ) -> Operation {
        Operation {
            method: method.to_owned(),
            path: path.to_owned(),
            op: op.map(str::to_owned),
            name: op.unwrap_or("read").to_owned(),
            group: path.split('/').nth(1).unwrap_or_default().to_owned(),
            summary: summary.to_owned(),
            help: help.to_owned(),
            signed: true,
            anonymous: false,
            parameters: Vec::new(),
        }
    }

    #[test]
    fn names_are_nearer_than_paths_and_paths_than_help() {
        let all = [
            operation("GET", "/machines/", None, "List", "Also those to deploy."),
            operation("GET", "/deploy/", None, "Read", ""),
            operation("POST", "/machines/{id}/", Some("deploy"), "Install", ""),
            operation("POST", "/machines/{id}/", Some("undeploy_all"), "X", ""),
            operation("GET", "/tags/", None, "List tags", ""),
        ];
        let ops = |words: &[&str]| -> Vec<(String, String)> {
            let words: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
            find(&all, &words)
                .into_iter()
                .map(|hit| (hit.operation.path.clone(), hit.operation.name.clone()))
                .collect()
        };
        let rows = |rows: &[(&str, &str)]| -> Vec<(String, String)> {
            rows.iter()
                .map(|(a, b)| ((*a).into(), (*b).into()))
                .collect()
        };
        for (words, want) in [
            (
                &["Deploy"][..],
                &[
                    ("/machines/{id}/", "deploy"),
                    ("/machines/{id}/", "undeploy_all"),
                    ("/deploy/", "read"),
                    ("/machines/", "read"),
                ][..],
            ),
            (
                &["machines", "deploy"],
                &[
                    ("/machines/{id}/", "deploy"),
                    ("/machines/{id}/", "undeploy_all"),
                    ("/machines/", "read"),
                ],
            ),
            (&["undeploy-all"], &[("/machines/{id}/", "undeploy_all")]),
            (
                &["/machines/4y3h7n/"],
                &[
                    ("/machines/{id}/", "deploy"),
                    ("/machines/{id}/", "undeploy_all"),
                ],
            ),
            (&["get", "tags"], &[("/tags/", "read")]),
            (&["tags list nowhere"], &[]),
        ] {
            assert_eq!(ops(words), rows(want), "{words:?}");
        }
        assert_eq!(ops(&[]).len(), all.len());
    }
}
