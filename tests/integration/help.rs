//! `-h`, `--help` and what is said of a wrong command line.

use apicall::cli::help::layout::{Block, blocks};
use clap::Command;

use crate::support::Home;

/// Every command as it is typed, with the definition.
fn commands() -> Vec<(Vec<String>, Command)> {
    fn collect(command: &Command, typed: &[String], all: &mut Vec<(Vec<String>, Command)>) {
        all.push((typed.to_vec(), command.clone()));
        for sub in command.get_subcommands() {
            let mut typed = typed.to_vec();
            typed.push(sub.get_name().to_owned());
            collect(sub, &typed, all);
        }
    }
    let mut root = apicall::cli::Cli::command();
    root.build();
    let mut all = Vec::new();
    collect(&root, &[], &mut all);
    all
}

fn with(typed: &[String], flag: &str) -> Vec<String> {
    typed.iter().cloned().chain([flag.to_owned()]).collect()
}

#[test]
fn every_help_has_examples_and_a_short_form() {
    let home = Home::empty();
    // `maas` has the help of another command line; see `dropin`.
    for (typed, command) in commands()
        .into_iter()
        .filter(|(typed, _)| *typed != ["maas"])
    {
        let long = home.run(&with(&typed, "--help")).ok();
        let short = home.run(&with(&typed, "-h")).ok();
        assert!(long.stdout().contains("\nExamples:\n  "), "{typed:?}");
        assert!(!short.stdout().contains("\nExamples:\n"), "{typed:?}");
        assert!(short.stdout.len() < long.stdout.len(), "{typed:?}");
        let about = command
            .get_about()
            .expect("every command says what it does");
        for help in [&long, &short] {
            let first = help.stdout().lines().next().unwrap();
            assert_eq!(first, about.to_string(), "{typed:?}");
        }
    }
}

#[test]
fn help_fits_the_width_and_wraps_no_example() {
    for (columns, fits) in [("", 80), ("40", 40), ("60", 60), ("80", 80), ("200", 80)] {
        let home = Home::empty().var("COLUMNS", columns);
        for (typed, command) in commands() {
            let text = command.get_after_long_help().unwrap().to_string();
            let verbatim: Vec<&str> = blocks(&text)
                .iter()
                .filter_map(|block| match block {
                    Block::Lines(_, lines) => Some(lines.lines()),
                    Block::Prose(_) | Block::Table(..) => None,
                })
                .flatten()
                .collect();
            for flag in ["--help", "-h"] {
                if typed == ["maas"] {
                    continue;
                }
                let help = home.run(&with(&typed, flag)).ok().stdout;
                let help = String::from_utf8(help).unwrap();
                for line in help.lines() {
                    // A word cannot be divided.
                    let is_word = !line.trim().contains(' ');
                    let fits_here = line.chars().count() <= fits || is_word;
                    let is_verbatim = verbatim.contains(&line);
                    assert!(fits_here || is_verbatim, "{typed:?} {flag} {fits}: {line}");
                }
                if flag == "--help" {
                    for line in &verbatim {
                        assert!(
                            help.lines().any(|l| l == *line),
                            "{typed:?}: {line}\n{help}"
                        );
                        assert!(line.chars().count() <= 80, "{typed:?}: {line}");
                    }
                }
            }
        }
    }
}

#[test]
fn every_argument_is_explained() {
    for (typed, command) in commands() {
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string);
            assert!(help.is_some_and(|h| !h.is_empty()), "{typed:?} {argument}");
        }
    }
}

/// Each example of a help text parses, so that none shows a flag that is gone.
#[test]
fn every_example_parses() {
    for (typed, command) in commands() {
        let text = command.get_after_long_help().unwrap().to_string();
        let examples = text.split("Examples:\n").nth(1).expect("examples");
        let examples = examples.split("\n\n").next().unwrap();
        // A line that is indented further continues the one before.
        let examples = examples
            .replace(" \\\n      ", " ")
            .replace("\n      ", " ");
        for line in examples.lines() {
            let at = line.find("apicall ").expect("an example calls apicall");
            let words = words(&line[at..]);
            apicall::cli::Cli::command()
                .try_get_matches_from(&words)
                .unwrap_or_else(|e| panic!("{typed:?}: {line}\n{e}"));
        }
    }
}

/// The words of the first command of a line, quotes taken off.
#[test]
fn mistakes_of_newcomers_have_hints() {
    let home = crate::support::Home::empty();
    for (line, want) in [
        ("-p lab get /x/", "hint: `-p` goes after the command"),
        ("get /x/ -X POST", "hint: the method is a command"),
        ("post /x/ -d a=b", "hint: fields are items"),
        ("get /x/ -u me", "hint: the profile's key signs the call"),
        ("GET /x/", "hint: the command is `get`"),
        ("wait @node17", "--for <STATE>"),
        ("login h --nope", "Usage: apicall login"),
    ] {
        let ended = home.run(&crate::typed::words(line)).fails(2, want);
        assert!(!ended.stderr.contains("to pass '"), "{ended:?}");
        assert!(!ended.stderr.contains("a key is never"), "{ended:?}");
    }
    let asked = home.run(&["help", "get"]).ok().stdout;
    assert_eq!(asked, home.run(&["get", "--help"]).ok().stdout);
    let asked = home.run(&["help"]).ok().stdout;
    assert_eq!(asked, home.run(&["--help"]).ok().stdout);
}

fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '|' | '>' | ')' | ';') => break,
            (None, ' ') => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

#[test]
fn a_wrong_command_line_is_exit_2() {
    let home = Home::empty();
    for (typed, _) in commands() {
        home.run(&with(&typed, "--no-such-flag"))
            .fails(2, "--no-such-flag");
    }
    home.run(&["gett", "/machines/"]).fails(2, "gett");
    home.run(&["get"]).fails(2, "<PATH>");
    home.run(&["get", "/machines/", "-o", "xml"])
        .fails(2, "xml");
}

#[test]
fn without_arguments_the_short_help_goes_to_stderr() {
    let ended = Home::empty().run::<&str>(&[]).code(2);
    assert!(ended.stdout.is_empty());
    assert!(ended.stderr.contains("Usage: apicall"), "{ended:?}");
}

#[test]
fn the_version_is_the_packages() {
    let ended = Home::empty().run(&["--version"]).ok();
    assert_eq!(
        ended.stdout(),
        concat!("apicall ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

/// README and reference quote the tables; they cannot be drawn from them, being written by hand.
#[test]
fn documents_quote_the_tables() {
    let readme = include_str!("../../README.md");
    let reference = include_str!("../cmd/config.md");
    for exit in apicall::error::Exit::ALL {
        let row = format!("| {} | {} |\n", exit.code(), exit.meaning());
        assert!(readme.contains(&row), "missing: {row}");
    }
    for (names, meaning) in apicall::cli::help::VARIABLES {
        let names = names.replace(", ", "`, `");
        let row = format!("| `{names}` | {meaning} |\n");
        assert!(reference.contains(&row), "missing: {row}");
    }
}
