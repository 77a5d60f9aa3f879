//! `--download`, `-O`, `-c`: a call whose body goes into a file.
//!
//! The file is looked at before anything is sent; what the response to a continued download means is
//! `output::download`'s to judge, asking again is done here.

use std::path::Path;
use std::time::Instant;

use base64::Engine as _;

use crate::cli::{CallArgs, OutputArgs};
use crate::client::{Limits, Response};
use crate::error::{Exit, Failure};
use crate::files::Mode;
use crate::output::decode::decode;
use crate::output::download::{self, Broken, Found, Kept, Next, Part, Record, Sink, Target};
use crate::output::read_failure;
use crate::request::Plan;
use crate::session::{Notice, Session};
use crate::signals;
use crate::ui::bytes;

use super::{Context, call, formats};

/// Where the body of a call goes, and what is there of it already.
#[derive(Debug)]
pub struct Download {
    /// `None` until the response gives the name.
    target: Option<Target>,
    /// The file is new, whatever is there.
    is_new: bool,
    /// An earlier part is to be continued.
    continues: bool,
    /// A hash of the address.
    address: String,
    resumed: Option<(Part, Record)>,
    /// The user asked for a range; then a 206 is the whole of it.
    is_range: bool,
    /// What is told once the response is there: why an earlier part is not used.
    anew: Option<String>,
}

impl Download {
    /// Looks at the flags and at what lies on disk, and makes the plan ask for what is missing.
    /// `None` where the body goes to stdout.
    pub fn prepare(
        args: &CallArgs,
        plan: &mut Plan,
        context: &Context<'_>,
    ) -> Result<Option<Self>, Failure> {
        let flags = &args.download;
        if !flags.is_wanted() {
            if flags.continues {
                return Err(Failure::usage(
                    "`--continue` goes with `--download FILE` or `-O`",
                ));
            }
            return Ok(None);
        }
        check(args, plan)?;
        let target = match &flags.download {
            Some(path) => Some(Target::of(&context.env.expand_home(path))?),
            None => None,
        };
        // As it lies on the server: its length is known, and a part of it can be continued.
        if !says_encoding(args) {
            plan.set_header("Accept-Encoding", "identity");
        }
        let mut download = Self {
            is_new: target.is_none(),
            continues: flags.continues,
            target,
            address: address_hash(plan),
            resumed: None,
            is_range: plan.header("range").is_some(),
            anew: None,
        };
        if flags.continues {
            download.look(plan)?;
        }
        Ok(Some(download))
    }

    /// Looks for a part, and asks for what comes behind it.
    fn look(&mut self, plan: &mut Plan) -> Result<(), Failure> {
        let path = match &self.target {
            Some(Target::File { path, .. }) => path,
            Some(Target::Stream(path)) => {
                return Err(Failure::usage(format!(
                    "`{}` can not be continued: it is no regular file",
                    path.display()
                )));
            }
            None => return Ok(()),
        };
        match Part::find(path)? {
            Found::Nothing => self.anew = Some("there is no part to continue".to_owned()),
            Found::Foreign(part) => {
                self.anew = Some(format!(
                    "`{}` has no record of what it is a part of",
                    part.display()
                ));
            }
            Found::Ours(part, record) if record.address != self.address => {
                self.anew = Some(format!(
                    "`{}` is a part of something else",
                    part.path().display()
                ));
            }
            Found::Ours(part, record) => {
                plan.set_header("Range", &format!("bytes={}-", part.have()));
                plan.set_header("If-Range", &record.validator);
                self.resumed = Some((part, record));
            }
        }
        Ok(())
    }
}

/// Refuses flags that do not go together.
fn check(args: &CallArgs, plan: &Plan) -> Result<(), Failure> {
    let flags = &args.download;
    if plan.method == "HEAD" {
        return Err(Failure::usage("a response to HEAD has no body to download"));
    }
    let output = &args.output;
    if output.output.is_some()
        || output.raw_output
        || output.jq.is_some()
        || output.each
        || output.asks_for_rows()
    {
        return Err(Failure::usage(
            "a download is written as it came: it has no `-o`, `-r`, `--jq`, `--each` or columns",
        )
        .hint("`-o FORMAT > FILE` writes it in another format"));
    }
    if !flags.continues {
        return Ok(());
    }
    if plan.method != "GET" {
        return Err(Failure::usage("only a GET can be continued"));
    }
    if plan.header("range").is_some() {
        return Err(Failure::usage("`-c` asks for a range by itself"));
    }
    Ok(())
}

/// Makes the call and saves its body.
pub fn make(
    session: &Session,
    mut plan: Plan,
    mut download: Download,
    output: &OutputArgs,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let told = session.label(&plan);
    let mut response = session.send(&plan, &Limits::default(), &mut context.ui.hear())?;
    if download.target.is_none() && Exit::of_status(response.head.status) == Exit::Success {
        download.target = Some(named(&response).map_err(|e| e.of(&told))?);
        if download.continues {
            download.look(&mut plan).map_err(|e| e.of(&told))?;
        }
        // What was asked for was the whole; only its name was wanted.
        if download.resumed.is_some() {
            drop(response);
            response = session.send(&plan, &Limits::default(), &mut context.ui.hear())?;
        }
    }
    let mut next = Next::Restart;
    if let Some((part, record)) = &download.resumed {
        next = download::next(record, part.have(), &response.head);
        if next == Next::AskAgain {
            plan.remove_header("Range");
            plan.remove_header("If-Range");
            response = session.send(&plan, &Limits::default(), &mut context.ui.hear())?;
            next = Next::Restart;
        }
        if next == Next::Restart && Exit::of_status(response.head.status) == Exit::Success {
            download.anew = Some("the server gives another file now, or no ranges".to_owned());
        }
    }
    let times = response.times;
    let result = match next {
        Next::Complete => finish_complete(download, output, context, &told),
        _ => print(session, &plan, response, download, next, output, context),
    };
    if output.verbose > 0 {
        context.ui.notice(&Notice::timing(times, started));
    }
    result
}

/// A part that was whole already: only its name is missing.
fn finish_complete(
    download: Download,
    output: &OutputArgs,
    context: &mut Context<'_>,
    told: &str,
) -> anyhow::Result<Exit> {
    let replaces = !download.is_new;
    if let (Some((part, _)), Some(target)) = (download.resumed, &download.target) {
        let have = part.have();
        let sink = Sink::Part(part);
        sink.finish(target, replaces).map_err(|e| e.of(told))?;
        say_saved(have, target, output, context);
    }
    Ok(Exit::Success)
}

fn print(
    session: &Session,
    plan: &Plan,
    response: Response,
    download: Download,
    next: Next,
    output: &OutputArgs,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let earned = Exit::of_status(response.head.status);
    if let Err(e) = call::print_head(plan, &response, output, context) {
        if crate::error::is_closed_pipe(&e) {
            return Ok(earned);
        }
        return Err(e.context(format!("{}: standard output", session.label(plan))));
    }
    if earned != Exit::Success {
        let shown = formats::shown(output, context)?;
        shown.end_within(session.profile.settings.timeout);
        return call::print_failure(session, plan, response, (output, &shown), context);
    }
    if response.head.status == 206 && next != Next::Append && !download.is_range {
        return Err(Failure::new(
            Exit::Other,
            format!(
                "{}: the response is a part (206) that was not asked for",
                session.label(plan)
            ),
        )
        .into());
    }
    save(session, plan, response, download, next, output, context)
}

fn save(
    session: &Session,
    plan: &Plan,
    response: Response,
    download: Download,
    next: Next,
    output: &OutputArgs,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let told = session.label(plan);
    let replaces = !download.is_new;
    // A signal must not leave a file that nobody knows of.
    let hold = signals::hold();
    let (target, sink, before) = place(download, plan, &response, next, &told, context)?;
    let hold = (!matches!(sink, Sink::Stream(..))).then_some(hold);
    let length = response.head.header("content-length");
    let is_coded = response.head.header("content-encoding").is_some();
    let total = length
        .and_then(|l| l.parse::<u64>().ok())
        .filter(|_| !is_coded)
        .map(|l| l + before);
    let mut parts = call::Parts::of(session, plan, &response);
    let progress = context.ui.progress(context.env);
    progress.begin(before, total);
    let mut written = before;
    let result = match decode(response) {
        Err(failure) => {
            let cause = std::io::Error::from(std::io::ErrorKind::InvalidData);
            drop(sink.abandon(&Broken::Read(cause)));
            progress.end();
            return Err(failure.of(&told).into());
        }
        Ok(mut body) => download::copy(&mut body, &sink, &mut |piece| {
            written += piece.len() as u64;
            parts.feed(piece);
            progress.advance(piece.len());
        }),
    };
    progress.end();
    match result {
        Ok(()) => {
            sink.finish(&target, replaces).map_err(|e| e.of(&told))?;
            drop(hold);
            say_saved(written, &target, output, context);
            parts.judge(&told)
        }
        Err(Broken::Signal) => {
            if let Kept::Part(path, have) = sink.abandon(&Broken::Signal) {
                context.ui.say(&format!("apicall: {}", kept(&path, have)));
            }
            // Where a signal is pending, this ends the process.
            drop(hold);
            Err(Failure::new(signals::pending().unwrap_or(Exit::Other), "ended").into())
        }
        Err(broken) => {
            let failure = match &broken {
                Broken::Write(e) => Failure::new(
                    Exit::Other,
                    format!("{}: {e}", sink.told(&target).display()),
                ),
                Broken::Read(e) => read_failure(e),
                Broken::Signal => Failure::new(Exit::Other, "ended"),
            };
            let is_cut = matches!(failure.exit, Exit::NoConnection | Exit::TimedOut);
            let was_stream = matches!(sink, Sink::Stream(..));
            let mut failure = failure.of(&told);
            match sink.abandon(&broken) {
                Kept::Part(path, have) => failure.hint = Some(kept(&path, have)),
                Kept::Nothing if is_cut && !was_stream && failure.hint.is_none() => {
                    failure.hint = Some(
                        "nothing is kept: the server gives no way to continue a download"
                            .to_owned(),
                    );
                }
                Kept::Nothing => {}
            }
            Err(failure.into())
        }
    }
}

/// The new file that `-O` writes, by the name that the response, or what it responds to, gives.
fn named(response: &Response) -> Result<Target, Failure> {
    let disposition = response.head.header("content-disposition");
    let mut parameters = response.url.parameters();
    let filename = parameters.find(|(name, _)| name == "filename");
    let filename = filename.as_ref().map(|(_, value)| value.as_str());
    let name = download::remote_name(disposition, response.url.path(), filename)?;
    let path = Path::new(&name);
    download::refuse_occupied(path)?;
    Target::of(path)
}

/// Opens what is written to; the third value is how many bytes are there already.
fn place(
    download: Download,
    plan: &Plan,
    response: &Response,
    next: Next,
    told: &str,
    context: &mut Context<'_>,
) -> Result<(Target, Sink, u64), Failure> {
    let target = match download.target {
        Some(target) => target,
        None => named(response).map_err(|e| e.of(told))?,
    };
    if let Some(why) = &download.anew {
        context
            .ui
            .say(&format!("apicall: {told}: {why}; from the beginning"));
    }
    let (path, permissions) = match &target {
        Target::Stream(path) => {
            let sink = Sink::stream(path)?;
            return Ok((target, sink, 0));
        }
        Target::File { path, permissions } => (path.clone(), permissions.clone()),
    };
    if next == Next::Append
        && let Some((mut part, _)) = download.resumed
    {
        part.to_end()?;
        let have = part.have();
        return Ok((target, Sink::Part(part), have));
    }
    let is_get = plan.method == "GET";
    let record = Record::of(&response.head, &download.address).filter(|_| is_get);
    let part = match (download.resumed, record) {
        (Some((part, _)), Some(record)) => Some(part.restart(&record)?),
        (Some((part, _)), None) => {
            part.remove();
            None
        }
        (None, Some(record)) => Part::begin(&path, &record, &Mode::of(permissions.as_ref()))?,
        (None, None) => None,
    };
    let sink = match part {
        Some(part) => Sink::Part(part),
        None => Sink::temporary(&path, permissions.as_ref())?,
    };
    Ok((target, sink, 0))
}

fn kept(path: &Path, have: u64) -> String {
    format!(
        "`{}` has {} of it: `-c` goes on from there",
        path.display(),
        bytes(have)
    )
}

fn say_saved(written: u64, target: &Target, output: &OutputArgs, context: &mut Context<'_>) {
    if output.verbose == 0 && !context.ui.stderr_is_terminal() {
        return;
    }
    let (Target::File { path, .. } | Target::Stream(path)) = target;
    context.ui.say(&format!(
        "apicall: saved {} to `{}`",
        bytes(written),
        path.display()
    ));
}

/// SHA-256 of the address in base64: it tells addresses apart without telling what is in them.
fn address_hash(plan: &Plan) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, plan.url.to_string().as_bytes());
    base64::engine::general_purpose::STANDARD.encode(digest)
}

/// Tells whether the user says which codings are welcome.
fn says_encoding(args: &CallArgs) -> bool {
    let mut headers = args.items.iter().chain(&args.request.header);
    headers.any(|h| {
        h.split_once(':')
            .is_some_and(|(name, _)| name.eq_ignore_ascii_case("accept-encoding"))
    })
}
