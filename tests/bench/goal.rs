//! What a row is to reach. How it is printed and judged is not known here.

use std::time::Duration;

/// What is to be reached by a row; apicall's where it is not said.
pub struct Goal {
    pub of: &'static str,
    pub limit: Limit,
}

pub enum Limit {
    /// CPU time, as a part of a peer's.
    Cpu(&'static str, f64),
    /// CPU time of a peer, as so many times apicall's at least.
    Times(&'static str, f64),
    /// Millions of instructions.
    Instructions(f64),
    /// Page faults.
    Faults(f64),
    /// Peak memory in MiB.
    Peak(f64),
    /// Peak memory in MiB above another row's.
    PeakAbove(&'static str, f64),
    /// Time on the clock, as a part of another row's (none is zero) and a time added to it.
    Wall(Option<&'static str>, Duration, f64),
}

impl Goal {
    /// At most such a part of a peer's CPU time.
    pub const fn cpu(peer: &'static str, part: f64) -> Self {
        Self::new(Limit::Cpu(peer, part))
    }

    /// So many times less CPU time than a peer, at least.
    pub const fn times(peer: &'static str, times: f64) -> Self {
        Self::new(Limit::Times(peer, times))
    }

    /// At most so many page faults.
    pub const fn faults(count: f64) -> Self {
        Self::new(Limit::Faults(count))
    }

    /// At most so many million instructions.
    pub const fn instructions(millions: f64) -> Self {
        Self::new(Limit::Instructions(millions))
    }

    /// At most so many MiB of memory.
    pub const fn peak(mebibytes: f64) -> Self {
        Self::new(Limit::Peak(mebibytes))
    }

    /// At most so many MiB of memory more than another row.
    pub const fn peak_above(row: &'static str, mebibytes: f64) -> Self {
        Self::new(Limit::PeakAbove(row, mebibytes))
    }

    /// At most such a part of another row's time on the clock with `added` to it.
    pub const fn wall(row: Option<&'static str>, added: Duration, part: f64) -> Self {
        Self::new(Limit::Wall(row, added, part))
    }

    const fn new(limit: Limit) -> Self {
        let of = "apicall";
        Self { of, limit }
    }

    /// The same for another row.
    pub const fn of(self, of: &'static str) -> Self {
        Self { of, ..self }
    }
}
