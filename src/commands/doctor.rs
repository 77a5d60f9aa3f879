//! Runs `doctor`: prints a line for each stage between this machine and a response.
//!
//! `flow::doctor` does the checks; this file adds those of the config and prints.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::cli::{DoctorArgs, ShowFormat};
use crate::error::{Exit, Failure};
use crate::flow::doctor::{Check, Status, look};
use crate::flow::identify;
use crate::output::{amounts, visible};
use crate::profile::{Profile, select};
use crate::secret::typed;
use crate::session::Setup;

use super::{Context, profile};

/// The stages that there is always a line for, in order.
const CHECKS: [&str; 10] = [
    "config",
    "permissions",
    "dns",
    "proxy",
    "tcp",
    "tls",
    "http",
    "clock",
    "service",
    "key",
];

/// Looks at every stage; ends with the exit code of the first that failed.
pub fn run(args: &DoctorArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let mut report = Report {
        format: args.output,
        checks: Vec::new(),
    };
    examine(args, &mut report, context)?;
    for name in CHECKS {
        if !report.checks.iter().any(|check| check.name == name) {
            report.add(Check::found(name, Status::Skip, "not reached"), context)?;
        }
    }
    if args.output == ShowFormat::Json {
        let list: Vec<Value> = report.checks.iter().map(described).collect();
        profile::print_json(&Value::Array(list), context)?;
    }
    let first = report.checks.iter().find(|c| c.status == Status::Fail);
    Ok(first.map_or(Exit::Success, |c| c.exit))
}

struct Report {
    format: ShowFormat,
    checks: Vec<Check>,
}

impl Report {
    /// Prints the line at once: the next stage may take its time.
    fn add(&mut self, mut check: Check, context: &mut Context<'_>) -> anyhow::Result<()> {
        // A key that stands where a file's or a variable's name belongs is not said again.
        check.detail = typed(&check.detail);
        check.hint = check.hint.as_deref().map(typed);
        if self.format == ShowFormat::Text {
            let mut line = format!(
                "{:<4}  {:<11}  {}",
                check.status.as_str(),
                check.name,
                visible::line(&check.detail)
            );
            if check.status != Status::Skip && !check.took.is_zero() {
                line.push_str(&format!("  ({})", amounts::brief(check.took)));
            }
            if let Some(hint) = &check.hint {
                line.push_str(&format!("\n      hint: {}", visible::line(hint)));
            }
            line.push('\n');
            // What is found counts, whoever reads it.
            context.ui.report(&line).context("standard output")?;
        }
        self.checks.push(check);
        Ok(())
    }
}

fn described(check: &Check) -> Value {
    json!({
        "check": check.name,
        "status": check.status.as_str(),
        "detail": check.detail,
        "hint": check.hint,
        "ms": u64::try_from(check.took.as_millis()).unwrap_or(u64::MAX),
    })
}

fn examine(
    args: &DoctorArgs,
    report: &mut Report,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    let started = Instant::now();
    let overrides = args.connect.overrides(args.profile.as_deref());
    let profile = match select(&overrides, context.env, || context.config()) {
        Ok(profile) => {
            context.ui.masks().merge(&profile.masks(context.env));
            profile
        }
        Err(e) => {
            report.add(Check::failed("config", e), context)?;
            return match permissions(context) {
                Some(check) => report.add(check, context),
                None => Ok(()),
            };
        }
    };
    report.add(config_check(&profile, started.elapsed(), context)?, context)?;
    report.add(permissions_check(&profile, context), context)?;
    // The key is read first, so that what it is can be masked from here on. Without one the rest
    // is looked at all the same.
    let key = context.key(&profile);
    let known = key.as_ref().ok().cloned().flatten();
    let signs = known.is_some();
    let setup = Setup {
        key: known,
        ..Setup::default()
    };
    let mut session = match context.session_with(profile, setup) {
        Ok(session) => session.briefly(),
        Err(e) => {
            // The config was read; what it or the environment says of a proxy or a pin is no good.
            let check = Check::failed("config", e);
            let name = if check.exit == Exit::NoConnection {
                "proxy"
            } else {
                "tls"
            };
            return report.add(Check { name, ..check }, context);
        }
    };
    session.never_retry();
    let mut written = Ok(());
    let before = report.checks.len();
    look(&session, &mut |check| {
        if written.is_ok() {
            written = report.add(check, context);
        }
    });
    written?;
    // What is wrong with the file alone keeps no call from the server.
    let reached = &report.checks[before..];
    if reached.iter().any(|c| c.status == Status::Fail) {
        return Ok(());
    }
    let started = Instant::now();
    let key = match key {
        Err(e) => Check::failed("key", e),
        Ok(_) if !signs => Check::found("key", Status::Skip, "the profile has none"),
        Ok(_) => match identify::ask(&session, &mut context.ui.hear()) {
            Ok(who) if who.fabrics.is_empty() => {
                Check::found("key", Status::Ok, format!("`{}`", who.name))
            }
            Ok(who) => Check::found(
                "key",
                Status::Ok,
                format!("tenant `{}`, fabrics {}", who.name, who.fabrics.join(", ")),
            ),
            Err(e) => Check::failed("key", e),
        },
    };
    let key = Check {
        took: started.elapsed(),
        ..key
    };
    report.add(key, context)
}

fn config_check(profile: &Profile, took: Duration, context: &Context<'_>) -> anyhow::Result<Check> {
    let from = match profile.name {
        Some(_) => context.config_file()?.display().to_string(),
        None => "the environment".to_owned(),
    };
    let detail = format!(
        "profile `{}` from {from}: {}",
        profile.label(),
        profile.address
    );
    let unknown: Vec<String> = profile.unknown.iter().map(ToString::to_string).collect();
    let check = if unknown.is_empty() {
        Check::found("config", Status::Ok, detail)
    } else {
        let failure = Failure::config(format!("{detail}; {}", unknown.join("; ")));
        Check::failed(
            "config",
            failure.hint("correct or remove it; it has no effect"),
        )
    };
    Ok(Check { took, ..check })
}

fn permissions_check(profile: &Profile, context: &Context<'_>) -> Check {
    if profile.name.is_none() {
        return Check::found("permissions", Status::Skip, "no file is used");
    }
    permissions(context).unwrap_or_else(|| {
        Check::found("permissions", Status::Skip, "not looked at on this system")
    })
}

/// Returns how the config file's mode is; `None` where there is none.
#[cfg(unix)]
fn permissions(context: &Context<'_>) -> Option<Check> {
    use std::os::unix::fs::PermissionsExt as _;
    let path = context.config_file().ok()?;
    let mode = std::fs::metadata(&path).ok()?.permissions().mode() & 0o777;
    let detail = format!("{mode:04o}");
    // Six zero bits at the end: nothing for group and others.
    if mode.trailing_zeros() >= 6 {
        return Some(Check::found("permissions", Status::Ok, detail));
    }
    let hint = format!("`chmod 600 {}`", path.display());
    Some(if mode & 0o022 == 0 {
        Check::found("permissions", Status::Warn, detail).hint(&hint)
    } else {
        Check::failed("permissions", Failure::config(detail).hint(hint))
    })
}

#[cfg(not(unix))]
fn permissions(_: &Context<'_>) -> Option<Check> {
    None
}
