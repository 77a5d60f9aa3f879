//! Finds operations by words.
//!
//! All words have to match; a match in a name is nearer than one in the help. Pure.

use crate::service::macrometa::path;
use crate::service::operation::{Operation, segments};

/// An operation that was found.
#[derive(Clone, Copy, Debug)]
pub struct Hit<'a> {
    pub operation: &'a Operation,
    /// The sum over all words; the smaller, the nearer.
    pub distance: u32,
}

/// Words that mean the same, whoever uses which.
const SYNONYMS: [&[&str]; 13] = [
    &["utilization", "utilisation", "statistics", "stats", "usage"],
    &["power on", "start", "switch on", "turn on"],
    &[
        "power off",
        "stop",
        "shutdown",
        "shut down",
        "switch off",
        "turn off",
    ],
    &["delete", "remove", "destroy"],
    &["create", "add", "new", "enlist"],
    &["update", "change", "edit", "modify"],
    &["read", "show", "get"],
    &["allocate", "acquire"],
    &["release", "free"],
    &["machine", "host", "server"],
    &["pool", "resourcepool"],
    &["image", "boot-resource"],
    &["log", "events"],
];

/// How much farther a synonym is than the word itself.
const SYNONYM: u32 = 5;

/// How far an operation is that is called as a collection is: `machines` of `/tags/{name}/`.
const NAMESAKE: u32 = 22;

/// How far a word is that only stands inside other words.
const INSIDE: u32 = 90;

/// A word as it is looked for.
struct Query {
    word: String,
    synonyms: Vec<&'static str>,
    /// Whether no word of any operation begins with it, so that it is looked for inside of them.
    is_inside: bool,
    /// Whether a collection is called so.
    is_collection: bool,
}

impl Query {
    fn new(word: String, operations: &[Operation]) -> Self {
        let of_group = |group: &&[&'static str]| group.iter().any(|known| is_about(known, &word));
        let synonyms: Vec<&'static str> = SYNONYMS
            .iter()
            .filter(|group| of_group(group))
            .flat_map(|group| group.iter().copied())
            .filter(|known| *known != word)
            .collect();
        let is_collection = |o: &Operation| segments(&o.path).eq([word.as_str()]);
        let mut query = Self {
            is_collection: operations.iter().any(is_collection),
            word,
            synonyms,
            is_inside: false,
        };
        query.is_inside = operations.iter().all(|o| query.distance(o).is_none());
        query
    }

    /// Returns how far an operation is; `None` where nothing in it begins with the word.
    fn distance(&self, operation: &Operation) -> Option<u32> {
        let own = distance(operation, &self.word);
        let synonyms = self.synonyms.iter().filter_map(|synonym| {
            // Of several words all are wanted.
            let all = synonym.split(' ').map(|word| distance(operation, word));
            Some(all.sum::<Option<u32>>()? + SYNONYM)
        });
        let inside = || is_inside(operation, &self.word).then_some(INSIDE);
        let nearest = own.into_iter().chain(synonyms).min();
        let nearest = nearest.map(|nearest| {
            if self.is_namesake(operation) {
                nearest.max(NAMESAKE)
            } else {
                nearest
            }
        });
        nearest.or_else(|| self.is_inside.then(inside).flatten())
    }

    fn is_namesake(&self, operation: &Operation) -> bool {
        let op = operation.op.as_deref();
        self.is_collection
            && operation.method == "GET"
            && op.is_some_and(|op| is_about(op, &self.word))
    }
}

/// Finds the operations that hold every word, at the beginnings of their words and without regard
/// to case; the nearest first, those equally near in their own order.
pub fn find<'a>(operations: &'a [Operation], words: &[String]) -> Vec<Hit<'a>> {
    let queries: Vec<Query> = words
        .iter()
        .flat_map(|word| word.split_whitespace())
        .map(|word| Query::new(word.to_lowercase(), operations))
        .collect();
    let mut hits: Vec<Hit<'a>> = operations
        .iter()
        .filter_map(|operation| {
            let distances = queries.iter().map(|query| query.distance(operation));
            Some(Hit {
                operation,
                distance: distances.sum::<Option<u32>>()?,
            })
        })
        .collect();
    hits.sort_by_key(|hit| hit.distance);
    hits
}

/// Returns whether a word of a text begins with another one: `script` is in `get_script`, and not in
/// `description`.
fn begins(text: &str, word: &str) -> bool {
    let text = text.to_lowercase();
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric())
    })
}

/// Returns whether a word stands anywhere in what names an operation.
fn is_inside(operation: &Operation, word: &str) -> bool {
    let texts = [
        operation.op.as_deref().unwrap_or_default(),
        &operation.name,
        &operation.path,
        &operation.summary,
    ];
    texts.iter().any(|text| text.to_lowercase().contains(word))
}

/// `collections` are what `collection` is about, and the other way round.
fn is_about(text: &str, word: &str) -> bool {
    let bare = |text: &str| text.strip_suffix('s').unwrap_or(text).to_owned();
    bare(text) == bare(word)
}

/// Returns what a word says about an operation that has no name: `list` about a GET of a
/// collection.
fn is_action(operation: &Operation, word: &str) -> bool {
    let is_one = operation.path.trim_end_matches('/').ends_with('}');
    let has_name = operation.op.is_some();
    !has_name
        && match word {
            "list" => operation.method == "GET" && !is_one,
            "read" | "show" => operation.method == "GET" && is_one,
            "create" | "add" | "new" => operation.method == "POST" && !is_one,
            "update" | "change" | "edit" => matches!(&*operation.method, "PUT" | "PATCH") && is_one,
            "delete" | "remove" => operation.method == "DELETE" && is_one,
            _ => false,
        }
}

/// Returns how far a word is: name, what it does, path, summary, parameters, help. `None` where it
/// is nowhere.
fn distance(operation: &Operation, word: &str) -> Option<u32> {
    let name = operation.op.as_deref().unwrap_or(&operation.name);
    let holds = |text: &str| begins(text, word);
    let path = || operation.path.to_lowercase();
    // `collection/orders/count` is below a fabric.
    let has_path = || {
        operation.has_path(word)
            || (path::short(&operation.path) != operation.path
                && operation.has_path(&path::place(word.trim_start_matches('/'), "x")))
    };
    let parameters = &operation.parameters;
    // The same in both spellings: that of the API and that of the `maas` command line.
    if name == word || name.replace('_', "-") == word || operation.method.eq_ignore_ascii_case(word)
    {
        Some(0)
    } else if is_action(operation, word) {
        Some(1)
    } else if holds(name) || holds(&name.replace('_', "-")) {
        Some(10)
    } else if word.contains('/') && has_path() {
        Some(20)
    } else if subject(&path()).is_some_and(|subject| is_about(subject, word)) {
        Some(21)
    } else if segments(&path()).any(|segment| is_about(segment, word)) || operation.group == word {
        // What may be done with a thing is not the thing.
        Some(if path::is_permission(&path()) { 32 } else { 22 })
    } else if holds(&path()) || holds(&operation.group) {
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

/// Returns what a path is about: its first segment that is neither a placeholder nor the service's
/// own.
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
    fn a_collection_is_nearer_than_what_is_called_so() {
        let all = [
            operation("GET", "/tags/{name}/", Some("machines"), "By tag", ""),
            operation("GET", "/machines/", None, "List", ""),
            operation("POST", "/machines/", Some("release"), "Release", ""),
        ];
        let paths: Vec<&str> = find(&all, &["machines".to_owned()])
            .iter()
            .map(|hit| hit.operation.path.as_str())
            .collect();
        assert_eq!(paths, ["/machines/", "/machines/", "/tags/{name}/"]);
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
                    ("/deploy/", "read"),
                    ("/machines/", "read"),
                ][..],
            ),
            (
                &["machines", "deploy"],
                &[("/machines/{id}/", "deploy"), ("/machines/", "read")],
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
            (&["list", "machines"], &[("/machines/", "read")]),
            // What begins no word is looked for inside of them.
            (&["ploy_all"], &[("/machines/{id}/", "undeploy_all")]),
            (&["tags list nowhere"], &[]),
        ] {
            assert_eq!(ops(words), rows(want), "{words:?}");
        }
        assert_eq!(ops(&[]).len(), all.len());
    }
    #[test]
    fn words_begin_words_and_have_synonyms() {
        let all = [
            operation(
                "GET",
                "/subnets/{id}/",
                Some("statistics"),
                "Get subnet statistics",
                "",
            ),
            operation(
                "POST",
                "/machines/{id}/",
                Some("power_on"),
                "Turn on a node",
                "",
            ),
            operation(
                "GET",
                "/machines/{id}/",
                None,
                "Read a node's description",
                "",
            ),
            operation("GET", "/scripts/{name}", None, "Read a script", ""),
            operation(
                "GET",
                "/_api/key/{id}/database/{db}/stream",
                None,
                "What a key may do",
                "",
            ),
            operation(
                "GET",
                "/_fabric/{fabric}/_api/streams",
                None,
                "List the streams",
                "",
            ),
        ];
        for (words, first, hits) in [
            (&["utilisation"][..], "/subnets/{id}/", 1),
            (&["subnet", "utilization"], "/subnets/{id}/", 1),
            (&["start"], "/machines/{id}/", 1),
            (&["power", "on"], "/machines/{id}/", 1),
            (&["script"], "/scripts/{name}", 1),
            (&["stream"], "/_fabric/{fabric}/_api/streams", 2),
            (&["list", "stream"], "/_fabric/{fabric}/_api/streams", 2),
            (&["host"], "/machines/{id}/", 2),
        ] {
            let words: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
            let found = find(&all, &words);
            assert_eq!(found[0].operation.path, first, "{words:?}");
            assert_eq!(found.len(), hits, "{words:?}");
        }
    }
}
