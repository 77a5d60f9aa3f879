//! What can come next in a command line of `maas`: commands and profiles, handlers, actions, then
//! what stands in the path and what the action takes.
//!
//! Offers words; what of them reaches a shell, and how long a server is waited for, is
//! `commands::complete`'s.

use std::ffi::OsString;

use crate::commands::Context;
use crate::commands::complete::{self, Deadline, Server};
use crate::error::Exit;
use crate::service::Service;
use crate::service::complete as next;
use crate::service::complete::Candidate;
use crate::service::maas::describe::Handled;

use super::help::COMMANDS;
use super::profiles;

/// Returns the words to complete, where the arguments of `__complete` are of a command line of
/// `maas`.
#[must_use]
pub fn words(args: &[OsString]) -> Option<Vec<String>> {
    let mut words = args.iter().skip(1).map(|word| word.to_string_lossy());
    (words.next()? == "maas").then(|| words.map(std::borrow::Cow::into_owned).collect())
}

/// Prints the candidates for the last word.
pub fn run(words: &[String], context: &mut Context<'_>) -> Exit {
    let deadline = complete::deadline();
    let Some((word, before)) = words.split_last() else {
        return Exit::Success;
    };
    let before: Vec<&str> = before
        .iter()
        .map(String::as_str)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let found = candidates(&before, word, deadline, context).unwrap_or_default();
    complete::print(&found, word, context.ui)
}

fn candidates(
    before: &[&str],
    word: &str,
    deadline: Deadline,
    context: &mut Context<'_>,
) -> Option<Vec<Candidate>> {
    let Some((first, rest)) = before.split_first() else {
        let mut all: Vec<Candidate> = COMMANDS
            .iter()
            .map(|(name, help)| Candidate::new(*name, help))
            .collect();
        all.extend(names(context));
        return Some(all);
    };
    if COMMANDS.iter().any(|(name, _)| name == first) {
        return (*first == "logout" && rest.is_empty()).then(|| names(context));
    }
    let known = profiles::find(first, context).ok()??;
    let server = Server {
        profile: &known.profile,
        env: context.env,
        deadline,
    };
    let description = server.description()?;
    let handlers = description.commands(known.profile.key.is_some());
    let Some((name, rest)) = rest.split_first() else {
        let all = handlers.iter();
        return Some(
            all.map(|h| Candidate::new(&*h.name, &h.handler.help().0))
                .collect(),
        );
    };
    let handled = handlers.into_iter().find(|h| h.name == *name)?;
    let Some((action, rest)) = rest.split_first() else {
        let all = handled.actions();
        return Some(
            all.map(|(name, action)| Candidate::new(name, &action.help().0))
                .collect(),
        );
    };
    values(&server, &handled, action, rest, word)
}

/// Lists our profiles and those of `~/.maascli.db`.
fn names(context: &mut Context<'_>) -> Vec<Candidate> {
    let all = profiles::all(context).unwrap_or_default();
    all.iter()
        .map(|known| {
            let help = format!("Profile of {}", known.profile.address);
            Candidate::new(known.profile.label(), &help)
        })
        .collect()
}

/// Ids for the path, then the names of what the action takes.
fn values(
    server: &Server<'_>,
    handled: &Handled<'_>,
    action: &str,
    given: &[&str],
    word: &str,
) -> Option<Vec<Candidate>> {
    let operations = server.operations()?;
    let action = handled.action(action)?;
    let (service, route) = (Service::Maas, handled.handler.route());
    if given.len() >= handled.handler.params.len() {
        let items = next::items(
            &operations,
            service,
            &action.method,
            route,
            action.op.as_deref(),
        );
        let data = items.into_iter().map(|item| {
            // `maas` has one sign for all, and another for files.
            let name = item.value.trim_end_matches(['=', '@', ':']);
            let sign = if item.value.ends_with('@') { "@=" } else { "=" };
            Candidate::new(format!("{name}{sign}"), &item.help)
        });
        return Some(data.collect());
    }
    let mut folder = String::new();
    let mut ids = given.iter();
    for segment in route.trim_start_matches('/').split('/') {
        folder.push('/');
        if crate::service::operation::is_placeholder(segment) {
            match ids.next() {
                Some(id) => folder.push_str(id),
                None => break,
            }
        } else {
            folder.push_str(segment);
        }
    }
    let live = next::paths(&operations, service, "", &format!("{folder}{word}")).live?;
    let found = server.live(&live).into_iter().filter_map(|candidate| {
        let id = candidate.value.strip_prefix(&live.before)?;
        let id = id.trim_end_matches('/');
        // Names are not the drop-in's.
        (!id.starts_with('@')).then(|| Candidate::new(id, &candidate.help))
    });
    Some(found.collect())
}
