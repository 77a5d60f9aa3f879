//! Prints help, and clap's errors in the format of our own.
//!
//! Owns the wording of usage errors and the exit code 2; secrets in the arguments are masked.

use std::borrow::Cow;
use std::ffi::OsString;

use anyhow::Context as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::Cli;
use crate::cli::help::layout::{fill, laid_out};
use crate::env::Env;
use crate::error::{Exit, is_closed_pipe};
use crate::secret::{MASK, typed};
use crate::service::key::looks_like;
use crate::ui::Ui;

/// The widest help, in columns.
const WIDTH: usize = 80;

/// What clap puts before the usage.
const USAGE: &str = "Usage: ";

/// Stands for a space where clap must not break a line.
const KEPT: &str = "\u{e000}";

/// Replaces words that other programs have for flags: `help get` by `get --help`, `version` by
/// `--version`.
pub fn help_as_flag(args: &[OsString]) -> Cow<'_, [OsString]> {
    match args {
        [program, word, rest @ ..] if word == "help" => {
            let mut args = vec![program.clone()];
            args.extend_from_slice(rest);
            args.push("--help".into());
            Cow::Owned(args)
        }
        [program, word] if word == "version" => {
            Cow::Owned(vec![program.clone(), "--version".into()])
        }
        _ => Cow::Borrowed(args),
    }
}

/// Prints help and version to stdout; reports a wrong command line as one line, clap's tips and the
/// usage on stderr.
pub fn report(error: &clap::Error, args: &[OsString], env: &Env, ui: &mut Ui) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = help(error, args, ui.help_width(env).min(WIDTH));
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
            ui.text(error.render().to_string().trim_end());
            return Exit::Usage;
        }
        _ => {}
    }
    if let Some((name, formats)) = file_as_format(error) {
        let name = typed(name);
        ui.say(&format!("apicall: `{name}` is not an output format"));
        ui.say(&format!(
            "hint: `-o` takes one of {formats}; `> {name}` writes a file"
        ));
        return Exit::Usage;
    }
    let mut text = error.render().to_string();
    // A key given as an argument must not be shown again. It may stand in the message as part of
    // what was not understood.
    let is_login = args.get(1).is_some_and(|a| a == "login");
    let mut has_key = false;
    for arg in args.iter().skip(2).filter_map(|a| a.to_str()) {
        let value = arg.split_once('=').map_or(arg, |(_, v)| v);
        // No key is that short, and a `.` stands in other places, too.
        let is_long = value.len() >= 8;
        if is_long && !value.contains("://") && looks_like(value).is_some() {
            text = text.replace(value, MASK);
            has_key = true;
        }
    }
    if is_login
        && let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg)
        && !unknown.starts_with('-')
    {
        text = text.replace(unknown.as_str(), MASK);
    }
    // Anything else that looks like a key, wherever it was put.
    let text = typed(&text);
    let unknown = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(unknown)) => unknown.as_str(),
        _ => "",
    };
    let is_unknown = error.kind() == ErrorKind::UnknownArgument;
    let meant = is_unknown.then(|| of_others(unknown, args)).flatten();
    let is_misled = is_unknown && (meant.is_some() || !is_near(error, unknown));
    let text = without_tips(text.strip_prefix("error: ").unwrap_or(&text), is_misled);
    let text = if is_misled {
        with_plain_usage(&text, args)
    } else {
        text
    };
    let (first, rest) = text
        .trim_end()
        .split_once('\n')
        .unwrap_or((text.trim_end(), ""));
    ui.say(&format!("apicall: {first}"));
    if !rest.is_empty() {
        ui.text(rest);
    }
    let as_argument = is_unknown && (!unknown.starts_with('-') || unknown.starts_with("--key"));
    if is_login && (has_key || as_argument || text.contains(MASK)) {
        ui.say("hint: a key is never an argument: `--key-stdin`, `--key-file FILE`, or the prompt");
    } else if let Some(hint) = meant {
        ui.say(&format!("hint: {hint}"));
    } else if let Some(hint) = in_capitals(error).or_else(|| of_maas(error, args)) {
        ui.say(&format!("hint: {hint}"));
    }
    Exit::Usage
}

/// Renders help for `width` columns, without wrapping the commands in it.
fn help(error: &clap::Error, args: &[OsString], width: usize) -> String {
    let mut command = Cli::command();
    command.build();
    match fitted(command, width).try_get_matches_from(args) {
        Err(fitted) => usage_fitted(&fitted.render().to_string(), width).replace(KEPT, " "),
        Ok(_) => error.render().to_string(),
    }
}

/// Wraps the usage, which clap leaves as it is.
fn usage_fitted(help: &str, width: usize) -> String {
    let mut out = String::new();
    let mut is_usage = false;
    for line in help.lines() {
        is_usage = line.starts_with(USAGE) || (is_usage && !line.is_empty());
        match line.split_at_checked(USAGE.len()) {
            Some((first, rest)) if is_usage => {
                out.push_str(first);
                fill(&mut out, rest, (first.len(), first.len() + 4), width);
            }
            _ => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

/// Lays out the texts of a command and of all below it; clap wraps the rest.
fn fitted(command: clap::Command, width: usize) -> clap::Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    let text = command.get_after_long_help().map(ToString::to_string);
    let mut command = command.term_width(width);
    if let Some(text) = text {
        command = command.after_long_help(laid_out(&text, width).replace(' ', KEPT));
    }
    for name in names {
        command = command.mut_subcommand(name, |sub| fitted(sub, width));
    }
    command
}

/// Drops clap's tips on giving an unknown flag as a value, and on flags that are spelled alike if
/// another one is meant.
fn without_tips(text: &str, is_known: bool) -> String {
    let mut kept = String::new();
    let is_tip = |line: &str| {
        line.starts_with("  tip: to pass '") || (is_known && line.starts_with("  tip: "))
    };
    for line in text.lines().filter(|line| !is_tip(line)) {
        // Nor are two empty lines in a row left behind.
        if !(line.is_empty() && kept.ends_with("\n\n")) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// Returns whether the flag that clap suggests is spelled as the typed one but for a slip.
fn is_near(error: &clap::Error, typed: &str) -> bool {
    match error.get(ContextKind::SuggestedArg) {
        Some(ContextValue::String(flag)) => strsim::damerau_levenshtein(flag, typed) <= 2,
        _ => false,
    }
}

/// clap puts the flag that it suggests into the usage: without a suggestion that is any flag.
fn with_plain_usage(text: &str, args: &[OsString]) -> String {
    let mut command = Cli::command();
    command.build();
    for word in args.iter().skip(1) {
        match command.find_subcommand(word) {
            Some(sub) => command = sub.clone(),
            None => break,
        }
    }
    let usage = command.render_usage().to_string();
    let lines = text.lines().map(|line| {
        if line.starts_with("Usage: ") {
            usage.trim_end()
        } else {
            line
        }
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Returns what other programs' flags are called here, or where ours belong.
fn of_others(unknown: &str, args: &[OsString]) -> Option<&'static str> {
    let is_first = args.get(1).is_some_and(|arg| {
        let arg = arg.to_string_lossy();
        arg.starts_with("-p") || arg.starts_with("--profile")
    });
    Some(match unknown {
        "-p" | "--profile" if is_first => "`-p` goes after the command: `apicall get PATH -p NAME`",
        "-X" | "--request" => "the method is a command: `apicall post PATH`, or `call METHOD PATH`",
        "-d" | "--data" | "--data-raw" => {
            "fields are items: `apicall post PATH name=value`; `--body` sends a complete body"
        }
        "-u" | "--user" | "-a" | "--auth" | "--key" | "--api-key" | "--token" => {
            "the profile's key signs the call: `apicall login` saves one"
        }
        "--pretty" | "--print" | "--format" => {
            "JSON is pretty-printed by default; `-o FORMAT` selects another format"
        }
        "--indent" | "--tab" | "--sort-keys" | "-S" => {
            "JSON keeps the order of its keys, and two blanks indent it; `-o compact` has none"
        }
        "--compact" | "--compact-output" | "--yaml" | "--csv" | "--tsv" | "--table"
        | "--ndjson" | "--jsonl" => {
            "`-o FORMAT` chooses the format: compact, yaml, csv, tsv, table or ndjson"
        }
        "--no-color" | "--no-colour" | "--monochrome-output" | "-M" | "-C" => {
            "`--color never` prints without colors, `--color always` with them"
        }
        "--filter" | "--jsonpath" | "--jmespath" | "--template" => {
            "`--jq FILTER` filters the response"
        }
        "--slurp" | "--null-input" | "-n" | "--seq" | "--from-file" | "--rawfile"
        | "--slurpfile" | "--jq-arg" => {
            "filters have `--jq FILTER`, `--jq-file FILE`, `--arg NAME TEXT`, `--argjson NAME JSON`"
        }
        "--stream" | "--unbuffered" => {
            "responses are printed as they come; `--each` filters their elements meanwhile"
        }
        "--join-output" | "-j" => "`-r` prints strings without quotes, each on a line",
        "--exit-code" => "`-e` makes the last result of `--jq` the exit code",
        "--reverse" | "--desc" => "`--sort -NAME` puts the largest first",
        "--page-size" | "--per-page" => {
            "`--paginate` follows all pages, `--max-items N` prints at most N elements"
        }
        "--save" | "--output-file" | "--remote-name" => {
            "`--download FILE` writes the body to a file, `-O` to one of the server's name"
        }
        "--watch" | "-w" => "`apicall wait PATH --until EXPR` asks until something is so",
        "--curl" | "--offline" | "--noop" => {
            "`--dry-run` prints the request, `--as curl` a command that sends it"
        }
        "--compressed" => "gzip is requested and unpacked by default",
        "--user-agent" | "-A" | "--cookie" | "-b" | "--referer" => {
            "a header is an item: `apicall get PATH User-Agent:x`; or `-H 'User-Agent: x'`"
        }
        "-x" => "`--proxy URL` names a proxy",
        "--cacert" => "`--ca-file FILE` holds the certificates to trust",
        "--cert" => "`--client-cert FILE` and `--client-key FILE` identify this client",
        "--host" | "--url" | "--server" => {
            "the address is the profile's: `-p NAME` chooses one, `apicall login URL` creates one"
        }
        "--silent" | "-s" => "`-q` prints no body and no progress",
        "--follow" | "-L" | "--location" => {
            "GET and HEAD follow redirects by default; `events --follow` follows the event log"
        }
        "--data-binary" | "--data-urlencode" | "--raw" => {
            "`--body BODY` sends a complete body, `--body @FILE` a file's content"
        }
        "--fail" | "--check-status" => "any status but 2xx is an exit code above 0",
        "--head" | "-I" => "`apicall head PATH` prints the headers; `-i` adds them to the body",
        "--limit" | "--max" => "`--max-items N` prints at most N elements",
        "--query-string" | "--params" | "-G" | "--get" => {
            "parameters are items: `apicall get PATH name=value`; `name==value` on any method"
        }
        "--fields" | "--select" => "`--columns a,b.c` selects columns, `--jq FILTER` fields",
        "--verify" => "`--insecure` does not verify the server's certificate",
        "--max-time" | "-m" => "`--timeout TIME` limits the complete call",
        "--debug" => "`-v` prints headers and timing, `-vv` also bodies",
        _ => return None,
    })
}

/// Returns the command that was typed in capitals: `GET` for `get`.
fn in_capitals(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let word = typed.to_ascii_lowercase();
    let is_known = Cli::command().find_subcommand(&word).is_some();
    (is_known && word != *typed).then(|| format!("the command is `{word}`"))
}

/// Recognizes a `maas` command line without its name: `lab machines read`.
fn of_maas(error: &clap::Error, args: &[OsString]) -> Option<String> {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    let is_word = |word: &&str| {
        let mut bytes = word.bytes();
        bytes.next().is_some_and(|b| b.is_ascii_lowercase())
            && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let words: Vec<&str> = args
        .iter()
        .skip(1)
        .map_while(|arg| arg.to_str().filter(is_word))
        .take(3)
        .collect();
    match words[..] {
        [profile, handler, action] => Some(format!(
            "did you mean `apicall maas {profile} {handler} {action}`?"
        )),
        [handler, action @ ("read" | "create" | "update" | "delete")] => Some(format!(
            "did you mean `apicall maas PROFILE {handler} {action}`?"
        )),
        _ => None,
    }
}

/// Returns what was typed as a format (`-o out.json`), and the formats there are.
fn file_as_format(error: &clap::Error) -> Option<(&str, String)> {
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
        Some(ContextValue::Strings(formats)) => {
            Some((text(ContextKind::InvalidValue)?, formats.join(", ")))
        }
        _ => None,
    }
}
