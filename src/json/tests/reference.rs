//! A slow reading of JSON that shares nothing with the lexer: `serde_json`
//! judges, and what it accepts is cut into tokens in the simplest way.

use serde::de::IgnoredAny;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// Returns whether the lexer should take a text to be complete.
///
/// `serde_json` has no limit of depth or size where it ignores what it reads,
/// and takes surrogates that are alone; it differs in three ways.
pub(super) fn accepts(text: &[u8]) -> bool {
    // It knows no byte order mark,
    let text = text.strip_prefix(MARK).unwrap_or(text);
    // takes the lack of a text for a fault,
    text.iter().all(|byte| b" \n\r\t".contains(byte))
        // and does not look at the UTF-8 of strings that it ignores.
        || str::from_utf8(text).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
}

/// Returns whether some text that begins like this is accepted, by trying all
/// that can complete a token and a member.
pub(super) fn may_go_on(text: &[u8]) -> bool {
    const TOKENS: [&str; 18] = [
        "", "0", "\"", "0\"", "00\"", "000\"", "0000\"", "n\"", "rue", "ue", "e", "alse", "lse",
        "se", "ull", "ll", "l", "\"\"",
    ];
    if MARK.starts_with(text) {
        return true;
    }
    let mut text = text.to_vec();
    if let Err(error) = str::from_utf8(&text) {
        if error.error_len().is_some() {
            return false;
        }
        // The start of some character: it matters only whether one may stand there.
        text.truncate(error.valid_up_to());
        text.extend_from_slice("\u{10ffff}".as_bytes());
    }
    let closing = closing(&text);
    TOKENS.iter().any(|token| {
        ["", ":0"].iter().any(|value| {
            let whole = [&text, token.as_bytes(), value.as_bytes(), &closing].concat();
            accepts(&whole)
        })
    })
}

/// Returns what closes all that is open.
fn closing(text: &[u8]) -> Vec<u8> {
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => at += string_length(&text[at..]),
            b'[' => open.push(b']'),
            b'{' => open.push(b'}'),
            b']' | b'}' => drop(open.pop()),
            _ => {}
        }
    }
    open.reverse();
    open
}

/// Returns the length of a string after its opening quote, closing quote included.
fn string_length(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => break,
            b'\\' => at += 1,
            _ => {}
        }
    }
    at.min(text.len())
}

/// Cuts a text that is accepted into tokens; a mark is none.
pub(super) fn tokens(text: &[u8]) -> Vec<&[u8]> {
    let mut tokens = Vec::new();
    let mut rest = text.strip_prefix(MARK).unwrap_or(text);
    loop {
        rest = rest.trim_ascii_start();
        let length = match rest.first() {
            None => return tokens,
            Some(b'"') => 1 + string_length(&rest[1..]),
            Some(b'{' | b'}' | b'[' | b']' | b':' | b',') => 1,
            Some(_) => rest
                .iter()
                .position(|byte| b"{}[]:,\" \n\r\t".contains(byte))
                .unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after;
    }
}

/// Prints a text as the printer should where it is not JSON from `good` on: what is before laid
/// out, then the blanks that nothing stands for, then the rest as it is.
pub(super) fn laid_out_to(text: &[u8], good: usize, pretty: bool) -> Vec<u8> {
    let (before, rest) = text.split_at(good);
    let mark = usize::from(before.starts_with(MARK)) * MARK.len();
    let mark = mark.max(if MARK.starts_with(before) { good } else { 0 });
    let tokens = tokens(&before[mark..]);
    let blanks = &before[before.trim_ascii_end().len()..];
    let mut out = laid_out(&tokens, pretty);
    let last = tokens.last().copied().unwrap_or_default();
    // A digit behind a zero is a fault of the number, which has not ended.
    let is_number = matches!(last, b"0" | b"-0") && rest.first().is_some_and(u8::is_ascii_digit);
    let is_done = !last.is_empty() && accepts(before) && !(is_number && blanks.is_empty());
    if !is_done && !tokens.is_empty() {
        assert_eq!(out.pop(), Some(b'\n'), "the end of a line");
    }
    let is_string = last.starts_with(b"\"") && !accepts(last);
    let laid = pretty && matches!(last, b"," | b":");
    if matches!(last, b"[" | b"{") {
        // What begins a line has not come.
        out.truncate(out.trim_ascii_end().len());
    }
    let blanks = if is_done || is_string || laid {
        &[][..]
    } else {
        blanks
    };
    [&text[..mark], &out, blanks, rest].concat()
}

/// Lays tokens out as the printer should, without colors.
pub(super) fn laid_out(tokens: &[&[u8]], pretty: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut depth = 0;
    let line = |out: &mut Vec<u8>, depth: usize| {
        if pretty {
            out.push(b'\n');
            out.resize(out.len() + 2 * depth, b' ');
        }
    };
    for (place, &token) in tokens.iter().enumerate() {
        match token {
            b"[" | b"{" => {
                out.extend_from_slice(token);
                depth += 1;
                if !matches!(tokens.get(place + 1), Some(&(b"]" | b"}"))) {
                    line(&mut out, depth);
                }
            }
            b"]" | b"}" => {
                depth -= 1;
                if !out.ends_with(b"[") && !out.ends_with(b"{") {
                    line(&mut out, depth);
                }
                out.extend_from_slice(token);
            }
            b"," => {
                out.push(b',');
                line(&mut out, depth);
            }
            b":" => out.extend_from_slice(if pretty { b": " } else { b":" }),
            _ => out.extend_from_slice(token),
        }
    }
    if !tokens.is_empty() {
        out.push(b'\n');
    }
    out
}
