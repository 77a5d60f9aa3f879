//! Reads durations as users write them: `30s`, `10m`, `1m 30s`.
//!
//! A bare number is seconds, as curl has it. Pure.

use std::time::Duration;

use crate::error::Failure;

/// The longest duration: added to a moment, it is still one that clocks can show.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 86_400);

/// Reads a duration; zero is refused, because "no time at all" is never meant.
pub fn parse(text: &str) -> Result<Duration, Failure> {
    let bad = || Failure::usage(format!("`{text}` is not a duration")).hint("write `30s` or `10m`");
    let text_trimmed = text.trim();
    let duration = if text_trimmed
        .bytes()
        .all(|b| b.is_ascii_digit() || b == b'.')
    {
        let seconds: f64 = text_trimmed.parse().map_err(|_| bad())?;
        Duration::try_from_secs_f64(seconds).map_err(|_| bad())?
    } else {
        humantime::parse_duration(text_trimmed).map_err(|_| bad())?
    };
    if duration.is_zero() {
        return Err(bad());
    }
    if duration > LONGEST {
        return Err(Failure::usage(format!(
            "`{text}` is longer than a hundred years"
        )));
    }
    Ok(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, ms) in [
            ("30s", 30_000),
            ("10m", 600_000),
            ("5", 5_000),
            ("0.25", 250),
            ("300ms", 300),
        ] {
            assert_eq!(parse(text).unwrap(), Duration::from_millis(ms), "{text}");
        }
        for text in [
            "",
            "0",
            "0s",
            "-1",
            "x",
            "1y2x",
            ".",
            "1e99",
            "99999999999999999999999",
            "18446744073709551615",
            "18446744073709551615s",
            "101y",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
