//! Runs a [`Statement`]: an iterator of rows as JSON text, made as they are asked for.
//!
//! A read sees the collection as it was when the query came. A write happens at once, before the first row is asked for.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::documents;
use super::super::state::State;
use super::eval::{Scope, eval, is_true, order};
use super::{Act, Expr, Refused, Source, Statement, Step, Write};

/// Rows as JSON text; after an error there are none.
pub type Rows = Box<dyn Iterator<Item = Result<String, Refused>> + Send>;

/// What a query gives.
pub struct Run {
    /// The rows.
    pub rows: Rows,
    /// How many there are, where that was asked for.
    pub count: Option<usize>,
    /// How many there would be without `LIMIT`, where that was asked for.
    pub full_count: Option<usize>,
    /// How many documents were written.
    pub writes: usize,
}

/// Starts a query. `counts` asks for both counts, for which all rows must be known.
pub fn run(
    state: &mut State,
    fabric: &str,
    statement: &Statement,
    counts: bool,
) -> Result<Run, Refused> {
    for name in statement.collections() {
        if state.collection(fabric, name).is_err() {
            let message = format!("collection or view not found: {name} (while parsing)");
            return Err(Refused::new(404, 1203, message));
        }
    }
    let size = size(state, fabric, statement);
    let scopes = scopes(state, fabric, statement)?;
    let Act::Return(expr) = &statement.act else {
        return write(state, fabric, statement, scopes);
    };
    let make = maker(expr);
    let (offset, limit) = statement.limit.unwrap_or((0, usize::MAX));
    if !counts || size.is_some() {
        let rows = Box::new(scopes.skip(offset).take(limit).map(make));
        return Ok(Run {
            rows,
            count: size.map(|size| size.saturating_sub(offset).min(limit)),
            full_count: size,
            writes: 0,
        });
    }
    let all: Vec<Row> = scopes.collect();
    let full = all.len();
    Ok(Run {
        rows: Box::new(all.into_iter().skip(offset).take(limit).map(make)),
        count: Some(full.saturating_sub(offset).min(limit)),
        full_count: Some(full),
        writes: 0,
    })
}

/// A row before it is shown: its variables, or a document's text where nothing but itself is wanted.
enum Row {
    Scope(Scope),
    Text(Arc<str>),
    Refused(Refused),
}

/// Shows a row.
fn maker(expr: &Expr) -> impl Fn(Row) -> Result<String, Refused> + Send + 'static {
    let expr = expr.clone();
    move |row| match row {
        Row::Text(text) => Ok(text.to_string()),
        Row::Scope(scope) => Ok(eval(&expr, &scope)?.to_string()),
        Row::Refused(refused) => Err(refused),
    }
}

/// How many rows there are before `LIMIT`, where that is plain.
fn size(state: &mut State, fabric: &str, statement: &Statement) -> Option<usize> {
    let filters = |step: &Step| matches!(step, Step::Filter(_));
    if statement.steps.iter().any(filters) {
        return None;
    }
    match &statement.each {
        None => Some(1),
        Some((_, Source::Collection(name))) => {
            Some(state.collection(fabric, name).ok()?.documents.len())
        }
        Some((_, Source::Range(from, to))) => {
            let (from, to) = ends(from, to).ok()?;
            usize::try_from(to.abs_diff(from) + 1).ok()
        }
        Some((_, Source::List(_))) => None,
    }
}

fn ends(from: &Expr, to: &Expr) -> Result<(i64, i64), Refused> {
    let end = |expr| -> Result<i64, Refused> { Ok(eval(expr, &Vec::new())?.as_i64().unwrap_or(0)) };
    Ok((end(from)?, end(to)?))
}

type Scopes = Box<dyn Iterator<Item = Row> + Send>;

fn scopes(state: &mut State, fabric: &str, statement: &Statement) -> Result<Scopes, Refused> {
    let plain = |variable: &str| {
        statement.steps.is_empty()
            && statement.sort.is_none()
            && matches!(&statement.act, Act::Return(Expr::Variable(name)) if name == variable)
    };
    let mut steps = statement.steps.as_slice();
    let start: Scopes = match &statement.each {
        None => Box::new(std::iter::once(Row::Scope(Vec::new()))),
        Some((variable, Source::Collection(name))) => {
            let documents = state.collection(fabric, name).map(|c| &c.documents);
            let texts: Vec<Arc<str>> = match (documents, keys_wanted(variable, steps)) {
                (Ok(documents), Some(keys)) => {
                    steps = &steps[1..];
                    documents.with_keys(&keys)
                }
                (Ok(documents), None) => {
                    let entries = documents.entries();
                    entries.map(|(_, text)| Arc::clone(text)).collect()
                }
                (Err(_), _) => Vec::new(),
            };
            if plain(variable) {
                return Ok(Box::new(texts.into_iter().map(Row::Text)));
            }
            let variable = variable.clone();
            Box::new(texts.into_iter().map(move |text| {
                let document = serde_json::from_str(&text).unwrap_or_default();
                Row::Scope(vec![(variable.clone(), document)])
            }))
        }
        Some((variable, Source::Range(from, to))) => {
            let (from, to) = ends(from, to)?;
            let numbers: Box<dyn Iterator<Item = i64> + Send> = if from <= to {
                Box::new(from..=to)
            } else {
                Box::new((to..=from).rev())
            };
            let variable = variable.clone();
            Box::new(numbers.map(move |n| Row::Scope(vec![(variable.clone(), n.into())])))
        }
        Some((variable, Source::List(list))) => {
            let Value::Array(items) = eval(list, &Vec::new())? else {
                let message =
                    "collection or array expected as operand to FOR loop (while executing)";
                return Err(Refused::new(400, 1563, message));
            };
            let variable = variable.clone();
            let rows = items.into_iter();
            Box::new(rows.map(move |item| Row::Scope(vec![(variable.clone(), item)])))
        }
    };
    let steps = steps.to_vec();
    let rows: Scopes = if steps.is_empty() {
        start
    } else {
        Box::new(start.filter_map(move |row| step(&steps, row)))
    };
    match &statement.sort {
        Some((by, descending)) => Ok(sorted(rows, by, *descending)),
        None => Ok(rows),
    }
}

/// The keys that a first `FILTER d._key == …` or `FILTER d._key IN …` lets pass: as in the service an index answers it, not a
/// walk over all documents.
fn keys_wanted(variable: &str, steps: &[Step]) -> Option<Vec<String>> {
    let Some(Step::Filter(Expr::Binary(operator, left, right))) = steps.first() else {
        return None;
    };
    let Expr::Part(whole, part) = &**left else {
        return None;
    };
    let (Expr::Variable(name), Expr::Literal(Value::String(member))) = (&**whole, &**part) else {
        return None;
    };
    if name != variable || member != "_key" {
        return None;
    }
    // What needs a row's variables has no value here.
    let keys = match (*operator, eval(right, &Vec::new()).ok()?) {
        ("IN", Value::Array(keys)) => keys,
        ("==", key) => vec![key],
        _ => return None,
    };
    let texts = keys.into_iter().filter_map(|key| match key {
        Value::String(key) => Some(key),
        _ => None,
    });
    Some(texts.collect())
}

/// Carries out `LET` and `FILTER`; `None` where the row is left out.
fn step(steps: &[Step], row: Row) -> Option<Row> {
    let Row::Scope(mut scope) = row else {
        return Some(row);
    };
    for step in steps {
        let value = match step {
            Step::Let(_, expr) | Step::Filter(expr) => eval(expr, &scope),
        };
        match (step, value) {
            (_, Err(refused)) => return Some(Row::Refused(refused)),
            (Step::Let(name, _), Ok(value)) => scope.push((name.clone(), value)),
            (Step::Filter(_), Ok(value)) if !is_true(&value) => return None,
            (Step::Filter(_), Ok(_)) => {}
        }
    }
    Some(Row::Scope(scope))
}

fn sorted(rows: Scopes, by: &Expr, descending: bool) -> Scopes {
    let mut all: Vec<(Value, Row)> = rows
        .map(|row| match row {
            Row::Scope(scope) => match eval(by, &scope) {
                Ok(key) => (key, Row::Scope(scope)),
                Err(refused) => (Value::Null, Row::Refused(refused)),
            },
            other => (Value::Null, other),
        })
        .collect();
    all.sort_by(|(left, _), (right, _)| {
        let order = order(left, right);
        if descending { order.reverse() } else { order }
    });
    Box::new(all.into_iter().map(|(_, row)| row))
}

fn write(
    state: &mut State,
    fabric: &str,
    statement: &Statement,
    rows: Scopes,
) -> Result<Run, Refused> {
    let Act::Write {
        kind,
        target,
        with,
        collection: name,
        returns,
    } = &statement.act
    else {
        unreachable!("only writes come here");
    };
    let (offset, limit) = statement.limit.unwrap_or((0, usize::MAX));
    let mut shown = Vec::new();
    let mut writes = 0;
    for row in rows.skip(offset).take(limit) {
        let scope = match row {
            Row::Scope(scope) => scope,
            Row::Refused(refused) => return Err(refused),
            Row::Text(_) => continue,
        };
        let target = eval(target, &scope)?;
        let with = with.as_ref().map(|with| eval(with, &scope)).transpose()?;
        let Ok(collection) = state.collection(fabric, name) else {
            continue;
        };
        let key = target["_key"]
            .as_str()
            .or(target.as_str())
            .map(str::to_owned);
        let old = key.as_deref().and_then(|key| collection.documents.get(key));
        let missing = || Refused::new(404, 1202, "document not found (while executing)");
        let new = match kind {
            Write::Insert => {
                let object = target.as_object().ok_or_else(|| {
                    Refused::new(400, 1227, "invalid document type (while executing)")
                })?;
                let key = documents::new_key(object).map_err(|failure| {
                    Refused::new(failure.code, failure.number, failure.message)
                })?;
                if collection.documents.contains_key(&key) {
                    return Err(Refused::new(409, 1210, documents::violation(&key)));
                }
                collection.put(&key, object)
            }
            Write::Remove => {
                let key = key.filter(|_| old.is_some()).ok_or_else(missing)?;
                collection.documents.remove(&key);
                Value::Null
            }
            Write::Update | Write::Replace => {
                let (Some(key), Some(old)) = (key, &old) else {
                    return Err(missing());
                };
                let changes = with.as_ref().unwrap_or(&target);
                let mut document = if *kind == Write::Update {
                    old.as_object().cloned().unwrap_or_default()
                } else {
                    Map::new()
                };
                documents::merge(
                    &mut document,
                    changes.as_object().unwrap_or(&Map::new()),
                    true,
                    true,
                );
                collection.put(&key, &document)
            }
        };
        writes += 1;
        match returns.as_deref() {
            Some("NEW") => shown.push(new.to_string()),
            Some(_) => shown.push(old.unwrap_or_default().to_string()),
            None => {}
        }
    }
    Ok(Run {
        count: Some(shown.len()),
        full_count: Some(shown.len()),
        rows: Box::new(shown.into_iter().map(Ok)),
        writes,
    })
}
