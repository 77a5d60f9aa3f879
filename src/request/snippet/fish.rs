//! Writes a program for fish with curl.
//!
//! fish has no here documents: the config comes down a pipe, and a body from standard input on the
//! descriptor 3.

use crate::error::Failure;

use super::curl::Curl;
use super::outline::{Outline, Signature};
use super::shell::{self, Needs};
use super::values::{Form, Piece};
use super::{Language, comments};

/// Returns a text as one word. Between single quotes only `\` and `'` mean something.
fn quoted(text: &str) -> String {
    let escaped = |bytes: &[u8]| {
        let escapes: Vec<String> = bytes.iter().map(|b| format!("\\X{b:02x}")).collect();
        escapes.concat()
    };
    let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    shell::quoted_by(text, quoted, escaped)
}

/// Writes text, variables and the boundary as one word.
fn word(pieces: &[Piece]) -> String {
    shell::word_by(pieces, quoted, |name, form| match form {
        Form::Plain => format!("\"${name}\""),
        Form::Url => format!("(encode \"${name}\")"),
        Form::Json => format!("(escaped \"${name}\")"),
    })
}

/// What stands between quotes in JSON and in a config of curl.
const ESCAPED: &str = r#"
function escaped
    string replace --all --regex '[\\\\"]' '\\\\$0' -- $argv[1] | string replace --all \t '\\t' |
        string replace --all \r '\\r' | string join '\\n'
end
"#;

/// A file that holds a key ends its line.
const KEY: &str = r"set APICALL_KEY (string trim -- $APICALL_KEY | string collect)
if string match --quiet --regex '\s' -- $APICALL_KEY
    echo 'APICALL_KEY has a blank inside' >&2
    exit 2
end
";

const MAAS: &str = r#"
set parts (string split : -- $APICALL_KEY)
if test (count $parts) -ne 3; or contains -- '' $parts
    echo 'APICALL_KEY is not consumer:token:secret' >&2
    exit 2
end
set nonce (od -An -v -N16 -tx1 /dev/urandom | string join '' | string replace --all ' ' '')
set authorization 'OAuth oauth_version="1.0", oauth_signature_method="PLAINTEXT",'\
' oauth_consumer_key="'(encode $parts[1])'", oauth_token="'(encode $parts[2])'",'\
' oauth_signature="%26'(encode (encode $parts[3]))'",'\
' oauth_nonce="'$nonce'", oauth_timestamp="'(date +%s)'"'
"#;

/// Writes the program.
pub fn program(outline: &Outline<'_>) -> Result<String, Failure> {
    let curl = Curl::new(outline, word, "/dev/fd/3")?;
    let is_signed = outline.signature != Signature::None;
    let has_config = is_signed || !curl.config.is_empty();
    let mut needs = Needs {
        escaped: has_config,
        ..Needs::default()
    };
    for (_, value) in &curl.config {
        shell::needs_of(value, &mut needs);
    }
    let piped = curl.piped.as_deref().unwrap_or_default();
    shell::needs_of(piped, &mut needs);
    let mut text = start(outline, needs);
    text.push('\n');
    for path in shell::files(piped).chain(curl.file.as_deref()) {
        text.push_str(&format!(
            "test -r {0}; or begin\n    printf '%s cannot be read\\n' {0} >&2\n    exit 1\nend\n",
            quoted(path)
        ));
    }
    if !piped.is_empty() {
        text.push_str("function body\n");
        let commands = shell::printed(piped, word);
        // What a builtin writes into a pipe may come before what a program wrote earlier (seen with
        // fish 3.6), so beside files, texts are written by a program, too.
        let is_mixed = commands.iter().any(|command| !is_builtin(command));
        for command in &commands {
            let through = if is_mixed && is_builtin(command) {
                " | cat"
            } else {
                ""
            };
            text.push_str(&format!("    {command}{through}\n"));
        }
        text.push_str("end\n");
    }
    let mut arguments = curl.arguments;
    if has_config {
        text.push_str("function config\n");
        if is_signed {
            text.push_str(
                "    printf 'header = \"%s\"\\n' (escaped \"Authorization: $authorization\")\n",
            );
        }
        for (option, value) in &curl.config {
            text.push_str(&format!(
                "    printf '{option} = \"%s\"\\n' (escaped {})\n",
                word(value)
            ));
        }
        text.push_str("end\n");
        arguments.push("--config -".to_owned());
    }
    let pipe = if has_config { "config | " } else { "" };
    let call = format!("{pipe}{}", shell::command("curl", &arguments));
    if curl.reads_stdin {
        // Only a block inside of another one finds the pipe on its standard input.
        text.push_str(&format!("function send\nbegin\n{call}\nend 3<&0\nend\n"));
        text.push_str(if piped.is_empty() {
            "send\n"
        } else {
            "body | send\n"
        });
    } else {
        text.push_str(&format!("{call}\n"));
    }
    Ok(text)
}

/// Whether fish runs a command of a body by itself.
fn is_builtin(command: &str) -> bool {
    command.starts_with("printf")
}

fn start(outline: &Outline<'_>, needs: Needs) -> String {
    let mut text = String::from("#!/usr/bin/env fish\n");
    text.push_str(&comments(outline, Language::Fish, "#"));
    let wanted: Vec<&str> = outline.wanted().collect();
    if !wanted.is_empty() {
        text.push_str(&format!(
            "for name in {}\n    if test -z \"$$name\"\n        echo \"$name is not set\" >&2\n        \
             exit 2\n    end\nend\n",
            wanted.join(" ")
        ));
    }
    if outline.signature != Signature::None {
        text.push_str(KEY);
    }
    if needs.encode || outline.signature == Signature::Maas {
        text.push_str(&format!(
            "\nfunction encode\n    printf %s $argv[1] | {}\nend\n",
            shell::ENCODE
        ));
    }
    if needs.escaped {
        text.push_str(ESCAPED);
    }
    match &outline.signature {
        Signature::None => {}
        Signature::Maas => text.push_str(MAAS),
        Signature::Macrometa(word) if word.is_empty() => {
            text.push_str("\nset authorization $APICALL_KEY\n");
        }
        Signature::Macrometa(word) => {
            text.push_str(&format!("\nset authorization \"{word} $APICALL_KEY\"\n"));
        }
    }
    if needs.boundary {
        text.push_str(
            "\nset boundary apicall-(od -An -v -N16 -tx1 /dev/urandom | string join '' | \
             string replace --all ' ' '')\n",
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (text, want) in [
            ("", "''"),
            ("a-b", "a-b"),
            ("it's \\ $x (y) \"z\"", r#"'it\'s \\ $x (y) "z"'"#),
            ("a\u{1b}b\n", "'a'\\X1b'b\n'"),
            ("\u{202e}", r"\Xe2\X80\Xae"),
        ] {
            assert_eq!(quoted(text), want);
        }
    }
}
