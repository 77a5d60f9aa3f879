//! Runs `import`: stores documents in bulk in a collection of Macrometa.
//!
//! `flow::import` reads, sends and keeps the books; this file opens files, prompts, and prints
//! events.

mod books;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use crate::cli::ImportArgs;
use crate::error::{Exit, Failure};
use crate::flow::import::batch::Reject;
use crate::flow::import::cells::Types;
use crate::flow::import::read::Reader;
use crate::flow::import::send::{Sender, UNKNOWABLE};
use crate::flow::import::source::{Said, Source};
use crate::flow::import::{Broken, Counts, Import, ImportEvent};
use crate::output::amounts::digits;
use crate::profile::Profile;
use crate::request::Plan;
use crate::request::body::Content;
use crate::request::plan::{Call, Loaded};
use crate::request::url::encode_segment;
use crate::service::Service;
use crate::service::macrometa::import::Manner;
use crate::service::macrometa::partial::Failures;
use crate::session::Notices;
use crate::ui::Progress;

use super::Context;
use super::gate::{self, check_key, confirm_sent};

pub use books::is_same;

/// The number of reasons printed where no file keeps them.
const MOST_REPORTED: usize = 5;

/// Stores the documents and reports what became of them.
pub fn run(args: &ImportArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let overrides = args.connect.overrides(args.profile.as_deref());
    let profile = context.select(&overrides)?;
    profile.service().require(Service::Macrometa, "import")?;
    if args.primary_key.as_deref() == Some("") {
        return Err(Failure::usage("`--primary-key` is empty")
            .hint("is a variable unset?")
            .into());
    }
    let file = source_file(args, context)?;
    let types = Types::parse(&args.types, args.guess_types)?.with_key(args.primary_key.as_deref());
    let plan = plan(&args.collection, &profile)?;
    check_key(&profile, &plan, false)?;
    let said = Said {
        format: args.format,
        separator: args.separator,
        are_rows: false,
    };
    let source = Source::open(file, said)?;
    let format = source.layout.format;
    let has_types = args.guess_types || !args.types.is_empty();
    if !format.is_table() && (has_types || args.separator.is_some()) {
        let what = if has_types {
            "types are"
        } else {
            "a separator is"
        };
        let message = format!("{what} for CSV, and this is {}", format.name());
        return Err(Failure::usage(message).into());
    }
    if args.journal.is_some() && source.identity.is_none() {
        return Err(Failure::usage("`--journal` needs a file that can be read again").into());
    }
    let what = books::what(args, &profile, &source);
    let reader = Reader::new(source.text, source.layout, &types)?;
    let documents = match file {
        Some(file) => format!("the documents of `{}`", file.display()),
        None => "the documents of standard input".to_owned(),
    };
    let summary = format!("{} with {documents}", gate::sentence(&plan, &profile));
    confirm_sent(&profile, &summary, args.yes, context)?;
    let session = context.session(profile, args.verbose)?;
    let sender = Arc::new(Sender {
        session: session.unwatched(),
        collection: args.collection.clone(),
        manner: Manner {
            replace: args.replace,
            primary_key: args.primary_key.clone(),
        },
        resend: args.resend,
        deadline: session.deadline(),
    });
    let send = move |batch, notices: Notices<'_>| sender.send(batch, notices);
    let mut import = Import::new(Arc::new(send), args.jobs.into());
    books::keep(args, &what, session.masks(), &mut import)?;
    let progress = context.ui.progress(context.env);
    progress.begin(0, source.total);
    let mut printer = Printer {
        read: 0,
        at: source.read,
        progress: &progress,
        most: if args.rejects.is_some() {
            0
        } else {
            MOST_REPORTED
        },
        context,
    };
    let result = import.run(reader, args.batch_size, &mut |event| printer.take(event));
    progress.end();
    let label = session.label(&plan);
    match result {
        Ok(counts) => finish(args, &label, &counts, context),
        Err(broken) => Ok(report_broken(args, broken, context)),
    }
}

/// Returns the file that is read; `None` is standard input.
fn source_file<'a>(
    args: &'a ImportArgs,
    context: &Context<'_>,
) -> Result<Option<&'a Path>, Failure> {
    let file = args.file.as_deref().filter(|file| *file != Path::new("-"));
    if args.file.is_none() && context.ui.can_ask() {
        return Err(Failure::usage("no FILE to import")
            .hint("name one, or `-` to type documents, one on each line"));
    }
    if file.is_none() && args.journal.is_some() {
        return Err(
            Failure::usage("`--journal` needs a file that can be read again")
                .hint("standard input is read once; save it into a file first"),
        );
    }
    books::check_apart(file, args)?;
    Ok(file)
}

fn plan(collection: &str, profile: &Profile) -> Result<Plan, Failure> {
    if collection.is_empty() {
        return Err(Failure::usage("the collection's name is empty").hint("is a variable unset?"));
    }
    let call = Call {
        method: "POST".to_owned(),
        path: format!("import/{}", encode_segment(collection)),
        op: None,
        items: vec![Loaded::Body(Content::Bytes(Vec::new()))],
        form: None,
        force_query: false,
        anonymous: false,
    };
    Plan::new(call, profile.place())
}

/// Prints events as they come.
struct Printer<'a, 'c> {
    read: u64,
    at: std::sync::Arc<std::sync::atomic::AtomicU64>,
    progress: &'a Progress,
    /// How many more reasons are printed.
    most: usize,
    context: &'a mut Context<'c>,
}

impl Printer<'_, '_> {
    fn take(&mut self, event: ImportEvent<'_>) {
        match event {
            ImportEvent::Notice(notice) => self.context.ui.notice(&notice),
            ImportEvent::Rejected(rejects) => {
                for reject in rejects.iter().take(self.most) {
                    self.context.ui.say(&format!("apicall: {}", reason(reject)));
                }
                self.most = self.most.saturating_sub(rejects.len());
            }
            ImportEvent::Left(left) => {
                self.context.ui.say(&format!("apicall: {}", left.reason));
            }
            ImportEvent::Counted(counts) => {
                self.progress.note(&sentence(counts));
                let at = self.at.load(Ordering::Relaxed);
                self.progress
                    .advance(usize::try_from(at - self.read).unwrap_or(usize::MAX));
                self.read = at;
            }
        }
    }
}

/// Formats a reject for stderr: `line 7: 1210 …`.
fn reason(reject: &Reject) -> String {
    let line = reject
        .line
        .map(|n| format!("line {n}: "))
        .unwrap_or_default();
    let number = reject.number.map(|n| format!("{n} ")).unwrap_or_default();
    let request = reject.request.as_ref();
    let request = request.map(|id| format!(" (request {id})"));
    format!(
        "{line}{number}{}{}",
        reject.reason,
        request.unwrap_or_default()
    )
}

/// Formats the counts: `1,000 documents: 900 created, 90 replaced, 10 failed`.
fn sentence(counts: &Counts) -> String {
    let all = counts.stored() + counts.failed() + counts.uncertain;
    let noun = if all == 1 { "document" } else { "documents" };
    let created = if counts.is_unsure {
        "created or replaced"
    } else {
        "created"
    };
    let replaced = match counts.replaced {
        0 => String::new(),
        replaced => format!(", {} replaced", digits(replaced)),
    };
    let uncertain = match counts.uncertain {
        0 => String::new(),
        uncertain => format!(", {} uncertain", digits(uncertain)),
    };
    format!(
        "{} {noun}: {} {created}{replaced}, {} failed{uncertain}",
        digits(all),
        digits(counts.created),
        digits(counts.failed())
    )
}

fn finish(
    args: &ImportArgs,
    label: &str,
    counts: &Counts,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    context
        .ui
        .say(&format!("apicall: {label}: {}", sentence(counts)));
    let mut summary = json!({
        "collection": args.collection,
        "created": counts.created,
        "errors": counts.failed(),
    });
    if args.replace && !counts.is_unsure {
        summary["replaced"] = json!(counts.replaced);
    }
    if counts.failed() > 0 {
        let mut codes: serde_json::Map<String, Value> = (counts.by_number.iter())
            .map(|(number, count)| (number.to_string(), json!(count)))
            .collect();
        let others = counts.unread + counts.others;
        if others > 0 {
            codes.insert("other".to_owned(), json!(others));
        }
        summary["by_error"] = codes.into();
    }
    if counts.uncertain > 0 {
        summary["uncertain"] = json!(counts.uncertain);
    }
    let text = format!("{summary:#}\n");
    match context.ui.stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            return Err(anyhow::Error::from(e).context("standard output"));
        }
        _ => {}
    }
    match incomplete(args, counts) {
        None => Ok(Exit::Success),
        Some(failure) => Err(failure.of(label).into()),
    }
}

/// Returns the failure of a run that did not store all, or may not have.
fn incomplete(args: &ImportArgs, counts: &Counts) -> Option<Failure> {
    let all = counts.stored() + counts.failed() + counts.uncertain;
    let left = format!("{} of {all} may be stored or not", counts.uncertain);
    if counts.failed() == 0 {
        let failure = Failure::new(Exit::Partial, left).hint(UNKNOWABLE);
        return (counts.uncertain > 0).then_some(failure);
    }
    let mut failures = Failures::from_counts(&counts.by_number);
    failures.add_other("not a document", counts.unread);
    failures.add_other("for another reason", counts.others);
    let failure = Failure::new(Exit::Partial, failures.sentence(Some(all)));
    Some(if counts.uncertain > 0 {
        failure.also(left).hint(UNKNOWABLE)
    } else {
        failure.hint(match &args.rejects {
            Some(path) => format!("`{}` has each of them with the reason", path.display()),
            None => "`--rejects FILE` keeps each of them with the reason".to_owned(),
        })
    })
}

fn report_broken(args: &ImportArgs, broken: Broken, context: &mut Context<'_>) -> Exit {
    let stop = *broken.stop;
    let mut failure = stop.failure;
    let exit = failure.exit;
    failure = failure.also(format!("so far {}", sentence(&broken.counts)));
    if failure.hint.is_none() {
        failure.hint = Some(if args.journal.is_some() {
            "`--resume` continues from here".to_owned()
        } else {
            "with `--journal FILE` a run can be resumed".to_owned()
        });
    }
    context.ui.error(&failure.into());
    if let Some(body) = stop.response.and_then(|a| a.body_for_stderr(args.verbose)) {
        context.ui.text(&body);
    }
    exit
}
