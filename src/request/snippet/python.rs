//! Writes a program for Python 3 with `urllib.request`.
//!
//! Standard library only; knows Python's quoting, not plans.

use crate::error::Failure;

use super::outline::{Outline, Signature, Tls};
use super::values::{Form, Piece};
use super::{Language, comments, grouped, is_ascii, quoted_in, refuse_pin, seconds};

/// Writes the program.
pub fn program(outline: &Outline<'_>) -> Result<String, Failure> {
    refuse_pin(outline, "urllib")?;
    let framed = outline.framed();
    let has_boundary = framed.has(|p| *p == Piece::Boundary);
    let is_maas = outline.signature == Signature::Maas;
    let is_quoting = is_maas || framed.has_form(Form::Url);

    let mut modules = vec!["shutil", "sys", "urllib.error", "urllib.request"];
    if outline.wanted().next().is_some() {
        modules.push("os");
    }
    if is_quoting {
        modules.push("urllib.parse");
    }
    if is_maas {
        modules.push("time");
    }
    if is_maas || has_boundary {
        modules.push("uuid");
    }
    if framed.has_form(Form::Json) {
        modules.push("json");
    }
    if framed.has(|p| matches!(p, Piece::File(_))) {
        modules.push("pathlib");
    }
    if is_special(&outline.tls) {
        modules.push("ssl");
    }
    modules.sort_unstable();

    let mut text = String::from("#!/usr/bin/env python3\n");
    text.push_str(&comments(outline, Language::Python, "#"));
    for module in modules {
        text.push_str(&format!("import {module}\n"));
    }
    if outline.wanted().next().is_some() {
        text.push_str(VARIABLE);
    }
    if outline.signature != Signature::None {
        text.push_str(KEY);
    }
    if is_quoting {
        text.push_str(QUOTE);
    }
    text.push_str(STAY);
    let is_bare = outline.without.contains(&"Content-Type");
    if is_bare {
        text.push_str(BARE);
    }
    text.push_str("\n\n");
    if has_boundary {
        text.push_str("boundary = \"apicall-\" + uuid.uuid4().hex\n");
    }
    match &outline.signature {
        Signature::None => {}
        Signature::Maas => text.push_str(MAAS),
        Signature::Macrometa(word) if word.is_empty() => {
            text.push_str("authorization = api_key()\n");
        }
        Signature::Macrometa(word) => text.push_str(&format!(
            "authorization = {} + api_key()\n",
            quoted(&format!("{word} "))
        )),
    }
    text.push_str(&format!(
        "request = urllib.request.Request(\n    {},\n    method={},\n    headers={{\n",
        string(&outline.url()),
        quoted(outline.method)
    ));
    if outline.signature != Signature::None {
        text.push_str("        \"Authorization\": authorization,\n");
    }
    for (name, values) in grouped(&framed.headers) {
        let value = joined(name, &values);
        text.push_str(&format!("        {}: {value},\n", quoted(name)));
    }
    text.push_str("    },\n");
    if let Some(body) = &framed.body {
        text.push_str(&format!("    data={},\n", bytes(body)));
    }
    text.push_str(")\n");
    let mut handlers = vec!["Stay".to_owned()];
    if is_bare {
        handlers.push("Bare".to_owned());
    }
    if is_special(&outline.tls) {
        text.push_str(&context(&outline.tls));
        handlers.push("urllib.request.HTTPSHandler(context=context)".to_owned());
    }
    text.push_str(&format!(
        "opener = urllib.request.build_opener({})\n",
        handlers.join(", ")
    ));
    if outline.without.contains(&"User-Agent") {
        text.push_str("opener.addheaders = []\n");
    }
    text.push_str(&send(outline));
    Ok(text)
}

const VARIABLE: &str = r#"

def variable(name):
    return os.environ.get(name) or sys.exit(f"{name} is not set")
"#;

const QUOTE: &str = r#"

def quote(text):
    return urllib.parse.quote(text, safe="")
"#;

const KEY: &str = r#"

def api_key():
    # A file that holds a key ends its line. What is no key is not shown.
    key = variable("APICALL_KEY").strip()
    if not key.isprintable() or " " in key:
        sys.exit("APICALL_KEY has a blank inside")
    return key
"#;

/// A redirect would take the key along.
const STAY: &str = r#"

class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the key is for this server alone."""

    def redirect_request(self, *arguments):
        return None
"#;

const BARE: &str = r#"

class Bare(urllib.request.BaseHandler):
    """Takes away the Content-Type that urllib adds."""

    handler_order = 900

    def http_request(self, request):
        request.remove_header("Content-type")
        return request

    https_request = http_request
"#;

const MAAS: &str = r#"key = api_key().split(":")
if len(key) != 3 or not all(key):
    sys.exit("APICALL_KEY is not consumer:token:secret")
consumer, token, secret = key
authorization = "OAuth " + ", ".join(
    f'{name}="{quote(value)}"'
    for name, value in [
        ("oauth_version", "1.0"),
        ("oauth_signature_method", "PLAINTEXT"),
        ("oauth_consumer_key", consumer),
        ("oauth_token", token),
        ("oauth_signature", "&" + quote(secret)),
        ("oauth_nonce", uuid.uuid4().hex),
        ("oauth_timestamp", str(int(time.time()))),
    ]
)
"#;

fn is_special(tls: &Tls) -> bool {
    tls.insecure || tls.ca_file.is_some() || tls.client.is_some()
}

fn context(tls: &Tls) -> String {
    let file = tls.ca_file.as_ref().filter(|_| !tls.insecure);
    let trusted = file.map(|file| format!("cafile={}", quoted(file)));
    let mut text = format!(
        "context = ssl.create_default_context({})\n",
        trusted.unwrap_or_default()
    );
    if tls.insecure {
        text.push_str("context.check_hostname = False\ncontext.verify_mode = ssl.CERT_NONE\n");
    }
    if let Some((cert, key)) = &tls.client {
        text.push_str(&format!(
            "context.load_cert_chain({}, {})\n",
            quoted(cert),
            quoted(key)
        ));
    }
    text
}

fn send(outline: &Outline<'_>) -> String {
    let mut text = String::from("try:\n");
    // urllib has a limit for each wait only; that of connecting would cut a server short that thinks.
    let limit = outline
        .timeout
        .map(|time| format!(", timeout={}", seconds(time)));
    text.push_str(&format!(
        "    response = opener.open(request{})\n",
        limit.unwrap_or_default()
    ));
    text.push_str(
        "except urllib.error.HTTPError as error:\n    response = error\nexcept OSError as error:\n    \
         sys.exit(str(error))\n",
    );
    if outline.prints_head() {
        text.push_str(
            "print(\"HTTP/1.1\", response.code, response.reason)\nprint(response.headers, end=\"\", \
             flush=True)\n",
        );
    }
    text.push_str(
        "shutil.copyfileobj(response, sys.stdout.buffer)\nif getattr(response, \"length\", None):\n    \
         sys.stdout.flush()\n    sys.exit(\"the response was cut short\")\nif response.code >= 300:\n    \
         sys.stdout.flush()\n    sys.exit(f\"{response.code} {response.reason}\")\n",
    );
    text
}

/// Returns the values of a header's name as one, as urllib has a name once.
fn joined(name: &str, values: &[&[Piece]]) -> String {
    let between = if name.eq_ignore_ascii_case("cookie") {
        "; "
    } else {
        ", "
    };
    let expressions: Vec<String> = values.iter().map(|value| string(value)).collect();
    let expression = expressions.join(&format!(" + {} + ", quoted(between)));
    if values.iter().all(|value| is_ascii(value)) {
        expression
    } else {
        // urllib would take text for Latin-1.
        format!("({expression}).encode()")
    }
}

/// Returns a text as a literal.
fn quoted(text: &str) -> String {
    quoted_in(text, '"', &['"', '\\'], |code| format!("\\u{code:04x}"))
}

/// Pieces as an expression of `str`.
fn string(pieces: &[Piece]) -> String {
    let expressions: Vec<String> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => quoted(text),
            Piece::Variable(name, Form::Plain) => format!("variable(\"{name}\")"),
            Piece::Variable(name, Form::Url) => format!("quote(variable(\"{name}\"))"),
            Piece::Variable(name, Form::Json) => {
                format!("json.dumps(variable(\"{name}\"), ensure_ascii=False)")
            }
            Piece::Boundary => "boundary".to_owned(),
            Piece::Bytes(_) | Piece::File(_) | Piece::Stdin => String::new(),
        })
        .collect();
    expressions.join(" + ")
}

/// Pieces as an expression of `bytes`.
fn bytes(pieces: &[Piece]) -> String {
    let is_text = |piece: &Piece| !matches!(piece, Piece::Bytes(_) | Piece::File(_) | Piece::Stdin);
    let expressions: Vec<String> = pieces
        .chunk_by(|a, b| is_text(a) && is_text(b))
        .map(|run| match &run[0] {
            Piece::Bytes(bytes) => literal(bytes),
            Piece::File(path) => format!("pathlib.Path({}).read_bytes()", quoted(path)),
            Piece::Stdin => "sys.stdin.buffer.read()".to_owned(),
            _ if run.len() == 1 => format!("{}.encode()", string(run)),
            _ => format!("({}).encode()", string(run)),
        })
        .collect();
    match &expressions[..] {
        [] => "b\"\"".to_owned(),
        [one] => one.clone(),
        several => format!(
            "b\"\".join([\n        {},\n    ])",
            several.join(",\n        ")
        ),
    }
}

fn literal(bytes: &[u8]) -> String {
    let text: String = bytes
        .iter()
        .map(|b| match b {
            b'"' | b'\\' => format!("\\{}", char::from(*b)),
            0x20..0x7f => char::from(*b).to_string(),
            b => format!("\\x{b:02x}"),
        })
        .collect();
    format!("b\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        for (text, want) in [
            ("it's \"q\" \\", r#""it's \"q\" \\""#),
            ("a\nb\r\t\u{1b}", r#""a\nb\r\t\u001b""#),
            ("{x} %s ü\u{202e}", r#""{x} %s ü\u202e""#),
        ] {
            assert_eq!(quoted(text), want);
        }
        assert_eq!(literal(b"\"\\a\0\xff"), r#"b"\"\\a\x00\xff""#);
    }
}
