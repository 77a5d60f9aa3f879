//! Turns a key's source into the key.
//!
//! Reads files and variables and runs key commands, with a time limit. The key leaves as a
//! [`Secret`] only.

use std::io::{ErrorKind, IsTerminal as _, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::files::trust::{self, What};
use crate::secret::{Secret, holds_key};
use crate::service::Key;
use crate::threads;

use super::model::{KeySource, Profile, is_variable};

/// The key of a profile; `None` where the profile has no source of one.
///
/// A key command runs once, through `sh -c`, with the user's terminal, so that it may ask for a
/// pass phrase. Other input is not its own: `ssh` would swallow the body that is piped to a call.
pub fn key(profile: &Profile, env: &Env) -> Result<Option<Key>, Failure> {
    let Some(source) = &profile.key else {
        return Ok(None);
    };
    read_within(source, profile.settings.timeout, env)
        .and_then(|text| Key::parse(profile.service(), text.expose(), profile.target.scheme()))
        .map(Some)
        .map_err(|e| e.of(profile.label()))
}

/// The warning that a profile's key file earns which others than its owner can read.
#[must_use]
pub fn warning(profile: &Profile, env: &Env) -> Option<String> {
    let Some(KeySource::File(path)) = &profile.key else {
        return None;
    };
    let file = trust::open(&env.expand_home(path), What::Key).ok()??;
    file.readers(Some("a key")).ok()?
}

/// The text that a key's source gives.
pub fn read(source: &KeySource, env: &Env) -> Result<Secret, Failure> {
    read_within(source, None, env)
}

/// Reads the key; a command may take as long as `limit`.
fn read_within(source: &KeySource, limit: Option<Duration>, env: &Env) -> Result<Secret, Failure> {
    match source {
        KeySource::Inline(key) => Ok(key.clone()),
        KeySource::File(path) => {
            let path = env.expand_home(path);
            let failed = |e: Failure| e.of("`key_file`");
            let file = trust::open(&path, What::Key).map_err(failed)?;
            let Some(file) = file else {
                let message = format!("{}: there is no such file", path.display());
                return Err(failed(Failure::config(message)));
            };
            // A group that may read it is the owner's choice, and earns a `warning`.
            file.readers(Some("a key")).map_err(failed)?;
            file.text().map(Secret::new).map_err(failed)
        }
        KeySource::Env(name) => match env.text(name)? {
            Some(key) => Ok(Secret::new(key)),
            // It is not repeated: it may be the key itself.
            None if holds_key(name) => {
                Err(Failure::config("`key_env` is not the name of a variable"))
            }
            None if is_variable(name) => {
                Err(Failure::config(format!("`key_env`: `{name}` is not set")))
            }
            None => Err(Failure::config("`key_env` is not the name of a variable")),
        },
        KeySource::Command(command) => run(command, limit),
    }
}

/// No key is longer; a device that never ends is none.
const LONGEST: u64 = 64 * 1024;

/// Reads a file that holds a key.
pub fn read_file(path: &Path) -> std::io::Result<String> {
    read_text(crate::files::input(path)?)
}

/// Reads a text that is a key.
pub fn read_text(from: impl Read) -> std::io::Result<String> {
    let mut text = String::new();
    let read = from.take(LONGEST + 1).read_to_string(&mut text);
    let read = read.map_err(|e| match e.kind() {
        ErrorKind::InvalidData => std::io::Error::other("is not text"),
        _ => e,
    })?;
    if read as u64 > LONGEST {
        return Err(std::io::Error::other("is too long for a key"));
    }
    Ok(text)
}

/// How long a key command may take where nobody is there to answer it.
const UNATTENDED: Duration = Duration::from_secs(30);

/// How long one may take at a terminal, where a passphrase is typed.
const ATTENDED: Duration = Duration::from_secs(5 * 60);

/// How long its last output may still be on its way when the command has ended.
const LAST_OUTPUT: Duration = Duration::from_millis(200);

/// How often it is looked whether the command has ended.
const LOOK: Duration = Duration::from_millis(5);

/// Runs a key command until its own process ends; what it has started may hold its output open and
/// live on.
fn run(command: &str, limit: Option<Duration>) -> Result<Secret, Failure> {
    let failed = |what: String| Failure::config(format!("the key command {what}"));
    let usual = if std::io::stdin().is_terminal() || std::io::stderr().is_terminal() {
        ATTENDED
    } else {
        UNATTENDED
    };
    let deadline = Instant::now() + limit.unwrap_or(usual);
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(command)
        .stdin(input())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    let stop = stopping(&mut shell);
    let mut child = shell
        .spawn()
        .map_err(|e| failed(format!("could not be started: {e}")))?;
    // Its output is read on another thread, so that the wait for it can end.
    let (sender, printed) = mpsc::channel();
    if let Some(stdout) = child.stdout.take()
        && let Err(failure) = threads::start(move || send_pieces(stdout, &sender))
    {
        stop(&mut child);
        return Err(failure.of("the key command"));
    }
    let mut text = Vec::new();
    let mut is_complete = false;
    let status = loop {
        match printed.recv_timeout(LOOK) {
            Ok(piece) => {
                text.extend(piece.map_err(|e| failed(format!("could not be read: {e}")))?);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                // It usually ends at once.
                if is_complete {
                    std::thread::sleep(LOOK);
                }
                is_complete = true;
            }
        }
        let status = child.try_wait();
        if let Some(status) = status.map_err(|e| failed(format!("could not be waited for: {e}")))? {
            break status;
        }
        if Instant::now() >= deadline {
            stop(&mut child);
            return Err(Failure::new(
                Exit::TimedOut,
                match limit {
                    Some(_) => {
                        "timed out: the key command takes longer than the call may (`timeout`)"
                            .to_owned()
                    }
                    None => format!(
                        "timed out: the key command takes longer than {} s",
                        usual.as_secs()
                    ),
                },
            ));
        }
    };
    let last = Instant::now() + LAST_OUTPUT;
    while !is_complete {
        match printed.recv_timeout(last.saturating_duration_since(Instant::now())) {
            Ok(piece) => {
                text.extend(piece.map_err(|e| failed(format!("could not be read: {e}")))?);
            }
            Err(_) => is_complete = true,
        }
    }
    if !status.success() {
        return Err(failed(match status.code() {
            Some(code) => format!("ended with status {code}"),
            None => "was ended by a signal".to_owned(),
        })
        .hint("its own message, if any, stands above"));
    }
    // Password managers keep notes below the first line.
    let text = String::from_utf8(text)
        .map_err(|_| failed("printed something that is not text".to_owned()))?;
    match text.lines().find(|line| !line.trim().is_empty()) {
        Some(line) => Ok(Secret::new(line)),
        None => Err(failed("printed nothing".to_owned())),
    }
}

/// Returns what ends a command that takes too long: with all that it has started, which would hold
/// our stderr open, where it can have a group of its own. At a terminal a group of its own could not
/// ask for a passphrase.
#[cfg(unix)]
fn stopping(command: &mut Command) -> fn(&mut Child) {
    use std::os::unix::process::CommandExt as _;
    if crate::files::terminal().is_ok() {
        return stop;
    }
    command.process_group(0);
    |child| {
        let group = rustix::process::Pid::from_child(child);
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        stop(child);
    }
}

#[cfg(not(unix))]
fn stopping(_: &mut Command) -> fn(&mut Child) {
    stop
}

fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Sends what a command prints, as it comes.
fn send_pieces(stdout: impl Read, sender: &mpsc::Sender<std::io::Result<Vec<u8>>>) {
    let mut stdout = stdout.take(LONGEST);
    let mut piece = [0; 4096];
    loop {
        let sent = match stdout.read(&mut piece) {
            Ok(0) => return,
            Ok(count) => sender.send(Ok(piece[..count].to_vec())),
            Err(e) if e.kind() == ErrorKind::Interrupted => Ok(()),
            Err(e) => {
                let _ = sender.send(Err(e));
                return;
            }
        };
        if sent.is_err() {
            return;
        }
    }
}

fn input() -> Stdio {
    if std::io::stdin().is_terminal() {
        Stdio::inherit()
    } else {
        Stdio::null()
    }
}
