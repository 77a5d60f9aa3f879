//! `batch`: one call for each row.
//!
//! `past` is what runs before this one have left; `survey` reads all rows once and refuses what is
//! wrong before anything is sent; `make` has `flow::batch` make the calls; `print` reports the
//! results; `status` merges journals.

mod make;
mod past;
mod print;
mod status;
mod survey;

use crate::cli::{BatchArgs, BatchCommand};
use crate::error::{Exit, Failure};
use crate::flow::batch::feed::{Feed, Ids, Requests, Step};
use crate::flow::batch::record::Record;
use crate::flow::batch::rows::Input;
use crate::flow::batch::template::{Manners, Template};
use crate::flow::import::source::Said;
use crate::output::amounts::digits;
use crate::output::{Format, Shown};
use crate::profile::Profile;
use crate::session::{Session, Setup};

use super::call::body_form;
use super::gate::{check_key, dry_run};
use super::names::NAMES_BECOME_IDS;
use super::{Context, advice, formats, items};

use make::{Task, make};
use survey::Survey;

/// The columns of results in CSV and TSV.
const IN_A_FILE: [&str; 11] = [
    "row", "input", "method", "path", "status", "ms", "attempts", "body", "encoding", "error",
    "exit",
];

/// The columns of results in a table; the first three stay on a narrow terminal.
const IN_A_TABLE: [&str; 8] = [
    "row", "input", "status", "method", "path", "ms", "attempts", "error",
];

/// Makes the calls and prints what became of them.
pub fn run(args: &BatchArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    if let Some(BatchCommand::Status(status)) = &args.command {
        return status::run(status, context);
    }
    let shown = shown(args, context)?;
    let overrides = args.connect.overrides(args.profile.as_deref());
    let profile = context.select(&overrides)?;
    let mut requests = requests(args, context)?;
    let from = args.from.as_deref().filter(|from| from.as_os_str() != "-");
    check_apart(args)?;
    let said = Said {
        format: args.from_format.map(Into::into),
        separator: args.separator,
        are_rows: true,
    };
    let input = Input::open(from, said)?;
    let (before, resumed) = past::read(args, &requests)?;
    let survey = Survey::of(&input, &mut requests, args, &profile, &resumed)?;
    if survey.all == 0 {
        context
            .ui
            .say("apicall: note: there are no rows: nothing was sent");
        return Ok(Exit::Success);
    }
    for (row, plan) in survey.kinds.values() {
        let advised = advice::check(&profile, plan, &args.request, context);
        advised.map_err(|e| of_row(e, *row, &requests))?;
    }
    let what = past::what(&survey, args, &profile, context);
    if let (Some(before), Some(path)) = (&before, &args.journal) {
        before.check(&what, path)?;
    }
    if args.request.send.dry_run {
        if survey.has_names() {
            context.ui.say(NAMES_BECOME_IDS);
        }
        let feed = Feed {
            rows: input.rows()?,
            requests: &mut requests,
            shard: args.shard,
            ids: Ids::default(),
            resumed,
        };
        return list(feed, &profile, context);
    }
    if let Some(plan) = &survey.unsafe_one {
        check_key(&profile, plan, args.request.anonymous)?;
    }
    if let Some(plan) = &survey.first {
        check_key(&profile, plan, args.request.anonymous)?;
    }
    confirm(&survey, args, &profile, context)?;
    let session = open(profile, args, context)?;
    let ids = survey.look_up(&session, context.ui)?;
    let record = match (before, &args.journal) {
        (Some(before), _) => Some(Record::resume(before, session.masks())),
        (None, Some(path)) => {
            let created = Record::create(path, &what, session.masks());
            Some(created.map_err(|e| past::lost_race(e, path, args.resume))?)
        }
        (None, None) => None,
    };
    let feed = Feed {
        rows: input.rows()?,
        requests: &mut requests,
        shard: args.shard,
        ids,
        resumed,
    };
    let task = Task {
        session: &session,
        args,
        shown: &shown,
        all: survey.all,
    };
    make(&task, feed, record, context)
}

/// Names the row in an error of a ready request; a template's is that of all rows.
fn of_row(error: anyhow::Error, row: u64, requests: &Requests) -> anyhow::Error {
    match (requests, error.downcast::<Failure>()) {
        (Requests::Ready(_), Ok(failure)) => failure.of(&format!("row {row}")).into(),
        (Requests::Template(_), Ok(failure)) => failure.into(),
        (_, Err(error)) => error,
    }
}

/// How results are shown: as lines of JSON, where nothing else is asked for.
fn shown(args: &BatchArgs, context: &mut Context<'_>) -> Result<Shown, Failure> {
    let usage = |what: &str, hint: &str| Err(Failure::usage(what).hint(hint));
    if args.request.send.language.is_some() {
        return usage(
            "`--as` prints one call",
            "`--dry-run` lists all requests of a batch",
        );
    }
    if args.output.include {
        return usage(
            "`-i`: results have no headers",
            "`-v` prints those of each call on stderr",
        );
    }
    let mut shown = formats::shown(&args.output, context)?;
    if let None | Some(Format::Raw) = shown.format {
        shown.format = Some(Format::Ndjson);
    }
    // The first result decides nothing of the others: only one that failed has an error.
    if shown.filter.is_none() && shown.tabular.columns.is_none() {
        shown.tabular.known = if shown.format == Some(Format::Table) {
            &IN_A_TABLE
        } else {
            &IN_A_FILE
        };
        shown.tabular.is_uniform = true;
    }
    Ok(shown)
}

/// What makes a call of a row.
fn requests(args: &BatchArgs, context: &Context<'_>) -> anyhow::Result<Requests> {
    let flags = &args.request;
    let manners = Manners {
        form: body_form(flags),
        force_query: flags.force,
        anonymous: flags.anonymous,
    };
    let parsed = items::parse(&args.items, flags)?;
    let (Some(method), Some(path)) = (&args.method, &args.path) else {
        if !parsed.is_empty() || flags.op.is_some() {
            let what = "without METHOD and PATH each row is a request, with its own items";
            return Err(Failure::usage(what)
                .hint("`apicall batch post '/machines/{system_id}/' --op release --from FILE`")
                .into());
        }
        return Ok(Requests::Ready(manners));
    };
    let method = method.to_ascii_uppercase();
    let mut template = Template::new(&method, path, flags.op.as_deref(), manners)?;
    for item in parsed {
        if items::reads_stdin(&item) {
            return Err(Failure::usage(
                "an item reads standard input, which many calls cannot share",
            )
            .hint("save it into a file: `k=@FILE`, `--body @FILE`")
            .into());
        }
        template.add(item, |item| items::load_one(item, context.env))?;
    }
    Ok(Requests::Template(Box::new(template)))
}

/// Fails where the journal is the file of the rows.
fn check_apart(args: &BatchArgs) -> Result<(), Failure> {
    let (Some(journal), Some(from)) = (&args.journal, &args.from) else {
        return Ok(());
    };
    if super::import::is_same(journal, from) {
        let message = format!(
            "`{}` contains the rows, and would be overwritten by the journal",
            journal.display()
        );
        return Err(Failure::usage(message).hint("name another file for `--journal`"));
    }
    Ok(())
}

/// Prints the requests instead of sending them.
fn list(mut feed: Feed<'_>, profile: &Profile, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    while let Some(step) = feed.next(profile)? {
        if let Step::Send(job) = step {
            dry_run(&job.plan, profile, context)?;
        }
    }
    Ok(Exit::Success)
}

/// On a protected profile, a batch that changes something is asked for once.
fn confirm(
    survey: &Survey,
    args: &BatchArgs,
    profile: &Profile,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    if !profile.protected || survey.unsafe_one.is_none() || args.request.send.yes {
        return Ok(());
    }
    let label = profile.label();
    let calls = if survey.left == 1 { "call" } else { "calls" };
    let question = format!(
        "{label} is protected. Make {} {calls}?",
        digits(survey.left)
    );
    let reads_stdin = args
        .from
        .as_deref()
        .is_some_and(|from| from.as_os_str() == "-");
    let can_ask = if reads_stdin {
        context.ui.stderr_is_terminal() && crate::files::terminal().is_ok()
    } else {
        context.ui.can_ask()
    };
    if !can_ask {
        let message = format!(
            "the profile `{label}` is protected, and {} {calls} would be made",
            digits(survey.left)
        );
        return Err(Failure::usage(message)
            .hint("`--yes` makes calls that change something")
            .into());
    }
    for request in &survey.examples {
        context.ui.say(&format!("  {request}"));
    }
    if survey.left > survey.examples.len() as u64 {
        context.ui.say("  …");
    }
    let agrees = if reads_stdin {
        context.ui.confirm_at_terminal(&question)?
    } else {
        context.ui.confirm(&question)?
    };
    if agrees {
        return Ok(());
    }
    Err(Failure::usage("nothing was sent").into())
}

fn open(profile: Profile, args: &BatchArgs, context: &mut Context<'_>) -> anyhow::Result<Session> {
    let verbose = args.output.verbose;
    let session = if args.request.anonymous {
        let setup = Setup {
            verbose,
            ..Setup::default()
        };
        context.session_with(profile, setup)?
    } else {
        context.session(profile, verbose)?
    };
    Ok(session.for_calls_at_once(args.jobs.into())?)
}
