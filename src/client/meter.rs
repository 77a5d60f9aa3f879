//! The end of the connector chain: every byte of a request and a response passes here.
//!
//! The transport counts what is sent (it decides whether a POST may be retried), shows what comes
//! to [`Incoming`], which knows how long more is waited and what is refused, and wakes up now and
//! then for a watcher. ureq's own limit for each read is one for all of a response, and starts
//! anew with each byte.

use std::io;
use std::time::{Duration, Instant};

use ureq::Timeout;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, NextTimeout, Transport, time,
};

use super::failure::{FailureKind, SendError, Sent, is_hang_up};
use super::heads::{hints, may_be_hint};
use super::incoming::Incoming;
use super::ledger;
use super::patience::Patience;
use super::watch::Pulse;
use crate::signals;

/// How long a hung-up connection is asked for a response; what came lies there already.
const EARLY_ANSWER: Duration = Duration::from_millis(200);

/// How long a watched connection is silent before its watcher hears of it.
const PULSE: Duration = Duration::from_millis(250);

/// Begins the chain: from here on a failure is one of connecting.
#[derive(Debug)]
pub struct StartConnector;

impl Connector<()> for StartConnector {
    type Out = ();

    fn connect(&self, _: &ConnectionDetails, _: Option<()>) -> Result<Option<()>, ureq::Error> {
        ledger::note_connecting();
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
        ledger::note_connected();
        Ok(chained)
    }
}

/// Ends the chain: what is sent from here on is the request.
#[derive(Debug)]
pub struct MeterConnector {
    /// How long the server may take.
    pub patience: Patience,
}

impl<In: Transport> Connector<In> for MeterConnector {
    type Out = Meter<In>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        ledger::note_ready(details.needs_tls());
        Ok(chained.map(|transport| Meter {
            transport,
            patience: self.patience,
            incoming: Incoming::default(),
            hung_up: false,
            is_fresh: false,
        }))
    }
}

/// The metered connection.
#[derive(Debug)]
pub struct Meter<T> {
    transport: T,
    patience: Patience,
    incoming: Incoming,
    /// The server has responded and takes no more of the request.
    hung_up: bool,
    /// A response has just been read from it.
    is_fresh: bool,
}

impl<T: Transport> Meter<T> {
    /// Waits for input. A watched connection wakes up now and then: its watcher hears of it, and a
    /// signal that must not end the process at once ends the wait.
    ///
    /// ureq takes an interim head with headers, as a 103 has them, for a response that comes before
    /// the body, and keeps the body back: it sees none, and no part of one.
    fn receive(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let watch = ledger::watch();
        let until = ledger::until();
        let started = Instant::now();
        let mut waited = Duration::ZERO;
        loop {
            let mut limit = self.incoming.left(&self.patience);
            if let Some(until) = until {
                limit = limit.min(until.saturating_duration_since(Instant::now()));
            }
            if limit.is_zero() {
                return Err(other(self.incoming.timed_out(&self.patience)));
            }
            if watch.is_some() {
                limit = limit.min(PULSE);
            }
            let before = self.transport.buffers().input().len();
            let result =
                self.transport
                    .await_input(within(timeout, waited, limit, Timeout::PerRead)?);
            let total = started.elapsed();
            self.incoming.wait(total.saturating_sub(waited));
            waited = total;
            match result {
                Ok(true) => {
                    self.is_fresh = true;
                    if self.look(before)? {
                        return Ok(true);
                    }
                }
                Err(ureq::Error::Timeout(Timeout::PerRead)) => {}
                result => return result,
            }
            if let Some(watch) = &watch {
                watch.report(if self.incoming.is_answering() {
                    Pulse::Stalled
                } else {
                    Pulse::Waiting(waited)
                });
                if signals::breaks_off() {
                    return Err(interrupted());
                }
            }
        }
    }

    /// Looks at what came behind the first `before` bytes of the input; returns whether there is
    /// something for ureq.
    fn look(&mut self, before: usize) -> Result<bool, ureq::Error> {
        let input = self.transport.buffers().input();
        if self.incoming.is_silent() {
            ledger::note_first_byte();
        }
        let had_head = self.incoming.has_head();
        let new = &input[before.min(input.len())..];
        self.incoming
            .note(new, ledger::is_bodiless())
            .map_err(other)?;
        if had_head {
            return Ok(true);
        }
        if let Some(head) = self.incoming.take_head() {
            ledger::keep_head(head);
        }
        let hints = hints(input);
        let rest = &input[hints..];
        let goes_on =
            (hints > 0 && rest.is_empty()) || (!self.incoming.has_head() && may_be_hint(rest));
        if hints > 0 {
            self.transport.buffers().input_consume(hints);
        }
        Ok(!goes_on)
    }
}

impl<T: Transport> Transport for Meter<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if self.hung_up {
            return Ok(());
        }
        // Counted before the attempt: a write that fails may have sent a part.
        ledger::note_sent(amount);
        self.incoming.expect();
        let between = self.patience.between;
        let limited = within(timeout, Duration::ZERO, between, Timeout::PerWrite)?;
        match self.transport.transmit_output(amount, limited) {
            Err(ureq::Error::Io(e)) if is_hang_up(&e) => {
                // A server may respond (413, 401) and hang up before it has read the whole body.
                // Its response waits to be read, so the rest of the body is passed over.
                let early = within(timeout, Duration::ZERO, EARLY_ANSWER, Timeout::Global);
                if matches!(early.and_then(|early| self.receive(early)), Ok(true)) {
                    self.hung_up = true;
                    return Ok(());
                }
                Err(e.into())
            }
            Err(ureq::Error::Timeout(Timeout::PerWrite)) => {
                let limit = between.as_secs_f64();
                let message = format!("timed out: the server took nothing for {limit} s");
                Err(other(SendError::new(
                    FailureKind::TimedOut,
                    Sent::Some,
                    message,
                )))
            }
            Ok(()) => {
                if let Some((watch, pulse)) = ledger::sent_pulse() {
                    watch.report(pulse);
                    // One that must not end the process at once ends the call.
                    if signals::breaks_off() {
                        return Err(interrupted());
                    }
                }
                Ok(())
            }
            result => result,
        }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        if self.incoming.is_unread(self.transport.buffers().input()) {
            return Ok(true);
        }
        ledger::note_listening();
        self.receive(timeout).map_err(broken)
    }

    /// ureq asks when it keeps a connection and when it takes it again. The first time what comes
    /// too much would be seen the second time as well: that saves three system calls.
    fn is_open(&mut self) -> bool {
        !self.hung_up && (std::mem::take(&mut self.is_fresh) || self.transport.is_open())
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}

/// Returns the limits of a read or write of which so much is over: `limit` where it ends before
/// what is left of the call. As the limit of all that is done in it, not of each read: a record in
/// TLS may come in many.
fn within(
    timeout: NextTimeout,
    spent: Duration,
    limit: Duration,
    reason: Timeout,
) -> Result<NextTimeout, ureq::Error> {
    let mut left = timeout;
    if let time::Duration::Exact(after) = timeout.after {
        let after = after.saturating_sub(spent);
        if after.is_zero() {
            return Err(ureq::Error::Timeout(timeout.reason));
        }
        left.after = after.into();
        if after <= limit {
            return Ok(left);
        }
    }
    left.after = limit.into();
    left.reason = reason;
    Ok(left)
}

fn other(error: SendError) -> ureq::Error {
    ureq::Error::Other(Box::new(error))
}

fn interrupted() -> ureq::Error {
    io::Error::from(io::ErrorKind::Interrupted).into()
}

/// Returns a connection that broke, in a form that ureq does not take for the end of a body without
/// a length: what it sees is no reset any more, and what it carries is.
fn broken(error: ureq::Error) -> ureq::Error {
    match error {
        ureq::Error::Io(e) if is_hang_up(&e) || e.kind() == io::ErrorKind::UnexpectedEof => {
            io::Error::other(SendError::from_io(&e, ledger::sent())).into()
        }
        error => error,
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "servers of the tests")]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};

    use super::*;
    use crate::address::Address;
    use crate::client::{Client, Limits, Options};
    use crate::profile::Place;
    use crate::request::body::Content;
    use crate::request::plan::{Call, Loaded};
    use crate::request::{Plan, Retry};
    use crate::service::Service;

    /// Far shorter than the contract's, in the same order.
    const PATIENCE: Patience = Patience {
        first_byte: Duration::from_millis(600),
        between: Duration::from_millis(300),
        unwanted_time: Duration::from_millis(400),
        unwanted_bytes: 100_000,
    };

    /// Calls a server that reads a head and then does as it is bid; gives status and body.
    fn call(
        body: Option<Vec<u8>>,
        server: impl FnOnce(TcpStream) -> io::Result<()> + Send + 'static,
    ) -> Result<(u16, usize), SendError> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/MAAS", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() > 0 {
                head.push(byte[0]);
            }
            // A client that has had enough hangs up.
            let _ = server(stream);
        });
        let address = Address::parse(&url).unwrap();
        let content = body.map(|b| Loaded::Body(Content::Bytes(b)));
        let call = Call {
            method: if content.is_some() { "POST" } else { "GET" }.to_owned(),
            path: "/x/".to_owned(),
            op: None,
            items: content.into_iter().collect(),
            form: Some(crate::request::plan::BodyForm::Form),
            force_query: false,
            anonymous: true,
        };
        let place = Place {
            service: Service::Maas,
            address: &address,
            fabric: "",
        };
        let mut plan = Plan::new(call, place).unwrap();
        plan.retry = Retry::Never;
        let client = Client::new(Options {
            patience: PATIENCE,
            ..Options::default()
        })
        .unwrap();
        let mut response = client.send(&plan, &Limits::default(), &mut |_| {})?;
        let mut bytes = Vec::new();
        let status = response.head.status;
        match response.read_to_end(&mut bytes) {
            Ok(_) => Ok((status, bytes.len())),
            Err(e) => Err(crate::client::response::send_error_of(&e).unwrap()),
        }
    }

    /// Returns a server that begins with one text and repeats another, for ever.
    fn drip(
        start: &'static str,
        piece: &'static str,
        pause: u64,
    ) -> Result<(u16, usize), SendError> {
        call(None, move |mut stream| {
            stream.write_all(start.as_bytes())?;
            loop {
                std::thread::sleep(Duration::from_millis(pause));
                stream.write_all(piece.as_bytes())?;
            }
        })
    }

    #[test]
    fn no_server_makes_a_call_hang() {
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let long = "HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n";
        for (what, start, piece, want) in [
            ("silence", "", "", "no response within 0.6 s"),
            (
                "interim responses, slowly",
                "",
                "HTTP/1.1 102 Processing\r\n\r\n",
                "no response within 0.6 s",
            ),
            (
                "a head, slowly",
                "HTTP/1.1 200 OK\r\nX-Long: ",
                "x",
                "headers were not complete within 0.6 s",
            ),
            ("a body, slowly", long, "x", "less than 1 KiB in 0.3 s"),
            ("a body that stops", long, "", "nothing more came for 0.3 s"),
            (
                "chunks, slowly",
                chunked,
                "1\r\nx\r\n",
                "less than 1 KiB in 0.3 s",
            ),
            (
                "trailers, slowly",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
                "X: y\r\n",
                "trailers were not complete within 0.3 s",
            ),
        ] {
            let error = drip(start, piece, 40).unwrap_err();
            assert_eq!(error.kind, FailureKind::TimedOut, "{what}: {error}");
            assert!(error.message.contains(want), "{what}: {error}");
        }
    }

    #[test]
    fn a_slow_body_that_brings_enough_comes_whole() {
        let result = call(None, |mut stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 20480\r\n\r\n")?;
            for _ in 0..20 {
                std::thread::sleep(Duration::from_millis(40));
                stream.write_all(&[b'x'; 1024])?;
            }
            Ok(())
        });
        assert_eq!(result.unwrap(), (200, 20480));
    }

    #[test]
    fn too_many_interim_responses_are_an_error() {
        let error = drip("", "HTTP/1.1 100 Continue\r\n\r\n", 1).unwrap_err();
        assert!(error.message.contains("more than 100 interim"), "{error}");
    }

    #[test]
    fn the_body_of_an_error_ends_by_time_and_by_size() {
        for status in ["302 Found", "404 Not Found", "500 Oops"] {
            for (piece, pause, most) in [(1, 20, 40), (8192, 0, 100_000)] {
                let head = format!("HTTP/1.1 {status}\r\nContent-Length: 99999999\r\n\r\n");
                let (seen, length) = call(None, move |mut stream| {
                    stream.write_all(head.as_bytes())?;
                    loop {
                        std::thread::sleep(Duration::from_millis(pause));
                        stream.write_all(&vec![b'x'; piece])?;
                    }
                })
                .unwrap();
                assert_eq!(seen.to_string(), status[..3]);
                assert!((1..=most).contains(&length), "{status}: {length}");
            }
        }
    }

    #[test]
    fn an_upload_that_stalls_is_a_timeout() {
        let error = call(Some(vec![0; 64 << 20]), |mut stream| {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            std::thread::sleep(Duration::from_secs(5));
            Ok(())
        })
        .unwrap_err();
        assert_eq!(error.kind, FailureKind::TimedOut, "{error}");
        assert!(error.message.contains("took nothing for 0.3 s"), "{error}");
    }
}
