//! Puts a response that was no success into words: one line, a hint, and the body where it says
//! more.
//!
//! `service` explains; this file reads the body within bounds and picks what is shown.

use std::io::Read;

use crate::client::{Head, MOST_REDIRECTS, Response, refused_wait};
use crate::error::{Exit, Failure};
use crate::request::Url;
use crate::secret::{Masks, masked_body};
use crate::service::text::ErrorBody;
use crate::service::{Explanation, Refused, Service};

use super::charset;
use super::decode::decode;
use super::head::masked_location;
use super::redact;

/// Bodies of errors are read up to this size; what lies beyond explains nothing.
const MOST: u64 = 1024 * 1024;

/// A failed response, read.
#[derive(Debug)]
pub struct Failed {
    /// Its head.
    pub head: Head,
    /// Its body, decoded, with the secret masked that MAAS prints in a 401.
    pub body: Vec<u8>,
    /// The body as stderr may show it, where that is another.
    explained: Option<Vec<u8>>,
    /// What it means.
    pub explanation: Explanation,
}

/// Returns where a redirect leads that was not followed.
#[must_use]
pub fn redirect_hint(response: &Response) -> Option<String> {
    let location = masked_location(response.head.header("location")?);
    let points = format!("the server points to `{location}`");
    Some(match response.redirects {
        MOST_REDIRECTS => format!("ten redirects were followed; {points}"),
        _ => points,
    })
}

/// What reading a refusal needs to know besides the response.
#[derive(Debug)]
pub struct Refusal<'a> {
    /// Who refused.
    pub service: Service,
    /// The method of the call.
    pub method: &'a str,
    /// The address that was called.
    pub called: &'a Url,
    /// Whether the call was signed.
    pub signed: bool,
    /// What is masked in what is about it.
    pub masks: &'a Masks,
}

/// Reads and explains a response. A body that cannot be read counts as far as it came.
#[must_use]
pub fn read(response: Response, refusal: &Refusal<'_>) -> Failed {
    let head = response.head.clone();
    let target = response.url(refusal.called).target.clone();
    let expected = response.expected;
    let proxy = response.proxy.clone();
    let redirect = redirect_hint(&response);
    let mut body = Vec::new();
    let mut unread = None;
    match decode(response) {
        // The error is being explained already; that its body broke off adds nothing.
        Ok(decoded) => drop(decoded.take(MOST).read_to_end(&mut body)),
        Err(failure) => unread = Some(failure),
    }
    // JSON is UTF-8 whatever its label says; where it is not, the label says how to read it.
    if !head.is_json() || str::from_utf8(&body).is_err() {
        body = charset::decoded(&head, &body).into_owned();
    }
    let status = head.status;
    let mut failed = explained(head, &target, status, body, refusal);
    let Failed {
        head, explanation, ..
    } = &mut failed;
    if let Some(failure) = unread.filter(|_| explanation.hint.is_none()) {
        explanation.hint = Some(format!("its body says more: {}", failure.cause));
    }
    match head.status {
        300..400 => explanation.hint = redirect,
        417 if expected => {
            explanation.hint = Some("`Expect:` leaves out the header that was refused".to_owned());
        }
        _ => {}
    }
    if let Some(wait) = refused_wait(head) {
        let asks = format!(
            "the server asks to wait {}",
            humantime::format_duration(wait)
        );
        explanation.add_hint(&asks);
    }
    if let Some(proxy) = proxy {
        let through = format!("the call went through the proxy `{proxy}`; NO_PROXY goes around it");
        explanation.add_hint(&through);
    }
    failed
}

/// Explains a body as that of a response with this status, whatever its own is: some successes say
/// in their bodies that they are none.
#[must_use]
pub fn explained(
    head: Head,
    target: &str,
    status: u16,
    body: Vec<u8>,
    refusal: &Refusal<'_>,
) -> Failed {
    // Masked before anything of it is cut or masked otherwise: what is left of a secret would not be
    // known as one.
    let explained = if body.len() as u64 >= MOST {
        Some(refusal.masks.masked_cut(&body))
    } else {
        refusal.masks.masked(&body)
    };
    let body = masked_body(body);
    let headers: Vec<_> = head.headers().collect();
    let explanation = crate::service::explain(
        refusal.service,
        &Refused {
            method: refusal.method,
            target,
            status,
            reason: head.reason(),
            headers: &headers,
            body: explained.as_deref().unwrap_or(&body),
            signed: refusal.signed,
        },
    );
    Failed {
        head,
        body,
        explained,
        explanation,
    }
}

impl Failed {
    /// Formats the error as one line: `404 Not Found: No Machine matches the given query.`
    #[must_use]
    pub fn line(&self) -> String {
        self.explanation.after(&self.head.status_text())
    }

    /// Returns the response as the failure of a call, without the call's label.
    #[must_use]
    pub fn failure(&self) -> Failure {
        Failure {
            hint: self.explanation.hint.clone(),
            ..Failure::new(Exit::of_status(self.head.status), self.line())
        }
    }

    /// Returns, where several fields were refused, `400 Bad Request: 2 fields` and a line for each.
    #[must_use]
    pub fn by_field(&self) -> Option<(String, Vec<String>)> {
        let fields = &self.explanation.fields;
        let count = fields.iter().filter(|(name, _)| !name.is_empty()).count();
        if self.head.status != 400 || count < 2 {
            return None;
        }
        let line = format!("{}: {count} fields refused", self.head.status_text());
        let explained = fields.iter().map(|(name, text)| match name.as_str() {
            "" => format!("  {text}"),
            name => format!("  {name}: {text}"),
        });
        Some((line, explained.collect()))
    }

    /// Returns the body for stderr: JSON laid out with secrets masked, text as it is; `None` where
    /// it says nothing more than the line, is binary, or is a page that only `-v` wants. `-vv`
    /// wants all.
    #[must_use]
    pub fn body_for_stderr(&self, verbose: u8) -> Option<String> {
        if !self.explanation.body_says_more && verbose < 2 {
            return None;
        }
        let body = self.explained.as_deref().unwrap_or(&self.body);
        match ErrorBody::read(body) {
            ErrorBody::Empty | ErrorBody::Binary => None,
            ErrorBody::Html(_) if verbose == 0 => None,
            ErrorBody::Json(_) => {
                redact::json(body).map(|b| String::from_utf8_lossy(&b).trim_end().to_owned())
            }
            ErrorBody::Text(..) | ErrorBody::Html(_) => {
                let text = String::from_utf8_lossy(body).replace("\r\n", "\n");
                Some(text.trim_end().to_owned())
            }
        }
    }
}
