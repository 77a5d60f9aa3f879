//! Runs `profile`: lists, shows, changes, renames and removes profiles of the config file.
//!
//! `profile::store` writes the file. Never prints a key.

#[cfg(feature = "maascli")]
mod import;
mod set;

use serde_json::{Map, Value};

#[cfg(feature = "maascli")]
use crate::cli::ImportSource;
use crate::cli::{ListFormat, ProfileCommand, ShowFormat};
use crate::error::{Exit, Failure};
use crate::json::{Layout, Printer, Style};
use crate::output::aligned;
use crate::output::visible::line;
use crate::profile::edit::Edit;
use crate::profile::model::Entry;
use crate::profile::setting::{self, Setting};
use crate::profile::{select, store};

use super::Context;

/// Runs one of the subcommands.
pub fn run(command: &ProfileCommand, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    match command {
        ProfileCommand::List { output } => list(*output, context),
        ProfileCommand::Show { name, output } => {
            let name = select::named(name.as_deref(), context.env)?.map(str::to_owned);
            show(name.as_deref(), *output, context)
        }
        ProfileCommand::Use { name } => make_default(name, context),
        ProfileCommand::Set { name, settings } => set::run(name, settings, context),
        ProfileCommand::Rename { from, to } => rename(from, to, context),
        ProfileCommand::Remove { name } => remove(Some(name), context),
        #[cfg(feature = "maascli")]
        ProfileCommand::Import {
            source: ImportSource::Maas(args),
        } => import::maas(args, context),
        ProfileCommand::Path => {
            let path = context.config_file()?;
            print(&format!("{}\n", path.display()), context)
        }
    }
}

fn list(format: ListFormat, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let config = context.config()?;
    if format == ListFormat::Names {
        let mut names = String::new();
        for name in config.names() {
            names.push_str(name);
            names.push('\n');
        }
        return print(&names, context);
    }
    let default = config.default_name().ok();
    let mut rows = Vec::new();
    for name in config.names() {
        rows.push((name, default == Some(name), config.entry(name)));
    }
    if format == ListFormat::Json {
        let list: Vec<Value> = rows
            .into_iter()
            .map(|(name, is_default, entry)| {
                let mut members = Map::new();
                members.insert("name".to_owned(), name.into());
                members.insert("default".to_owned(), is_default.into());
                match entry {
                    Ok(entry) => members.extend(described(&entry)),
                    Err(e) => drop(members.insert("error".to_owned(), e.to_string().into())),
                }
                Value::Object(members)
            })
            .collect();
        return print_json(&Value::Array(list), context);
    }
    if rows.is_empty() {
        context
            .ui
            .say("no profiles yet: `apicall login URL` creates one");
        return Ok(Exit::Success);
    }
    let rows: Vec<[String; 5]> = rows
        .into_iter()
        .map(|(name, is_default, entry)| {
            let mark = if is_default { "*" } else { " " };
            match entry {
                Ok(entry) => [
                    mark.to_owned(),
                    name.to_owned(),
                    text(&entry, &setting::SERVICE),
                    text(&entry, &setting::URL),
                    key_text(&entry),
                ],
                Err(e) => [
                    mark.into(),
                    name.into(),
                    String::new(),
                    e.to_string(),
                    String::new(),
                ],
            }
        })
        .collect();
    print(&aligned(&rows), context)
}

/// Returns a setting as it is shown; empty where it is not set.
fn text(entry: &Entry, setting: &Setting) -> String {
    let value = entry.values.get(setting);
    value.map_or_else(String::new, |value| plain(&value.shown(setting)))
}

fn show(name: Option<&str>, format: ShowFormat, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let config = context.config()?;
    let name = match name {
        Some(name) => name,
        None => config.default_name()?,
    };
    let entry = config.entry(name)?;
    // The profile is checked as a call would, so that its faults are found here, too.
    config.profile(name)?;
    let mut members = Map::new();
    members.insert("name".to_owned(), name.into());
    members.insert(
        "default".to_owned(),
        (config.default_name().ok() == Some(name)).into(),
    );
    members.extend(described(&entry));
    if format == ShowFormat::Json {
        return print_json(&Value::Object(members), context);
    }
    let width = members.keys().map(String::len).max().unwrap_or_default();
    let mut text = String::new();
    for (member, value) in &members {
        text.push_str(&format!("{member:<width$}  {}\n", line(&plain(value))));
    }
    print(&text, context)
}

/// Returns a profile's settings with secrets masked; those that are not set are left out.
fn described(entry: &Entry) -> Map<String, Value> {
    let set = entry.values.iter();
    set.map(|(setting, value)| (setting.name.to_owned(), value.shown(setting)))
        .collect()
}

/// Returns where the key comes from, without the key.
fn key_text(entry: &Entry) -> String {
    let mut sources = entry.values.iter().filter(|(s, _)| s.is_key_source());
    match sources.next() {
        Some((setting, value)) => format!("{} {}", setting.name, plain(&value.shown(setting))),
        None => "no key".to_owned(),
    }
}

/// Returns a string without its quotes, everything else as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn make_default(name: &str, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    context.config()?.known(name)?;
    store::edit(&context.config_file()?, |edit| {
        require(edit, name)?;
        edit.set_default(name);
        Ok(())
    })?;
    context.ui.say(&format!("`{name}` is now the default"));
    Ok(Exit::Success)
}

fn rename(from: &str, to: &str, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    store::check_name(to)?;
    context.config()?.known(from)?;
    store::edit(&context.config_file()?, |edit| {
        require(edit, from)?;
        if from != to && edit.has(to) {
            return Err(Failure::config(format!("profile `{to}` already exists"))
                .hint(format!("`apicall profile remove {to}` deletes it"))
                .into());
        }
        Ok(edit.rename(from, to)?)
    })?;
    context
        .ui
        .say(&format!("profile `{from}` renamed to `{to}`"));
    Ok(Exit::Success)
}

/// Takes a profile away, the default where none was named; an unknown name is an error.
pub fn remove(name: Option<&str>, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let config = context.config()?;
    let name = match name {
        Some(name) => name,
        None => config.default_name()?,
    };
    // A profile that cannot be read can be forgotten all the same.
    config.known(name)?;
    let leaves_none = store::edit(&context.config_file()?, |edit| {
        require(edit, name)?;
        let was_default = edit.default_name() == Some(name);
        edit.remove(name)?;
        Ok(was_default && edit.count() > 1)
    })?;
    context.ui.say(&format!("profile `{name}` deleted"));
    if leaves_none {
        context
            .ui
            .say("hint: it was the default; `apicall profile use NAME` selects another");
    }
    Ok(Exit::Success)
}

/// Checks again that a profile is there: the file may have changed before its lock was taken.
fn require(edit: &Edit, name: &str) -> Result<(), Failure> {
    if edit.has(name) {
        return Ok(());
    }
    Err(Failure::config(format!("there is no profile `{name}`")))
}

/// Prints a value of ours the way responses are printed.
pub fn print_json(value: &Value, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let mut value = value.clone();
    context.ui.masks().apply_json(&mut value);
    let style = Style {
        layout: Layout::Pretty,
        palette: context
            .ui
            .stdout_has_color(context.env)
            .then(crate::output::palette),
        visible: context.ui.stdout_is_terminal(),
    };
    let mut text = Vec::new();
    let mut printer = Printer::new(&mut text, style);
    printer.write(value.to_string().as_bytes())?;
    printer.finish()?;
    print(&String::from_utf8_lossy(&text), context)
}

fn print(text: &str, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    // Colors are in it, and what is not to be seen is not.
    match context.ui.stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(e.into()),
        _ => Ok(Exit::Success),
    }
}
