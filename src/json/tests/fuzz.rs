//! Random and mutated texts against a slow reading of the same, for a while.
//!
//! `APICALL_FUZZ_SECONDS` says for how long (10 s where it says nothing), as
//! in `APICALL_FUZZ_SECONDS=3600 cargo test --release fuzz`. A failure prints
//! the case's seed; with that as `APICALL_FUZZ_SEED` the case comes first.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a fuzzer reads its settings and prints its seed"
)]

use std::panic::catch_unwind;
use std::time::{Duration, Instant, SystemTime};

use fastrand::Rng;

use super::*;

mod text;

#[test]
fn agrees_with_a_slow_reading() {
    let setting = |name| std::env::var(name).ok().map(|n| n.parse::<u64>().unwrap());
    let seconds = Duration::from_secs(setting("APICALL_FUZZ_SECONDS").unwrap_or(10));
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    let first = setting("APICALL_FUZZ_SEED").unwrap_or_else(|| u64::try_from(now).unwrap());
    println!("APICALL_FUZZ_SEED={first}");
    let started = Instant::now();
    let mut cases = 0;
    // At least one, so that a seed can be looked at in no time.
    while cases == 0 || started.elapsed() < seconds {
        let seed = first.wrapping_add(cases);
        let text = text::any(&mut Rng::with_seed(seed));
        let holds = |text: &[u8]| catch_unwind(|| check(text, seed)).is_ok();
        if !holds(&text) {
            let least = least(text, |text| !holds(text));
            println!(
                "APICALL_FUZZ_SEED={seed}, and less of it: {}",
                shown(&least)
            );
            check(&least, seed);
        }
        cases += 1;
    }
    println!("{cases} cases");
}

/// Checks all that must hold for a text.
fn check(text: &[u8], seed: u64) {
    let (pretty, fault) = print([text], PRETTY);
    assert_eq!(fault.is_none(), reference::accepts(text), "{fault:?}");
    if text.len() <= 32 {
        check_chunks(text);
    } else {
        check_some_chunks(text, &mut Rng::with_seed(seed));
    }
    match fault {
        None => check_accepted(text, &pretty),
        Some(fault) if text.len() < 1000 => check_refused(text, fault),
        Some(_) => {}
    }
}

/// Checks the output for a text that is JSON.
fn check_accepted(text: &[u8], pretty: &[u8]) {
    let mark = if text.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    let (compact, _) = print([text], COMPACT);
    let tokens = reference::tokens(text);
    for (out, is_pretty) in [(pretty, true), (&compact, false)] {
        assert_eq!(&out[..mark], &text[..mark]);
        let expected = reference::laid_out(&tokens, is_pretty);
        assert_eq!(shown(&out[mark..]), shown(&expected));
        assert_eq!(reference::tokens(out), tokens);
    }
    assert_eq!(print([pretty], COMPACT), (compact, None));

    // A color is no more than what stands around a token.
    let (colored, _) = print([text], SIMPLY_COLORED);
    let without: Vec<u8> = colored.into_iter().filter(|&b| b != 0 && b != 1).collect();
    assert_eq!(shown(&without), shown(pretty));

    // A string made visible means the same.
    let (visible, _) = print([text], VISIBLE);
    let seen = reference::tokens(&visible);
    assert_eq!(seen.len(), tokens.len());
    for (seen, token) in seen.into_iter().zip(tokens) {
        match serde_json::from_slice::<String>(token) {
            Ok(string) => assert_eq!(serde_json::from_slice::<String>(seen).unwrap(), string),
            // No string, or one with a surrogate that is alone.
            Err(_) => assert!(seen == token || token[0] == b'"'),
        }
    }
}

/// Checks the place of a fault: the text could go on before it and not after.
fn check_refused(text: &[u8], fault: Fault) {
    let good = usize::try_from(fault.offset).unwrap();
    assert!(reference::may_go_on(&text[..good]), "before {fault}");
    if good < text.len() {
        assert!(!reference::may_go_on(&text[..=good]), "after {fault}");
    }
}

/// Checks what [`check_chunks`] does, at a few splits.
fn check_some_chunks(text: &[u8], rng: &mut Rng) {
    for style in [PRETTY, COMPACT, VISIBLE, COLORED] {
        let whole = print([text], style);
        let most = 1 << rng.u32(0..16);
        let mut chunks = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(rng.usize(0..=most).min(rest.len()));
            chunks.push(chunk);
            rest = after;
        }
        assert!(print(chunks, style) == whole, "in chunks up to {most}");
        if let Some(fault) = whole.1
            && !style.visible
        {
            let good = usize::try_from(fault.offset).unwrap();
            assert!(whole.0.ends_with(&text[good..]), "all bytes come out");
            if style.palette.is_none() {
                let is_pretty = style.layout == Layout::Pretty;
                let expected = reference::laid_out_to(text, good, is_pretty);
                assert_eq!(shown(&whole.0), shown(&expected));
            }
        }
    }
}

/// Colors of one byte that no JSON text can have.
const SIMPLY_COLORED: Style = Style {
    palette: Some(Palette {
        key: "\0",
        string: "\0",
        number: "\0",
        literal: "\0",
        punctuation: "\0",
        reset: "\u{1}",
    }),
    ..PRETTY
};

/// Takes away what is not needed for a failure, in ever smaller pieces, for
/// some seconds.
fn least(mut text: Vec<u8>, fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let started = Instant::now();
    let mut size = text.len();
    while size > 0 {
        let mut at = 0;
        while at < text.len() && started.elapsed() < Duration::from_secs(20) {
            let mut less = text.clone();
            less.drain(at..(at + size).min(text.len()));
            if fails(&less) {
                text = less;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    text
}
