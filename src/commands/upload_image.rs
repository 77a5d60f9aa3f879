//! Runs `upload-image`: uploads a file as a boot resource of MAAS.
//!
//! `flow::upload` makes the calls; this file prompts, shows progress and prints the image.

use std::time::Instant;

use crate::cli::{RequestArgs, UploadImageArgs};
use crate::client::{Limits, Response};
use crate::error::{Exit, Failure};
use crate::flow::upload::{Source, Upload, UploadEvent, Uploaded};
use crate::output::{read_failure, show_bytes};
use crate::request::Plan;
use crate::request::item::FieldName;
use crate::request::plan::{Call, Loaded};
use crate::service::maas::image::{self, Wanted};
use crate::session::Notice;
use crate::signals;
use crate::ui::bytes;

use super::response::{self, Exchange};
use super::{Context, formats, gate, items};

/// Uploads the image and prints it as the server describes it then.
pub fn run(args: &UploadImageArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let overrides = args.connect.overrides(args.profile.as_deref());
    let profile = context.select(&overrides)?;
    if !profile.service().has_images() {
        let message = format!("{}: images are MAAS's", profile.label());
        return Err(Failure::usage(message)
            .hint("`-p` selects a MAAS profile")
            .into());
    }
    let shown = formats::shown(&args.output, context)?;
    shown.end_within(profile.settings.timeout);
    let flags = RequestArgs {
        field: args.field.clone(),
        ..RequestArgs::default()
    };
    let mut parameters = items::load(&args.items, &flags, context.env)?;
    check(&parameters)?;
    let said: Vec<_> = pairs(&parameters).collect();
    required(&said, "name")?;
    required(&said, "architecture")?;
    for (name, _) in &said {
        if !image::PARAMETERS.contains(&name.as_str()) {
            let known = image::PARAMETERS.join("`, `");
            context.ui.warn(&format!(
                "MAAS may not know the parameter `{name}` of an image; it has `{known}`"
            ));
        }
    }
    let source = measure(args, context)?;
    parameters.push(field("size", &source.len.to_string()));
    parameters.push(field("sha256", &source.sha256));
    let announcement = Plan::new(announcement(parameters), profile.place())?;
    if args.dry_run {
        context.ui.say(&would(&said, &source, profile.label()));
        return gate::dry_run(&announcement, &profile, context);
    }
    gate::check_key(&profile, &announcement, false)?;
    gate::confirm(&profile, &announcement, args.yes, context)?;
    let session = context.session(profile, args.output.verbose)?;
    let upload = Upload {
        session: &session,
        delete: match &session.profile.name {
            Some(name) => format!("apicall delete {}{{id}}/ -p {name}", image::LIST),
            None => format!("apicall delete {}{{id}}/", image::LIST),
        },
        announcement,
        parameters: said,
        source: &source,
    };
    let uploaded = upload_reported(&upload, context)?;
    let plan = Plan::get(&image::path(uploaded.id), session.profile.place())?;
    let exchange = Exchange {
        session: &session,
        plan: &plan,
        output: &args.output,
        shown: &shown,
    };
    print(&exchange, &uploaded, context)
}

/// Prints the image as the server describes it now. It is there, whatever becomes of that look.
fn print(
    exchange: &Exchange<'_>,
    uploaded: &Uploaded,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let started = Instant::now();
    if uploaded.is_current {
        return described(exchange, uploaded, context);
    }
    let failure = match look(exchange, context) {
        Ok(response) => {
            let times = response.times;
            let printed = response::print(exchange, response, context);
            if exchange.output.verbose > 0 {
                context.ui.notice(&Notice::timing(times, started));
            }
            return printed;
        }
        Err(failure) => failure,
    };
    context.ui.warn(&format!(
        "{failure}; the upload is complete, and this is how the image was described before"
    ));
    described(exchange, uploaded, context)
}

/// Prints the image as the server described it last.
fn described(
    exchange: &Exchange<'_>,
    uploaded: &Uploaded,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let shown = exchange.shown();
    let printed = show_bytes(&uploaded.described, true, &shown, context.ui.body());
    let label = exchange.label();
    let earned =
        printed.map(|report| formats::reported(&report, &label, &mut context.ui.apart().1));
    response::judged(earned, Exit::Success, &label)
}

/// Looks at the image; everything but a complete success is a failure.
fn look(exchange: &Exchange<'_>, context: &mut Context<'_>) -> Result<Response, Failure> {
    let Exchange { session, plan, .. } = *exchange;
    let limits = Limits::default();
    let response = session.call(plan, &limits, &mut context.ui.hear())?;
    let whole = response.buffered();
    Ok(whole.map_err(|e| session.useless(read_failure(&e), plan))?)
}

/// Refuses what is no parameter, and what is ours to say.
fn check(parameters: &[Loaded]) -> Result<(), Failure> {
    for item in parameters {
        if matches!(item, Loaded::FromStdin) {
            continue;
        }
        let (Loaded::Field(key, _) | Loaded::Json(key, _)) = item else {
            return Err(Failure::usage("an image accepts parameters only")
                .hint("write them as `k=v`; FILE is the image's content"));
        };
        if image::OWN.contains(&key.text.as_str()) {
            return Err(
                Failure::usage(format!("`{}` comes from the file itself", key.text))
                    .hint("leave it out"),
            );
        }
    }
    Ok(())
}

fn pairs(parameters: &[Loaded]) -> impl Iterator<Item = (String, String)> {
    parameters.iter().filter_map(|item| match item {
        Loaded::Field(key, value) | Loaded::Json(key, value) => {
            Some((key.text.clone(), value.clone()))
        }
        _ => None,
    })
}

fn required(said: &[(String, String)], name: &str) -> Result<(), Failure> {
    let mut values = said.iter().filter(|(n, _)| n == name).map(|(_, v)| v);
    match (values.next(), values.next()) {
        (Some(value), None) if !value.is_empty() => Ok(()),
        (Some(_), None) => {
            Err(Failure::usage(format!("`{name}` is empty")).hint("is a variable unset?"))
        }
        (Some(_), Some(_)) => Err(Failure::usage(format!("`{name}` is given twice"))),
        (None, _) => Err(Failure::usage(format!("an image needs `{name}=…`"))
            .hint("e.g. `apicall upload-image noble.tgz name=noble architecture=amd64/generic`")),
    }
}

/// Reads the file for its hash; that takes a while for a large one.
fn measure(args: &UploadImageArgs, context: &mut Context<'_>) -> Result<Source, Failure> {
    if args.file.as_os_str() == "-" {
        return Err(
            Failure::usage("an image does not come from standard input: it is read twice")
                .hint("write it to a file first"),
        );
    }
    let path = context.env.expand_home(&args.file);
    let progress = context.ui.progress(context.env);
    let total = std::fs::metadata(&path).map(|m| m.len()).ok();
    progress.begin_named("hashed", 0, total);
    let source = Source::measure(&path, &mut |len| progress.advance(len));
    progress.end();
    source
}

fn field(name: &str, value: &str) -> Loaded {
    Loaded::Field(FieldName::literal(name), value.to_owned())
}

fn announcement(items: Vec<Loaded>) -> Call {
    Call {
        method: "POST".to_owned(),
        path: image::LIST.to_owned(),
        op: None,
        items,
        form: None,
        force_query: false,
        anonymous: false,
    }
}

/// Describes what would be uploaded.
fn would(said: &[(String, String)], source: &Source, label: &str) -> String {
    let wanted = Wanted {
        parameters: said,
        sha256: &source.sha256,
        size: source.len,
    };
    let (name, architecture) = (wanted.value("name"), wanted.value("architecture"));
    let chunks = source.len.div_ceil(image::CHUNK);
    let plural = if chunks == 1 { "" } else { "s" };
    let total = bytes(source.len);
    format!(
        "apicall: {label}: would upload `{name}` ({architecture}), {total} in {chunks} \
         chunk{plural}, where no image has this content"
    )
}

/// Describes the upload before its first byte.
fn starts(upload: &Upload<'_>, offset: u64) -> String {
    let total = bytes(upload.source.len);
    let wanted = upload.wanted();
    let from = match offset {
        0 => String::new(),
        _ => format!(
            "; MAAS has {} of it from an earlier upload: continuing from there",
            bytes(offset)
        ),
    };
    let (label, name, architecture) = (
        upload.session.profile.label(),
        wanted.value("name"),
        wanted.value("architecture"),
    );
    format!("apicall: {label}: uploading `{name}` ({architecture}), {total}{from}")
}

/// Uploads and reports what happens.
fn upload_reported(upload: &Upload<'_>, context: &mut Context<'_>) -> anyhow::Result<Uploaded> {
    let progress = context.ui.progress(context.env);
    let total = upload.source.len;
    let label = upload.session.profile.label();
    // A signal is heard between two chunks, and reported.
    let hold = signals::hold();
    let ui = &mut *context.ui;
    let result = upload.run(&mut |event| match event {
        UploadEvent::Notice(notice) => ui.notice(&notice),
        UploadEvent::AlreadyThere(differs) => {
            ui.say(&format!("apicall: {label}: MAAS has this image already"));
            if let Some(parameter) = differs {
                ui.warn(&format!(
                    "{label}: its `{parameter}` is another one; it was not changed"
                ));
            }
        }
        UploadEvent::Broken(text) => ui.warn(&format!("{label}: {text}")),
        UploadEvent::Starts(offset) => ui.say(&starts(upload, offset)),
        UploadEvent::Begins(offset) => {
            progress.begin(offset, Some(total));
            progress.reach(offset);
        }
        UploadEvent::Arrived(offset) => progress.reach(offset),
        UploadEvent::Settled { cause, arrived } => ui.say(&format!(
            "apicall: {cause}; {}",
            if arrived {
                "the chunk had arrived: continuing after it"
            } else {
                "the chunk had not arrived: sending it again"
            }
        )),
    });
    progress.end();
    match result {
        Err(failure)
            if matches!(
                failure.exit,
                Exit::Interrupted | Exit::Terminated | Exit::HungUp
            ) =>
        {
            let failure = failure.into();
            context.ui.error(&failure);
            // Where the signal is pending, this ends the process.
            drop(hold);
            Err(failure)
        }
        result => Ok(result?),
    }
}
