//! One connection's thread: reads requests, records them, lets faults and services response, keeps the connection or ends it.
//!
//! The order per request: faults that need no head, head, admission (so that `Expect: 100-continue` hears an early refusal),
//! body, record, response.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::{ServerConnection, StreamOwned};

use super::deliver::{After, Delivery};
use super::fault::Effect;
use super::head::{Head, HeadEnd};
use super::http::{BodyEnd, Limits, Wire};
use super::record::Recorded;
use super::response::Response;
use super::{Shared, lock};

/// Serves a connection until it ends.
pub fn serve(shared: &Shared, tcp: TcpStream, number: usize) {
    // Both clones below must be gone before the reset: it is the last handle's close that resets.
    let after = if shared.faults.refuse() {
        After::Reset
    } else {
        converse(shared, &tcp, number).unwrap_or(After::Close)
    };
    lock(&shared.open).remove(&number);
    if after == After::Reset {
        let _ = socket2::SockRef::from(&tcp).set_linger(Some(Duration::ZERO));
    }
    drop(tcp);
}

fn converse(shared: &Shared, tcp: &TcpStream, number: usize) -> io::Result<After> {
    tcp.set_nodelay(true)?;
    let tls = shared.tls.is_some();
    let mut wire = Wire::new(match &shared.tls {
        None => Box::new(tcp.try_clone()?),
        Some(config) => {
            let session = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
            Box::new(Tls(StreamOwned::new(session, tcp.try_clone()?)))
        }
    });
    loop {
        if !wire.has_buffered() {
            let first = first_bytes(tcp)?;
            // A TLS alert (its record is short) only says goodbye and is no request.
            let goodbye = first.is_empty()
                || (tls && first.len() == 5 && u16::from_be_bytes([first[3], first[4]]) <= 32);
            if !goodbye && shared.faults.reset_unread() {
                return Ok(After::Reset);
            }
        }
        let (after, linger) = match wire.read_head() {
            HeadEnd::Gone => return Ok(After::Close),
            HeadEnd::Refuse(status) => {
                let delivery = Delivery {
                    effects: &[],
                    keep_alive: false,
                    head_only: false,
                    skew: shared.skew,
                    stop: &shared.stop,
                };
                (
                    delivery.send(
                        &mut wire.stream,
                        Response::nginx(status).header("Server", "nginx/1.24.0 (Ubuntu)"),
                    )?,
                    true,
                )
            }
            HeadEnd::Head(head) => exchange(shared, &mut wire, head, number)?,
        };
        match after {
            After::KeepAlive => {}
            After::Reset => return Ok(After::Reset),
            After::Close => {
                if linger {
                    linger_close(tcp, &mut wire);
                }
                return Ok(After::Close);
            }
        }
    }
}

/// One request and its response; whether bytes of the request may still be unread is the second value.
fn exchange(
    shared: &Shared,
    wire: &mut Wire,
    head: Head,
    number: usize,
) -> io::Result<(After, bool)> {
    let mut request = Recorded {
        method: head.method,
        target: head.target,
        headers: head.headers,
        body: Vec::new(),
        body_length: 0,
        complete: false,
        connection: number,
        tls: shared.tls.is_some(),
        at: Instant::now(),
    };
    let index = {
        let mut log = lock(&shared.log);
        log.push(request.clone());
        log.len() - 1
    };
    let effects = shared.faults.take(&request.method, &request.target);
    if effects
        .iter()
        .any(|effect| matches!(effect, Effect::ResetAfterHead))
    {
        return Ok((After::Reset, true));
    }
    let delivery = Delivery {
        effects: &effects,
        keep_alive: head.keep_alive,
        head_only: request.method == "HEAD",
        skew: shared.skew,
        stop: &shared.stop,
    };
    let instead = effects.iter().find_map(|effect| match effect {
        Effect::Instead(response) => Some(response.clone()),
        Effect::Raw(_) => Some(Response::new(200)),
        _ => None,
    });
    // A fault's response stands in front of the service, as a proxy does: the request is not carried out.
    let admission = match instead {
        Some(response) => Err(response),
        None => shared.services.admit(&request, head.framing),
    };
    // Whoever asks before sending a body gets a 100, unless it is refused.
    let early = matches!(&admission, Err(response) if response.close || (head.expects && response.status >= 300));
    if early {
        let response = admission.err().expect("early means refused");
        let response = Response {
            close: true,
            ..response
        };
        return Ok((delivery.send(&mut wire.stream, response)?, true));
    }
    if head.expects {
        wire.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        wire.stream.flush()?;
    }
    let stop_after = effects.iter().find_map(|effect| match effect {
        Effect::ResetInBody(at) => Some(*at),
        _ => None,
    });
    let limits = Limits {
        refuse_over: shared.services.body_limit(&request),
        keep: shared.record_limit,
        stop_after,
    };
    let end = wire.read_body(
        head.framing,
        limits,
        &mut request.body,
        &mut request.body_length,
    );
    request.complete = end == BodyEnd::Complete;
    note(shared, index, &request);
    match end {
        BodyEnd::Complete if stop_after.is_some() => Ok((After::Reset, false)),
        BodyEnd::Stopped => Ok((After::Reset, true)),
        BodyEnd::Broken => Ok((After::Close, false)),
        BodyEnd::TooLarge => Ok((
            delivery.send(
                &mut wire.stream,
                Response::nginx(413).header("Server", "nginx/1.24.0 (Ubuntu)"),
            )?,
            true,
        )),
        BodyEnd::Complete => {
            let response = match admission {
                Ok(admitted) => {
                    shared.stop.pause(shared.latency);
                    shared.services.response(&request, admitted, &shared.stop)
                }
                Err(response) => response,
            };
            let ranges = effects.iter().find_map(|effect| match effect {
                Effect::Ranges(ranges) => Some(ranges),
                _ => None,
            });
            let response = match ranges {
                Some(ranges) => ranges.apply(&request, response),
                None => response,
            };
            Ok((delivery.send(&mut wire.stream, response)?, false))
        }
    }
}

/// Puts the whole request where its head was noted, unless a test has forgotten the requests meanwhile.
fn note(shared: &Shared, index: usize, request: &Recorded) {
    if let Some(noted) = lock(&shared.log).get_mut(index)
        && noted.at == request.at
    {
        *noted = request.shortened(shared.services.log_limit(request).min(shared.log_limit));
    }
}

/// Waits for the first bytes of a request and leaves them unread; empty where the client went away.
fn first_bytes(tcp: &TcpStream) -> io::Result<Vec<u8>> {
    let mut first = [0; 5];
    let count = tcp.peek(&mut first)?;
    Ok(first[..count].to_vec())
}

/// Ends a connection whose request is not read to its end, without the reset that would overtake the response (as nginx does).
fn linger_close(tcp: &TcpStream, wire: &mut Wire) {
    let _ = wire.stream.flush();
    let _ = tcp.shutdown(Shutdown::Write);
    let _ = tcp.set_read_timeout(Some(Duration::from_millis(500)));
    let until = Instant::now() + Duration::from_secs(5);
    let mut sink = vec![0; 64 * 1024];
    let mut raw = tcp;
    while Instant::now() < until && matches!(raw.read(&mut sink), Ok(1..)) {}
}

/// A TLS connection that says goodbye properly when it is dropped.
struct Tls(StreamOwned<ServerConnection, TcpStream>);

impl Read for Tls {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Tls {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Drop for Tls {
    fn drop(&mut self) {
        self.0.conn.send_close_notify();
        let _ = self.0.flush();
    }
}
