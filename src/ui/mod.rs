//! The streams of a run: response to stdout, everything else to stderr, questions to a terminal.
//!
//! Every line that goes to stderr passes [`Ui::say`], which masks the secrets of the run and makes
//! control characters visible, so that no message can leak a key or drive a terminal. Failures of
//! stderr itself are ignored: there is nobody left to read it.

mod amount;
mod hint;
mod live;
mod progress;
mod prompt;
mod stdout;
mod voice;

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write};
use std::sync::MutexGuard;

use crate::env::Env;
use crate::error::Failure;
use crate::output::visible;
use crate::secret::{Masks, typed};
use crate::session::Notice;

pub use amount::bytes;
#[cfg(test)]
pub use hint::CALLS;
pub use live::Live;
pub use progress::Progress;
pub use stdout::reader_leaves_within;
pub use voice::{Aside, Known, MaskedStderr, Voice};

use stdout::unbuffered_stdout;
use voice::Stderr;

/// When to use color.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The streams of one run.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of a stream"
)]
pub struct Ui {
    stdout: Box<dyn Write + Send>,
    stderr: Stderr,
    stdout_is_terminal: bool,
    stderr_is_terminal: bool,
    stdin_is_terminal: bool,
    color: Color,
    masks: Known,
    progress: Progress,
    /// The warnings printed in this run, each once.
    warned: Vec<String>,
    /// Where bodies go that nobody wants to see.
    nowhere: Option<io::Sink>,
    /// An error is one line, and a retry none: this run is one of several.
    is_brief: bool,
    /// The profile that was chosen with `-p`: commands in hints name it.
    profile: Option<String>,
}

impl std::fmt::Debug for Ui {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ui")
    }
}

impl Ui {
    /// Returns the streams of the process.
    #[must_use]
    pub fn from_process() -> Self {
        Self {
            stdout: unbuffered_stdout(),
            stderr: Stderr::new(Box::new(io::stderr())),
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
            stdin_is_terminal: io::stdin().is_terminal(),
            color: Color::Auto,
            masks: Known::default(),
            progress: Progress::default(),
            warned: Vec::new(),
            nowhere: None,
            is_brief: false,
            profile: None,
        }
    }

    /// The streams of one of several runs side by side, which share the secrets that are known:
    /// whoever gives the streams prints what comes.
    #[must_use]
    pub fn of_one(
        stdout: Box<dyn Write + Send>,
        stderr: Box<dyn Write + Send>,
        known: Known,
    ) -> Self {
        let progress = Progress::default();
        progress.hide();
        Self {
            stdout,
            stderr: Stderr::new(stderr),
            stdout_is_terminal: false,
            stderr_is_terminal: false,
            stdin_is_terminal: false,
            color: Color::Never,
            masks: known,
            progress,
            warned: Vec::new(),
            nowhere: None,
            is_brief: true,
            profile: None,
        }
    }

    /// Writes no bodies from here on, and shows no progress.
    pub fn set_quiet(&mut self) {
        self.nowhere = Some(io::sink());
        self.progress.hide();
    }

    /// Returns whether neither bodies nor progress are wanted.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.nowhere.is_some()
    }

    /// Sets the profile that was chosen with `-p`.
    pub fn set_profile(&mut self, name: &str) {
        self.profile = Some(name.to_owned());
    }

    /// Sets when color is used.
    pub fn set_color(&mut self, color: Color) {
        self.color = color;
    }

    /// Returns whether the response is printed in color.
    #[must_use]
    pub fn stdout_has_color(&self, env: &Env) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let forced = env.var("CLICOLOR_FORCE").is_some_and(|v| v != "0");
                let dumb = env.var("TERM").is_some_and(|t| t == "dumb");
                let wanted = forced || (self.stdout_is_terminal && !dumb);
                wanted && env.var("NO_COLOR").is_none()
            }
        }
    }

    /// Returns whether a person reads stdout.
    #[must_use]
    pub fn stdout_is_terminal(&self) -> bool {
        self.stdout_is_terminal
    }

    /// Returns whether a person reads stderr.
    #[must_use]
    pub fn stderr_is_terminal(&self) -> bool {
        self.stderr_is_terminal
    }

    /// Returns the progress display: drawn on a terminal that can be drawn on, else printed in
    /// lines.
    #[must_use]
    pub fn progress(&self, env: &Env) -> Progress {
        let dumb = env.var("TERM").is_some_and(|t| t == "dumb");
        self.progress.draw(self.stderr_is_terminal && !dumb);
        self.progress.clone()
    }

    /// Lines that are drawn while something is waited for, where stderr is a terminal that can be
    /// drawn on; nothing else is drawn from then on.
    #[must_use]
    pub fn live(&self, env: &Env) -> Option<Live> {
        let dumb = env.var("TERM").is_some_and(|t| t == "dumb");
        if !self.stderr_is_terminal || dumb || self.is_quiet() {
            return None;
        }
        self.progress.clear();
        self.progress.draw(false);
        // Without a thread that waits for signals nothing is drawn: one would leave the lines there.
        Live::new().ok()
    }

    /// Returns the columns of the terminal that stdout is; `None` where it is none. `COLUMNS` goes
    /// before what the terminal says.
    #[must_use]
    pub fn stdout_width(&self, env: &Env) -> Option<usize> {
        if !self.stdout_is_terminal {
            return None;
        }
        let asked = columns(env);
        let real = || terminal_size::terminal_size_of(io::stdout()).map(|(w, _)| w.0.into());
        // Serial lines and the like say 0.
        asked.or_else(real).filter(|width| *width > 0).or(Some(80))
    }

    /// Returns the columns that help may fill: those of the terminal, else `COLUMNS`.
    #[must_use]
    pub fn help_width(&self, env: &Env) -> usize {
        let width = self.stdout_width(env).or_else(|| columns(env));
        width.filter(|width| *width > 0).unwrap_or(usize::MAX)
    }

    /// Returns whether there is a person to ask.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        self.stdin_is_terminal && self.stderr_is_terminal
    }

    /// Standard output, without a buffer: writers bring their own blocks.
    pub fn stdout(&mut self) -> &mut (dyn Write + Send) {
        &mut *self.stdout
    }

    /// Where bodies go: standard output, unless nobody wants to see them.
    pub fn body(&mut self) -> &mut (dyn Write + Send) {
        self.apart().0
    }

    /// Where bodies go, and stderr as a writer that masks: for those that stream to both.
    pub fn streams(&mut self) -> (&mut (dyn Write + Send), MaskedStderr<'_>) {
        let stderr = MaskedStderr::new(&mut self.stderr, &self.masks);
        match &mut self.nowhere {
            Some(nowhere) => (nowhere, stderr),
            None => (&mut *self.stdout, stderr),
        }
    }

    /// Where bodies go, and what speaks on stderr while they are written.
    pub fn apart(&mut self) -> (&mut (dyn Write + Send), Voice<'_>) {
        self.progress.clear();
        let voice = Voice::new(&mut self.stderr, &self.masks);
        match &mut self.nowhere {
            Some(nowhere) => (nowhere, voice),
            None => (&mut *self.stdout, voice),
        }
    }

    /// Returns what speaks on stderr whoever else holds the streams: masked by all secrets that are
    /// known by then.
    #[must_use]
    pub fn aside(&self) -> Aside {
        Aside::new(&self.stderr, &self.masks, &self.progress)
    }

    /// Returns the secrets that are known in the run, and will be.
    #[must_use]
    pub fn known(&self) -> Known {
        self.masks.clone()
    }

    /// Returns the secrets that are masked on stderr.
    pub fn masks(&mut self) -> MutexGuard<'_, Masks> {
        self.masks.lock()
    }

    /// Writes a text of ours to stdout, where it was asked for: masked as on stderr, and visible
    /// on a terminal. A reader that went away has seen enough.
    pub fn report(&mut self, text: &str) -> io::Result<()> {
        let masked = self.masks.lock().apply(text);
        let text = if self.stdout_is_terminal {
            visible::visible(&masked)
        } else {
            Cow::Borrowed(&*masked)
        };
        match self.stdout.write_all(text.as_bytes()) {
            Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(e),
            _ => Ok(()),
        }
    }

    /// Writes one line to stderr.
    pub fn say(&mut self, line: &str) {
        self.apart().1.say(line);
    }

    /// Writes a text of several lines to stderr, as a response's body.
    pub fn text(&mut self, text: &str) {
        self.apart().1.text(text);
    }

    /// Writes what a session reports.
    pub fn notice(&mut self, notice: &Notice) {
        match notice {
            Notice::Warning(text) => return self.warn_once(text),
            Notice::Retry { .. } if self.is_brief => return,
            Notice::Retry { .. } | Notice::Verbose(_) => {}
        }
        self.apart().1.notice(notice);
    }

    /// Hears the notices of a session and writes them.
    pub fn hear(&mut self) -> impl FnMut(Notice) + '_ {
        |notice| self.notice(&notice)
    }

    /// Prints something that is no error.
    pub fn warn(&mut self, text: &str) {
        self.say(&format!("apicall: warning: {text}"));
    }

    /// The same, where it was not reported before in this run.
    pub fn warn_once(&mut self, text: &str) {
        if !self.warned.iter().any(|earlier| earlier == text) {
            self.warned.push(text.to_owned());
            self.warn(text);
        }
    }

    /// Prints an error and what can be done about it.
    pub fn error(&mut self, error: &anyhow::Error) {
        // What was typed in a wrong place may be a key that no mask knows.
        self.say(&typed(&format!("apicall: {error:#}")));
        let failure = error.downcast_ref::<Failure>();
        let Some(failure) = failure.filter(|_| !self.is_brief) else {
            return;
        };
        for line in &failure.place {
            self.say(&typed(line));
        }
        if let Some(hint) = failure.hint.as_deref().filter(|h| !h.is_empty()) {
            let hint = match &self.profile {
                Some(name) => hint::with_profile(hint, name),
                None => hint.to_owned(),
            };
            self.say(&format!("hint: {hint}"));
        }
    }
}

/// Returns the width that the environment asks for.
fn columns(env: &Env) -> Option<usize> {
    env.var("COLUMNS")
        .and_then(|columns| columns.to_str()?.parse().ok())
}
