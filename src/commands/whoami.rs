//! `whoami`: asks the server whose key this is.

use std::io::Read as _;

use serde_json::{Value, json};

use crate::cli::{OutputArgs, WhoamiArgs};
use crate::error::{Exit, Failure};
use crate::output::Form;
use crate::output::decode::decode;
use crate::output::read_failure;
use crate::profile::{Profile, select};
use crate::request::Plan;
use crate::service::{Key, Service, maas, macrometa};
use crate::ui::Ui;

use super::session::Session;
use super::{Context, call};

/// Prints the MAAS user as the server gives it; tenant and fabrics of a Macrometa key.
pub fn run(args: &WhoamiArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let overrides = args.connect.overrides(args.profile.as_deref());
    let profile = select(&overrides, context.env, || context.config())?;
    if profile.key.is_none() {
        return Err(
            Failure::config(format!("{}: the profile has no key", profile.label()))
                .hint("`apicall login URL --replace` stores one")
                .into(),
        );
    }
    let session = Session::open(profile, false, args.output.verbose, context.env, context.ui)?;
    match session.profile.service {
        Service::Maas => {
            let plan = check_plan(&session.profile)?;
            call::make(&session, &plan, args.output, context)
        }
        Service::Macrometa => match identify(&session, context.ui) {
            Ok(identity) => print(&identity, args.output, context),
            Err(Unidentified::Refused(exit)) => Ok(exit),
            Err(Unidentified::Failed(e)) => Err(e),
        },
    }
}

fn print(
    identity: &Identity,
    output: OutputArgs,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let value = json!({ "tenant": identity.name, "fabrics": identity.fabrics });
    let mut shown = call::shown(output, context);
    if shown.form == Some(Form::Raw) {
        shown.form = Some(Form::Compact);
    }
    let result = crate::output::show_bytes(
        value.to_string().as_bytes(),
        true,
        shown,
        context.ui.stdout(),
    );
    match result {
        Err(e) if !crate::error::is_closed_pipe(&e) => Err(e),
        _ => Ok(Exit::Success),
    }
}

/// Whose key it is.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// The user (MAAS) or the tenant (Macrometa).
    pub name: String,
    /// Whether a MAAS user is an administrator.
    pub is_admin: bool,
    /// The fabrics the key can see (Macrometa).
    pub fabrics: Vec<String>,
}

/// Why nobody was found behind a key.
#[derive(Debug)]
pub enum Unidentified {
    /// The server's answer was no success; it has been told.
    Refused(Exit),
    /// There was no answer, or one that can not be read.
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Unidentified {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// The call that asks whose key it is; about 15 ms for MAAS.
pub fn check_plan(profile: &Profile) -> Result<Plan, Failure> {
    let path = match profile.service {
        Service::Maas => maas::WHOAMI_PATH,
        Service::Macrometa => macrometa::FABRICS_PATH,
    };
    Plan::get(path, profile.place())
}

/// Asks the server; tells the error where its answer is none.
pub fn identify(session: &Session, ui: &mut Ui) -> Result<Identity, Unidentified> {
    let plan = check_plan(&session.profile)?;
    let answer = session.send(&plan, ui)?;
    let earned = Exit::of_status(answer.head.status);
    if earned != Exit::Success {
        let failed = session.explain(answer, &plan);
        ui.error(&session.failure(&failed, &plan).into());
        return Err(Unidentified::Refused(earned));
    }
    let mut body = Vec::new();
    decode(answer)?
        .take(16 * 1024 * 1024)
        .read_to_end(&mut body)
        .map_err(|e| {
            let mut failure = read_failure(&e);
            failure.message = format!("{}: {}", session.told(&plan), failure.message);
            failure
        })?;
    let value: Value = serde_json::from_slice(&body).map_err(|_| {
        Failure::new(
            Exit::Other,
            format!("{}: the answer is not valid JSON", session.told(&plan)),
        )
    })?;
    Ok(match session.profile.service {
        Service::Maas => Identity {
            name: value["username"].as_str().unwrap_or_default().to_owned(),
            is_admin: value["is_superuser"].as_bool().unwrap_or_default(),
            fabrics: Vec::new(),
        },
        Service::Macrometa => macrometa_identity(&value, session.key()),
    })
}

/// The tenant as the key names it, else as the server does; the fabrics as the server lists them,
/// as objects with a name or as names.
fn macrometa_identity(value: &Value, key: Option<&Key>) -> Identity {
    let empty = Vec::new();
    let list = value["result"].as_array().unwrap_or(&empty);
    let fabrics = list
        .iter()
        .filter_map(|f| f.as_str().or_else(|| f["name"].as_str()).map(str::to_owned))
        .collect();
    let confirmed = list.iter().find_map(|f| f["options"]["tenant"].as_str());
    let named = match key {
        Some(Key::Macrometa(key)) => key.tenant(),
        _ => None,
    };
    Identity {
        name: confirmed.or(named).unwrap_or_default().to_owned(),
        is_admin: false,
        fabrics,
    }
}
