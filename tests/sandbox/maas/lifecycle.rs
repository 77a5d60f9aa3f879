//! Machines on their way: what an operation begins, the states it leads through, and when the next one is reached.
//!
//! Time is the test's choice ([`Pace`]): it stands still, or a step is taken after so many reads of the machine, or after a
//! while. A machine that is to fail leaves its way at the first step. Every step leaves a line in the event log.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::events;
use super::state::{State, free, set_commissioned, set_status};
use super::ways::{Step, Way};

/// When a machine on its way takes its next step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// Never: deploying and commissioning last for ever; releasing and switching power are done at once.
    Still,
    /// After so many answers that showed the machine.
    Reads(usize),
    /// After so long.
    After(Duration),
}

#[derive(Clone, Copy, Debug)]
enum Due {
    Never,
    Reads(usize),
    At(Instant),
}

impl Due {
    fn of(pace: Pace) -> Self {
        match pace {
            Pace::Still => Self::Never,
            Pace::Reads(reads) => Self::Reads(reads),
            Pace::After(time) => Self::At(Instant::now() + time),
        }
    }
}

/// One machine's way.
#[derive(Debug)]
struct Journey {
    machine: String,
    steps: VecDeque<Step>,
    failure: Step,
    pace: Pace,
    due: Due,
}

impl Journey {
    fn is_power(&self) -> bool {
        matches!(self.failure, Step::Power(_))
    }
}

/// All ways of one MAAS, and what the test wants of them.
#[derive(Debug)]
pub struct Journeys {
    under_way: Vec<Journey>,
    pace: Pace,
    paces: HashMap<String, Pace>,
    failing: HashSet<String>,
}

impl Journeys {
    /// None yet.
    pub fn new(pace: Pace) -> Self {
        Self {
            under_way: Vec::new(),
            pace,
            paces: HashMap::new(),
            failing: HashSet::new(),
        }
    }

    /// The pace of ways that begin from now on: of one machine, or of all that have none of their own.
    pub fn set_pace(&mut self, machine: Option<&str>, pace: Pace) {
        match machine {
            Some(machine) => drop(self.paces.insert(machine.to_owned(), pace)),
            None => self.pace = pace,
        }
    }

    /// Whether the machine fails at its next step, and at all later ones.
    pub fn set_failing(&mut self, machine: &str, failing: bool) {
        if failing {
            self.failing.insert(machine.to_owned());
        } else {
            self.failing.remove(machine);
        }
    }

    /// Takes the machine off its way; its power stays on its own.
    pub fn stop(&mut self, machine: &str) {
        self.under_way
            .retain(|journey| journey.machine != machine || journey.is_power());
    }
}

/// Puts a machine on its way.
pub fn begin(state: &mut State, system_id: &str, user: &str, way: Way) {
    if let Some(status) = way.begin {
        state.journeys.stop(system_id);
        enter(
            state,
            system_id,
            user,
            Step::Status(status, way.power),
            false,
        );
    } else {
        let journeys = &mut state.journeys.under_way;
        journeys.retain(|journey| journey.machine != system_id || !journey.is_power());
    }
    let journeys = &mut state.journeys;
    let pace = journeys.paces.get(system_id).copied();
    let pace = pace.unwrap_or(journeys.pace);
    let quick = matches!(way.begin, None | Some("Releasing" | "Disk erasing"));
    let journey = Journey {
        machine: system_id.to_owned(),
        steps: way.steps.into(),
        failure: way.failure,
        pace,
        due: Due::of(pace),
    };
    if pace == Pace::Still && quick {
        for step in journey.steps {
            enter(state, system_id, user, step, false);
        }
    } else {
        journeys.under_way.push(journey);
    }
}

/// Takes the steps that are due by the clock.
pub fn settle(state: &mut State) {
    let now = Instant::now();
    while let Some(at) = state
        .journeys
        .under_way
        .iter()
        .position(|journey| matches!(journey.due, Due::At(due) if due <= now))
    {
        step(state, at);
    }
}

/// Counts a response that showed these machines.
pub fn shown(state: &mut State, machines: &HashSet<String>) {
    for journey in &mut state.journeys.under_way {
        if let Due::Reads(left) = &mut journey.due
            && machines.contains(&journey.machine)
        {
            *left = left.saturating_sub(1);
        }
    }
    while let Some(at) = state
        .journeys
        .under_way
        .iter()
        .position(|journey| matches!(journey.due, Due::Reads(0)))
    {
        step(state, at);
    }
}

/// Lets every machine on its way take one step now; how many there were.
pub fn advance(state: &mut State) -> usize {
    let count = state.journeys.under_way.len();
    // From the last one, because those that arrive are removed.
    for at in (0..count).rev() {
        step(state, at);
    }
    count
}

/// Takes one machine's next step and ends its way where there is no further one.
fn step(state: &mut State, at: usize) {
    let journey = &mut state.journeys.under_way[at];
    let fails = state.journeys.failing.contains(&journey.machine);
    let step = if fails {
        journey.steps.clear();
        Some(journey.failure)
    } else {
        journey.steps.pop_front()
    };
    // A pace of no reads at all still waits for one: steps within a way are seen one by one.
    journey.due = match journey.pace {
        Pace::Reads(reads) => Due::Reads(reads.max(1)),
        pace => Due::of(pace),
    };
    let machine = journey.machine.clone();
    if journey.steps.is_empty() {
        state.journeys.under_way.remove(at);
    }
    if let Some(step) = step {
        enter(state, &machine, "unknown", step, fails);
    }
}

/// Changes the machine as the step says, and writes it into the log.
fn enter(state: &mut State, system_id: &str, user: &str, step: Step, failed: bool) {
    let Some(machine) = state.machine_mut(system_id) else {
        return;
    };
    let mut log: Vec<(&str, &str, String)> = Vec::new();
    let mut power = |machine: &mut Value, target: &'static str| {
        machine["power_state"] = json!(target);
        log.push(match target {
            "on" => ("INFO", "Node powered on", String::new()),
            "off" => ("INFO", "Node powered off", String::new()),
            _ => (
                "ERROR",
                "Failed to power node",
                "BMC did not answer".to_owned(),
            ),
        });
    };
    match step {
        Step::Power(target) => power(machine, target),
        Step::Status(name, target) => {
            let before = machine["status_name"].clone();
            if let Some(target) = target.filter(|target| machine["power_state"] != *target) {
                power(machine, target);
            }
            set_status(machine, name);
            let before = before.as_str().unwrap_or_default();
            log.push((
                "DEBUG",
                "Node changed status",
                format!("From '{before}' to '{name}'"),
            ));
            let why = if failed {
                format!("Node operation '{before}' timed out after 30 minutes.")
            } else {
                String::new()
            };
            if failed {
                machine["status_message"] = json!(format!("Marking node failed - {why}"));
                log.push(("ERROR", "Marking node failed", why.clone()));
            } else {
                log.push(("INFO", name, String::new()));
            }
            machine["error_description"] = json!(why);
            // A machine is new on its way only where it was released.
            if matches!(name, "Ready" | "New") {
                free(machine);
            }
            if name == "Ready" {
                set_commissioned(machine, true);
            }
        }
    }
    for (level, kind, description) in log {
        events::record(state, user, system_id, (level, kind, &description));
    }
}
