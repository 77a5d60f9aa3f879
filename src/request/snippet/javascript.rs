//! JavaScript for Node, with `node:http`.
//!
//! `fetch` would be shorter, but it can neither send a body with GET nor trust a file of
//! certificates, and it writes addresses anew (`'` becomes `%27`).

use crate::address::Scheme;
use crate::error::Failure;

use super::outline::{Header, Outline, Signature};
use super::values::{Form, Piece};
use super::{Language, comments, grouped, is_ascii, quoted_in, refuse_pin};

/// Writes the program.
pub fn program(outline: &Outline<'_>) -> Result<String, Failure> {
    refuse_pin(outline, "node:https")?;
    let framed = outline.framed();
    let body = framed.body.as_deref();
    let has_boundary = framed.has(|p| *p == Piece::Boundary);
    let is_maas = outline.signature == Signature::Maas;
    let tls = &outline.tls;
    let reads_files = framed.has(|p| matches!(p, Piece::File(_) | Piece::Stdin))
        || tls.ca_file.is_some()
        || tls.client.is_some();

    let mut text = String::from("#!/usr/bin/env node\n");
    text.push_str(&comments(outline, Language::Javascript, "//"));
    text.push_str("'use strict';\n");
    let module = match outline.origin.scheme {
        Scheme::Http => "http",
        Scheme::Https => "https",
    };
    text.push_str(&format!("const {module} = require('node:{module}');\n"));
    if is_maas || has_boundary {
        text.push_str("const { randomUUID } = require('node:crypto');\n");
    }
    if reads_files {
        text.push_str("const { readFileSync } = require('node:fs');\n");
    }
    text.push_str(FAIL);
    if outline.wanted().next().is_some() {
        text.push_str(VARIABLE);
    }
    if outline.signature != Signature::None {
        text.push_str(KEY);
    }
    if is_maas || framed.has_form(Form::Url) {
        text.push_str(QUOTE);
    }
    text.push('\n');
    if has_boundary {
        text.push_str("const boundary = `apicall-${randomUUID()}`;\n");
    }
    match &outline.signature {
        Signature::None => {}
        Signature::Maas => text.push_str(MAAS),
        Signature::Macrometa(word) if word.is_empty() => {
            text.push_str("const authorization = apiKey();\n");
        }
        Signature::Macrometa(word) => {
            text.push_str(&format!("const authorization = `{word} ${{apiKey()}}`;\n"));
        }
    }
    if let Some(body) = body {
        text.push_str(&format!("const body = {};\n", bytes(body)));
    }
    text.push_str(&format!("const call = {module}.request({{\n"));
    text.push_str(&options(outline, body.is_some(), &framed.headers));
    text.push_str("}, (response) => {\n");
    if outline.prints_head() {
        text.push_str(HEAD);
    }
    text.push_str(ANSWER);
    text.push_str(if body.is_some() {
        "call.end(body);\n"
    } else {
        "call.end();\n"
    });
    Ok(text)
}

const FAIL: &str = r"
function fail(error) {
  console.error(error.message || error.code);
  process.exit(1);
}
";

const VARIABLE: &str = r"
function variable(name) {
  return process.env[name] || fail({ message: `${name} is not set` });
}
";

const QUOTE: &str = r"
function quote(text) {
  const escape = (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, escape);
}
";

const KEY: &str = r"
// A file that holds a key ends its line. What is no key is not shown.
const apiKey = () => {
  const key = variable('APICALL_KEY').trim();
  return /[\s\x00-\x1f]/.test(key) ? fail({ message: 'APICALL_KEY has a blank inside' }) : key;
};
";

const MAAS: &str = r#"const key = apiKey().split(':');
if (key.length !== 3 || key.includes('')) fail({ message: 'APICALL_KEY is not consumer:token:secret' });
const [consumer, token, secret] = key;
const authorization = 'OAuth ' + Object.entries({
  oauth_version: '1.0',
  oauth_signature_method: 'PLAINTEXT',
  oauth_consumer_key: consumer,
  oauth_token: token,
  oauth_signature: '&' + quote(secret),
  oauth_nonce: randomUUID(),
  oauth_timestamp: Math.floor(Date.now() / 1000),
}).map(([name, value]) => `${name}="${quote(value)}"`).join(', ');
"#;

const HEAD: &str = r"  console.log(`HTTP/${response.httpVersion} ${response.statusCode} ${response.statusMessage}`);
  for (let i = 0; i < response.rawHeaders.length; i += 2) {
    console.log(`${response.rawHeaders[i]}: ${response.rawHeaders[i + 1]}`);
  }
  console.log();
";

const ANSWER: &str = r"  response.on('error', fail);
  response.pipe(process.stdout);
  if (response.statusCode >= 300) {
    console.error(`${response.statusCode} ${response.statusMessage}`);
    process.exitCode = 1;
  }
});
call.on('error', fail);
";

fn options(outline: &Outline<'_>, has_body: bool, headers: &[Header]) -> String {
    let origin = outline.origin;
    let host = origin.host.trim_start_matches('[').trim_end_matches(']');
    let mut text = format!(
        "  host: {},\n  port: {},\n  method: {},\n  path: {},\n",
        quoted(host),
        origin.effective_port(),
        quoted(outline.method),
        string(&outline.target)
    );
    let tls = &outline.tls;
    if tls.insecure {
        text.push_str("  rejectUnauthorized: false,\n");
    } else if let Some(file) = &tls.ca_file {
        text.push_str(&format!("  ca: readFileSync({}),\n", quoted(file)));
    }
    if let Some((cert, key)) = &tls.client {
        text.push_str(&format!(
            "  cert: readFileSync({}),\n  key: readFileSync({}),\n",
            quoted(cert),
            quoted(key)
        ));
    }
    if let Some(time) = outline.timeout {
        text.push_str(&format!(
            "  signal: AbortSignal.timeout({}),\n",
            time.as_millis()
        ));
    }
    text.push_str("  headers: {\n");
    if outline.signature != Signature::None {
        text.push_str("    Authorization: authorization,\n");
    }
    for (name, values) in grouped(headers) {
        let values: Vec<String> = values.into_iter().map(value).collect();
        let value = match &values[..] {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        text.push_str(&format!("    {}: {value},\n", quoted(name)));
    }
    if has_body {
        text.push_str("    'Content-Length': body.length,\n");
    } else if outline.sends_empty_body() {
        text.push_str("    'Content-Length': 0,\n");
    }
    text.push_str("  },\n");
    text
}

/// Returns a header's value. Node takes characters of Latin-1 for bytes.
fn value(pieces: &[Piece]) -> String {
    if is_ascii(pieces) {
        string(pieces)
    } else {
        format!("Buffer.from({}).toString('latin1')", string(pieces))
    }
}

/// Returns a text as a literal.
fn quoted(text: &str) -> String {
    quoted_in(text, '\'', &['\'', '\\'], |code| format!("\\u{{{code:x}}}"))
}

/// Pieces as an expression of a string.
fn string(pieces: &[Piece]) -> String {
    let expressions: Vec<String> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => quoted(text),
            Piece::Variable(name, Form::Plain) => format!("variable('{name}')"),
            Piece::Variable(name, Form::Url) => format!("quote(variable('{name}'))"),
            Piece::Variable(name, Form::Json) => format!("JSON.stringify(variable('{name}'))"),
            Piece::Boundary => "boundary".to_owned(),
            Piece::Bytes(_) | Piece::File(_) | Piece::Stdin => String::new(),
        })
        .collect();
    expressions.join(" + ")
}

/// Pieces as an expression of a `Buffer`.
fn bytes(pieces: &[Piece]) -> String {
    let is_text = |piece: &Piece| !matches!(piece, Piece::Bytes(_) | Piece::File(_) | Piece::Stdin);
    let expressions: Vec<String> = pieces
        .chunk_by(|a, b| is_text(a) && is_text(b))
        .map(|run| match &run[0] {
            Piece::Bytes(bytes) => {
                let text: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
                format!("Buffer.from('{}', 'hex')", text.concat())
            }
            Piece::File(path) => format!("readFileSync({})", quoted(path)),
            Piece::Stdin => "readFileSync(0)".to_owned(),
            _ => format!("Buffer.from({})", string(run)),
        })
        .collect();
    match &expressions[..] {
        [] => "Buffer.alloc(0)".to_owned(),
        [one] => one.clone(),
        several => format!("Buffer.concat([\n  {},\n])", several.join(",\n  ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        for (text, want) in [
            ("it's \"q\" \\", r#"'it\'s "q" \\'"#),
            ("${x} `y` </script>", "'${x} `y` </script>'"),
            ("a\nb\r\t\u{1b}ü\u{2028}", r"'a\nb\r\t\u{1b}ü\u{2028}'"),
        ] {
            assert_eq!(quoted(text), want);
        }
    }
}
