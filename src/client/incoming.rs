//! What has come of a response on one connection, and how long more of it is waited for.
//!
//! Fed with the bytes as they arrive, and with the time that was spent waiting for them: time in
//! which nobody reads does not count against the server. Knows no socket.

use std::time::Duration;

use super::failure::{FailureKind, SendError, Sent};
use super::framing::{self, Chunks};
use super::head::Head;
use super::heads::{HEAD_END, end_of_head, is_interim};
use super::patience::{MOST_INTERIM, Patience, TRICKLE};

/// Heads longer than ureq takes are not kept.
const LONGEST_HEAD: usize = 64 * 1024;

/// Limits are counted in steps of this part of them: a new one for each read would be one more
/// call of the system for each.
const STEPS: u32 = 32;

/// What has come since the last byte of ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Heard {
    #[default]
    Nothing,
    /// Interim heads alone (1xx), which are no part of the response.
    Interim,
    /// A part of the final head.
    Part,
    /// The final head, or so much that it is not kept.
    Head,
}

/// The response that a connection brings.
#[derive(Debug, Default)]
pub struct Incoming {
    heard: Heard,
    /// The final head so far, with its empty line once it is complete.
    head: Vec<u8>,
    /// The same, read.
    read: Option<Head>,
    interim: u32,
    chunks: Option<Chunks>,
    /// Waited for the head since the last byte of ours.
    waited: Duration,
    /// Waited since the last byte of the head, or the last [`TRICKLE`] of the body.
    silent: Duration,
    /// Bytes of the body since then.
    trickled: u64,
    /// Whether the headers have been offered again without a read.
    offered: bool,
}

impl Incoming {
    /// Forgets what came: it was not the response to what is sent now.
    pub fn expect(&mut self) {
        if self.heard == Heard::Head {
            self.interim = 0;
        }
        self.heard = Heard::Nothing;
        self.waited = Duration::ZERO;
        self.silent = Duration::ZERO;
    }

    /// Notes bytes of the response; `is_bodiless` says that the request was a HEAD.
    pub fn note(&mut self, bytes: &[u8], is_bodiless: bool) -> Result<(), SendError> {
        self.note_bytes(bytes, is_bodiless).map_err(|fault| {
            SendError::new(FailureKind::NoConnection, Sent::All, fault)
                .hint("the server, or what stands before it, does not speak HTTP properly")
        })
    }

    fn note_bytes(&mut self, bytes: &[u8], is_bodiless: bool) -> Result<(), framing::Fault> {
        match self.heard {
            Heard::Head => return self.note_body(bytes),
            Heard::Nothing => {
                self.head.clear();
                self.chunks = None;
                self.offered = false;
            }
            Heard::Interim | Heard::Part => {}
        }
        self.silent = Duration::ZERO;
        let mut checked = self.head.len();
        // What was heard before holds no end of a head that is not counted yet.
        let mut new = checked.saturating_sub(HEAD_END.len() - 1);
        self.head.extend_from_slice(bytes);
        while let Some(end) = end_of_head(&self.head[new..]).map(|end| new + end) {
            let after = end + HEAD_END.len();
            if is_interim(&self.head[..end]) {
                self.interim += 1;
                if self.interim > MOST_INTERIM {
                    return Err(format!(
                        "the server sent more than {MOST_INTERIM} interim responses (1xx)"
                    ));
                }
                self.head.drain(..after);
                (checked, new) = (0, 0);
                continue;
            }
            // Whatever came before was no end of a head, so the body is of these bytes.
            let body = &bytes[bytes.len() - (self.head.len() - after)..];
            self.head.truncate(after);
            self.heard = Heard::Head;
            self.trickled = 0;
            if self.is_http() {
                let head = framing::read(&self.head[..end])?;
                self.chunks = framing::of_head(&head, is_bodiless)?;
                self.read = Some(head);
            }
            return self.note_body(body);
        }
        if self.head.len() >= LONGEST_HEAD {
            self.heard = Heard::Head;
            self.head.clear();
            return Ok(());
        }
        if self.is_http() {
            framing::check_lines(&self.head, checked)?;
        }
        self.heard = if self.head.is_empty() {
            Heard::Interim
        } else {
            Heard::Part
        };
        Ok(())
    }

    fn note_body(&mut self, bytes: &[u8]) -> Result<(), framing::Fault> {
        let mut is_in_trailers = false;
        if let Some(chunks) = &mut self.chunks {
            let was_in_trailers = chunks.is_in_trailers();
            chunks.feed(bytes)?;
            is_in_trailers = was_in_trailers;
            if chunks.is_in_trailers() && !was_in_trailers {
                self.silent = Duration::ZERO;
            }
        }
        self.trickled += bytes.len() as u64;
        if self.trickled >= TRICKLE && !is_in_trailers {
            self.trickled = 0;
            self.silent = Duration::ZERO;
        }
        Ok(())
    }

    /// Returns whether the response is HTTP; what is not is left to ureq's error.
    fn is_http(&self) -> bool {
        self.head.starts_with(b"HTTP/1.")
    }

    /// Returns whether nothing has come since the last byte of ours.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.heard == Heard::Nothing
    }

    /// Returns whether the final response has begun.
    #[must_use]
    pub fn is_answering(&self) -> bool {
        matches!(self.heard, Heard::Part | Heard::Head)
    }

    /// Returns whether the final head is complete and was not too long.
    #[must_use]
    pub fn has_head(&self) -> bool {
        self.heard == Heard::Head && !self.head.is_empty()
    }

    /// Takes the final head, where it has just been completed; `None` for what is not HTTP.
    pub fn take_head(&mut self) -> Option<Head> {
        self.read.take()
    }

    /// Returns, once, whether the input begins with the final head that is known already. ureq looks
    /// for `100 Continue` in the input, and when it finds a final head instead, it leaves it there
    /// and waits for more, which never comes where the connection is kept.
    pub fn is_unread(&mut self, input: &[u8]) -> bool {
        let is_unread = !self.offered && self.has_head() && input.starts_with(&self.head);
        self.offered |= is_unread;
        is_unread
    }

    /// Counts time that was spent waiting.
    pub fn wait(&mut self, time: Duration) {
        self.waited += time;
        self.silent += time;
    }

    /// Returns how long to wait for the rest; zero after the time is over.
    #[must_use]
    pub fn left(&self, patience: &Patience) -> Duration {
        let head = left(patience.first_byte, self.waited);
        let silence = left(patience.between, self.silent);
        match self.heard {
            Heard::Nothing | Heard::Interim => head,
            Heard::Part => head.min(silence),
            Heard::Head => silence,
        }
    }

    /// Says what was waited for too long.
    #[must_use]
    pub fn timed_out(&self, patience: &Patience) -> SendError {
        let (first, between) = (patience.first_byte, patience.between);
        let in_trailers = self.chunks.as_ref().is_some_and(Chunks::is_in_trailers);
        let (what, limit) = match self.heard {
            Heard::Nothing | Heard::Interim => ("no response within", first),
            Heard::Part if left(first, self.waited).is_zero() => {
                ("the response's headers were not complete within", first)
            }
            Heard::Head if in_trailers => {
                ("the response's trailers were not complete within", between)
            }
            Heard::Head if self.trickled > 0 => {
                ("the response brought less than 1 KiB in", between)
            }
            Heard::Part | Heard::Head => ("nothing more came for", between),
        };
        let message = format!("timed out: {what} {} s", limit.as_secs_f64());
        SendError::new(FailureKind::TimedOut, Sent::All, message)
    }
}

fn left(limit: Duration, spent: Duration) -> Duration {
    let step = limit / STEPS;
    let steps = spent.as_nanos() / step.as_nanos().max(1);
    match u32::try_from(steps) {
        Ok(steps) if steps < STEPS => limit.saturating_sub(step * steps),
        _ => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";
    const HINTS: &str = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n";

    fn heard(pieces: &[&str]) -> Incoming {
        let mut incoming = Incoming::default();
        for piece in pieces {
            incoming.note(piece.as_bytes(), false).unwrap();
        }
        incoming
    }

    #[test]
    fn an_interim_head_is_no_first_byte() {
        let both = CONTINUE.to_owned() + HINTS;
        for (what, pieces, is_answering) in [
            ("nothing", &[][..], false),
            ("100", &[CONTINUE], false),
            ("103", &[HINTS], false),
            ("both", &[CONTINUE, HINTS], false),
            ("both at once", &[&both], false),
            ("the first byte", &["H"], true),
            ("a part of a 1xx", &[&HINTS[..HINTS.len() - 1]], true),
            ("its rest", &[&HINTS[..30], &HINTS[30..]], false),
            ("behind a 1xx", &[HINTS, &OK[..1]], true),
            ("a head", &[OK], true),
            // What stands in a body is no head.
            ("a body", &[OK, HINTS], true),
            ("101", &["HTTP/1.1 101 Switching Protocols\r\n\r\n"], true),
        ] {
            let incoming = heard(pieces);
            assert_eq!(incoming.is_answering(), is_answering, "{what}");
            let left = incoming.left(&Patience::default()).as_secs();
            assert_eq!(left, if is_answering { 60 } else { 600 }, "{what}");
        }
        let mut incoming = heard(&[&(HINTS.to_owned() + OK), HINTS]);
        assert!(incoming.has_head());
        let head = Head::new("HTTP/1.1", 200, "OK").with([("Content-Length", "20")]);
        assert_eq!(incoming.take_head(), Some(head));
        assert_eq!(incoming.take_head(), None);
    }

    /// Feeds bytes at a pace until the limits are reached; gives seconds and the message.
    fn drip(start: &[&str], piece: &str, pause: u64) -> (u64, String) {
        let patience = Patience::default();
        let mut incoming = heard(start);
        let mut seconds = 0;
        loop {
            let left = incoming.left(&patience).as_secs();
            if left < pause {
                incoming.wait(Duration::from_secs(left + 2));
                assert!(incoming.left(&patience).is_zero(), "{left}");
                return (seconds + left, incoming.timed_out(&patience).message);
            }
            incoming.wait(Duration::from_secs(pause));
            seconds += pause;
            assert!(seconds < 5000, "it never ends");
            incoming.note(piece.as_bytes(), false).unwrap();
        }
    }

    #[test]
    fn however_it_drips_it_ends() {
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (start, piece, pause, limit, want) in [
            (&[][..], CONTINUE, 50, 600, "no response within 600 s"),
            (
                &["HTTP/1.1 200 OK\r\nX: "],
                "x",
                50,
                600,
                "headers were not complete within 600 s",
            ),
            (
                &["HTTP/1.1 200 OK\r\nX: "],
                "x",
                70,
                60,
                "nothing more came for 60 s",
            ),
            (&[OK], "x", 1, 60, "less than 1 KiB in 60 s"),
            (&[OK], "x", 70, 60, "nothing more came for 60 s"),
            (
                &[chunked, "0\r\n"],
                "X: y\r\n",
                1,
                60,
                "trailers were not complete within 60 s",
            ),
        ] {
            let (seconds, message) = drip(start, piece, pause);
            assert!(message.contains(want), "{message}");
            assert!(seconds <= limit + limit / 16, "{want}: {seconds}");
        }
    }

    #[test]
    fn a_body_that_keeps_coming_has_no_limit() {
        let mut incoming = heard(&[OK]);
        for _ in 0..1000 {
            incoming.wait(Duration::from_secs(50));
            incoming.note(&[b'x'; 1024], false).unwrap();
            assert_eq!(incoming.left(&Patience::default()).as_secs(), 60);
        }
    }

    #[test]
    fn interim_heads_are_counted() {
        let mut incoming = heard(&[&CONTINUE.repeat(100)]);
        let error = incoming.note(HINTS.as_bytes(), false).unwrap_err();
        assert!(error.message.contains("more than 100"), "{error}");
        // The next request on the connection starts anew.
        let mut incoming = heard(&[&CONTINUE.repeat(100), OK]);
        incoming.expect();
        incoming.note(HINTS.as_bytes(), false).unwrap();
    }

    #[test]
    fn faults_are_found_in_a_head_that_drips() {
        for head in [
            "HTTP/1.1 200 OK\nX",
            "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n",
        ] {
            let mut incoming = Incoming::default();
            let fault = head.bytes().find_map(|b| incoming.note(&[b], false).err());
            assert_eq!(fault.unwrap().kind, FailureKind::NoConnection, "{head:?}");
        }
        // A proper one is none, wherever its pieces begin.
        for piece in 1..OK.len() {
            let mut incoming = Incoming::default();
            for bytes in OK.as_bytes().chunks(piece) {
                incoming.note(bytes, false).unwrap();
            }
            assert!(incoming.has_head(), "{piece}");
        }
        // What is not HTTP is for ureq to refuse.
        assert!(heard(&["SSH-2.0\nx"]).is_answering());
    }
}
