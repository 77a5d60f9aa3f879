//! Questions to a Macrometa beside the call that was wanted: version, rights.
//!
//! They only add to what is reported. Each is a GET that is asked once, for a short time; one that
//! fails leaves a gap and no message. None is asked where the call itself would not be signed.

use serde_json::{Map, Value};

use crate::client::{Limits, Response};
use crate::error::Exit;
use crate::flow::identify;
use crate::request::Plan;
use crate::service::Key;
use crate::service::macrometa::identity::{RIGHTS, VERSION_PATH, right};
use crate::session::Session;
use crate::ui::Ui;

/// Returns the version that the server says it runs.
pub fn version(session: &Session, ui: &mut Ui) -> Option<String> {
    let response = ask(session, VERSION_PATH, ui)?;
    let value = value(response)?;
    value["version"].as_str().map(str::to_owned)
}

/// Returns what the key may see, by kind: true, false, or null where the server does not say.
pub fn rights(session: &Session, ui: &mut Ui) -> Map<String, Value> {
    RIGHTS
        .iter()
        .map(|(name, path)| {
            let response = ask(session, path, ui);
            let allowed = response.and_then(|response| right(response.head.status));
            ((*name).to_owned(), allowed.into())
        })
        .collect()
}

/// Returns what the key was granted in each fabric, where it may look at itself.
pub fn grants(session: &Session, ui: &mut Ui) -> Option<Value> {
    let Some(Key::Macrometa(key)) = session.key() else {
        return None;
    };
    let id = crate::request::url::encode_segment(key.id()?);
    let response = ask(session, &format!("/_api/key/{id}/database"), ui)?;
    let grants = value(response)?["result"].take();
    grants.is_object().then_some(grants)
}

fn ask(session: &Session, path: &str, ui: &mut Ui) -> Option<Response> {
    let session = session.brief();
    let plan = Plan::get(path, session.profile.place()).ok()?;
    session.send(&plan, &Limits::default(), &mut ui.hear()).ok()
}

/// Returns the JSON of a success.
fn value(response: Response) -> Option<Value> {
    (Exit::of_status(response.head.status) == Exit::Success)
        .then(|| identify::value(response).ok())
        .flatten()
}
