//! The response of one call, printed: its headers, its body, or why it was refused.
//!
//! Every command that prints a response as the server gave it does it here. Sending is
//! `session`'s, and what failed inside a success is `partial`'s.

use crate::cli::{ErrorBodyArg, OutputArgs};
use crate::client::Response;
use crate::error::{Exit, Failure};
use crate::output::errors::Failed;
use crate::output::tally::Tally;
use crate::output::{self, Shown};
use crate::request::Plan;
use crate::secret::{Signatures, masked_text};
use crate::service;
use crate::session::Session;

use super::partial::Partial;
use super::{Context, advice, formats};
use crate::flow::{several, uncertain};

/// One call over a session, and how its response is printed.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// What sends the call.
    pub session: &'a Session,
    /// The call.
    pub plan: &'a Plan,
    /// The output flags as they were typed.
    pub output: &'a OutputArgs,
    /// What they mean for a body.
    pub shown: &'a Shown,
}

impl Exchange<'_> {
    /// Returns the call label.
    #[must_use]
    pub fn label(&self) -> String {
        self.session.label(self.plan)
    }

    /// Returns what the output flags mean for this call's body: with the columns and secrets that
    /// its resource has.
    #[must_use]
    pub fn shown(&self) -> Shown {
        shown_of(self.session, self.plan, self.shown)
    }
}

/// Adds the columns and secrets of a call's resource to what the output flags mean.
#[must_use]
pub fn shown_of(session: &Session, plan: &Plan, shown: &Shown) -> Shown {
    let service = session.profile.service();
    let mut shown = shown.clone();
    shown.tabular.known = service::columns(service, plan.url.path(), plan.operation().as_deref());
    shown.secrets = service::secrets(service, plan.url.path());
    shown.signatures = service.prints_secrets().then(Signatures::default);
    shown
}

/// Prints a response of any status and gives the exit code that it earns.
pub fn print(
    exchange: &Exchange<'_>,
    response: Response,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let status = Exit::of_status(response.head.status);
    let service = exchange.session.profile.service();
    let partial = Partial::of(service, exchange.plan, &response);
    let earned = match status {
        _ if response.done_before => Exit::Success,
        Exit::Success if partial.is_certain() => Exit::Partial,
        earned => earned,
    };
    let result = print_parts(exchange, response, partial, context);
    judged(result, earned, &exchange.label())
}

/// Judges what printing came to: a failure of standard output is named; a reader who has seen
/// enough is none, and the exit code is still the call's.
pub fn judged(result: anyhow::Result<Exit>, earned: Exit, label: &str) -> anyhow::Result<Exit> {
    match result {
        Err(e) if crate::error::is_closed_pipe(&e) => Ok(earned),
        Err(e) if e.is::<std::io::Error>() => Err(e.context(format!("{label}: standard output"))),
        result => result,
    }
}

fn print_parts(
    exchange: &Exchange<'_>,
    response: Response,
    partial: Partial,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    print_head(exchange, &response, context)?;
    if response.done_before {
        context.ui.say(&format!(
            "apicall: {}: 404 to the retried call: an earlier attempt deleted it",
            exchange.label()
        ));
        return Ok(Exit::Success);
    }
    if Exit::of_status(response.head.status) == Exit::Success {
        return print_success(exchange, response, partial, context);
    }
    print_failure(exchange, response, context)
}

/// Prints the headers to stdout where flags or method ask for them.
pub fn print_head(
    exchange: &Exchange<'_>,
    response: &Response,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    let method = exchange.plan.method.as_str();
    let mut heading = Vec::new();
    if exchange.output.include || method == "HEAD" {
        heading = output::head::response_lines(&response.head, false);
        if method != "HEAD" {
            heading.push(String::new());
        }
    } else if method == "OPTIONS"
        && let Some(allow) = response.head.header("allow")
    {
        heading.push(format!("Allow: {allow}"));
    }
    if !heading.is_empty() {
        let mut text = heading.join("\n");
        text.push('\n');
        if exchange.session.profile.service().prints_secrets() {
            text = masked_text(text);
        }
        if context.ui.stdout_is_terminal() {
            text = output::visible::visible(&text).into_owned();
        }
        context.ui.stdout().write_all(text.as_bytes())?;
    }
    Ok(())
}

fn print_success(
    exchange: &Exchange<'_>,
    response: Response,
    mut partial: Partial,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let label = exchange.label();
    let shown = exchange.shown();
    let Exchange { session, plan, .. } = *exchange;
    let mut released = several::is_release(session, plan).then(Tally::keeping);
    let (stdout, mut stderr) = context.ui.streams();
    let echo = &mut stderr as &mut dyn std::io::Write;
    let result = output::show(
        response,
        &shown,
        stdout,
        (exchange.output.verbose > 1).then_some(echo),
        released.as_mut().or_else(|| partial.tally()),
    );
    drop(stderr);
    let report = result.map_err(|e| named(e, &label))?;
    let earned = formats::reported(&report, &label, &mut context.ui.apart().1);
    if let Some(body) = released.as_ref().and_then(Tally::kept)
        && let Some(left_out) = several::left_out(session, plan, body, &mut context.ui.hear())
    {
        return Err(left_out.failure.of(&label).into());
    }
    match partial.judge(&label)? {
        Exit::Success => Ok(earned),
        partial => Ok(partial),
    }
}

/// Names the call in a failure of ours, e.g. of a filter; other errors stay as they are.
#[must_use]
pub fn named(error: anyhow::Error, label: &str) -> anyhow::Error {
    match error.downcast::<Failure>() {
        Ok(failure) => failure.of(label).into(),
        Err(error) => error,
    }
}

/// Explains and reports a response that was no success. Whether a write whose response got lost was
/// carried out is looked up first.
pub fn print_failure(
    exchange: &Exchange<'_>,
    response: Response,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let Exchange { session, plan, .. } = *exchange;
    let is_lost = uncertain::is_status(plan, response.head.status);
    let mut failed = session.explain(response, plan);
    let partly = several::refused(session, plan, &failed.body, &mut context.ui.hear());
    if let Some(failure) = partly {
        report(exchange, failure.of(&exchange.label()), &failed, context);
        print_error_body(exchange, &failed, context)?;
        return Ok(Exit::Partial);
    }
    if !is_lost {
        advice::explain(session, &mut failed, plan, context.env);
        return report_failure(exchange, &failed, None, context);
    }
    let finding = uncertain::look(session, plan, &mut context.ui.hear());
    let failure = failure_of(exchange, &failed);
    let failure = uncertain::with_finding(failure, &finding, session, plan);
    report(exchange, failure, &failed, context);
    print_error_body(exchange, &failed, context)
}

/// Reports a response that was no success and was read; `place` shows where in what was sent.
pub fn report_failure(
    exchange: &Exchange<'_>,
    failed: &Failed,
    place: Option<&str>,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let mut failure = failure_of(exchange, failed);
    if let Some((line, _)) = fields_of(failed, exchange.output) {
        failure.cause = line;
    }
    report(exchange, failure, failed, context);
    if let Some(place) = place {
        context.ui.text(place);
    }
    print_error_body(exchange, failed, context)
}

fn failure_of(exchange: &Exchange<'_>, failed: &Failed) -> Failure {
    failed.failure().of(&exchange.label())
}

/// Returns a line for the error and one for each field, where several were refused and the body
/// goes to stderr.
fn fields_of(failed: &Failed, output: &OutputArgs) -> Option<(String, Vec<String>)> {
    failed
        .by_field()
        .filter(|_| output.error_body == ErrorBodyArg::Stderr)
}

fn report(exchange: &Exchange<'_>, failure: Failure, failed: &Failed, context: &mut Context<'_>) {
    context.ui.error(&failure.into());
    if let Some((_, fields)) = fields_of(failed, exchange.output) {
        for field in &fields {
            context.ui.say(field);
        }
    }
}

/// Prints the body of an error where `--error-body` sends it; gives the exit code of its status.
fn print_error_body(
    exchange: &Exchange<'_>,
    failed: &Failed,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    match exchange.output.error_body {
        ErrorBodyArg::None => {}
        ErrorBodyArg::Stderr => {
            if let Some(body) = failed.body_for_stderr(exchange.output.verbose) {
                context.ui.text(&body);
            }
        }
        ErrorBodyArg::Stdout => {
            let shown = exchange.shown.of_error();
            let is_json = failed.head.is_json();
            output::show_bytes(&failed.body, is_json, &shown, context.ui.body())?;
        }
    }
    Ok(Exit::of_status(failed.head.status))
}
