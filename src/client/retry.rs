//! Whether a call is repeated, and after how long. Pure: the outcome goes in, the wait comes out.

use std::time::Duration;

use crate::request::Retry;

use super::failure::{Kind, Sent};

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
    Failed(Kind, Sent),
}

/// What the decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// What the plan allows.
    pub retry: Retry,
    /// How the last attempt ended.
    pub outcome: Outcome,
    /// How often the call was repeated already.
    pub retries: u32,
    /// How often it may be.
    pub most: u32,
    /// Whether a 503 without `Retry-After` is a passing state of this service.
    pub retries_bare_503: bool,
    /// A random number from 0 up to but without 1.
    pub jitter: f64,
}

/// The longest `Retry-After` that is obeyed; a server that wants more gets no retry.
pub const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The wait before the first retry, without jitter; it doubles each time.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// Decides whether to retry, and after how long.
#[must_use]
pub fn decide(s: &Situation) -> Option<Duration> {
    if s.retries >= s.most || s.retry == Retry::Never {
        return None;
    }
    let whole = matches!(s.retry, Retry::Safe | Retry::Idempotent);
    match s.outcome {
        Outcome::Failed(kind, sent) => {
            let passing = matches!(kind, Kind::Refused | Kind::Reset);
            (passing && (whole || sent == Sent::None)).then(|| backoff(s.retries, s.jitter))
        }
        Outcome::Status {
            status,
            retry_after,
        } => {
            let once = s.retries == 0;
            let retry = match (status, retry_after) {
                // A conflict in MAAS's database; a duplicate user comes so too and never succeeds.
                (409, after) => once && after.is_some(),
                (429 | 503, Some(_)) => whole || once,
                (503, None) => whole && s.retries_bare_503,
                (429 | 502 | 504, _) => whole,
                _ => false,
            };
            match retry_after {
                _ if !retry => None,
                Some(after) if after > LONGEST_WAIT => None,
                Some(after) => Some(after),
                None => Some(backoff(s.retries, s.jitter)),
            }
        }
    }
}

/// Exponential, with the upper half of each step left to chance.
#[must_use]
pub fn backoff(retries: u32, jitter: f64) -> Duration {
    let step = FIRST_WAIT * 2u32.saturating_pow(retries.min(8));
    step.mul_f64(0.5 + jitter / 2.0)
}

/// Reads `Retry-After`: seconds, or a date (RFC 9110 §10.2.3). `now` is in seconds since 1970.
#[must_use]
pub fn retry_after(value: &str, now: u64) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
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

    fn retries(retry: Retry, outcome: Outcome, retries: u32) -> bool {
        decide(&Situation {
            retry,
            outcome,
            retries,
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
        let unsent = Outcome::Failed(Kind::Refused, Sent::None);
        let reset = Outcome::Failed(Kind::Reset, Sent::Some);
        // safe, idempotent, if unsent, never
        for (outcome, want) in [
            (unsent, [true, true, true, false]),
            (reset, [true, true, false, false]),
            (
                Outcome::Failed(Kind::Reset, Sent::All),
                [true, true, false, false],
            ),
            (Outcome::Failed(Kind::TimedOut, Sent::All), [false; 4]),
            (Outcome::Failed(Kind::Tls, Sent::None), [false; 4]),
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
                assert_eq!(retries(retry, outcome, 0), want, "{retry:?} {outcome:?}");
            }
        }
        assert!(
            !retries(Safe, status(409, Some(0)), 1),
            "a conflict is repeated once"
        );
        assert!(
            !retries(IfUnsent, status(503, Some(0)), 1),
            "a POST is repeated once"
        );
        assert!(retries(Safe, status(503, Some(0)), 2));
        assert!(!retries(Safe, unsent, 3), "three retries at most");
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
