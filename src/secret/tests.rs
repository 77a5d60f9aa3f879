//! What is masked, and what is left alone.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;

use super::*;

#[test]
fn a_secret_is_not_shown() {
    let s = Secret::new("hunter2");
    assert_eq!(format!("{s} {s:?}"), "*** ***");
}

#[test]
fn keys_and_parts_are_masked() {
    let mut masks = Masks::default();
    masks.add("consumer1:token22:secret33");
    for part in ["consumer1", "token22", "secret33", "id"] {
        masks.add_part(part);
    }
    assert_eq!(
        masks.apply("consumer1:token22:secret33 and secret33, id"),
        "*** and ***, id"
    );
    masks.add_part("a-long-part-of-a-key");
    for (text, want) in [
        ("token22s or my_token22", "token22s or my_token22"),
        ("&token22=%26secret33 \"token22\"", "&***=%26*** \"***\""),
        (r"\u0026secret33\ntoken22\", r"\u0026***\n***\"),
        ("xa-long-part-of-a-keyx", "x***x"),
        ("token22", "***"),
    ] {
        assert_eq!(masks.apply(text), want);
    }
}

#[test]
fn maas_prints_the_secret_and_it_is_masked() {
    let masks = Masks::default();
    for (text, want) in [
        (
            "Authorization Error: 'Invalid signature. Expected signature base string: &s3cr3t'",
            "Authorization Error: 'Invalid signature. Expected signature base string: ***'",
        ),
        (
            "Expected signature base string: %26s3cr3t",
            "Expected signature base string: ***",
        ),
    ] {
        assert_eq!(masks.apply(text), want);
    }
}

#[test]
fn values_that_hold_secrets() {
    for (name, value, want) in [
        ("password", "x", true),
        ("value", "http://u:pw@proxy:3128", true),
        ("value", "http://proxy:3128", false),
        ("power_parameters", r#"{"power_pass":"x"}"#, true),
        ("b", r#" [{"a":{"token":"x"}}]"#, true),
        ("b", r#"{"a":1}"#, false),
        ("b", "{", false),
    ] {
        assert_eq!(is_sensitive(name, value), want, "{name}={value}");
    }
}

#[test]
fn passwords_in_urls() {
    for (url, want) in [
        ("http://me:secret@proxy:3128", Some("secret")),
        ("socks5://me:se:c@ret@proxy/", Some("se:c@ret")),
        ("me:secret@proxy", Some("secret")),
        ("http://me:se/cret@proxy:3128", Some("se/cret")),
        ("http://me@proxy:3128", None),
        ("http://me:@proxy", None),
        ("http://proxy:3128/", None),
    ] {
        assert_eq!(url_password(url), want, "{url}");
    }
}

#[test]
fn passwords_in_urls_are_masked_anywhere() {
    let masks = Masks::default();
    for (text, want) in [
        (
            "at https://u:pw@h/x?y, `http://a:b@c`",
            "at https://u:***@h/x?y, `http://a:***@c`",
        ),
        ("http://h:80/a@b", "http://h:80/a@b"),
        ("https://user@h/", "https://user@h/"),
        ("no url: a:b@c", "no url: a:b@c"),
    ] {
        assert_eq!(masks.apply(text), want);
    }
}

#[test]
fn keys_are_distinguished_from_addresses_files_and_names() {
    for key in [
        "Kd83hTgRw2LmPq9ZxB:vN4cYs7HkW1fQjE6Ub:r8XbTq2mLw5ZcJ7kHd3VnP9sYf4GaU6e",
        "consumer:token:secret",
        "demo_example.com.k1.7rJq2ZcVx9WmBt4LdHs8KfYp3NgQe6UaXv5RzTj1CwMb8GkP",
    ] {
        assert!(looks_like_key(key), "{key}");
        assert_eq!(typed(&format!("x=@{key} y")), "x=@*** y");
        assert_eq!(
            typed(&format!("apicall: {key}: no file")),
            "apicall: ***: no file"
        );
    }
    for other in [
        "http://10.0.0.2:5240/MAAS",
        "10.0.0.2:5240",
        "52:54:00:aa:bb:cc",
        "12:30:59",
        "api-play.paas.macrometa.io",
        "/run/secrets/maas.key",
        "MAAS_KEY",
        "host.xn--vermgensberatung-pwb",
    ] {
        assert!(!looks_like_key(other), "{other}");
        assert_eq!(typed(other), other);
    }
}

#[test]
fn sensitive_names() {
    for name in [
        "password",
        "api_key",
        "apikey",
        "API-Key",
        "secret",
        "token_secret",
        "power_pass",
        "power_parameters_power_pass",
        "jwt",
        "clientSecret",
        "access_token",
        "X-Amz-Credential",
        "x.consumer-key!",
        "-P-W-D-",
        "mütoken",
        "ppassphrase",
    ] {
        assert!(is_sensitive_name(name), "{name}");
    }
    for name in [
        "", "-", "key", "_key", "name", "passive", "hostname", "sshkey", "compass", "passwor",
        "jwts",
    ] {
        assert!(!is_sensitive_name(name), "{name}");
    }
}

#[test]
fn very_short_secrets_are_words() {
    let mut masks = Masks::default();
    for secret in ["a", "pw", "cat"] {
        masks.add(secret);
    }
    masks.add("tree");
    masks.add("forest");
    assert_eq!(
        masks.apply("a cat in a tree, trees, forests, pw"),
        "a cat in a ***, trees, ***s, pw"
    );
}

#[test]
fn what_we_have_cut_ourselves_is_masked() {
    let mut masks = Masks::default();
    masks.add("consumer1:token22:secret33");
    for (text, want) in [
        ("x consumer1:token22:secret…", "x ***…"),
        ("x consumer1…: more", "x ***…: more"),
        ("x con…", "x con…"),
    ] {
        assert_eq!(masks.apply(text), want);
    }
}

/// Returns the forms in which servers give a text back.
fn forms(secret: &str, before: &str) -> Vec<String> {
    let percent = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let lower = |text: &str| {
        text.bytes().fold(String::new(), |all, b| match b {
            b if b.is_ascii_alphanumeric() => all + &char::from(b).to_string(),
            b => all + &format!("%{b:02x}"),
        })
    };
    let json = serde_json::to_string(secret).unwrap();
    let json = json[1..json.len() - 1].to_owned();
    let with = format!("{before}{secret}");
    vec![
        secret.to_owned(),
        json.replace('/', "\\/"),
        json.chars().fold(String::new(), |all, c| {
            all + &format!("\\u{:04x}", u32::from(c))
        }),
        json,
        percent(secret),
        lower(secret),
        percent(&percent(secret)),
        lower(&percent(secret)),
        secret.replace('&', "&amp;").replace('"', "&quot;"),
        STANDARD.encode(&with),
        URL_SAFE_NO_PAD.encode(&with),
        percent(&STANDARD.encode(format!("{with} and more"))),
    ]
}

/// Returns what must not be seen of a form: all of it, or, of base64, what only the secret decides.
fn needles(secret: &str) -> Vec<String> {
    let mut needles = forms(secret, "");
    needles.truncate(9);
    needles.push(STANDARD.encode(secret).trim_end_matches('=').to_owned());
    needles
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(300)
    })]

    #[test]
    fn no_form_of_a_secret_is_shown(
        secret in "[!-~]{12,40}",
        before in "[a-z]{0,4}",
        around in ("[ -~]{0,300}", "[ -~]{0,300}"),
        form in 0..12_usize,
        sizes in proptest::collection::vec(1..200_usize, 1..8),
    ) {
        let mut masks = Masks::default();
        masks.add(&secret);
        let form = &forms(&secret, &before)[form];
        let text = format!("{} {form} {}", around.0, around.1);
        let whole = masks.apply(&text).into_owned();
        let (mut stream, mut out) = (Stream::default(), Vec::new());
        let mut rest = text.as_bytes();
        for size in sizes.iter().cycle() {
            let (piece, after) = rest.split_at((*size).min(rest.len()));
            stream.feed(piece, &masks, &mut out);
            stream.flush(&masks, &mut out);
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        stream.finish(&masks, &mut out);
        let streamed = String::from_utf8(out).unwrap();
        prop_assert_eq!(&whole, &streamed);
        prop_assert!(whole.contains(MASK));
        for needle in needles(&secret) {
            prop_assert!(!whole.contains(&needle), "{} in {}", needle, whole);
        }
    }

    /// Nothing is touched that is no secret.
    #[test]
    fn other_text_stays(text in "[a-z0-9 %&;,./-]{0,200}") {
        let mut masks = Masks::default();
        masks.add("S3CR3T-KEY");
        prop_assert_eq!(masks.apply(&text), &*text);
    }
}
