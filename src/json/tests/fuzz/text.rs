//! Makes texts that are JSON, nearly JSON, or anything.

use fastrand::Rng;

use super::grammar::REFUSED;

/// A response of a service, indented by four spaces.
const MACHINE: &str = include_str!("../../../../tests/sandbox/fixtures/machine.json");

/// What JSON is made of, whole and broken.
const PIECES: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\"a\"",
    b"\"a\":",
    b"{}",
    b"[]",
    b"[[",
    b"]]",
    b"\\",
    b"\\u",
    b"\\n",
    b"\\\"",
    b"\\\\",
    b"\\ud83d\\ude00",
    b"\\ud800",
    b"\\u00e9",
    b"0",
    b"00",
    b"-",
    b"-0",
    b"1",
    b"1.10",
    b"1600000000.5643985",
    b"1e400",
    b".",
    b"e",
    b"E",
    b"+",
    b"true",
    b"false",
    b"null",
    b"nul",
    b"f",
    b" ",
    b"\n",
    b"\t",
    b"\r",
    b"\n        ",
    b"\x0b",
    b"\x0c",
    b"\xef\xbb\xbf",
    b"\xc2\xa0",
    b"\xc3\xa9",
    b"\xe2\x80\xae",
    b"\xf0\x9f\x98\x80",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xe2\x82",
    b"\x80",
    b"\xff",
    b"\0",
    b"\x1b[31m",
    b"\x7f",
    b"\x9b",
    b"//",
    b"'",
    b"NaN",
    b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

/// Makes a text: JSON, nearly JSON, or anything.
pub(super) fn any(rng: &mut Rng) -> Vec<u8> {
    let mut text = Vec::new();
    match rng.u8(0..20) {
        0..8 => padded_value(rng, 4, &mut text),
        8..12 => (0..rng.usize(0..14)).for_each(|_| text.extend_from_slice(piece(rng))),
        12 => (0..rng.usize(0..40)).for_each(|_| text.push(rng.u8(..))),
        13..17 => text.extend_from_slice(one(rng, REFUSED).0),
        17 if rng.u8(0..4) == 0 => text.extend_from_slice(MACHINE.as_bytes()),
        17 => {
            let depth = rng.usize(..300);
            text = b"[{\"a\":".repeat(depth);
            text.push(b'0');
            text.extend_from_slice(&b"}]"[rng.usize(..2)..].repeat(depth));
        }
        // Larger than the blocks that the printer writes, with elements at any place in them.
        18 if rng.u8(0..20) == 0 => {
            let mut element = Vec::new();
            padded_value(rng, 2, &mut element);
            element.push(b',');
            text = b"[".to_vec();
            text.extend(element.repeat(rng.usize(1..200_000) / element.len()));
            text.extend_from_slice(b"0]");
        }
        _ => string(rng, &mut text),
    }
    if rng.bool() {
        for _ in 0..rng.usize(1..5) {
            mutate(rng, &mut text);
        }
    }
    text
}

fn one<'a, T>(rng: &mut Rng, all: &'a [T]) -> &'a T {
    &all[rng.usize(..all.len())]
}

fn piece(rng: &mut Rng) -> &'static [u8] {
    one::<&[u8]>(rng, PIECES)
}

/// Changes a text in one place.
fn mutate(rng: &mut Rng, text: &mut Vec<u8>) {
    let place = rng.usize(..=text.len());
    let length = rng.usize(..=(text.len() - place).min(9));
    match rng.u8(0..6) {
        0 => drop(text.splice(place..place, piece(rng).iter().copied())),
        1 => drop(text.splice(place..place + length, piece(rng).iter().copied())),
        2 => drop(text.drain(place..place + length)),
        3 => text.truncate(place),
        4 => {
            let copy = text[place..place + length].to_vec();
            let to = rng.usize(..=text.len());
            text.splice(to..to, copy);
        }
        _ => {
            if let Some(byte) = text.get_mut(place) {
                *byte = rng.u8(..);
            }
        }
    }
}

fn padded_value(rng: &mut Rng, depth: usize, out: &mut Vec<u8>) {
    blanks(rng, out);
    match rng.u8(0..10) {
        0..5 if depth > 0 => {
            let is_object = rng.bool();
            out.push(if is_object { b'{' } else { b'[' });
            for number in 0..rng.usize(0..5) {
                if number > 0 {
                    out.push(b',');
                }
                if is_object {
                    blanks(rng, out);
                    string(rng, out);
                    blanks(rng, out);
                    out.push(b':');
                }
                padded_value(rng, depth - 1, out);
            }
            blanks(rng, out);
            out.push(if is_object { b'}' } else { b']' });
        }
        0..7 => string(rng, out),
        7 => out.extend_from_slice(one::<&[u8]>(rng, &[b"true", b"false", b"null"])),
        _ => number(rng, out),
    }
    blanks(rng, out);
}

fn blanks(rng: &mut Rng, out: &mut Vec<u8>) {
    match rng.u8(0..12) {
        0 => (0..rng.usize(0..4)).for_each(|_| out.push(*one(rng, b" \n\r\t"))),
        1 => {
            out.push(b'\n');
            out.resize(out.len() + rng.usize(..40), b' ');
        }
        2 => out.push(b' '),
        _ => {}
    }
}

fn string(rng: &mut Rng, out: &mut Vec<u8>) {
    out.push(b'"');
    for _ in 0..rng.usize(0..4) {
        match rng.u8(0..8) {
            0 => out.extend_from_slice(&[b'\\', *one(rng, b"\"\\/bfnrt")]),
            1 => out.extend_from_slice(format!("\\u{:04x}", rng.u16(..)).as_bytes()),
            2..4 => (0..rng.usize(0..9))
                .for_each(|_| out.extend_from_slice(rng.char('\u{80}'..).to_string().as_bytes())),
            _ => {
                (0..rng.usize(0..50))
                    .for_each(|_| out.push(*one(rng, b"abcXYZ089 -_./:{}[],\x7f")));
            }
        }
    }
    out.push(b'"');
}

fn number(rng: &mut Rng, out: &mut Vec<u8>) {
    let digits = |rng: &mut Rng, out: &mut Vec<u8>| {
        (0..rng.usize(1..20)).for_each(|_| out.push(rng.u8(b'0'..=b'9')));
    };
    if rng.bool() {
        out.push(b'-');
    }
    if rng.bool() {
        out.push(b'0');
    } else {
        out.push(rng.u8(b'1'..=b'9'));
        digits(rng, out);
    }
    if rng.bool() {
        out.push(b'.');
        digits(rng, out);
    }
    if rng.u8(0..4) == 0 {
        out.extend_from_slice(one::<&[u8]>(rng, &[b"e", b"E", b"e+", b"E-"]));
        digits(rng, out);
    }
}
