//! `profile`: the profiles in the config file.

#[cfg(feature = "maascli")]
mod import;

use serde_json::{Map, Value, json};

#[cfg(feature = "maascli")]
use crate::cli::ImportSource;
use crate::cli::{ListFormat, ProfileCommand, ShowFormat};
use crate::error::{Exit, Failure};
use crate::json::{Layout, Printer, Style};
use crate::output::aligned;
use crate::profile::edit::Edit;
use crate::profile::model::Entry;
use crate::profile::{select, store};
use crate::secret::{MASK, is_sensitive_name, url_password};
use crate::service::key::has_key_form;

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
                    Err(e) => drop(members.insert("error".to_owned(), e.message.into())),
                }
                Value::Object(members)
            })
            .collect();
        return print_json(&Value::Array(list), context);
    }
    if rows.is_empty() {
        context
            .ui
            .say("no profiles yet: `apicall login URL` makes one");
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
                    entry.service.clone().unwrap_or_default(),
                    entry
                        .url
                        .as_deref()
                        .map(without_password)
                        .unwrap_or_default(),
                    key_text(&entry),
                ],
                Err(e) => [
                    mark.into(),
                    name.into(),
                    String::new(),
                    e.message,
                    String::new(),
                ],
            }
        })
        .collect();
    print(&aligned(&rows), context)
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
        let value = match value {
            Value::String(s) => s.clone(),
            other => other.to_string(),
        };
        text.push_str(&format!("{member:<width$}  {value}\n"));
    }
    print(&text, context)
}

/// A profile's members with secrets masked; those that are not set are left out.
fn described(entry: &Entry) -> Map<String, Value> {
    let path = |p: &Option<std::path::PathBuf>| p.as_ref().map(|p| p.display().to_string());
    let time = |t: &Option<crate::profile::model::Time>| t.as_ref().map(|t| json!(t.shown()));
    let headers = entry.headers.as_ref().map(|headers| {
        let masked = headers.keys().map(|n| (n.clone(), Value::from(MASK)));
        Value::Object(masked.collect())
    });
    let members: [(&str, Option<Value>); 19] = [
        ("service", entry.service.clone().map(Value::from)),
        (
            "url",
            entry.url.as_deref().map(|u| without_password(u).into()),
        ),
        ("fabric", entry.fabric.clone().map(Value::from)),
        ("key", entry.key.as_ref().map(|_| MASK.into())),
        ("key_file", path(&entry.key_file).map(Value::from)),
        ("key_env", entry.key_env.clone().map(Value::from)),
        (
            "key_command",
            entry.key_command.as_deref().map(|c| without_keys(c).into()),
        ),
        ("scheme", entry.scheme.clone().map(Value::from)),
        ("ca_file", path(&entry.ca_file).map(Value::from)),
        ("insecure", entry.insecure.map(Value::from)),
        ("pin", entry.pin.clone().map(Value::from)),
        ("client_cert", path(&entry.client_cert).map(Value::from)),
        ("client_key", path(&entry.client_key).map(Value::from)),
        (
            "proxy",
            entry.proxy.as_deref().map(|p| without_password(p).into()),
        ),
        ("timeout", time(&entry.timeout)),
        ("connect_timeout", time(&entry.connect_timeout)),
        ("retries", entry.retries.map(Value::from)),
        ("protected", entry.protected.map(Value::from)),
        ("headers", headers),
    ];
    members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

/// A command with words masked that have the form of a key.
fn without_keys(command: &str) -> String {
    let mut shown = command.to_owned();
    for word in command.split(|c: char| c.is_whitespace() || "'\"=".contains(c)) {
        if has_key_form(word) {
            shown = shown.replace(word, MASK);
        }
    }
    shown
}

/// Where the key comes from, without the key.
fn key_text(entry: &Entry) -> String {
    match (
        &entry.key,
        &entry.key_file,
        &entry.key_env,
        &entry.key_command,
    ) {
        (Some(_), ..) => format!("key {MASK}"),
        (_, Some(path), ..) => format!("key_file {}", path.display()),
        (_, _, Some(name), _) => format!("key_env {name}"),
        (.., Some(command)) => format!("key_command {}", without_keys(command)),
        _ => "no key".to_owned(),
    }
}

/// A URL with its password masked, and its query where that holds something secret.
fn without_password(url: &str) -> String {
    let masked = match url_password(url) {
        Some(password) => url.replacen(&format!(":{password}@"), &format!(":{MASK}@"), 1),
        None => url.to_owned(),
    };
    match masked.split_once('?') {
        Some((path, query)) if query.split('&').any(is_sensitive_name) => {
            format!("{path}?{MASK}")
        }
        _ => masked,
    }
}

fn make_default(name: &str, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    context.config()?.known(name)?;
    store::edit(&context.config_file()?, |edit| {
        require(edit, name)?;
        edit.set_default(name);
        Ok(())
    })?;
    context.ui.say(&format!("`{name}` is the default now"));
    Ok(Exit::Success)
}

fn rename(from: &str, to: &str, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    store::check_name(to)?;
    context.config()?.known(from)?;
    store::edit(&context.config_file()?, |edit| {
        require(edit, from)?;
        if from != to && edit.has(to) {
            return Err(
                Failure::config(format!("there is a profile `{to}` already"))
                    .hint(format!("`apicall profile remove {to}` makes room"))
                    .into(),
            );
        }
        Ok(edit.rename(from, to)?)
    })?;
    context.ui.say(&format!("`{from}` is `{to}` now"));
    Ok(Exit::Success)
}

/// Takes a profile away, the default where none was named; an unknown name is an error.
pub fn remove(name: Option<&str>, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let config = context.config()?;
    let name = match name {
        Some(name) => name,
        None => config.default_name()?,
    };
    // A profile that can not be read can be forgotten all the same.
    config.known(name)?;
    let leaves_none = store::edit(&context.config_file()?, |edit| {
        require(edit, name)?;
        let was_default = edit.default_name() == Some(name);
        edit.remove(name)?;
        Ok(was_default && edit.count() > 1)
    })?;
    context.ui.say(&format!("`{name}` is forgotten"));
    if leaves_none {
        context
            .ui
            .say("hint: it was the default; `apicall profile use NAME` chooses another");
    }
    Ok(Exit::Success)
}

/// The file may have changed between reading it and taking its lock.
fn require(edit: &Edit, name: &str) -> Result<(), Failure> {
    if edit.has(name) {
        return Ok(());
    }
    Err(Failure::config(format!("there is no profile `{name}`")))
}

/// Prints a value of ours as answers are printed.
pub fn print_json(value: &Value, context: &mut Context<'_>) -> anyhow::Result<Exit> {
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
    match context.ui.stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(e.into()),
        _ => Ok(Exit::Success),
    }
}
