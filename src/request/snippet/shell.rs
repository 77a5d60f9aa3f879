//! POSIX shell: quoting, and the functions that `curl` and `httpie` programs share.
//!
//! Nothing but what POSIX has, as dash is many a `/bin/sh`; besides it `date +%s` and
//! `/dev/urandom`, which every system has. Values of variables go to other programs through here
//! documents and the shell's own `printf`, which all of dash, bash, busybox and zsh have, so that
//! none is an argument of a process.

use super::outline::{Outline, Signature};
use super::values::{Form, Piece, push, push_text};
use super::{Language, comments, is_hidden};

/// Returns a text as one word.
pub fn quoted(text: &str) -> String {
    quoted_by(
        text,
        |text| format!("'{}'", text.replace('\'', "'\\''")),
        |bytes| format!("\"$(printf '{}')\"", octal(bytes)),
    )
}

/// Quotes a word for any shell, by how it quotes visible characters and escapes others.
pub fn quoted_by(
    text: &str,
    quote: impl Fn(&str) -> String,
    escape: impl Fn(&[u8]) -> String,
) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:@+,".contains(&b);
    if text.is_empty() || text.bytes().all(is_plain) {
        return if text.is_empty() { "''" } else { text }.to_owned();
    }
    // A line end can stand in quotes, and at the end of a substitution it would be lost.
    let is_escaped = |c: &char| is_hidden(*c) && *c != '\n';
    let chars: Vec<char> = text.chars().collect();
    chars
        .chunk_by(|a, b| is_escaped(a) == is_escaped(b))
        .map(|run| {
            let text: String = run.iter().collect();
            if is_escaped(&run[0]) {
                escape(text.as_bytes())
            } else {
                quote(&text)
            }
        })
        .collect()
}

/// Bytes as the format of `printf`.
fn octal(bytes: &[u8]) -> String {
    let escapes: Vec<String> = bytes.iter().map(|b| format!("\\{b:03o}")).collect();
    escapes.concat()
}

/// Bytes as the format of `printf`, in quotes; what can be read stays so.
fn format_of(bytes: &[u8]) -> String {
    let is_plain = |b: &u8| b.is_ascii_alphanumeric() || b" _.,:;/=+<>".contains(b);
    let text: String = bytes
        .iter()
        .map(|b| {
            if is_plain(b) {
                char::from(*b).to_string()
            } else {
                octal(&[*b])
            }
        })
        .collect();
    format!("'{text}'")
}

/// Returns the pieces with the quotes of JSON strings as text, which they join.
fn spread(pieces: &[Piece]) -> Vec<Piece> {
    let mut out = Vec::new();
    for piece in pieces {
        let quote = if matches!(piece, Piece::Variable(_, Form::Json)) {
            "\""
        } else {
            ""
        };
        push_text(&mut out, quote);
        push(&mut out, piece.clone());
        push_text(&mut out, quote);
    }
    out.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
    out
}

/// Writes text, variables and the boundary as one word; other pieces have none.
pub fn word(pieces: &[Piece]) -> String {
    word_by(pieces, quoted, |name, form| match form {
        Form::Plain => format!("\"${name}\""),
        Form::Url => format!("\"$(encode \"${name}\")\""),
        Form::Json => format!("\"$(escaped \"${name}\")\""),
    })
}

/// Writes pieces as one word for any shell, by how it quotes and names a variable.
pub fn word_by(
    pieces: &[Piece],
    quoted: impl Fn(&str) -> String,
    variable: impl Fn(&str, Form) -> String,
) -> String {
    let words: Vec<String> = spread(pieces)
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => quoted(text),
            Piece::Variable(name, form) => variable(name, *form),
            Piece::Boundary => "\"$boundary\"".to_owned(),
            Piece::Bytes(_) | Piece::File(_) | Piece::Stdin => String::new(),
        })
        .collect();
    if words.is_empty() {
        return "''".to_owned();
    }
    words.concat()
}

/// Commands that print the pieces; `word` writes words as the shell does, which may be fish.
pub fn printed(pieces: &[Piece], word: fn(&[Piece]) -> String) -> Vec<String> {
    let is_word = |piece: &Piece| !matches!(piece, Piece::Bytes(_) | Piece::File(_) | Piece::Stdin);
    pieces
        .chunk_by(|a, b| is_word(a) && is_word(b))
        .map(|run| match &run[0] {
            Piece::Bytes(bytes) => format!("printf {}", format_of(bytes)),
            Piece::File(path) => format!("cat <{}", word(&[Piece::Text(path.clone())])),
            Piece::Stdin => "cat".to_owned(),
            _ => format!("printf %s {}", word(run)),
        })
        .collect()
}

/// Returns the start of a pipe that pieces come down.
pub fn pipe(pieces: &[Piece]) -> String {
    let mut text = String::new();
    // A pipe would send what there is of a body whose file is missing.
    for path in files(pieces) {
        text.push_str(&readable(path));
    }
    let commands = printed(pieces, word);
    match &commands[..] {
        [one] => text.push_str(&format!("{one} | ")),
        several => text.push_str(&format!("{{\n    {}\n}} | ", several.join("\n    "))),
    }
    text
}

/// Ends the program where a file cannot be read.
pub fn readable(path: &str) -> String {
    format!(": <{}\n", quoted(path))
}

/// Returns the files among pieces.
pub fn files(pieces: &[Piece]) -> impl Iterator<Item = &str> {
    pieces.iter().filter_map(|piece| match piece {
        Piece::File(path) => Some(path.as_str()),
        _ => None,
    })
}

/// What a program needs of the functions here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Needs {
    /// `encode`, besides the signature and variables of the address and the body.
    pub encode: bool,
    /// `escaped`.
    pub escaped: bool,
    /// `$boundary`.
    pub boundary: bool,
}

/// Returns the start of a program: what it does, its variables, functions and signature. The
/// header's value is in `$authorization` afterwards.
pub fn start(outline: &Outline<'_>, language: Language, needs: Needs) -> String {
    let mut text = String::from("#!/bin/sh\n");
    text.push_str(&comments(outline, language, "#"));
    text.push_str("set -eu\n");
    for name in outline.wanted() {
        text.push_str(&format!(": \"${{{name}:?is not set}}\"\n"));
    }
    if outline.signature != Signature::None {
        text.push_str(KEY);
    }
    if needs.encode || outline.signature == Signature::Maas {
        text.push_str(&format!(
            "\nencode() {{\n    printf %s \"$1\" | {ENCODE}\n}}\n"
        ));
    }
    if needs.escaped {
        text.push_str(ESCAPED);
    }
    match &outline.signature {
        Signature::None => {}
        Signature::Maas => text.push_str(MAAS),
        Signature::Macrometa(word) if word.is_empty() => {
            text.push_str("\nauthorization=$APICALL_KEY\n");
        }
        Signature::Macrometa(word) => {
            text.push_str(&format!("\nauthorization=\"{word} $APICALL_KEY\"\n"));
        }
    }
    if needs.boundary {
        text.push_str(BOUNDARY);
    }
    text
}

/// A filter: everything but RFC 3986's unreserved characters becomes `%XX`. fish takes it, too.
pub const ENCODE: &str = r#"od -An -v -tx1 | LC_ALL=C awk '
        BEGIN {
            for (n = 33; n < 127; n++) {
                c = sprintf("%c", n)
                if (c ~ /[A-Za-z0-9._~-]/) plain[sprintf("%02x", n)] = c
            }
        }
        { for (i = 1; i <= NF; i++) printf "%s", (($i in plain) ? plain[$i] : "%" toupper($i)) }'"#;

/// What stands between quotes in JSON and in a config of curl.
const ESCAPED: &str = r#"
escaped() {
    printf '%s\n' "$1" | LC_ALL=C sed -e 's/[\\"]/\\&/g' -e "s/$(printf '\t')/\\\\t/g" \
        -e "s/$(printf '\r')/\\\\r/g" -e '$!s/$/\\n/' | tr -d '\n'
}
"#;

/// A file that holds a key ends its line.
const KEY: &str = r#"APICALL_KEY=$(printf %s "$APICALL_KEY" | tr -d '\r')
case $APICALL_KEY in
    *[[:space:]]*)
        echo 'APICALL_KEY has a blank inside' >&2
        exit 2
        ;;
esac
"#;

const MAAS: &str = r#"
case $APICALL_KEY in
    :* | *::* | *: | *:*:*:*) parts= ;;
    *:*:*) parts=3 ;;
    *) parts= ;;
esac
: "${parts:?: APICALL_KEY is not consumer:token:secret}"
IFS=: read -r consumer token secret <<END
$APICALL_KEY
END
nonce=$(od -An -v -N16 -tx1 /dev/urandom | tr -d ' \n')
authorization="OAuth oauth_version=\"1.0\", oauth_signature_method=\"PLAINTEXT\",\
 oauth_consumer_key=\"$(encode "$consumer")\", oauth_token=\"$(encode "$token")\",\
 oauth_signature=\"%26$(encode "$(encode "$secret")")\",\
 oauth_nonce=\"$nonce\", oauth_timestamp=\"$(date +%s)\""
"#;

const BOUNDARY: &str = "
boundary=apicall-$(od -An -v -N16 -tx1 /dev/urandom | tr -d ' \\n')
";

/// Arguments of a program, a line each, and what follows them.
pub fn command(program: &str, arguments: &[String]) -> String {
    let mut text = program.to_owned();
    for argument in arguments {
        text.push_str(" \\\n    ");
        text.push_str(argument);
    }
    text
}

/// Notes whether pieces need `encode`, or `escaped`.
pub fn needs_of(pieces: &[Piece], needs: &mut Needs) {
    for piece in pieces {
        match piece {
            Piece::Variable(_, Form::Url) => needs.encode = true,
            Piece::Variable(_, Form::Json) => needs.escaped = true,
            Piece::Boundary => needs.boundary = true,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (text, want) in [
            ("", "''"),
            ("a-b_c./:@+,1", "a-b_c./:@+,1"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("'\"$(x)", r#"''\''"$(x)'"#),
            ("$x `y` \\ !", r"'$x `y` \ !'"),
            ("a\nb\n", "'a\nb\n'"),
            ("a\u{1b}[31m", r#"'a'"$(printf '\033')"'[31m'"#),
            ("\t", r#""$(printf '\011')""#),
            ("\u{202e}x", r#""$(printf '\342\200\256')"'x'"#),
            ("~", "'~'"),
            ("-n", "-n"),
            ("ü", "'ü'"),
        ] {
            assert_eq!(quoted(text), want);
        }
    }

    #[test]
    fn pieces_are_one_word_or_several_commands() {
        let variable = |form| Piece::Variable("X".to_owned(), form);
        let text = |text: &str| Piece::Text(text.to_owned());
        let json = [text("{\"a\":"), variable(Form::Json), text("}")];
        assert_eq!(word(&json), r#"'{"a":"'"$(escaped "$X")"'"}'"#);
        assert_eq!(
            word(&[text("a="), variable(Form::Url)]),
            r#"'a='"$(encode "$X")""#
        );
        assert_eq!(word(&[]), "''");
        let pieces = [
            text("a"),
            variable(Form::Plain),
            Piece::File("-n".to_owned()),
            Piece::Bytes(b"-\0%\\'\xff".to_vec()),
            Piece::Stdin,
        ];
        let want = [
            "printf %s a\"$X\"",
            "cat <-n",
            r"printf '\055\000\045\134\047\377'",
            "cat",
        ];
        assert_eq!(printed(&pieces, word), want);
    }
}
