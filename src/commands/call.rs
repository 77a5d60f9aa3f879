//! `get post put patch delete head options call`: one signed call.
//!
//! A call is checked (`gate`), sent, and printed (`response`), saved (`download`) or followed to
//! the end of its list (`pages`) or of its operation (`wait::after`).

use std::time::Instant;

use crate::cli::{CallArgs, OutputArgs, PagingArgs, RequestArgs};
use crate::client::{Limits, Response};
use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::output::{Format, Shown};
use crate::profile::{Overrides, Profile};
use crate::request::Plan;
use crate::request::plan::{BodyForm, Call};
use crate::service::maas::describe::Index;
use crate::service::page::Way;
use crate::session::{Notice, Session, Setup};

use super::download::{self, Download};
use super::response::{self, Exchange};
use super::wait::after::Awaited;
use super::{Context, advice, formats, gate, items, names, pages, snippet};
use crate::flow::uncertain;

/// Makes the call and prints its response.
pub fn run(method: &str, args: &CallArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let shown = Shown {
        most: args.paging.max_items,
        ..formats::shown(&args.output, context)?
    };
    let overrides = Overrides {
        path: Some(args.path.clone()),
        ..args.connect.overrides(args.profile.as_deref())
    };
    let profile = context.select(&overrides)?;
    shown.end_within(profile.settings.timeout);
    let flags = &args.request;
    let mut call = typed(method, args, context.env)?;
    for note in items::notes(&args.items) {
        context.ui.say(&format!("apicall: note: {note}"));
    }
    // Everything that can be wrong is found before the server is asked for a name's id.
    names::check(&call.path, profile.service())?;
    names::check_items(&call, profile.service())?;
    let has_names = names::has_any(&call.path, profile.service()) || names::in_items(&call.items);
    let mut plan = Plan::new(call.clone(), profile.place())?;
    let ends = Ends::of(args, &plan, &profile, context)?;
    let known = advice::check(&profile, &plan, flags, context)?;
    if flags.send.dry_run {
        if has_names {
            context.ui.say(names::NAMES_BECOME_IDS);
        }
        ends.begin(&mut plan, &profile)?;
        return gate::dry_run(&plan, &profile, context);
    }
    gate::check_key(&profile, &plan, flags.anonymous)?;
    if let Some(language) = flags.send.language {
        if has_names {
            return Err(snippet::named(&args.path).into());
        }
        let is_one = ends.awaited.is_none() && !args.download.is_wanted();
        let begun = ends.begin(&mut plan, &profile)?;
        if !is_one || !matches!(begun, Begun::Once) || has_format(&args.output) {
            let what = "`-o`, `--jq` and the like, `--paginate`, `--download` and `--wait`: it prints \
                        one response as it comes";
            snippet::note(what, context.ui);
        }
        return snippet::print(language, &plan, &profile, context);
    }
    gate::confirm(&profile, &plan, flags.send.yes, context)?;
    context.mask_sent(&plan);
    let session = open(profile, args, context)?;
    if has_names {
        names::resolve_items(&session, &mut call, context.ui)?;
        let resolved = names::resolve(&session, method, &call.path, context.ui)?;
        call.path = resolved.path;
        plan = Plan::new(call, session.profile.place())?;
        plan.named = resolved.named;
    }
    let begun = ends.begin(&mut plan, &session.profile)?;
    let exchange = Exchange {
        session: &session,
        plan: &plan,
        output: &args.output,
        shown: &shown,
    };
    match begun {
        Begun::Once => make(&exchange, known, context),
        Begun::Awaited(awaited) => awaited.make(&exchange, context),
        Begun::Saved(download) => download::make(&exchange, download, context),
        Begun::Paged(way) => pages::make(&exchange, way, context),
    }
}

/// Returns the plan of a call that was typed, before names become ids.
pub(super) fn plan(
    method: &str,
    args: &CallArgs,
    profile: &Profile,
    env: &Env,
) -> anyhow::Result<Plan> {
    Ok(Plan::new(typed(method, args, env)?, profile.place())?)
}

/// Returns the call that was typed, with its files read.
fn typed(method: &str, args: &CallArgs, env: &Env) -> anyhow::Result<Call> {
    let flags = &args.request;
    Ok(Call {
        method: method.to_owned(),
        path: args.path.clone(),
        op: flags.op.clone(),
        items: items::load(&args.items, flags, env)?,
        form: body_form(flags),
        force_query: flags.force,
        anonymous: flags.anonymous,
    })
}

/// What flags make of a call besides one printed response, checked and not yet begun.
struct Ends<'a> {
    awaited: Option<Awaited>,
    download: Option<Download>,
    paging: &'a PagingArgs,
}

/// What a call that is about to be sent ends in.
enum Begun {
    /// One response is printed.
    Once,
    /// Its operation is waited for.
    Awaited(Awaited),
    /// The body goes into a file.
    Saved(download::Begun),
    /// All pages are printed.
    Paged(Way),
}

impl<'a> Ends<'a> {
    /// Refuses flags that do not fit the call or each other.
    fn of(
        args: &'a CallArgs,
        plan: &Plan,
        profile: &Profile,
        context: &Context<'_>,
    ) -> Result<Self, Failure> {
        let flags = &args.request;
        let awaited = flags.wait.then(|| Awaited::of(args, plan, profile));
        let awaited = awaited.transpose()?;
        let download = match flags.send.language {
            // It would look for the part of the file, and ask for the rest only.
            Some(_) => None,
            None => Download::of(args, plan, context)?,
        };
        let counts = args.paging.max_items.is_some() && !args.paging.paginate;
        if counts && args.output.output == Some(Format::Raw) {
            return Err(Failure::usage(
                "`-o raw` prints a response as it is, and `--max-items` counts its elements",
            ));
        }
        if args.paging.paginate {
            pages::check(&args.output)?;
        }
        if awaited.is_some() && (download.is_some() || args.output.include) {
            return Err(Failure::usage(
                "`--wait` prints the machine at the end, without headers or a file",
            ));
        }
        Ok(Self {
            awaited,
            download,
            paging: &args.paging,
        })
    }

    /// Makes the plan ask for what is wanted: the rest of a file, a page of the right size. The
    /// plan must have its final address.
    fn begin(self, plan: &mut Plan, profile: &Profile) -> Result<Begun, Failure> {
        let download = self.download.map(|download| download.begin(plan));
        let download = download.transpose()?;
        let way = pages::way(self.paging, plan, profile.service());
        Ok(match (self.awaited, download, way) {
            (Some(awaited), _, _) => Begun::Awaited(awaited),
            (None, Some(download), _) => Begun::Saved(download),
            (None, None, Some(way)) => Begun::Paged(way),
            (None, None, None) => Begun::Once,
        })
    }
}

fn open(profile: Profile, args: &CallArgs, context: &mut Context<'_>) -> anyhow::Result<Session> {
    let verbose = args.output.verbose;
    if !args.request.anonymous {
        return context.session(profile, verbose);
    }
    let setup = Setup {
        verbose,
        ..Setup::default()
    };
    Ok(context.session_with(profile, setup)?)
}

/// Sends a plan and prints its response. `known` is what was read of the description.
pub fn make(
    exchange: &Exchange<'_>,
    known: Option<Index>,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let response = send(exchange, context)?;
    let times = response.times;
    let head = known.is_some().then(|| response.head.clone());
    let result = response::print(exchange, response, context);
    if exchange.output.verbose > 0 {
        context.ui.notice(&Notice::timing(times, started));
    }
    if let (Some(index), Some(head)) = (known, head) {
        let _ = advice::refreshed(exchange.session, &head, &index, context.env);
    }
    result
}

/// Sends a plan. Whether a write whose response got lost was carried out is looked up.
fn send(exchange: &Exchange<'_>, context: &mut Context<'_>) -> anyhow::Result<Response> {
    let Exchange { session, plan, .. } = *exchange;
    let sent = session.send(plan, &Limits::default(), &mut context.ui.hear());
    sent.map_err(|error| {
        let is_lost = uncertain::is_failure(plan, &error);
        let mut failure = Failure::from(error);
        if is_lost {
            let finding = uncertain::look(session, plan, &mut context.ui.hear());
            failure = uncertain::with_finding(failure, &finding, session, plan);
        }
        failure.into()
    })
}

/// Returns whether the response is to be printed in a format of its own.
fn has_format(output: &OutputArgs) -> bool {
    let is_raw = matches!(output.output, None | Some(Format::Raw));
    !is_raw || output.has_filter() || output.each || output.raw_output || output.asks_for_rows()
}

pub(super) fn body_form(flags: &RequestArgs) -> Option<BodyForm> {
    match (flags.json, flags.form, flags.multipart) {
        (true, ..) => Some(BodyForm::Json),
        (_, true, _) => Some(BodyForm::Form),
        (.., true) => Some(BodyForm::Multipart),
        _ => None,
    }
}
