//! Runs `ops`: finds operations of the service and shows how they are called.
//!
//! `find` ranks, `page` prints, `example` writes a call down.

mod example;
mod find;
mod page;

use serde_json::Value;

use crate::cli::{OpsArgs, OpsForm};
use crate::error::{Exit, Failure};
use crate::output::visible::visible;
use crate::profile::Profile;
use crate::service::Service;
use crate::service::maas::describe::Description;
use crate::service::macrometa::{catalog, near};
use crate::service::operation::Operation;

use super::{Context, described, profile};

/// Prints the operations that all words are found in, the nearest first.
pub fn run(args: &OpsArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let overrides = args.connect.overrides(args.profile.as_deref());
    let profile = context.select(&overrides)?;
    let all = operations(&profile, args, context)?;
    let mut found = find::find(&all, &args.words);
    if found.is_empty()
        && let Some(meant) = meant(&profile, &args.words)
    {
        context.ui.say(&format!(
            "apicall: note: {}: no operation matches; these match `{meant}`",
            profile.label()
        ));
        found = find::find(&all, &[meant]);
    }
    let Some(nearest) = found.first().map(|hit| hit.distance) else {
        return Err(Failure::new(
            Exit::Other,
            format!("{}: no operation matches", profile.label()),
        )
        .hint(if args.words.iter().any(|word| word.starts_with('/')) {
            "no path begins like this: `apicall ops` lists them, and `-p` selects a profile of another service"
        } else {
            "fewer or shorter words find more; `apicall ops` lists all"
        })
        .into());
    };
    let named = args.profile.as_deref();
    if args.output == OpsForm::Json {
        let list = found
            .iter()
            .map(|hit| json(hit.operation, profile.service(), named))
            .collect();
        return profile::print_json(&Value::Array(list), context);
    }
    let width = context.ui.stdout_width(context.env);
    let text = if args.output == OpsForm::Table {
        page::table(found.iter().map(|hit| hit.operation))
    } else if args.show || found.len() == 1 {
        let pages: Vec<String> = found
            .iter()
            .filter(|hit| hit.distance == nearest)
            .map(|hit| {
                let example = example::line(hit.operation, profile.service(), named);
                page::page(hit.operation, &example, width)
            })
            .collect();
        pages.join("\n")
    } else {
        page::list(found.iter().map(|hit| hit.operation), width)
    };
    print(&text, context)
}

/// Returns what the profile's server can be asked; of Macrometa it is known without asking. Where
/// none of it has the words, none may be given.
fn operations(
    profile: &Profile,
    args: &OpsArgs,
    context: &mut Context<'_>,
) -> anyhow::Result<Vec<Operation>> {
    match profile.service() {
        Service::Maas if args.refresh => {
            Ok(described::current(profile, true, context)?.operations())
        }
        Service::Maas => {
            let with_words = |description: &Description| {
                let all = description.operations();
                let is_found = !find::find(&all, &args.words).is_empty();
                is_found.then_some(all)
            };
            let (_, found) = described::find(profile, &with_words, context)?;
            Ok(found.unwrap_or_default())
        }
        Service::Macrometa => Ok(catalog::operations()),
    }
}

/// Returns the path that was meant by a mistyped one.
fn meant(profile: &Profile, words: &[String]) -> Option<String> {
    match (profile.service(), words) {
        (Service::Macrometa, [path]) => near::meant("GET", path),
        (Service::Maas | Service::Macrometa, _) => None,
    }
}

fn json(operation: &Operation, service: Service, profile: Option<&str>) -> Value {
    // Texts and lists of texts always have a value.
    let mut value = serde_json::to_value(operation).unwrap_or_default();
    value["example"] = example::line(operation, service, profile).into();
    value
}

fn print(text: &str, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let shown = if context.ui.stdout_is_terminal() {
        visible(text)
    } else {
        text.into()
    };
    match context.ui.stdout().write_all(shown.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(e.into()),
        _ => Ok(Exit::Success),
    }
}
