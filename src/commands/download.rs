//! `--download`, `-O`, `-c`: a call whose body goes into a file.
//!
//! The file is looked at before anything is sent (`begun`); what the response to a continued
//! download means is `output::download`'s to judge, asking again is done here, and `save` writes.

mod begun;
mod save;

use std::time::Instant;

use crate::client::{Limits, Response};
use crate::error::{Exit, Failure};
use crate::output::download::{self, Next, Sink};
use crate::session::Notice;

use super::Context;
use super::response::{self, Exchange};
pub use begun::{Begun, Download};
use save::{Saving, named_by, save, say_saved};

/// Makes the call and saves its body.
pub fn make(
    exchange: &Exchange<'_>,
    mut begun: Begun,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let session = exchange.session;
    let mut plan = exchange.plan.clone();
    let mut response = session.send(&plan, &Limits::default(), &mut context.ui.hear())?;
    if begun.target.is_none() && Exit::of_status(response.head.status) == Exit::Success {
        let label = exchange.label();
        begun.target = Some(named_by(&response, &plan.url).map_err(|e| e.of(&label))?);
        if begun.continues {
            begun.look(&mut plan).map_err(|e| e.of(&label))?;
        }
        // All of it was asked for; only its name was wanted.
        if begun.resumed.is_some() {
            drop(response);
            response = session.send(&plan, &Limits::default(), &mut context.ui.hear())?;
        }
    }
    let mut next = Next::Restart;
    if let Some((part, record)) = &begun.resumed {
        next = download::next(record, part.have(), &response.head);
        if next == Next::AskAgain {
            plan.remove_header("Range");
            plan.remove_header("If-Range");
            response = session.send(&plan, &Limits::default(), &mut context.ui.hear())?;
            next = Next::Restart;
        }
        if next == Next::Restart && Exit::of_status(response.head.status) == Exit::Success {
            begun.anew = Some("the server now sends another file, or no ranges".to_owned());
        }
    }
    let times = response.times;
    let result = match next {
        Next::Complete => finish_complete(exchange, begun, context),
        next => print(exchange, response, Saving { begun, next }, context),
    };
    if exchange.output.verbose > 0 {
        context.ui.notice(&Notice::timing(times, started));
    }
    result
}

/// Names a part that is complete already.
fn finish_complete(
    exchange: &Exchange<'_>,
    begun: Begun,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let replaces = !begun.is_new;
    if let (Some((part, _)), Some(target)) = (begun.resumed, &begun.target) {
        let have = part.have();
        let sink = Sink::Part(part);
        sink.finish(target, replaces)
            .map_err(|e| e.of(&exchange.label()))?;
        say_saved(have, target, exchange.output, context);
    }
    Ok(Exit::Success)
}

fn print(
    exchange: &Exchange<'_>,
    response: Response,
    saving: Saving,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let earned = Exit::of_status(response.head.status);
    if let Err(e) = response::print_head(exchange, &response, context) {
        return response::judged(Err(e), earned, &exchange.label());
    }
    if earned != Exit::Success {
        return response::print_failure(exchange, response, context);
    }
    let is_part = response.head.status == 206;
    if is_part && saving.next != Next::Append && !saving.begun.is_range {
        let message = "the response is a part (206) that was not asked for";
        return Err(Failure::new(Exit::Other, message)
            .of(&exchange.label())
            .into());
    }
    save(exchange, response, saving, context)
}
