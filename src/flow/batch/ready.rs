//! Ready requests: rows that are calls themselves.
//!
//! `{"method","path","op","items":["k=v"] | "body":…,"headers":{}}`. Everything in them is literal:
//! no file is read, no name is looked up in a value. Pure.

mod written;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::error::Failure;
use crate::header;
use crate::request::body::Content;
use crate::request::item::{Item, Source};
use crate::request::plan::{BodyForm, Call, Loaded};

use super::template::{Manners, check_json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ready<'a> {
    method: String,
    path: String,
    op: Option<String>,
    #[serde(default)]
    items: Option<Vec<String>>,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
    #[serde(default)]
    headers: Option<Map<String, Value>>,
}

/// Reads a row, or says what is wrong with it.
fn read(row: &[u8]) -> Result<Ready<'_>, Failure> {
    match serde_json::from_slice::<Ready<'_>>(row) {
        // An array of the right values would be read as well.
        Ok(ready)
            if row.first() == Some(&b'{') && !ready.method.is_empty() && !ready.path.is_empty() =>
        {
            Ok(ready)
        }
        _ => Err(written::fault(row)),
    }
}

/// The call that a row is.
pub fn call(row: &[u8], manners: &Manners) -> Result<Call, Failure> {
    let ready = read(row)?;
    if ready.op.as_deref() == Some("") {
        return Err(Failure::usage("`op` is empty"));
    }
    let mut items = Vec::new();
    for typed in ready.items.iter().flatten() {
        items.push(item(typed)?);
    }
    let headers = ready.headers.unwrap_or_default();
    let mut form = manners.form;
    if let Some(body) = ready.body.map(RawValue::get).filter(|body| *body != "null") {
        let says_text = headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("content-type")
                && !value.as_str().is_some_and(|value| value.contains("json"))
        });
        let text: Option<String> = (says_text && body.starts_with('"'))
            .then(|| serde_json::from_str(body))
            .transpose()
            .map_err(|_| Failure::usage("`body` has half a surrogate pair in it"))?;
        // Of a string alone nobody knows whether it is JSON: MAAS is asked for a type.
        if text.is_none() && !body.starts_with('"') {
            form = form.or(Some(BodyForm::Json));
        }
        let content = text.unwrap_or_else(|| body.to_owned());
        items.push(Loaded::Body(Content::Bytes(content.into_bytes())));
    }
    for (name, value) in headers {
        let value = match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) => {
                return Err(Failure::usage(format!(
                    "the header `{name}` is not a string"
                )));
            }
        };
        if let Item::Header(name, value) = Item::literal_header(&format!("{name}:{value}"))? {
            items.push(Loaded::Header(name, value));
        }
    }
    Ok(Call {
        method: ready.method.to_ascii_uppercase(),
        path: ready.path,
        op: ready.op,
        items,
        form,
        force_query: manners.force_query,
        anonymous: manners.anonymous,
    })
}

/// Returns whether a call has secrets in its headers, which its row is not shown with.
#[must_use]
pub fn has_secrets(call: &Call) -> bool {
    let is_secret =
        |item: &Loaded| matches!(item, Loaded::Header(name, _) if header::is_secret(name));
    call.items.iter().any(is_secret)
}

/// A row as results show it: without the secrets in its headers, which are its call's credentials.
#[must_use]
pub fn shown(row: Vec<u8>) -> Vec<u8> {
    written::masked(&row).unwrap_or(row)
}

/// `k=v`, `k:=json` or `k==v`, whatever the value looks like.
fn item(typed: &str) -> Result<Loaded, Failure> {
    let after_at = |source: Source| match source {
        Source::Text(text) => text,
        Source::File(path) => format!("@{}", path.display()),
        Source::Stdin => "@-".to_owned(),
    };
    match Item::parse(typed) {
        Ok(Item::Field(key, source)) => Ok(Loaded::Field(key, after_at(source))),
        Ok(Item::Named(key, name)) => Ok(Loaded::Field(key, format!("@@{name}"))),
        Ok(Item::Json(key, source)) => {
            let json = after_at(source);
            check_json(&key.text, &json)?;
            Ok(Loaded::Json(key, json.trim().to_owned()))
        }
        Ok(Item::Query(name, value)) => Ok(Loaded::Query(name, value)),
        Ok(Item::Header(..) | Item::Part(..) | Item::Body(..)) | Err(_) => {
            // `k=@` alone names no file, and is a value here.
            if let Some((name, value)) = typed.split_once('=')
                && value.starts_with('@')
                && !name.is_empty()
                && !name.contains([':', '@', '='])
            {
                return Ok(Loaded::Field(
                    crate::request::item::FieldName::literal(name),
                    value.to_owned(),
                ));
            }
            let message = format!(
                "`{}` is not an item of a ready request",
                typed.escape_debug()
            );
            Err(Failure::usage(message)
                .hint("its items are `k=v`, `k:=json` and `k==v`; `headers` has the headers"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(row: &str) -> String {
        match call(row.as_bytes(), &Manners::default()) {
            Err(e) => format!("! {e}"),
            Ok(call) => {
                let items = call.items.iter().map(|item| match item {
                    Loaded::Field(key, text) => format!(" {}={text}", key.text),
                    Loaded::Json(key, text) => format!(" {}:={text}", key.text),
                    Loaded::Query(key, text) => format!(" {key}=={text}"),
                    Loaded::Header(key, text) => {
                        format!(" {key}:{}", text.as_deref().unwrap_or("-"))
                    }
                    Loaded::Body(Content::Bytes(bytes)) => {
                        format!(" {:?} {}", call.form, String::from_utf8_lossy(bytes))
                    }
                    other => format!(" {other:?}"),
                });
                let op = call.op.as_deref().unwrap_or_default();
                format!(
                    "{} {} {op}{}",
                    call.method,
                    call.path,
                    items.collect::<String>()
                )
            }
        }
    }

    #[test]
    fn rows_that_are_calls() {
        for (row, want) in [
            (
                r#"{"method":"post","path":"/x/","op":"o","items":["a=@/etc/passwd","b:=1.10","c==d"]}"#,
                "POST /x/ o a=@/etc/passwd b:=1.10 c==d",
            ),
            (
                r#"{"method":"PUT","path":"/x/","items":["a=@@b","c=@","d=@-"],"headers":{"X-A":"b","X-B":null}}"#,
                "PUT /x/  a=@@b c=@ d=@- X-A:b X-B:-",
            ),
            (
                r#"{"method":"POST","path":"/x/","body":{"n":1.10,"a":[]}}"#,
                "POST /x/  Some(Json) {\"n\":1.10,\"a\":[]}",
            ),
            (
                r#"{"method":"POST","path":"/x/","body":"a=b","headers":{"Content-Type":"text/plain"}}"#,
                "POST /x/  None a=b Content-Type:text/plain",
            ),
            (
                r#"{"method":"GET","path":"/x/","op":null,"items":null,"body":null,"headers":null}"#,
                "GET /x/ ",
            ),
            (r#"{"path":"/x/"}"#, "! `method` is missing or null"),
            (
                r#"{"method":"GET","path":null}"#,
                "! `path` is missing or null",
            ),
            (r#"{"method":"GET","path":""}"#, "! `path` is empty"),
            (r#"{"method":"GET","path":7}"#, "! `path` is not a string"),
            (r#"{"method":"GET","path":"/","op":""}"#, "! `op` is empty"),
            (
                r#"{"method":"GET","path":"/","op":7}"#,
                "! `op` is not a string",
            ),
            (
                r#"{"method":"GET","path":"/","items":"a=b"}"#,
                "! `items` is not a list of strings",
            ),
            (
                r#"{"method":"GET","path":"/","items":[1]}"#,
                "! `items` is not a list of strings",
            ),
            (
                r#"{"method":"GET","path":"/","headers":["a"]}"#,
                "! `headers` is not an object of strings",
            ),
            (
                r#"{"method":"GET","path":"/","path":"/x/"}"#,
                "! `path` is there twice",
            ),
            // What no number of the machine holds is a body all the same.
            (
                r#"{"method":"POST","path":"/x/","body":{"n":1e400, "n":12345678901234567890}}"#,
                "POST /x/  Some(Json) {\"n\":1e400, \"n\":12345678901234567890}",
            ),
            (
                r#"{"method":"POST","path":"/x/","body":"a=b"}"#,
                "POST /x/  None \"a=b\"",
            ),
            (
                r#"{"method":"GET","path":"/","itmes":[]}"#,
                "! a ready request has no member `itmes`",
            ),
            (
                r#"{"method":"GET","path":"/","items":["X-A:b"]}"#,
                "! `X-A:b` is not an item of a ready request",
            ),
            (
                r#"{"method":"GET","path":"/","items":["a@b"]}"#,
                "! `a@b` is not an item of a ready request",
            ),
            (
                r#"{"method":"GET","path":"/","items":["a:=@f"]}"#,
                "! the value of `a` is not JSON",
            ),
            ("[1]", "! not a ready request: not an object"),
            (
                r#"["GET","/x/",null]"#,
                "! not a ready request: not an object",
            ),
            (
                r#"{"method":"GET","path":"/x/","items":"a=b"}"#,
                "! `items` is not a list of strings",
            ),
            (
                r#"{"method":"POST","path":"/x/","body":[1e400,"\ud800"]}"#,
                "POST /x/  Some(Json) [1e400,\"\\ud800\"]",
            ),
            (
                r#"{"method":"POST","path":"/x/","headers":{"Content-Type":"text/plain"},"body":"\ud800"}"#,
                "! `body` has half a surrogate pair in it",
            ),
        ] {
            let outline = outline(row);
            assert!(
                outline == want || (want.starts_with('!') && outline.starts_with(want)),
                "{row}: {outline}"
            );
        }
    }

    #[test]
    fn secrets_in_headers_are_not_shown() {
        let shown = |row: &str| String::from_utf8(shown(row.as_bytes().to_vec())).unwrap();
        for (row, want) in [
            (
                r#"{"method":"GET", "headers":{"X-Token":"t","X-A":"a","Cookie":"c"},"body":1e400}"#,
                r#"{"method":"GET", "headers":{"X-Token":"***","X-A":"a","Cookie":"***"},"body":1e400}"#,
            ),
            (
                r#"{"method":"GET","headers":{ "X-A":"a" }}"#,
                r#"{"method":"GET","headers":{ "X-A":"a" }}"#,
            ),
            (r#"{"method":"GET"}"#, r#"{"method":"GET"}"#),
        ] {
            assert_eq!(shown(row), want);
        }
    }
}
