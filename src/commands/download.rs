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
use crate::output::decode::as_it_came;
use crate::output::download::{self, Broken, Found, Kept, Next, PartialFile, Record, Sink, Target};
use crate::output::read_failure;
use crate::request::Plan;
use crate::session::Notice;
use crate::signals;
use crate::ui::bytes;

use super::Context;
use super::partial::Partial;
use super::response::{self, Exchange};

/// What the flags of a download say, checked; nothing of it is looked for yet.
#[derive(Debug)]
pub struct Download {
    /// `None` until the response gives the name.
    target: Option<Target>,
    /// Whether an earlier part is continued.
    continues: bool,
    /// Whether the user chooses the codings.
    says_encoding: bool,
}

/// Where the body of a call goes, and what is there of it already.
#[derive(Debug)]
pub struct Begun {
    target: Option<Target>,
    /// Whether the file is new, whatever is there.
    is_new: bool,
    /// Whether an earlier part is continued.
    continues: bool,
    /// A hash of the address.
    address: String,
    resumed: Option<(PartialFile, Record)>,
    /// The user asked for a range; then a 206 is the whole of it.
    is_range: bool,
    /// Why an earlier part is not used, reported once the response is there.
    anew: Option<String>,
}

impl Download {
    /// Checks the flags. `None` where the body goes to stdout.
    pub fn of(
        args: &CallArgs,
        plan: &Plan,
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
        if let (true, Some(Target::Stream(path))) = (flags.continues, &target) {
            return Err(Failure::usage(format!(
                "`{}` cannot be resumed: it is not a regular file",
                path.display()
            )));
        }
        Ok(Some(Self {
            target,
            continues: flags.continues,
            says_encoding: says_encoding(args),
        }))
    }

    /// Looks at what lies on disk, and makes the plan, whose address is final, ask for what is
    /// missing.
    pub fn begin(self, plan: &mut Plan) -> Result<Begun, Failure> {
        // As it lies on the server: its length is known, and a part of it can be continued.
        if !self.says_encoding {
            plan.set_header("Accept-Encoding", "identity");
        }
        let mut begun = Begun {
            is_new: self.target.is_none(),
            continues: self.continues,
            target: self.target,
            address: address_hash(plan),
            resumed: None,
            is_range: plan.header("range").is_some(),
            anew: None,
        };
        if self.continues {
            begun.look(plan)?;
        }
        Ok(begun)
    }
}

impl Begun {
    /// Looks for a part, and asks for what comes behind it.
    fn look(&mut self, plan: &mut Plan) -> Result<(), Failure> {
        let (path, permissions) = match &self.target {
            Some(Target::File { path, permissions }) => (path, permissions),
            Some(Target::Stream(_)) | None => return Ok(()),
        };
        match PartialFile::find(path, &Mode::of(permissions.as_ref()))? {
            Found::Nothing => self.anew = Some("there is no partial download to resume".to_owned()),
            Found::Foreign(part) => {
                self.anew = Some(format!(
                    "`{}` has no record of what it is a part of",
                    part.display()
                ));
            }
            Found::Ours(part, record) if record.address != self.address => {
                self.anew = Some(format!(
                    "`{}` belongs to another download",
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
        || output.has_filter()
        || output.each
        || output.asks_for_rows()
    {
        return Err(Failure::usage(
            "a download is saved unchanged: it has no `-o`, `-r`, `--jq`, `--each` or columns",
        )
        .hint("`-o FORMAT > FILE` writes it in another format"));
    }
    if !flags.continues {
        return Ok(());
    }
    if plan.method != "GET" {
        return Err(Failure::usage("only a GET can be resumed"));
    }
    if plan.header("range").is_some() {
        return Err(Failure::usage("`-c` asks for a range by itself"));
    }
    Ok(())
}

/// Makes the call and saves its body.
pub fn make(
    exchange: &Exchange<'_>,
    mut begun: Begun,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let session = exchange.session;
    let mut plan = exchange.plan.clone();
    let mut response = session.send(&plan, &Limits::default(), &mut context.ui.hear())?;
    if begun.target.is_none() && Exit::of_status(response.head.status) == Exit::Success {
        let label = exchange.label();
        begun.target = Some(named_by(&response).map_err(|e| e.of(&label))?);
        if begun.continues {
            begun.look(&mut plan).map_err(|e| e.of(&label))?;
        }
        // All of it was asked for; only its name was wanted.
        if begun.resumed.is_some() {
            drop(response);
            response = session.send(&plan, &Limits::default(), &mut context.ui.hear())?;
        }
    }
    let mut next = Next::Restart;
    if let Some((part, record)) = &begun.resumed {
        next = download::next(record, part.have(), &response.head);
        if next == Next::AskAgain {
            plan.remove_header("Range");
            plan.remove_header("If-Range");
            response = session.send(&plan, &Limits::default(), &mut context.ui.hear())?;
            next = Next::Restart;
        }
        if next == Next::Restart && Exit::of_status(response.head.status) == Exit::Success {
            begun.anew = Some("the server now sends another file, or no ranges".to_owned());
        }
    }
    let times = response.times;
    let result = match next {
        Next::Complete => finish_complete(exchange, begun, context),
        next => print(exchange, response, Saving { begun, next }, context),
    };
    if exchange.output.verbose > 0 {
        context.ui.notice(&Notice::timing(times, started));
    }
    result
}

/// Names a part that is complete already.
fn finish_complete(
    exchange: &Exchange<'_>,
    begun: Begun,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let replaces = !begun.is_new;
    if let (Some((part, _)), Some(target)) = (begun.resumed, &begun.target) {
        let have = part.have();
        let sink = Sink::Part(part);
        sink.finish(target, replaces)
            .map_err(|e| e.of(&exchange.label()))?;
        say_saved(have, target, exchange.output, context);
    }
    Ok(Exit::Success)
}

fn print(
    exchange: &Exchange<'_>,
    response: Response,
    saving: Saving,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let earned = Exit::of_status(response.head.status);
    if let Err(e) = response::print_head(exchange, &response, context) {
        return response::judged(Err(e), earned, &exchange.label());
    }
    if earned != Exit::Success {
        return response::print_failure(exchange, response, context);
    }
    let is_part = response.head.status == 206;
    if is_part && saving.next != Next::Append && !saving.begun.is_range {
        let message = "the response is a part (206) that was not asked for";
        return Err(Failure::new(Exit::Other, message)
            .of(&exchange.label())
            .into());
    }
    save(exchange, response, saving, context)
}

/// A download whose response is there, and what that means for an earlier part.
struct Saving {
    begun: Begun,
    next: Next,
}

/// What is written to.
struct Opened {
    target: Target,
    sink: Sink,
    /// How many bytes are there already.
    before: u64,
}

fn save(
    exchange: &Exchange<'_>,
    response: Response,
    saving: Saving,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let label = exchange.label();
    let replaces = !saving.begun.is_new;
    // A signal must not leave a file that nobody knows of.
    let hold = signals::hold();
    let Opened {
        target,
        sink,
        before,
    } = saving.open(exchange, &response, context)?;
    let hold = (!matches!(sink, Sink::Stream(..))).then_some(hold);
    let length = response.head.header("content-length");
    let is_coded = response.head.header("content-encoding").is_some();
    let total = length
        .and_then(|l| l.parse::<u64>().ok())
        .filter(|_| !is_coded)
        .map(|l| l + before);
    let service = exchange.session.profile.service();
    let mut partial = Partial::of(service, exchange.plan, &response);
    let progress = context.ui.progress(context.env);
    progress.begin(before, total);
    let mut written = before;
    let result = match as_it_came(response) {
        Err(failure) => {
            let cause = std::io::Error::from(std::io::ErrorKind::InvalidData);
            drop(sink.abandon(&Broken::Read(cause)));
            progress.end();
            return Err(failure.of(&label).into());
        }
        Ok(mut body) => download::copy(&mut body, &sink, &mut |bytes| {
            written += bytes.len() as u64;
            partial.feed(bytes);
            progress.advance(bytes.len());
        }),
    };
    progress.end();
    match result {
        Ok(()) => {
            sink.finish(&target, replaces).map_err(|e| e.of(&label))?;
            drop(hold);
            say_saved(written, &target, exchange.output, context);
            partial.judge(&label)
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
                    format!("{}: {e}", sink.subject(&target).display()),
                ),
                Broken::Read(e) => read_failure(e),
                Broken::Signal => Failure::new(Exit::Other, "ended"),
            };
            let is_cut = matches!(failure.exit, Exit::NoConnection | Exit::TimedOut);
            let was_stream = matches!(sink, Sink::Stream(..));
            let mut failure = failure.of(&label);
            match sink.abandon(&broken) {
                Kept::Part(path, have) => failure.hint = Some(kept(&path, have)),
                Kept::Nothing if is_cut && !was_stream && failure.hint.is_none() => {
                    failure.hint =
                        Some("nothing is kept: the server does not support resuming".to_owned());
                }
                Kept::Nothing => {}
            }
            Err(failure.into())
        }
    }
}

impl Saving {
    /// Opens what is written to.
    fn open(
        self,
        exchange: &Exchange<'_>,
        response: &Response,
        context: &mut Context<'_>,
    ) -> Result<Opened, Failure> {
        let Self { begun, next } = self;
        let label = exchange.label();
        let target = match begun.target {
            Some(target) => target,
            None => named_by(response).map_err(|e| e.of(&label))?,
        };
        if let Some(why) = &begun.anew {
            context
                .ui
                .say(&format!("apicall: {label}: {why}; starting over"));
        }
        let (path, permissions) = match &target {
            Target::Stream(path) => {
                let sink = Sink::stream(path)?;
                return Ok(Opened {
                    target,
                    sink,
                    before: 0,
                });
            }
            Target::File { path, permissions } => (path.clone(), permissions.clone()),
        };
        if next == Next::Append
            && let Some((mut part, _)) = begun.resumed
        {
            part.to_end()?;
            return Ok(Opened {
                target,
                before: part.have(),
                sink: Sink::Part(part),
            });
        }
        let is_get = exchange.plan.method == "GET";
        let record = Record::of(&response.head, &begun.address).filter(|_| is_get);
        let part = match (begun.resumed, record) {
            (Some((part, _)), Some(record)) => Some(part.restart(&record)?),
            (Some((part, _)), None) => {
                part.remove();
                None
            }
            (None, Some(record)) => {
                PartialFile::begin(&path, &record, &Mode::of(permissions.as_ref()))?
            }
            (None, None) => None,
        };
        let sink = match part {
            Some(part) => Sink::Part(part),
            None => Sink::temporary(&path, permissions.as_ref())?,
        };
        Ok(Opened {
            target,
            sink,
            before: 0,
        })
    }
}

/// Returns the new file that `-O` writes, by the name that the response, or what it responds to,
/// gives.
fn named_by(response: &Response) -> Result<Target, Failure> {
    let disposition = response.head.header("content-disposition");
    let mut parameters = response.url.parameters();
    let filename = parameters.find(|(name, _)| name == "filename");
    let filename = filename.as_ref().map(|(_, value)| value.as_str());
    let name = download::remote_name(disposition, response.url.path(), filename)?;
    let path = Path::new(&name);
    download::refuse_occupied(path)?;
    Target::of(path)
}

fn kept(path: &Path, have: u64) -> String {
    format!(
        "`{}` has {} of it: `-c` continues from there",
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

/// SHA-256 of the address in base64: it keeps addresses apart without showing what is in them.
fn address_hash(plan: &Plan) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, plan.url.to_string().as_bytes());
    base64::engine::general_purpose::STANDARD.encode(digest)
}

/// Returns whether the user says which codings are welcome.
fn says_encoding(args: &CallArgs) -> bool {
    let mut headers = args.items.iter().chain(&args.request.header);
    headers.any(|h| {
        h.split_once(':')
            .is_some_and(|(name, _)| name.eq_ignore_ascii_case("accept-encoding"))
    })
}
