//! The results of a batch on stdout, its failures and how far it is on stderr.
//!
//! A reader that goes away, or a filter that does not fit a result, does not stop the batch: it has
//! to finish its rows.

use std::io::{BufWriter, Write as _};
use std::time::{Duration, Instant};

use crate::cli::BatchArgs;
use crate::commands::{Context, formats};
use crate::error::{Exit, is_closed_pipe};
use crate::flow::batch::call::Sent;
use crate::flow::batch::outcome;
use crate::flow::batch::{Counts, Ended, Event, Job};
use crate::output::amounts::digits;
use crate::output::pipeline::{Pipeline, Source};
use crate::output::values::Report;
use crate::output::{Format, Shown};
use crate::secret::Masks;
use crate::session::Session;
use crate::ui::{Progress, Voice};

/// So many failures have a line each.
const MOST_REPORTED: u64 = 20;

/// So much is printed at once where results come fast.
const BUFFER: usize = 32 * 1024;

/// A batch that ends sooner shows nothing.
const QUICK: Duration = Duration::from_millis(500);

/// How often a terminal is drawn, and how often a log gets a line.
const DRAW: Duration = Duration::from_millis(100);
const LOG: Duration = Duration::from_secs(10);

/// Prints events.
pub struct Printer<'a> {
    session: &'a Session,
    all: u64,
    quiet: bool,
    progress: Progress,
    masks: Masks,
    voice: Voice<'a>,
    out: Out<'a>,
    reported: u64,
    /// Rows whose repeated DELETE found nothing.
    gone: u64,
    hinted: Vec<String>,
    began: Instant,
    drawn: Instant,
    logged: Instant,
    /// Until when the server wants to be left alone.
    rests: Option<Instant>,
    counts: Counts,
    draws: bool,
}

impl<'a> Printer<'a> {
    /// Begins the report of a batch of so many rows.
    pub fn new(
        session: &'a Session,
        args: &BatchArgs,
        shown: &'a Shown,
        all: u64,
        context: &'a mut Context<'_>,
    ) -> Self {
        let progress = context.ui.progress(context.env);
        // Results on the same terminal are progress enough, and would be drawn over.
        let draws =
            !args.output.quiet && args.output.verbose == 0 && !context.ui.stdout_is_terminal();
        let masks = context.ui.masks().clone();
        let (stdout, voice) = context.ui.apart();
        let now = Instant::now();
        Self {
            session,
            all,
            quiet: args.output.quiet,
            progress,
            masks,
            voice,
            out: Out::new(args.output.quiet, shown, stdout),
            reported: 0,
            gone: 0,
            hinted: Vec::new(),
            began: now,
            drawn: now,
            logged: now,
            rests: None,
            counts: Counts::default(),
            draws,
        }
    }

    /// Prints an event.
    pub fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Notice(notice) => {
                self.progress.clear();
                self.voice.notice(&notice);
            }
            Event::Ended(job, sent) => self.end(job, sent),
            Event::PutOff(wait) => {
                let now = Instant::now();
                if !wait.is_zero() && self.rests.is_none_or(|until| until < now) {
                    self.say(&format!(
                        "apicall: {}: the server asks to wait {}; all calls wait",
                        self.session.profile.label(),
                        humantime::format_duration(wait)
                    ));
                }
                self.rests = Some(now + wait);
            }
            Event::Ending(0) => {}
            Event::Ending(running) => self.say(&format!(
                "apicall: ending: {running} calls are under way; Ctrl-C again ends them at once"
            )),
            Event::Pause(counts) => {
                self.counts = *counts;
                self.out.flush();
                self.show();
            }
        }
    }

    fn say(&mut self, line: &str) {
        self.progress.clear();
        self.voice.say(line);
    }

    fn end(&mut self, job: &Job, sent: &Sent) {
        if self.out.is_open() {
            let masks = &self.masks;
            let line = outcome::line(job, sent, &|text| masks.apply(text).into_owned());
            self.progress.clear();
            if let Some(why) = self.out.write(&line) {
                self.voice.say(&format!("apicall: row {}: {why}", job.row));
            }
        }
        let Some(failure) = &sent.failure else {
            self.gone += u64::from(sent.status == Some(404));
            return;
        };
        self.reported += 1;
        if self.reported > MOST_REPORTED {
            return;
        }
        let label = self.session.label(&job.plan);
        self.say(&format!("apicall: row {}: {label}: {failure}", job.row));
        if let Some(hint) = &failure.hint
            && !self.hinted.contains(hint)
        {
            self.voice.say(&format!("hint: {hint}"));
            self.hinted.push(hint.clone());
        }
    }

    /// Shows how far it is.
    fn show(&mut self) {
        let now = Instant::now();
        if self.quiet || now - self.began < QUICK {
            return;
        }
        if self.draws && now - self.drawn >= DRAW {
            self.drawn = now;
            let place = (self.counts.ended, self.all);
            if self.progress.show(self.sentence(now), Some(place)) {
                self.logged = now;
            }
        }
        if now - self.logged >= LOG {
            self.logged = now;
            let line = format!("apicall: {}", self.sentence(now));
            self.say(&line);
        }
    }

    /// `120 of 2,000 rows, 3 failed, 40/s, 47s left`.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate for people"
    )]
    fn sentence(&self, now: Instant) -> String {
        let Counts { ended, failed, .. } = self.counts;
        let mut text = format!("{} of {} rows", digits(ended), digits(self.all));
        if failed > 0 {
            text.push_str(&format!(", {} failed", digits(failed)));
        }
        let rate = ended as f64 / (now - self.began).as_secs_f64();
        if rate > 0.0 {
            let left = self.all.saturating_sub(ended) as f64 / rate;
            let rate = if rate < 10.0 {
                format!("{rate:.1}")
            } else {
                digits(rate as u64)
            };
            let left = humantime::format_duration(Duration::from_secs(left.ceil() as u64));
            text.push_str(&format!(", {rate}/s, {left} left"));
        }
        text
    }

    /// Prints what is left, and returns the exit code that the output earns by itself. Fails where
    /// stdout did.
    pub fn finish(mut self, ended: &Ended) -> anyhow::Result<Exit> {
        self.progress.clear();
        self.out.finish();
        let label = self.session.profile.label();
        let mut earned = formats::reported(&self.out.report, label, &mut self.voice);
        let more = ended.counts.failed.saturating_sub(MOST_REPORTED);
        if more > 0 {
            let rows = if more == 1 { "row" } else { "rows" };
            self.say(&format!("apicall: {} more {rows} failed", digits(more)));
        }
        if self.gone > 0 && !self.quiet {
            let rows = if self.gone == 1 { "row" } else { "rows" };
            self.say(&format!(
                "apicall: {} {rows}: 404 to a repeated DELETE: an earlier attempt deleted it",
                digits(self.gone)
            ));
        }
        if self.out.misfits > 0 {
            earned = Exit::Other;
        }
        self.out.error.map_or(Ok(earned), Err)
    }
}

/// Results on their way to stdout.
struct Out<'a> {
    way: Way<'a>,
    /// What has gone wrong first, but for a reader that went away.
    error: Option<anyhow::Error>,
    /// Results that a filter did not fit.
    misfits: u64,
    /// What the output reports of itself: of all results, or of the last that was filtered.
    report: Report,
}

enum Way<'a> {
    /// Nobody reads them.
    Closed,
    /// Each result is the line that it is.
    Lines(Box<BufWriter<&'a mut (dyn std::io::Write + Send)>>),
    /// All results are rows of one table, or a line each.
    Together(Box<Pipeline<'a>>),
    /// All results are one list.
    Listed(Box<Pipeline<'a>>),
    /// Each result is filtered by itself: one that a filter does not fit costs itself.
    Each(&'a Shown, &'a mut (dyn std::io::Write + Send)),
}

impl<'a> Out<'a> {
    fn new(quiet: bool, shown: &'a Shown, stdout: &'a mut (dyn std::io::Write + Send)) -> Self {
        let has_columns = shown.format.is_some_and(crate::output::Format::has_columns);
        let way = if quiet {
            Way::Closed
        } else if are_lines(shown) {
            Way::Lines(Box::new(BufWriter::with_capacity(BUFFER, stdout)))
        } else if shown.filter.is_some() && !has_columns && shown.tabular.sort.is_empty() {
            Way::Each(shown, stdout)
        } else if is_list(shown) {
            Way::Listed(Box::new(Pipeline::new(Source::Pages, shown, stdout)))
        } else {
            Way::Together(Box::new(Pipeline::new(Source::Lines, shown, stdout)))
        };
        Self {
            way,
            error: None,
            misfits: 0,
            report: Report::default(),
        }
    }

    fn is_open(&self) -> bool {
        !matches!(self.way, Way::Closed)
    }

    /// Writes a result; gives what is to be reported of it.
    fn write(&mut self, line: &[u8]) -> Option<String> {
        let result = match &mut self.way {
            Way::Closed => return None,
            Way::Lines(out) => out.write_all(line).map_err(Into::into),
            Way::Together(pipeline) => pipeline.write(line),
            // A list of one continues where the last one ended.
            Way::Listed(pipeline) => [b"[".as_slice(), line, b"]"]
                .iter()
                .try_for_each(|part| pipeline.write(part))
                .and_then(|()| pipeline.end_text()),
            Way::Each(shown, stdout) => {
                let mut pipeline = Pipeline::new(Source::Lines, shown, *stdout);
                let result = pipeline
                    .write(line)
                    .and_then(|()| pipeline.finish().map(drop));
                self.report = pipeline.report();
                match result {
                    Err(error) if error.is::<crate::error::Failure>() => {
                        self.misfits += 1;
                        return (self.misfits <= MOST_REPORTED).then(|| format!("{error:#}"));
                    }
                    result => result,
                }
            }
        };
        self.judge(result);
        None
    }

    fn flush(&mut self) {
        let result = match &mut self.way {
            Way::Closed | Way::Each(..) => return,
            Way::Lines(out) => out.flush().map_err(Into::into),
            Way::Together(pipeline) | Way::Listed(pipeline) => pipeline.flush(),
        };
        self.judge(result);
    }

    fn finish(&mut self) {
        let result = match &mut self.way {
            Way::Closed | Way::Each(..) => return,
            Way::Lines(out) => out.flush().map_err(Into::into),
            Way::Together(pipeline) | Way::Listed(pipeline) => {
                let result = pipeline.finish().map(drop);
                self.report = pipeline.report();
                result
            }
        };
        self.judge(result);
    }

    fn judge(&mut self, result: anyhow::Result<()>) {
        let Err(error) = result else { return };
        self.way = Way::Closed;
        if !is_closed_pipe(&error) {
            let error = if error.is::<std::io::Error>() {
                error.context("standard output")
            } else {
                error
            };
            self.error.get_or_insert(error);
        }
    }
}

/// Returns whether results are printed as the lines of JSON that they are.
fn are_lines(shown: &Shown) -> bool {
    let (columns, sort) = (&shown.tabular.columns, &shown.tabular.sort);
    shown.format == Some(Format::Ndjson)
        && shown.filter.is_none()
        && shown.most.is_none()
        && shown.palette.is_none()
        && !shown.is_terminal
        && columns.is_none()
        && sort.is_empty()
}

/// Returns whether results are elements of one list, as those of any other list are.
fn is_list(shown: &Shown) -> bool {
    shown.tabular.sort.is_empty()
        && match shown.format {
            Some(Format::Json | Format::Compact | Format::Yaml) => true,
            None
            | Some(Format::Raw | Format::Ndjson | Format::Csv | Format::Tsv | Format::Table) => {
                false
            }
        }
}
