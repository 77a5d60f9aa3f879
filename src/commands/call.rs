//! `get post put patch delete head options call`: one signed call.

use std::time::Instant;

use crate::cli::{CallArgs, ErrorBodyArg, OutputArgs, RequestArgs};
use crate::client::{Limits, Response};
use crate::error::{Exit, Failure};
use crate::output::errors::Failed;
use crate::output::tally::Tally;
use crate::output::{self, Format, Shown, request};
use crate::profile::{Overrides, Profile};
use crate::request::Plan;
use crate::request::plan::{BodyForm, Call};
use crate::secret::Signatures;
use crate::service::maas::describe::Index;
use crate::service::maas::states::Goal;
use crate::service::macrometa;
use crate::service::macrometa::partial::{Failures, is_import};
use crate::service::uncertain::Outcome;
use crate::service::{self, Service};
use crate::session::{Notice, Session, Setup};

use super::download::{self, Download};
use super::{Context, advice, formats, items, names, pages, snippet, uncertain, wait};

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
    let call = Call {
        method: method.to_owned(),
        path: args.path.clone(),
        op: flags.op.clone(),
        items: items::load(&args.items, flags, context.env)?,
        form: body_form(flags),
        force_query: flags.force,
        anonymous: flags.anonymous,
    };
    for note in items::notes(&args.items) {
        context.ui.say(&format!("apicall: note: {note}"));
    }
    // Everything that can be wrong is found before the server is asked for a name's id.
    names::check(&call.path, profile.service())?;
    names::check_items(&call, profile.service())?;
    let has_names = names::has_any(&call.path, profile.service()) || names::in_items(&call.items);
    let named = has_names.then(|| call.clone());
    let mut plan = Plan::new(call, profile.place())?;
    let goal = flags
        .wait
        .then(|| wait::goal(&plan, &profile))
        .transpose()?;
    let mut download = match flags.language {
        // It would look for the part of the file, and ask for the rest only.
        Some(_) => None,
        None => Download::prepare(args, &mut plan, context)?,
    };
    let mut way = pages::way(profile.service(), &mut plan, args)?;
    if goal.is_some() && (download.is_some() || args.output.include) {
        return Err(Failure::usage(
            "`--wait` prints the machine at the end, without a head or a file",
        )
        .into());
    }
    let known = advice::check(&profile, &plan, flags, context)?;
    if flags.dry_run {
        if named.is_some() {
            context
                .ui
                .say("apicall: note: a name becomes an id when the call is sent");
        }
        return dry_run(&plan, &profile, context);
    }
    check_key(&profile, &plan, flags.anonymous)?;
    if let Some(language) = flags.language {
        if named.is_some() {
            return Err(snippet::named(&args.path).into());
        }
        let is_saved = args.download.is_wanted();
        if goal.is_some() || is_saved || way.is_some() || has_format(&args.output) {
            let what = "`-o`, `--jq` and the like, `--paginate`, `--download` and `--wait`: it prints \
                        one response as it comes";
            snippet::note(what, context.ui);
        }
        return snippet::print(language, &plan, &profile, context);
    }
    confirm(&profile, &plan, flags.yes, context)?;
    let session = open(profile, args, context)?;
    if let Some(mut call) = named {
        names::resolve_items(&session, &mut call, context.ui)?;
        call.path = names::resolve(&session, &call.path, context.ui)?;
        plan = Plan::new(call, session.profile.place())?;
        // The part is locked by the first, which knows another address.
        drop(download);
        download = Download::prepare(args, &mut plan, context)?;
        way = pages::way(session.profile.service(), &mut plan, args)?;
    }
    if let Some((_, goal)) = goal {
        return make_and_wait(&session, &plan, goal, args, &shown, context);
    }
    match (download, way) {
        (Some(download), _) => download::make(&session, plan, download, &args.output, context),
        (None, Some(way)) => pages::make(&session, way, &plan, &args.output, &shown, context),
        (None, None) => make(&session, &plan, known, (&args.output, &shown), context),
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
    session: &Session,
    plan: &Plan,
    known: Option<Index>,
    (output, shown): (&OutputArgs, &Shown),
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let response = send(session, plan, context)?;
    let times = response.times;
    let head = known.is_some().then(|| response.head.clone());
    let result = print(session, plan, response, output, shown, context);
    if output.verbose > 0 {
        context.ui.notice(&Notice::timing(times, started));
    }
    if let (Some(index), Some(head)) = (known, head) {
        let _ = advice::refreshed(session, &head, &index, context.env);
    }
    result
}

/// Makes a call, waits until its operation has done its work, and prints what came of it.
fn make_and_wait(
    session: &Session,
    plan: &Plan,
    goal: Goal,
    args: &CallArgs,
    shown: &Shown,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let Some(id) = wait::machine(plan) else {
        return Err(Failure::usage("`--wait`: the path is not that of a machine").into());
    };
    let sent = session.send(plan, &Limits::default(), &mut context.ui.hear());
    match sent {
        Ok(response) if Exit::of_status(response.head.status) == Exit::Success => {
            response.discard();
        }
        Ok(response) if !uncertain::is_status(plan, response.head.status) => {
            return print_failure(session, plan, response, (&args.output, shown), context);
        }
        lost => {
            let failure = match lost {
                Ok(response) => session.refused(session.explain(response, plan), plan),
                Err(error) if !uncertain::is_failure(plan, &error) => return Err(error.into()),
                Err(error) => error,
            };
            let finding = uncertain::look(session, plan, context.ui);
            let failure = uncertain::told(failure.into(), &finding, session, plan);
            if finding.outcome != Outcome::Applied {
                return Err(failure.into());
            }
            context.ui.error(&failure.into());
        }
    }
    wait::after(session, (id, goal), args, started, shown, context)
}

/// Sends a plan. A write whose response got lost is looked after.
fn send(session: &Session, plan: &Plan, context: &mut Context<'_>) -> anyhow::Result<Response> {
    let sent = session.send(plan, &Limits::default(), &mut context.ui.hear());
    match sent {
        Ok(response) => Ok(response),
        Err(error) => {
            let is_lost = uncertain::is_failure(plan, &error);
            let mut failure = Failure::from(error);
            if is_lost {
                let finding = uncertain::look(session, plan, context.ui);
                failure = uncertain::told(failure, &finding, session, plan);
            }
            Err(failure.into())
        }
    }
}

/// Prints a response.
pub fn print(
    session: &Session,
    plan: &Plan,
    response: Response,
    output: &OutputArgs,
    shown: &Shown,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let earned = match Exit::of_status(response.head.status) {
        _ if response.done_before => Exit::Success,
        Exit::Success if failures_in(session, &response).is_some() => Exit::Partial,
        earned => earned,
    };
    let result = print_parts(session, plan, response, earned, (output, shown), context);
    judged(result, earned, &session.label(plan))
}

/// What printing came to: a failure of standard output is named; that its reader has seen enough is
/// none, and the status is still the call's.
pub fn judged(result: anyhow::Result<Exit>, earned: Exit, told: &str) -> anyhow::Result<Exit> {
    match result {
        Err(e) if crate::error::is_closed_pipe(&e) => Ok(earned),
        Err(e) if e.is::<std::io::Error>() => Err(e.context(format!("{told}: standard output"))),
        result => result,
    }
}

fn print_parts(
    session: &Session,
    plan: &Plan,
    response: Response,
    earned: Exit,
    (output, shown): (&OutputArgs, &Shown),
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    print_head(plan, &response, output, context)?;
    if response.done_before {
        context.ui.say(&format!(
            "apicall: {}: 404 to the repeated call: an earlier attempt has deleted it",
            session.label(plan)
        ));
        return Ok(Exit::Success);
    }
    if matches!(earned, Exit::Success | Exit::Partial) {
        return print_success(session, plan, response, output.verbose, shown, context);
    }
    print_failure(session, plan, response, (output, shown), context)
}

/// Prints the head to stdout, where it was asked for.
pub fn print_head(
    plan: &Plan,
    response: &Response,
    output: &OutputArgs,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    let mut heading = Vec::new();
    if output.include || plan.method == "HEAD" {
        heading = output::head::response_lines(&response.head, false);
        if plan.method != "HEAD" {
            heading.push(String::new());
        }
    } else if plan.method == "OPTIONS"
        && let Some(allow) = response.head.header("allow")
    {
        heading.push(format!("Allow: {allow}"));
    }
    if !heading.is_empty() {
        let mut text = heading.join("\n");
        text.push('\n');
        if context.ui.stdout_is_terminal() {
            text = output::visible::visible(&text).into_owned();
        }
        context.ui.stdout().write_all(text.as_bytes())?;
    }
    Ok(())
}

fn print_success(
    session: &Session,
    plan: &Plan,
    response: Response,
    verbose: u8,
    shown: &Shown,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let told = session.label(plan);
    let mut parts = Parts::of(session, plan, &response);
    let shown = shown_of(session.profile.service(), plan, shown);
    let (stdout, mut stderr) = context.ui.streams();
    let result = output::show(
        response,
        &shown,
        stdout,
        (verbose > 1).then_some(&mut stderr as &mut dyn std::io::Write),
        parts.tally.as_mut(),
    );
    drop(stderr);
    let notes = result.map_err(|e| match e.downcast::<Failure>() {
        Ok(failure) => failure.of(&told).into(),
        Err(e) => e,
    })?;
    for note in notes {
        context.ui.warn(&format!("{told}: {note}"));
    }
    parts.judge(&told)
}

/// What failed inside a success: by the head, and by the body as it passes.
pub struct Parts {
    failures: Option<Failures>,
    tally: Option<Tally>,
    /// What the service's support asks for.
    request: Option<String>,
}

impl Parts {
    /// Looks at the head; a tally is kept only where the body may count failures.
    pub fn of(session: &Session, plan: &Plan, response: &Response) -> Self {
        let failures = failures_in(session, response);
        let import = session.profile.service() == Service::Macrometa
            && is_import(&plan.method, &plan.url.target);
        Self {
            tally: (failures.is_some() || import).then(Tally::default),
            failures,
            request: response
                .head
                .header(macrometa::REQUEST_HEADER)
                .map(str::to_owned),
        }
    }

    /// Looks at the next piece of the body.
    pub fn feed(&mut self, piece: &[u8]) {
        if let Some(tally) = &mut self.tally {
            tally.feed(piece);
        }
    }

    /// The exit code that the whole response earns.
    pub fn judge(self, told: &str) -> anyhow::Result<Exit> {
        let import = self.tally.as_ref().and_then(Tally::import);
        let sentence = match (self.failures, import) {
            (Some(mut failures), import) => {
                let mut of = self.tally.as_ref().and_then(Tally::items);
                if let Some(import) = import {
                    // The header does not count what the server did not even try.
                    failures.add_other("unprocessed", import.unprocessed);
                    of = import.all;
                }
                Some(failures.sentence(of.filter(|n| *n >= failures.count())))
            }
            (None, Some(import)) if import.failed() > 0 => {
                let of = import.all.map(|n| format!(" of {n}")).unwrap_or_default();
                let reason = match (import.errors, import.unprocessed) {
                    (_, 0) => String::new(),
                    (0, n) => format!(": unprocessed ({n})"),
                    (errors, n) => format!(": refused ({errors}), unprocessed ({n})"),
                };
                Some(format!("{}{of} failed{reason}", import.failed()))
            }
            _ => None,
        };
        match sentence {
            None => Ok(Exit::Success),
            Some(sentence) => {
                let request = self.request.map(|id| format!(" (request {id})"));
                let message = format!("{told}: {sentence}{}", request.unwrap_or_default());
                Err(Failure::new(Exit::Partial, message)
                    .hint("the response tells each of them")
                    .into())
            }
        }
    }
}

/// What failed inside a success, as far as the head counts it.
fn failures_in(session: &Session, response: &Response) -> Option<Failures> {
    match session.profile.service() {
        Service::Macrometa => response
            .head
            .header("x-c8-error-codes")
            .and_then(Failures::from_header),
        Service::Maas => None,
    }
}

/// Tells a response that was no success.
pub fn print_failure(
    session: &Session,
    plan: &Plan,
    response: Response,
    (output, shown): (&OutputArgs, &Shown),
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let is_json = response.head.is_json();
    let is_lost = uncertain::is_status(plan, response.head.status);
    let mut failed = session.explain(response, plan);
    if !is_lost {
        advice::explain(session, &mut failed, plan, context.env);
    }
    if is_lost {
        let mut failure = failure_of(session, plan, &failed);
        let finding = uncertain::look(session, plan, context.ui);
        failure = uncertain::told(failure, &finding, session, plan);
        return tell(failure, (&failed, is_json), None, (output, shown), context);
    }
    tell_failure(
        (session, plan),
        (&failed, is_json),
        None,
        (output, shown),
        context,
    )
}

/// Tells a response that was no success and was read; `place` is where in what was sent.
pub fn tell_failure(
    (session, plan): (&Session, &Plan),
    (failed, is_json): (&Failed, bool),
    place: Option<&str>,
    (output, shown): (&OutputArgs, &Shown),
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let mut failure = failure_of(session, plan, failed);
    if let Some((line, _)) = fields_of(failed, output) {
        failure.cause = line;
    }
    tell(failure, (failed, is_json), place, (output, shown), context)
}

fn failure_of(session: &Session, plan: &Plan, failed: &Failed) -> Failure {
    Failure {
        hint: failed.explanation.hint.clone(),
        ..Failure::new(Exit::of_status(failed.head.status), failed.line())
    }
    .of(&session.label(plan))
}

/// A line for the error and one for each field, where several were refused and the body goes to
/// stderr.
fn fields_of(failed: &Failed, output: &OutputArgs) -> Option<(String, Vec<String>)> {
    failed
        .by_field()
        .filter(|_| output.error_body == ErrorBodyArg::Stderr)
}

fn tell(
    failure: Failure,
    (failed, is_json): (&Failed, bool),
    place: Option<&str>,
    (output, shown): (&OutputArgs, &Shown),
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let earned = failure.exit;
    context.ui.error(&failure.into());
    if let Some((_, fields)) = fields_of(failed, output) {
        for field in &fields {
            context.ui.say(field);
        }
    }
    if let Some(place) = place {
        context.ui.text(place);
    }
    match output.error_body {
        ErrorBodyArg::None => {}
        ErrorBodyArg::Stderr => {
            if let Some(body) = failed.body_for_stderr(output.verbose) {
                context.ui.text(&body);
            }
        }
        ErrorBodyArg::Stdout => {
            let shown = shown.of_error();
            output::show_bytes(&failed.body, is_json, &shown, context.ui.stdout())?;
        }
    }
    Ok(earned)
}

/// How the response to this call is shown: with the columns and secrets that its resource has.
#[must_use]
pub fn shown_of(service: Service, plan: &Plan, shown: &Shown) -> Shown {
    let mut shown = shown.clone();
    let op = plan.url.parameters().find(|(name, _)| name == "op");
    let op = op.as_ref().map(|(_, op)| op.as_str());
    shown.tabular.known = service::columns(service, plan.url.path(), op);
    shown.secrets = service::secrets(service, plan.url.path());
    shown.signatures = service.prints_secrets().then(Signatures::default);
    shown
}

/// Tells whether the response is to be printed in a format of its own.
fn has_format(output: &OutputArgs) -> bool {
    let is_raw = matches!(output.output, None | Some(Format::Raw));
    !is_raw || output.jq.is_some() || output.each || output.raw_output || output.asks_for_rows()
}

fn body_form(flags: &RequestArgs) -> Option<BodyForm> {
    match (flags.json, flags.form, flags.multipart) {
        (true, ..) => Some(BodyForm::Json),
        (_, true, _) => Some(BodyForm::Form),
        (.., true) => Some(BodyForm::Multipart),
        _ => None,
    }
}

/// A profile without a key reads a MAAS anonymously; everything else has to be said aloud,
/// because MAAS enlists a machine when it gets an unsigned `POST /machines/`.
pub fn check_key(profile: &Profile, plan: &Plan, anonymous: bool) -> Result<(), Failure> {
    // APICALL_URL alone has said that it is anonymous.
    let is_environment = profile.name.is_none();
    let reads = plan.is_safe() && (profile.service().answers_without_key() || is_environment);
    if profile.key.is_some() || anonymous || reads {
        return Ok(());
    }
    Err(
        Failure::config(format!("{}: the profile has no key", profile.label())).hint(format!(
            "{}; `--anonymous` sends the call unsigned",
            key_cure(profile)
        )),
    )
}

/// What gives a profile a key.
#[must_use]
pub fn key_cure(profile: &Profile) -> String {
    match &profile.name {
        None => "set APICALL_KEY".to_owned(),
        Some(name) => format!(
            "`apicall login {} --replace -p {name}` stores one",
            profile.address
        ),
    }
}

/// On a protected profile, what changes something is asked for.
pub fn confirm(
    profile: &Profile,
    plan: &Plan,
    yes: bool,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    if !profile.protected || plan.is_safe() || yes {
        return Ok(());
    }
    let question = format!("{} is protected. {}?", profile.label(), plan.summary());
    if context.ui.can_ask() {
        if context.ui.confirm(&question)? {
            return Ok(());
        }
        return Err(Failure::usage("not sent").into());
    }
    Err(
        Failure::usage(format!("the profile `{}` is protected", profile.label()))
            .hint("`--yes` sends a call that changes something")
            .into(),
    )
}

/// Prints the request instead of sending it.
pub fn dry_run(plan: &Plan, profile: &Profile, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    context.mask_typed(profile);
    let shown = request::shown(plan, profile);
    let mut text = shown.head.join("\n");
    text.push_str("\n\n");
    if let Some(body) = shown.body.filter(|b| !b.is_empty()) {
        text.push_str(&body);
        if !body.ends_with('\n') {
            text.push('\n');
        }
    }
    context.ui.report(&text)?;
    Ok(Exit::Success)
}
