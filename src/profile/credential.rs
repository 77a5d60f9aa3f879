//! From a key's source to the key.

use std::io::{ErrorKind, IsTerminal as _, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::files::trust::{self, What};
use crate::secret::Secret;
use crate::service::Key;

use super::model::{KeySource, Profile};

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

/// The text that a key's source gives.
pub fn read(source: &KeySource, env: &Env) -> Result<Secret, Failure> {
    read_within(source, None, env)
}

/// The same where a command may take so long.
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
            // A group that may read it is the owner's choice, and told where the config is.
            file.readers(Some("a key")).map_err(failed)?;
            file.text().map(Secret::new).map_err(failed)
        }
        KeySource::Env(name) => match env.text(name)? {
            Some(key) => Ok(Secret::new(key)),
            None if is_variable(name) => {
                Err(Failure::config(format!("`key_env`: `{name}` is not set")))
            }
            // It is not repeated: it may be the key itself.
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

fn is_variable(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn run(command: &str, limit: Option<Duration>) -> Result<Secret, Failure> {
    let failed = |what: String| Failure::config(format!("the key command {what}"));
    let started = Instant::now();
    let mut child = Command::new("sh")
        .arg("-c")
        .arg(command)
        .stdin(input())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|e| failed(format!("could not be started: {e}")))?;
    // Its output is read on another thread, so that the wait for it can end.
    let stdout = child.stdout.take();
    let (sender, printed) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.map(|stdout| stdout.take(LONGEST).read_to_end(&mut bytes));
        let _ = sender.send(read.transpose().map(|_| bytes));
    });
    let printed = match limit {
        None => printed.recv().ok(),
        Some(limit) => printed
            .recv_timeout(limit.saturating_sub(started.elapsed()))
            .ok(),
    };
    let Some(printed) = printed else {
        // What it has started itself may live on; nobody waits for it.
        let _ = child.kill();
        return Err(Failure::new(
            Exit::TimedOut,
            "timed out: the key command takes longer than the whole call may (`timeout`)",
        ));
    };
    let printed = printed.map_err(|e| failed(format!("could not be read: {e}")))?;
    let status = child
        .wait()
        .map_err(|e| failed(format!("could not be waited for: {e}")))?;
    if !status.success() {
        return Err(failed(match status.code() {
            Some(code) => format!("ended with status {code}"),
            None => "was ended by a signal".to_owned(),
        })
        .hint("its own message, if any, stands above"));
    }
    // Password managers keep notes below the first line.
    let text = String::from_utf8(printed)
        .map_err(|_| failed("printed something that is not text".to_owned()))?;
    match text.lines().find(|line| !line.trim().is_empty()) {
        Some(line) => Ok(Secret::new(line)),
        None => Err(failed("printed nothing".to_owned())),
    }
}

fn input() -> Stdio {
    if std::io::stdin().is_terminal() {
        Stdio::inherit()
    } else {
        Stdio::null()
    }
}
