//! Decides when the next look is due: soon at first, then every interval.
//!
//! A little off at random, so that many waits do not ask at the same moment.

use std::time::Duration;

use crate::client::random_fraction;

/// The first pause.
const FIRST: Duration = Duration::from_secs(1);

/// How much longer each pause is than the one before, up to the interval.
const GROWTH: f64 = 1.5;

/// The pauses between looks.
#[derive(Debug)]
pub struct Pace {
    pause: Duration,
    interval: Duration,
}

impl Pace {
    /// Pauses that grow up to `interval`.
    pub fn new(interval: Duration) -> Self {
        Self {
            pause: FIRST.min(interval),
            interval,
        }
    }

    /// Returns the next pause.
    pub fn next(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = pause.mul_f64(GROWTH).min(self.interval);
        pause.mul_f64(0.9 + 0.2 * random_fraction())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_the_interval() {
        for (interval, pauses) in [
            (5000, [1000, 1500, 2250, 3375, 5000, 5000]),
            (1200, [1000, 1200, 1200, 1200, 1200, 1200]),
            (300, [300, 300, 300, 300, 300, 300]),
        ] {
            let mut pace = Pace::new(Duration::from_millis(interval));
            for pause in pauses {
                let found = pace.next().as_secs_f64() * 1000.0;
                let pause = f64::from(pause);
                assert!(
                    (pause * 0.899..pause * 1.101).contains(&found),
                    "{found} is not about {pause}"
                );
            }
        }
    }
}
