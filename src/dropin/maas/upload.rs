//! `boot-resources create`: announces an image, then sends it in pieces.
//!
//! The server appends each piece without an offset, so none is ever sent twice; a plan for one says
//! so itself.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use anyhow::Context as _;
use serde_json::Value as Json;

use crate::commands::Context;
use crate::commands::session::Session;
use crate::error::{Exit, Failure};
use crate::flow::upload::Source;
use crate::output::decode::whole;
use crate::request::Plan;
use crate::request::body::Content;
use crate::request::plan::{Call, Loaded};

use super::data::{Pair, Value};
use super::print;

/// SHA-256 of nothing.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A response beyond this is no description of an image.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Announces and uploads; silent where all goes well.
pub fn run(
    session: &Session,
    path: &str,
    pairs: Vec<Pair>,
    debug: bool,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
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
    let parts = fields
        .into_iter()
        .map(|(name, value)| Ok(Loaded::Part(Pair { name, value }.part()?)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let plan = plan(session, "POST", path, parts)?;
    super::call::confirm(&session.profile, &plan, context)?;
    let response = session.send(&plan, context.ui)?;
    if print::exit_of(&response.head) != Exit::Success {
        let redirect = print::redirect(&session.told(&plan), &response);
        print::response(response, debug, context.ui)?;
        if let Some(failure) = redirect {
            context.ui.error(&failure.into());
        }
        return Ok(Exit::Usage);
    }
    let body = whole(response, LONGEST).map_err(|e| e.of(&session.told(&plan)))?;
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
        Some(source) => send_pieces(session, &source, uri, &created["id"], context),
        None => Ok(Exit::Success),
    }
}

fn missing(text: &str, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    print::text(text, context.ui)?;
    Ok(Exit::Usage)
}

/// Sends the pieces one after the other; the first that fails is the last.
fn send_pieces(
    session: &Session,
    source: &Source,
    uri: &str,
    id: &Json,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let name = session.profile.label();
    let hint =
        format!("the image is not whole; `maas {name} boot-resource delete {id}` takes it away");
    let hinted = |e: anyhow::Error| match e.downcast::<Failure>() {
        Ok(failure) => failure.hint(&hint).into(),
        Err(e) => e,
    };
    let mut pieces = source.pieces(0).map_err(of_file)?;
    while let Some(piece) = pieces.next().map_err(|e| hinted(of_file(e).into()))? {
        let body = Loaded::Body(Content::Piece(piece.bytes));
        let plan = plan(session, "PUT", uri, vec![body])?;
        let response = session.send(&plan, context.ui).map_err(hinted)?;
        if print::exit_of(&response.head) != Exit::Success {
            print::response(response, false, context.ui)?;
            context.ui.say(&format!("hint: {hint}"));
            return Ok(Exit::Usage);
        }
        // Read to its end, so that the next piece takes the same connection.
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

/// Measures a file; `None` where it is empty, which a MAAS is told all the same.
fn measure(path: &Path) -> anyhow::Result<Option<Source>> {
    let metadata = std::fs::metadata(path).with_context(|| path.display().to_string())?;
    if metadata.is_file() && metadata.len() == 0 {
        return Ok(None);
    }
    Ok(Some(Source::measure(path, &mut |_| {}).map_err(of_file)?))
}

/// A file that can not be read is 2 in `maas`.
fn of_file(failure: Failure) -> Failure {
    Failure {
        exit: Exit::Usage,
        ..failure
    }
}

/// The only file of the newest set.
fn newest_file(created: &Json) -> Option<&Json> {
    let sets = created["sets"].as_object()?;
    let (_, newest) = sets.iter().max_by_key(|(version, _)| version.as_str())?;
    let files = newest["files"].as_object()?;
    match files.len() {
        1 => files.values().next(),
        _ => None,
    }
}
