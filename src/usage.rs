//! What clap says about a command line, in the form of our own errors.

use std::ffi::OsString;

use anyhow::Context as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::error::{Exit, is_closed_pipe};
use crate::secret::MASK;
use crate::service::key::looks_like;
use crate::ui::Ui;

/// Prints help and version to stdout; a wrong command line as one line, clap's tips and the usage
/// to stderr.
pub fn tell(error: &clap::Error, args: &[OsString], ui: &mut Ui) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = error.render().to_string();
            let written = ui.stdout().write_all(text.as_bytes());
            return match written.context("standard output") {
                // A reader that went away has seen enough of the help.
                Err(e) if !is_closed_pipe(&e) => {
                    ui.error(&e);
                    Exit::Other
                }
                _ => Exit::Success,
            };
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            ui.say(error.render().to_string().trim_end());
            return Exit::Usage;
        }
        _ => {}
    }
    if let Some((name, forms)) = file_as_form(error) {
        ui.say(&format!("apicall: `{name}` is no form of output"));
        ui.say(&format!(
            "hint: `-o` takes one of {forms}; `> {name}` writes a file"
        ));
        return Exit::Usage;
    }
    let mut text = error.render().to_string();
    // A key given as an argument must not be shown again. It may stand in the message as part of
    // what was not understood.
    let is_login = args.get(1).is_some_and(|a| a == "login");
    for arg in args.iter().skip(2).filter_map(|a| a.to_str()) {
        let value = arg.split_once('=').map_or(arg, |(_, v)| v);
        // No key is that short, and a `.` stands in other places, too.
        let is_long = value.len() >= 8;
        if is_long && !value.contains("://") && looks_like(value).is_some() {
            text = text.replace(value, MASK);
        }
    }
    if is_login
        && let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg)
        && !unknown.starts_with('-')
    {
        text = text.replace(unknown.as_str(), MASK);
    }
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    ui.say(&format!("apicall: {}", text.trim_end()));
    if is_login && (error.kind() == ErrorKind::UnknownArgument || text.contains(MASK)) {
        ui.say("hint: a key is never an argument: `--key-stdin`, `--key-file FILE`, or the prompt");
    }
    Exit::Usage
}

/// `-o out.json`: what was typed, and the forms there are.
fn file_as_form(error: &clap::Error) -> Option<(&str, String)> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    if error.kind() != ErrorKind::InvalidValue
        || !text(ContextKind::InvalidArg)?.starts_with("--output")
    {
        return None;
    }
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(forms)) => {
            Some((text(ContextKind::InvalidValue)?, forms.join(", ")))
        }
        _ => None,
    }
}
