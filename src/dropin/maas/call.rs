//! Runs `PROFILE HANDLER ACTION [positionals] [k=v …]`: finds the action, makes its plan, sends it.
//!
//! Owns the order in which a command line is read. `print` prints the response and knows the exit
//! code.

use crate::address::Scheme;
use crate::client::Limits;
use crate::commands::Context;
use crate::commands::described;
use crate::error::{Exit, Failure};
use crate::flow::describe::{Describer, Patience};
use crate::profile::Profile;
use crate::request::Plan;
use crate::request::plan::{Call, Loaded};
use crate::request::url::encode_segment;
use crate::service::maas::describe::{Action, Description, Handled, Handler};

use super::arguments::{Flag, all, leading};
use super::confirm::confirm;
use super::data::Pair;
use super::profiles::Known;
use super::{description, help, print, upload};

/// Runs what follows the profile's name.
pub fn run(
    program: &str,
    known: &Known,
    args: &[String],
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let profile = &known.profile;
    let label = profile.label().to_owned();
    let base = format!("{program} {label}");
    let first = leading(args, &[Flag::Help])?;
    if first.has(Flag::Help) {
        let description = description::whole(known, context)?;
        return print::text(&help::profile(&base, profile, &description), context.ui);
    }
    let Some(name) = first.word else {
        return Err(too_few(&base, "handlers").into());
    };
    let second = leading(first.rest, &[Flag::Help])?;
    let found = match description::find(known, name, context)? {
        Ok(found) => found,
        Err(description) => return Err(no_handler(name, profile, &description).into()),
    };
    let handler = found.handler;
    let program = format!("{base} {name}");
    let command = Handled {
        name: name.to_owned(),
        handler: &handler,
    };
    if second.has(Flag::Help) {
        return print::text(&help::handler(&program, &command), context.ui);
    }
    let Some(action_name) = second.word else {
        return Err(too_few(&program, "actions").into());
    };
    let action = command
        .action(action_name)
        .ok_or_else(|| no_action(action_name, &program, &command))?;
    let program = format!("{program} {action_name}");
    let flags = [Flag::Help, Flag::Debug, Flag::Insecure];
    let parsed = all(second.rest, &flags, handler.params.len())?;
    if parsed.has(Flag::Help) {
        return print::text(&help::action(&program, &handler, action), context.ui);
    }
    let is_import = (name, action_name) == ("sshkeys", "import");
    let (values, pairs) = sort(&parsed.words, &handler, action, is_import)?;
    let path = path(&handler, &values);
    let debug = parsed.has(Flag::Debug);
    let mut profile = profile.clone();
    // Without TLS there is nothing to verify, and nothing to warn of.
    let has_tls = profile.address.origin.scheme == Scheme::Https;
    profile.settings.insecure |= parsed.has(Flag::Insecure) && has_tls;
    if (name, action_name) == ("boot-resources", "create") {
        let session = context.session(profile, 0)?;
        let creation = upload::Creation {
            program: &base,
            path: &path,
            pairs,
            debug,
        };
        return upload::run(&session, creation, context);
    }
    let plan = plan(&path, action, pairs, &profile)?;
    confirm(&profile, &plan, context)?;
    context.mask_sent(&plan);
    let session = context.session(profile, 0)?;
    let response = session.send(&plan, &Limits::default(), &mut context.ui.hear())?;
    if response.done_before {
        context.ui.say(&format!(
            "apicall: {}: 404 to the retried call: an earlier attempt deleted it",
            session.label(&plan)
        ));
        return Ok(Exit::Success);
    }
    let head = response.head.clone();
    let exit = print::exit_of(&head);
    let redirect = print::redirect(&session.label(&plan), &response);
    let printed = print::response(response, debug, context.ui);
    if let Some(failure) = redirect {
        context.ui.error(&failure.into());
    }
    if let Some(hash) = &found.hash {
        let describer = Describer::new(&session.profile, context.env);
        // Silently: the next command has the new one, and where it cannot be had now, it will be.
        describer.heard(&head, hash, Patience::Short, &mut |plan, patience| {
            described::send(&session.profile, plan, patience, context)
        });
    }
    match printed {
        // Whoever reads has seen enough; the status is still the call's.
        Err(e) if crate::error::is_closed_pipe(&e) => Ok(exit),
        Err(e) => Err(match e.downcast::<Failure>() {
            Ok(failure) => failure.of(&session.label(&plan)).into(),
            Err(e) => e,
        }),
        Ok(()) => Ok(exit),
    }
}

fn too_few(program: &str, what: &str) -> Failure {
    Failure::usage("too few arguments").hint(format!("`{program} --help` lists the {what}"))
}

fn no_handler(name: &str, profile: &Profile, description: &Description) -> Failure {
    let has_key = profile.key.is_some();
    let failure = Failure::usage(format!(
        "{}: there is no handler `{}`",
        profile.label(),
        name.escape_debug()
    ));
    let is_signed = |h: &Handled<'_>| h.name == name;
    if !has_key && description.commands(true).iter().any(is_signed) {
        return failure.hint("the profile has no key, and this handler needs one");
    }
    let start: String = name.chars().take(3).collect();
    let mut names: Vec<String> = description
        .commands(has_key)
        .into_iter()
        .map(|handled| handled.name)
        .collect();
    if names.iter().any(|name| name.starts_with(&start)) {
        names.retain(|name| name.starts_with(&start));
    }
    failure.hint(format!(
        "there are {}; `refresh` fetches what the server has now",
        names.join(", ")
    ))
}

fn no_action(name: &str, program: &str, handled: &Handled<'_>) -> Failure {
    let names: Vec<String> = handled.actions().map(|(name, _)| name).collect();
    Failure::usage(format!(
        "{program}: there is no action `{}`",
        name.escape_debug()
    ))
    .hint(format!(
        "there are {}; `refresh` fetches what the server has now",
        names.join(", ")
    ))
}

/// Returns the values of the path, and the data.
fn sort<'a>(
    words: &[&'a str],
    handler: &Handler,
    action: &Action,
    is_import: bool,
) -> Result<(Vec<&'a str>, Vec<Pair>), Failure> {
    let (values, data) = words.split_at(words.len().min(handler.params.len()));
    let takes_data = action.takes_data();
    let pairs = data
        .iter()
        .filter(|_| takes_data)
        .map(|word| {
            if is_import && !word.is_empty() {
                return Ok(Pair::text("keysource", word));
            }
            Pair::read(word)
        })
        .collect::<Result<Vec<_>, _>>()?;
    if values.len() < handler.params.len() {
        let missing = handler.params[values.len()..].join(", ");
        return Err(Failure::usage(format!("missing arguments: {missing}")));
    }
    if let Some(extra) = data.first().filter(|_| !takes_data) {
        return Err(
            Failure::usage(format!("unrecognized argument `{}`", extra.escape_debug()))
                .hint("this action takes no data"),
        );
    }
    Ok((values.to_vec(), pairs))
}

/// Returns the path with its values encoded, but their slashes.
fn path(handler: &Handler, values: &[&str]) -> String {
    let mut path = handler.route().to_owned();
    for (name, value) in handler.params.iter().zip(values) {
        // Proxies refuse an encoded slash, and MAAS takes a raw one (observed). What would lead out
        // of its place, `..` or nothing between two slashes, the plan refuses.
        let value = encode_segment(value).replace("%2F", "/");
        path = path.replace(&format!("{{{name}}}"), &value);
    }
    path
}

/// Makes the plan: GET and DELETE carry data in the query behind the operation, POST and PUT as
/// multipart, or no body without data.
fn plan(path: &str, action: &Action, pairs: Vec<Pair>, profile: &Profile) -> anyhow::Result<Plan> {
    let in_query = matches!(action.method.as_str(), "GET" | "DELETE");
    let mut query = Vec::new();
    let mut items = Vec::new();
    for pair in pairs {
        if in_query {
            query.push(pair.in_query()?);
        } else {
            items.push(Loaded::Part(pair.part()?));
        }
    }
    let place = profile.place();
    let mut plan = Plan::new(
        Call {
            method: action.method.clone(),
            path: path.to_owned(),
            op: action.op.clone(),
            items,
            form: None,
            force_query: false,
            anonymous: false,
        },
        place,
    )?;
    plan.add_query(&query, place.service)?;
    Ok(plan)
}
