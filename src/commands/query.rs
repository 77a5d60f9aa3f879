//! Runs `query`: runs a query of Macrometa, and prints its rows while the next page is fetched.
//!
//! Owns the request's body and the report of statistics; paging is `pages`'.

use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;

use crate::cli::QueryArgs;
use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::flow::page;
use crate::output::{Format, Shown};
use crate::profile::Profile;
use crate::request::Plan;
use crate::request::item::{FieldName, Item, Source};
use crate::request::plan::{Call, Loaded};
use crate::request::url::encode_segment;
use crate::service::Service;
use crate::service::macrometa::query;

use super::response::{self, Exchange};
use super::{Context, formats, gate, items, pages, snippet};

/// Runs the query, or explains how it would run.
pub fn run(args: &QueryArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let how = &args.how;
    let pages = !how.explain && !how.validate;
    if pages && args.output.output == Some(Format::Raw) {
        return Err(Failure::usage(
            "`-o raw` prints one response as it is, and `query` joins several",
        )
        .hint("`-o compact` or `-o ndjson` change nothing inside the rows")
        .into());
    }
    let shown = Shown {
        most: how.max_items,
        ..formats::shown(&args.output, context)?
    };
    let overrides = args.connect.overrides(args.profile.as_deref());
    let profile = context.select(&overrides)?;
    shown.end_within(profile.settings.timeout);
    profile.service().require(Service::Macrometa, "query")?;
    let text = text(args, context.env)?;
    let plan = plan(args, text.as_deref(), &profile, context.env)?;
    if how.send.dry_run {
        return gate::dry_run(&plan, &profile, context);
    }
    gate::check_key(&profile, &plan, false)?;
    if let Some(language) = how.send.language {
        if pages {
            snippet::note("the pages after the first", context.ui);
        }
        return snippet::print(language, &plan, &profile, context);
    }
    // What a worker does only the server knows.
    if pages && text.as_deref().is_none_or(query::changes) {
        gate::confirm(&profile, &plan, how.send.yes, context)?;
    }
    let verbose = args.output.verbose;
    context.mask_sent(&plan);
    let session = context.session(profile, verbose)?;
    let exchange = Exchange {
        session: &session,
        plan: &plan,
        output: &args.output,
        shown: &shown,
    };
    let mut first = pages::First::ask(&exchange, context)?;
    first.where_empty = texts_like_numbers(&how.bind);
    if Exit::of_status(first.response.head.status) != Exit::Success {
        let mut failed = session.explain(first.response, &plan);
        let place = text.and_then(|text| query::place(&text, &failed.explanation.cause));
        if place.is_some() {
            failed.explanation.hint = None;
        }
        return response::report_failure(&exchange, &failed, place.as_deref(), context);
    }
    if pages && !first.response.head.is_json() {
        let failure = Failure::new(Exit::Other, "the response is not JSON");
        return Err(failure.of(&exchange.label()).into());
    }
    match page::way(Service::Macrometa, &plan).filter(|_| pages) {
        Some(way) => pages::print_response(&exchange, way, first, context),
        None => response::print(&exchange, first.response, context),
    }
}

/// Returns the plan of a query.
pub(super) fn plan(
    args: &QueryArgs,
    text: Option<&str>,
    profile: &Profile,
    env: &Env,
) -> anyhow::Result<Plan> {
    let request = Call {
        method: "POST".to_owned(),
        path: path(args)?,
        op: None,
        items: body(args, text, env)?,
        form: None,
        force_query: false,
        anonymous: false,
    };
    Ok(Plan::new(request, profile.place())?)
}

/// Returns the text of the query; `None` for a worker's.
pub(super) fn text(args: &QueryArgs, env: &Env) -> anyhow::Result<Option<String>> {
    let stdin = |text: &str| text == "-";
    let source = match (&args.query, &args.how.file) {
        (Some(query), _) if stdin(query) => Source::Stdin,
        (Some(query), _) => Source::Text(query.clone()),
        (None, Some(file)) if file == Path::new("-") => Source::Stdin,
        (None, Some(file)) => Source::File(file.clone()),
        (None, None) => return Ok(None),
    };
    let is_stdin = source == Source::Stdin;
    let binds_stdin = |bind: &String| bind.ends_with("=@-");
    if is_stdin && args.how.bind.iter().any(binds_stdin) {
        return Err(Failure::usage("standard input is read by more than one argument").into());
    }
    let text = items::text(source, env)?;
    let text = text.trim_start_matches('\u{feff}').trim_end();
    if text.trim().is_empty() {
        return Err(Failure::usage("the query is empty").into());
    }
    Ok(Some(text.to_owned()))
}

fn path(args: &QueryArgs) -> Result<String, Failure> {
    let how = &args.how;
    Ok(match &how.worker {
        Some(name) if name.is_empty() => {
            return Err(Failure::usage("`--worker` is empty").hint("is a variable unset?"));
        }
        Some(name) => format!("restql/execute/{}", encode_segment(name)),
        None if how.explain => "query/explain".to_owned(),
        None if how.validate => "query".to_owned(),
        None if how.sql => "cursor/sql".to_owned(),
        None => "cursor".to_owned(),
    })
}

/// Returns the members of the request's body.
fn body(args: &QueryArgs, text: Option<&str>, env: &Env) -> anyhow::Result<Vec<Loaded>> {
    let how = &args.how;
    let mut members = Vec::new();
    if let Some(text) = text {
        members.push(Loaded::Field(FieldName::literal("query"), text.to_owned()));
    }
    let mut json =
        |name: &str, text: String| members.push(Loaded::Json(FieldName::literal(name), text));
    if !how.bind.is_empty() {
        json("bindVars", binds(&how.bind, env)?);
    }
    if how.explain || how.validate {
        return Ok(members);
    }
    let largest = how.max_items.unwrap_or(u64::MAX).min(query::LARGEST);
    json("batchSize", how.batch_size.unwrap_or(largest).to_string());
    if how.worker.is_some() {
        return Ok(members);
    }
    // Whole seconds, as the service counts them; less than one is one.
    let ttl = how.ttl.map_or(query::TTL, |ttl| ttl.as_secs().max(1));
    json("ttl", ttl.to_string());
    if how.count {
        json("count", "true".to_owned());
    }
    let options: Vec<&str> = [
        (how.stream, "\"stream\":true"),
        (how.full_count, "\"fullCount\":true"),
    ]
    .into_iter()
    .filter_map(|(is_on, text)| is_on.then_some(text))
    .collect();
    if !options.is_empty() {
        json("options", format!("{{{}}}", options.join(",")));
    }
    Ok(members)
}

/// Returns the bind variables as a JSON object; typed JSON stays as it was typed.
fn binds(typed: &[String], env: &Env) -> anyhow::Result<String> {
    let mut members: Vec<(String, String)> = Vec::new();
    for bind in typed {
        // `@@c` in a query is a collection, and its variable is called `@c`.
        let (at, rest) = match bind.strip_prefix('@') {
            Some(rest) => ("@", rest),
            None => ("", bind.as_str()),
        };
        let refused = || {
            Failure::usage(format!("`--bind {}` is not a bind variable", name_of(bind)))
                .hint("write `k=v`, `k:=json`, `k=@file` or `k:=@file`")
        };
        let Ok(item @ (Item::Field(..) | Item::Json(..))) = Item::parse(rest) else {
            return Err(refused().into());
        };
        let (name, json) = match items::load_one(item, env)
            .with_context(|| format!("`--bind {}`", name_of(bind)))?
        {
            Loaded::Field(key, text) => (key.text, Value::String(text).to_string()),
            Loaded::Json(key, json) => (key.text, json),
            _ => return Err(refused().into()),
        };
        let name = format!("{at}{name}");
        if members.iter().any(|(known, _)| *known == name) {
            return Err(
                Failure::usage(format!("the bind variable `{name}` is given twice")).into(),
            );
        }
        members.push((name, json));
    }
    let members: Vec<String> = members
        .into_iter()
        .map(|(name, json)| format!("{}:{json}", Value::String(name)))
        .collect();
    Ok(format!("{{{}}}", members.join(",")))
}

/// Returns what to know of a query without rows whose bind variables are texts that look like
/// numbers.
fn texts_like_numbers(binds: &[String]) -> Option<String> {
    let typed: Vec<String> = binds
        .iter()
        .filter_map(|bind| match Item::parse(bind) {
            Ok(Item::Field(key, Source::Text(text))) if is_number(&text) => {
                Some(format!("`--bind {}:={text}`", key.text))
            }
            _ => None,
        })
        .collect();
    (!typed.is_empty()).then(|| {
        format!(
            "no rows; `=` binds a string, which equals no number: {} binds the number",
            typed.join(", ")
        )
    })
}

fn is_number(text: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(text).is_ok()
}

/// Returns a bind variable without its value, which may be secret.
fn name_of(bind: &str) -> &str {
    let start = usize::from(bind.starts_with('@'));
    let end = bind[start..]
        .find(['=', ':'])
        .map_or(bind.len(), |at| start + at);
    &bind[..end]
}
