//! Puts ids in the place of names in a path: `/machines/@node18/`.

use crate::error::Failure;
use crate::request::Plan;
use crate::service::Service;
use crate::service::maas::name;
use crate::session::Session;
use crate::ui::Ui;

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
                let list = session.ask(&plan, &mut ui.hear())?;
                name.id(&list).map_err(|e| e.of(session.profile.label()))?
            }
        };
        let id = crate::request::url::encode_segment(&id);
        path.replace_range(name.range, &id);
    }
    Ok(path)
}
