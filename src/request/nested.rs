//! JSON bodies out of items: `a[b][]=v` nests as in `HTTPie`.
//!
//! Typed JSON is kept as its text, so that `1.10`, `1e400` and duplicate keys arrive as typed.

use crate::error::Failure;

use super::item::FieldName;

/// A JSON value under construction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A value as JSON text.
    Text(String),
    /// Members in the order they were typed.
    Object(Vec<(String, Node)>),
    /// Elements.
    Array(Vec<Node>),
}

impl Node {
    /// Returns a JSON string.
    #[must_use]
    pub fn string(text: &str) -> Self {
        Self::Text(serde_json::Value::from(text).to_string())
    }

    /// Appends the JSON text of the value.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::Object(members) => {
                out.push('{');
                for (i, (key, value)) in members.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    out.push_str(&serde_json::Value::from(key.as_str()).to_string());
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
            Self::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
        }
    }
}

/// An index far beyond what anyone types by hand; it would only fill memory with `null`.
const LARGEST_INDEX: usize = 9_999;

/// Nobody nests by hand as deep; what builds and writes values goes down level by level.
const DEEPEST: usize = 100;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Member(String),
    Append,
    Index(usize),
}

/// Puts a value where the key says.
///
/// `root` is `None` before the first item. Fails with a usage failure where two keys contradict
/// each other or one key is given twice.
pub fn insert(root: &mut Option<Node>, key: &FieldName, value: Node) -> Result<(), Failure> {
    let steps = steps(key)?;
    if steps.len() > DEEPEST {
        return Err(Failure::usage(format!(
            "a field is nested deeper than {DEEPEST} levels"
        )));
    }
    place(root, &steps, value).map_err(|problem| match problem {
        Problem::Twice => Failure::usage(format!("the field `{}` is given twice", key.text))
            .hint(format!("`{}[]=…` makes a list", key.text)),
        Problem::Contradiction => Failure::usage(format!(
            "the field `{}` contradicts another one: a value cannot be two things",
            key.text
        )),
    })
}

enum Problem {
    Twice,
    Contradiction,
}

fn place(slot: &mut Option<Node>, steps: &[Step], value: Node) -> Result<(), Problem> {
    let Some((step, rest)) = steps.split_first() else {
        return if slot.is_none() {
            *slot = Some(value);
            Ok(())
        } else {
            Err(Problem::Twice)
        };
    };
    if let Step::Member(name) = step {
        let Node::Object(members) = slot.get_or_insert_with(|| Node::Object(Vec::new())) else {
            return Err(Problem::Contradiction);
        };
        if let Some((_, node)) = members.iter_mut().find(|(n, _)| n == name) {
            return in_place(node, rest, value);
        }
        let mut new = None;
        place(&mut new, rest, value)?;
        members.extend(new.map(|node| (name.clone(), node)));
        return Ok(());
    }
    let Node::Array(items) = slot.get_or_insert_with(|| Node::Array(Vec::new())) else {
        return Err(Problem::Contradiction);
    };
    match step {
        Step::Index(at) if *at < items.len() => in_place(&mut items[*at], rest, value),
        _ => {
            if let Step::Index(at) = step {
                items.resize(*at, Node::Text("null".to_owned()));
            }
            let mut new = None;
            place(&mut new, rest, value)?;
            items.extend(new);
            Ok(())
        }
    }
}

fn in_place(node: &mut Node, rest: &[Step], value: Node) -> Result<(), Problem> {
    let mut slot = Some(std::mem::replace(node, Node::Array(Vec::new())));
    // Filled up by a larger index before: a place without a value of its own yet.
    if rest.is_empty() && slot == Some(Node::Text("null".to_owned())) {
        slot = None;
    }
    let placed = place(&mut slot, rest, value);
    if let Some(filled) = slot {
        *node = filled;
    }
    placed
}

/// Returns whether a text is an integer, as `7` and `-7`.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Splits `a[b][][2]` into its steps.
fn steps(key: &FieldName) -> Result<Vec<Step>, Failure> {
    let text = &key.text;
    let bad = |what: &str| Err(Failure::usage(format!("the field `{text}` has {what}")));
    let open = (0..text.len()).find(|at| key.is_bracket(*at, b'['));
    let mut at = open.unwrap_or(text.len());
    if (0..at).any(|i| key.is_bracket(i, b']')) {
        return bad("`]` without `[`");
    }
    let mut steps = Vec::new();
    // `[]=1` alone makes a list at the top.
    if at > 0 {
        steps.push(Step::Member(text[..at].to_owned()));
    }
    while at < text.len() {
        if !key.is_bracket(at, b'[') {
            return bad("something between its brackets");
        }
        let Some(end) = (at + 1..text.len()).find(|i| key.is_bracket(*i, b']')) else {
            return bad("`[` without `]`");
        };
        if (at + 1..end).any(|i| key.is_bracket(i, b'[')) {
            return bad("`[` inside brackets");
        }
        let inside = &text[at + 1..end];
        // `[\1]` is a member called `1` (HTTPie's escape); `[\\1]` one called `\1`.
        let number = inside
            .strip_prefix('\\')
            .filter(|rest| !key.is_escaped(at + 1) && is_number(rest));
        steps.push(if inside.is_empty() {
            Step::Append
        } else if let Some(number) = number {
            Step::Member(number.to_owned())
        } else if inside.starts_with('-') && is_number(inside) {
            return Err(
                Failure::usage(format!("the field `{text}` has an index below 0"))
                    .hint(format!("a member called so is written `[\\{inside}]`")),
            );
        } else if inside.bytes().all(|b| b.is_ascii_digit()) {
            match inside.parse() {
                Ok(index) if index <= LARGEST_INDEX => Step::Index(index),
                _ => return bad("an index above 9999"),
            }
        } else {
            Step::Member(inside.to_owned())
        });
        at = end + 1;
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::item::{Item, Source};

    fn build(items: &[&str]) -> Result<String, Failure> {
        let mut root = None;
        for item in items {
            match Item::parse(item)? {
                Item::Field(key, Source::Text(v)) => insert(&mut root, &key, Node::string(&v))?,
                Item::Json(key, Source::Text(v)) => insert(&mut root, &key, Node::Text(v))?,
                other => panic!("{other:?}"),
            }
        }
        let mut out = String::new();
        root.unwrap().write(&mut out);
        Ok(out)
    }

    #[test]
    fn items_nest() {
        for (items, want) in [
            (&["a=1", "b:=1.10"][..], r#"{"a":"1","b":1.10}"#),
            (&["a[b]=x", "a[c]:=2"], r#"{"a":{"b":"x","c":2}}"#),
            (&["a[]=x", "a[]=y"], r#"{"a":["x","y"]}"#),
            (&["a[b][]=v"], r#"{"a":{"b":["v"]}}"#),
            (&["a[1]=y", "a[0]=x"], r#"{"a":["x","y"]}"#),
            (&["a[2]=z"], r#"{"a":[null,null,"z"]}"#),
            (&["[]=x", "[]:=2"], r#"["x",2]"#),
            (&["[0][a]=x", "[0][b]=y"], r#"[{"a":"x","b":"y"}]"#),
            (&[r"a\[b\]=x"], r#"{"a[b]":"x"}"#),
            (
                &[r"a[b\]c]=x", r"a[\[d]=y"],
                r#"{"a":{"b]c":"x","[d":"y"}}"#,
            ),
            (&[r"a[\1]=x", r"a[\-2]=y"], r#"{"a":{"1":"x","-2":"y"}}"#),
            (&[r"a[\\1]=x", r"a[\x]=y"], r#"{"a":{"\\1":"x","\\x":"y"}}"#),
            (&["5=x", "[a]=y"], r#"{"5":"x","a":"y"}"#),
            (
                &["k:=1e400", "n:=123456789012345678901234567890"],
                r#"{"k":1e400,"n":123456789012345678901234567890}"#,
            ),
            (&["q=say \"hi\""], r#"{"q":"say \"hi\""}"#),
        ] {
            assert_eq!(build(items).unwrap(), want);
        }
    }

    #[test]
    fn contradictions_are_refused() {
        for items in [
            &["a=1", "a=2"][..],
            &["a=1", "a[b]=2"],
            &["a[b]=1", "a[]=2"],
            &["a[b=1"],
            &["a]b=1"],
            &["a[b]c=1"],
            &["a[b[c]]=1"],
            &["a[99999]=1"],
            &["a[-1]=1"],
            &["a[0]=1", r"a[\1]=2"],
            &["a=1", "[]=2"],
        ] {
            assert!(build(items).is_err(), "{items:?}");
        }
    }
}
