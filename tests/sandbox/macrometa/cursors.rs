//! Open cursors and their pages: what is left of a query's rows, for how long, and who is asking just now.
//!
//! A page that was given out is gone. The last page has no `id`, and its cursor ends with it.

use std::iter::Peekable;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::clock;
use super::super::response::Response;
use super::c8ql::{Rows, Run};
use super::state::State;
use super::{Call, refusal};

/// A query's rows that were not fetched yet.
pub struct Cursor {
    /// The query.
    pub query: String,
    /// Whether it came from a query worker, whose pages have a path of their own.
    pub worker: bool,
    /// How many rows a page has.
    pub batch: usize,
    /// How many pages were given out.
    pub pages: usize,
    /// How many rows were given out.
    pub given: usize,
    /// Whether a page is being made.
    pub busy: bool,
    rows: Peekable<Rows>,
    count: Option<usize>,
    stats: Value,
    warnings: Value,
    ttl: Duration,
    expires: Instant,
}

/// How a caller wants a cursor.
pub struct Wish {
    /// How many rows a page has.
    pub batch: usize,
    /// Whether the number of rows is to be reported.
    pub count: bool,
    /// Whether the number of rows without `LIMIT` is to be reported.
    pub full_count: bool,
    ttl: Duration,
    /// Whether it comes from a query worker.
    pub worker: bool,
}

impl Wish {
    /// Reads it from a body.
    pub fn read(body: &Value) -> Result<Self, Response> {
        if body["batchSize"] == 0 {
            let message = "expecting non-zero value for 'batchSize'";
            return Err(refusal(400, 17, message));
        }
        let batch = usize::try_from(body["batchSize"].as_u64().unwrap_or(100));
        let ttl = body["ttl"]
            .as_f64()
            .filter(|ttl| *ttl > 0.0)
            .unwrap_or(30.0);
        Ok(Self {
            batch: batch.unwrap_or(usize::MAX).clamp(1, 1000),
            count: body["count"] == true,
            full_count: body["options"]["fullCount"] == true,
            ttl: Duration::try_from_secs_f64(ttl).unwrap_or(Duration::from_secs(30)),
            worker: false,
        })
    }
}

/// Opens a cursor and gives its first page.
pub fn open(state: &mut State, call: &Call, query: &str, run: Run, wish: &Wish) -> Response {
    let mut measured = json!({"writesExecuted": run.writes, "writesIgnored": 0, "scannedFull": 0, "scannedIndex": 0, "filtered": 0, "httpRequests": 0, "executionTime": 0.0007, "peakMemoryUsage": 18396});
    if wish.full_count {
        measured["fullCount"] = json!(run.full_count);
    }
    // The one warning that a query can be written to have.
    let warnings = if query.replace(' ', "").contains("/0") {
        json!([{"code": 1562, "message": "division by zero"}])
    } else {
        json!([])
    };
    let cursor = Cursor {
        query: query.to_owned(),
        worker: wish.worker,
        batch: wish.batch,
        pages: 0,
        given: 0,
        busy: false,
        rows: run.rows.peekable(),
        count: run.count.filter(|_| wish.count),
        stats: measured,
        warnings,
        ttl: wish.ttl,
        expires: Instant::now() + wish.ttl,
    };
    let id = (clock::fresh() % 1_000_000_000).to_string();
    page(state, call, id, cursor, 201)
}

/// Gives the next page.
pub fn next(state: &mut State, call: &Call, id: &str, worker: bool) -> Result<Response, Response> {
    if !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refusal(400, 400, "invalid cursor ID"));
    }
    let cursor = take(state, call, id, Some(worker))?;
    Ok(page(state, call, id.to_owned(), cursor, 200))
}

/// Ends a cursor.
pub fn close(state: &mut State, call: &Call, id: &str) -> Result<(), Response> {
    take(state, call, id, None)?;
    state.cursor_deletes += 1;
    Ok(())
}

/// Marks a cursor as busy, so that the state can be left alone while its page is made.
pub fn begin(state: &mut State, fabric: &str, id: &str) -> Result<(), Response> {
    sweep(state);
    match state.cursors.get_mut(&(fabric.to_owned(), id.to_owned())) {
        Some(cursor) if cursor.busy => Err(refusal(409, 1601, "cursor is busy")),
        Some(cursor) => {
            cursor.busy = true;
            Ok(())
        }
        None => Ok(()),
    }
}

/// Forgets cursors whose time is over.
pub fn sweep(state: &mut State) {
    let now = Instant::now();
    state.cursors.retain(|_, cursor| cursor.expires > now);
}

fn take(
    state: &mut State,
    call: &Call,
    id: &str,
    worker: Option<bool>,
) -> Result<Cursor, Response> {
    sweep(state);
    let key = (call.fabric.to_owned(), id.to_owned());
    let there = (state.cursors.get(&key))
        .is_some_and(|cursor| worker.is_none_or(|worker| worker == cursor.worker));
    if !there {
        return Err(refusal(404, 1600, "cursor not found"));
    }
    (state.cursors.remove(&key)).ok_or_else(|| refusal(404, 1600, "cursor not found"))
}

fn page(state: &mut State, call: &Call, id: String, mut cursor: Cursor, code: u16) -> Response {
    cursor.pages += 1;
    let every = call.habits.empty_page_every;
    let empty = every > 0 && cursor.pages.is_multiple_of(every) && cursor.rows.peek().is_some();
    let mut body = String::from("{\"result\":[");
    for number in 0..if empty { 0 } else { cursor.batch } {
        let row = match cursor.rows.next() {
            Some(Ok(row)) => row,
            Some(Err(refused)) => return refused.into(),
            None => break,
        };
        if number > 0 {
            body.push(',');
        }
        body.push_str(&row);
        cursor.given += 1;
    }
    let more = cursor.rows.peek().is_some();
    body.push_str(&format!("],\"hasMore\":{more}"));
    if more {
        body.push_str(&format!(",\"id\":\"{id}\""));
    }
    if let Some(count) = cursor.count {
        body.push_str(&format!(",\"count\":{count}"));
    }
    body.push_str(&format!(
        ",\"extra\":{{\"stats\":{},\"warnings\":{}}},\"cached\":false,\"error\":false,\"code\":{code}}}",
        cursor.stats, cursor.warnings
    ));
    if more {
        cursor.busy = false;
        cursor.expires = Instant::now() + cursor.ttl;
        state.cursors.insert((call.fabric.to_owned(), id), cursor);
    }
    Response::with(code, "application/json; charset=utf-8", body)
}
