//! Numbers: as they were read, and as they are computed with.
//!
//! A number keeps its spelling while a filter only moves it. jq compares two such numbers digit by
//! digit, and computes with doubles.

use std::cmp::Ordering;
use std::rc::Rc;

/// A number.
#[derive(Clone, Debug)]
pub enum Number {
    /// Computed, or read and spelled as it would be computed.
    Float(f64),
    /// Read: its spelling, a JSON number.
    Read(Rc<str>),
}

/// Digits of a spelling: `0.d₁d₂… × 10^point`, without zeros at either end.
struct Digits {
    is_negative: bool,
    significant: Vec<u8>,
    point: i64,
}

impl Number {
    /// Reads a JSON number.
    pub fn read(spelling: &str) -> Self {
        let bytes = spelling.as_bytes();
        let is_plain = bytes.len() <= 15
            && bytes.iter().all(u8::is_ascii_digit)
            && (bytes.len() == 1 || bytes[0] != b'0');
        if is_plain {
            let number = bytes.iter().fold(0u64, |n, b| n * 10 + u64::from(b - b'0'));
            #[expect(clippy::cast_precision_loss, reason = "15 digits fit")]
            return Self::Float(number as f64);
        }
        Self::Read(spelling.into())
    }

    /// The double that is computed with; too large ones are infinite.
    pub fn float(&self) -> f64 {
        match self {
            Self::Float(x) => *x,
            Self::Read(spelling) => spelling.parse().unwrap_or(f64::NAN),
        }
    }

    /// Returns whether this is that very number.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Read(a), Self::Read(b)) => Rc::ptr_eq(a, b),
            (Self::Float(_), Self::Read(_)) | (Self::Read(_), Self::Float(_)) => false,
        }
    }

    /// jq's order of numbers: NaN is below everything, itself too.
    pub fn order(&self, other: &Self) -> Ordering {
        if let (Self::Read(a), Self::Read(b)) = (self, other) {
            return if a == b {
                Ordering::Equal
            } else {
                Digits::of(a).order(&Digits::of(b))
            };
        }
        let (a, b) = (self.float(), other.float());
        if a.is_nan() {
            return Ordering::Less;
        }
        a.partial_cmp(&b).unwrap_or(Ordering::Greater)
    }

    /// The number with the other sign; what was read keeps its digits.
    pub fn negated(&self) -> Self {
        match self {
            Self::Float(x) if *x == 0.0 => Self::Float(0.0),
            Self::Float(x) => Self::Float(-x),
            Self::Read(spelling) => match spelling.strip_prefix('-') {
                Some(positive) => Self::read(positive),
                None if self.float() == 0.0 => Self::Read(Rc::clone(spelling)),
                None => Self::Read(format!("-{spelling}").into()),
            },
        }
    }

    /// The spelling in output: what was read as it was read, what was computed as jq writes it.
    pub fn spelled(&self) -> String {
        match self {
            Self::Float(x) => spell(*x),
            Self::Read(spelling) => spelling.to_string(),
        }
    }

    /// The spelling in texts that filters make, as jq has it: `1E+2` for `1e2`.
    pub fn canonical(&self) -> String {
        match self {
            Self::Float(x) => spell(*x),
            Self::Read(spelling) => canonical(spelling),
        }
    }
}

impl Digits {
    fn of(spelling: &str) -> Self {
        let (is_negative, rest) = match spelling.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, spelling),
        };
        let (mantissa, exponent) = split_exponent(rest);
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all: Vec<u8> = whole.bytes().chain(part.bytes()).collect();
        let zeros = all.iter().take_while(|b| **b == b'0').count();
        let mut digits = all[zeros..].to_vec();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let point = exponent.saturating_add(length(whole)) - length(&all[..zeros]);
        Self {
            is_negative: is_negative && !digits.is_empty(),
            point: if digits.is_empty() { i64::MIN } else { point },
            significant: digits,
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        let size = self
            .point
            .cmp(&other.point)
            .then_with(|| self.significant.cmp(&other.significant));
        match (self.is_negative, other.is_negative) {
            (false, false) => size,
            (true, true) => size.reverse(),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

fn length<T: AsRef<[u8]> + ?Sized>(bytes: &T) -> i64 {
    i64::try_from(bytes.as_ref().len()).unwrap_or(i64::MAX)
}

/// Mantissa and exponent; absurd exponents are cut to what is as large.
fn split_exponent(text: &str) -> (&str, i64) {
    match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            let limit = if exponent.starts_with('-') { -1 } else { 1 } * 10_000_000_000;
            (mantissa, exponent.parse().unwrap_or(limit))
        }
        None => (text, 0),
    }
}

/// A spelling as jq's decimal library writes it.
fn canonical(spelling: &str) -> String {
    let (sign, rest) = match spelling.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", spelling),
    };
    let (mantissa, exponent) = split_exponent(rest);
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{part}");
    let digits = match all.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let exponent = exponent.saturating_sub(length(part));
    let adjusted = exponent.saturating_add(length(digits) - 1);
    if exponent <= 0 && adjusted >= -6 {
        let places = usize::try_from(-exponent).unwrap_or(0);
        if places == 0 {
            return format!("{sign}{digits}");
        }
        let digits = format!("{digits:0>width$}", width = places + 1);
        let (whole, part) = digits.split_at(digits.len() - places);
        return format!("{sign}{whole}.{part}");
    }
    let (first, rest) = digits.split_at(1);
    let dot = if rest.is_empty() { "" } else { "." };
    let plus = if adjusted < 0 { "" } else { "+" };
    format!("{sign}{first}{dot}{rest}E{plus}{adjusted}")
}

/// A double as jq writes it: 17 digits at most, large and small ones with an exponent.
fn spell(x: f64) -> String {
    if x.is_nan() {
        return "null".to_owned();
    }
    let x = x.clamp(f64::MIN, f64::MAX);
    if x == 0.0 {
        return if x.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    let scientific = format!("{:e}", x.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = mantissa.replace('.', "");
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    let count = i32::try_from(digits.len()).unwrap_or(17);
    let sign = if x < 0.0 { "-" } else { "" };
    if point <= -4 || point > count + 15 {
        let (first, rest) = digits.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let exponent = point - 1;
        let mark = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{first}{dot}{rest}e{mark}{:02}", exponent.abs());
    }
    let places = usize::try_from(point).unwrap_or(0);
    if point <= 0 {
        let zeros = "0".repeat(usize::try_from(-point).unwrap_or(0));
        return format!("{sign}0.{zeros}{digits}");
    }
    if places >= digits.len() {
        return format!("{sign}{digits:0<places$}");
    }
    let (whole, part) = digits.split_at(places);
    format!("{sign}{whole}.{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computed_numbers_are_spelled_as_jq_does() {
        for (x, want) in [
            (1e15, "1000000000000000"),
            (1e16, "1e+16"),
            (1e17, "1e+17"),
            (12_345_678_901_234_567_890.0, "12345678901234567000"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (0.1 + 0.2, "0.30000000000000004"),
            (-1.5, "-1.5"),
            (f64::INFINITY, "1.7976931348623157e+308"),
            (f64::NAN, "null"),
            (-0.0, "-0"),
            (120.0, "120"),
        ] {
            assert_eq!(spell(x), want);
        }
    }

    #[test]
    fn read_numbers_in_texts_are_as_jq_has_them() {
        for (spelling, want) in [
            ("1.10", "1.10"),
            ("1e2", "1E+2"),
            ("1.5E400", "1.5E+400"),
            ("0.0000001", "1E-7"),
            ("0.000001", "0.000001"),
            ("100000000000000000000001", "100000000000000000000001"),
            ("-0", "-0"),
            ("12e-1", "1.2"),
        ] {
            assert_eq!(canonical(spelling), want);
        }
    }

    #[test]
    fn read_numbers_are_compared_digit_by_digit() {
        for (a, b, want) in [
            ("1.0", "1.00", Ordering::Equal),
            (
                "100000000000000000000001",
                "100000000000000000000002",
                Ordering::Less,
            ),
            ("1e2", "1.0e2", Ordering::Equal),
            ("-1.5", "1.5", Ordering::Less),
            ("-0", "0.0", Ordering::Equal),
            ("1e400", "1e401", Ordering::Less),
            ("-1e400", "-1e401", Ordering::Greater),
            ("0.10", "0.09", Ordering::Greater),
        ] {
            let (a, b) = (Number::Read(a.into()), Number::Read(b.into()));
            assert_eq!(a.order(&b), want, "{a:?} {b:?}");
        }
    }
}
