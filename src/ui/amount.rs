//! Formats amounts for people: bytes, rates, time left.
//!
//! Pure; the clock comes in as a value.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Formats bytes as `999 bytes`, `1.2 kB`, `120 MB`: decimal, two or three digits.
#[must_use]
pub fn bytes(n: u64) -> String {
    if n == 1 {
        return "1 byte".to_owned();
    }
    if n < 1000 {
        return format!("{n} bytes");
    }
    let mut unit = 1000;
    for (at, name) in ["kB", "MB", "GB", "TB", "PB", "EB"].iter().enumerate() {
        // In tenths, rounded; a number of ten and more needs none.
        let tenths = u128::from(n) * 10 + unit / 2;
        let tenths = tenths / unit;
        let whole = (u128::from(n) + unit / 2) / unit;
        if tenths < 100 {
            return format!("{}.{} {name}", tenths / 10, tenths % 10);
        }
        if whole < 1000 || at == 5 {
            return format!("{whole} {name}");
        }
        unit *= 1000;
    }
    format!("{n} bytes")
}

/// Formats a duration as `70 s`, `12 min`, `3 h 5 min`.
#[must_use]
pub fn rough(time: Duration) -> String {
    let s = time.as_secs();
    match s {
        0..=99 => format!("{s} s"),
        100..=5999 => format!("{} min", (s + 30) / 60),
        _ => format!("{} h {} min", s / 3600, s % 3600 / 60),
    }
}

/// Formats progress as `120 MB of 1.0 GB, 12 MB/s, 70 s left`.
#[must_use]
pub fn sentence(done: u64, total: Option<u64>, rate: Option<u64>) -> String {
    let mut text = bytes(done);
    if let Some(total) = total {
        text.push_str(&format!(" of {}", bytes(total)));
    }
    match rate {
        None => {}
        Some(0) => text.push_str(", stalled"),
        Some(rate) => {
            text.push_str(&format!(", {}/s", bytes(rate)));
            if let Some(left) = total.map(|t| t.saturating_sub(done)) {
                let left = Duration::from_secs(left.div_ceil(rate));
                text.push_str(&format!(", {} left", rough(left)));
            }
        }
    }
    text
}

/// The rate of the last ten seconds.
#[derive(Debug, Default)]
pub struct Rate {
    samples: VecDeque<(Instant, u64)>,
}

/// How far back the rate looks.
const WINDOW: Duration = Duration::from_secs(10);

/// Samples lie at least so far apart.
const APART: Duration = Duration::from_millis(500);

impl Rate {
    /// Notes how much is done.
    pub fn note(&mut self, now: Instant, done: u64) {
        let is_new = self
            .samples
            .back()
            .is_none_or(|(at, _)| now.duration_since(*at) >= APART);
        if is_new {
            self.samples.push_back((now, done));
        }
        while self.samples.len() > 2 && now.duration_since(self.samples[1].0) >= WINDOW {
            self.samples.pop_front();
        }
    }

    /// Returns bytes per second; `None` until they are known.
    #[must_use]
    pub fn per_second(&self, now: Instant, done: u64) -> Option<u64> {
        let (since, before) = *self.samples.front()?;
        let millis = now.duration_since(since).as_millis();
        if millis < APART.as_millis() {
            return None;
        }
        u64::try_from(u128::from(done.saturating_sub(before)) * 1000 / millis).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_in_two_or_three_digits() {
        for (n, want) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (1_049, "1.0 kB"),
            (1_050, "1.1 kB"),
            (9_949, "9.9 kB"),
            (9_950, "10 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (120_000_000, "120 MB"),
            (1_000_000_000, "1.0 GB"),
            (u64::MAX, "18 EB"),
        ] {
            assert_eq!(bytes(n), want, "{n}");
        }
    }

    #[test]
    fn sentences() {
        let gb = Some(1_000_000_000);
        for (done, total, rate, want) in [
            (
                120_000_000,
                gb,
                Some(12_000_000),
                "120 MB of 1.0 GB, 12 MB/s, 74 s left",
            ),
            (120_000_000, gb, None, "120 MB of 1.0 GB"),
            (120_000_000, gb, Some(0), "120 MB of 1.0 GB, stalled"),
            (120_000_000, None, Some(12_000), "120 MB, 12 kB/s"),
            (
                0,
                gb,
                Some(1_000_000),
                "0 bytes of 1.0 GB, 1.0 MB/s, 17 min left",
            ),
            (
                0,
                gb,
                Some(50_000),
                "0 bytes of 1.0 GB, 50 kB/s, 5 h 33 min left",
            ),
            (
                1_000_000_000,
                gb,
                Some(1_000_000),
                "1.0 GB of 1.0 GB, 1.0 MB/s, 0 s left",
            ),
        ] {
            assert_eq!(sentence(done, total, rate), want);
        }
    }

    #[test]
    fn the_rate_forgets() {
        let start = Instant::now();
        let at = |s: u64| start + Duration::from_secs(s);
        let mut rate = Rate::default();
        rate.note(start, 500);
        assert_eq!(rate.per_second(start, 500), None);
        for s in 1..=20 {
            rate.note(at(s), 500 + s * 1000);
        }
        assert_eq!(rate.per_second(at(20), 20_500), Some(1000));
        for s in 21..=32 {
            rate.note(at(s), 20_500);
        }
        assert_eq!(rate.per_second(at(32), 20_500), Some(0));
    }
}
