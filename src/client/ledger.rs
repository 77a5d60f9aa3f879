//! What an attempt has done so far: bytes sent, stages reached, the head that came.
//!
//! ureq works on the calling thread from start to end and takes nothing along for its user, so an
//! attempt's record is a thread-local: connections are pooled and move between calls, threads do
//! not. Connectors and transports write it, `sender` begins and reads it.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::failure::Sent;
use super::head::Head;
use super::watch::{Pulse, Watch};

/// How often the watcher of a body that goes out hears of it.
const SENT_PULSE: Duration = Duration::from_millis(100);

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

/// What an attempt is like, as far as its connection has to know.
#[derive(Clone, Debug, Default)]
pub struct Attempt {
    /// Returns the progress observer.
    pub watch: Option<Watch>,
    /// The body that goes out, where it is worth watching.
    pub upload: Option<Upload>,
    /// The request is a HEAD: no body comes.
    pub is_bodiless: bool,
}

#[derive(Debug)]
struct Ledger {
    attempt: Attempt,
    /// The number of the attempt in this process.
    number: u64,
    started: Instant,
    times: Times,
    /// Connectors that have begun and not ended: 2 while a proxy's own connection is made.
    connecting: u32,
    sent: u64,
    has_heard: bool,
    head: Option<Head>,
    next_pulse: Instant,
    /// What had been sent when the server was first listened to: of a body that waits for
    /// `100 Continue`, the head.
    sent_first: Option<u64>,
    /// Standard input was read for the body: it cannot be sent again.
    has_read_stdin: bool,
    /// Until when the present body is read.
    until: Option<Instant>,
}

impl Ledger {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            attempt: Attempt::default(),
            number: ATTEMPTS.fetch_add(1, Ordering::Relaxed),
            started: now,
            times: Times::default(),
            connecting: 0,
            sent: 0,
            has_heard: false,
            head: None,
            next_pulse: now,
            sent_first: None,
            has_read_stdin: false,
            until: None,
        }
    }
}

/// Attempts so far; the first number is 1.
static ATTEMPTS: AtomicU64 = AtomicU64::new(1);

thread_local! {
    static LEDGER: RefCell<Ledger> = RefCell::new(Ledger::new());
}

fn with<T>(f: impl FnOnce(&mut Ledger) -> T) -> T {
    LEDGER.with_borrow_mut(f)
}

/// Begins a new attempt.
pub fn begin(attempt: Attempt) {
    with(|l| {
        *l = Ledger::new();
        l.attempt = attempt;
        l.next_pulse += SENT_PULSE;
    });
}

/// Returns how much of the request has left.
pub fn sent() -> Sent {
    with(|l| match l.sent {
        _ if l.connecting > 0 => Sent::None,
        0 => Sent::None,
        _ if l.has_heard => Sent::All,
        _ => Sent::Some,
    })
}

/// Returns whether the attempt got no further than connecting: a look-up before does not count.
pub fn is_connecting() -> bool {
    with(|l| l.connecting > 0)
}

/// Returns the stages reached so far.
pub fn times() -> Times {
    with(|l| l.times)
}

/// Takes the head of the response. `None` where there is none, as when it was too long to be kept.
pub fn take_head() -> Option<Head> {
    with(|l| l.head.take())
}

/// Keeps the head of the response.
pub fn keep_head(head: Head) {
    with(|l| l.head = Some(head));
}

/// Returns the number of the present attempt: a kept connection sees by it that another request
/// begins.
pub fn attempt() -> u64 {
    with(|l| l.number)
}

/// Returns whether the request is a HEAD.
pub fn is_bodiless() -> bool {
    with(|l| l.attempt.is_bodiless)
}

/// Who looks on.
pub fn watch() -> Option<Watch> {
    with(|l| l.attempt.watch.clone())
}

/// Notes that a connection is being made: a failure is one of connecting.
pub fn note_connecting() {
    with(|l| l.connecting += 1);
}

/// Notes that the name was looked up.
pub fn note_resolved() {
    with(|l| l.times.resolved = Some(l.started.elapsed()));
}

/// Notes that TCP is connected, through the proxy where there is one.
pub fn note_connected() {
    with(|l| l.times.connected = Some(l.started.elapsed()));
}

/// Notes that the connection is made, and whether it is in TLS: what is sent from here on is the
/// request.
pub fn note_ready(is_tls: bool) {
    with(|l| {
        if is_tls {
            l.times.secured = Some(l.started.elapsed());
        }
        l.connecting = l.connecting.saturating_sub(1);
        l.sent = 0;
    });
}

/// Counts bytes of the request.
pub fn note_sent(bytes: usize) {
    with(|l| {
        l.sent += bytes as u64;
        l.has_heard = false;
    });
}

/// Notes that the server is listened to.
pub fn note_listening() {
    with(|l| l.sent_first = l.sent_first.or(Some(l.sent)));
}

/// Notes that the first bytes after the last byte of ours have come.
pub fn note_first_byte() {
    with(|l| {
        l.has_heard = true;
        l.times.first_byte = Some(l.started.elapsed());
    });
}

/// Notes that standard input is read for the body.
pub fn note_stdin() {
    with(|l| l.has_read_stdin = true);
}

/// Returns whether any of a body that had to wait for `100 Continue` was sent.
pub fn has_sent_body() -> bool {
    with(|l| l.sent_first.is_none_or(|first| l.sent > first))
}

/// Returns whether standard input was read for the body.
pub fn has_read_stdin() -> bool {
    with(|l| l.has_read_stdin)
}

/// Returns the progress observer and its next report after a write, when one is due.
pub fn sent_pulse() -> Option<(Watch, Pulse)> {
    with(|l| {
        let (watch, Upload { total }) = (l.attempt.watch.as_ref()?, l.attempt.upload?);
        let now = Instant::now();
        if now < l.next_pulse {
            return None;
        }
        l.next_pulse = now + SENT_PULSE;
        let bytes = l.sent;
        Some((watch.clone(), Pulse::Sent { bytes, total }))
    })
}

/// Runs a read of a body that ends at a moment, whatever comes.
pub fn reading_until<T>(until: Option<Instant>, read: impl FnOnce() -> T) -> T {
    if until.is_none() {
        return read();
    }
    let before = with(|l| std::mem::replace(&mut l.until, until));
    let result = read();
    with(|l| l.until = before);
    result
}

/// Returns until when the present body is read.
pub fn until() -> Option<Instant> {
    with(|l| l.until)
}
