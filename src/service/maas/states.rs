//! The states of machines, and what they mean for who waits for one.
//!
//! [`Goal`] is a state by name, or the end of an operation; [`Goal::judge`] says whether a machine
//! has reached it, cannot reach it any more by itself, or is to be looked at again. Pure: knows
//! neither clients nor clocks.

use serde::Deserialize;

/// What of a machine shows its state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Machine {
    /// Its id.
    pub system_id: String,
    /// Its name without the domain.
    #[serde(default)]
    pub hostname: String,
    /// The number of its status.
    pub status: u32,
    /// The name of its status.
    #[serde(default)]
    pub status_name: String,
    /// `on`, `off`, `unknown` or `error`.
    #[serde(default)]
    pub power_state: String,
    /// How its power is switched.
    #[serde(default)]
    pub power_type: Option<String>,
    /// The number of its tests' result.
    #[serde(default)]
    pub testing_status: Option<i64>,
    /// Whether it is locked.
    #[serde(default)]
    pub locked: bool,
}

impl Machine {
    /// Returns whether it is free, or on its way there: what a release leads to.
    #[must_use]
    pub fn is_released(&self) -> bool {
        matches!(self.status, NEW | READY | RELEASING | DISK_ERASING)
    }
}

// The numbers of MAAS's `NODE_STATUS`.
const NEW: u32 = 0;
const COMMISSIONING: u32 = 1;
const FAILED_COMMISSIONING: u32 = 2;
const MISSING: u32 = 3;
const READY: u32 = 4;
const RESERVED: u32 = 5;
const DEPLOYED: u32 = 6;
const RETIRED: u32 = 7;
const BROKEN: u32 = 8;
const DEPLOYING: u32 = 9;
const ALLOCATED: u32 = 10;
const FAILED_DEPLOYMENT: u32 = 11;
const RELEASING: u32 = 12;
const RELEASING_FAILED: u32 = 13;
const DISK_ERASING: u32 = 14;
const FAILED_DISK_ERASING: u32 = 15;
const RESCUE_MODE: u32 = 16;
const ENTERING_RESCUE: u32 = 17;
const FAILED_RESCUE: u32 = 18;
const EXITING_RESCUE: u32 = 19;
const FAILED_EXIT: u32 = 20;
const TESTING: u32 = 21;
const FAILED_TESTING: u32 = 22;

/// The power type of machines that people switch on and off by hand: MAAS never learns their power.
const MANUAL: &str = "manual";

/// States that a machine leaves only when somebody does something.
const FAILURES: [u32; 9] = [
    FAILED_COMMISSIONING,
    MISSING,
    BROKEN,
    FAILED_DEPLOYMENT,
    RELEASING_FAILED,
    FAILED_DISK_ERASING,
    FAILED_RESCUE,
    FAILED_EXIT,
    FAILED_TESTING,
];

// The results of tests: MAAS's `SCRIPT_STATUS`.
const TESTS_PASSED: [i64; 3] = [2, 6, 9];
const TESTS_FAILED: [i64; 5] = [3, 4, 5, 8, 10];

/// A state that can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// An operating system runs.
    Deployed,
    /// Commissioned, without an owner.
    Ready,
    /// Commissioning is over, whatever came after it.
    Commissioned,
    /// Given back.
    Released,
    /// Somebody's, and not deployed.
    Allocated,
    /// The power is on.
    On,
    /// The power is off.
    Off,
    /// Tests have passed.
    Tested,
    /// Marked as broken.
    Broken,
    /// In rescue mode.
    Rescue,
    /// Out of rescue mode again.
    Rescued,
}

/// What a look at a machine shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The machine is in the wanted state.
    Reached,
    /// The machine will not reach the state by itself.
    Failed,
    /// The machine may still reach the state.
    Pending,
}

/// What was seen of a machine before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Whether the machine was on its way: deploying, where `deployed` is waited for.
    pub on_way: bool,
    /// Its power has been in the state `error` since the first look, and not for long: that may be
    /// the result of an earlier attempt.
    pub old_error: bool,
}

impl Goal {
    /// All of them, in the order that help names them.
    pub const ALL: [Self; 11] = [
        Self::Deployed,
        Self::Ready,
        Self::Commissioned,
        Self::Released,
        Self::Allocated,
        Self::On,
        Self::Off,
        Self::Tested,
        Self::Broken,
        Self::Rescue,
        Self::Rescued,
    ];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deployed => "deployed",
            Self::Ready => "ready",
            Self::Commissioned => "commissioned",
            Self::Released => "released",
            Self::Allocated => "allocated",
            Self::On => "on",
            Self::Off => "off",
            Self::Tested => "tested",
            Self::Broken => "broken",
            Self::Rescue => "rescue",
            Self::Rescued => "rescued",
        }
    }

    /// Returns the goal of that name, without regard to case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|goal| goal.name().eq_ignore_ascii_case(name))
    }

    /// Operations on a machine that lead to a state, and the state.
    pub const OPERATIONS: [(&'static str, Self); 9] = [
        ("deploy", Self::Deployed),
        ("commission", Self::Commissioned),
        ("release", Self::Released),
        ("power_on", Self::On),
        ("power_off", Self::Off),
        ("test", Self::Tested),
        ("rescue_mode", Self::Rescue),
        ("exit_rescue_mode", Self::Rescued),
        ("mark_broken", Self::Broken),
    ];

    /// Returns the state that an operation on a machine leads to.
    #[must_use]
    pub fn of_operation(op: &str) -> Option<Self> {
        Self::OPERATIONS
            .into_iter()
            .find(|(name, _)| *name == op)
            .map(|(_, goal)| goal)
    }

    /// Returns whether this is about the power and not the status.
    #[must_use]
    pub fn is_power(self) -> bool {
        matches!(self, Self::On | Self::Off)
    }

    /// Returns the state that this goal is about, in words: the machine's status, or its power.
    #[must_use]
    pub fn state(self, machine: &Machine) -> String {
        if self.is_power() && self.is_by_hand(machine) {
            format!("power {} ({MANUAL})", machine.power_state)
        } else if self.is_power() {
            format!("power {}", machine.power_state)
        } else if machine.status_name.is_empty() {
            format!("status {}", machine.status)
        } else {
            machine.status_name.clone()
        }
    }

    /// Returns whether a machine is on the way to this.
    #[must_use]
    pub fn is_on_way(self, machine: &Machine) -> bool {
        self.way().contains(&machine.status)
    }

    fn way(self) -> &'static [u32] {
        match self {
            Self::Deployed => &[DEPLOYING],
            // Released machines that were never commissioned rest in New.
            Self::Ready => &[COMMISSIONING, TESTING, RELEASING, DISK_ERASING],
            Self::Commissioned => &[COMMISSIONING, TESTING],
            Self::Released => &[RELEASING, DISK_ERASING],
            Self::Tested => &[TESTING],
            Self::Rescue => &[ENTERING_RESCUE],
            Self::Rescued => &[EXITING_RESCUE],
            Self::Allocated | Self::On | Self::Off | Self::Broken => &[],
        }
    }

    /// Returns whether the power is known to nobody but who switches it.
    fn is_by_hand(self, machine: &Machine) -> bool {
        self.is_power()
            && machine.power_state == "unknown"
            && machine.power_type.as_deref() == Some(MANUAL)
    }

    /// Judges a machine by what is seen of it now and was seen before.
    #[must_use]
    pub fn judge(self, machine: &Machine, seen: Seen) -> Verdict {
        let status = machine.status;
        let fails = |failures: &[u32]| failures.contains(&status);
        let (reached, failed) = match self {
            Self::On | Self::Off => (
                machine.power_state == self.name(),
                (machine.power_state == "error" && !seen.old_error) || self.is_by_hand(machine),
            ),
            Self::Deployed => (status == DEPLOYED, fails(&FAILURES) || status == RETIRED),
            Self::Ready => (status == READY, fails(&FAILURES) || status == RETIRED),
            // It may have been taken between two looks.
            Self::Commissioned => (
                matches!(status, READY | RESERVED | ALLOCATED | DEPLOYING | DEPLOYED),
                fails(&FAILURES) || status == RETIRED,
            ),
            // New: one that was never commissioned (observed).
            Self::Released => (
                matches!(status, READY | NEW)
                    || (seen.on_way
                        && matches!(
                            status,
                            RESERVED | ALLOCATED | DEPLOYING | DEPLOYED | RETIRED
                        )),
                // Nobody's, and in no state to be anybody's.
                fails(&[
                    RELEASING_FAILED,
                    FAILED_DISK_ERASING,
                    MISSING,
                    FAILED_COMMISSIONING,
                    FAILED_TESTING,
                    RETIRED,
                ]),
            ),
            // One that is deployed has gone past it.
            Self::Allocated => (
                status == ALLOCATED,
                fails(&FAILURES) || fails(&[RETIRED, DEPLOYING, DEPLOYED]),
            ),
            Self::Tested => return judge_tested(machine, seen),
            Self::Broken => (status == BROKEN, false),
            Self::Rescue => (
                status == RESCUE_MODE,
                fails(&[FAILED_RESCUE, MISSING, RETIRED]),
            ),
            Self::Rescued => (
                !fails(&[
                    RESCUE_MODE,
                    ENTERING_RESCUE,
                    FAILED_RESCUE,
                    EXITING_RESCUE,
                    FAILED_EXIT,
                ]),
                fails(&[FAILED_EXIT]),
            ),
        };
        // Whoever was on the way and rests elsewhere was called back: `abort`.
        let called_back = seen.on_way && !self.is_on_way(machine) && !is_between(status);
        match (reached, failed || called_back) {
            (true, _) => Verdict::Reached,
            (false, true) => Verdict::Failed,
            (false, false) => Verdict::Pending,
        }
    }
}

/// Returns whether the status passes by itself, so that nothing follows from it.
fn is_between(status: u32) -> bool {
    matches!(
        status,
        COMMISSIONING
            | DEPLOYING
            | RELEASING
            | DISK_ERASING
            | ENTERING_RESCUE
            | EXITING_RESCUE
            | TESTING
    )
}

fn judge_tested(machine: &Machine, seen: Seen) -> Verdict {
    let result = machine.testing_status;
    match machine.status {
        TESTING | COMMISSIONING => Verdict::Pending,
        FAILED_TESTING | MISSING | RETIRED => Verdict::Failed,
        _ if result.is_some_and(|r| TESTS_FAILED.contains(&r)) => Verdict::Failed,
        _ if seen.on_way => Verdict::Reached,
        _ if result.is_some_and(|r| TESTS_PASSED.contains(&r)) => Verdict::Reached,
        _ => Verdict::Pending,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUSES: [&str; 23] = [
        "New",
        "Commissioning",
        "Failed commissioning",
        "Missing",
        "Ready",
        "Reserved",
        "Deployed",
        "Retired",
        "Broken",
        "Deploying",
        "Allocated",
        "Failed deployment",
        "Releasing",
        "Releasing failed",
        "Disk erasing",
        "Failed disk erasing",
        "Rescue mode",
        "Entering rescue mode",
        "Failed to enter rescue mode",
        "Exiting rescue mode",
        "Failed to exit rescue mode",
        "Testing",
        "Failed testing",
    ];

    fn machine(status: u32) -> Machine {
        Machine {
            status,
            status_name: STATUSES[status as usize].to_owned(),
            power_state: "off".to_owned(),
            ..Machine::default()
        }
    }

    /// A letter for each status, in order of their numbers.
    fn verdicts(goal: Goal, on_way: bool) -> String {
        let seen = Seen {
            on_way,
            ..Seen::default()
        };
        (0..23)
            .map(|status| match goal.judge(&machine(status), seen) {
                Verdict::Reached => 'R',
                Verdict::Failed => 'F',
                Verdict::Pending => '.',
            })
            .collect()
    }

    #[test]
    fn every_status_for_every_goal() {
        //           0         1         2
        //           01234567890123456789012
        for (goal, at_first, on_way) in [
            (
                Goal::Deployed,
                "..FF..RFF..F.F.F..F.F.F",
                "F.FFFFRFF.FF.F.FF.F.F.F",
            ),
            (
                Goal::Ready,
                "..FFR..FF..F.F.F..F.F.F",
                "F.FFRFFFF.FF.F.FF.F.F.F",
            ),
            (
                Goal::Commissioned,
                "..FFRRRFFRRF.F.F..F.F.F",
                "F.FFRRRFFRRF.F.FF.F.F.F",
            ),
            (
                Goal::Released,
                "R.FFR..F.....F.F......F",
                "R.FFRRRRFRRF.F.FF.F.F.F",
            ),
            (
                Goal::Allocated,
                "..FF..FFFFRF.F.F..F.F.F",
                "F.FFFFFFFFRF.F.FF.F.F.F",
            ),
            (
                Goal::Tested,
                "...F...F..............F",
                "R.RFRRRFRRRRRRRRRRRRR.F",
            ),
            (
                Goal::Rescue,
                "...F...F........R.F....",
                "F.FFFFFFF.FF.F.FR.F.F.F",
            ),
            (
                Goal::Rescued,
                "RRRRRRRRRRRRRRRR....FRR",
                "RRRRRRRRRRRRRRRRF.F.FRR",
            ),
        ] {
            assert_eq!(verdicts(goal, false), at_first, "{goal:?} at first");
            assert_eq!(verdicts(goal, true), on_way, "{goal:?} on its way");
        }
    }

    #[test]
    fn power_and_tests() {
        let judge = |goal: Goal, power: &str, old_error| {
            let machine = Machine {
                power_state: power.to_owned(),
                ..machine(READY)
            };
            let seen = Seen {
                old_error,
                ..Seen::default()
            };
            goal.judge(&machine, seen)
        };
        assert_eq!(judge(Goal::On, "on", false), Verdict::Reached);
        assert_eq!(judge(Goal::On, "off", false), Verdict::Pending);
        assert_eq!(judge(Goal::On, "unknown", false), Verdict::Pending);
        assert_eq!(judge(Goal::Off, "off", false), Verdict::Reached);
        assert_eq!(judge(Goal::Off, "error", false), Verdict::Failed);
        assert_eq!(judge(Goal::Off, "error", true), Verdict::Pending);
        let by_hand = |power: &str| {
            let machine = Machine {
                power_state: power.to_owned(),
                power_type: Some(MANUAL.to_owned()),
                ..machine(READY)
            };
            Goal::On.judge(&machine, Seen::default())
        };
        assert_eq!(by_hand("unknown"), Verdict::Failed);
        assert_eq!(by_hand("on"), Verdict::Reached);
        let tested = |result| {
            let machine = Machine {
                testing_status: Some(result),
                ..machine(DEPLOYED)
            };
            Goal::Tested.judge(&machine, Seen::default())
        };
        assert_eq!(tested(2), Verdict::Reached);
        assert_eq!(tested(3), Verdict::Failed);
        assert_eq!(tested(0), Verdict::Pending);
    }

    #[test]
    fn names_and_operations() {
        for goal in Goal::ALL {
            assert_eq!(Goal::parse(&goal.name().to_uppercase()), Some(goal));
        }
        assert_eq!(Goal::parse("deploy"), None);
        assert_eq!(Goal::of_operation("power_off"), Some(Goal::Off));
        assert_eq!(Goal::of_operation("lock"), None);
    }
}
