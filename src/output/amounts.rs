//! Durations and counts for people.

use std::time::Duration;

pub use crate::service::text::digits;

/// Announces a retry: `retry 1 of 3 in 0.3 s`.
#[must_use]
pub fn retry(number: u32, most: u32, wait: Duration) -> String {
    let seconds = format!("{:.1}", wait.as_secs_f64());
    let seconds = seconds.trim_end_matches(".0");
    format!("retry {number} of {most} in {seconds} s")
}

/// Returns a duration for people: `1.2 ms`, `3.4 s`.
#[must_use]
pub fn brief(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{:.1} ms", time.as_secs_f64() * 1000.0)
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

/// Returns a number of elements for people: `1 item`, `2,500 items`.
#[must_use]
pub fn items(count: u64) -> String {
    let mut text = digits(count);
    text.push_str(if count == 1 { " item" } else { " items" });
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_are_announced_in_seconds() {
        for (millis, want) in [
            (0, "0 s"),
            (234, "0.2 s"),
            (1000, "1 s"),
            (3456, "3.5 s"),
            (9999, "10 s"),
        ] {
            let found = retry(1, 3, Duration::from_millis(millis));
            assert_eq!(found, format!("retry 1 of 3 in {want}"));
        }
    }

    #[test]
    fn counts_are_grouped() {
        for (count, want) in [
            (0, "0 items"),
            (1, "1 item"),
            (999, "999 items"),
            (1000, "1,000 items"),
            (1_234_567, "1,234,567 items"),
        ] {
            assert_eq!(items(count), want);
        }
    }
}
