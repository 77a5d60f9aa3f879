//! Reads, writes and deletes what a path leads to, with jq's rules for what fits what.

use std::rc::Rc;

use super::{DEEPEST, Val, large};
use crate::output::jq::fault::{Fault, Result};

/// A part of a list or a text, in items or characters.
struct Slice {
    start: usize,
    end: usize,
}

fn slice_of(key: &Val, length: usize) -> Result<Slice> {
    let Val::Object(object) = key else {
        return Err(bad_slice());
    };
    if !is_slice(object) {
        return Err(bad_slice());
    }
    #[expect(clippy::cast_precision_loss, reason = "nothing has 2^53 parts")]
    let length_float = length as f64;
    let bound = |name: &str, default: f64| match object.members.get(name) {
        None | Some(Val::Null) => Ok(default),
        Some(Val::Number(n)) => {
            let x = n.float();
            let x = if x < 0.0 { x + length_float } else { x };
            Ok(if x.is_nan() {
                default
            } else {
                x.clamp(0.0, length_float)
            })
        }
        Some(_) => Err(bad_slice()),
    };
    let start = bound("start", 0.0)?.floor();
    let end = bound("end", length_float)?.ceil().max(start);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped"
    )]
    Ok(Slice {
        start: start as usize,
        end: (end as usize).min(length),
    })
}

fn bad_slice() -> Fault {
    Fault::said("Array/string slice indices must be integers")
}

fn is_slice(object: &super::Object) -> bool {
    object.members.contains_key("start") && object.members.contains_key("end")
}

fn unfit(value: &Val, key: &Val) -> Fault {
    Fault::of([
        "Cannot index ".into(),
        value.kind().into(),
        " with ".into(),
        key.kind().into(),
        " (".into(),
        key.clone().into(),
        ")".into(),
    ])
}

/// The place of an item, from the end where it is negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked"
)]
fn index_of(x: f64, length: usize) -> Option<usize> {
    if x.is_nan() {
        return None;
    }
    let x = x.trunc();
    if x < 0.0 {
        return length.checked_sub((-x).min(1e15) as usize);
    }
    Some(x.min(1e15) as usize)
}

/// `.[key]`
pub fn get(value: &Val, key: &Val) -> Result<Val> {
    match (value, key) {
        (Val::Object(object), Val::Text(name)) => {
            Ok(object.members.get(&**name).cloned().unwrap_or(Val::Null))
        }
        (Val::List(list), Val::Number(n)) => Ok(index_of(n.float(), list.items.len())
            .and_then(|at| list.items.get(at).cloned())
            .unwrap_or(Val::Null)),
        (Val::Null, Val::Text(_) | Val::Number(_) | Val::Object(_)) => Ok(Val::Null),
        (Val::List(list), Val::Object(_)) => {
            let slice = slice_of(key, list.items.len())?;
            Ok(Val::list(list.items[slice.start..slice.end].to_vec()))
        }
        (Val::Text(text), Val::Object(_)) => {
            let slice = slice_of(key, text.chars().count())?;
            let count = slice.end - slice.start;
            let part = text.chars().skip(slice.start).take(count);
            Ok(Val::text(part.collect::<String>()))
        }
        (Val::List(list), Val::List(part)) => Ok(indices(&list.items, &part.items)),
        _ => Err(unfit(value, key)),
    }
}

/// Where a part begins in a list.
pub fn indices(items: &[Val], part: &[Val]) -> Val {
    if part.is_empty() {
        return Val::list(Vec::new());
    }
    let starts = items.windows(part.len()).enumerate();
    let found = starts.filter(|(_, w)| w.iter().zip(part).all(|(a, b)| a.equals(b)));
    Val::list(found.map(|(at, _)| Val::count(at)).collect())
}

/// `has(key)`
pub fn has(value: &Val, key: &Val) -> Result<bool> {
    match (value, key) {
        (Val::Object(object), Val::Text(name)) => Ok(object.members.contains_key(&**name)),
        (Val::List(list), Val::Number(n)) => {
            let x = n.float();
            Ok(x.trunc() >= 0.0
                && index_of(x, list.items.len()).is_some_and(|at| at < list.items.len()))
        }
        (Val::Null, _) => Ok(false),
        _ => Err(Fault::of([
            "Cannot check whether ".into(),
            value.kind().into(),
            " has a ".into(),
            key.kind().into(),
            " key".into(),
        ])),
    }
}

fn too_deep() -> Fault {
    Fault::said(format!("a value is nested deeper than {DEEPEST} levels"))
}

/// Writes `.[key]`.
pub fn set(value: Val, key: &Val, new: Val) -> Result<Val> {
    let depth = new.depth() + 1;
    if depth > DEEPEST {
        return Err(too_deep());
    }
    match (value, key) {
        (value @ (Val::Null | Val::Object(_)), Val::Text(name)) => {
            let mut object = match value {
                Val::Object(object) => object,
                _ => Rc::default(),
            };
            let inner = Rc::make_mut(&mut object);
            inner.depth = inner.depth.max(depth);
            match inner.members.get_mut(&**name) {
                Some(old) => *old = new,
                None => {
                    large::check_count(inner.members.len())?;
                    inner.members.insert(name.clone(), new);
                }
            }
            Ok(Val::Object(object))
        }
        (value @ (Val::Null | Val::List(_)), Val::Number(n)) => {
            let mut list = match value {
                Val::List(list) => list,
                _ => Rc::default(),
            };
            let x = n.float();
            #[expect(clippy::cast_precision_loss, reason = "it is a power of two")]
            if x >= large::MOST_ITEMS as f64 {
                return Err(large::too_far());
            }
            if x.is_nan() {
                return Err(Fault::said("Cannot set array element at NaN index"));
            }
            let Some(at) = index_of(x, list.items.len()) else {
                return Err(Fault::said("Out of bounds negative array index"));
            };
            let inner = Rc::make_mut(&mut list);
            inner.depth = inner.depth.max(depth);
            if at >= inner.items.len() {
                inner.items.resize(at + 1, Val::Null);
            }
            inner.items[at] = new;
            Ok(Val::List(list))
        }
        (value @ (Val::Null | Val::List(_)), Val::Object(object)) if is_slice(object) => {
            let mut list = match value {
                Val::List(list) => list,
                _ => Rc::default(),
            };
            let slice = slice_of(key, list.items.len())?;
            let Val::List(new) = new else {
                return Err(Fault::said(
                    "A slice of an array can only be assigned another array",
                ));
            };
            large::check_count((list.items.len() + new.items.len()).saturating_sub(1))?;
            let inner = Rc::make_mut(&mut list);
            inner.depth = inner.depth.max(new.depth);
            let new = new.items.iter().cloned();
            inner.items.splice(slice.start..slice.end, new);
            Ok(Val::List(list))
        }
        (Val::Text(_), Val::Object(_)) => Err(Fault::said("Cannot update string slices")),
        (value @ Val::List(_), Val::Object(_)) => {
            drop(value);
            Err(bad_slice())
        }
        (value @ (Val::List(_) | Val::Object(_)), key) => Err(Fault::of([
            "Cannot update field at ".into(),
            if matches!(key, Val::List(_)) {
                "array"
            } else {
                "object"
            }
            .into(),
            " index of ".into(),
            value.kind().into(),
        ])),
        (value, key) => Err(unfit(&value, key)),
    }
}

/// What a path leads to.
pub fn get_path(value: &Val, path: &[Val]) -> Result<Val> {
    if path.len() >= DEEPEST as usize {
        return Err(Fault::said("Path too deep"));
    }
    let mut value = value.clone();
    for key in path {
        if matches!(value, Val::Null) {
            return Ok(Val::Null);
        }
        value = get(&value, key)?;
    }
    Ok(value)
}

/// Writes what a path leads to, and makes what is missing.
pub fn set_path(value: Val, path: &[Val], new: &Val) -> Result<Val> {
    change_path(value, path, &mut |_| Ok(new.clone()))
}

/// Changes what a path leads to; what nobody else holds is changed in place.
pub fn change_path<E: From<Fault>>(
    value: Val,
    path: &[Val],
    change: &mut dyn FnMut(Val) -> std::result::Result<Val, E>,
) -> std::result::Result<Val, E> {
    let Some((key, rest)) = path.split_first() else {
        return change(value);
    };
    if path.len() >= DEEPEST as usize {
        return Err(Fault::said("Path too deep").into());
    }
    let old = get(&value, key)?;
    let (value, old) = vacate(value, key, old);
    let new = change_path(old, rest, change)?;
    Ok(set(value, key, new)?)
}

/// Takes a member or an item out of its container, so that it can be changed in place.
fn vacate(mut value: Val, key: &Val, old: Val) -> (Val, Val) {
    if !matches!(old, Val::List(_) | Val::Object(_) | Val::Text(_)) {
        return (value, old);
    }
    match (&mut value, key) {
        (Val::Object(object), Val::Text(name)) => {
            if let Some(object) = Rc::get_mut(object)
                && let Some(place) = object.members.get_mut(&**name)
            {
                *place = Val::Null;
            }
        }
        (Val::List(list), Val::Number(n)) => {
            if let Some(list) = Rc::get_mut(list)
                && let Some(at) = index_of(n.float(), list.items.len())
                && let Some(place) = list.items.get_mut(at)
            {
                *place = Val::Null;
            }
        }
        _ => {}
    }
    (value, old)
}

/// Deletes what paths lead to. They mean the value as it was before any is deleted.
pub fn delete_paths(value: Val, paths: Vec<Val>) -> Result<Val> {
    let mut sorted = Vec::with_capacity(paths.len());
    for path in paths {
        match path {
            Val::List(path) if path.items.len() >= DEEPEST as usize => {
                return Err(Fault::said("Path too deep"));
            }
            Val::List(path) => sorted.push(path),
            other => {
                return Err(Fault::of([
                    "Path must be specified as array, not ".into(),
                    other.kind().into(),
                ]));
            }
        }
    }
    sorted.sort_by(|a, b| {
        let pairs = a.items.iter().zip(&b.items);
        let first = pairs.map(|(a, b)| a.sorting(b)).find(|o| o.is_ne());
        first.unwrap_or_else(|| a.items.len().cmp(&b.items.len()))
    });
    match sorted.first() {
        None => Ok(value),
        Some(path) if path.items.is_empty() => Ok(Val::Null),
        Some(_) => {
            let paths: Vec<&[Val]> = sorted.iter().map(|p| &p.items[..]).collect();
            delete_sorted(value, &paths)
        }
    }
}

fn delete_sorted(mut value: Val, paths: &[&[Val]]) -> Result<Val> {
    let mut keys = Vec::new();
    for group in paths.chunk_by(|a, b| a[0].equals(&b[0])).rev() {
        let key = &group[0][0];
        if group[0].len() == 1 {
            keys.push(key);
            continue;
        }
        let old = get(&value, key)?;
        if matches!(old, Val::Null) {
            continue;
        }
        let (rest, old) = vacate(value, key, old);
        let inner: Vec<&[Val]> = group.iter().map(|p| &p[1..]).collect();
        value = set(rest, key, delete_sorted(old, &inner)?)?;
    }
    delete_keys(value, &keys)
}

fn delete_keys(value: Val, keys: &[&Val]) -> Result<Val> {
    if keys.is_empty() {
        return Ok(value);
    }
    match value {
        Val::Null => Ok(Val::Null),
        Val::Object(mut object) => {
            let members = &mut Rc::make_mut(&mut object).members;
            for key in keys {
                let Val::Text(name) = key else {
                    return Err(undeletable(key, " field of object"));
                };
                members.shift_remove(&**name);
            }
            Ok(Val::Object(object))
        }
        Val::List(mut list) => {
            let items = &mut Rc::make_mut(&mut list).items;
            let mut gone = vec![false; items.len()];
            for key in keys {
                match key {
                    Val::Number(n) => {
                        let at = index_of(n.float(), gone.len());
                        if let Some(gone) = at.and_then(|at| gone.get_mut(at)) {
                            *gone = true;
                        }
                    }
                    Val::Object(_) => {
                        let slice = slice_of(key, gone.len())?;
                        gone[slice.start..slice.end].fill(true);
                    }
                    other => return Err(undeletable(other, " element of array")),
                }
            }
            let mut gone = gone.into_iter();
            items.retain(|_| !gone.next().unwrap_or(false));
            Ok(Val::List(list))
        }
        other => Err(Fault::of([
            "Cannot delete fields from ".into(),
            other.kind().into(),
        ])),
    }
}

fn undeletable(key: &Val, from: &'static str) -> Fault {
    Fault::of(["Cannot delete ".into(), key.kind().into(), from.into()])
}
