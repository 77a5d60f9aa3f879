//! Draws the man pages: `clap_mangen`'s sections, and ours where it knows too little.
//!
//! The text below a command's options in `--help` is made of sections (see `cli::help`); each
//! becomes a section of the page. The exit codes come from `error::Exit`, variables and files from
//! the tables of `cli::help`, so a page says what `--help` says.

use std::collections::BTreeMap;

use apicall::cli::help;
use apicall::error::Exit;
use clap::Command;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

/// mandoc wants a date; the day of a build would change the pages without a reason.
const DATE: &str = "2026-11-22";

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
    let sections = sections(
        &command
            .get_after_long_help()
            .map(ToString::to_string)
            .unwrap_or_default(),
    );
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
    roff.text([roman(format!("{name} - {about}"))]);
    roff.control("SH", ["SYNOPSIS"]);
    roff.text(synopsis(command));
    roff.control("SH", ["DESCRIPTION"]);
    roff.text([roman(format!("{about}."))]);
    for text in texts(&sections) {
        roff.control("PP", []);
        roff.text([roman(text.replace('\n', " "))]);
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
            vec![bold(format!("{name}-{}", sub.get_name())), roman("(1)")],
            &about,
        );
    }
    for heading in ["Paths", "Items"] {
        if let Some(lines) = section(&sections, heading) {
            roff.control("SH", [heading.to_uppercase().as_str()]);
            table(&mut roff, lines);
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
    if let Some(lines) = section(&sections, "Examples") {
        roff.control("SH", ["EXAMPLES"]);
        roff.control("nf", []);
        for line in lines.lines() {
            roff.text([roman(line.trim())]);
        }
        roff.control("fi", []);
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

/// Rows of two columns, the second perhaps on several lines.
fn table(roff: &mut Roff, lines: &str) {
    let mut rows: Vec<(&str, String)> = Vec::new();
    for line in lines.lines() {
        if line.starts_with("    ")
            && let Some((_, meaning)) = rows.last_mut()
        {
            meaning.push(' ');
            meaning.push_str(line.trim());
        } else if let Some((name, meaning)) = line.trim().split_once("  ") {
            rows.push((name, meaning.trim().to_owned()));
        }
    }
    for (name, meaning) in rows {
        term(roff, vec![bold(name)], &meaning);
    }
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
        line.push(bold(page));
        line.push(roman("(1)"));
    }
    line
}

/// Splits a text below the options: `(heading, lines)`, without a heading for plain text.
fn sections(text: &str) -> Vec<(Option<String>, String)> {
    text.split("\n\n")
        .map(|block| match block.split_once('\n') {
            Some((first, rest)) if first.ends_with(':') && rest.starts_with(' ') => (
                Some(first.trim_end_matches(':').to_owned()),
                rest.to_owned(),
            ),
            _ => (None, block.to_owned()),
        })
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

fn section<'a>(sections: &'a [(Option<String>, String)], heading: &str) -> Option<&'a str> {
    sections
        .iter()
        .find(|(h, _)| h.as_deref() == Some(heading))
        .map(|(_, text)| text.as_str())
}

fn texts(sections: &[(Option<String>, String)]) -> impl Iterator<Item = &str> {
    sections
        .iter()
        .filter(|(heading, _)| heading.is_none())
        .map(|(_, text)| text.as_str())
}

/// The page as mandoc wants it: one kind of apostrophe and of blank line, no long lines.
fn tidied(page: &str) -> String {
    let page = page
        .replace("\\*(Aq", "\\(aq")
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
