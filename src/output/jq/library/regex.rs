//! Regular expressions, by the library that jq uses: the same language, and the same results.

use onig::{MatchParam, Regex, RegexOptions, Region, SearchOptions, Syntax};

use crate::output::jq::fault::{Fault, Result};
use crate::output::jq::run::Native;
use crate::output::jq::value::{Members, Val, large};

/// Functions of this theme.
pub fn native(name: &str, count: usize) -> Option<Native> {
    Some(match (name, count) {
        ("_match", 3) => |v, a| matches(v, &a[0], (&a[1], a[2].is_true())),
        ("_captured", 0) => |v, _| Ok(captured(v)),
        _ => return None,
    })
}

/// Places that a search may keep to go back to, of about 50 bytes each.
const DEEPEST_SEARCH: u32 = 1 << 22;

/// What the letters of the flags ask for.
struct Flags {
    options: RegexOptions,
    is_global: bool,
    skips_empty: bool,
}

fn flags(value: &Val) -> Result<Flags> {
    let mut flags = Flags {
        options: RegexOptions::REGEX_OPTION_CAPTURE_GROUP,
        is_global: false,
        skips_empty: false,
    };
    let text = match value {
        Val::Null => return Ok(flags),
        Val::Text(text) => text,
        other => return Err(Fault::about(other.clone(), "is not a string")),
    };
    for letter in text.chars() {
        flags.options |= match letter {
            'g' => {
                flags.is_global = true;
                continue;
            }
            'n' => {
                flags.skips_empty = true;
                continue;
            }
            'i' => RegexOptions::REGEX_OPTION_IGNORECASE,
            'x' => RegexOptions::REGEX_OPTION_EXTEND,
            's' => RegexOptions::REGEX_OPTION_SINGLELINE,
            'p' => RegexOptions::REGEX_OPTION_MULTILINE | RegexOptions::REGEX_OPTION_SINGLELINE,
            'l' => RegexOptions::REGEX_OPTION_FIND_LONGEST,
            _ => {
                let words = format!("{} is not a valid modifier string", &**text);
                return Err(Fault::said(words));
            }
        };
    }
    Ok(flags)
}

fn matches(value: &Val, regex: &Val, (modifiers, only_tests): (&Val, bool)) -> Result<Val> {
    let Val::Text(text) = value else {
        return Err(Fault::about(
            value.clone(),
            "cannot be matched, as it is not a string",
        ));
    };
    let Val::Text(pattern) = regex else {
        return Err(Fault::about(
            regex.clone(),
            "cannot be matched, as it is not a string",
        ));
    };
    let flags = flags(modifiers)?;
    let regex = Regex::with_options(pattern, flags.options, Syntax::perl_ng())
        .map_err(|error| failed(&error))?;
    let names = names(&regex);
    let mut found = Vec::new();
    let mut from = 0;
    let mut count = Count::default();
    while from <= text.len() {
        let mut region = Region::new();
        let options = SearchOptions::SEARCH_OPTION_NONE;
        // A search that goes back too often ends with an error: the plain search would panic.
        let mut limits = MatchParam::default();
        limits.set_match_stack_limit(DEEPEST_SEARCH);
        let (text, to) = (&**text, text.len());
        let at = regex
            .search_with_param(text, from, to, options, Some(&mut region), limits)
            .map_err(|error| failed(&error))?
            .and_then(|_| region.pos(0));
        let Some((start, end)) = at else { break };
        let is_empty = start == end;
        if !(is_empty && flags.skips_empty) {
            if only_tests {
                return Ok(Val::Bool(true));
            }
            large::check_count(found.len())?;
            found.push(one(text, &region, &names, &mut count));
        }
        from = end + usize::from(is_empty);
        if !flags.is_global {
            break;
        }
    }
    if only_tests {
        return Ok(Val::Bool(false));
    }
    Ok(Val::list(found))
}

fn failed(error: &onig::Error) -> Fault {
    Fault::said(format!("Regex failure: {}", error.description()))
}

/// The names of the groups, by their numbers.
fn names(regex: &Regex) -> Vec<Option<String>> {
    let mut names = vec![None; regex.captures_len() + 1];
    regex.foreach_name(|name, groups| {
        for group in groups {
            if let Some(place) = names.get_mut(*group as usize) {
                *place = Some(name.to_owned());
            }
        }
        true
    });
    names
}

/// Counts characters up to a byte, going on from the last one. jq looks for empty matches behind
/// each byte: inside a character it counts as passed.
#[derive(Default)]
struct Count {
    byte: usize,
    chars: usize,
}

impl Count {
    fn up_to(&mut self, text: &str, byte: usize) -> usize {
        if byte < self.byte {
            *self = Self::default();
        }
        self.chars += starts(&text.as_bytes()[self.byte..byte]);
        self.byte = byte;
        self.chars
    }
}

/// How many characters begin in bytes.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| **b & 0xc0 != 0x80).count()
}

fn part(text: &str, from: usize, to: usize) -> (Val, Val) {
    let bytes = &text.as_bytes()[from..to];
    let part = String::from_utf8_lossy(bytes).into_owned();
    (Val::count(starts(bytes)), Val::text(part))
}

fn one(text: &str, region: &Region, names: &[Option<String>], count: &mut Count) -> Val {
    let (start, end) = region.pos(0).unwrap_or((0, 0));
    let offset = count.up_to(text, start);
    let mut captures = Vec::new();
    for (group, name) in names.iter().enumerate().skip(1) {
        let name = name.as_deref().map_or(Val::Null, Val::text);
        captures.push(match region.pos(group) {
            Some((from, to)) => {
                let (length, string) = part(text, from, to);
                Val::of([
                    ("offset", Val::count(starts(&text.as_bytes()[..from]))),
                    ("length", length),
                    ("string", string),
                    ("name", name),
                ])
            }
            None => Val::of([
                ("offset", Val::float(-1.0)),
                ("string", Val::Null),
                ("length", Val::count(0)),
                ("name", name),
            ]),
        });
    }
    let (length, string) = part(text, start, end);
    Val::of([
        ("offset", Val::count(offset)),
        ("length", length),
        ("string", string),
        ("captures", Val::list(captures)),
    ])
}

/// The named groups of a match, by their names.
fn captured(found: &Val) -> Val {
    let mut members = Members::default();
    if let Val::Object(object) = found
        && let Some(captures) = object.members.get("captures").and_then(Val::as_items)
    {
        for capture in captures {
            if let Val::Object(capture) = capture
                && let Some(Val::Text(name)) = capture.members.get("name")
            {
                let text = capture.members.get("string").cloned();
                members.insert(name.clone(), text.unwrap_or(Val::Null));
            }
        }
    }
    Val::object(members)
}
