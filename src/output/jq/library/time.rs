//! Dates: seconds since 1970, broken-down times, and texts of both.

use std::time::{SystemTime, UNIX_EPOCH};

use super::calendar::{self, Broken};
use crate::output::jq::fault::{Fault, Result};
use crate::output::jq::run::Native;
use crate::output::jq::value::Val;

/// Functions of this theme.
pub fn native(name: &str, count: usize) -> Option<Native> {
    Some(match (name, count) {
        ("now", 0) => |_, _| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            Ok(Val::float(now.map_or(0.0, |d| d.as_secs_f64())))
        },
        ("gmtime", 0) => |v, _| broken_down(v, false),
        ("localtime", 0) => |v, _| broken_down(v, true),
        ("mktime", 0) => |v, _| match v {
            Val::List(_) => {
                let time = given(v, "mktime requires parsed datetime inputs")?;
                Ok(seconds(time.seconds()))
            }
            _ => Err(Fault::said("mktime requires array inputs")),
        },
        ("strftime", 1) => |v, a| write(v, &a[0], false),
        ("strflocaltime", 1) => |v, a| write(v, &a[0], true),
        ("strptime", 1) => |v, a| match (v, &a[0]) {
            (Val::Text(text), Val::Text(format)) => read(text, format),
            _ => Err(Fault::said(
                "strptime/1 requires string inputs and arguments",
            )),
        },
        _ => return None,
    })
}

#[expect(clippy::cast_precision_loss, reason = "years are below 2^31")]
fn seconds(n: i64) -> Val {
    Val::float(n as f64)
}

fn too_far() -> Fault {
    Fault::said("error converting number of seconds since epoch to datetime")
}

/// Whole seconds, and what is behind the point.
#[expect(clippy::cast_possible_truncation, reason = "checked")]
fn split(x: f64) -> Result<(i64, f64)> {
    if x.is_nan() || x.abs() > 6.7e16 {
        return Err(too_far());
    }
    Ok((x.trunc() as i64, x - x.floor()))
}

fn broken_down(value: &Val, is_local: bool) -> Result<Val> {
    let Some(x) = value.as_float() else {
        return Err(Fault::said(if is_local {
            "localtime() requires numeric inputs"
        } else {
            "gmtime() requires numeric inputs"
        }));
    };
    let (whole, part) = split(x)?;
    let offset = if is_local { offset(whole).0 } else { 0 };
    Ok(listed(&Broken::of(whole + offset), part))
}

/// The zone of the machine at a time: seconds east of Greenwich, and its name.
fn offset(whole: i64) -> (i64, String) {
    let zone = jiff::tz::TimeZone::system();
    let Ok(at) = jiff::Timestamp::from_second(whole) else {
        return (0, "UTC".to_owned());
    };
    let info = zone.to_offset_info(at);
    let seconds = i64::from(info.offset().seconds());
    (seconds, info.abbreviation().to_owned())
}

fn listed(time: &Broken, part: f64) -> Val {
    let [year, month, day, hour, minute, second, weekday, yearday] = time.numbers().map(seconds);
    let second = match second.as_float() {
        Some(whole) if part > 0.0 => Val::float(whole + part),
        _ => second,
    };
    Val::list(vec![
        year, month, day, hour, minute, second, weekday, yearday,
    ])
}

/// Reads a list of numbers as a broken-down time.
#[expect(clippy::cast_possible_truncation, reason = "years beyond are refused")]
fn given(value: &Val, wrong: &'static str) -> Result<Broken> {
    let Val::List(list) = value else {
        return Err(Fault::said(wrong));
    };
    // C counts years from 1900.
    let mut numbers = [1900, 0, 0, 0, 0, 0i64];
    for (at, (number, item)) in numbers.iter_mut().zip(&list.items).enumerate() {
        let x = item.as_float().filter(|x| !x.is_nan());
        let x = x.ok_or_else(|| Fault::said(wrong))?;
        // As C has it: 32 bits, and years from 1900.
        let zero = if at == 0 { 1900.0 } else { 0.0 };
        *number = x.clamp(zero - 2_147_483_648.0, zero + 2_147_483_647.0) as i64;
    }
    if list.items.iter().any(|item| item.as_float().is_none()) {
        return Err(Fault::said(wrong));
    }
    let [year, month, day, hour, minute, second] = numbers;
    Ok(Broken {
        year,
        month,
        day,
        hour,
        minute,
        second,
        ..Broken::default()
    })
}

fn write(value: &Val, format: &Val, is_local: bool) -> Result<Val> {
    let (name, needs) = if is_local {
        (
            "strflocaltime/1 requires a string format",
            "strflocaltime/1 requires parsed datetime inputs",
        )
    } else {
        (
            "strftime/1 requires a string format",
            "strftime/1 requires parsed datetime inputs",
        )
    };
    let whole = match value {
        Val::Number(n) => Some(split(n.float())?.0),
        Val::List(_) => None,
        _ => return Err(Fault::said(needs)),
    };
    let Val::Text(format) = format else {
        return Err(Fault::said(name));
    };
    let (shown, zone) = match whole {
        Some(whole) if is_local => {
            let (offset, zone) = offset(whole);
            (Broken::of(whole + offset), (offset, zone))
        }
        Some(whole) => (Broken::of(whole), (0, "GMT".to_owned())),
        None => {
            let time = Broken::of(given(value, needs)?.seconds());
            let zone = if is_local {
                let (offset, name) = offset(time.seconds());
                (offset, name)
            } else {
                (0, "GMT".to_owned())
            };
            (time, zone)
        }
    };
    Ok(Val::text(calendar::write(
        &shown,
        format,
        (zone.0, &zone.1),
    )))
}

fn read(text: &str, format: &str) -> Result<Val> {
    let Some((time, rest)) = calendar::read(text, format) else {
        let words = format!("date \"{text}\" does not match format \"{format}\"");
        return Err(Fault::said(words));
    };
    let list = listed(&time, 0.0);
    if rest.is_empty() {
        return Ok(list);
    }
    let mut items = list.as_items().unwrap_or_default().to_vec();
    items.push(Val::text(rest));
    Ok(Val::list(items))
}
