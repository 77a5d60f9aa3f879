//! What a program is pieced together from, and the variables in it in the place of secrets.
//!
//! [`Values`] looks at everything that was typed before it becomes a [`Piece`]. Must not know what
//! a request is, or any language.

use percent_encoding::percent_decode_str;

use crate::secret::{Masks, Secret, is_sensitive};

/// How the value of a variable is written where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// Percent-encoded.
    Url,
    /// As a JSON string, quotes included.
    Json,
}

/// A piece of an address, a header or a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text without NUL, which shells do not have.
    Text(String),
    /// Other bytes.
    Bytes(Vec<u8>),
    /// The contents of a file.
    File(String),
    /// Standard input, to its end.
    Stdin,
    /// The value of a variable of the environment.
    Variable(String, Form),
    /// What separates the parts of a multipart body; drawn when the program runs.
    Boundary,
}

/// A variable that the program reads besides the key.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name, which is fit for every language.
    pub name: String,
    /// The parameter, field or header that has the value, in words.
    pub what: String,
    /// What was typed: the same value of the same name is one variable.
    value: Secret,
}

/// Appends a piece; text joins the text before it.
pub fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    match piece {
        Piece::Text(text) => push_text(pieces, &text),
        piece => pieces.push(piece),
    }
}

/// Appends text.
pub fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(last)) => last.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

/// Replaces the secrets in what was typed with variables.
pub struct Values<'a> {
    masks: &'a Masks,
    /// The variables so far.
    pub variables: Vec<Variable>,
    /// Whether a text holds `***` in the place of a secret.
    pub is_masked: bool,
}

impl<'a> Values<'a> {
    /// Starts without variables.
    pub fn new(masks: &'a Masks) -> Self {
        Self {
            masks,
            variables: Vec::new(),
            is_masked: false,
        }
    }

    /// Returns whether a text holds a secret of the run.
    pub fn hides(&self, text: &str) -> bool {
        self.masks.apply(text) != text
    }

    /// Returns whether a value is not to be seen. That there is none is no secret.
    pub fn is_secret(&self, name: &str, value: &str) -> bool {
        !value.is_empty() && (is_sensitive(name, value) || self.hides(value))
    }

    /// Returns a text that can be no variable, with `***` where it holds a secret.
    pub fn plain(&mut self, text: &str) -> String {
        let masked = self.masks.apply(text);
        self.is_masked |= masked != text;
        masked.into_owned()
    }

    /// Returns a variable in the place of a value.
    pub fn variable(&mut self, name: &str, kind: &str, value: &str, form: Form) -> Piece {
        let clear_name = self.plain(name);
        // An element of a JSON text has no name.
        let base = if clear_name.is_empty() {
            "VALUE"
        } else {
            &clear_name
        };
        let base: String = base
            .chars()
            .map(|c| match c {
                c if c.is_ascii_alphanumeric() => c.to_ascii_uppercase(),
                _ => '_',
            })
            .collect();
        let base = format!("APICALL_SECRET_{base}");
        let mut name = base.clone();
        let mut number = 1;
        while let Some(known) = self.variables.iter().find(|v| v.name == name) {
            if known.value.expose() == value {
                return Piece::Variable(name, form);
            }
            number += 1;
            name = format!("{base}_{number}");
        }
        self.variables.push(Variable {
            name: name.clone(),
            what: format!("the {kind} `{}`", clear_name.escape_debug()),
            value: Secret::new(value),
        });
        Piece::Variable(name, form)
    }

    /// Appends encoded pairs of a query or a form.
    pub fn pairs(&mut self, pairs: &str, kind: &str, out: &mut Vec<Piece>) {
        for (at, pair) in pairs.split('&').enumerate() {
            if at > 0 {
                push_text(out, "&");
            }
            let decoded = |text: &str| {
                percent_decode_str(&text.replace('+', " "))
                    .decode_utf8_lossy()
                    .into_owned()
            };
            match pair.split_once('=') {
                Some((name, value)) => {
                    let (clear_name, clear) = (decoded(name), decoded(value));
                    push_text(out, &format!("{}=", self.plain(name)));
                    if self.is_secret(&clear_name, &clear) || self.hides(value) {
                        out.push(self.variable(&clear_name, kind, &clear, Form::Url));
                    } else {
                        push_text(out, value);
                    }
                }
                None => push_text(out, &self.plain(pair)),
            }
        }
    }
}

/// Whether a value is empty.
pub fn is_blank(value: &[Piece]) -> bool {
    value
        .iter()
        .all(|piece| matches!(piece, Piece::Text(text) if text.is_empty()))
}
