//! Decides how long empty pages with more to come are asked past: ever more slowly, and not for
//! ever.
//!
//! Pure: page counts in, the wait or the end out.

use std::time::Duration;

/// Empty pages in a row after which a list counts as one that never ends.
pub const MOST: u32 = 100;

/// How much longer each pause is than the one before; all of them together take five seconds.
const STEP: Duration = Duration::from_millis(1);

/// The empty pages since the last one that held something.
#[derive(Debug, Default)]
pub struct EmptyPages(u32);

impl EmptyPages {
    /// Counts a page with so many elements.
    pub fn note(&mut self, items: u64) {
        self.0 = if items == 0 { self.0 + 1 } else { 0 };
    }

    /// Returns the pause before the next page; `None` where there were too many empty ones.
    #[must_use]
    pub fn pause(&self) -> Option<Duration> {
        (self.0 < MOST).then(|| STEP * self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let mut empty = EmptyPages::default();
        let pauses = [0, 0, 0, 7, 0].map(|items| {
            empty.note(items);
            empty.pause().unwrap().as_millis()
        });
        assert_eq!(pauses, [1, 2, 3, 0, 1]);
        for _ in 1..MOST {
            assert!(empty.pause().is_some());
            empty.note(0);
        }
        assert_eq!(empty.pause(), None);
        empty.note(1);
        assert_eq!(empty.pause(), Some(Duration::ZERO));
    }
}
