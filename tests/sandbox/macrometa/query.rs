//! `cursor`: queries in pages, for the two forms that tests need.
//!
//! Understood are `FOR d IN collection [LIMIT [offset,] n] RETURN d` and `RETURN value`; everything else is a parse error, which
//! says so. Paging is the service's own: the last page has no `id`, and its cursor is gone.

use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::clock;
use super::state::{Cursor, State};
use super::{Call, inline, refusal, wrong_method};

/// Carries a call out.
pub fn answer(state: &mut State, call: &Call) -> Result<Answer, Answer> {
    match (call.request.method.as_str(), call.path.as_slice()) {
        ("POST", ["cursor"]) => {
            let body = call.json()?;
            let text = body["query"].as_str().map(str::trim).unwrap_or_default();
            if text.is_empty() {
                return Err(refusal(400, 1502, "query is empty"));
            }
            let rest = rows(state, call, text)?;
            let batch = usize::try_from(body["batchSize"].as_u64().unwrap_or(100))
                .unwrap_or(usize::MAX)
                .clamp(1, 1000);
            let count = (body["count"] == true).then_some(rest.len());
            let id = (clock::fresh() % 1_000_000_000).to_string();
            Ok(page(state, call, id, Cursor { rest, batch, count }, 201))
        }
        ("PUT", ["cursor", id]) => {
            let cursor = take(state, call, id)?;
            Ok(page(state, call, (*id).to_owned(), cursor, 200))
        }
        ("DELETE", ["cursor", id]) => {
            take(state, call, id)?;
            Ok(inline(202, json!({"id": id})))
        }
        _ => Err(wrong_method()),
    }
}

fn take(state: &mut State, call: &Call, id: &str) -> Result<Cursor, Answer> {
    state
        .cursors
        .remove(&(call.fabric.to_owned(), id.to_owned()))
        .ok_or_else(|| refusal(404, 1600, "cursor not found"))
}

fn page(state: &mut State, call: &Call, id: String, mut cursor: Cursor, code: u16) -> Answer {
    let rest = cursor.rest.split_off(cursor.batch.min(cursor.rest.len()));
    let result = std::mem::replace(&mut cursor.rest, rest);
    let more = !cursor.rest.is_empty();
    let mut members = json!({"result": result, "hasMore": more, "cached": false, "extra": {"stats": {}, "warnings": []}});
    if let Some(count) = cursor.count {
        members["count"] = json!(count);
    }
    if more {
        members["id"] = json!(id);
        state.cursors.insert((call.fabric.to_owned(), id), cursor);
    }
    inline(code, members)
}

fn rows(state: &mut State, call: &Call, text: &str) -> Result<Vec<Value>, Answer> {
    let words: Vec<&str> = text
        .split([' ', '\t', '\r', '\n', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let is = |word: &str, keyword: &str| word.eq_ignore_ascii_case(keyword);
    let number = |word: &str| word.parse::<usize>().map_err(|_| syntax(word));
    match words.as_slice() {
        [first, ..] if is(first, "RETURN") => serde_json::from_str(text[6..].trim())
            .map(|value| vec![value])
            .map_err(|_| syntax(text[6..].trim())),
        [r#for, name, r#in, collection, middle @ .., r#return, last]
            if is(r#for, "FOR") && is(r#in, "IN") && is(r#return, "RETURN") && name == last =>
        {
            let (skip, take) = match middle {
                [] => (0, usize::MAX),
                [limit, count] if is(limit, "LIMIT") => (0, number(count)?),
                [limit, offset, count] if is(limit, "LIMIT") => (number(offset)?, number(count)?),
                [word, ..] => return Err(syntax(word)),
            };
            let documents = &state.collection(call.fabric, collection)?.documents;
            Ok(documents.values().skip(skip).take(take).cloned().collect())
        }
        [word, ..] => Err(syntax(word)),
        [] => Err(refusal(400, 1502, "query is empty")),
    }
}

fn syntax(near: &str) -> Answer {
    refusal(
        400,
        1501,
        &format!(
            "syntax error, unexpected identifier near '{near}' at position 1:1 (the sandbox knows only `FOR d IN c [LIMIT [o,] n] RETURN d` and `RETURN value`)"
        ),
    )
}
