//! Names in certificates as text, RFC 4514.
//!
//! `x509-cert` can write them, too, with a database of all object identifiers; the loader would
//! adjust its thousands of pointers for each call, also where no certificate is looked at.

use std::fmt::Write as _;

use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::Tag;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Encode as _, Tagged as _};
use x509_cert::name::Name;

/// The short names of RFC 4514, section 3, and two that certificates often have besides.
const SHORT: [(&str, &str); 11] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.6", "C"),
    ("2.5.4.9", "STREET"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("2.5.4.5", "serialNumber"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
];

/// Returns the text of a name: the last part first, as the RFC has it.
#[must_use]
pub fn text(name: &Name) -> String {
    let mut text = String::new();
    for relative in name.iter_rdn().collect::<Vec<_>>().into_iter().rev() {
        let mut separator = if text.is_empty() { "" } else { "," };
        for part in relative.iter() {
            text.push_str(separator);
            separator = "+";
            push(part, &mut text);
        }
    }
    text
}

fn push(part: &AttributeTypeAndValue, text: &mut String) {
    let short = short(&part.oid);
    match short {
        Some(short) => text.push_str(short),
        None => text.push_str(&part.oid.to_string()),
    }
    text.push('=');
    let is_text = matches!(
        part.value.tag(),
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::TeletexString
    );
    match std::str::from_utf8(part.value.value()) {
        Ok(value) if is_text && short.is_some() => escape(value, text),
        _ => {
            text.push('#');
            for byte in part.value.to_der().unwrap_or_default() {
                // Writing to a text does not fail.
                let _ = write!(text, "{byte:02X}");
            }
        }
    }
}

fn short(oid: &ObjectIdentifier) -> Option<&'static str> {
    let oid = oid.to_string();
    let known = SHORT.iter().find(|(known, _)| *known == oid);
    known.map(|(_, short)| *short)
}

fn escape(value: &str, text: &mut String) {
    for (at, c) in value.char_indices() {
        let is_last = at + c.len_utf8() == value.len();
        let is_special = matches!(c, '"' | '+' | ',' | ';' | '<' | '>' | '\\')
            || (c == '#' && at == 0)
            || (c == ' ' && (at == 0 || is_last));
        if c.is_control() {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(text, "\\{byte:02x}");
            }
            continue;
        }
        if is_special {
            text.push('\\');
        }
        text.push(c);
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use super::*;

    #[test]
    fn names_as_the_rfc_has_them() {
        for name in [
            "CN=maas.example",
            "CN=Lab CA,O=Example\\, Inc.,C=DE",
            "CN=a+OU=b,DC=example,DC=net",
            "CN=\\#1 \\\"x\\\"\\+\\;\\<\\>\\\\",
            "CN=Zürich,L=Zürich",
            "UID=u,STREET=s,ST=t,L=l",
        ] {
            let parsed = Name::from_str(name).unwrap();
            assert_eq!(text(&parsed), name);
            assert_eq!(text(&parsed), parsed.to_string(), "as the library has it");
        }
        let name = Name::from_str("CN=a\\0ab").unwrap();
        assert_eq!(text(&name), "CN=a\\0ab");
        // An unknown kind of part, and a text in UTF-16: as the bytes of their encoding.
        let name = Name::from_str("1.2.3.4=#0C0161").unwrap();
        assert_eq!(text(&name), "1.2.3.4=#0C0161");
        let name = Name::from_str("CN=#1E040061006D").unwrap();
        assert_eq!(text(&name), "CN=#1E040061006D");
        assert_eq!(text(&Name::default()), "");
    }
}
