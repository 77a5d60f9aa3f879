//! Functions of lists and objects, and of any value.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::output::jq::fault::{Fault, Result};
use crate::output::jq::run::{Form, Native};
use crate::output::jq::value::math::{self, contains, keys};
use crate::output::jq::value::{Number, Val, large, place};

/// Functions of this theme.
pub fn native(name: &str, count: usize) -> Option<Native> {
    Some(match (name, count) {
        ("not", 0) => |v, _| Ok(Val::Bool(!v.is_true())),
        ("type", 0) => |v, _| Ok(Val::text(v.kind())),
        ("length", 0) => |v, _| length(v),
        ("keys", 0) => |v, _| keys(v),
        ("keys_unsorted", 0) => |v, _| match v {
            Val::Object(object) => Ok(Val::list(
                object
                    .members
                    .keys()
                    .map(|k| Val::Text(k.clone()))
                    .collect(),
            )),
            _ => keys(v),
        },
        ("has", 1) => |v, a| Ok(Val::Bool(place::has(v, &a[0])?)),
        ("contains", 1) => |v, a| Ok(Val::Bool(contains(v, &a[0])?)),
        ("setpath", 2) => |v, a| match a[0].as_items() {
            Some(path) => place::set_path(v.clone(), path, &a[1]),
            None => Err(Fault::said("Path must be specified as an array")),
        },
        ("delpaths", 1) => |v, a| match a[0].as_items() {
            Some(paths) => place::delete_paths(v.clone(), paths.to_vec()),
            None => Err(Fault::said("Paths must be specified as an array")),
        },
        ("sort", 0) => |v, _| match v {
            Val::List(list) => {
                let mut items = list.items.clone();
                items.sort_by(Val::sorting);
                Ok(Val::list(items))
            }
            _ => Err(Fault::about(
                v.clone(),
                "cannot be sorted, as it is not an array",
            )),
        },
        ("unique", 0) => |v, _| match v {
            Val::List(list) => by_keys(Form::UniqueBy, v, list.items.clone()),
            _ => Err(Fault::about(
                v.clone(),
                "cannot be sorted, as it is not an array",
            )),
        },
        ("min", 0) => |v, _| extreme(v, Form::MinBy),
        ("max", 0) => |v, _| extreme(v, Form::MaxBy),
        ("reverse", 0) => |v, _| reverse(v),
        ("transpose", 0) => |v, _| transpose(v),
        ("flatten", 0) => |v, _| flatten(v, &Val::float(-1.0)),
        ("flatten", 1) => |v, a| match a[0].as_float() {
            Some(depth) if depth < 0.0 => Err(Fault::said("flatten depth must not be negative")),
            _ if matches!(a[0], Val::Null | Val::Bool(_)) => {
                Err(Fault::said("flatten depth must not be negative"))
            }
            _ => flatten(v, &a[0]),
        },
        ("join", 1) => |v, a| join(v, &a[0]),
        ("indices", 1) => |v, a| indices(v, &a[0]),
        ("index", 1) => |v, a| {
            let found = indices(v, &a[0])?;
            place::get(&found, &Val::count(0))
        },
        ("rindex", 1) => |v, a| {
            let found = indices(v, &a[0])?;
            place::get(&found, &Val::float(-1.0))
        },
        ("bsearch", 1) => |v, a| search(v, &a[0]),
        _ => return None,
    })
}

fn length(value: &Val) -> Result<Val> {
    Ok(match value {
        Val::Null => Val::count(0),
        Val::Number(n) if n.float() < 0.0 => Val::Number(n.negated()),
        Val::Number(_) => value.clone(),
        Val::Text(text) => Val::count(text.chars().count()),
        Val::List(list) => Val::count(list.items.len()),
        Val::Object(object) => Val::count(object.members.len()),
        Val::Bool(_) => return Err(Fault::about(value.clone(), "has no length")),
    })
}

/// What `.[]` gives.
fn items(value: &Val) -> Result<Vec<Val>> {
    match value {
        Val::List(list) => Ok(list.items.clone()),
        Val::Object(object) => Ok(object.members.values().cloned().collect()),
        other => Err(Fault::of([
            "Cannot iterate over ".into(),
            other.kind().into(),
            " (".into(),
            other.clone().into(),
            ")".into(),
        ])),
    }
}

fn extreme(value: &Val, form: Form) -> Result<Val> {
    match value {
        Val::List(list) => by_keys(form, value, list.items.clone()),
        other => Err(Fault::pair(
            other.clone(),
            other.clone(),
            "cannot be iterated over",
        )),
    }
}

/// `sort_by` and its like, with the key of each item.
pub fn by_keys(form: Form, value: &Val, keys: Vec<Val>) -> Result<Val> {
    let Val::List(list) = value else {
        let what = match form {
            Form::MinBy | Form::MaxBy => "cannot be iterated over",
            _ => "cannot be sorted, as they are not both arrays",
        };
        return Err(Fault::pair(value.clone(), Val::list(keys), what));
    };
    let mut pairs: Vec<(Val, Val)> = keys.into_iter().zip(list.items.iter().cloned()).collect();
    if matches!(form, Form::MinBy | Form::MaxBy) {
        let mut best: Option<(Val, Val)> = None;
        for pair in pairs {
            let is_better = best.as_ref().is_none_or(|best| {
                (pair.0.order(&best.0) == Ordering::Less) == (form == Form::MinBy)
            });
            if is_better {
                best = Some(pair);
            }
        }
        return Ok(best.map_or(Val::Null, |(_, item)| item));
    }
    pairs.sort_by(|a, b| a.0.sorting(&b.0));
    let items = match form {
        Form::GroupBy => pairs
            .chunk_by(|a, b| a.0.equals(&b.0))
            .map(|group| Val::list(group.iter().map(|(_, item)| item.clone()).collect()))
            .collect(),
        Form::UniqueBy => pairs
            .chunk_by(|a, b| a.0.equals(&b.0))
            .map(|group| group[0].1.clone())
            .collect(),
        _ => pairs.into_iter().map(|(_, item)| item).collect(),
    };
    Ok(Val::list(items))
}

fn reverse(value: &Val) -> Result<Val> {
    match value {
        Val::List(list) => Ok(Val::list(list.items.iter().rev().cloned().collect())),
        other => {
            // As `[.[length - 1 - range(length)]]` does it.
            let count = length(other)?.as_float().unwrap_or(0.0);
            if count > 0.0 {
                place::get(other, &Val::float(count - 1.0))?;
            }
            Ok(Val::list(Vec::new()))
        }
    }
}

fn transpose(value: &Val) -> Result<Val> {
    let rows = items(value)?;
    let mut width = 0;
    for row in &rows {
        match row {
            Val::List(list) => width = width.max(list.items.len()),
            Val::Null => {}
            other => {
                if length(other)?.as_float().unwrap_or(0.0) > 0.0 {
                    place::get(other, &Val::count(0))?;
                }
            }
        }
    }
    large::check_count(rows.len().saturating_mul(width).saturating_sub(1))?;
    let column = |at| {
        let cells = rows.iter().map(|row| place::get(row, &Val::count(at)));
        Ok(Val::list(cells.collect::<Result<_>>()?))
    };
    Ok(Val::list((0..width).map(column).collect::<Result<_>>()?))
}

fn flatten(value: &Val, depth: &Val) -> Result<Val> {
    let mut flat = Vec::new();
    flatten_into(items(value)?, depth, &mut flat)?;
    Ok(Val::list(flat))
}

fn flatten_into(items: Vec<Val>, depth: &Val, flat: &mut Vec<Val>) -> Result<()> {
    for item in items {
        match item {
            Val::List(list) if depth.as_float() != Some(0.0) => {
                let depth = math::Math::Sub.of(depth.clone(), Val::count(1))?;
                let items = Rc::try_unwrap(list).map_or_else(|l| l.items.clone(), |l| l.items);
                flatten_into(items, &depth, flat)?;
            }
            other => {
                large::check_count(flat.len())?;
                flat.push(other);
            }
        }
    }
    Ok(())
}

fn join(value: &Val, between: &Val) -> Result<Val> {
    let mut text = Val::text("");
    for (at, item) in items(value)?.into_iter().enumerate() {
        if at > 0 {
            text = math::add(text, between.clone())?;
        }
        let item = match item {
            Val::Null => Val::text(""),
            item @ (Val::Bool(_) | Val::Number(_)) => Val::Text(item.to_text()?),
            item => item,
        };
        text = math::add(text, item)?;
    }
    Ok(text)
}

fn indices(value: &Val, part: &Val) -> Result<Val> {
    match (value, part) {
        (Val::List(list), Val::List(part)) => Ok(place::indices(&list.items, &part.items)),
        (Val::List(list), part) => Ok(place::indices(&list.items, std::slice::from_ref(part))),
        (Val::Text(text), Val::Text(part)) => {
            if part.is_empty() {
                return Ok(Val::list(Vec::new()));
            }
            let mut found = Vec::new();
            let mut from = 0;
            let mut chars = 0;
            while let Some(at) = text[from..].find(&**part) {
                chars += text[from..from + at].chars().count();
                large::check_count(found.len())?;
                found.push(Val::count(chars));
                let first = text[from + at..].chars().next().map_or(1, char::len_utf8);
                from += at + first;
                chars += 1;
            }
            Ok(Val::list(found))
        }
        _ => place::get(value, part),
    }
}

#[expect(clippy::cast_precision_loss, reason = "nothing has 2^53 parts")]
fn search(value: &Val, target: &Val) -> Result<Val> {
    let Val::List(list) = value else {
        return Err(Fault::about(value.clone(), "cannot be searched from"));
    };
    let (mut from, mut to) = (0, list.items.len());
    while from < to {
        let middle = from + (to - from) / 2;
        match list.items[middle].order(target) {
            Ordering::Equal => return Ok(Val::count(middle)),
            Ordering::Less => from = middle + 1,
            Ordering::Greater => to = middle,
        }
    }
    Ok(Val::Number(Number::Float(-1.0 - from as f64)))
}
