//! jq's arithmetic: `+ - * / %` of any two values.

use std::rc::Rc;

use super::{Val, large, order};
use crate::output::jq::fault::{Fault, Result};

/// An operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Math {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

impl Math {
    /// Computes.
    pub fn of(self, left: Val, right: Val) -> Result<Val> {
        match self {
            Self::Add => add(left, right),
            Self::Sub => subtract(left, right),
            Self::Mul => multiply(left, right),
            Self::Div => divide(left, right),
            Self::Rem => remainder(left, right),
        }
    }
}

fn pair(left: Val, right: Val, what: &'static str) -> Fault {
    Fault::pair(left, right, what)
}

/// Adds.
pub fn add(left: Val, right: Val) -> Result<Val> {
    match (left, right) {
        (Val::Number(a), Val::Number(b)) => Ok(Val::float(a.float() + b.float())),
        (Val::Null, other) | (other, Val::Null) => Ok(other),
        (Val::Text(mut a), Val::Text(b)) => {
            large::check_length(a.len() + b.len())?;
            a.edit().push_str(&b);
            Ok(Val::Text(a))
        }
        (Val::List(mut a), Val::List(b)) => {
            large::check_count((a.items.len() + b.items.len()).saturating_sub(1))?;
            let list = Rc::make_mut(&mut a);
            list.items.extend_from_slice(&b.items);
            list.depth = list.depth.max(b.depth);
            Ok(Val::List(a))
        }
        (Val::Object(mut a), Val::Object(b)) => {
            let object = Rc::make_mut(&mut a);
            let pairs = b.members.iter().map(|(k, v)| (k.clone(), v.clone()));
            object.members.extend(pairs);
            object.depth = object.depth.max(b.depth);
            Ok(Val::Object(a))
        }
        (a, b) => Err(pair(a, b, "cannot be added")),
    }
}

fn subtract(left: Val, right: Val) -> Result<Val> {
    match (left, right) {
        (Val::Number(a), Val::Number(b)) => Ok(Val::float(a.float() - b.float())),
        (Val::List(a), Val::List(b)) => {
            let keep = |item: &&Val| !b.items.iter().any(|other| item.equals(other));
            Ok(Val::list(a.items.iter().filter(keep).cloned().collect()))
        }
        (a, b) => Err(pair(a, b, "cannot be subtracted")),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "checked, and texts are shorter"
)]
fn repeat(text: &str, n: f64) -> Result<Val> {
    // NaN and what is below zero repeat nothing.
    if n.is_nan() || n < 0.0 {
        return Ok(Val::Null);
    }
    let times = n.floor();
    if times * text.len() as f64 > large::LONGEST_TEXT as f64 {
        return Err(large::repeated_too_often());
    }
    Ok(Val::text(text.repeat(times as usize)))
}

fn multiply(left: Val, right: Val) -> Result<Val> {
    match (left, right) {
        (Val::Number(a), Val::Number(b)) => Ok(Val::float(a.float() * b.float())),
        (Val::Text(text), Val::Number(n)) | (Val::Number(n), Val::Text(text)) => {
            repeat(&text, n.float())
        }
        (Val::Object(a), Val::Object(b)) => Ok(merge(a, &b)),
        (a, b) => Err(pair(a, b, "cannot be multiplied")),
    }
}

fn merge(mut a: Rc<super::Object>, b: &super::Object) -> Val {
    let object = Rc::make_mut(&mut a);
    for (key, value) in &b.members {
        let merged = match (object.members.get_mut(&**key), value) {
            (Some(Val::Object(old)), Val::Object(new)) => merge(std::mem::take(old), new),
            _ => value.clone(),
        };
        object.depth = object.depth.max(merged.depth() + 1);
        object.members.insert(key.clone(), merged);
    }
    Val::Object(a)
}

fn divide(left: Val, right: Val) -> Result<Val> {
    match (left, right) {
        (Val::Number(a), Val::Number(b)) => {
            if b.float() == 0.0 {
                return Err(pair(
                    Val::Number(a),
                    Val::Number(b),
                    "cannot be divided because the divisor is zero",
                ));
            }
            Ok(Val::float(a.float() / b.float()))
        }
        (Val::Text(a), Val::Text(b)) => split(&a, &b),
        (a, b) => Err(pair(a, b, "cannot be divided")),
    }
}

/// Splits a text at another; an empty one splits at each character.
pub fn split(text: &str, at: &str) -> Result<Val> {
    if text.is_empty() {
        Ok(Val::list(Vec::new()))
    } else if at.is_empty() {
        let chars = text.chars();
        Val::listed(chars.map(|c| Val::text(c.to_string())))
    } else {
        Val::listed(text.split(at).map(Val::text))
    }
}

/// A double as an integer of 64 bits: what is beyond is at the end.
#[expect(clippy::cast_possible_truncation, reason = "saturates, as jq does")]
fn integer(x: f64) -> i64 {
    x as i64
}

fn remainder(left: Val, right: Val) -> Result<Val> {
    match (left, right) {
        (Val::Number(a), Val::Number(b)) => {
            let (x, y) = (a.float(), b.float());
            if x.is_nan() || y.is_nan() {
                return Ok(Val::float(f64::NAN));
            }
            let divisor = integer(y).unsigned_abs();
            if divisor == 0 {
                return Err(pair(
                    Val::Number(a),
                    Val::Number(b),
                    "cannot be divided (remainder) because the divisor is zero",
                ));
            }
            let rest = integer(x).unsigned_abs() % divisor;
            #[expect(clippy::cast_precision_loss, reason = "as jq does")]
            let rest = rest as f64;
            Ok(Val::float(if x < 0.0 { 0.0 - rest } else { rest }))
        }
        (a, b) => Err(pair(a, b, "cannot be divided")),
    }
}

/// `contains`: texts hold texts, lists hold something that contains each item, objects all members.
pub fn contains(value: &Val, other: &Val) -> Result<bool> {
    if kinds_match(value, other) {
        return Ok(holds(value, other));
    }
    let what = "cannot have their containment checked";
    Err(pair(value.clone(), other.clone(), what))
}

fn holds(value: &Val, other: &Val) -> bool {
    match (value, other) {
        (Val::Object(a), Val::Object(b)) => {
            let holds_part = |(key, part): (&super::Text, &Val)| {
                a.members
                    .get(&**key)
                    .is_some_and(|value| holds(value, part))
            };
            b.members.iter().all(holds_part)
        }
        (Val::List(a), Val::List(b)) => b
            .items
            .iter()
            .all(|part| a.items.iter().any(|item| holds(item, part))),
        (Val::Text(a), Val::Text(b)) => a.contains(&**b),
        (a, b) => a.equals(b),
    }
}

/// `true` and `false` are two kinds here.
fn kinds_match(a: &Val, b: &Val) -> bool {
    a.kind() == b.kind() && !matches!((a, b), (Val::Bool(a), Val::Bool(b)) if a != b)
}

/// The keys of a list or an object, in their order.
pub fn keys(value: &Val) -> Result<Val> {
    Ok(Val::list(match value {
        Val::Object(_) => order::sorted_names(value)
            .into_iter()
            .map(|k| Val::Text(k.clone()))
            .collect(),
        Val::List(list) => (0..list.items.len()).map(Val::count).collect(),
        _ => return Err(Fault::about(value.clone(), "has no keys")),
    }))
}
