//! Decides whether a call is retried, and after how long.
//!
//! The outcome of an attempt goes in, the wait comes out. Pure: no clock, no randomness.

use std::time::Duration;

use crate::request::Retry;

use super::failure::{FailureKind, Sent};

/// How an attempt ended.
#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    /// With a response.
    Status {
        /// Its status.
        status: u16,
        /// Its `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// Without one.
    Failed(FailureKind, Sent),
}

/// What the decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// What the plan allows.
    pub retry: Retry,
    /// How the last attempt ended.
    pub outcome: Outcome,
    /// The retries that were made already.
    pub made: Made,
    /// How many retries may be made.
    pub most: u32,
    /// Whether a 503 without `Retry-After` is a passing state of this service.
    pub retries_bare_503: bool,
    /// A random number from 0 up to but without 1.
    pub jitter: f64,
}

/// The retries of a call, by what they were made for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Made {
    /// All of them.
    pub all: u32,
    /// Retries after a 409.
    pub conflicts: u32,
    /// Retries after a 429 or a 503.
    pub deferred: u32,
}

impl Made {
    /// Counts a retry after this outcome.
    pub fn count(&mut self, outcome: Outcome) {
        self.all += 1;
        match outcome {
            Outcome::Status { status: 409, .. } => self.conflicts += 1,
            Outcome::Status {
                status: 429 | 503, ..
            } => self.deferred += 1,
            Outcome::Status { .. } | Outcome::Failed(..) => {}
        }
    }
}

/// The longest `Retry-After` that is obeyed; a server that wants more gets no retry.
pub const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The waits before the first retries, without jitter.
const FIRST_WAITS: [Duration; 3] = [
    Duration::from_millis(300),
    Duration::from_secs(1),
    Duration::from_secs(3),
];

/// The wait before each retry after those, without jitter: eight retries outlast the restart of a
/// region.
const LATER_WAIT: Duration = Duration::from_secs(10);

/// Decides whether to retry, and after how long.
#[must_use]
pub fn decide(s: &Situation) -> Option<Duration> {
    if s.made.all >= s.most || s.retry == Retry::Never {
        return None;
    }
    let whole = matches!(s.retry, Retry::Safe | Retry::Idempotent);
    match s.outcome {
        Outcome::Failed(kind, sent) => {
            let passing = matches!(kind, FailureKind::Refused | FailureKind::Reset);
            (passing && (whole || sent == Sent::None)).then(|| backoff(s.made.all, s.jitter))
        }
        Outcome::Status {
            status,
            retry_after,
        } => {
            let retry = match (status, retry_after) {
                // A conflict in MAAS's database; a duplicate user comes so too and never succeeds.
                (409, after) => s.made.conflicts == 0 && after.is_some(),
                (429 | 503, Some(_)) => whole || s.made.deferred == 0,
                (503, None) => whole && s.retries_bare_503,
                (429 | 502 | 504, _) => whole,
                _ => false,
            };
            match retry_after {
                _ if !retry => None,
                Some(after) if after > LONGEST_WAIT => None,
                Some(after) => Some(after),
                None => Some(backoff(s.made.all, s.jitter)),
            }
        }
    }
}

/// Returns the wait after so many retries, up to a quarter more or less: `jitter` goes from 0 to 1.
#[must_use]
pub fn backoff(retries: u32, jitter: f64) -> Duration {
    let step = usize::try_from(retries)
        .ok()
        .and_then(|n| FIRST_WAITS.get(n))
        .unwrap_or(&LATER_WAIT);
    step.mul_f64(0.75 + jitter / 2.0)
}

/// A hundred years in seconds: nobody waits longer.
const LONGEST_ASKED: u64 = 100 * 365 * 86_400;

/// Reads `Retry-After`: seconds, or a date (RFC 9110 §10.2.3). `now` is in seconds since 1970.
#[must_use]
pub fn retry_after(value: &str, now: u64) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        // Added to a moment it is still one.
        return Some(Duration::from_secs(seconds.min(LONGEST_ASKED)));
    }
    let at = httpdate::parse_http_date(value)
        .ok()?
        .duration_since(std::time::UNIX_EPOCH)
        .ok()?;
    Some(at.saturating_sub(Duration::from_secs(now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retries(retry: Retry, outcome: Outcome, before: &[Outcome]) -> bool {
        let mut made = Made::default();
        for outcome in before {
            made.count(*outcome);
        }
        decide(&Situation {
            retry,
            outcome,
            made,
            most: 3,
            retries_bare_503: false,
            jitter: 0.5,
        })
        .is_some()
    }

    fn status(status: u16, after: Option<u64>) -> Outcome {
        Outcome::Status {
            status,
            retry_after: after.map(Duration::from_secs),
        }
    }

    #[test]
    fn the_contract_word_for_word() {
        use Retry::{Idempotent, IfUnsent, Never, Safe};
        let unsent = Outcome::Failed(FailureKind::Refused, Sent::None);
        let reset = Outcome::Failed(FailureKind::Reset, Sent::Some);
        // safe, idempotent, if unsent, never
        for (outcome, want) in [
            (unsent, [true, true, true, false]),
            (reset, [true, true, false, false]),
            (
                Outcome::Failed(FailureKind::Reset, Sent::All),
                [true, true, false, false],
            ),
            (
                Outcome::Failed(FailureKind::TimedOut, Sent::All),
                [false; 4],
            ),
            (Outcome::Failed(FailureKind::Tls, Sent::None), [false; 4]),
            (status(429, None), [true, true, false, false]),
            (status(429, Some(1)), [true, true, true, false]),
            (status(502, None), [true, true, false, false]),
            (status(504, None), [true, true, false, false]),
            (status(503, None), [false; 4]),
            (status(503, Some(1)), [true, true, true, false]),
            (status(503, Some(61)), [false; 4]),
            (status(409, None), [false; 4]),
            (status(409, Some(0)), [true, true, true, false]),
            (status(500, None), [false; 4]),
            (status(404, None), [false; 4]),
            (status(200, None), [false; 4]),
        ] {
            for (retry, want) in [Safe, Idempotent, IfUnsent, Never].into_iter().zip(want) {
                assert_eq!(retries(retry, outcome, &[]), want, "{retry:?} {outcome:?}");
            }
        }
        let (conflict, busy) = (status(409, Some(0)), status(503, Some(0)));
        for (retry, outcome, before, want) in [
            (Safe, conflict, &[conflict][..], false),
            (Safe, conflict, &[busy, reset], true),
            (IfUnsent, conflict, &[busy], true),
            (IfUnsent, busy, &[busy], false),
            (IfUnsent, busy, &[status(429, Some(0))], false),
            (IfUnsent, busy, &[unsent, conflict], true),
            (Safe, busy, &[busy, busy], true),
            (Safe, unsent, &[unsent; 3], false),
            (Never, conflict, &[], false),
        ] {
            let found = retries(retry, outcome, before);
            assert_eq!(found, want, "{retry:?} {outcome:?} after {before:?}");
        }
    }

    #[test]
    fn waits_grow_to_ten_seconds() {
        let millis = [300_u128, 1000, 3000, 10_000, 10_000];
        for (jitter, percent) in [(0.0, 75), (0.5, 100), (1.0, 125)] {
            for (retries, wait) in (0..).zip(millis) {
                let found = backoff(retries, jitter).as_millis();
                assert_eq!(found, wait * percent / 100, "retry {retries}");
            }
        }
        assert_eq!(backoff(u32::MAX, 0.5), Duration::from_secs(10));
    }

    #[test]
    fn retry_after_as_seconds_and_as_a_date() {
        let seconds = |v, now| retry_after(v, now).map(|d| d.as_secs());
        assert_eq!(seconds("7", 0), Some(7));
        assert_eq!(
            seconds("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_770),
            Some(7)
        );
        assert_eq!(
            seconds("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_790),
            Some(0)
        );
        assert_eq!(seconds("soon", 0), None);
        assert_eq!(seconds("-1", 0), None);
    }
}
