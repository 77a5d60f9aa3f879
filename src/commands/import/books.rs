//! Opens the files that an import keeps: its journal, and what was refused.
//!
//! Finds an earlier run's journal and decides with the user whether it is resumed.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cli::ImportArgs;
use crate::error::Failure;
use crate::flow::import::rejects::{Rejects, occupied};
use crate::flow::import::source::Source;
use crate::flow::import::{Import, rejects_end};
use crate::flow::journal::{Journal, Past};
use crate::profile::Profile;
use crate::secret::Masks;

/// Fails where a file that is written is the source, or written for both.
pub fn check_apart(source: Option<&Path>, args: &ImportArgs) -> Result<(), Failure> {
    let files: Vec<&Path> = [source, args.rejects.as_deref(), args.journal.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    if source.is_none()
        && let Some(file) = files.iter().find(|file| is_stdin(file))
    {
        let message = format!("`{}` is both read and written", file.display());
        return Err(
            Failure::usage(message).hint("source, `--rejects` and `--journal` are three files")
        );
    }
    for (at, file) in files.iter().enumerate() {
        if files[..at].iter().any(|other| is_same(other, file)) {
            let message = format!("`{}` is named twice, and would be written", file.display());
            return Err(
                Failure::usage(message).hint("source, `--rejects` and `--journal` are three files")
            );
        }
    }
    Ok(())
}

/// Returns whether two paths lead to one regular file, which need not be there yet.
#[must_use]
pub fn is_same(a: &Path, b: &Path) -> bool {
    let place = |path: &Path| -> Option<PathBuf> {
        if let Ok(whole) = path.canonicalize() {
            return Some(whole);
        }
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        Some(folder.join(path.file_name()?))
    };
    // A device may be read and written: `/dev/null`, a terminal.
    if a.metadata().is_ok_and(|m| !m.is_file()) {
        return false;
    }
    place(a).is_some_and(|a| Some(a) == place(b)) || is_linked(a, b)
}

/// Returns whether standard input is read from this file.
#[cfg(unix)]
fn is_stdin(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (rustix::fs::fstat(std::io::stdin()), path.metadata()) {
        (Ok(input), Ok(file)) if file.is_file() => {
            (input.st_dev, input.st_ino) == (file.dev(), file.ino())
        }
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_stdin(_: &Path) -> bool {
    false
}

/// Returns whether two names are links to one file.
#[cfg(unix)]
fn is_linked(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (a.metadata(), b.metadata()) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_linked(_: &Path, _: &Path) -> bool {
    false
}

/// Returns what a journal is of: all that decides which document is stored where.
pub fn what(args: &ImportArgs, profile: &Profile, source: &Source) -> Value {
    json!({
        "apicall": "import",
        "version": 1,
        "url": profile.address.origin.to_string(),
        "fabric": profile.place().fabric,
        "collection": args.collection,
        "source": source.identity,
        "format": source.layout.format.name(),
        "separator": args.separator,
        "types": args.types,
        "guess_types": args.guess_types,
        "primary_key": args.primary_key,
        "replace": args.replace,
        "rejects": args.rejects,
    })
}

/// Opens journal and rejects.
pub fn keep(
    args: &ImportArgs,
    what: &Value,
    masks: &Masks,
    import: &mut Import,
) -> Result<(), Failure> {
    let rejects = args.rejects.as_deref();
    if let Some(path) = args.journal.as_deref().filter(|_| args.resume) {
        Journal::remove_blank(path);
    }
    match &args.journal {
        // A loop may say `--resume` from the first run on.
        Some(path) if args.resume && path.exists() => {
            let (journal, before, past) = Journal::resume(path)?;
            check_same(&before, what, path)?;
            if let Some(rejects) = rejects {
                import.keep_rejects(Rejects::resume(rejects, rejects_end(&past), masks.clone())?);
            }
            import.keep_journal(journal, past);
            return Ok(());
        }
        Some(path) => {
            // Before the journal is made: a second try would find it.
            if let Some(rejects) = rejects.filter(|r| r.symlink_metadata().is_ok()) {
                return Err(occupied(rejects));
            }
            import.keep_journal(Journal::begin(path, what)?, Past::default());
        }
        None => {}
    }
    if let Some(path) = rejects {
        import.keep_rejects(Rejects::begin(path, masks.clone())?);
    }
    Ok(())
}

/// Fails where a journal is of another run.
fn check_same(before: &Value, now: &Value, path: &Path) -> Result<(), Failure> {
    let members = now.as_object().into_iter().flatten();
    let differs: Vec<String> = members
        .filter(|(name, value)| before.get(name.as_str()).unwrap_or(&Value::Null) != *value)
        .map(|(name, _)| format!("`{}`", name.replace('_', "-")))
        .collect();
    if differs.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "the journal `{}` belongs to another run: {} {}",
        path.display(),
        differs.join(", "),
        if differs.len() == 1 { "differs" } else { "differ" }
    ))
    .hint("resume with the file and the flags of the first run; only `--batch-size`, `-j` and `--resend` may change"))
}
