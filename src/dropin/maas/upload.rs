//! `boot-resources create`: announces an image, then sends it in pieces.
//!
//! The server appends each piece without an offset, so none is ever sent twice; a plan for one says
//! so itself.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Context as _;
use ring::digest;
use serde_json::Value as Json;

use crate::commands::Context;
use crate::commands::session::Session;
use crate::error::{Exit, Failure};
use crate::output::decode::decode;
use crate::output::read_failure;
use crate::request::Plan;
use crate::request::body::Content;
use crate::request::plan::{Call, Loaded};

use super::data::{Pair, Value};
use super::print;

/// What `maas` sends at once.
const PIECE: usize = 4 * 1024 * 1024;

/// An answer beyond this is no description of an image.
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
    let told = || file.display().to_string();
    let (size, sha256) = measure(&file).with_context(told)?;
    fields.insert("size".to_owned(), Value::Text(size.to_string()));
    fields.insert("sha256".to_owned(), Value::Text(sha256));
    let parts = fields
        .into_iter()
        .map(|(name, value)| Ok(Loaded::Part(Pair { name, value }.part()?)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let plan = plan(session, "POST", path, parts)?;
    super::call::confirm(&session.profile, &plan, context)?;
    let answer = session.send(&plan, context.ui)?;
    if print::exit_of(&answer.head) != Exit::Success {
        print::answer(answer, debug, context.ui)?;
        return Ok(Exit::Usage);
    }
    let mut body = Vec::new();
    decode(answer)?
        .take(LONGEST)
        .read_to_end(&mut body)
        .map_err(|e| read_failure(&e).of(&session.told(&plan)))?;
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
    send_pieces(session, &file, uri, &created["id"], context)
}

fn missing(text: &str, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    print::text(text, context.ui)?;
    Ok(Exit::Usage)
}

fn send_pieces(
    session: &Session,
    file: &Path,
    uri: &str,
    id: &Json,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let told = || file.display().to_string();
    let mut reader = File::open(file).with_context(told)?;
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        reader
            .by_ref()
            .take(PIECE as u64)
            .read_to_end(&mut piece)
            .with_context(told)?;
        if piece.is_empty() {
            return Ok(Exit::Success);
        }
        let is_last = piece.len() < PIECE;
        let plan = plan(
            session,
            "PUT",
            uri,
            vec![Loaded::Body(Content::Bytes(piece))],
        )?;
        let name = session.profile.label();
        let hint = format!(
            "the image is not whole; `maas {name} boot-resource delete {id}` takes it away"
        );
        let answer =
            session
                .send(&plan, context.ui)
                .map_err(|e| match e.downcast::<Failure>() {
                    Ok(failure) => failure.hint(&hint).into(),
                    Err(e) => e,
                })?;
        if print::exit_of(&answer.head) != Exit::Success {
            print::answer(answer, false, context.ui)?;
            context.ui.say(&format!("hint: {hint}"));
            return Ok(Exit::Usage);
        }
        // Read to its end, so that the next piece takes the same connection.
        std::io::copy(&mut answer.take(LONGEST), &mut std::io::sink()).ok();
        if is_last {
            return Ok(Exit::Success);
        }
    }
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

/// Length and SHA-256 of a file, which is read once.
fn measure(path: &Path) -> std::io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut context = digest::Context::new(&digest::SHA256);
    let mut block = vec![0; 256 * 1024];
    let mut size = 0;
    loop {
        let n = file.read(&mut block)?;
        if n == 0 {
            break;
        }
        size += n as u64;
        context.update(&block[..n]);
    }
    let hash = context.finish();
    let hex = hash.as_ref().iter().map(|byte| format!("{byte:02x}"));
    Ok((size, hex.collect()))
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
