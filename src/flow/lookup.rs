//! Looks names up, as many as there are at once, in as few requests as a request line lets.
//!
//! Machines are asked for by name: all host names in one filter, all MAC addresses in another. Of
//! everything else the list is asked for once. Nothing is sent twice for two spellings of a name.

use serde_json::Value;

use crate::request::Plan;
use crate::service::maas::LONGEST_REQUEST_LINE;
use crate::service::maas::lookup::{Found, ThingKind, Wanted, values};
use crate::service::maas::name::{Filter, is_id};
use crate::session::{Notices, Session};

/// Returns the values of names, in the order of the names. Names that nothing or several things
/// have are one failure of the call's `label`, which names them all: exit 4 for none, 2 for several.
pub fn look_up(
    session: &Session,
    label: &str,
    wanted: &[Wanted],
    notices: Notices<'_>,
) -> anyhow::Result<Vec<String>> {
    let mut found: Vec<Vec<Found>> = vec![Vec::new(); wanted.len()];
    let mut lists: Vec<(&str, Value)> = Vec::new();
    for (wanted, found) in wanted.iter().zip(&mut found) {
        if wanted.kind == ThingKind::Machine {
            continue;
        }
        let path = wanted.kind.list();
        if !lists.iter().any(|(known, _)| *known == path) {
            let plan = Plan::get(path, session.profile.place())?;
            lists.push((path, session.ask(&plan, notices)?));
        }
        if let Some((_, list)) = lists.iter().find(|(known, _)| *known == path) {
            *found = wanted.find(list);
        }
    }
    machines(session, wanted, &mut found, notices)?;
    values(wanted, &found).map_err(|e| e.of(label).into())
}

/// Finds the machines: by what their names look like, then, for what is left, by their ids.
fn machines(
    session: &Session,
    wanted: &[Wanted],
    found: &mut [Vec<Found>],
    notices: Notices<'_>,
) -> anyhow::Result<()> {
    let (mut hosts, mut macs, mut addresses) = (Vec::new(), Vec::new(), Vec::new());
    for name in wanted.iter().filter_map(Wanted::machine) {
        match name.filter() {
            Filter::Host(names) => hosts.extend(names),
            Filter::Mac(mac) => macs.push(mac),
            Filter::Address(address) => addresses.push(address),
        }
    }
    let list = ThingKind::Machine.list();
    let mut all = filtered(session, list, ("hostname", &hosts), notices)?;
    all.extend(filtered(session, list, ("mac_address", &macs), notices)?);
    addresses.sort();
    addresses.dedup();
    for address in &addresses {
        let mut plan = Plan::get("/ipaddresses/", session.profile.place())?;
        plan.url.add("ip", address);
        plan.url.add("all", "true");
        if let Value::Array(list) = session.ask(&plan, notices)? {
            all.extend(list);
        }
    }
    put(wanted, found, &Value::Array(all));
    let left: Vec<String> = wanted
        .iter()
        .zip(found.iter())
        .filter(|(wanted, found)| {
            wanted.kind == ThingKind::Machine && found.is_empty() && is_id(&wanted.name)
        })
        .map(|(wanted, _)| wanted.name.to_ascii_lowercase())
        .collect();
    let all = filtered(session, list, ("id", &left), notices)?;
    put(wanted, found, &Value::Array(all));
    Ok(())
}

fn put(wanted: &[Wanted], found: &mut [Vec<Found>], list: &Value) {
    for (wanted, found) in wanted.iter().zip(found) {
        if wanted.kind == ThingKind::Machine && found.is_empty() {
            *found = wanted.find(list);
        }
    }
}

/// Returns the elements that a filter of these values lets through, by as few requests as the
/// request line lets; of no values by none.
pub(super) fn filtered(
    session: &Session,
    path: &str,
    (filter, all): (&str, &[String]),
    notices: Notices<'_>,
) -> anyhow::Result<Vec<Value>> {
    let mut left: Vec<&String> = all.iter().collect();
    left.sort();
    left.dedup();
    let mut elements = Vec::new();
    let mut rest = &left[..];
    while !rest.is_empty() {
        let mut plan = Plan::get(path, session.profile.place())?;
        let mut taken = 0;
        for value in rest {
            if taken == 0 {
                plan.url.add(filter, value);
            } else if !plan.add_within(filter, value, LONGEST_REQUEST_LINE) {
                break;
            }
            taken += 1;
        }
        rest = &rest[taken..];
        if let Value::Array(list) = session.ask(&plan, notices)? {
            elements.extend(list);
        }
    }
    Ok(elements)
}
