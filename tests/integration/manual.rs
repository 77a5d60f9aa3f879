//! Draws the man pages: `clap_mangen`'s sections, and ours where it knows too little.
//!
//! The text below a command's options in `--help` is made of blocks (see `cli::help::layout`): prose
//! describes, each table becomes a section, and the examples come first. The exit codes come from `error::Exit`, variables and files from
//! the tables of `cli::help`, so a page says what `--help` says.

use std::collections::BTreeMap;

use apicall::cli::help;
use apicall::cli::help::layout::{Block, blocks};
use apicall::error::Exit;
use clap::Command;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

/// mandoc wants a date; the day of a build would change the pages without a reason.
const DATE: &str = "2026-11-22";

/// The tables that every page has.
const EVERYWHERE: [&str; 2] = ["Exit codes", "Environment"];

/// The pages of a command and all below it, by file name.
pub fn pages(mut command: Command) -> BTreeMap<String, String> {
    command.build();
    let mut pages = BTreeMap::new();
    collect(&command, None, &mut pages);
    pages
}

fn collect(command: &Command, parent: Option<&str>, pages: &mut BTreeMap<String, String>) {
    let name = match parent {
        Some(parent) => format!("{parent}-{}", command.get_name()),
        None => command.get_name().to_owned(),
    };
    pages.insert(format!("{name}.1"), page(command, &name, parent));
    for sub in command.get_subcommands().filter(|s| !s.is_hide_set()) {
        collect(sub, Some(&name), pages);
    }
}

fn page(command: &Command, name: &str, parent: Option<&str>) -> String {
    let about = command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    let text = command
        .get_after_long_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let blocks = blocks(&text);
    let mut roff = Roff::new();
    roff.control(
        "TH",
        [
            name.to_uppercase().as_str(),
            "1",
            DATE,
            "apicall",
            "apicall",
        ],
    );
    roff.control("SH", ["NAME"]);
    roff.text([roman(format!("{} - {about}", unbroken(name)))]);
    roff.control("SH", ["SYNOPSIS"]);
    roff.text(synopsis(command));
    roff.control("SH", ["DESCRIPTION"]);
    roff.text([roman(format!("{about}."))]);
    for block in &blocks {
        match block {
            Block::Prose(text) => {
                roff.control("PP", []);
                roff.text([roman(text.clone())]);
            }
            Block::Lines(None, lines) => {
                roff.control("PP", []);
                literal(&mut roff, lines);
            }
            Block::Lines(..) | Block::Table(..) => {}
        }
    }
    for block in &blocks {
        if let Block::Lines(Some(heading), lines) = block {
            roff.control("SH", [heading.to_uppercase().as_str()]);
            literal(&mut roff, lines);
        }
    }
    let mut page = roff.to_roff();
    let mut options = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render_options_section(&mut options)
        .unwrap();
    page.push_str(&String::from_utf8(options).unwrap());

    let mut roff = Roff::new();
    let subcommands: Vec<_> = command
        .get_subcommands()
        .filter(|s| !s.is_hide_set())
        .collect();
    if !subcommands.is_empty() {
        roff.control("SH", ["COMMANDS"]);
    }
    for sub in &subcommands {
        let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
        term(
            &mut roff,
            vec![
                bold(unbroken(&format!("{name}-{}", sub.get_name()))),
                roman("(1)"),
            ],
            &about,
        );
    }
    for block in &blocks {
        match block {
            Block::Table(heading, rows) if !EVERYWHERE.contains(heading) => {
                roff.control("SH", [heading.to_uppercase().as_str()]);
                for (name, meaning) in rows {
                    term(&mut roff, vec![bold(*name)], meaning);
                }
            }
            Block::Prose(_) | Block::Table(..) | Block::Lines(..) => {}
        }
    }
    roff.control("SH", ["EXIT STATUS"]);
    for exit in Exit::ALL {
        term(
            &mut roff,
            vec![bold(exit.code().to_string())],
            exit.meaning(),
        );
    }
    roff.control("SH", ["ENVIRONMENT"]);
    for (name, meaning) in help::VARIABLES {
        term(&mut roff, vec![bold(name)], meaning);
    }
    roff.control("SH", ["FILES"]);
    for (path, meaning) in help::FILES {
        term(&mut roff, vec![italic(path)], meaning);
    }
    roff.control("SH", ["SEE ALSO"]);
    roff.text(see_also(parent, name, &subcommands));
    page.push_str(&roff.to_roff());
    tidied(&page)
}

/// `apicall get [OPTIONS] <PATH> [ITEM]...`, as the usage line of the help.
fn synopsis(command: &Command) -> Vec<Inline> {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").trim();
    let name = command.get_bin_name().unwrap_or(command.get_name());
    match usage.strip_prefix(name) {
        Some(rest) => vec![bold(name), roman(rest.to_owned())],
        None => vec![roman(usage.to_owned())],
    }
}

fn term(roff: &mut Roff, name: Vec<Inline>, meaning: &str) {
    roff.control("TP", []);
    roff.text(name);
    roff.text([roman(meaning)]);
}

/// Lines to be typed, without the indentation of the help.
fn literal(roff: &mut Roff, lines: &str) {
    roff.control("nf", []);
    for line in lines.lines() {
        roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
    }
    roff.control("fi", []);
}

/// Stands for the escape that keeps a word from being hyphenated; the writer would escape it.
const UNBROKEN: char = '\u{e000}';

/// A page's name, which is looked up as it stands.
fn unbroken(name: &str) -> String {
    format!("{UNBROKEN}{name}")
}

fn see_also(parent: Option<&str>, name: &str, subcommands: &[&Command]) -> Vec<Inline> {
    let mut pages: Vec<String> = parent.map(ToOwned::to_owned).into_iter().collect();
    pages.extend(
        subcommands
            .iter()
            .map(|s| format!("{name}-{}", s.get_name())),
    );
    let mut line = Vec::new();
    for page in pages {
        if !line.is_empty() {
            line.push(roman(", "));
        }
        line.push(bold(unbroken(&page)));
        line.push(roman("(1)"));
    }
    line
}

/// The page as mandoc wants it: one kind of apostrophe and of blank line, no long lines.
fn tidied(page: &str) -> String {
    let page = page
        .replace("\\*(Aq", "\\(aq")
        .replace(UNBROKEN, "\\%")
        .replace(".br\n\n.br\n", ".sp\n");
    let mut tidied = String::new();
    let mut previous = "";
    let mut is_literal = false;
    for line in page.lines() {
        match line {
            ".nf" => is_literal = true,
            ".fi" => is_literal = false,
            _ => {}
        }
        let is_set_up = line.starts_with(".ie \\n(.g") || line.starts_with(".el .ds Aq");
        if is_literal || line.starts_with('.') || previous == ".TP" {
            if !is_set_up {
                tidied.push_str(line);
                tidied.push('\n');
            }
        } else {
            wrap(line, &mut tidied);
        }
        previous = line;
    }
    tidied
}

fn wrap(line: &str, out: &mut String) {
    // mandoc counts a letter beyond ASCII as the escape that it makes of it.
    let width =
        |word: &str| -> usize { word.chars().map(|c| if c.is_ascii() { 1 } else { 8 }).sum() };
    let mut length = 0;
    for word in line.split(' ') {
        // A line that begins with one of these would be an instruction.
        let may_begin = !word.starts_with(['.', '\'']) && !word.is_empty();
        if length > 0 {
            let breaks = length + 1 + width(word) > 78 && may_begin;
            out.push(if breaks { '\n' } else { ' ' });
            length = if breaks { 0 } else { length + 1 };
        }
        out.push_str(word);
        length += width(word);
    }
    out.push('\n');
}
