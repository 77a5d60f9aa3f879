//! The order of JSON values that jq has: `null < false < true < numbers < strings < arrays <
//! objects`. Pure.

use std::cmp::Ordering;
use std::io;

use serde_json::Value;

use crate::error::{Exit, Failure};
use crate::json::MOST_HELD;

use super::columns::SortKey;
use super::values::{text_of, wrapped};

/// A value made ready to be compared.
#[derive(Clone, Debug, PartialEq)]
pub enum SortValue {
    /// `null`, and what is missing.
    Null,
    /// `false`
    False,
    /// `true`
    True,
    /// An integer that 128 bits hold.
    Integer(i128),
    /// Any other number, as close as a `f64` comes.
    Number(f64),
    /// A string, compared by code points.
    String(String),
    /// Compared element by element.
    Array(Vec<SortValue>),
    /// First compared by their sorted names, then by the values in that order.
    Object(Vec<(String, SortValue)>),
}

impl SortValue {
    /// Reads the text of a value.
    #[must_use]
    pub fn of(text: Option<&[u8]>) -> Self {
        match text.and_then(<[u8]>::first) {
            None | Some(b'n') => Self::Null,
            Some(b'f') => Self::False,
            Some(b't') => Self::True,
            Some(b'"') => Self::String(text_of(text.unwrap_or_default())),
            Some(b'[' | b'{') => match serde_json::from_slice(text.unwrap_or_default()) {
                Ok(value) => Self::of_value(value),
                // A number inside that no `f64` holds: its text has to do.
                Err(_) => Self::String(String::from_utf8_lossy(text.unwrap_or_default()).into()),
            },
            Some(_) => Self::of_number(&String::from_utf8_lossy(text.unwrap_or_default())),
        }
    }

    fn of_number(text: &str) -> Self {
        match text.parse() {
            Ok(integer) => Self::Integer(integer),
            // `1e400` becomes infinity, which is larger than all others.
            Err(_) => Self::Number(text.parse().unwrap_or(f64::NAN)),
        }
    }

    fn of_value(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(false) => Self::False,
            Value::Bool(true) => Self::True,
            Value::Number(number) => Self::of_number(&number.to_string()),
            Value::String(text) => Self::String(text),
            Value::Array(values) => Self::Array(values.into_iter().map(Self::of_value).collect()),
            Value::Object(members) => {
                let mut members: Vec<_> = members
                    .into_iter()
                    .map(|(name, value)| (name, Self::of_value(value)))
                    .collect();
                members.sort_by(|a, b| a.0.cmp(&b.0));
                Self::Object(members)
            }
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::False => 1,
            Self::True => 2,
            Self::Integer(_) | Self::Number(_) => 3,
            Self::String(_) => 4,
            Self::Array(_) => 5,
            Self::Object(_) => 6,
        }
    }

    /// Compares two values.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        #[expect(
            clippy::cast_precision_loss,
            reason = "the other one is a `f64` anyway"
        )]
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.cmp(b),
            (Self::Integer(a), Self::Number(b)) => (*a as f64).total_cmp(b),
            (Self::Number(a), Self::Integer(b)) => a.total_cmp(&(*b as f64)),
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::String(a), Self::String(b)) => a.cmp(b),
            (Self::Array(a), Self::Array(b)) => compare_all(a.iter(), b.iter()),
            (Self::Object(a), Self::Object(b)) => {
                let names = a.iter().map(|m| &m.0).cmp(b.iter().map(|m| &m.0));
                names.then_with(|| compare_all(a.iter().map(|m| &m.1), b.iter().map(|m| &m.1)))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

fn compare_all<'a>(
    mut a: impl Iterator<Item = &'a SortValue>,
    mut b: impl Iterator<Item = &'a SortValue>,
) -> Ordering {
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => match a.compare(b) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
        }
    }
}

/// Collects things and gives them back in the order of their keys; equal ones stay as they came.
#[derive(Debug)]
pub struct Sorter<T> {
    /// Whether the largest comes first, for each key.
    descending: Vec<bool>,
    entries: Vec<(Vec<SortValue>, T)>,
    /// The bytes that they take, about.
    held: usize,
}

/// What an entry takes besides its text.
const OVERHEAD: usize = 64;

impl<T> Sorter<T> {
    /// Makes one for these keys.
    #[must_use]
    pub fn new(keys: &[SortKey]) -> Self {
        Self {
            descending: keys.iter().map(|key| key.descending).collect(),
            entries: Vec::new(),
            held: 0,
        }
    }

    /// Takes one of so many bytes with the values of its keys. Fails where all together take more
    /// memory than is held whole.
    pub fn add(&mut self, keys: Vec<SortValue>, entry: T, size: usize) -> io::Result<()> {
        self.held += size + OVERHEAD;
        if self.held > MOST_HELD {
            return Err(wrapped(
                Failure::new(Exit::Other, "`--sort`: the rows are larger than 64 MiB")
                    .hint("they are held in memory whole; `--columns` keeps less of each"),
            ));
        }
        self.entries.push((keys, entry));
        Ok(())
    }

    /// Gives all in order.
    pub fn take(&mut self) -> impl Iterator<Item = T> + use<T> {
        let mut entries = std::mem::take(&mut self.entries);
        self.held = 0;
        entries.sort_by(|a, b| {
            let pairs = a.0.iter().zip(&b.0).zip(&self.descending);
            pairs
                .map(|((a, b), descending)| match a.compare(b) {
                    order if *descending => order.reverse(),
                    order => order,
                })
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        entries.into_iter().map(|(_, entry)| entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_ordered_as_jq_does() {
        let ordered = [
            "null",
            "false",
            "true",
            "-1e400",
            "-12345678901234567890123",
            "-2",
            "-1.5",
            "0",
            "0.5",
            "9",
            "10",
            "12345678901234567890122",
            "12345678901234567890123",
            "1e400",
            r#""""#,
            r#""A""#,
            r#""a""#,
            r#""a\u0061""#,
            r#""é""#,
            r#""\ud83d\ude00""#,
            "[]",
            "[1]",
            "[1,0]",
            "[2]",
            "{}",
            r#"{"a":2}"#,
            r#"{"a":1,"b":2}"#,
            r#"{"b":2,"a":3}"#,
            r#"{"b":0}"#,
        ];
        for (i, a) in ordered.iter().enumerate() {
            for (j, b) in ordered.iter().enumerate() {
                let (left, right) = (
                    SortValue::of(Some(a.as_bytes())),
                    SortValue::of(Some(b.as_bytes())),
                );
                assert_eq!(left.compare(&right), i.cmp(&j), "{a} to {b}");
            }
        }
        assert_eq!(SortValue::of(None), SortValue::Null);
    }

    #[test]
    fn equal_ones_stay_as_they_came() {
        let key = |name: &str, descending| SortKey {
            name: name.to_owned(),
            path: None,
            descending,
        };
        let mut sorter = Sorter::new(&[key("a", false), key("b", true)]);
        for (a, b, entry) in [
            ("1", "1", 'w'),
            ("2", "1", 'x'),
            ("1", "2", 'y'),
            ("1", "1", 'z'),
        ] {
            let keys = [a, b].map(|text| SortValue::of(Some(text.as_bytes())));
            sorter.add(keys.into(), entry, 1).unwrap();
        }
        assert_eq!(sorter.take().collect::<String>(), "ywzx");
    }
}
