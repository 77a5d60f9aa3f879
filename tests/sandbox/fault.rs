//! Faults on request: what to do wrong, to which requests, how often.
//!
//! Faults wait in a queue. A request takes the first one that matches it and is not used up; one fault can hold several effects
//! (`Fault::drip(1, ms).and(Effect::Chunked(5))`). `Refuse` acts when a connection arrives and `ResetUnread` when its first
//! byte does: both before there is a method or a path to match, so they act only at the front of the queue.

use std::sync::Mutex;
use std::time::Duration;

use super::lock;
use super::ranges::Ranges;
use super::response::Response;

/// One thing that goes wrong.
#[derive(Clone, Debug)]
pub enum Effect {
    /// The connection is reset as soon as it is accepted.
    Refuse,
    /// It is reset when the first byte of a request arrives, which stays unread.
    ResetUnread,
    /// It is reset after the head was read.
    ResetAfterHead,
    /// It is reset after so many bytes of the body were read; a shorter body is read whole.
    ResetInBody(u64),
    /// The request is carried out, then the connection is reset instead of answering.
    ResetBeforeAnswer,
    /// The request is carried out, then the connection is closed properly instead of answering.
    CloseBeforeAnswer,
    /// It is reset after so many bytes of the response's body.
    ResetInAnswer(usize),
    /// A pause before the head of the response.
    Delay(Duration),
    /// The body in pieces of so many bytes, with a pause before each.
    Drip(usize, Duration),
    /// Nothing is ever answered; the connection stays open until the sandbox is dropped.
    StallBeforeHead,
    /// Half the head, then nothing.
    StallInHead,
    /// So many bytes of the body, then nothing.
    StallInBody(usize),
    /// Half the head, then the end of the connection.
    CutInHead,
    /// So many bytes of the body, then the end, short of `Content-Length` or of the last chunk.
    CutInBody(usize),
    /// A `Content-Length` that is off by so much; then the end of the connection.
    WrongLength(i64),
    /// These bytes instead of a response, then the end of the connection; the request is not carried out.
    Raw(Vec<u8>),
    /// This response instead of the service's; the request is not carried out.
    Instead(Response),
    /// The request is carried out, and then this is answered instead, as by a proxy that did not get to hear of it.
    Lost(Response),
    /// The body in gzip, or nearly so.
    Gzip(Gzip),
    /// The body in chunks of so many bytes.
    Chunked(usize),
    /// No length and no chunks: the body ends with the connection.
    UntilClose,
    /// One more header.
    Header(String, String),
    /// So many more headers.
    ManyHeaders(usize),
    /// One more header with so long a value.
    LongHeader(usize),
    /// Validators, and ranges where they are asked for.
    Ranges(Ranges),
    /// More bytes after the body, within its length.
    Trailing(Vec<u8>),
}

/// What kind of gzip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gzip {
    /// Proper.
    Good,
    /// Bytes changed in the middle and in the checksum.
    Broken,
    /// Ends early, with a `Content-Length` that agrees.
    Cut,
    /// A JSON string of so many bytes, in a thousandth of the room.
    Bomb(u64),
    /// Says gzip and is not.
    Lie,
}

/// An effect or several, and which requests they hit.
#[derive(Clone, Debug)]
pub struct Fault {
    effects: Vec<Effect>,
    method: Option<String>,
    path: Option<String>,
    part: Option<(&'static str, [&'static str; 2])>,
    skip: usize,
    times: Option<usize>,
}

impl From<Effect> for Fault {
    fn from(effect: Effect) -> Self {
        Self {
            effects: vec![effect],
            method: None,
            path: None,
            part: None,
            skip: 0,
            times: Some(1),
        }
    }
}

impl Fault {
    /// Another response instead of the service's.
    pub fn instead(response: Response) -> Self {
        Effect::Instead(response).into()
    }

    /// An empty-handed status such as 503, with the page that nginx would make; 204 and 304 have no body.
    pub fn status(status: u16) -> Self {
        Self::instead(if matches!(status, 204 | 304) {
            Response::new(status)
        } else {
            Response::nginx(status)
        })
    }

    /// The request is carried out, but the client hears this status with the page that nginx would make (502, 504…).
    pub fn lost(status: u16) -> Self {
        Effect::Lost(Response::nginx(status)).into()
    }

    /// A redirect.
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::instead(Response::nginx(status).header("Location", location))
    }

    /// A response of any status, type and body.
    pub fn body(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::instead(Response::with(status, content_type, body))
    }

    /// Something that is not HTTP.
    pub fn garbage() -> Self {
        Effect::Raw(b"SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13\r\n".to_vec()).into()
    }

    /// These bytes and the end of the connection.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Effect::Raw(bytes.into()).into()
    }

    /// An error as Macrometa's database says it.
    pub fn refusal(code: u16, number: u32, message: &str) -> Self {
        Self::instead(super::macrometa::refusal(code, number, message))
    }

    /// What Macrometa says of a cursor that expired.
    pub fn cursor_gone() -> Self {
        Self::refusal(404, 1600, "cursor not found")
    }

    /// The body in pieces with a pause before each.
    pub fn drip(bytes: usize, pause: Duration) -> Self {
        Effect::Drip(bytes, pause).into()
    }

    /// Adds a `Retry-After` to the response that is given instead, or else to the service's own.
    pub fn retry_after(self, value: &str) -> Self {
        self.with_header("Retry-After", value)
    }

    /// Adds a header to the response.
    pub fn with_header(self, name: &str, value: &str) -> Self {
        self.and(Effect::Header(name.to_owned(), value.to_owned()))
    }

    /// Adds an effect.
    pub fn and(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }

    /// Adds all effects of another fault.
    pub fn and_all(mut self, other: &Self) -> Self {
        self.effects.extend(other.effects.iter().cloned());
        self
    }

    /// Only for this method.
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Only for targets that begin so.
    pub fn path(mut self, prefix: &str) -> Self {
        self.path = Some(prefix.to_owned());
        self
    }

    /// Only for this page of a Macrometa cursor, counted from 1 over all cursors, query workers' too.
    pub fn page(mut self, number: usize) -> Self {
        self.part = if number > 1 {
            self.skip = number - 2;
            Some(("PUT", ["/cursor/", "/restql/fetch/"]))
        } else {
            Some(("POST", ["/cursor", "/restql/execute/"]))
        };
        self
    }

    /// Lets so many matching requests pass first.
    pub fn after(mut self, requests: usize) -> Self {
        self.skip = requests;
        self
    }

    /// For so many requests; one is the default.
    pub fn times(mut self, requests: usize) -> Self {
        self.times = Some(requests);
        self
    }

    /// For every request from now on.
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    fn is_blind(&self) -> bool {
        self.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Refuse | Effect::ResetUnread))
    }

    fn refuses(&self) -> bool {
        self.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Refuse))
    }

    fn hits(&self, method: &str, target: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted == method)
            && self
                .path
                .as_deref()
                .is_none_or(|prefix| target.starts_with(prefix))
            && self.part.is_none_or(|(wanted, parts)| {
                wanted == method && parts.iter().any(|part| target.contains(part))
            })
    }

    /// Counts one use; the effects, unless this request was to pass.
    fn take(&mut self) -> Vec<Effect> {
        if self.skip > 0 {
            self.skip -= 1;
            return Vec::new();
        }
        if let Some(times) = &mut self.times {
            *times -= 1;
        }
        self.effects.clone()
    }
}

/// The faults that wait.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Adds one behind those that wait.
    pub fn push(&self, fault: Fault) {
        lock(&self.0).push(fault);
    }

    /// Forgets all.
    pub fn clear(&self) {
        lock(&self.0).clear();
    }

    /// Whether a connection that just arrived is to be refused.
    pub fn refuse(&self) -> bool {
        self.blind(true)
    }

    /// Whether a request whose first byte just arrived is to be reset unread.
    pub fn reset_unread(&self) -> bool {
        self.blind(false)
    }

    fn blind(&self, refuse: bool) -> bool {
        let mut queue = lock(&self.0);
        queue.retain(|fault| fault.times != Some(0));
        queue
            .first_mut()
            .filter(|fault| fault.is_blind() && fault.refuses() == refuse)
            .is_some_and(|fault| !fault.take().is_empty())
    }

    /// The effects for this request; none where no fault matches.
    pub fn take(&self, method: &str, target: &str) -> Vec<Effect> {
        let mut queue = lock(&self.0);
        queue.retain(|fault| fault.times != Some(0));
        queue
            .iter_mut()
            .find(|fault| !fault.is_blind() && fault.hits(method, target))
            .map(Fault::take)
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_match_wins_and_is_used_up() {
        let faults = Faults::default();
        faults.push(Fault::from(Effect::CutInHead).method("POST").times(2));
        faults.push(Fault::from(Effect::StallInHead).path("/a").after(1));
        let kinds = [
            ("GET", "/a"),
            ("POST", "/a"),
            ("GET", "/a?x"),
            ("POST", "/"),
            ("POST", "/"),
            ("GET", "/a"),
        ]
        .map(|(method, target)| format!("{:?}", faults.take(method, target)));
        assert_eq!(
            kinds,
            [
                "[]",
                "[CutInHead]",
                "[StallInHead]",
                "[CutInHead]",
                "[]",
                "[]"
            ]
        );
    }

    #[test]
    fn blind_faults_act_at_the_front_only() {
        let faults = Faults::default();
        faults.push(Fault::status(503));
        faults.push(Effect::ResetUnread.into());
        assert!(!faults.reset_unread());
        assert_eq!(faults.take("GET", "/").len(), 1);
        assert!(!faults.refuse());
        assert!(faults.reset_unread());
        assert!(!faults.reset_unread());
    }
}
