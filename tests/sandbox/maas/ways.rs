//! What each operation on a machine begins, the states it leads through, and how it fails.
//!
//! A table, and nothing else: when the steps are taken is `lifecycle`'s business.

use super::state::STATUSES;

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Into a state, with the power in another one where that changes.
    Status(&'static str, Option<&'static str>),
    /// Only the power changes.
    Power(&'static str),
}

/// What an operation begins.
pub struct Way {
    /// The state at once, where it changes.
    pub begin: Option<&'static str>,
    /// The power at once, where it changes.
    pub power: Option<&'static str>,
    /// What follows, one by one.
    pub steps: Vec<Step>,
    /// What follows instead, where the machine fails.
    pub failure: Step,
}

/// The ways, by operation: `before` is the state that testing returns to; an `owned` machine is rescued back to `Deployed`.
pub fn way(op: &str, before: &str, owned: bool, erase: bool) -> Option<Way> {
    let before = known(before);
    let status = |begin, power, steps: &[Step], failure| Way {
        begin: Some(begin),
        power,
        steps: steps.to_vec(),
        failure: Step::Status(failure, None),
    };
    let power = |target| Way {
        begin: None,
        power: None,
        steps: vec![Step::Power(target)],
        failure: Step::Power("error"),
    };
    let freed = Step::Status("Ready", Some("off"));
    let after_rescue = if owned { "Deployed" } else { "Ready" };
    Some(match op {
        "deploy" => status(
            "Deploying",
            Some("on"),
            &[Step::Status("Deployed", None)],
            "Failed deployment",
        ),
        "commission" => status(
            "Commissioning",
            Some("on"),
            &[Step::Status("Testing", None), freed],
            "Failed commissioning",
        ),
        "test" => status(
            "Testing",
            Some("on"),
            &[Step::Status(before, None)],
            "Failed testing",
        ),
        "release" if erase => status(
            "Disk erasing",
            Some("on"),
            &[Step::Status("Releasing", None), freed],
            "Failed disk erasing",
        ),
        "release" => status("Releasing", None, &[freed], "Releasing failed"),
        "rescue_mode" => status(
            "Entering rescue mode",
            Some("on"),
            &[Step::Status("Rescue mode", None)],
            "Failed to enter rescue mode",
        ),
        "exit_rescue_mode" => status(
            "Exiting rescue mode",
            None,
            &[Step::Status(after_rescue, None)],
            "Failed to exit rescue mode",
        ),
        "power_on" => power("on"),
        "power_off" => power("off"),
        _ => return None,
    })
}

impl Way {
    /// The way of a machine that was never commissioned: it is new again when it is free.
    pub fn of_new_machine(mut self) -> Self {
        for step in &mut self.steps {
            if let Step::Status(name @ "Ready", _) = step {
                *name = "New";
            }
        }
        self
    }
}

fn known(name: &str) -> &'static str {
    STATUSES
        .iter()
        .find(|(_, known, _)| *known == name)
        .map_or("Ready", |(_, known, _)| known)
}
