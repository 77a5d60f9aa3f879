//! Knows what responses to queries say besides rows, and what a query says before it is run.
//!
//! Whether it changes something, how long its cursor lives. Pure.

use serde_json::Value;

use crate::service::page::Tail;

/// How long a cursor waits for its next page to be asked for, in seconds, where nobody said
/// otherwise. The service's own 30 s are over when a person looks at a page in a pager; a cursor
/// that is left is deleted anyway.
pub const TTL: u64 = 300;

/// The most rows of one page.
pub const LARGEST: u64 = 1000;

/// The words that change something, in C8QL and SQL.
const CHANGING: [&str; 12] = [
    "insert", "update", "replace", "remove", "upsert", "delete", "create", "drop", "alter",
    "truncate", "merge", "into",
];

/// Returns whether a query may change something. A word inside a string counts as well: one prompt
/// too many does no harm.
#[must_use]
pub fn changes(query: &str) -> bool {
    query
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| CHANGING.iter().any(|c| word.eq_ignore_ascii_case(c)))
}

/// Returns the warnings that came with a page.
#[must_use]
pub fn warnings(tail: &Tail) -> Vec<String> {
    let list = tail.member("extra").map(|extra| &extra["warnings"]);
    let list = list
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let reported = |warning: &Value| {
        let message = match warning["message"].as_str() {
            Some(message) => message.to_owned(),
            None => warning.to_string(),
        };
        match warning["code"].as_u64() {
            Some(code) => format!("{message} (errorNum {code})"),
            None => message,
        }
    };
    list.iter().map(reported).collect()
}

/// Returns the statistics that came with a page: `scannedFull 3, executionTime 0.0007`.
#[must_use]
pub fn stats(tail: &Tail) -> Option<String> {
    let stats = tail.member("extra")?["stats"].as_object()?;
    let parts: Vec<String> = stats.iter().map(|(n, v)| format!("{n} {v}")).collect();
    Some(parts.join(", ")).filter(|text| !text.is_empty())
}

/// Returns the numbers of rows that a query was asked to count: of all, and without the last
/// `LIMIT`.
#[must_use]
pub fn counts(tail: &Tail) -> Vec<(&'static str, u64)> {
    // Lists of the other service have a `count`, too: that of the page.
    let is_cursor = tail.member("hasMore").is_some();
    let all = tail.member("count").filter(|_| is_cursor);
    let full = tail
        .member("extra")
        .map(|extra| &extra["stats"]["fullCount"]);
    [("count", all), ("full count", full)]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?.as_u64()?)))
        .collect()
}

/// The longest part of a line that is shown, in characters.
const SHOWN: usize = 72;

/// Returns the line of a query that an error's message points to (`at position 1:12`), and a mark
/// below the place.
#[must_use]
pub fn place(query: &str, message: &str) -> Option<String> {
    let (_, at) = message.rsplit_once("at position ")?;
    let end = |text: &str| {
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len())
    };
    let (line, rest) = at.split_at(end(at));
    let rest = rest.strip_prefix(':')?;
    let column: usize = rest[..end(rest)].parse().ok()?;
    let number: usize = line.parse().ok()?;
    let text = query.lines().nth(number.checked_sub(1)?)?;
    let letters: Vec<char> = text
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .collect();
    // The end of the query is a place, too.
    let column = column.saturating_sub(1).min(letters.len());
    let first = column.saturating_sub(SHOWN / 2);
    let last = letters.len().min(first + SHOWN);
    let before = if first > 0 { "…" } else { "" };
    let after = if last < letters.len() { "…" } else { "" };
    let shown: String = letters[first..last].iter().collect();
    let indent = " ".repeat(column - first + before.chars().count());
    let margin = " ".repeat(line.len());
    Some(format!(
        "  {line} | {before}{shown}{after}\n  {margin} | {indent}^"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::page::tests::tail;

    #[test]
    fn words_that_change_something() {
        for (query, want) in [
            ("FOR d IN c RETURN d", false),
            (
                "FOR d IN c FILTER d.updated > 3 RETURN d.inserted_at",
                false,
            ),
            ("for d in c remove d in c", true),
            ("INSERT {a:1} INTO c", true),
            ("FOR d IN c\nUPDATE d WITH {a:1} IN c", true),
            ("SELECT * FROM c", false),
            ("delete from c", true),
        ] {
            assert_eq!(changes(query), want, "{query}");
        }
    }

    #[test]
    fn what_comes_besides_rows() {
        let page = tail(
            1,
            r#"{"hasMore":false,"count":3,"extra":{"stats":{"scannedFull":2,"fullCount":9},
                "warnings":[{"code":1562,"message":"division by zero"},{"message":"x"},7]}}"#,
        );
        assert_eq!(
            warnings(&page),
            ["division by zero (errorNum 1562)", "x", "7"]
        );
        assert_eq!(stats(&page).unwrap(), "scannedFull 2, fullCount 9");
        assert_eq!(counts(&page), [("count", 3), ("full count", 9)]);
        for bare in [r#"{"count":3}"#, r#"{"extra":{}}"#, r#"{"extra":7}"#, "[]"] {
            let page = tail(1, bare);
            assert_eq!((warnings(&page), stats(&page)), (vec![], None), "{bare}");
            assert_eq!(counts(&page), [], "{bare}");
        }
    }

    #[test]
    fn an_error_points_into_the_query() {
        let long = format!("{} RETRUN d", "x".repeat(100));
        for (query, message, want) in [
            (
                "FOR d IN c RETRUN d",
                "syntax error near 'RETRUN d' at position 1:12 (while parsing)",
                "  1 | FOR d IN c RETRUN d\n    |            ^",
            ),
            (
                "FOR d\n\tIN é\nRETRUN",
                "x at position 2:6",
                "  2 |  IN é\n    |      ^",
            ),
            ("FOR", "x at position 1:99", "  1 | FOR\n    |    ^"),
            (
                &long,
                "x at position 1:102",
                "  1 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx RETRUN d\n    |                                      ^",
            ),
        ] {
            assert_eq!(place(query, message).as_deref(), Some(want), "{query}");
        }
        for message in [
            "",
            "at position ",
            "at position 1",
            "at position 9:1",
            "at position 0:1",
        ] {
            assert_eq!(place("FOR", message), None, "{message}");
        }
    }
}
