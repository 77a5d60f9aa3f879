//! `@csv` and the other formats.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::output::jq::fault::{Fault, Result};
use crate::output::jq::run::Native;
use crate::output::jq::value::{Number, Val, large};

/// What a NUL is in all formats that escape something (jq 1.8).
const NUL: &str = "\\0";

/// The function of a format. An unknown one fails once it is used, as in jq.
pub fn format(name: &str) -> Native {
    match name {
        "text" => |v, _| Ok(Val::Text(v.to_text()?)),
        "json" => |v, _| Ok(Val::text(v.to_json()?)),
        "csv" => |v, _| csv(v),
        "tsv" => |v, _| tsv(v),
        "html" => |v, _| {
            escaped(&v.to_text()?, |c| match c {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '\'' => "&apos;",
                '"' => "&quot;",
                '\0' => NUL,
                _ => "",
            })
        },
        "uri" => |v, _| uri(&v.to_text()?),
        "urid" => |v, _| un_uri(v),
        "sh" => |v, _| sh(v),
        "base64" => |v, _| Ok(Val::text(STANDARD.encode(v.to_text()?.as_bytes()))),
        "base64d" => |v, _| un_base64(v),
        _ => |_, _| Err(Fault::said("unknown format")),
    }
}

/// `format("csv")`
pub fn named(value: &Val, args: &[Val]) -> Result<Val> {
    match &args[0] {
        Val::Text(name) if is_known(name) => format(name)(value, &[]),
        Val::Text(name) => Err(Fault::said(format!("{} is not a valid format", &**name))),
        other => Err(Fault::about(other.clone(), "is not a valid format")),
    }
}

/// Returns whether there is such a format.
pub fn is_known(name: &str) -> bool {
    [
        "text", "json", "csv", "tsv", "html", "uri", "urid", "sh", "base64", "base64d",
    ]
    .contains(&name)
}

fn escaped(text: &str, escape: fn(char) -> &'static str) -> Result<Val> {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match escape(c) {
            "" => out.push(c),
            escape => out.push_str(escape),
        }
        large::check_length(out.len())?;
    }
    Ok(Val::text(out))
}

/// The fields of a row, joined.
fn row(value: &Val, name: &str, between: &str, field: fn(&str) -> String) -> Result<Val> {
    let Some(items) = value.as_items() else {
        let what = if name == "csv" {
            "cannot be csv-formatted, only array"
        } else {
            "cannot be tsv-formatted, only array"
        };
        return Err(Fault::about(value.clone(), what));
    };
    let mut fields = Vec::with_capacity(items.len());
    let mut length = 0;
    for item in items {
        fields.push(match item {
            Val::Null => String::new(),
            Val::Bool(b) => b.to_string(),
            Val::Number(Number::Float(x)) if x.is_nan() => String::new(),
            Val::Number(n) => n.canonical(),
            Val::Text(text) => field(text),
            Val::List(_) | Val::Object(_) => {
                return Err(Fault::about(item.clone(), "is not valid in a csv row"));
            }
        });
        length += fields.last().map_or(0, String::len) + between.len();
        large::check_length(length)?;
    }
    Ok(Val::text(fields.join(between)))
}

fn csv(value: &Val) -> Result<Val> {
    row(value, "csv", ",", |text| {
        format!("\"{}\"", text.replace('"', "\"\"").replace('\0', NUL))
    })
}

fn tsv(value: &Val) -> Result<Val> {
    row(value, "tsv", "\t", |text| {
        text.replace('\\', "\\\\")
            .replace('\t', "\\t")
            .replace('\n', "\\n")
            .replace('\r', "\\r")
            .replace('\0', NUL)
    })
}

fn sh(value: &Val) -> Result<Val> {
    let words = match value {
        Val::List(list) => &list.items[..],
        other => std::slice::from_ref(other),
    };
    let mut out = Vec::with_capacity(words.len());
    let mut length = 0;
    for word in words {
        out.push(match word {
            Val::Text(text) => format!("'{}'", text.replace('\'', "'\\''").replace('\0', NUL)),
            Val::List(_) | Val::Object(_) => {
                return Err(Fault::about(word.clone(), "can not be escaped for shell"));
            }
            other => other.to_json()?,
        });
        length += out.last().map_or(0, String::len) + 1;
        large::check_length(length)?;
    }
    Ok(Val::text(out.join(" ")))
}

fn uri(text: &str) -> Result<Val> {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        large::check_length(out.len())?;
    }
    Ok(Val::text(out))
}

fn un_uri(value: &Val) -> Result<Val> {
    let text = value.to_text()?;
    let wrong = || Fault::about(Val::Text(text.clone()), "is not a valid uri encoding");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = rest
            .get(..2)
            .filter(|d| d.iter().all(u8::is_ascii_hexdigit));
        let digits = digits
            .and_then(|d| std::str::from_utf8(d).ok())
            .ok_or_else(wrong)?;
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| wrong())?);
        rest = &rest[2..];
    }
    String::from_utf8(bytes).map(Val::text).map_err(|_| wrong())
}

/// Reads base64, with or without `=` at its end.
fn un_base64(value: &Val) -> Result<Val> {
    let text = value.to_text()?;
    let wrong = |what| Fault::about(Val::Text(text.clone()), what);
    let data = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(data.len());
    let (mut bits, mut count) = (0u32, 0);
    let mut letters = 0;
    for byte in data.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return Err(wrong("is not valid base64 data")),
        };
        letters += 1;
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_be_bytes()[3]);
            bits &= (1 << count) - 1;
        }
    }
    if letters % 4 == 1 {
        return Err(wrong("trailing base64 byte found"));
    }
    Ok(Val::text(decoded(&bytes)))
}

/// UTF-8 as jq reads it: what is none becomes U+FFFD, once for a character that breaks off.
fn decoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        let length = match first {
            0x00..=0x7f => 1,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 0,
        };
        let goes_on = rest
            .iter()
            .skip(1)
            .take_while(|b| **b & 0xc0 == 0x80)
            .count();
        let taken = match length {
            0 => 1,
            length if length > rest.len() => rest.len(),
            length => length.min(goes_on + 1),
        };
        match std::str::from_utf8(&rest[..taken]) {
            Ok(part) => text.push_str(part),
            Err(_) => text.push('\u{fffd}'),
        }
        rest = &rest[taken..];
    }
    text
}
