//! What holds for any input, tried on random ones.

use proptest::prelude::*;

use super::*;

/// Makes JSON texts, with blanks anywhere and all kinds of token.
fn json_text() -> impl Strategy<Value = String> {
    let blank = || prop_oneof![4 => Just(""), 1 => "[ \n\r\t]{1,20}".prop_map(leak)];
    let string = prop_oneof![
        r"[a-z ]{0,12}",
        r"[ -!#-\[\]-~]{0,80}",
        r#"([a-z]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}|[\u{7f}-\u{a0}]|[^\pC"\\]|\u{202e}){0,60}"#,
    ]
    .prop_map(|text| format!("\"{text}\""));
    let key = string.clone();
    let scalar = prop_oneof![
        string,
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,4})?",
        "true|false|null",
    ];
    let value = scalar.prop_recursive(6, 60, 6, move |inner| {
        let padded = (blank(), inner, blank()).prop_map(|(a, text, b)| format!("{a}{text}{b}"));
        let member = (blank(), key.clone(), blank(), padded.clone())
            .prop_map(|(a, key, b, value)| format!("{a}{key}{b}:{value}"));
        prop_oneof![
            (blank(), prop::collection::vec(padded, 0..6))
                .prop_map(|(a, all)| format!("[{a}{}]", all.join(","))),
            (blank(), prop::collection::vec(member, 0..6))
                .prop_map(|(a, all)| format!("{{{a}{}}}", all.join(","))),
        ]
    });
    ("\u{feff}?", "[ \n]?", value, "[ \n]?").prop_map(|(a, b, text, c)| format!("{a}{b}{text}{c}"))
}

fn leak(text: String) -> &'static str {
    text.leak()
}

/// Changes a text in a few places.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let change = (
        any::<prop::sample::Index>(),
        0..3_u8,
        prop_oneof![
            any::<u8>(),
            prop::sample::select(
                &b" \n{}[],:\"\\u0123-+.eEtfn\0\x1b\x7f\x80\x9b\xbf\xc2\xe2\xef\xf0"[..]
            ),
        ],
    );
    (json_text(), prop::collection::vec(change, 0..4)).prop_map(|(text, changes)| {
        let mut text = text.into_bytes();
        for (place, what, byte) in changes {
            let place = place.index(text.len() + 1);
            match what {
                0 => text.insert(place, byte),
                _ if place == text.len() => {}
                1 => text[place] = byte,
                _ => drop(text.remove(place)),
            }
        }
        text
    })
}

/// Makes texts out of pieces of JSON.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(
        &[
            "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"a\":", "\\", "\\u", "\\n", "00", "0",
            "-", "1", ".", "e", "+", "true", "null", "f", " ", "\n", "\u{feff}", "\u{e9}", "\0",
        ][..],
    );
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #[test]
    fn prints_any_json_alike_in_any_chunks(text in json_text()) {
        prop_assert_eq!(print([text.as_bytes()], PRETTY).1, None);
        check_chunks(text.as_bytes());
    }

    #[test]
    fn prints_anything_alike_in_any_chunks(
        text in prop_oneof![mutated(), soup(), prop::collection::vec(any::<u8>(), 0..40)],
    ) {
        check_chunks(&text);
    }

    #[test]
    fn judges_as_serde_json_does(
        text in prop_oneof![
            mutated(),
            soup(),
            json_text().prop_map(String::into_bytes),
            prop::collection::vec(any::<u8>(), 0..20),
        ],
    ) {
        let (_, fault) = print([&text[..]], PRETTY);
        let expected = reference::accepts(&text);
        prop_assert_eq!(fault.is_none(), expected, "{}: {:?}", shown(&text), fault);
    }

    #[test]
    fn puts_a_fault_where_the_text_could_still_be_saved(text in prop_oneof![mutated(), soup()]) {
        // What stands before the offset is the start of some JSON text.
        if let (_, Some(fault)) = print([&text[..]], PRETTY) {
            let good = usize::try_from(fault.offset).unwrap();
            if let (_, Some(earlier)) = print([&text[..good]], PRETTY) {
                prop_assert_eq!(earlier.offset, fault.offset);
                prop_assert!(earlier.reason.starts_with("unexpected end"));
            }
        }
    }
}
