//! Replaces names with ids, in a path (`/machines/@node18/`) and in values (`machines=@@node18`).
//!
//! `service` knows which list holds a name; this file asks for it and refuses what is ambiguous.

use serde_json::Value;

use crate::error::{Exit, Failure};
use crate::flow::lookup::look_up;
use crate::request::Plan;
use crate::request::plan::{Call, Loaded};
use crate::service::Service;
use crate::service::maas::lookup::{ThingKind, Wanted};
use crate::service::maas::name;
use crate::session::Session;
use crate::ui::Ui;

/// The note of a request that is only printed.
pub const NAMES_BECOME_IDS: &str = "apicall: note: a name becomes an id when the call is sent";

/// Returns whether a path has a name that the server must be asked about.
#[must_use]
pub fn has_any(path: &str, service: Service) -> bool {
    service.looks_names_up() && name::find(path).is_some()
}

/// Refuses a name that is empty: `/machines/@$NAME/` with `NAME` unset must not go out.
pub fn check(path: &str, service: Service) -> Result<(), Failure> {
    if service.looks_names_up() && name::has_empty(path) {
        return Err(Failure::usage("the path has an empty name (`@`)").hint("is a variable unset?"));
    }
    Ok(())
}

/// A path with ids for all its names.
#[derive(Debug)]
pub struct Resolved {
    /// The path.
    pub path: String,
    /// Each id, encoded as a segment, with the name that was typed for it.
    pub named: Vec<(String, String)>,
}

/// Looks up the names in the path of a call; one filtered request for each.
pub fn resolve(
    session: &Session,
    method: &str,
    typed: &str,
    ui: &mut Ui,
) -> anyhow::Result<Resolved> {
    let label = label(session, method, typed);
    let mut path = typed.to_owned();
    let mut named = Vec::new();
    while let Some(name) = name::find(&path) {
        let id = match name.list(&path) {
            None => name.text.clone(),
            Some(list) => {
                let list = filtered(session, list, ui)?;
                match (name.id(&list), name.list_by_id(&path)) {
                    // An id behind an `@` is an id.
                    (Err(failure), Some(by_id)) if failure.exit == Exit::ClientError => name
                        .own_id(&filtered(session, by_id, ui)?)
                        .ok_or_else(|| failure.of(&label))?,
                    (id, _) => id.map_err(|e| e.of(&label))?,
                }
            }
        };
        let id = crate::request::url::encode_segment(&id).into_owned();
        named.push((id.clone(), path[name.range.clone()].to_owned()));
        path.replace_range(name.range, &id);
    }
    Ok(Resolved { path, named })
}

/// Fails where the server says that nothing is called as the name in a path says. A server that
/// cannot tell is believed.
pub fn check_known(session: &Session, path: &str, ui: &mut Ui) -> anyhow::Result<()> {
    match resolve(session, "GET", path, ui) {
        // A failed request has an error of its own kind, and several things are there.
        Err(e)
            if e.downcast_ref::<Failure>()
                .is_some_and(|failure| failure.exit == Exit::ClientError) =>
        {
            Err(e)
        }
        Err(_) | Ok(_) => Ok(()),
    }
}

/// Names a call whose names are being looked up, as it was typed.
fn label(session: &Session, method: &str, typed: &str) -> String {
    let path = typed.split(['?', '#']).next().unwrap_or(typed);
    format!("{}: {method} {path}", session.profile.label())
}

fn filtered(
    session: &Session,
    (list, filter): (String, Vec<(&'static str, String)>),
    ui: &mut Ui,
) -> anyhow::Result<Value> {
    let mut plan = Plan::get(&list, session.profile.place())?;
    for (parameter, value) in filter {
        plan.url.add(parameter, &value);
    }
    Ok(session.ask(&plan, &mut ui.hear())?)
}

/// Returns whether a value is a name (`k=@@name`) that the server must be asked about.
#[must_use]
pub fn in_items(items: &[Loaded]) -> bool {
    items.iter().any(|item| matches!(item, Loaded::Named(..)))
}

/// Refuses names in values where it is unknown what they name.
pub fn check_items(call: &Call, service: Service) -> Result<(), Failure> {
    wanted(call, service).map(|_| ())
}

/// Puts the ids in the place of the names in values: all of them are looked up together.
pub fn resolve_items(session: &Session, call: &mut Call, ui: &mut Ui) -> anyhow::Result<()> {
    let wanted = wanted(call, session.profile.service())?;
    let label = label(session, &call.method, &call.path);
    let mut values = look_up(session, &label, &wanted, &mut ui.hear())?.into_iter();
    for item in &mut call.items {
        if let Loaded::Named(key, _) = item
            && let Some(value) = values.next()
        {
            *item = Loaded::Field(key.clone(), value);
        }
    }
    Ok(())
}

/// Returns the names in the values of a call, in their order, and what they are names of.
pub(super) fn wanted(call: &Call, service: Service) -> Result<Vec<Wanted>, Failure> {
    let mut all = Vec::new();
    for item in &call.items {
        let Loaded::Named(key, name) = item else {
            continue;
        };
        let key = &key.text;
        let literal =
            format!("`-f '{key}=@@{name}'` sends it as it is; `{key}=@./@{name}` reads a file");
        if !service.looks_names_up() {
            let message = format!("`{key}=@@{name}` would look a name up, which is MAAS's");
            return Err(Failure::usage(message).hint(literal));
        }
        let Some(kind) = ThingKind::of(key, &call.path) else {
            let message = format!("`{key}=@@{name}`: it is not known what `{key}` names");
            return Err(Failure::usage(message).hint(format!("write the id; {literal}")));
        };
        all.push(Wanted {
            kind,
            name: name.clone(),
        });
    }
    Ok(all)
}

/// Returns an error of a file that is not there, with a hint where its name may be a thing's:
/// `add=@node18`.
#[must_use]
pub fn not_a_file(error: anyhow::Error, key: &str, file: &str) -> anyhow::Error {
    let is_missing = error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>();
        io.is_some_and(|e| e.kind() == std::io::ErrorKind::NotFound)
    });
    if !is_missing || ThingKind::of(key, "").is_none() || file.starts_with(['/', '~']) {
        return error;
    }
    let file = file.trim_start_matches('@');
    Failure::new(crate::error::exit_of(&error), format!("{error:#}"))
        .hint(format!(
            "is it a name? `{key}=@@{file}` is the id of the thing called that"
        ))
        .into()
}
