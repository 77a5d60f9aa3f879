//! Which events of a log that grows are new, and where to ask for more. Pure: the time comes in.
//!
//! A log's ids are given out before what they stand for can be seen, so that a lower id may appear
//! behind a higher one. Asking only for what lies behind the highest id would lose it. So the place
//! to ask from stays behind the highest id for a while, and what was seen beyond it is remembered.

use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant};

/// For so long an id may still appear below one that was seen: an event is written within one
/// request of the server.
pub const LAG: Duration = Duration::from_secs(15);

/// What was seen of a log.
#[derive(Debug, Default)]
pub struct Follow {
    /// The id up to which no new event appears.
    settled: u64,
    /// What was seen beyond.
    seen: BTreeSet<u64>,
    /// When the highest id was how high.
    marks: VecDeque<(Instant, u64)>,
}

impl Follow {
    /// Begins behind an event.
    #[must_use]
    pub fn behind(id: u64) -> Self {
        Self {
            settled: id,
            ..Self::default()
        }
    }

    /// Notes ids that came, and returns of each whether it is new. An event without an id counts as
    /// new.
    pub fn note(&mut self, ids: &[Option<u64>], now: Instant) -> Vec<bool> {
        let new = ids
            .iter()
            .map(|id| id.is_none_or(|id| id > self.settled && self.seen.insert(id)))
            .collect();
        let highest = self.seen.last().copied();
        if let Some(highest) = highest
            && self.marks.back().is_none_or(|(_, mark)| *mark < highest)
        {
            self.marks.push_back((now, highest));
        }
        self.settle(now);
        new
    }

    /// Returns the id behind which to ask.
    pub fn after(&mut self, now: Instant) -> u64 {
        self.settle(now);
        self.settled
    }

    fn settle(&mut self, now: Instant) {
        while let Some((at, mark)) = self.marks.front()
            && now.duration_since(*at) >= LAG
        {
            self.settled = *mark;
            self.marks.pop_front();
        }
        self.seen = self.seen.split_off(&self.settled.saturating_add(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_is_new_once_also_one_that_comes_late() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut follow = Follow::behind(10);
        let note = |follow: &mut Follow, ids: &[u64], now| {
            let ids: Vec<_> = ids.iter().copied().map(Some).collect();
            follow.note(&ids, now)
        };
        assert_eq!(follow.after(at(0)), 10);
        assert_eq!(note(&mut follow, &[11, 13], at(0)), [true, true]);
        assert_eq!(follow.after(at(5)), 10);
        assert_eq!(
            note(&mut follow, &[11, 12, 13], at(5)),
            [false, true, false]
        );
        assert_eq!(note(&mut follow, &[14], at(10)), [true]);
        assert_eq!(follow.after(at(14)), 10);
        assert_eq!(follow.after(at(15)), 13);
        assert_eq!(
            note(&mut follow, &[12, 13, 14], at(16)),
            [false, false, false]
        );
        assert_eq!(follow.after(at(25)), 14);
        assert_eq!(note(&mut follow, &[], at(99)), [] as [bool; 0]);
        assert_eq!(follow.note(&[None], at(99)), [true]);
        assert_eq!((follow.after(at(99)), follow.seen.len()), (14, 0));
    }
}
