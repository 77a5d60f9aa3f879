//! Functions of texts, and between texts and other values.

use crate::output::jq::fault::{Fault, Result};
use crate::output::jq::run::Native;
use crate::output::jq::value::build;
use crate::output::jq::value::math::split;
use crate::output::jq::value::{Number, Text, Val};

/// Functions of this theme.
pub fn native(name: &str, count: usize) -> Option<Native> {
    Some(match (name, count) {
        ("tostring", 0) => |v, _| Ok(Val::Text(v.to_text()?)),
        ("tojson", 0) => |v, _| Ok(Val::text(v.to_json()?)),
        ("fromjson", 0) => |v, _| from_json(v),
        ("tonumber", 0) => |v, _| to_number(v),
        ("toboolean", 0) => |v, _| to_boolean(v),
        ("explode", 0) => |v, _| match v {
            Val::Text(text) => {
                let codes = text.chars().map(|c| Val::float(f64::from(u32::from(c))));
                Val::listed(codes)
            }
            _ => Err(Fault::said("explode input must be a string")),
        },
        ("implode", 0) => |v, _| implode(v),
        ("utf8bytelength", 0) => |v, _| match v {
            Val::Text(text) => Ok(Val::count(text.len())),
            other => Err(Fault::about(
                other.clone(),
                "only strings have UTF-8 byte length",
            )),
        },
        ("startswith", 1) => |v, a| {
            let (text, part) = affix(v, &a[0], STARTS)?;
            Ok(Val::Bool(text.starts_with(&**part)))
        },
        ("endswith", 1) => |v, a| {
            let (text, part) = affix(v, &a[0], ENDS)?;
            Ok(Val::Bool(text.ends_with(&**part)))
        },
        ("ltrimstr", 1) => |v, a| {
            let (text, part) = affix(v, &a[0], STARTS)?;
            Ok(text
                .strip_prefix(&**part)
                .map_or_else(|| v.clone(), Val::text))
        },
        ("rtrimstr", 1) => |v, a| {
            let (text, part) = affix(v, &a[0], ENDS)?;
            Ok(text
                .strip_suffix(&**part)
                .map_or_else(|| v.clone(), Val::text))
        },
        ("trimstr", 1) => |v, a| {
            let (text, part) = affix(v, &a[0], STARTS)?;
            let rest = text.strip_prefix(&**part).unwrap_or(text);
            Ok(Val::text(rest.strip_suffix(&**part).unwrap_or(rest)))
        },
        ("trim", 0) => |v, _| trimmed(v, str::trim),
        ("ltrim", 0) => |v, _| trimmed(v, str::trim_start),
        ("rtrim", 0) => |v, _| trimmed(v, str::trim_end),
        ("split", 1) => |v, a| match (v, &a[0]) {
            (Val::Text(text), Val::Text(at)) => split(text, at),
            _ => Err(Fault::said("split input and separator must be strings")),
        },
        _ => return None,
    })
}

const STARTS: &str = "startswith() requires string inputs";
const ENDS: &str = "endswith() requires string inputs";

fn affix<'a>(value: &'a Val, part: &'a Val, what: &'static str) -> Result<(&'a Text, &'a Text)> {
    match (value, part) {
        (Val::Text(text), Val::Text(part)) => Ok((text, part)),
        _ => Err(Fault::said(what)),
    }
}

fn trimmed(value: &Val, trim: fn(&str) -> &str) -> Result<Val> {
    match value {
        Val::Text(text) => Ok(Val::text(trim(text))),
        _ => Err(Fault::said("trim input must be a string")),
    }
}

fn implode(value: &Val) -> Result<Val> {
    let Some(items) = value.as_items() else {
        return Err(Fault::said("implode input must be an array"));
    };
    let mut text = String::new();
    for item in items {
        let code = item.as_float().filter(|x| !x.is_nan());
        let Some(code) = code else {
            let what = "can't be imploded, unicode codepoint needs to be numeric";
            return Err(Fault::about(item.clone(), what));
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates"
        )]
        let c = if code < 0.0 {
            None
        } else {
            char::from_u32(code as u32)
        };
        text.push(c.unwrap_or('\u{fffd}'));
    }
    Ok(Val::text(text))
}

/// Reads a number as jq's `tonumber` does: `nan` and `Infinity` are some, blanks are none.
fn read_number(text: &str) -> Option<Val> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'-' => (-1.0, &text[1..]),
        b'+' => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    match rest.to_ascii_lowercase().as_str() {
        "nan" => return Some(Val::float(f64::NAN)),
        "infinity" | "inf" => return Some(Val::float(sign * f64::INFINITY)),
        _ => {}
    }
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_number = digits(&format!("{whole}{part}"))
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)));
    if !is_number {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let minus = if sign < 0.0 { "-" } else { "" };
    let dot = if part.is_empty() { "" } else { "." };
    let e = exponent.map(|e| format!("e{e}")).unwrap_or_default();
    Some(Val::Number(Number::read(&format!(
        "{minus}{whole}{dot}{part}{e}"
    ))))
}

fn to_number(value: &Val) -> Result<Val> {
    let number = match value {
        Val::Number(_) => Some(value.clone()),
        Val::Text(text) => read_number(text),
        _ => None,
    };
    number.ok_or_else(|| Fault::about(value.clone(), "cannot be parsed as a number"))
}

fn to_boolean(value: &Val) -> Result<Val> {
    match value {
        Val::Bool(_) => Ok(value.clone()),
        Val::Text(text) if &**text == "true" => Ok(Val::Bool(true)),
        Val::Text(text) if &**text == "false" => Ok(Val::Bool(false)),
        _ => Err(Fault::about(value.clone(), "cannot be parsed as a boolean")),
    }
}

/// Reads JSON as the response's is read, and the NaN and the infinities that jq reads besides.
fn from_json(value: &Val) -> Result<Val> {
    let Val::Text(text) = value else {
        return Err(Fault::about(value.clone(), "only strings can be parsed"));
    };
    let said = |what: String| Fault::said(format!("{what} (while parsing '{}')", short(text)));
    match build::parse(text.as_bytes()) {
        Ok(Some(_)) if has_half_pair(text) => {
            Err(said("not valid JSON: half a pair of surrogates".to_owned()))
        }
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(said("Expected JSON value".to_owned())),
        Err(error) => read_special(text).ok_or_else(|| said(format!("not valid JSON: {error}"))),
    }
}

/// Returns whether a JSON text has an escaped surrogate without its other half.
fn has_half_pair(text: &str) -> bool {
    let mut is_open = false;
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let is_next = at == 0;
        let escape = &rest[at + 1..];
        let unit = escape.strip_prefix('u').and_then(|hex| hex.get(..4));
        let unit = unit.and_then(|hex| u16::from_str_radix(hex, 16).ok());
        let is_low = matches!(unit, Some(0xDC00..=0xDFFF));
        if is_low != (is_open && is_next) {
            return true;
        }
        is_open = matches!(unit, Some(0xD800..=0xDBFF));
        let length = if unit.is_some() { 5 } else { 1 };
        rest = escape.get(length..).unwrap_or_default();
        if is_open && !rest.starts_with('\\') {
            return true;
        }
    }
    false
}

fn read_special(text: &str) -> Option<Val> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let is_special = text
        .trim_start_matches('-')
        .starts_with(|c: char| c.is_ascii_alphabetic() || c == '0');
    if is_special && !text.starts_with('+') {
        return read_number(text);
    }
    None
}

fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(60).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
