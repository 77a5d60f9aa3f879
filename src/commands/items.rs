//! Reads the files that items name: the one place between grammar and plan that touches the disk.
//!
//! Typed items in, loaded ones out. Must not know the service.

use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;

use crate::cli::RequestArgs;
use crate::env::Env;
use crate::error::Failure;
use crate::files;
use crate::json::{Layout, Printer, Style};
use crate::request::body::{self, Content, FormPart};
use crate::request::item::{Item, Labels, Source};
use crate::request::media_type;
use crate::request::plan::{EXPECT_ABOVE, Loaded};

use super::names;

/// The items and the flags that stand for items, in that order; no file is read yet.
pub fn parse(items: &[String], flags: &RequestArgs) -> Result<Vec<Item>, Failure> {
    let mut parsed = Vec::new();
    for item in items {
        parsed.push(Item::parse(item)?);
    }
    for query in &flags.query {
        parsed.push(Item::literal_query(query)?);
    }
    for field in &flags.field {
        parsed.push(Item::literal_field(field)?);
    }
    for field in &flags.json_field {
        parsed.push(Item::literal_json(field)?);
    }
    for header in &flags.header {
        parsed.push(Item::literal_header(header)?);
    }
    if let Some(body) = &flags.body {
        let source = match body.strip_prefix('@') {
            _ if body == "-" => Source::Stdin,
            Some("-") => Source::Stdin,
            Some("") => return Err(Failure::usage("`--body` names no file after `@`")),
            Some(path) => Source::File(path.into()),
            None => Source::Text(body.clone()),
        };
        parsed.push(Item::Body(source, Labels::default()));
    }
    Ok(parsed)
}

/// Reads the items and the flags that stand for items, in that order.
pub fn load(items: &[String], flags: &RequestArgs, env: &Env) -> anyhow::Result<Vec<Loaded>> {
    let parsed = parse(items, flags)?;
    let from_stdin = parsed
        .iter()
        .filter(|i| source(i) == Some(&Source::Stdin))
        .count();
    if from_stdin > 1 {
        return Err(Failure::usage("standard input is read by more than one item").into());
    }
    let is_value = |item: &Item| matches!(item, Item::Field(..) | Item::Json(..));
    let of_stdin = parsed
        .iter()
        .any(|i| is_value(i) && source(i) == Some(&Source::Stdin))
        .then_some(Loaded::FromStdin);
    let labeled = labels_of_body(&parsed)?;
    // A program reads the body when it runs.
    let reads = flags.send.language.is_none();
    parsed
        .into_iter()
        .map(|item| match item {
            Item::Body(Source::Stdin, _) if !reads => Ok(Loaded::Body(UNREAD)),
            Item::Part(key, source @ Source::Stdin, labels) if !reads => {
                let part = part(key.text, &source, labels)?;
                Ok(Loaded::Part(FormPart {
                    content: UNREAD,
                    ..part
                }))
            }
            item => load_one(item, env),
        })
        .chain(labeled.into_iter().map(Ok))
        .chain(of_stdin.map(Ok))
        .collect()
}

/// Returns the headers that say what was said of a whole body: its type, and the name of its file.
fn labels_of_body(items: &[Item]) -> Result<Vec<Loaded>, Failure> {
    let mut headers = Vec::new();
    for item in items {
        let Item::Body(_, labels) = item else {
            continue;
        };
        if let Some(content_type) = &labels.content_type {
            check_type("the body", content_type)?;
            let is_given = |item: &Item| matches!(item, Item::Header(name, _) if name.eq_ignore_ascii_case("content-type"));
            if items.iter().any(is_given) {
                return Err(Failure::usage("the type of the body is given twice")
                    .hint("leave out `;type=…` or the header `Content-Type`"));
            }
            headers.push(Loaded::Header(
                "Content-Type".to_owned(),
                Some(content_type.clone()),
            ));
        }
        if let Some(filename) = &labels.filename {
            headers.push(Loaded::Header(
                "Content-Disposition".to_owned(),
                Some(body::disposition(filename)),
            ));
        }
    }
    Ok(headers)
}

/// Returns what looks as if a file were read, and sends the text that was typed.
#[must_use]
pub fn notes(typed: &[String]) -> Vec<String> {
    let note = |item: Item| match item {
        Item::Header(name, Some(value)) if is_file_like(&value) => Some(format!(
            "the header `{name}` is the text that was typed: `Name:@file` reads no file"
        )),
        Item::Query(name, value) if is_file_like(&value) => Some(format!(
            "the parameter `{name}` is the text that was typed: `k==@file` reads no file, and \
             `--query` says that it is meant so"
        )),
        _ => None,
    };
    // Files are read once, when the items are.
    let typed = typed.iter().filter(|typed| typed.contains('@'));
    typed
        .filter_map(|typed| note(Item::parse(typed).ok()?))
        .collect()
}

fn is_file_like(value: &str) -> bool {
    value.len() > 1 && value.starts_with('@')
}

/// Standard input of which nothing is read.
const UNREAD: Content = Content::Stdin {
    start: Vec::new(),
    more: true,
};

/// Returns whether an item reads standard input.
#[must_use]
pub fn reads_stdin(item: &Item) -> bool {
    source(item) == Some(&Source::Stdin)
}

fn source(item: &Item) -> Option<&Source> {
    match item {
        Item::Field(_, s) | Item::Json(_, s) | Item::Part(_, s, _) | Item::Body(s, _) => Some(s),
        Item::Named(..) | Item::Query(..) | Item::Header(..) => None,
    }
}

/// The text of an item's value. A file that is not there may be meant as a name.
fn value(key: &str, source: Source, env: &Env) -> anyhow::Result<String> {
    let file = match &source {
        Source::File(path) => path.to_str().map(str::to_owned),
        Source::Text(_) | Source::Stdin => None,
    };
    text(source, env).map_err(|error| match file {
        Some(file) => names::not_a_file(error, key, &file),
        None => error,
    })
}

pub(super) fn load_one(item: Item, env: &Env) -> anyhow::Result<Loaded> {
    Ok(match item {
        Item::Field(key, source) => {
            let text = value(&key.text, source, env)?;
            Loaded::Field(key, text)
        }
        Item::Named(key, name) => Loaded::Named(key, name),
        Item::Json(key, source) => {
            // A file may begin with a byte order mark, which is no part of a value.
            let json = value(&key.text, source, env)?;
            let json = json.trim_start_matches('\u{feff}').to_owned();
            check_json(&key.text, &json)?;
            Loaded::Json(key, json.trim().to_owned())
        }
        Item::Query(name, value) => Loaded::Query(name, value),
        Item::Header(name, value) => Loaded::Header(name, value),
        Item::Part(key, source, labels) => {
            let part = part(key.text, &source, labels)?;
            Loaded::Part(FormPart {
                content: content(source, env)?,
                ..part
            })
        }
        Item::Body(Source::Text(text), _) => Loaded::Body(Content::Bytes(text.into_bytes())),
        Item::Body(source, _) => Loaded::Body(content(source, env)?),
    })
}

/// Returns the text of a field.
pub(super) fn text(source: Source, env: &Env) -> anyhow::Result<String> {
    match source {
        Source::Text(text) => Ok(text),
        Source::File(path) => {
            let path = env.expand_home(&path);
            files::read_input_text(&path).with_context(|| path.display().to_string())
        }
        Source::Stdin => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .context("standard input")?;
            Ok(text)
        }
    }
}

fn check_json(key: &str, text: &str) -> Result<(), Failure> {
    let style = Style {
        layout: Layout::Compact,
        palette: None,
        visible: false,
    };
    let mut printer = Printer::new(std::io::sink(), style);
    // Writing to a sink cannot fail.
    let fault = printer
        .write(text.as_bytes())
        .and_then(|()| printer.finish());
    match fault {
        _ if text.trim().is_empty() => Err(Failure::usage(format!(
            "the value of `{key}` is empty, not JSON"
        ))),
        Ok(Some(fault)) => Err(Failure::usage(format!(
            "the value of `{key}` is not JSON: {fault}"
        ))
        .hint(json_hint(key, text))),
        _ => Ok(()),
    }
}

/// Returns what was meant by text that is not JSON.
fn json_hint(key: &str, text: &str) -> String {
    let text = text.trim();
    if text.starts_with(['{', '[']) && !text.contains('"') {
        return format!(
            "did the shell take the quotes away, as PowerShell does? `\\\"` keeps one there; \
             `{key}[x]=…` and `{key}:=@file.json` need none"
        );
    }
    format!("`{key}=…` sends text; a JSON string is quoted")
}

/// Returns a body or part: streamed from disk where it is a regular file, whose length is known.
fn content(source: Source, env: &Env) -> anyhow::Result<Content> {
    match source {
        Source::Text(text) => Ok(Content::Bytes(text.into_bytes())),
        Source::Stdin => stdin_content().context("standard input"),
        Source::File(path) => {
            let path = env.expand_home(&path);
            file_content(&path).with_context(|| path.display().to_string())
        }
    }
}

/// Reads as much of standard input as needs no `Expect`: what ends before that goes out with a
/// length, which every server takes, and at once.
fn stdin_content() -> anyhow::Result<Content> {
    let mut start = Vec::new();
    let most = EXPECT_ABOVE + 1;
    std::io::stdin().lock().take(most).read_to_end(&mut start)?;
    let more = start.len() as u64 == most;
    Ok(Content::Stdin { start, more })
}

/// Returns a file that is sent: a regular one is streamed when it goes.
pub fn file_content(path: &Path) -> anyhow::Result<Content> {
    let mut file = files::input(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        anyhow::bail!("is a folder");
    }
    if metadata.is_file() {
        return Ok(Content::File {
            path: path.to_path_buf(),
            len: metadata.len(),
        });
    }
    // A pipe (`<(command)`) can be read once and has no length.
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(Content::Bytes(bytes))
}

fn check_type(what: &str, given: &str) -> Result<(), Failure> {
    let is_valid = given.contains('/') && given.bytes().all(|b| (0x20..0x7f).contains(&b));
    if is_valid {
        return Ok(());
    }
    Err(
        Failure::usage(format!("the type of {what} is not a media type"))
            .hint("write it as `;type=text/plain`"),
    )
}

/// Returns a part without its content yet.
fn part(name: String, source: &Source, labels: Labels) -> anyhow::Result<FormPart> {
    let filename = labels.filename.or_else(|| match source {
        Source::File(path) => path.file_name().map(|n| n.to_string_lossy().into_owned()),
        _ => Some("-".to_owned()),
    });
    if let Some(given) = &labels.content_type {
        check_type(&format!("the part `{name}`"), given)?;
    }
    let guessed = || {
        let guess = media_type::of_name(filename.as_deref().unwrap_or_default());
        guess.unwrap_or("application/octet-stream").to_owned()
    };
    Ok(FormPart {
        content_type: Some(labels.content_type.unwrap_or_else(guessed)),
        content: UNREAD,
        filename,
        name,
    })
}
