//! Runs `export`: writes all documents of a collection of Macrometa, and proves that these are all.
//!
//! The collection is counted before and after; a difference is an error. `flow::page` fetches,
//! `flow::export` keeps a part that can be resumed.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::cli::{ExportArgs, ExportFormat, ExportWay, OutputArgs};
use crate::client::Limits;
use crate::error::{Exit, Failure};
use crate::files::Mode;
use crate::flow::export::{Begin, PartialExport};
use crate::flow::import::source;
use crate::flow::page::{self, Ahead, Run};
use crate::output::Lines;
use crate::output::amounts::digits;
use crate::output::download::{Sink, Target};
use crate::profile::Profile;
use crate::request::Plan;
use crate::request::body::Content;
use crate::request::plan::{Call, Loaded};
use crate::request::url::encode_segment;
use crate::service::Service;
use crate::service::macrometa::export;
use crate::session::Session;

use super::gate::check_key;
use super::pages::{Printed, print_pages};
use super::response::{Exchange, judged};
use super::{Context, formats};

/// Prints or saves the documents.
pub fn run(args: &ExportArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let format = format(args);
    let output = OutputArgs {
        output: Some(format.into()),
        columns: args.columns.clone(),
        verbose: args.verbose,
        ..OutputArgs::default()
    };
    let mut shown = formats::shown(&output, context)?;
    shown.tabular.says_loss = true;
    if args.to.is_some() {
        shown.palette = None;
        shown.is_terminal = false;
        shown.tabular.width = None;
    }
    let overrides = args.connect.overrides(args.profile.as_deref());
    let profile = context.select(&overrides)?;
    shown.end_within(profile.settings.timeout);
    profile.service().require(Service::Macrometa, "export")?;
    if args.resume && !can_be_resumed(args) {
        return Err(Failure::usage(
            "only an export by offset into ndjson, not packed, can be resumed",
        )
        .hint("say `--by offset` from the first run on")
        .into());
    }
    check_key(&profile, &plan(args, &profile, 0)?, false)?;
    let session = context.session(profile, args.verbose)?;
    // Nothing is begun for a collection that is not there.
    let before = count(&session, args, context)?;
    let place = Place::open(args, &session.profile)?;
    let plan = plan(args, &session.profile, place.begins())?;
    let exchange = Exchange {
        session: &session,
        plan: &plan,
        output: &output,
        shown: &shown,
    };
    let result = make(args, &exchange, Begun { place, before }, context);
    judged(result, Exit::Success, &exchange.label())
}

/// Returns the format: as it was said, else by the name of the file.
fn format(args: &ExportArgs) -> ExportFormat {
    let end = args.to.as_deref().and_then(source::end_of);
    args.output.unwrap_or(match end.as_deref() {
        Some("csv") => ExportFormat::Csv,
        Some("tsv" | "tab") => ExportFormat::Tsv,
        Some("json") => ExportFormat::Json,
        _ => ExportFormat::Ndjson,
    })
}

fn is_packed(args: &ExportArgs) -> bool {
    args.to.as_deref().is_some_and(source::is_packed_name)
}

/// Returns whether what is there of an export that broke off is one that can be continued.
fn can_be_resumed(args: &ExportArgs) -> bool {
    args.by == ExportWay::Offset && format(args) == ExportFormat::Ndjson && !is_packed(args)
}

/// An export whose place is open.
struct Begun {
    place: Place,
    /// How many documents the collection had before, where the server said so.
    before: Option<u64>,
}

/// Where documents go.
enum Place {
    Stdout,
    /// A file that appears when it is complete.
    File(Sink, Target),
    /// A part of a file that a later run can resume.
    Part(PartialExport),
}

impl Place {
    fn open(args: &ExportArgs, profile: &Profile) -> Result<Self, Failure> {
        let Some(path) = args.to.as_deref().filter(|p| p.as_os_str() != "-") else {
            return Ok(Self::Stdout);
        };
        let target = Target::of(path, "without `--to` the export")?;
        let Target { path, permissions } = target.clone();
        if !can_be_resumed(args) {
            let sink = Sink::temporary(&path, permissions.as_ref())?;
            sink.watch()?;
            return Ok(Self::File(sink, target));
        }
        let what = json!({
            "apicall": "export",
            "url": profile.address.origin.to_string(),
            "fabric": profile.place().fabric,
            "collection": args.collection,
        });
        let way = Begin {
            resume: args.resume,
            mode: Mode::of(permissions.as_ref()),
        };
        PartialExport::open(&path, &what, &way).map(Self::Part)
    }

    /// Returns how many documents are there already.
    fn begins(&self) -> u64 {
        match self {
            Self::Part(part) => part.documents(),
            _ => 0,
        }
    }
}

fn call(
    method: &str,
    path: String,
    items: Vec<Loaded>,
    profile: &Profile,
) -> Result<Plan, Failure> {
    let call = Call {
        method: method.to_owned(),
        path,
        op: None,
        items,
        form: None,
        force_query: false,
        anonymous: false,
    };
    Plan::new(call, profile.place())
}

fn plan(args: &ExportArgs, profile: &Profile, offset: u64) -> Result<Plan, Failure> {
    if args.by == ExportWay::Cursor {
        let body = Content::Bytes(export::query(&args.collection, args.page_size));
        return call(
            "POST",
            "cursor".to_owned(),
            vec![Loaded::Body(body)],
            profile,
        );
    }
    let query = |name: &str, value: String| Loaded::Query(name.to_owned(), value);
    let items = vec![
        query("offset", offset.to_string()),
        query("limit", args.page_size.to_string()),
        query("order", "asc".to_owned()),
    ];
    let path = format!("export/{}", encode_segment(&args.collection));
    call("GET", path, items, profile)
}

/// Names the file that could not be written; without it, standard output is what is written.
fn of_file(error: anyhow::Error, args: &ExportArgs) -> anyhow::Error {
    let path = args.to.as_deref().filter(|p| p.as_os_str() != "-");
    match (path, error.downcast_ref::<std::io::Error>()) {
        (Some(path), Some(e)) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Failure::new(Exit::Other, format!("{}: {e}", path.display())).into()
        }
        _ => error,
    }
}

fn make(
    args: &ExportArgs,
    exchange: &Exchange<'_>,
    begun: Begun,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let Exchange { session, plan, .. } = *exchange;
    let Begun { mut place, before } = begun;
    let run = Run {
        session: session.clone(),
        most: None,
        deadline: session.deadline(),
    };
    let label = exchange.label();
    let limits = Limits {
        deadline: run.deadline,
        ..Limits::default()
    };
    let way = page::way(session.profile.service(), plan)
        .ok_or_else(|| Failure::new(Exit::Other, "the call has no pages"))?;
    let ahead = Ahead::of(way, session)?;
    let response = session.call(plan, &limits, &mut context.ui.hear())?;
    let mut pages = ahead.start(run, plan.clone(), response)?;
    let Printed {
        broken,
        items,
        earned,
    } = {
        let (stdout, mut voice) = context.ui.apart();
        let mut file;
        let mut packed = None;
        let out: &mut dyn Write = match &mut place {
            Place::Stdout => stdout,
            Place::Part(part) => part,
            Place::File(sink, _) => {
                file = sink.file();
                if is_packed(args) {
                    packed.insert(GzEncoder::new(file, Compression::default()))
                } else {
                    &mut file
                }
            }
        };
        let printed = {
            let mut out = Lines::new(out);
            print_pages(&mut pages, exchange, &mut out, &mut voice).map_err(|e| of_file(e, args))?
        };
        if let Some(packed) = packed {
            packed.finish().map_err(|e| of_file(e.into(), args))?;
        }
        printed
    };
    pages.close();
    let all = place.begins() + items;
    if let Some(broken) = broken {
        let mut failure = page::broken_after(all, &broken);
        if let Place::Part(_) = place {
            failure.hint = Some("`--resume` continues from here".to_owned());
        }
        return Err(failure.into());
    }
    if let Some(before) = before {
        let counts = Counts { before, all };
        compare(args, session, counts, &place, context)?;
    }
    match place {
        Place::Stdout => {}
        Place::File(sink, target) => sink.finish(&target, true)?,
        Place::Part(part) => part.finish()?,
    }
    if args.to.is_some() {
        context
            .ui
            .say(&format!("apicall: {label}: {}", documents(all)));
    }
    Ok(earned)
}

fn documents(count: u64) -> String {
    let noun = if count == 1 { "document" } else { "documents" };
    format!("{} {noun}", digits(count))
}

/// How many documents a collection had before an export, and how many came.
#[derive(Clone, Copy)]
struct Counts {
    before: u64,
    all: u64,
}

/// Refuses an export of `all` documents that is not known to be complete.
fn compare(
    args: &ExportArgs,
    session: &Session,
    counts: Counts,
    place: &Place,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    let Counts { before, all } = counts;
    // What was written meanwhile makes another number, which is no fault of one state; places in a
    // list that changes say nothing.
    let by_offset = args.by == ExportWay::Offset;
    if all == before && !by_offset {
        return Ok(());
    }
    let Some(after) = count(session, args, context)? else {
        return Ok(());
    };
    if all == after && (before == after || !by_offset) {
        return Ok(());
    }
    let label = session.label(&plan(args, &session.profile, place.begins())?);
    let message = if all == after {
        format!(
            "{label}: the collection had {} before and {} after: some may be missing",
            documents(before),
            documents(after)
        )
    } else {
        format!(
            "{label}: {} came, but the collection has {}",
            documents(all),
            documents(after)
        )
    };
    if let Place::Part(part) = place {
        part.disown();
    }
    let hint = if args.by == ExportWay::Cursor {
        "is it being written to?"
    } else {
        "is it being written to? `--by cursor` shows one state of it"
    };
    Err(Failure::new(Exit::Other, message).hint(hint).into())
}

/// Asks how many documents there are; `None`, with a warning, where the server does not count them.
fn count(
    session: &Session,
    args: &ExportArgs,
    context: &mut Context<'_>,
) -> anyhow::Result<Option<u64>> {
    let path = format!("collection/{}/count", encode_segment(&args.collection));
    let plan = call("GET", path, Vec::new(), &session.profile)?;
    let response = session.send(&plan, &Limits::default(), &mut context.ui.hear())?;
    let label = session.label(&plan);
    let unknown = "whether all documents come is not known";
    if Exit::of_status(response.head.status) != Exit::Success {
        let failed = session.explain(response, &plan);
        if !export::is_without_count(failed.head.status, &failed.body) {
            return Err(session.refused(failed, &plan).into());
        }
        let warning = format!("{label}: {}: {unknown}", failed.line());
        context.ui.warn_once(&warning);
        return Ok(None);
    }
    let count = export::count(&session.value(response, &plan)?);
    if count.is_none() {
        let warning = format!("{label}: the response has no count: {unknown}");
        context.ui.warn_once(&warning);
    }
    Ok(count)
}
