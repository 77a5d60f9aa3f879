//! Writes a program for Ruby with `net/http`.
//!
//! Standard library only; knows Ruby's quoting, not plans.

use crate::address::Scheme;
use crate::error::Failure;

use super::outline::{Framed, Outline, Signature};
use super::values::{Form, Piece};
use super::{Language, comments, grouped, quoted_in, refuse_pin, seconds};

/// Writes the program.
pub fn program(outline: &Outline<'_>) -> Result<String, Failure> {
    refuse_pin(outline, "net/http")?;
    let framed = outline.framed();
    let has_boundary = framed.has(|p| *p == Piece::Boundary);
    let is_maas = outline.signature == Signature::Maas;

    let mut text = String::from("#!/usr/bin/env ruby\n");
    text.push_str(&comments(outline, Language::Ruby, "#"));
    if framed.has_form(Form::Json) {
        text.push_str("require \"json\"\n");
    }
    text.push_str("require \"net/http\"\n");
    if is_maas || has_boundary {
        text.push_str("require \"securerandom\"\n");
    }
    if outline.timeout.is_some() {
        text.push_str("require \"timeout\"\n");
    }
    text.push('\n');
    if outline.wanted().next().is_some() {
        text.push_str(VARIABLE);
    }
    if outline.signature != Signature::None {
        text.push_str(KEY);
    }
    if is_maas || framed.has_form(Form::Url) {
        text.push_str(QUOTE);
    }
    if has_boundary {
        text.push_str("boundary = \"apicall-#{SecureRandom.hex}\"\n");
    }
    match &outline.signature {
        Signature::None => {}
        Signature::Maas => text.push_str(MAAS),
        Signature::Macrometa(word) if word.is_empty() => {
            text.push_str("authorization = api_key\n");
        }
        Signature::Macrometa(word) => text.push_str(&format!(
            "authorization = {} + api_key\n",
            quoted(&format!("{word} "))
        )),
    }
    text.push_str(&request(outline, &framed));
    text.push_str(&connection(outline));
    text.push_str(&send(outline));
    Ok(text)
}

const VARIABLE: &str = r##"def variable(name)
  value = ENV[name].to_s.dup.force_encoding("UTF-8")
  value.empty? ? abort("#{name} is not set") : value
end

"##;

const KEY: &str = r#"def api_key
  # A file that holds a key ends its line. What is no key is not shown.
  key = variable("APICALL_KEY").strip
  key.match?(/[ [:cntrl:]]/) ? abort("APICALL_KEY has a blank inside") : key
end

"#;

const QUOTE: &str = r#"def quote(text)
  text.b.gsub(/[^A-Za-z0-9\-._~]/n) { |byte| format("%%%02X", byte.ord) }
end

"#;

const MAAS: &str = r##"consumer, token, secret, more = api_key.split(":", -1)
abort "APICALL_KEY is not consumer:token:secret" if more || [consumer, token, secret].any? { |part| part.to_s.empty? }
authorization = "OAuth " + {
  "oauth_version" => "1.0",
  "oauth_signature_method" => "PLAINTEXT",
  "oauth_consumer_key" => consumer,
  "oauth_token" => token,
  "oauth_signature" => "&" + quote(secret),
  "oauth_nonce" => SecureRandom.hex,
  "oauth_timestamp" => Time.now.to_i.to_s
}.map { |name, value| %(#{name}="#{quote(value)}") }.join(", ")
"##;

fn request(outline: &Outline<'_>, framed: &Framed<'_>) -> String {
    // The class of any method: whether the request and the response have a body is said here.
    let mut text = format!(
        "request = Net::HTTPGenericRequest.new({}, {}, {}, {})\n",
        quoted(outline.method),
        framed.body.is_some(),
        outline.method != "HEAD",
        string(&outline.target)
    );
    for name in &outline.without {
        text.push_str(&match *name {
            "Content-Type" => "def request.supply_default_content_type; end\n".to_owned(),
            name => format!("request.delete({})\n", quoted(name)),
        });
    }
    if outline.signature != Signature::None {
        text.push_str("request[\"Authorization\"] = authorization\n");
    }
    for (name, values) in grouped(&framed.headers) {
        let name = quoted(name);
        for (at, value) in values.into_iter().map(string).enumerate() {
            text.push_str(&if at == 0 {
                format!("request[{name}] = {value}\n")
            } else {
                format!("request.add_field({name}, {value})\n")
            });
        }
    }
    if outline.sends_empty_body() {
        text.push_str("request[\"Content-Length\"] = \"0\"\n");
    }
    if let Some(body) = &framed.body {
        text.push_str(&format!("request.body = {}\n", bytes(body)));
    }
    text
}

fn connection(outline: &Outline<'_>) -> String {
    let origin = outline.origin;
    let host = origin.host.trim_start_matches('[').trim_end_matches(']');
    let mut text = format!(
        "http = Net::HTTP.new({}, {})\nhttp.max_retries = 0\n",
        quoted(host),
        origin.effective_port()
    );
    if origin.scheme == Scheme::Https {
        text.push_str("http.use_ssl = true\n");
    }
    let tls = &outline.tls;
    if tls.insecure {
        text.push_str("http.verify_mode = OpenSSL::SSL::VERIFY_NONE\n");
    } else if let Some(file) = &tls.ca_file {
        text.push_str(&format!("http.ca_file = {}\n", quoted(file)));
    }
    if let Some((cert, key)) = &tls.client {
        text.push_str(&format!(
            "http.cert = OpenSSL::X509::Certificate.new(File.binread({}))\n\
             http.key = OpenSSL::PKey.read(File.binread({}))\n",
            quoted(cert),
            quoted(key)
        ));
    }
    if let Some(time) = outline.connect_timeout {
        text.push_str(&format!("http.open_timeout = {}\n", seconds(time)));
    }
    // A server may think for minutes; net/http waits for one.
    text.push_str("http.read_timeout = 600\n");
    text
}

fn send(outline: &Outline<'_>) -> String {
    let (begin, end) = match outline.timeout {
        Some(time) => (
            format!("Timeout.timeout({}) do\n    ", seconds(time)),
            "\n  end",
        ),
        None => (String::new(), ""),
    };
    let call = if outline.prints_head() {
        "http.request(request) do |response|\n    \
         puts \"HTTP/#{response.http_version} #{response.code} #{response.message}\"\n    \
         response.each_capitalized { |name, value| puts \"#{name}: #{value}\" }\n    \
         puts\n    \
         response.read_body { |piece| $stdout.write(piece) }\n  end"
    } else {
        "http.request(request) do |response|\n    \
         response.read_body { |piece| $stdout.write(piece) }\n  end"
    };
    format!(
        "begin\n  $stdout.binmode\n  response = {begin}{call}{end}\nrescue StandardError => error\n  abort \
         error.message\nend\nabort \"#{{response.code}} #{{response.message}}\" unless \
         response.is_a?(Net::HTTPSuccess)\n"
    )
}

/// Returns a text as a literal; `#` would begin an interpolation.
fn quoted(text: &str) -> String {
    quoted_in(text, '"', &['"', '\\', '#'], |code| {
        format!("\\u{{{code:x}}}")
    })
}

fn expression(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => quoted(text),
        Piece::Variable(name, Form::Plain) => format!("variable(\"{name}\")"),
        Piece::Variable(name, Form::Url) => format!("quote(variable(\"{name}\"))"),
        Piece::Variable(name, Form::Json) => format!("JSON.generate(variable(\"{name}\"))"),
        Piece::Boundary => "boundary".to_owned(),
        Piece::File(path) => format!("File.binread({})", quoted(path)),
        Piece::Stdin => "$stdin.binmode.read".to_owned(),
        Piece::Bytes(bytes) => {
            let text: String = bytes
                .iter()
                .map(|b| match b {
                    b'"' | b'\\' | b'#' => format!("\\{}", char::from(*b)),
                    0x20..0x7f => char::from(*b).to_string(),
                    b => format!("\\x{b:02X}"),
                })
                .collect();
            format!("\"{text}\"")
        }
    }
}

fn string(pieces: &[Piece]) -> String {
    let expressions: Vec<String> = pieces.iter().map(expression).collect();
    expressions.join(" + ")
}

/// Pieces as an expression of bytes: texts of several encodings do not join.
fn bytes(pieces: &[Piece]) -> String {
    match pieces {
        [] => "\"\"".to_owned(),
        [one] => expression(one),
        several => {
            let expressions: Vec<String> = several
                .iter()
                .map(|piece| format!("{}.b", expression(piece)))
                .collect();
            format!("[\n  {}\n].join", expressions.join(",\n  "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        for (text, want) in [
            ("it's \"q\" \\", r#""it's \"q\" \\""#),
            ("#{x} #$x #@x", r#""\#{x} \#$x \#@x""#),
            ("a\nb\r\t\u{1b}ü\u{202e}", r#""a\nb\r\t\u{1b}ü\u{202e}""#),
        ] {
            assert_eq!(quoted(text), want);
        }
        let bytes = expression(&Piece::Bytes(b"#\"\\a\0\xff".to_vec()));
        assert_eq!(bytes, r#""\#\"\\a\x00\xFF""#);
    }
}
