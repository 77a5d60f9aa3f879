//! Classifies the name of a state by what it says at a glance.
//!
//! Good, bad or under way, for the colors of a table. Pure.

/// How a state looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Something failed.
    Bad,
    /// On its way.
    Moving,
    /// Off, or not known.
    Quiet,
}

const GOOD: [&str; 16] = [
    "active",
    "available",
    "complete",
    "completed",
    "connected",
    "deployed",
    "enabled",
    "online",
    "ok",
    "on",
    "passed",
    "ready",
    "running",
    "success",
    "synced",
    "up",
];

const BAD: [&str; 8] = [
    "broken",
    "critical",
    "dead",
    "down",
    "error",
    "missing",
    "offline",
    "unhealthy",
];

const MOVING: [&str; 6] = [
    "degraded",
    "in progress",
    "pending",
    "queued",
    "rescue mode",
    "out-of-sync",
];

const QUIET: [&str; 6] = [
    "disabled", "inactive", "off", "retired", "stopped", "unknown",
];

impl Tone {
    /// Returns the tone of a state; `None` for those that say neither good nor bad, as `Allocated`.
    #[must_use]
    pub fn of(state: &str) -> Option<Self> {
        let state = state.to_lowercase();
        let is_in = |words: &[&str]| words.contains(&state.as_str());
        if is_in(&GOOD) {
            return Some(Self::Good);
        }
        // `Failed deployment`, `Releasing failed`.
        if is_in(&BAD) || state.starts_with("fail") || state.contains("failed") {
            return Some(Self::Bad);
        }
        if is_in(&QUIET) {
            return Some(Self::Quiet);
        }
        // `Deploying`, `Disk erasing`, `Entering rescue mode`.
        let first_two = state.split(' ').take(2);
        let moves = is_in(&MOVING) || first_two.into_iter().any(|word| word.ends_with("ing"));
        moves.then_some(Self::Moving)
    }

    /// Returns the terminal's sequence before it.
    #[must_use]
    pub fn sequence(self) -> &'static str {
        match self {
            Self::Good => "\x1b[32m",
            Self::Bad => "\x1b[31m",
            Self::Moving => "\x1b[33m",
            Self::Quiet => "\x1b[2m",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_of_machines_have_their_tone() {
        for (states, tone) in [
            (&["Ready", "Deployed", "on", "ACTIVE"][..], Some(Tone::Good)),
            (
                &[
                    "Failed deployment",
                    "Releasing failed",
                    "Broken",
                    "Failed to enter rescue mode",
                    "error",
                    "Missing",
                ],
                Some(Tone::Bad),
            ),
            (
                &[
                    "Deploying",
                    "Commissioning",
                    "Disk erasing",
                    "Entering rescue mode",
                    "Rescue mode",
                    "Testing",
                    "Pending",
                ],
                Some(Tone::Moving),
            ),
            (&["off", "unknown", "Retired"], Some(Tone::Quiet)),
            (&["New", "Allocated", "Reserved", "", "3"], None),
        ] {
            for state in states {
                assert_eq!(Tone::of(state), tone, "{state}");
            }
        }
    }
}
