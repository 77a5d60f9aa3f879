//! When the next call of a batch may begin. Pure: instants go in, waits come out.
//!
//! `--rate` spaces the calls. A server that puts calls off (429, 503 with `Retry-After`) stops all
//! of them for as long as it asks; afterwards they come at the rate that it did take, counted with
//! the wait, and grow by a quarter each second.

use std::time::{Duration, Instant};

/// How far behind its rate a batch may catch up: timers are not exact.
const SLACK: Duration = Duration::from_millis(10);

/// The pace of a batch.
#[derive(Debug)]
pub struct Pace {
    /// Calls a second that the user allows.
    rate: Option<f64>,
    /// Calls a second that the server takes, once it has refused some.
    learned: Option<f64>,
    /// When the next call may begin by the rate.
    next: Instant,
    /// Until when the server wants to be left alone.
    rests: Option<Instant>,
    /// When the last rest began: calls that began before say nothing new.
    refused_at: Option<Instant>,
    /// Calls taken since the last rest was asked for.
    taken: u32,
    since: Instant,
    grown: Instant,
}

impl Pace {
    /// A pace of at most so many calls a second.
    #[must_use]
    pub fn new(rate: Option<f64>, now: Instant) -> Self {
        Self {
            rate,
            learned: None,
            next: now,
            rests: None,
            refused_at: None,
            taken: 0,
            since: now,
            grown: now,
        }
    }

    /// How long the next call has to wait; nothing where it may begin now.
    #[must_use]
    pub fn wait(&self, now: Instant) -> Option<Duration> {
        let rest = self
            .rests
            .map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        let spaced = match self.per_second() {
            Some(_) => self.next.saturating_duration_since(now),
            None => Duration::ZERO,
        };
        Some(rest.max(spaced)).filter(|wait| !wait.is_zero())
    }

    /// Notes that a call begins.
    pub fn begin(&mut self, now: Instant) {
        if let Some(rate) = self.per_second() {
            let from = now
                .checked_sub(SLACK)
                .map_or(self.next, |early| self.next.max(early));
            self.next = from + Duration::from_secs_f64(1.0 / rate);
        }
    }

    /// Notes that the server has taken a call.
    pub fn taken(&mut self, now: Instant) {
        self.taken = self.taken.saturating_add(1);
        if let Some(rate) = &mut self.learned
            && now.saturating_duration_since(self.grown) >= Duration::from_secs(1)
        {
            *rate *= 1.25;
            self.grown = now;
        }
    }

    /// Notes that the server has put off a call that began then, for so long.
    pub fn put_off(&mut self, began: Instant, now: Instant, wait: Duration) {
        let until = now + wait;
        self.rests = Some(self.rests.map_or(until, |known| known.max(until)));
        if self.refused_at.is_some_and(|at| began <= at) {
            return;
        }
        let lasted = (now.saturating_duration_since(self.since) + wait).as_secs_f64();
        if self.taken > 0 {
            self.learned = Some((f64::from(self.taken) / lasted.max(0.1)).max(0.5));
        } else if let Some(rate) = &mut self.learned {
            *rate = (*rate / 2.0).max(0.5);
        }
        self.refused_at = Some(now);
        self.taken = 0;
        self.since = until;
        self.grown = until;
        self.next = until;
    }

    /// Returns whether calls are spaced.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.per_second().is_some()
    }

    fn per_second(&self) -> Option<f64> {
        match (self.rate, self.learned) {
            (Some(rate), Some(learned)) => Some(rate.min(learned)),
            (rate, learned) => rate.or(learned),
        }
    }
}

/// Reads `50/s`, `100/m`, `1000/h`: calls a second.
pub fn rate(text: &str) -> Result<f64, String> {
    let wrong = || "write it as `50/s`, `100/m` or `1000/h`".to_owned();
    let (count, unit) = text.split_once('/').unwrap_or((text, "s"));
    let count: f64 = count.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "s" | "sec" | "second" => 1.0,
        "m" | "min" | "minute" => 60.0,
        "h" | "hour" => 3600.0,
        _ => return Err(wrong()),
    };
    let rate = count / seconds;
    // One call a day is slow enough, and no duration overflows.
    if rate.is_finite() && (1e-5..=1e6).contains(&rate) {
        Ok(rate)
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Runs calls that take no time through a server that takes so many in each second, and gives
    /// how many it took and refused in so many seconds.
    fn served(most: u32, rate: Option<f64>, seconds: u32) -> (u32, u32) {
        let start = Instant::now();
        let mut pace = Pace::new(rate, start);
        let (mut all, mut refused) = (0, 0);
        let (mut second, mut in_second) = (0, 0);
        for millis in 0..seconds * 1000 {
            let now = start + MS * millis;
            if millis / 1000 != second {
                (second, in_second) = (millis / 1000, 0);
            }
            for _ in 0..10 {
                if pace.wait(now).is_some() {
                    break;
                }
                pace.begin(now);
                if in_second < most {
                    in_second += 1;
                    all += 1;
                    pace.taken(now);
                } else {
                    refused += 1;
                    pace.put_off(now, now, Duration::from_secs(1));
                }
            }
        }
        (all, refused)
    }

    #[test]
    fn a_server_that_refuses_is_heard() {
        let (all, refused) = served(100, None, 60);
        assert!(all > 3000, "{all} taken of 6000");
        assert!(refused < 40, "{refused} refused");
        let (all, refused) = served(1000, Some(50.0), 20);
        assert!((990..=1010).contains(&all), "{all}");
        assert_eq!(refused, 0);
    }

    #[test]
    fn a_rest_is_for_all_and_reported_once() {
        let start = Instant::now();
        let mut pace = Pace::new(None, start);
        assert_eq!(pace.wait(start), None);
        for _ in 0..10 {
            pace.begin(start);
        }
        pace.taken(start + MS);
        pace.put_off(start, start + MS, Duration::from_secs(2));
        // The others of the same crowd only make the rest longer.
        for _ in 0..5 {
            pace.put_off(start, start + 2 * MS, Duration::from_secs(2));
        }
        assert_eq!(pace.wait(start + 2 * MS), Some(Duration::from_secs(2)));
        assert_eq!(pace.learned, Some(0.5));
        assert_eq!(pace.wait(start + Duration::from_secs(3)), None);
    }

    #[test]
    fn rates() {
        for (text, want) in [
            ("50/s", 50.0),
            ("30/m", 0.5),
            ("3600/h", 1.0),
            ("2", 2.0),
            ("0.5/s", 0.5),
        ] {
            assert!((rate(text).unwrap() - want).abs() < 1e-9, "{text}");
        }
        for wrong in ["", "0", "-1/s", "a/s", "5/d", "1e99", "nan", "inf/s", "/s"] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }
}
