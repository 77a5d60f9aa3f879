//! Prints what is known of machines that failed: their last events, and the end of the log of what
//! they failed at.
//!
//! Only the lines of errors are certain; what cannot be had is left out.

use serde_json::Value;

use crate::commands::Context;
use crate::error::{Exit, Failure};
use crate::flow::wait::{Thing, Verdict, Wait};
use crate::request::Plan;
use crate::request::url::encode_segment;
use crate::service::maas::log::{run_of, tail};
use crate::service::maas::states::Machine;
use crate::session::Session;

use super::report::full_name;

/// So many failed machines are explained; each takes a call or two.
const MOST_EXPLAINED: usize = 10;

/// How many events are shown of a machine.
const EVENTS: &str = "5";

/// Reports everything that failed; gives how many have.
pub fn report(session: &Session, wait: &Wait<'_>, context: &mut Context<'_>) -> usize {
    let failed: Vec<&Thing> = wait
        .things()
        .iter()
        .filter(|thing| thing.verdict == Verdict::Failed)
        .collect();
    for (at, thing) in failed.iter().enumerate() {
        let state = thing.state.as_deref().unwrap_or_default();
        let label = session.profile.label();
        let message = format!("{label}: {}: {state}", full_name(thing, wait));
        context
            .ui
            .error(&Failure::new(Exit::WaitFailed, message).into());
        if wait.is_of_machines() && at < MOST_EXPLAINED {
            for line in last_events(session, &thing.id, context) {
                context.ui.say(&format!("  {line}"));
            }
            log(session, thing, context);
        }
    }
    if wait.is_of_machines() && failed.len() > MOST_EXPLAINED {
        context
            .ui
            .say("hint: `apicall events id=ID` shows the events of the others");
    }
    failed.len()
}

/// The last events of a machine, oldest first; none where they cannot be had.
fn last_events(session: &Session, id: &str, context: &mut Context<'_>) -> Vec<String> {
    let plan = Plan::get("/events/?op=query", session.profile.place());
    let Ok(mut plan) = plan else {
        return Vec::new();
    };
    plan.url.add("id", id);
    plan.url.add("limit", EVENTS);
    let Ok(response) = session.ask(&plan, &mut context.ui.hear()) else {
        return Vec::new();
    };
    let list = response["events"].as_array().cloned().unwrap_or_default();
    list.iter().rev().map(event).collect()
}

fn event(event: &Value) -> String {
    let text = |member: &str| event[member].as_str().unwrap_or_default();
    let mut line = format!(
        "{}  {:<7}  {}",
        text("created"),
        text("level"),
        text("type")
    );
    if !text("description").is_empty() {
        line.push_str(": ");
        line.push_str(text("description"));
    }
    line
}

/// The end of the log of what a machine failed at, with the call that shows all of it.
fn log(session: &Session, thing: &Thing, context: &mut Context<'_>) {
    let body = thing.body.as_deref().unwrap_or_default();
    let machine: Option<Machine> = serde_json::from_slice(body).ok();
    let Some(run) = machine.as_ref().and_then(run_of) else {
        return;
    };
    let path = format!(
        "/nodes/{}/results/current-{run}/",
        encode_segment(&thing.id)
    );
    let Ok(mut plan) = Plan::get(&path, session.profile.place()) else {
        return;
    };
    plan.url.add("include_output", "true");
    let response = session.ask(&plan, &mut context.ui.hear());
    let Some(tail) = response.ok().as_ref().and_then(tail) else {
        return;
    };
    context.ui.say(&format!("  {run}: {}", tail.heading));
    for line in tail.lines {
        context.ui.say(&format!("    {line}"));
    }
    context.ui.say(&format!(
        "hint: `apicall get {path} --op download output=all filetype=txt` prints the whole log"
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn events_on_a_line() {
        let full = json!({"created": "Fri, 21 Aug. 2026 06:05:08", "level": "ERROR", "type": "Marking node failed", "description": "timed out"});
        assert_eq!(
            event(&full),
            "Fri, 21 Aug. 2026 06:05:08  ERROR    Marking node failed: timed out"
        );
        let bare = json!({"created": "x", "level": "INFO", "type": "Ready", "description": ""});
        assert_eq!(event(&bare), "x  INFO     Ready");
    }
}
