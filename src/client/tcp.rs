//! TCP by our own connector: ureq's comes with buffers of one size (see `buffers`).
//!
//! Tries the addresses of a host one after the other within the time for connecting, and keeps the
//! limits of each read and write. Must not know TLS, proxies or what is sent.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use ureq::Timeout;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport,
};

use super::buffers::Growing;
use super::tls::remaining;

/// Connects where nothing before it did, as a proxy's connector may have.
#[derive(Debug)]
pub struct TcpConnector {
    /// Whether a read lets other threads run before it waits: many calls are made at once.
    pub yields: bool,
}

impl<In: Transport> Connector<In> for TcpConnector {
    type Out = Either<In, TcpTransport>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        if let Some(chained) = chained {
            return Ok(Some(Either::A(chained)));
        }
        let stream = reach(
            &details.addrs,
            remaining(details),
            TcpStream::connect_timeout,
        )?;
        stream.set_nodelay(true)?;
        Ok(Some(Either::B(TcpTransport {
            stream,
            buffers: Growing::of(details),
            read_limit: None,
            write_limit: None,
            yields: self.yields,
        })))
    }
}

/// How often a read lets others run before it waits. A thread that waits is put to sleep and woken,
/// which costs as much as a small call; the others have requests to send meanwhile.
const YIELDS: u32 = 3;

/// How long one attempt takes at most where nothing else limits it.
const NO_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Connects to the first address that takes the connection. Each has half of the time that is left,
/// the last one all of it.
fn reach<T>(
    addresses: &[SocketAddr],
    timeout: NextTimeout,
    connect: impl Fn(&SocketAddr, Duration) -> io::Result<T>,
) -> Result<T, ureq::Error> {
    let started = Instant::now();
    let limit = timeout.not_zero().map_or(NO_LIMIT, |limit| *limit);
    let mut last = ureq::Error::HostNotFound;
    for (position, address) in addresses.iter().enumerate() {
        let left = limit.saturating_sub(started.elapsed());
        if left.is_zero() {
            return Err(ureq::Error::Timeout(timeout.reason));
        }
        let share = if position + 1 == addresses.len() {
            left
        } else {
            left / 2
        };
        last = match connect(address, share) {
            Ok(connected) => return Ok(connected),
            Err(e) if is_timeout(&e) => ureq::Error::Timeout(timeout.reason),
            Err(e) => e.into(),
        };
    }
    Err(last)
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
    )
}

/// A connection over TCP.
#[derive(Debug)]
pub struct TcpTransport {
    stream: TcpStream,
    buffers: Growing,
    read_limit: Option<Duration>,
    write_limit: Option<Duration>,
    yields: bool,
}

impl Transport for TcpTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let timeout = timeout.for_write();
        let limit = limit(timeout)?;
        if limit != self.write_limit {
            set(&mut self.write_limit, limit, |limit| {
                self.stream.set_write_timeout(limit)
            })?;
        }
        let written = self.stream.write_all(&self.buffers.output()[..amount]);
        written.map_err(|e| of_io(e, timeout.reason))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let timeout = timeout.for_read();
        let whole = limit(timeout)?;
        let started = Instant::now();
        let mut left = whole;
        let input = self.buffers.input_append_buf();
        let mut tries = if self.yields { YIELDS } else { 0 };
        let amount = loop {
            if let Some(left) = tries.checked_sub(1) {
                tries = left;
                // First: what was just asked for has not come yet.
                std::thread::yield_now();
                let at_hand = at_hand(&self.stream, input);
                if let Some(amount) = at_hand.map_err(|e| of_io(e, timeout.reason))? {
                    break amount;
                }
                continue;
            }
            if left != self.read_limit {
                set(&mut self.read_limit, left, |limit| {
                    self.stream.set_read_timeout(limit)
                })?;
            }
            match self.stream.read(input) {
                // A signal ends a read that has a limit, whatever its handler asks for.
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {
                    left = whole.map(|whole| whole.saturating_sub(started.elapsed()));
                    if left.is_some_and(|left| left.is_zero()) {
                        return Err(ureq::Error::Timeout(timeout.reason));
                    }
                }
                read => break read.map_err(|e| of_io(e, timeout.reason))?,
            }
        };
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    /// What a server says while nothing is asked is no response of ours, and its end says that it
    /// has closed.
    fn is_open(&mut self) -> bool {
        is_quiet(&self.stream).unwrap_or(false)
    }
}

/// Returns the limit of a read or a write; one that is over is an error.
fn limit(timeout: NextTimeout) -> Result<Option<Duration>, ureq::Error> {
    if timeout.after.is_zero() {
        return Err(ureq::Error::Timeout(timeout.reason));
    }
    Ok(timeout.not_zero().map(|limit| *limit))
}

/// Sets a limit of a socket, and remembers it. macOS takes none once the server has closed; what is
/// read or written then tells.
fn set(
    known: &mut Option<Duration>,
    limit: Option<Duration>,
    set: impl FnOnce(Option<Duration>) -> io::Result<()>,
) -> io::Result<()> {
    match set(limit) {
        Ok(()) => *known = limit,
        Err(e) if cfg!(target_os = "macos") && e.kind() == io::ErrorKind::InvalidInput => {}
        Err(e) => return Err(e),
    }
    Ok(())
}

fn of_io(error: io::Error, reason: Timeout) -> ureq::Error {
    if is_timeout(&error) {
        return ureq::Error::Timeout(reason);
    }
    error.into()
}

/// Reads what has come; nothing has where it is `None`.
#[cfg(unix)]
fn at_hand(stream: &TcpStream, input: &mut [u8]) -> io::Result<Option<usize>> {
    use rustix::io::Errno;
    use rustix::net::{RecvFlags, recv};

    match recv(stream, input, RecvFlags::DONTWAIT) {
        Ok((_, amount)) => Ok(Some(amount)),
        Err(Errno::AGAIN | Errno::INTR) => Ok(None),
        Err(e) => Err(e.into()),
    }
}

/// Reads what has come; here nobody knows without waiting.
#[cfg(not(unix))]
fn at_hand(_: &TcpStream, _: &mut [u8]) -> io::Result<Option<usize>> {
    Ok(None)
}

/// Returns whether there is nothing to read, not even an end.
#[cfg(unix)]
fn is_quiet(stream: &TcpStream) -> io::Result<bool> {
    use rustix::io::Errno;
    use rustix::net::{RecvFlags, recv};

    match recv(stream, &mut [0], RecvFlags::DONTWAIT | RecvFlags::PEEK) {
        Ok(_) => Ok(false),
        Err(Errno::AGAIN) => Ok(true),
        Err(e) => Err(e.into()),
    }
}

/// Returns whether there is nothing to read, not even an end.
#[cfg(not(unix))]
fn is_quiet(stream: &TcpStream) -> io::Result<bool> {
    stream.set_nonblocking(true)?;
    let peeked = stream.peek(&mut [0]);
    stream.set_nonblocking(false)?;
    Ok(peeked.is_err_and(|e| e.kind() == io::ErrorKind::WouldBlock))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use ureq::unversioned::transport::time;

    use super::*;

    fn within(millis: u64) -> NextTimeout {
        NextTimeout {
            after: time::Duration::from_millis(millis),
            reason: Timeout::Connect,
            ..NextTimeout::default()
        }
    }

    #[test]
    fn addresses_are_tried_in_turn() {
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        let addresses: Vec<SocketAddr> = ["[::1]:1", "127.0.0.1:2", "127.0.0.1:3"]
            .iter()
            .map(|address| address.parse().unwrap())
            .collect();
        for takes in [1, 2, 3] {
            let reached = reach(&addresses, within(900), |address, share| {
                assert!(share.as_millis() <= if address.port() == 3 { 900 } else { 450 });
                if address.port() == takes {
                    Ok(takes)
                } else {
                    Err(refused())
                }
            });
            assert_eq!(reached.ok(), Some(takes));
        }
        let none = reach::<()>(&addresses, within(900), |_, _| Err(refused()));
        assert!(
            matches!(none, Err(ureq::Error::Io(e)) if e.kind() == io::ErrorKind::ConnectionRefused)
        );
        let late = reach::<()>(&addresses, within(900), |_, _| {
            Err(io::ErrorKind::TimedOut.into())
        });
        assert!(matches!(late, Err(ureq::Error::Timeout(Timeout::Connect))));
    }

    fn connection(yields: bool) -> (TcpTransport, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let transport = TcpTransport {
            stream,
            buffers: Growing::new(1 << 16, 1 << 10),
            read_limit: None,
            write_limit: None,
            yields,
        };
        (transport, listener.accept().unwrap().0)
    }

    #[test]
    fn bytes_pass_both_ways_and_a_limit_ends_a_read() {
        for yields in [false, true] {
            let (mut transport, mut server) = connection(yields);
            transport.buffers().output()[..4].copy_from_slice(b"ping");
            transport.transmit_output(4, within(5000)).unwrap();
            let mut got = [0; 4];
            server.read_exact(&mut got).unwrap();
            assert_eq!(&got, b"ping");
            let late = transport.await_input(within(20));
            assert!(matches!(late, Err(ureq::Error::Timeout(Timeout::Connect))));
            server.write_all(b"pong").unwrap();
            assert!(transport.await_input(within(5000)).unwrap());
            assert_eq!(transport.buffers().input(), b"pong");
            drop(server);
            assert!(!transport.await_input(within(5000)).unwrap());
        }
    }

    #[test]
    fn a_connection_is_open_while_the_server_is_quiet() {
        let (mut transport, server) = connection(false);
        assert!(transport.is_open());
        drop(server);
        // The end needs a moment to arrive; a read waits for it and leaves it there.
        assert!(!transport.await_input(within(5000)).unwrap());
        assert!(!transport.is_open());
        let (mut transport, mut server) = connection(false);
        server
            .write_all(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
            .unwrap();
        transport.stream.peek(&mut [0]).unwrap();
        assert!(!transport.is_open());
    }
}
