//! `boot-resources create`: looks whether MAAS has the content, announces an image, then sends it in
//! chunks.
//!
//! The look is what `maas` lacks: content that comes a second time is deleted under the images that
//! have it, so nothing of it is sent.
//! The server appends each chunk without an offset, so none is ever sent twice; a plan for one says
//! so itself.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use anyhow::Context as _;
use serde_json::Value as Json;

use crate::client::Limits;
use crate::commands::Context;
use crate::error::{Exit, Failure};
use crate::flow::upload::Source;
use crate::flow::upload::look::{Found, Look};
use crate::output::decode::whole;
use crate::request::Plan;
use crate::request::body::Content;
use crate::request::plan::{Call, Loaded};
use crate::service::maas::image::Wanted;
use crate::session::Session;

use super::confirm::confirm;
use super::data::{Pair, Value};
use super::print;

/// SHA-256 of nothing.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A response beyond this is no description of an image.
const LONGEST: u64 = 16 * 1024 * 1024;

/// A `boot-resources create`.
#[derive(Debug)]
pub struct Creation<'a> {
    /// How the program is called, with its profile: `apicall maas lab`.
    pub program: &'a str,
    /// The path of the images.
    pub path: &'a str,
    /// The data.
    pub pairs: Vec<Pair>,
    /// Whether headers are printed.
    pub debug: bool,
}

/// Announces and uploads; silent where all goes well.
pub fn run(
    session: &Session,
    creation: Creation<'_>,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let Creation {
        program,
        path,
        pairs,
        debug,
    } = creation;
    let delete = format!("{program} boot-resource delete");
    // Sorted, and the last of a repeated key counts.
    let mut fields: BTreeMap<String, Value> =
        pairs.into_iter().map(|p| (p.name, p.value)).collect();
    let file = match fields.remove("content") {
        None => return missing("Missing content.\n", context),
        Some(Value::Text(_)) => {
            return Err(Failure::usage("`content` names no file")
                .hint("write it as `content@=FILE`")
                .into());
        }
        Some(Value::File(file)) => file,
    };
    let source = measure(&file)?;
    let (size, sha256) = match &source {
        Some(source) => (source.len, source.sha256.clone()),
        None => (0, EMPTY.to_owned()),
    };
    fields.insert("size".to_owned(), Value::Text(size.to_string()));
    fields.insert("sha256".to_owned(), Value::Text(sha256));
    let parameters = texts(&fields);
    let parts = fields
        .into_iter()
        .map(|(name, value)| Ok(Loaded::Part(Pair { name, value }.part()?)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let plan = plan(session, "POST", path, parts)?;
    confirm(&session.profile, &plan, context)?;
    if let Some(source) = &source {
        match look(
            session,
            source,
            &Asked {
                parameters: &parameters,
                delete: &delete,
            },
            context,
        )? {
            Found::Nothing(broken) => {
                if let Some(text) = broken {
                    let label = session.profile.label();
                    context.ui.warn(&format!("{label}: {text}"));
                }
            }
            Found::Complete { .. } => {
                let label = session.profile.label();
                let note = format!("apicall: {label}: MAAS has this image already");
                context.ui.say(&note);
                return Ok(Exit::Success);
            }
            Found::Begun(begun) => {
                let to = Destination {
                    uri: &begun.uri,
                    id: &begun.id.into(),
                    offset: begun.offset,
                    delete: &delete,
                };
                return send_chunks(session, source, to, context);
            }
        }
    }
    let response = session.send(&plan, &Limits::default(), &mut context.ui.hear())?;
    if print::exit_of(&response.head) != Exit::Success {
        let redirect = print::redirect(&session.label(&plan), &response);
        print::response(response, debug, context.ui)?;
        if let Some(failure) = redirect {
            context.ui.error(&failure.into());
        }
        return Ok(Exit::Usage);
    }
    let body = whole(response, LONGEST).map_err(|e| e.of(&session.label(&plan)))?;
    let created: Json = serde_json::from_slice(&body).unwrap_or_default();
    let Some(file_made) = newest_file(&created) else {
        return missing("Failed to identify created resource.\n", context);
    };
    if file_made["complete"].as_bool() == Some(true) {
        return Ok(Exit::Success);
    }
    let Some(uri) = file_made["upload_uri"].as_str() else {
        return missing("Failed to identify created resource.\n", context);
    };
    match source {
        Some(source) => {
            let to = Destination {
                uri,
                id: &created["id"],
                offset: 0,
                delete: &delete,
            };
            send_chunks(session, &source, to, context)
        }
        None => Ok(Exit::Success),
    }
}

/// Returns the fields that hold text.
fn texts(fields: &BTreeMap<String, Value>) -> Vec<(String, String)> {
    let text = |(name, value): (&String, &Value)| match value {
        Value::Text(text) => Some((name.clone(), text.clone())),
        Value::File(_) => None,
    };
    fields.iter().filter_map(text).collect()
}

/// What is asked of MAAS besides the content.
struct Asked<'a> {
    parameters: &'a [(String, String)],
    /// The command that deletes an image, up to its id.
    delete: &'a str,
}

/// Returns what MAAS has of the content.
fn look(
    session: &Session,
    source: &Source,
    asked: &Asked<'_>,
    context: &mut Context<'_>,
) -> Result<Found, Failure> {
    let look = Look {
        wanted: Wanted {
            parameters: asked.parameters,
            sha256: &source.sha256,
            size: source.len,
        },
        place: session.profile.place(),
        label: session.profile.label(),
        delete: &format!("{} {{id}}", asked.delete),
    };
    look.run(&mut |plan| {
        let value = session.ask(plan, &mut context.ui.hear())?;
        Ok((value, Vec::new()))
    })
}

/// Where chunks go, and what the server has.
#[derive(Clone, Copy)]
struct Destination<'a> {
    uri: &'a str,
    id: &'a Json,
    offset: u64,
    /// The command that deletes an image, up to its id.
    delete: &'a str,
}

fn missing(text: &str, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    print::text(text, context.ui)?;
    Ok(Exit::Usage)
}

/// Sends the chunks one after the other; the first that fails is the last.
fn send_chunks(
    session: &Session,
    source: &Source,
    to: Destination<'_>,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let Destination {
        uri,
        id,
        offset,
        delete,
    } = to;
    let hint = format!("the image is incomplete; `{delete} {id}` deletes it");
    let hinted = |e: anyhow::Error| match e.downcast::<Failure>() {
        Ok(failure) => failure.hint(&hint).into(),
        Err(e) => e,
    };
    let mut chunks = source.chunks(offset).map_err(of_file)?;
    while let Some(chunk) = chunks.next().map_err(|e| hinted(of_file(e).into()))? {
        let body = Loaded::Body(Content::Chunk(chunk.bytes));
        let plan = plan(session, "PUT", uri, vec![body])?;
        let response = session
            .send(&plan, &Limits::default(), &mut context.ui.hear())
            .map_err(|e| hinted(e.into()))?;
        if print::exit_of(&response.head) != Exit::Success {
            print::response(response, false, context.ui)?;
            context.ui.say(&format!("hint: {hint}"));
            return Ok(Exit::Usage);
        }
        // Read to its end, so that the next chunk takes the same connection.
        let _ = std::io::copy(&mut response.take(LONGEST), &mut std::io::sink());
    }
    Ok(Exit::Success)
}

fn plan(session: &Session, method: &str, path: &str, items: Vec<Loaded>) -> Result<Plan, Failure> {
    let call = Call {
        method: method.to_owned(),
        path: path.to_owned(),
        op: None,
        items,
        form: None,
        force_query: false,
        anonymous: false,
    };
    Plan::new(call, session.profile.place())
}

/// Measures a file; `None` where it is empty, which is announced to MAAS as well.
fn measure(path: &Path) -> anyhow::Result<Option<Source>> {
    let metadata = std::fs::metadata(path).with_context(|| path.display().to_string())?;
    if metadata.is_file() && metadata.len() == 0 {
        return Ok(None);
    }
    Ok(Some(Source::measure(path, &mut |_| {}).map_err(of_file)?))
}

/// Gives the failure of an unreadable file its exit code in `maas`: 2.
fn of_file(failure: Failure) -> Failure {
    Failure {
        exit: Exit::Usage,
        ..failure
    }
}

/// Returns the only file of the newest set.
fn newest_file(created: &Json) -> Option<&Json> {
    let sets = created["sets"].as_object()?;
    let (_, newest) = sets.iter().max_by_key(|(version, _)| version.as_str())?;
    let files = newest["files"].as_object()?;
    match files.len() {
        1 => files.values().next(),
        _ => None,
    }
}
