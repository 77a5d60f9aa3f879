//! Puts ids in the place of names in a path: `/machines/@node18/`.

use std::io::Read as _;

use serde_json::Value;

use crate::client::Answer;
use crate::error::{Exit, Failure};
use crate::output::decode::decode;
use crate::output::read_failure;
use crate::request::Plan;
use crate::service::Service;
use crate::service::maas::name;
use crate::ui::Ui;

use super::session::Session;

/// A list beyond this is not one to find a name in.
const MOST: u64 = 64 * 1024 * 1024;

/// Tells whether a path has a name that the server must be asked about.
#[must_use]
pub fn has_any(path: &str, service: Service) -> bool {
    service == Service::Maas && name::find(path).is_some()
}

/// Refuses a name that is empty: `/machines/@$NAME/` with `NAME` unset must not go out.
pub fn check(path: &str, service: Service) -> Result<(), Failure> {
    if service == Service::Maas && name::has_empty(path) {
        return Err(Failure::usage("the path has an empty name (`@`)").hint("is a variable unset?"));
    }
    Ok(())
}

/// The path with ids for all its names; one filtered request for each.
pub fn resolve(session: &Session, typed: &str, ui: &mut Ui) -> anyhow::Result<String> {
    let mut path = typed.to_owned();
    while let Some(name) = name::find(&path) {
        let id = match name.list(&path) {
            None => name.text.clone(),
            Some((list, filter)) => {
                let mut plan = Plan::get(&list, session.profile.place())?;
                for (parameter, value) in filter {
                    plan.url.add(parameter, &value);
                }
                let list = ask(session, &plan, ui)?;
                name.id(&list).map_err(|e| e.of(session.profile.label()))?
            }
        };
        let id = crate::request::url::encode_segment(&id);
        path.replace_range(name.range, &id);
    }
    Ok(path)
}

/// Sends a plan whose answer is wanted as a value; everything but a success is a failure.
pub fn ask(session: &Session, plan: &Plan, ui: &mut Ui) -> anyhow::Result<Value> {
    let answer = session.send(plan, ui)?;
    if Exit::of_status(answer.head.status) != Exit::Success {
        return Err(session.failure(&session.explain(answer, plan), plan).into());
    }
    Ok(read(answer).map_err(|e| e.of(&session.told(plan)))?)
}

fn read(answer: Answer) -> Result<Value, Failure> {
    let mut body = Vec::new();
    decode(answer)?
        .take(MOST)
        .read_to_end(&mut body)
        .map_err(|e| read_failure(&e))?;
    serde_json::from_slice(&body)
        .map_err(|_| Failure::new(Exit::Other, "the answer is not valid JSON"))
}
