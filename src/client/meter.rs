//! What went over the wire, and how long it may take.
//!
//! [`MeterConnector`] ends the connector chain. Its transport counts the bytes of the request
//! (they decide whether a POST may be repeated), keeps the raw head of the response (ureq gives
//! names in lower case), notes times, and limits each read: ten minutes for the first byte,
//! because MAAS thinks for minutes over a long list, then a minute between bytes. ureq's own
//! per-read limit is one for both.
//!
//! ureq works on the calling thread from start to end, so the state of a call is a thread-local:
//! connections are pooled and move between calls, threads do not.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, NextTimeout, Transport, time,
};

use super::failure::{SendError, Sent};
use super::watch::{Pulse, Watch};
use crate::signals;

/// The longest wait for the first byte of a response.
pub const FIRST_BYTE: Duration = Duration::from_secs(600);

/// The longest silence after it, and the longest a server may take no byte of ours.
pub const BETWEEN: Duration = Duration::from_secs(60);

/// How long a hung-up connection is asked for a response; what came lies there already.
const EARLY_ANSWER: Duration = Duration::from_millis(200);

/// How long a watched connection is silent before its watcher hears of it.
const PULSE: Duration = Duration::from_millis(250);

/// How often the watcher of a body that goes out hears of it.
const SENT_PULSE: Duration = Duration::from_millis(100);

/// Heads longer than ureq takes are not kept.
const LONGEST_HEAD: usize = 64 * 1024;

/// When a call's stages were reached, from its start. `None` where a stage did not happen, as on a
/// kept connection.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// The name was looked up.
    pub resolved: Option<Duration>,
    /// TCP was connected, through the proxy where there is one.
    pub connected: Option<Duration>,
    /// The TLS handshake was done.
    pub secured: Option<Duration>,
    /// The first byte of the response came.
    pub first_byte: Option<Duration>,
}

/// A body that goes out and is worth watching.
#[derive(Clone, Copy, Debug)]
pub struct Upload {
    /// Its length, where it is known.
    pub total: Option<u64>,
}

/// What has come since the last byte of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    Nothing,
    /// Interim heads alone (1xx), which are no part of the response.
    Interim,
    /// A part of the final head.
    Part,
    /// The final head, or so much that it is not kept.
    Head,
}

#[derive(Debug)]
struct Call {
    started: Instant,
    times: Times,
    /// Connectors that have begun and not ended: 2 while a proxy's own connection is made.
    connecting: u32,
    sent: u64,
    heard: Heard,
    head: Vec<u8>,
    /// The head has been offered once more without a read; see [`Meter::await_input`].
    offered: bool,
    watch: Option<Watch>,
    upload: Option<Upload>,
    next_pulse: Instant,
    /// What had been sent when the server was first listened to: of a body that waits for
    /// `100 Continue`, the head.
    sent_first: Option<u64>,
    /// Standard input was read for the body: it can not be sent again.
    has_read_stdin: bool,
}

thread_local! {
    static CALL: RefCell<Call> = RefCell::new(Call {
        started: Instant::now(),
        times: Times::default(),
        connecting: 0,
        sent: 0,
        heard: Heard::Nothing,
        head: Vec::new(),
        offered: false,
        watch: None,
        upload: None,
        next_pulse: Instant::now(),
        sent_first: None,
        has_read_stdin: false,
    });
}

impl Call {
    /// The watcher and what it hears after a write, when it is time.
    fn sent_pulse(&mut self) -> Option<(Watch, Pulse)> {
        let (watch, Upload { total }) = (self.watch.as_ref()?, self.upload?);
        let now = Instant::now();
        if now < self.next_pulse {
            return None;
        }
        self.next_pulse = now + SENT_PULSE;
        let pulse = Pulse::Sent {
            bytes: self.sent,
            total,
        };
        Some((watch.clone(), pulse))
    }

    /// Forgets what came: it was not the response to what is sent now.
    fn expect(&mut self) {
        self.heard = Heard::Nothing;
    }

    /// Notes bytes of the response.
    fn note(&mut self, bytes: &[u8]) {
        if self.heard == Heard::Nothing {
            self.offered = false;
            self.head.clear();
            self.times.first_byte = Some(self.started.elapsed());
        }
        if self.heard == Heard::Head {
            return;
        }
        // What was heard before holds no end of a head that is not counted yet.
        let new = self.head.len().saturating_sub(HEAD_END.len() - 1);
        self.head.extend_from_slice(bytes);
        let is_long = self.head.len() >= LONGEST_HEAD;
        if !bytes.is_empty() && !is_long && end_of_head(&self.head[new..]).is_none() {
            self.heard = Heard::Part;
            return;
        }
        let rest = without_interim(&self.head);
        self.heard = match end_of_head(rest) {
            Some(_) => Heard::Head,
            None if is_long => Heard::Head,
            None if rest.is_empty() => Heard::Interim,
            None => Heard::Part,
        };
    }

    /// The final response has begun.
    fn is_answering(&self) -> bool {
        matches!(self.heard, Heard::Part | Heard::Head)
    }

    /// The longest silence from here on.
    fn limit(&self) -> Duration {
        if self.is_answering() {
            BETWEEN
        } else {
            FIRST_BYTE
        }
    }
}

fn with<T>(f: impl FnOnce(&mut Call) -> T) -> T {
    CALL.with_borrow_mut(f)
}

/// Starts the count for a new attempt; `upload` is told where a body is worth watching.
pub fn begin(watch: Option<Watch>, upload: Option<Upload>) {
    with(|c| {
        c.started = Instant::now();
        c.times = Times::default();
        c.connecting = 0;
        c.sent = 0;
        c.expect();
        c.head.clear();
        c.watch = watch;
        c.upload = upload;
        c.next_pulse = c.started + SENT_PULSE;
        c.has_read_stdin = false;
    });
}

/// How much of the request has left, given whether it all should have.
pub fn sent() -> Sent {
    with(|c| match c.sent {
        _ if c.connecting > 0 => Sent::None,
        0 => Sent::None,
        _ if c.heard != Heard::Nothing => Sent::All,
        _ => Sent::Some,
    })
}

/// The stages reached so far.
pub fn times() -> Times {
    with(|c| c.times)
}

/// Takes the raw head of the response: status line and headers, as the server sent them.
pub fn take_head() -> Vec<u8> {
    with(|c| std::mem::take(&mut c.head))
}

/// Notes that the name was looked up.
pub fn note_resolved() {
    with(|c| c.times.resolved = Some(c.started.elapsed()));
}

/// Notes that standard input is read for the body.
pub fn note_stdin() {
    with(|c| c.has_read_stdin = true);
}

/// Tells whether any of a body that had to wait for `100 Continue` was sent.
pub fn has_sent_body() -> bool {
    with(|c| c.sent_first.is_none_or(|first| c.sent > first))
}

/// Tells whether standard input was read for the body.
pub fn has_read_stdin() -> bool {
    with(|c| c.has_read_stdin)
}

/// Says which silence was too long.
pub fn silence() -> String {
    if with(|c| c.is_answering()) {
        format!("timed out: nothing more came for {} s", BETWEEN.as_secs())
    } else {
        format!("timed out: no response within {} s", FIRST_BYTE.as_secs())
    }
}

/// Begins the chain: from here on a failure is one of connecting.
#[derive(Debug)]
pub struct StartConnector;

impl Connector<()> for StartConnector {
    type Out = ();

    fn connect(&self, _: &ConnectionDetails, _: Option<()>) -> Result<Option<()>, ureq::Error> {
        with(|c| c.connecting += 1);
        Ok(None)
    }
}

/// Stands between TCP and TLS and notes the time.
#[derive(Debug)]
pub struct ConnectedConnector;

impl<In: Transport> Connector<In> for ConnectedConnector {
    type Out = In;

    fn connect(
        &self,
        _: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<In>, ureq::Error> {
        with(|c| c.times.connected = Some(c.started.elapsed()));
        Ok(chained)
    }
}

/// Ends the chain: what is sent from here on is the request.
#[derive(Debug)]
pub struct MeterConnector;

impl<In: Transport> Connector<In> for MeterConnector {
    type Out = Meter<In>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        with(|c| {
            if details.needs_tls() {
                c.times.secured = Some(c.started.elapsed());
            }
            c.connecting = c.connecting.saturating_sub(1);
            c.sent = 0;
            c.expect();
        });
        // Inside another connection's making this one is the proxy's own.
        let is_proxy = with(|c| c.connecting > 0);
        Ok(chained.map(|transport| Meter {
            transport,
            hung_up: false,
            is_proxy,
            connect: is_proxy.then(Vec::new),
        }))
    }
}

/// The metered connection.
#[derive(Debug)]
pub struct Meter<T> {
    transport: T,
    /// The server has answered and takes no more of the request.
    hung_up: bool,
    /// It leads to a proxy. The connection inside it is metered, and what goes through this one is
    /// the same once more, or the same in TLS.
    is_proxy: bool,
    /// The head of a CONNECT so far, until it is sent. ureq writes it word by word, and a proxy
    /// that reads once would see the first word only.
    connect: Option<Vec<u8>>,
}

impl<T: Transport> Meter<T> {
    /// Gathers the head of a CONNECT in the output buffer; `None` while there is more to come.
    fn gather(&mut self, amount: usize) -> Option<usize> {
        let Some(mut head) = self.connect.take() else {
            return Some(amount);
        };
        let output = self.transport.buffers().output();
        head.extend_from_slice(&output[..amount]);
        let is_connect = head.starts_with(b"CONNECT ") || b"CONNECT ".starts_with(&head[..]);
        if is_connect && !head.ends_with(b"\r\n\r\n") && head.len() < output.len() {
            self.connect = Some(head);
            return None;
        }
        output[..head.len()].copy_from_slice(&head);
        Some(head.len())
    }

    /// Waits for input. A watched connection wakes up now and then: its watcher hears of it, and a
    /// signal that must not end the process at once ends the wait.
    fn receive(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let watch = with(|c| c.watch.clone());
        let (Some(watch), Some(time::Duration::Exact(limit))) = (watch, timeout.per_read) else {
            return self.receive_once(timeout);
        };
        let started = Instant::now();
        let mut waited = Duration::ZERO;
        loop {
            let mut slice = timeout;
            slice.per_read = Some(PULSE.min(limit.saturating_sub(waited)).into());
            if let time::Duration::Exact(after) = timeout.after {
                slice.after = after.saturating_sub(waited).into();
            }
            match self.receive_once(slice) {
                Err(ureq::Error::Timeout(ureq::Timeout::PerRead)) => {}
                result => return result,
            }
            waited = started.elapsed();
            if waited >= limit {
                return Err(ureq::Error::Timeout(ureq::Timeout::PerRead));
            }
            watch.tell(if with(|c| c.is_answering()) {
                Pulse::Stalled
            } else {
                Pulse::Waiting(waited)
            });
            if signals::pending().is_some() {
                return Err(std::io::Error::from(std::io::ErrorKind::Interrupted).into());
            }
        }
    }

    /// Waits for input once and notes what came.
    ///
    /// ureq takes an interim head with headers, as a 103 has them, for a response that comes before
    /// the body, and keeps the body back: it sees none, and no part of one.
    fn receive_once(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let started = Instant::now();
        let mut left = timeout;
        loop {
            let before = self.transport.buffers().input().len();
            if !self.transport.await_input(left)? {
                return Ok(false);
            }
            let input = self.transport.buffers().input();
            let (was_head, is_head) = with(|c| {
                let was_head = c.heard == Heard::Head;
                c.note(&input[before.min(input.len())..]);
                (was_head, c.heard == Heard::Head)
            });
            let hints = if was_head { 0 } else { hints(input) };
            let rest = &input[hints..];
            let goes_on = (hints > 0 && rest.is_empty()) || (!is_head && may_be_hint(rest));
            if hints > 0 {
                self.transport.buffers().input_consume(hints);
            }
            if !goes_on {
                return Ok(true);
            }
            left = rest_of(timeout, started.elapsed())?;
        }
    }
}

/// What is left of the limits after so long; a server that sends hints for ever uses them up.
fn rest_of(timeout: NextTimeout, spent: Duration) -> Result<NextTimeout, ureq::Error> {
    let less = |limit: time::Duration| match limit {
        time::Duration::Exact(limit) => limit.saturating_sub(spent).into(),
        other @ time::Duration::NotHappening => other,
    };
    let left = NextTimeout {
        after: less(timeout.after),
        per_read: timeout.per_read.map(less),
        ..timeout
    };
    if left.after.is_zero() {
        return Err(ureq::Error::Timeout(left.reason));
    }
    if left.per_read.is_some_and(|limit| limit.is_zero()) {
        return Err(ureq::Error::Timeout(ureq::Timeout::PerRead));
    }
    Ok(left)
}

impl<T: Transport> Transport for Meter<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(
        &mut self,
        amount: usize,
        mut timeout: NextTimeout,
    ) -> Result<(), ureq::Error> {
        if self.hung_up {
            return Ok(());
        }
        let Some(amount) = self.gather(amount) else {
            return Ok(());
        };
        if self.is_proxy {
            timeout.per_write = Some(time::Duration::from(BETWEEN));
            return self.transport.transmit_output(amount, timeout);
        }
        with(|c| {
            // Counted before the attempt: a write that fails may have sent a part.
            c.sent += amount as u64;
            c.expect();
        });
        timeout.per_write = Some(time::Duration::from(BETWEEN));
        match self.transport.transmit_output(amount, timeout) {
            Err(ureq::Error::Io(e)) if is_hang_up(&e) => {
                // A server may answer (413, 401) and hang up before it has read the whole body.
                // Its response waits to be read, so the rest of the body is passed over.
                timeout.per_read = Some(time::Duration::from(EARLY_ANSWER));
                if matches!(self.receive(timeout), Ok(true)) {
                    self.hung_up = true;
                    return Ok(());
                }
                Err(e.into())
            }
            Ok(()) => {
                if let Some((watch, pulse)) = with(Call::sent_pulse) {
                    watch.tell(pulse);
                    // One that must not end the process at once ends the call.
                    if signals::pending().is_some() {
                        return Err(std::io::Error::from(std::io::ErrorKind::Interrupted).into());
                    }
                }
                Ok(())
            }
            result => result,
        }
    }

    fn await_input(&mut self, mut timeout: NextTimeout) -> Result<bool, ureq::Error> {
        if self.is_proxy {
            // With the limits of the connection inside it.
            return self.transport.await_input(timeout);
        }
        // ureq looks for `100 Continue` in the input, and when it finds a final head instead, it
        // leaves it there and waits for more, which never comes where the connection is kept.
        let input = self.transport.buffers().input();
        let is_unread = with(|c| {
            let head = without_interim(&c.head);
            let first = !c.offered && c.heard == Heard::Head && !head.is_empty();
            let first = first && input.starts_with(head);
            c.offered |= first;
            first
        });
        if is_unread {
            return Ok(true);
        }
        timeout.per_read = Some(time::Duration::from(with(|c| {
            c.sent_first.get_or_insert(c.sent);
            c.limit()
        })));
        self.receive(timeout).map_err(broken)
    }

    fn is_open(&mut self) -> bool {
        !self.hung_up && self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}

/// A connection that broke, in a form that ureq does not take for the end of a body without a
/// length: what it sees is no reset any more, and what it carries is.
fn broken(error: ureq::Error) -> ureq::Error {
    match error {
        ureq::Error::Io(e) if is_hang_up(&e) || e.kind() == std::io::ErrorKind::UnexpectedEof => {
            std::io::Error::other(SendError::from_io(&e, sent())).into()
        }
        other => other,
    }
}

/// Tells whether the other side has closed or reset the connection.
pub fn is_hang_up(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(
        error.kind(),
        BrokenPipe | ConnectionAborted | ConnectionReset
    )
}

/// What ends a head.
const HEAD_END: &[u8] = b"\r\n\r\n";

/// Where the first head ends, in front of its empty line.
///
/// A search by `memchr` would ask the processor for its features first, which on a virtual machine
/// takes longer than a small call's head is looked at.
fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(HEAD_END.len())
        .position(|window| window == HEAD_END)
}

/// The final head among the first bytes of a response, without its empty line; interim heads (1xx)
/// before it are passed over.
pub fn final_head(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = without_interim(bytes);
    let end = end_of_head(bytes)?;
    Some(&bytes[..end])
}

/// What follows the interim heads (1xx) that are whole.
fn without_interim(bytes: &[u8]) -> &[u8] {
    behind(bytes, |status| status.starts_with(b"1") && status != b"101")
}

/// The length of the interim heads at the start that are neither `100 Continue`, which ureq waits
/// for, nor the last word of a server that goes on to another protocol.
fn hints(bytes: &[u8]) -> usize {
    let is_hint = |status: &[u8]| status.starts_with(b"1") && !matches!(status, b"100" | b"101");
    bytes.len() - behind(bytes, is_hint).len()
}

/// Tells whether the start of a head may become that of a hint.
fn may_be_hint(bytes: &[u8]) -> bool {
    let start = b"HTTP/1.";
    let is_http = bytes.starts_with(start) || start.starts_with(bytes);
    let status = bytes.get(9..bytes.len().min(12)).unwrap_or_default();
    let is_such = match status {
        [] => true,
        b"100" | b"101" => false,
        [first, ..] => *first == b'1',
    };
    !bytes.is_empty() && is_http && is_such
}

/// What follows the whole heads whose status is such.
fn behind(mut bytes: &[u8], is_such: impl Fn(&[u8]) -> bool) -> &[u8] {
    while let Some(end) = end_of_head(bytes) {
        if !bytes[..end].get(9..12).is_some_and(&is_such) {
            break;
        }
        bytes = &bytes[end + HEAD_END.len()..];
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interim_head_is_no_first_byte() {
        let continues = "HTTP/1.1 100 Continue\r\n\r\n";
        let hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
        let ok = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n";
        begin(None, None);
        for (what, pieces, limit) in [
            ("nothing", vec![], FIRST_BYTE),
            ("100", vec![continues], FIRST_BYTE),
            ("103", vec![hints], FIRST_BYTE),
            ("both", vec![continues, hints], FIRST_BYTE),
            (
                "both at once",
                vec![&*(continues.to_owned() + hints)],
                FIRST_BYTE,
            ),
            ("the first byte", vec!["H"], BETWEEN),
            ("a part of a 1xx", vec![&hints[..hints.len() - 1]], BETWEEN),
            ("its rest", vec![&hints[..30], &hints[30..]], FIRST_BYTE),
            ("behind a 1xx", vec![hints, &ok[..1]], BETWEEN),
            ("a head", vec![ok], BETWEEN),
            // What stands in a body is no head.
            ("a body", vec![ok, hints], BETWEEN),
            (
                "101",
                vec!["HTTP/1.1 101 Switching Protocols\r\n\r\n"],
                BETWEEN,
            ),
        ] {
            with(Call::expect);
            for piece in pieces {
                with(|c| c.note(piece.as_bytes()));
            }
            assert_eq!(with(|c| c.limit()), limit, "{what}");
        }
        with(Call::expect);
        with(|c| c.note((hints.to_owned() + ok).as_bytes()));
        assert_eq!(final_head(&take_head()), Some(ok.trim_end().as_bytes()));
        // Once the head is taken, the body goes on.
        with(|c| c.note(hints.as_bytes()));
        assert_eq!(with(|c| c.limit()), BETWEEN);
    }
}
