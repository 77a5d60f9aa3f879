//! Reads from the flags how a response is printed, before anything is sent.
//!
//! Compiles filters and columns, so that a wrong one costs no call.

use std::path::Path;
use std::rc::Rc;

use crate::cli::OutputArgs;
use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::files;
use crate::output::columns::{Cell, parse_columns, parse_sort};
use crate::output::rows::exprs;
use crate::output::{self, Filter, Format, Report, Shown, Tabular};
use crate::ui::{Ui, Voice};

use super::Context;

/// How a response is shown, by flags and terminal. Fails where flags do not fit, or a filter or
/// column is wrong.
pub fn shown(output: &OutputArgs, context: &mut Context<'_>) -> Result<Shown, Failure> {
    if output.quiet {
        context.ui.set_quiet();
    }
    let format = format(output)?;
    if format == Some(Format::Raw) && (output.has_filter() || output.each) {
        let flag = if output.has_filter() {
            "--jq"
        } else {
            "--each"
        };
        return Err(
            Failure::usage(format!("`{flag}` and `-o raw` do not go together"))
                .hint("`-r` prints strings without quotes, `-o compact` each result on a line"),
        );
    }
    let aside = &context.ui;
    let compile = |flag: &str, text: &str| {
        let filter = Filter::compile(flag, text, &output.arg, &output.argjson, context.env)?;
        speak(&filter, aside);
        Ok(Rc::new(filter))
    };
    let filter = match (&output.jq, &output.jq_file) {
        (Some(text), _) => Some(compile("--jq", text)?),
        (None, Some(file)) => Some(compile("--jq-file", &of_file(file, context.env)?)?),
        (None, None) => None,
    };
    let is_terminal = context.ui.stdout_is_terminal();
    Ok(Shown {
        format,
        palette: context
            .ui
            .stdout_has_color(context.env)
            .then(output::palette),
        is_terminal: is_terminal && format != Some(Format::Raw),
        raw_strings: output.raw_output,
        filter,
        each: output.each,
        judges: output.exit_status,
        most: None,
        tabular: Tabular {
            width: context.ui.stdout_width(context.env),
            ..tabular(output, compile)?
        },
        secrets: &[],
        signatures: None,
    })
}

/// Lets a filter say on stderr what it wants there.
pub fn speak(filter: &Filter, ui: &Ui) {
    let mut aside = ui.aside();
    filter.speak_to(move |text| aside.text(text));
}

/// The text of a filter that stands in a file.
fn of_file(path: &Path, env: &Env) -> Result<String, Failure> {
    let path = env.expand_home(path);
    let text = files::read_input_text(&path).map_err(|error| {
        Failure::new(Exit::Other, format!("{error:#}"))
            .of(&path.display().to_string())
            .of("`--jq-file`")
    })?;
    // A byte order mark is no part of a filter.
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// Prints what there is to know of an output, and gives the exit code that it earns.
pub fn reported(report: &Report, label: &str, voice: &mut Voice<'_>) -> Exit {
    for note in &report.notes {
        voice.say(&format!("apicall: note: {label}: {note}"));
    }
    if report.is_wanting {
        Exit::Other
    } else {
        Exit::Success
    }
}

/// The format that is asked for: flags for rows alone ask for a table.
fn format(output: &OutputArgs) -> Result<Option<Format>, Failure> {
    let flags = [
        ("--columns", !output.columns.is_empty(), false),
        ("--sort", !output.sort.is_empty(), true),
        ("--no-header", output.no_header, false),
    ];
    for (flag, is_given, sorts) in flags {
        let Some(format) = output.output.filter(|_| is_given) else {
            continue;
        };
        if format.has_columns() || (sorts && format.is_of_elements()) {
            continue;
        }
        let forms = if sorts {
            "table, csv, tsv or ndjson"
        } else {
            "table, csv or tsv"
        };
        let hint = match (flag, format) {
            ("--columns", Format::Ndjson) => {
                "`--each --jq '{…}'` selects fields in JSON".to_owned()
            }
            ("--sort", _) => format!(
                "use `-o {}`",
                forms.replace(", ", "`, `-o ").replace(" or ", "` or `-o ")
            ),
            _ => "leave `-o` out for a table".to_owned(),
        };
        return Err(Failure::usage(format!("`{flag}` is for {forms}")).hint(hint));
    }
    Ok(output
        .output
        .or(output.asks_for_rows().then_some(Format::Table)))
}

fn tabular(
    output: &OutputArgs,
    compile: impl Fn(&str, &str) -> Result<Rc<Filter>, Failure>,
) -> Result<Tabular, Failure> {
    let columns = match &output.columns[..] {
        [] => None,
        values => Some(parse_columns(values)?),
    };
    let sort = parse_sort(&output.sort)?;
    let names = || columns.iter().flatten();
    for key in &sort {
        if key.path.is_none() && !names().any(|column| *column.name == key.name) {
            return Err(Failure::usage(format!(
                "`--sort`: `{}` is neither a column nor a path",
                key.name
            ))
            .hint("name a filter to sort by it: `--columns n='.tags|length' --sort n`"));
        }
    }
    // Each alone says best what is wrong with it.
    for column in names() {
        if let Cell::Expr(text) = &column.cell {
            compile("--columns", text)?;
        }
    }
    let exprs = columns.as_deref().and_then(exprs);
    let exprs = exprs.map(|text| compile("--columns", &text)).transpose()?;
    Ok(Tabular {
        columns,
        exprs,
        sort,
        no_header: output.no_header,
        ..Tabular::default()
    })
}
