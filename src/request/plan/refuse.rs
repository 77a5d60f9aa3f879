//! Refuses what would be sent but not meant, or what a server on the way could not take.
//!
//! Each rule looks at one part of a call, and says what to type; must not know the plan.

use crate::error::Failure;
use crate::header::is_token;
use crate::service::{Service, maas};

use super::super::body::Body;
use super::super::fields::{BodyForm, Header};
use super::super::url::Url;

/// The longest line of a head, in bytes: it has to fit into the buffer it is sent from. Servers
/// take less, 8 or 16 KB as a rule.
const LONGEST_LINE: usize = 30 * 1024;

/// The longest name of a method; the registry's longest has 17 characters.
const LONGEST_METHOD: usize = 32;

/// Refuses a method that is not for APIs, or none.
pub fn check_method(method: &str) -> Result<(), Failure> {
    // CONNECT would make a tunnel, TRACE would echo the signature.
    if matches!(method, "CONNECT" | "TRACE") {
        return Err(Failure::usage(format!(
            "the method `{method}` is not for APIs"
        )));
    }
    if method.len() > LONGEST_METHOD || !is_token(method) {
        return Err(Failure::usage("the method is not a word of letters"));
    }
    Ok(())
}

/// Refuses an operation in the query besides one at the end of the path.
pub fn refuse_second_op(url: &Url, service: Service) -> Result<(), Failure> {
    if url.query().is_none() {
        return Ok(());
    }
    let in_query = url.parameters().filter(|(name, _)| name == "op").count();
    let count = in_query + usize::from(maas::path::has_operation(url.path()));
    if service.has_operations() && count > 1 {
        return Err(
            Failure::usage("the operation (`op`) is given twice").hint("`--op NAME` is enough")
        );
    }
    Ok(())
}

/// Refuses a query that MAAS would ignore: its POST reads parameters from the body only. `POST
/// /machines/?op=allocate&name=x` ignored the name and allocated another machine (observed).
pub fn refuse_ignored_query(
    url: &Url,
    method: &str,
    service: Service,
    force: bool,
) -> Result<(), Failure> {
    if !service.ignores_query_of(method) || force {
        return Ok(());
    }
    match url.parameters().find(|(name, _)| name != "op") {
        None => Ok(()),
        Some((name, _)) => Err(Failure::usage(format!(
            "MAAS ignores the query parameter `{name}` of a POST and would act on something else"
        ))
        .hint(format!(
            "send it in the body, as `{name}=…`; `--force` sends it as it is"
        ))),
    }
}

/// Returns the length of the request line in bytes, without its end of line.
#[must_use]
pub fn request_line_length(url: &Url, method: &str) -> usize {
    method.len() + " ".len() + url.target.len() + " HTTP/1.1".len()
}

/// Refuses a request line that is too long for the service, or for all that is sent.
pub fn refuse_long_request_line(url: &Url, method: &str, service: Service) -> Result<(), Failure> {
    let len = request_line_length(url, method);
    let reported = || format!("the request line has {len} bytes");
    let failure = match service.longest_request_line() {
        Some(most) if len > most => Failure::usage(format!(
            "{}; above {most} MAAS's proxy can stop for everybody",
            reported()
        )),
        _ if len > LONGEST_LINE => Failure::usage(format!(
            "{}, and {LONGEST_LINE} are the most that can be sent",
            reported()
        )),
        _ => return Ok(()),
    };
    Err(failure.hint("split the list into several calls, some 200 ids each"))
}

/// Refuses a header that is too long to be sent.
pub fn refuse_long_headers(headers: &[Header]) -> Result<(), Failure> {
    match headers
        .iter()
        .find(|(n, v)| n.len() + v.len() > LONGEST_LINE)
    {
        None => Ok(()),
        Some((name, _)) => Err(Failure::usage(format!(
            "the header `{name}` is longer than {LONGEST_LINE} bytes, the most that can be sent"
        ))),
    }
}

/// A type that says other than what the body is: the server would read nothing of it, and may say
/// 200. Refuses a `Content-Type` for a multipart body: only the one made with it knows its
/// boundary.
pub fn refuse_other_type(
    items: &[(String, Option<String>)],
    body: &Body,
    form: Option<BodyForm>,
) -> Result<(), Failure> {
    let mut types = items
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let is_multipart = matches!(body, Body::Multipart(_));
    // Of several the last counts; a multipart body has none but its own.
    let given = match types.next_back() {
        Some((_, Some(given))) => given,
        Some((_, None)) if !is_multipart => return Ok(()),
        Some((_, None)) => "",
        None => return Ok(()),
    };
    let essence = given.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    let said = match &*essence {
        "application/x-www-form-urlencoded" => Some(BodyForm::Form),
        other if other.starts_with("multipart/") => Some(BodyForm::Multipart),
        other if other.contains("json") => Some(BodyForm::Json),
        // Nothing that is known to contradict.
        _ => None,
    };
    let made = match body {
        Body::Form(_) => Some(BodyForm::Form),
        Body::Json(_) => Some(BodyForm::Json),
        Body::Multipart(_) => Some(BodyForm::Multipart),
        Body::Raw(..) => form,
    };
    let (what, flag) = match made {
        Some(BodyForm::Json) => ("JSON", "`--form` sends a form"),
        Some(BodyForm::Form | BodyForm::Multipart) | None => ("a form", "`--json` sends JSON"),
    };
    if !is_multipart && made.is_some() && said.is_some() && said != made {
        return Err(Failure::usage(format!(
            "the header `Content-Type: {essence}` contradicts the body, which is {what}"
        ))
        .hint(format!("leave the header out; {flag}")));
    }
    if is_multipart {
        return Err(Failure::usage(
            "the header `Content-Type` of a multipart body is made with it",
        )
        .hint("leave it out; `k@file;type=…` sets the type of a part"));
    }
    Ok(())
}
