//! Looks which machines MAAS has refused of an operation on several of them.
//!
//! `service::maas::several` reads the responses; this file asks for the machines where a response
//! leaves it open, and for their names. The error is one of a part: exit 11.

use crate::error::{Exit, Failure};
use crate::request::Plan;
use crate::service::maas::lookup::ThingKind;
use crate::service::maas::several::{self, Refused};
use crate::service::maas::states::Machine;
use crate::session::{Notices, Session};

use super::lookup::filtered;

/// Returns the ids in the fields `machines` of a call to all of them; none where it is another call.
#[must_use]
pub fn asked(plan: &Plan) -> Vec<String> {
    let is_bulk = plan.method == "POST" && plan.url.path().ends_with("/machines/");
    let mut ids: Vec<String> = Vec::new();
    if let Some(body) = plan.body.as_ref().filter(|_| is_bulk) {
        for id in body.values("machines") {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids
}

/// Returns whether the response to a call has to be looked at: it releases several machines.
#[must_use]
pub fn is_release(session: &Session, plan: &Plan) -> bool {
    session.profile.service().has_machines()
        && plan.operation().as_deref() == Some("release")
        && asked(plan).len() > 1
}

/// What a release did not release.
#[derive(Debug)]
pub struct LeftOut {
    /// The machines.
    pub ids: Vec<String>,
    /// The error that it is.
    pub failure: Failure,
}

/// Returns what a release has left out whose list lacks machines that are not free. Machines are asked
/// for only where the list lacks some.
pub fn left_out(
    session: &Session,
    plan: &Plan,
    body: &[u8],
    notices: Notices<'_>,
) -> Option<LeftOut> {
    let asked = asked(plan);
    let listed = several::listed(body)?;
    if asked.iter().all(|id| listed.contains(id)) {
        return None;
    }
    let refused: Vec<Refused> = match machines(session, &asked, notices) {
        Some(machines) => {
            let is_free = |id: &String| {
                let machine = machines.iter().find(|machine| machine.system_id == *id);
                machine.is_some_and(Machine::is_released)
            };
            let left = asked.iter().filter(|id| !is_free(id));
            left.map(|id| Refused::of(id, None, &machines)).collect()
        }
        // Nobody knows why they are not in the list.
        None => {
            let left = asked.iter().filter(|id| !listed.contains(id));
            left.map(|id| Refused::of(id, None, &[])).collect()
        }
    };
    (!refused.is_empty()).then(|| LeftOut {
        failure: failure(&refused, asked.len()),
        ids: refused.into_iter().map(|refused| refused.id).collect(),
    })
}

/// Returns the failure of a call that was refused for some of several machines, which the response
/// lists; `None` where it lists none, or all.
pub fn refused(
    session: &Session,
    plan: &Plan,
    body: &[u8],
    notices: Notices<'_>,
) -> Option<Failure> {
    if !session.profile.service().has_machines() {
        return None;
    }
    let asked = asked(plan);
    let text = String::from_utf8_lossy(body);
    let listed = several::refused(&asked, &text);
    if listed.is_empty() || listed.len() == asked.len() {
        return None;
    }
    let ids: Vec<String> = listed.iter().map(|(id, _)| (*id).to_owned()).collect();
    let machines = machines(session, &ids, notices).unwrap_or_default();
    let refused: Vec<Refused> = listed
        .into_iter()
        .map(|(id, state)| Refused::of(id, state, &machines))
        .collect();
    Some(failure(&refused, asked.len()).hint(
        "`apicall wait --for ready ID… --timeout 1s` shows how the others stand; send them again without these",
    ))
}

fn failure(refused: &[Refused], asked: usize) -> Failure {
    Failure::new(Exit::Partial, several::sentence(refused, asked))
}

/// The machines of these ids, where they can be had.
fn machines(session: &Session, ids: &[String], notices: Notices<'_>) -> Option<Vec<Machine>> {
    let list = filtered(session, ThingKind::Machine.list(), ("id", ids), notices).ok()?;
    let machines = list.into_iter().map(serde_json::from_value);
    machines.collect::<Result<_, _>>().ok()
}
