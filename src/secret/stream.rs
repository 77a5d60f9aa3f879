//! Masks a text that comes in pieces, wherever a piece ends.
//!
//! So much is held back that each form of a secret that begins in what is passed on is complete; what
//! went before is kept, to see where a word begins.

use std::ops::Range;

use super::MASK;
use super::masks::Masks;
use super::spans::{SecretSpan, merged};

/// What is written so far is looked at again before each word.
const CONTEXT: usize = 16;

/// Pieces are small, looking at them is not: it is done for so many bytes at once.
const BLOCK: usize = 8 * 1024;

/// A URL that has not ended after so many bytes is no more waited for.
const LONGEST_OPEN: usize = 16 * 1024;

/// What is held back of a stream.
#[derive(Debug, Default)]
pub struct Stream {
    held: Vec<u8>,
    /// So much of it is written already.
    written: usize,
    /// A secret goes on whose end has not come.
    inside: bool,
}

impl Stream {
    /// Takes a piece, and puts what can be written into `out`.
    pub fn feed(&mut self, piece: &[u8], masks: &Masks, out: &mut Vec<u8>) {
        self.held.extend_from_slice(piece);
        if self.held.len() > masks.reach() + BLOCK {
            self.pass(masks, false, out);
        }
    }

    /// Puts what can be written by now into `out`: whoever reads may wait for it.
    pub fn flush(&mut self, masks: &Masks, out: &mut Vec<u8>) {
        self.pass(masks, false, out);
    }

    /// Puts the rest into `out`: the text has ended.
    pub fn finish(&mut self, masks: &Masks, out: &mut Vec<u8>) {
        self.pass(masks, true, out);
    }

    fn pass(&mut self, masks: &Masks, is_last: bool, out: &mut Vec<u8>) {
        // Nearly every call ends without a word on stderr, and looking for secrets is not free.
        if self.held.is_empty() {
            return;
        }
        if self.inside {
            let ends = |b: &u8| b.is_ascii_whitespace() || b"\"'`<>".contains(b);
            let end = self.held.iter().position(ends);
            self.held.drain(..end.unwrap_or(self.held.len()));
            self.inside = end.is_none();
        }
        let length = self.held.len();
        let mut places = masks.places(&self.held);
        let end = if is_last {
            length
        } else {
            match given_up(&places, length) {
                Some(open) => {
                    self.inside = !open.is_empty();
                    places.push(SecretSpan::of(open));
                    length
                }
                None => safe_end(&places, length.saturating_sub(masks.reach())),
            }
        };
        let end = end.max(self.written);
        let mut rest = self.written;
        for secret in merged(places.into_iter().map(|place| place.secret).collect()) {
            if secret.start >= end || secret.end <= rest {
                continue;
            }
            out.extend_from_slice(&self.held[rest..secret.start.max(rest)]);
            out.extend_from_slice(MASK.as_bytes());
            rest = secret.end;
        }
        out.extend_from_slice(&self.held[rest.min(end)..end]);
        let keep = end.saturating_sub(CONTEXT);
        self.held.drain(..keep);
        self.written = end - keep;
        if self.inside {
            self.held.clear();
            self.written = 0;
        }
    }
}

/// Returns what may be a secret whose end was waited for too long.
fn given_up(places: &[SecretSpan], length: usize) -> Option<Range<usize>> {
    let open = places
        .iter()
        .filter(|place| length - place.mark > LONGEST_OPEN);
    open.filter_map(|place| place.open.clone())
        .min_by_key(|open| open.start)
}

/// Returns the last place before `end` that cuts no secret in two, nor parts it from its mark.
fn safe_end(places: &[SecretSpan], mut end: usize) -> usize {
    let cuts = |place: &&SecretSpan, end| {
        place.mark < end && (place.open.is_some() || end < place.secret.end)
    };
    while let Some(place) = places.iter().find(|place| cuts(place, end)) {
        end = place.mark;
    }
    end
}

impl Masks {
    /// Masks a text that was cut at its end: what may be the start of a secret is left out there.
    #[must_use]
    pub fn masked_cut(&self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        let mut stream = Stream {
            held: text.to_vec(),
            ..Stream::default()
        };
        stream.pass(self, false, &mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streamed(text: &[u8], sizes: &[usize], masks: &Masks) -> String {
        let (mut stream, mut out) = (Stream::default(), Vec::new());
        let mut rest = text;
        let mut sizes = sizes.iter().cycle();
        while !rest.is_empty() {
            let (piece, after) = rest.split_at((*sizes.next().unwrap()).clamp(1, rest.len()));
            stream.feed(piece, masks, &mut out);
            stream.flush(masks, &mut out);
            rest = after;
        }
        stream.finish(masks, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// Flushed behind each piece, so that nothing is held back that need not be.
    #[test]
    fn a_piece_may_end_anywhere() {
        let mut masks = Masks::default();
        masks.add("hunter2hunter2");
        masks.add_part("token22");
        let filler = "lorem ipsum, dolor. ".repeat(40);
        for (text, want) in [
            ("see hunter2hunter2 there", "see *** there"),
            ("Basic bWU6aHVudGVyMmh1bnRlcjI=, x", "Basic bWU6***, x"),
            ("xtoken22 token22 %26token22", "xtoken22 *** %26***"),
            ("ftp://me:pass-word@host/x é", "ftp://me:***@host/x é"),
            (r"http:\/\/me:pass-word@host", r"http:\/\/me:***@host"),
            (
                "Expected signature base string: &abc def",
                "Expected signature base string: *** def",
            ),
        ] {
            let text = format!("{filler}{text} {filler}");
            let want = format!("{filler}{want} {filler}");
            assert_eq!(masks.apply(&text), want);
            for size in (1..40).chain([text.len()]) {
                assert_eq!(streamed(text.as_bytes(), &[size], &masks), want, "{size}");
            }
        }
    }

    #[test]
    fn a_url_without_an_end_is_left_out() {
        let masks = Masks::default();
        for (start, shown) in [("x://me:", "x://me:***"), ("x://me", "x://memememe")] {
            let url = start.to_owned() + &"me".repeat(40_000);
            let out = streamed(format!("{url}@host end").as_bytes(), &[1000], &masks);
            assert!(out.starts_with(shown) && out.ends_with(" end"), "{out}");
        }
    }

    #[test]
    fn what_is_cut_shows_no_start_of_a_secret() {
        let mut masks = Masks::default();
        masks.add("hunter2hunter2");
        let text = format!("{}hunter2hunter2", "- ".repeat(1000));
        for cut in 1..=14 {
            let out = masks.masked_cut(&text.as_bytes()[..2000 + cut]);
            let out = String::from_utf8(out).unwrap();
            assert!(!out.contains('h') && out.len() > 1000, "{out}");
        }
    }
}
