//! `--jq` with its arguments, as a filter.

use std::rc::Rc;

use crate::cli::OutputArgs;
use crate::error::Failure;
use crate::output::{Filter, Form};

use super::Context;

/// The filter that was asked for. Fails where it is wrong, or where flags do not fit.
pub fn filter(output: &OutputArgs, context: &Context<'_>) -> Result<Option<Rc<Filter>>, Failure> {
    if output.output == Some(Form::Raw) && (output.jq.is_some() || output.each) {
        let flag = if output.jq.is_some() {
            "--jq"
        } else {
            "--each"
        };
        return Err(
            Failure::usage(format!("`{flag}` and `-o raw` do not go together"))
                .hint("`-r` prints strings without quotes, `-o compact` each result on a line"),
        );
    }
    let Some(text) = &output.jq else {
        return Ok(None);
    };
    let filter = Filter::compile(text, &output.arg, &output.argjson, context.env)?;
    Ok(Some(Rc::new(filter)))
}
